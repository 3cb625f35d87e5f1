"""Runs: data, presets, metrics, evaluation by another route, the recorded effect."""

import re

import numpy as np
import pytest

from lessons.autoencoders.hierarchical_vae import (
    config,
    data,
    evaluation,
    experiment,
    theory,
)
from lessons.autoencoders.hierarchical_vae.model_dense import DenseChain
from lessons.autoencoders.hierarchical_vae.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]
SMALL = SMOKE.replace(num_train=40, num_eval_images=10)
NOTEBOOK = "notebooks/autoencoders/hierarchical_vae.py"


@pytest.fixture(scope="module")
def trained():
    split = data.load(config.PRESETS["laptop"])
    settings = config.PRESETS["laptop"].replace(epochs=6, hidden=32)
    found = experiment.train(settings, VARIANTS["free_bits"], split.train_images)
    return found.model, split.test_images


def test_a_run_without_a_chain_says_so():
    report = experiment.run(SMALL.replace(variants=("single",)))
    assert "single/kl_1" in report.metrics and "single/kl_2" not in report.metrics
    assert len(report.history["single/val_bound"]) == SMALL.epochs
    assert set(report.figures) == {"bounds", "completions", "frozen"}


def test_the_main_model_is_the_one_that_uses_most_layers():
    for variants, main in (
        (("plain", "free_bits", "ladder"), "free_bits"),
        (("plain", "warm_up"), "warm_up"),
        (("single", "top"), "top"),
    ):
        assert experiment.main_variant(variants) == main


def test_another_seed_draws_other_noise(trained):
    model, test = trained
    few = test[:20]
    found = [evaluation.evaluate(model, few, few, 2, seed) for seed in (0, 1)]
    assert found[0]["bound"] != found[1]["bound"]
    assert found[0]["frozen_1"] != found[1]["frozen_1"]


def test_other_settings_run():
    changes = {
        "family": "conv",
        "source": "photos",
        "output": "categorical",
        "precision": "mixed_bfloat16",
        "variants": ("deterministic",),
    }
    found = experiment.run(SMALL.replace(epochs=1, **changes))
    assert all(np.isfinite(value) for value in found.metrics.values())
    assert "deterministic/kl_1" not in found.metrics
    assert set(found.figures) == {"bounds", "completions"}


def test_presets_build_what_they_say():
    for name in ("laptop_photos", "laptop_glyphs"):
        preset = config.PRESETS[name]
        images = data.load(preset.replace(num_train=2)).train_images
        assert images.shape[1:] == data.image_shape(preset)
        model = experiment.build_model(preset, VARIANTS["plain"], images.shape[1:])
        assert [shape[0] for shape in model.latent_shapes] == list(preset.latents)
    conv = experiment.build_model(
        config.PRESETS["laptop_conv"], VARIANTS["plain"], (8, 8, 1)
    )
    assert conv.latent_shapes == [(4, 4, 8), (2, 2, 16), (2, 2, 32), (32,)]


def test_evaluation_agrees_with_the_loss_of_training(trained):
    model, test = trained
    scores = evaluation.evaluate(model, test, test, 20)
    noise = [
        np.random.default_rng(9).standard_normal((4000, *shape), dtype=np.float32)
        for shape in model.latent_shapes
    ]
    images = np.resize(test, (4000, *test.shape[1:]))
    found = model(images, noise=noise)
    kls = theory.layer_kls(found.posteriors, found.priors)
    log_px = model.log_likelihood(images, found.output)
    bound = np.asarray(theory.hierarchical_bound(log_px, kls))
    error = 4 * bound.std() / len(bound) ** 0.5
    assert abs(bound.mean() - scores["bound"]) < error
    for layer, kl in enumerate(kls, start=1):
        assert scores[f"kl_{layer}"] == pytest.approx(np.mean(kl), rel=0.05, abs=0.01)
    assert scores["kl_upper"] == pytest.approx(scores["kl_2"] + scores["kl_3"])


