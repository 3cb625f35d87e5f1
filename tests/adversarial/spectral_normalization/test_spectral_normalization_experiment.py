"""Data, critics in the plane, judgement and whole runs."""

import keras
import numpy as np
import pytest

from lessons.adversarial.spectral_normalization import (
    cost,
    data,
    evaluation,
    experiment,
    networks,
    plane,
)
from lessons.adversarial.spectral_normalization.config import (
    COMPARED,
    PRESETS,
    SETTINGS,
)
from lessons.adversarial.spectral_normalization.paper import HEADLINES
from lessons.adversarial.spectral_normalization.variants import VARIANTS
from lessons.toolkit.errors import UserError

SMOKE = PRESETS["smoke"]


@pytest.fixture(scope="module")
def report():
    config = SMOKE.replace(
        settings=("A", "C"),
        variants=("spectral",),
        plane_variants=("clipping",),
    )
    return experiment.run(config)


def test_run_reports_every_method_under_every_setting(report):
    for setting in ("A", "C"):
        for name in ("frechet", "inception", "stable_rank_2", "norm_product"):
            assert np.isfinite(report.metrics[f"{setting}/spectral/{name}"])
    assert np.isfinite(report.metrics["plane/clipping/slope"])
    assert set(report.figures) == {"plane", "spectra", "samples", "settings"}


def test_every_headline_is_a_metric_of_some_preset():
    laptop = PRESETS["laptop"]
    for headline in HEADLINES:
        first, variant, *_ = headline.metric.split("/")
        known = laptop.plane_variants if first == "plane" else laptop.variants
        assert variant in known
        assert first in ("plane", *PRESETS["laptop_settings"].settings)


def test_the_compared_are_the_papers_seven_and_none():
    assert len(COMPARED) == 8
    assert set(COMPARED) <= set(VARIANTS)


def test_generators_get_as_many_updates_under_every_setting():
    config = PRESETS["laptop_settings"]
    updates = {
        experiment.epochs_of(config, setting) / (setting.critic_updates + 1)
        for setting in SETTINGS.values()
    }
    assert len(updates) == 1


def test_settings_are_those_of_table_1():
    rows = {
        n: (s.rate, s.beta_1, s.beta_2, s.critic_updates) for n, s in SETTINGS.items()
    }
    assert rows["A"] == (1e-4, 0.5, 0.9, 5)
    assert rows["C"] == (2e-4, 0.5, 0.999, 1)
    assert rows["F"] == (1e-3, 0.9, 0.999, 5)


def test_rates_fall_to_zero_over_the_updates_of_each_network():
    config = SMOKE.replace(decay=True, epochs=4)
    model = experiment.compiled(
        config,
        VARIANTS["spectral"],
        SETTINGS["resnet"],
        (4, 4, 1),
        num_examples=64,
    )
    # 4 epochs of 2 steps at one critic update each: 4 updates of the generator.
    rates = model.optimizer._learning_rate, model.critic_optimizer._learning_rate
    assert float(rates[0](4)) == 0 and float(rates[0](3)) > 0
    assert float(rates[1](20)) == 0 and float(rates[1](19)) > 0


def test_spectral_critic_is_flat_and_still_teaches_where_the_plain_one_saturates():
    config = PRESETS["laptop"].replace(plane_epochs=4, plane_units=(32, 32))
    found = {
        name: plane.evaluate(experiment.train_plane(config, VARIANTS[name]).model, 0)
        for name in ("none", "spectral", "clipping")
    }
    assert found["spectral"]["slope"] <= 1.01
    assert found["none"]["slope"] > 2
    ratio = "gradient_at_fakes"
    assert found["spectral"][ratio] > 5 * found["none"][ratio]
    assert found["clipping"]["stable_rank_2"] < found["spectral"]["stable_rank_2"] / 2


def test_slopes_are_told_apart_between_and_beside_the_clusters():
    critic = networks.dense_critic((2,), (1,), VARIANTS["none"])
    # a leaky ReLU of y - 2: slope 0.1 below y = 2, 1 above
    values = [[[0.0], [1.0]], [-2.0], [[1.0]], [0.0]]
    critic.set_weights([np.array(value) for value in values])
    found = plane.evaluate(critic, 0)
    assert found["slope_between"] == pytest.approx(0.1)
    assert found["slope_beside"] == found["slope"] == pytest.approx(1.0)


def test_a_lone_critic_leaves_the_samples_where_they_are():
    model = plane.compiled(SMOKE, VARIANTS["spectral"])
    codes = model.codes(2000)
    fakes = model.generator(codes).numpy()
    np.testing.assert_allclose(fakes.mean(axis=0), [-2, 0], atol=0.02)
    np.testing.assert_allclose(fakes.std(axis=0), 0.2, atol=0.02)
    model.fit(plane.points(64, 1, 0), batch_size=16, verbose=0)
    np.testing.assert_array_equal(model.generator(codes), fakes)


