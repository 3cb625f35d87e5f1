"""What runs are made of: images and their places, judges, yardsticks, settings."""

import types

import numpy as np
import pytest

from lessons.sequences.draw import config, data, evaluation, experiment, theory
from lessons.sequences.draw.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.errors import UserError

SMOKE, LAPTOP = config.PRESETS["smoke"], config.PRESETS["laptop"]


@pytest.fixture(scope="module")
def split():
    return data.load(LAPTOP)


def test_digits_lie_in_the_middle_for_training_and_anywhere_for_the_test(split):
    assert split.train_images.shape == (1400, 16, 16, 1)
    assert split.test_images.shape == (397, 16, 16, 1)
    edge = split.train_images.copy()
    edge[:, 4:12, 4:12] = 0
    assert not edge.any()
    assert split.test_images.sum() == pytest.approx(
        split.test_images.reshape(397, -1).sum(axis=1).sum()
    )
    middles = evaluation.middles(split.test_images)
    assert np.ptp(middles, axis=0).min() > 7  # 4 pixels to each side and more
    again = data.load(LAPTOP)
    np.testing.assert_array_equal(again.test_images, split.test_images)


def test_the_middle_of_an_image_is_counted_from_one():
    image = np.zeros((1, 5, 7, 1))
    image[0, 1, 4] = 3
    np.testing.assert_allclose(evaluation.middles(image), [[5, 2]])


def test_clutter_and_binary_pixels(split):
    rng = np.random.default_rng(0)
    some = split.test_images[:5]
    found = data.cluttered(some, split.train_images, 6, rng)
    assert np.all(found >= some) and found.sum() > 1.2 * some.sum()
    binary = data.load(SMOKE.replace(binarise=True))
    assert set(np.unique(binary.train_images)) == {0.0, 1.0}
    wide = data.load(SMOKE.replace(clutter=3, shift=0))
    assert wide.train_images.shape == (60, 12, 12, 1)
    with pytest.raises(UserError, match="can be shifted by 2"):
        data.load(SMOKE.replace(shift=3))