def test_more_importance_samples_give_a_larger_bound(trained):
    model, test = trained
    chain = evaluation.bound_chain(model, test, (1, 10, 100))
    for low, high in ((0, 1), (1, 2)):
        gain = chain[high] - chain[low]
        assert gain.mean() > 3 * gain.std() / len(gain) ** 0.5


def test_evaluation_of_a_linear_chain_is_the_closed_form():
    # Posterior means and deviations set to a known Gaussian, the decoder ignores z.
    model = DenseChain((8, 8, 1), (3,), 5, pixel_scale=0.5)
    raw = np.zeros(6, "float32")
    raw[:3], raw[3:] = 2.0, theory.positive_inverse(0.5)
    model.heads[0].bias.assign(raw)
    model.decoder.layers[-2].kernel.assign(np.zeros((5, 16)))
    images = np.zeros((40, 8, 8, 1), "float32")
    scores = evaluation.evaluate(model, images, images, 400)
    kl = 3 * (np.log(2) + (0.25 + 4) / 2 - 0.5)
    log_p = -16 * (np.log(0.5) + 0.5 * np.log(2 * np.pi))
    assert scores["kl_1"] == pytest.approx(kl, rel=1e-4)
    assert scores["bound"] == pytest.approx(log_p - kl, abs=0.1)
    assert scores["active_1"] == 0
    assert scores["frozen_all"] == pytest.approx(0, abs=1e-6)


def test_frozen_variances_are_those_of_the_completions(trained):
    model, test = trained
    found = evaluation.frozen_variances(model, test, seed=5)
    drawn = model.complete(test[:50], 2, 40, seed=5)
    expected = ((drawn - drawn.mean(axis=0)) ** 2).mean(axis=0).sum(axis=(1, 2, 3))
    assert found[2] == pytest.approx(expected.mean(), rel=1e-4)
    assert set(found) == {1, 2, 3, "all"}


def test_errors_of_neighbours_are_correlated_as_they_were_made():
    model = DenseChain((8, 8, 1), (2,), 4)
    model.decoder.layers[-2].kernel.assign(np.zeros((4, 16)))
    rng = np.random.default_rng(0)
    fresh = rng.normal(size=(400, 8, 9, 1)).astype("float32")
    blurred = fresh[:, :, 1:] + fresh[:, :, :-1]  # neighbours share half
    found = evaluation.neighbour_correlation(model, blurred, num_samples=2)
    assert found == pytest.approx(0.5, abs=0.05)
    independent = evaluation.neighbour_correlation(model, fresh[:, :, 1:], 2)
    assert abs(independent) < 0.05


def test_the_hole_is_the_central_half():
    images = np.arange(2 * 8 * 12, dtype="float32").reshape(2, 8, 12, 1)
    assert data.crop(images).shape == (2, 4, 6, 1)
    filled = data.fill(images, np.zeros((2, 4, 6, 1)))
    assert not np.any(data.crop(filled))
    hidden = np.asarray(data.masked(images))
    np.testing.assert_array_equal(hidden[..., :1], filled)
    assert hidden[..., 1].sum() == 2 * (96 - 24)
    np.testing.assert_array_equal(data.masked(images, hide=False)[..., :1], images)


def test_a_file_of_images_is_read_and_split(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (20, 8, 8, 3), dtype=np.uint8)
    path = tmp_path / "images.npz"
    np.savez(path, images=images)
    settings = SMOKE.replace(source="images", data_path=str(path), num_train=None)
    split = data.load(settings)
    train, test = split.train_images, split.test_images
    assert train.shape == (16, 8, 8, 3) and test.shape == (4, 8, 8, 3)
    np.testing.assert_allclose(test[0], images[4] / 255, atol=1e-6)
    assert data.load(settings.replace(num_train=5)).train_images.shape == (5, 8, 8, 3)
    with pytest.raises(UserError, match="16 training and 4 test.*num_train=17"):
        data.load(settings.replace(num_train=17))


