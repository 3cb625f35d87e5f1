"""Data, estimates of images, and whole runs."""

import re

import numpy as np
import pytest
from scipy import ndimage

from lessons import catalog
from lessons.adversarial.ambient_gan import (
    data,
    evaluation,
    experiment,
    figures_overview,
    figures_theory,
    theory,
    unmeasure,
)
from lessons.adversarial.ambient_gan.config import ESTIMATES, MEASUREMENTS, PRESETS
from lessons.adversarial.ambient_gan.paper import HEADLINES
from lessons.adversarial.ambient_gan.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import source

SMOKE = PRESETS["smoke"]


def suggestions():
    """The settings that the notebook suggests to try, a list for each command."""
    text = source.text_path(catalog.find("ambient_gan")).read_text(encoding="utf-8")
    part = text.split("What to try next")[1].split("**Exercise")[0]
    found = [re.findall(r"--set (\S+)", line) for line in re.findall("`(.+)`", part)]
    return [settings for settings in found if settings]


def training_set(name, **changes):
    config = SMOKE.replace(**changes)
    examples = data.load(config)
    measurement = data.make_measurement(config.measurement, (8, 8, 1), config)
    return data.training_set(config, VARIANTS[name], examples, measurement), examples


def test_main_model_is_the_ambient_one():
    config = SMOKE.replace(variants=("full", "ambient"), epochs=24)
    report = experiment.run(config)
    assert report.models["model"].measurement.p == SMOKE.p
    assert set(report.models) == {"model", "full"}
    assert len(report.history["full/frechet"]) == 12
    assert report.metrics["real/mean_pixel"] > 0


def test_every_headline_is_a_recorded_metric():
    known = {name for m in results.recorded("ambient_gan").metrics for name in m}
    assert {headline.metric for headline in HEADLINES} <= known


