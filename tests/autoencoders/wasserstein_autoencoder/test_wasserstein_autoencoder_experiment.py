"""Judgement, configurations and whole runs."""

import keras
import numpy as np
import pytest

from lessons.autoencoders.wasserstein_autoencoder import (
    data,
    evaluation,
    experiment,
    figures,
)
from lessons.autoencoders.wasserstein_autoencoder.config import PRESETS
from lessons.autoencoders.wasserstein_autoencoder.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.errors import UserError

SMOKE = PRESETS["smoke"]


def test_a_run_reports_what_is_recorded_and_the_floor():
    report = experiment.run(SMOKE.replace(variants=("ae", "wae_gan")))
    (recorded, *_) = results.recorded("wasserstein_autoencoder").metrics
    expected = {n for n in recorded if n.split("/")[0] in ("ae", "wae_gan", "floor")}
    assert set(report.metrics) == {*expected, "parameters"}
    assert report.metrics["floor/transport"] < report.metrics["ae/transport"]
    assert set(report.figures) == {"codes", "gallery", "curves"}
    for variant in ("ae", "wae_gan"):  # as many steps for each
        assert len(report.history[f"{variant}/cost"]) == SMOKE.epochs


def test_a_run_pretrains_and_drops_its_rate_if_told():
    config = SMOKE.replace(
        variants=("wae_mmd",),
        pretrain_steps=2,
        drop_epochs=(1,),
        drop_factors=(2.0,),
        epochs=2,
    )
    assert np.isfinite(experiment.run(config).metrics["wae_mmd/transport"])


def test_rates_drop_after_the_stated_epochs():
    config = PRESETS["paper"]
    rate = experiment.make_optimizer(config, 1e-3, 60_000)._learning_rate
    steps = 600
    assert [float(rate(e * steps + 1)) for e in (0, 29, 30, 49, 50, 99)] == (
        pytest.approx([1e-3, 1e-3, 5e-4, 5e-4, 1e-4, 1e-4])
    )


def test_transport_is_the_assignment_and_shifts_cost_their_square():
    images = np.random.default_rng(0).random((9, 4, 4, 1))
    assert evaluation.transport(images, images[::-1]) == pytest.approx(0)
    assert evaluation.transport(images, images + 0.5) == pytest.approx(16 * 0.25)


def test_transport_agrees_with_the_linear_program():
    from scipy.spatial.distance import cdist

    from lessons.toolkit import transport

    first, second = np.random.default_rng(0).random((2, 12, 3, 3, 1))
    cost = cdist(first.reshape(12, -1), second.reshape(12, -1), "sqeuclidean")
    expected = transport.primal(cost).value
    assert evaluation.transport(first, second) == pytest.approx(expected, abs=1e-9)


def test_prior_codes_match_and_others_do_not():
    random = np.random.default_rng(5)
    codes = random.normal(size=(500, 8))
    assert abs(evaluation.code_mismatch(codes)) < 0.03
    assert evaluation.code_mismatch(2.4 * codes) == pytest.approx(0.804, abs=0.06)
    assert evaluation.outliers(codes) == pytest.approx(0.01, abs=0.015)
    assert evaluation.outliers(3 * codes) > 0.9
    scaled = evaluation.code_mismatch(2 * codes, prior_scale=2.0)
    assert abs(scaled) < 0.03


def test_sharpness_of_a_blurred_image_is_lower():
    random = np.random.default_rng(0)
    sharp = random.random((3, 16, 16, 1))
    blurred = (sharp + np.roll(sharp, 1, axis=1)) / 2
    assert evaluation.sharpness(blurred) < evaluation.sharpness(sharp)
    assert evaluation.sharpness(np.ones((2, 8, 8, 1))) == 0


def test_training_and_test_images_are_different_draws():
    pictures = data.load(PRESETS["laptop"])
    assert pictures.train.shape == (1297, 8, 8, 1)
    assert pictures.test.shape == (500, 8, 8, 1)
    train = {image.tobytes() for image in pictures.train}
    test = {image.tobytes() for image in pictures.test}
    assert len(train & test) <= 1  # the file itself may repeat an image


def test_image_file_run(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (40, 16, 16, 3), dtype=np.uint8)
    np.savez(tmp_path / "faces.npz", images=images)
    config = SMOKE.replace(
        source="images",
        data_path=str(tmp_path / "faces.npz"),
        family="conv",
        num_train=None,
        num_test=None,
        variants=("wae_mmd",),
        batch_size=12,
        epochs=1,
    )
    report = experiment.run(config)
    assert np.isfinite(report.metrics["wae_mmd/transport"])
    assert "wae_mmd/frechet" not in report.metrics
    sample = report.models["model"].sample(50)
    assert sample.min() < 0  # tanh: pixels in [-1, 1]
    with pytest.raises(UserError, match="num_train"):
        data.load(config.replace(num_train=100))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"variants": ()}, "at least one"),
        ({"source": "images"}, "data_path"),
        ({"drop_epochs": (3,)}, "drop_factors"),
        ({"drop_epochs": (3, 2), "drop_factors": (2.0, 2.0)}, "rise"),
        ({"cost": "euclidean", "num_train": 5000}, "5000"),
    ],
)
def test_impossible_runs_are_refused(changes, named):
    with pytest.raises(UserError, match=named):
        experiment.run(SMOKE.replace(**changes))


def test_dense_networks_refuse_image_files(tmp_path):
    np.savez(tmp_path / "f.npz", images=np.zeros((9, 8, 8, 3), np.uint8))
    config = SMOKE.replace(
        source="images", data_path=str(tmp_path / "f.npz"), num_train=None, num_test=2
    )
    with pytest.raises(UserError, match="family=conv"):
        experiment.run(config)


def test_the_weights_knob_turns():
    models = {
        weight: experiment.build_model(SMOKE, VARIANTS["wae_mmd"], (8, 8, 1))
        for weight in (0, 10.0)
    }
    images = np.random.default_rng(0).random((20, 8, 8, 1), dtype=np.float32)
    made = figures.weights(models, images, num_columns=3)
    assert made.labels == ("λ = 0", "λ = 10")
    assert made.start == 0


def test_another_cost_is_another_distance():
    config = SMOKE.replace(cost="euclidean")
    model = experiment.build_model(config, VARIANTS["wae_mmd"], (8, 8, 1))
    model.compile(keras.optimizers.Adam())
    images = np.random.default_rng(0).random((10, 8, 8, 1), dtype=np.float32)
    history = model.fit(images, verbose=0).history
    error = np.sum((model(images).reconstruction - images) ** 2, axis=(1, 2, 3))
    assert history["cost"][0] == pytest.approx(np.sqrt(error).mean(), rel=0.2)