def test_points_have_their_stated_parameters():
    for side in (1, -1):
        points = plane.points(20_000, side, seed=3)
        np.testing.assert_allclose(points.mean(axis=0), [2 * side, 0], atol=0.01)
        np.testing.assert_allclose(points.var(axis=0), 0.04, rtol=0.05)
    with pytest.raises(UserError, match="side"):
        plane.points(3, 0, 0)


def test_generator_gradient_is_the_finite_difference_of_log_one_minus_d():
    inputs = keras.Input((2,))
    slope = keras.layers.Dense(1, bias_initializer="ones")
    critic = keras.Model(inputs, slope(inputs))
    slope.kernel.assign([[3.0], [4.0]])
    at = np.array([[0.2, -0.1]])

    def value(x):
        return -np.logaddexp(0, float(x[0] @ [3.0, 4.0]) + 1)

    steps = 1e-5 * np.eye(2)
    gradient = [(value(at + s) - value(at - s)) / 2e-5 for s in steps]
    found = evaluation.generator_gradient(critic, at)
    assert found == pytest.approx(np.linalg.norm(gradient), rel=1e-4)


def test_conditional_run_judges_the_class_asked_for():
    config = SMOKE.replace(
        conditional=True, loss="hinge", variants=("spectral",), plane_variants=()
    )
    metrics = experiment.run(config).metrics
    assert 0 <= metrics["C/spectral/accuracy"] <= 1


def test_image_file_run(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 3), dtype=np.uint8)
    np.savez(tmp_path / "images.npz", images=images, labels=np.arange(40) % 2)
    config = SMOKE.replace(
        source="images",
        num_train=None,
        data_path=str(tmp_path / "images.npz"),
        architecture="cnn",
        generator_units=(8, 4),
        critic_units=(4, 4),
        variants=("spectral",),
        plane_variants=(),
        generator_batches=2,
        decay=True,
        batch_size=12,
        epochs=1,
    )
    report = experiment.run(config)
    assert np.isfinite(report.metrics["C/spectral/judged_frechet"])


def test_glyphs_are_padded_to_a_power_of_two():
    split = data.load(SMOKE.replace(source="glyphs", num_train=20))
    assert split.train_images.shape == (20, 32, 32, 1)
    assert split.train_images[:, :2].max() == 0


def test_images_without_classes_have_no_judge(tmp_path):
    images = np.zeros((20, 4, 4, 3), dtype=np.uint8)
    np.savez(tmp_path / "images.npz", images=images)
    path = str(tmp_path / "images.npz")
    config = SMOKE.replace(source="images", data_path=path, num_train=None)
    split = data.load(config)
    assert len(split.train_images) == 18 and len(split.test_images) == 2
    assert evaluation.judge_of(split) is None
    found = evaluation.sample_metrics(split.train_images, split, None)
    assert found == {"frechet": pytest.approx(0, abs=1e-6)}


def test_scaling_goes_both_ways():
    np.testing.assert_array_equal(data.scaled(np.array([0.0, 0.5, 1.0])), [-1, 0, 1])
    np.testing.assert_allclose(data.unscaled(data.scaled(np.array([0.3]))), [0.3])


def test_costs_are_measured_for_every_variant():
    milliseconds = cost.milliseconds(
        ("none", "spectral"), shape=(8, 8, 1), channels=(2, 4), rounds=2
    )
    assert set(milliseconds) == {"none", "spectral"}
    assert all(0 < value < 1e4 for value in milliseconds.values())


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"settings": ()}, "settings"),
        ({"source": "images", "plane_variants": ()}, "data_path"),
    ],
)
def test_impossible_runs_are_refused(changes, named):
    with pytest.raises(UserError, match=named):
        experiment.run(SMOKE.replace(**changes))


def test_norms_settle_at_one_once_the_weights_stand_still():
    keras.utils.set_random_seed(0)
    critic = networks.dense_critic((6,), (8, 8), VARIANTS["spectral"])
    before = [weight.numpy() for weight in critic.weights]
    norms = evaluation.settled_norms(critic, 3000)
    assert norms.shape == (3, 3000)
    # the kernels that the critic computes with are those after one round
    computed = [np.linalg.norm(w, 2) for w in evaluation.matrices(critic)]
    np.testing.assert_allclose(norms[:, 0], computed, rtol=1e-5)
    assert norms[:2, 0].min() > 1.05  # u was drawn at random
    np.testing.assert_allclose(norms[:, -1], 1.0, rtol=1e-9)
    assert np.all(np.diff(norms) <= 1e-12)
    for weight, value in zip(critic.weights, before, strict=True):
        np.testing.assert_array_equal(weight, value)
    plain = networks.dense_critic((6,), (8, 8), VARIANTS["none"])
    assert evaluation.settled_norms(plain, 5).size == 0