def test_laptop_preset_has_800_generator_updates_and_the_paper_27_000():
    for name, images, expected in (("laptop", 1500, 800), ("paper", 60_000, 27_000)):
        config = PRESETS[name]
        steps = -(-images // config.batch_size) * config.epochs
        cycle = config.critic_updates + config.generator_updates
        updates = steps * config.generator_updates / cycle
        assert updates == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_ambient_trains_on_every_measurement(name):
    config = SMOKE.replace(measurement=name)
    given, examples = training_set("ambient", measurement=name)
    model = experiment.compiled(config, VARIANTS["ambient"], (8, 8, 1))
    codes = model.codes(8)
    before = model.generator.get_weights()
    assert np.isfinite(float(model.update_critic(given[:8], codes)))
    assert np.isfinite(float(model.update_generator(given[:8], codes)))
    pairs = zip(before, model.generator.get_weights(), strict=True)
    assert any(not np.array_equal(a, b) for a, b in pairs)
    assert model.sample(2).shape == (2, *examples.train.shape[1:])


def test_all_strategies_see_the_same_fixed_measurements():
    ignored, examples = training_set("ignore")
    ambient, _ = training_set("ambient")
    np.testing.assert_array_equal(ignored, ambient)
    clean, _ = training_set("full")
    np.testing.assert_array_equal(clean, examples.train)
    assert np.all((ambient == 0) | (ambient == clean))
    other, _ = training_set("ambient", seed=1)
    assert not np.array_equal(other, ambient)


def test_remeasure_hands_over_clean_images():
    given, examples = training_set("ambient", remeasure=True)
    assert given is examples.train


def test_samples_are_compared_with_all_images():
    examples = data.load(PRESETS["laptop"])
    assert len(examples.train) == 1500
    assert len(examples.reference) == 1797


@pytest.mark.parametrize("name", sorted(ESTIMATES))
def test_estimates_are_nearer_to_the_images_than_the_measurements(name):
    changes = {"measurement": name, "num_train": None, "noise": 0.1, "p": 0.5}
    for way in ESTIMATES[name]:
        estimate, examples = training_set("unmeasure", estimate=way, **changes)
        seen, _ = training_set("ignore", **changes)
        errors = [np.mean((x - examples.train) ** 2) for x in (estimate, seen)]
        assert errors[0] < 0.85 * errors[1]
        assert estimate.min() >= 0
        assert estimate.max() <= 1


def test_blur_is_that_of_a_cut_off_gaussian():
    image = np.random.default_rng(0).uniform(size=(1, 8, 8, 1))
    taps = np.exp(-0.5 * (np.arange(-2, 3) / 0.7) ** 2)
    kernel = np.outer(taps, taps) / taps.sum() ** 2
    expected = ndimage.convolve(image[0, ..., 0], kernel, mode="constant")
    np.testing.assert_allclose(unmeasure.blurred(image, 0.7)[0, ..., 0], expected)


def test_harmonic_inpainting_continues_a_slope_and_total_variation_an_edge():
    ramp = np.tile(np.arange(9.0), (9, 1))[None, ..., None] / 8
    edge = (ramp > 0.4).astype(float)
    known = np.ones(ramp.shape, bool)
    known[:, 3:6, 3:6] = False
    found = unmeasure.inpaint_harmonic(ramp * known, known)
    np.testing.assert_allclose(found, ramp, atol=1e-6)
    sharp = unmeasure.inpaint_total_variation(edge * known, known)
    soft = unmeasure.inpaint_harmonic(edge * known, known)
    assert np.abs(sharp - edge).mean() < 0.5 * np.abs(soft - edge).mean()
    np.testing.assert_array_equal(sharp[known], edge[known])


def test_wrong_measurement_is_assumed():
    config = SMOKE.replace(p=0.8, assumed_p=0.5)
    model = experiment.build_model(config, VARIANTS["ambient"], (8, 8, 1))
    assert model.measurement.p == 0.5


def test_image_file_run(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (40, 16, 16, 3), dtype=np.uint8)
    np.savez(tmp_path / "images.npz", images=images)
    config = SMOKE.replace(
        source="images",
        data_path=str(tmp_path / "images.npz"),
        loss="gan",
        batch_size=20,
        epochs=1,
        num_samples=10,
        variants=("ambient", "unmeasure"),
    )
    report = experiment.run(config)
    assert np.isfinite(report.metrics["ambient/frechet"])
    assert "ambient/inception" not in report.metrics
    examples = data.load(config)
    np.testing.assert_allclose(examples.train, images / 255, atol=1e-6)
    examples = data.load(config.replace(networks="dcgan"))
    np.testing.assert_allclose(examples.train, images / 127.5 - 1, atol=1e-6)


def test_recorded_runs_show_the_effect_for_every_seed():
    runs = results.recorded("ambient_gan")
    assert runs.seeds == tuple(range(8))
    distance = {name: runs[name, "frechet"] for name in VARIANTS}
    assert np.all(distance["full"] < distance["ambient"])
    assert np.all(distance["ambient"] < 0.5 * distance["ignore"])
    assert np.all(runs["ambient/inception"] > runs["ignore/inception"] + 1)


@pytest.mark.parametrize("settings", suggestions(), ids=" ".join)
def test_what_the_notebook_suggests_runs(settings):
    report = experiment.run(SMOKE.override(settings).replace(epochs=1))
    assert np.isfinite(report.metrics["ambient/frechet"])


def test_yardsticks_have_the_moments_they_claim():
    images = np.random.default_rng(1).random((400, 3, 3, 1)).astype(np.float32)
    images[..., 1, 1, :] = 1 - images[..., 0, 0, :]
    examples = data.Examples(images, images, 0.0)
    masks = np.random.default_rng(2).random(images.shape) >= 0.5
    sticks = evaluation.yardsticks(
        examples, images * masks, 0.5, 4000, np.random.default_rng(0)
    )
    assert {x.shape for x in sticks.values()} == {(4000, 3, 3, 1)}
    mean = images.mean(axis=0)
    assert np.all(sticks["mean image"] == sticks["mean image"][:1])
    for drawn in sticks.values():
        np.testing.assert_allclose(drawn.mean(axis=0), mean, atol=0.08)

    def tie(x):
        return np.corrcoef(x[:, 0, 0, 0], x[:, 1, 1, 0])[0, 1]

    assert tie(sticks["Gaussian"]) < -0.6
    assert abs(tie(sticks["pixels shuffled"])) < 0.1
    assert tie(sticks["Gaussian, contrast"]) < -0.6


def test_seen_values_keep_the_order_and_restore_the_distribution():
    rng = np.random.default_rng(0)
    truth = rng.choice([0.0, 0.4, 1.0], size=(4000, 2), p=(0.5, 0.3, 0.2))
    drawn = rng.normal(size=(1000, 2))
    found = evaluation.seen_values(drawn, truth * (rng.random(truth.shape) < 0.4), 0.6)
    for column, draws in zip(found.T, drawn.T, strict=True):
        assert np.all(np.diff(column[np.argsort(draws)]) >= 0)
        assert set(np.round(column, 6)) <= {0.0, 0.4, 1.0}
        shares = [np.mean(np.isclose(column, level)) for level in (0.0, 0.4, 1.0)]
        np.testing.assert_allclose(shares, (0.5, 0.3, 0.2), atol=0.06)
    black = evaluation.seen_values(drawn, np.zeros((5, 2)), 0.6)
    assert not black.any()


def test_the_figure_that_turns_blocks_ever_more():
    images = data.load(SMOKE).train
    turned = figures_overview.strengths(images, (0.0, 0.8))
    assert turned.labels == ("p = 0", "p = 0.8")
    assert turned.start == 1
    assert figures_overview.game().alt


def test_theory_figures_can_be_drawn():
    image = data.load(SMOKE).train[0]
    for figure in (
        figures_theory.gallery(image, SMOKE.replace(patch=4)),
        figures_theory.conditioning(),
        figures_theory.blur_and_gain(),
    ):
        assert figure.alt
    assert theory.condition_number(1, 0.0) == 1


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"measurement": "extract_patch", "variants": ("ignore",)}, "variants=full"),
        ({"measurement": "keep_patch"}, "nobody knows"),
        ({"estimate": "wiener"}, "blur, tv"),
        ({"source": "images"}, "data_path"),
        ({"source": "images", "data_path": "absent.npz"}, "no file"),
        ({"measurement": "block_patch", "patch": 9}, "from 1 to 8"),
        ({"measurement": "convolve_noise", "assumed_p": 0.5}, "assumed_p"),
    ],
)
def test_impossible_runs_are_refused(changes, named):
    with pytest.raises(UserError, match=named):
        experiment.run(SMOKE.replace(**changes))