def test_the_paper_preset_says_which_file_it_needs():
    with pytest.raises(UserError, match=r"needs data_path.*\.npz"):
        experiment.run(config.PRESETS["paper"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"variants": ()}, "at least one entry"),
        (
            {"family": "conv", "variants": ("plain", "single")},
            "single needs family=dense",
        ),
    ],
)
def test_impossible_runs_are_refused(changes, words):
    with pytest.raises(UserError, match=words):
        experiment.run(SMOKE.replace(**changes))


def test_recorded_runs_show_the_effect_on_every_seed():
    runs = results.recorded("hierarchical_vae")
    assert len(runs) >= 8
    gap = runs["deterministic", "train_bound"] - runs["deterministic", "bound"]
    assert np.all(gap > 5.5)
    assert np.all(runs["plain", "iw"] - runs["deterministic", "iw"] > 1)
    assert np.all(np.diff(runs["deterministic", "iw"]) < 1)  # what a seed alone does
    assert np.all(runs["plain", "kl_upper"] < 0.1)
    assert np.all(runs["warm_up", "iw"] > runs["plain", "iw"])
    assert np.mean(runs["plain", "iw"] - runs["single", "iw"]) < 0
    frozen = [runs["plain", f"frozen_{layer}"] for layer in (1, 2, 3)]
    assert np.all(frozen[1] + frozen[2] < 0.05 * frozen[0])
    for layer in (1, 2, 3):
        assert np.all(runs["free_bits", f"kl_{layer}"] > 0.7)
        assert np.all(runs["free_bits", f"frozen_{layer}"] > 0.02)


def test_on_glyphs_the_lead_of_the_chain_belongs_to_one_seed():
    shorter = {"num_train": 3000, "learning_rate": 0.001}
    gains = [
        runs["plain", "iw"] - runs["single", "iw"]
        for runs in (
            results.recorded("hierarchical_vae", preset="laptop_glyphs", **changes)
            for changes in (shorter, {})
        )
    ]
    assert gains[0][0] > 5 and gains[0].min() < 0 and gains[0].mean() < 2.5
    assert len(gains[1]) >= 4 and gains[1].mean() < 0


def test_most_of_the_gain_of_warm_up_is_that_of_less_noise_at_the_start():
    names = ("plain", "warm_up")
    quiet = results.recorded("hierarchical_vae", pixel_scale=0.1, variants=names)
    wide = results.recorded("hierarchical_vae")
    same = [wide.seeds.index(seed) for seed in quiet.seeds]
    gains = [
        (runs["warm_up", "iw"] - runs["plain", "iw"])[places].mean()
        for runs, places in ((quiet, slice(None)), (wide, same))
    ]
    assert len(quiet) >= 4 and gains[0] < 0.5 * gains[1]
    assert np.all(quiet["plain", "kl_1"] > 2.5)
    assert np.all(quiet["plain", "kl_upper"] < 0.15)


def test_what_the_notebook_suggests_can_be_run():
    text = (results.checkout() / NOTEBOOK).read_text(encoding="utf-8")
    commands = re.findall(
        r"`lessons (?:run|sweep) hierarchical_vae ([^`]*)`", text.replace("\n#", "")
    )
    assert len(commands) >= 6
    for command in commands:
        preset = re.search(r"--preset (\w+)", command)
        found = config.PRESETS[preset[1] if preset else "laptop"]
        found = found.override(re.findall(r"--set (\S+)", command))
        for name in found.variants:
            shape = data.image_shape(found)
            assert experiment.build_model(found, VARIANTS[name], shape).built


def test_variants_are_the_chain_with_one_change():
    changed = {
        "deterministic": {"posterior"},
        "single": {"latents"},
        "plain": set(),
        "warm_up": set(),
        "free_bits": {"free_bits"},
        "ladder": {"posterior"},
        "top": {"context"},
    }
    configs = {
        name: experiment.build_model(SMOKE, variant, (8, 8, 1)).get_config()
        for name, variant in VARIANTS.items()
    }
    plain = configs["plain"]
    for variant, names in changed.items():
        differs = {name for name in plain if plain[name] != configs[variant][name]}
        assert differs - {"name"} == names, variant
    assert config.PRESETS["laptop"].variants == tuple(VARIANTS) == tuple(changed)
