"""What runs find, what their settings refuse, and what is recorded."""

import dataclasses

import numpy as np
import pytest

from lessons.efficiency.wage import config, data, evaluation, experiment, paper
from lessons.efficiency.wage.variants import VARIANTS
from lessons.toolkit import quality, results
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]
SHORT = config.PRESETS["laptop"].replace(
    network="128FC", batch_size=32, epochs=8, drops=(6,)
)


@pytest.fixture(scope="module")
def split():
    return data.load(SHORT)


@pytest.fixture(scope="module")
def trained(split):
    return experiment.train(SHORT, VARIANTS["wage"], split)


def test_whole_numbers_learn_and_stay_on_their_grid(trained, split):
    found = evaluation.evaluate(trained.model, split.test_images, split.test_labels)
    assert found["accuracy"] > 0.85 and found["replayed"] == 1
    assert 0.1 < found["zeros"] < 0.6
    assert evaluation.on_grid(trained.model, 8)
    assert not evaluation.on_grid(trained.model, 2)
    assert trained.history["accuracy"][-1] > trained.history["accuracy"][0]


def test_shuffled_labels_are_not_learned(split):
    labels = np.random.default_rng(0).permutation(split.train_labels)
    shuffled = dataclasses.replace(split, train_labels=labels)
    model = experiment.train(SHORT, VARIANTS["wage"], shuffled).model
    found = evaluation.evaluate(model, split.test_images, split.test_labels)
    assert found["accuracy"] < 0.3


def test_the_rate_drops_after_the_epochs_that_are_named():
    settings = SMOKE.replace(drops=(2, 3), batch_size=10, rate=4.0, drop_factor=8.0)
    whole = experiment.make_optimizer(settings, VARIANTS["slow"], 25)._learning_rate
    rates = [float(whole(step)) for step in (0, 6, 7, 9, 10)]
    assert rates == [0.5, 0.5, 0.0625, 0.0625, 0.0078125]
    real = experiment.make_optimizer(settings, VARIANTS["float_momentum"], 25)
    assert float(real._learning_rate(0)) == pytest.approx(0.02)
    code = settings.replace(recipe="code", drops=())
    optimizer = experiment.make_optimizer(code, VARIANTS["g4"], 25)
    assert (optimizer.limit, optimizer.bits) == (0.5, 4)
    assert float(optimizer.learning_rate) == 0.25


@pytest.mark.parametrize(
    "change", [{"rate": 3.0}, {"drop_factor": 10.0}, {"network": "12"}]
)
def test_what_shifts_cannot_do_is_refused_before_training(change):
    with pytest.raises(UserError, match="Allowed"):
        SMOKE.replace(**change)


def test_parity_has_two_classes_that_a_linear_model_does_not_tell_apart():
    settings = SHORT.replace(task="parity")
    split, classes = data.load(settings), data.load(SHORT)
    assert split.class_names == ("even", "odd")
    np.testing.assert_array_equal(split.test_labels, classes.test_labels % 2)
    assert data.shape_and_classes(settings) == ((8, 8, 1), 2)
    linear = quality.baselines(split)
    assert 0.8 < linear["linear/accuracy"] < 0.95
    assert 0.4 < linear["majority/accuracy"] < 0.6


def test_a_file_of_images_is_cut_in_two_and_needs_labels(tmp_path):
    path = tmp_path / "few.npz"
    images = np.random.default_rng(0).integers(0, 256, (20, 32, 32, 3), np.uint8)
    np.savez(path, images=images, labels=np.arange(20) % 10)
    paper_run = config.PRESETS["paper"].replace(data_path=str(path), num_train=7)
    split = data.load(paper_run)
    assert (len(split.train_images), len(split.test_images)) == (7, 2)
    np.testing.assert_allclose(split.test_images, images[-2:] / 255, atol=1e-6)
    np.savez(path, images=images)
    with pytest.raises(UserError, match="labels"):
        data.load(paper_run)


def test_headlines_and_claims_stand_on_eight_seeds():
    for preset in ("laptop", "laptop_bits", "laptop_parity"):
        assert len(results.recorded("wage", preset)) >= 8
    for headline in paper.HEADLINES:
        assert headline.preset in config.PRESETS


def test_recorded_runs_hold_what_the_lesson_says():
    runs = results.recorded("wage")
    bits = results.recorded("wage", "laptop_bits")
    parity = results.recorded("wage", "laptop_parity")
    assert np.all(runs["wage/replayed"] == 1)
    assert runs["wage/accuracy"].mean() > 0.96 > runs["last_layer/accuracy"].max()
    # Two bits of gradient cost accuracy on every seed, at either rate.
    best = np.maximum(bits["g2/accuracy"], bits["g2_fast/accuracy"])
    assert np.all(runs["wage/accuracy"] - best > 0.02)
    # Cut errors and rounding to the nearest lose on every seed.
    assert np.all(bits["gamma8/accuracy"] < runs["wage/accuracy"])
    assert np.all(runs["nearest/accuracy"] < runs["wage/accuracy"])
    assert np.all(parity["wage/accuracy"] > parity["linear/accuracy"] + 0.03)