def test_a_users_file_is_read_and_checked(tmp_path):
    rng = np.random.default_rng(1)
    path = tmp_path / "pets.npz"
    images = rng.integers(0, 256, (6, 5, 5, 3), dtype=np.uint8)
    parts = {"x_train": images, "y_train": np.arange(6) % 2}
    np.savez(path, **parts, x_test=images[:2], y_test=[[0], [1]])
    settings = SMOKE.replace(
        source="file",
        data_path=str(path),
        num_train=None,
        side=0,
        height=5,
        shift=0,
        channels=3,
        classes=2,
        real=True,
    )
    found = data.load(settings)
    assert found.train_images.shape == (6, 5, 5, 3)
    np.testing.assert_allclose(found.train_images.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_array_equal(found.test_labels, [0, 1])
    with pytest.raises(UserError, match="up to 4 pixels"):
        data.load(settings.replace(height=4))
    with pytest.raises(UserError, match="data_path=FILE"):
        settings.replace(data_path=None)


def test_the_judge_finds_digits_at_any_place(split):
    judge = experiment.data_judge(LAPTOP, split)
    assert judge.digits.shape == (1400, 8, 8, 1)
    places = np.random.default_rng(0).integers(-4, 5, (40, 2))
    there = data.placed(judge.digits[:40], 16, places)
    np.testing.assert_array_equal(judge.classes(there), split.train_labels[:40])
    right = np.mean(judge.classes(split.test_images[:100]) == split.test_labels[:100])
    assert right > 0.9


def test_the_bound_is_the_loss_by_another_route():
    rng = np.random.default_rng(2)
    images = rng.random((6, 12, 12, 1)).astype("float32")
    logits = rng.normal(0, 2, images.shape)
    np.testing.assert_allclose(
        -evaluation.log_likelihood(images, logits),
        theory.bernoulli_loss(images, logits),
        rtol=1e-6,
    )
    canvas = rng.uniform(-2, 2, (6, 12, 12, 2))
    np.testing.assert_allclose(
        -evaluation.log_density(images, canvas),
        theory.gaussian_loss(images, canvas[..., :1], canvas[..., 1:]),
        rtol=1e-6,
    )


def test_templates_are_mixtures_over_all_places(split):
    judge = experiment.data_judge(LAPTOP, split)
    few = data.load(LAPTOP.replace(num_test=60))
    found = evaluation.baselines(judge.digits, few, LAPTOP, judge)
    assert found["entropy/bound"] < 15 < found["class_templates/bound"]
    assert found["class_templates/bound"] < found["template/bound"] < 34
    assert found["mean_image/bound"] > 55
    assert found["nearest/accuracy"] > 0.9 > 0.35 > found["linear/accuracy"]
    assert len(evaluation.places(4)) == 81


def test_the_epoch_of_the_jump():
    assert evaluation.epoch_of([0.1, 0.4, 0.6, 0.3]) == 3
    assert evaluation.epoch_of([0.1, 0.4]) == 3  # never: one more than there are


@pytest.mark.parametrize("name", ["mixed_label", "none_state", "every", "glimpses"])
def test_other_variants_train(name):
    small = SMOKE.replace(num_train=12, batch_size=12, num_test=5)
    split = data.load(small)
    model = experiment.compiled(small, VARIANTS[name], run_eagerly=True)
    before = [weight.numpy() for weight in model.trainable_weights]
    for _ in range(2):
        model.train_on_batch(split.train_images, split.train_labels)
    for weight, old in zip(model.trainable_weights, before, strict=True):
        assert np.all(np.isfinite(weight.numpy())) and np.any(weight.numpy() != old)


def test_shuffled_labels_are_other_labels(monkeypatch):
    small = SMOKE.replace(epochs=1)
    split, seen = data.load(small), {}

    def fit(model, x, settings, *, y, description):
        seen[description] = y

    monkeypatch.setattr(experiment, "fit", fit)
    for name in ("shuffled", "attention"):
        experiment.train(small, VARIANTS[name], split)
    shuffled, true = seen["shuffled labels"], seen["attention"]
    assert sorted(shuffled) == sorted(true) and np.mean(shuffled == true) < 0.4


def test_pixels_do_not_count_where_only_classes_are_learned():
    model = experiment.build_model(SMOKE, VARIANTS["class_only"])
    images = np.random.default_rng(0).random((4, 12, 12, 1)).astype("float32")
    outputs = model(images)
    y = np.array([0, 1, 2, 3])
    loss = float(model.compute_loss(images, y, outputs))
    last = theory.class_loss(y, outputs["logits"][:, -1])
    assert loss == pytest.approx(3.0 * float(np.mean(last)), rel=1e-5)  # 0.1 x 30


def test_the_two_parts_of_a_class_canvas_are_its_sum():
    model = experiment.build_model(SMOKE, VARIANTS["none_parts"])
    cell, images = model.cell, np.zeros((30, 12, 12, 1), "float32")
    labels = np.arange(30) % 10
    bias = np.eye(10)[4]
    cell.classifier.kernel.assign(0 * cell.classifier.kernel)
    cell.classifier.bias.assign(bias)
    found = evaluation.evidence(model, images, labels)
    assert found == {"from_glimpses": 0.1, "from_codes": 0.1}  # all are called a 4
    kernel = cell.classifier.kernel.numpy()
    kernel[-cell.latent_dim :, 7] = 1e4  # the codes decide, by their sign
    cell.classifier.kernel.assign(kernel)
    found = evaluation.evidence(model, images, np.full(30, 4))
    assert found["from_glimpses"] == 1 and 0.1 < found["from_codes"] < 0.9


def test_drawn_digits_are_legible_only_where_they_are_drawn(split):
    judge = experiment.data_judge(LAPTOP, split)
    images, labels = split.test_images[:50], split.test_labels[:50]

    class Copies:
        def trace(self, images):
            canvas = np.swapaxes(40 * images - 20, 2, 3)[:, None]
            return types.SimpleNamespace(canvas=canvas)

    class Mean(Copies):
        def trace(self, images):
            return super().trace(np.repeat(images.mean(axis=0)[None], len(images), 0))

    assert evaluation.legible(Copies(), judge, images, labels) > 0.85
    assert evaluation.legible(Mean(), judge, images, labels) < 0.3


def test_recorded_runs_carry_the_conclusions():
    runs, rivals, parts, labels = (
        results.recorded("draw", preset)
        for preset in ("laptop", "laptop_rivals", "laptop_parts", "laptop_labels")
    )
    assert len(runs) == len(rivals) == len(parts) == len(labels) == 8
    assert np.all(runs["attention", "accuracy"] - runs["none", "accuracy"] > 0.15)
    assert np.all(runs["none_state", "accuracy"] - runs["none", "accuracy"] > 0.1)
    lost = parts["none_parts", "accuracy"] - parts["none_parts", "from_glimpses"]
    assert np.all(lost > 0.3)  # without a window the class comes through the code
    np.testing.assert_allclose(
        parts["none_parts", "bound"], runs["none", "bound"], rtol=1e-3
    )  # the same networks
    assert np.all(rivals["frozen", "bound"] < runs["none", "bound"])
    assert np.all(rivals["frozen", "accuracy"] < 0.3)
    assert np.all(rivals["every", "accuracy_3"] - runs["attention", "accuracy_3"] > 0.5)
    for name in config.PRESETS["laptop"].variants[:-1]:
        assert np.all(runs[name, "bound"] > runs["template", "bound"])
    told = labels["mixed_label", "steered"] - rivals["frozen", "steered"]
    assert told.mean() > 0.1
