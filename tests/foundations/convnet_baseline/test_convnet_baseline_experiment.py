"""What runs find, what their settings refuse, and what is recorded."""

import dataclasses

import keras
import numpy as np
import pytest

from lessons.foundations.convnet_baseline import (
    config,
    data,
    evaluation,
    experiment,
    paper,
    theory,
)
from lessons.foundations.convnet_baseline.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]
EASY = SMOKE.replace(
    num_train=600, num_valid=200, num_test=300, centred=True, plain=True, epochs=8
)


@pytest.fixture(scope="module")
def split():
    return data.load(EASY)


@pytest.fixture(scope="module")
def trained(split):
    return experiment.train(EASY, VARIANTS["adam"], split)


def test_easy_pictures_are_learned_by_their_ears(trained, split):
    found = evaluation.evaluate(trained.model, split.test_images, split.test_labels)
    assert found["accuracy"] > 0.75 and found["loss"] < 0.6
    assert found["spread"] > 1
    dead = experiment.build_model(EASY, VARIANTS["adam"])
    dead.products[-1].kernel.assign(0 * dead.products[-1].kernel)
    assert (
        evaluation.evaluate(dead, split.test_images, split.test_labels)["spread"] == 0
    )
    assert evaluation.without(trained.model, EASY, "ears") < 0.7
    assert len(trained.history["train_accuracy"]) == len(trained.history["val_loss"])


def test_the_weights_of_the_least_validation_loss_are_kept(trained, split):
    losses = trained.history["val_loss"]
    kept = evaluation.evaluate(trained.model, split.valid_images, split.valid_labels)
    assert kept["loss"] == pytest.approx(min(losses), rel=1e-4)


def test_shuffled_labels_are_not_learned(split):
    model = experiment.train(EASY, VARIANTS["glorot_shuffled"], split).model
    found = evaluation.evaluate(model, split.test_images, split.test_labels)
    assert found["accuracy"] < 0.65


class Scripted(keras.callbacks.Callback):
    """Puts losses of its own in place of the validation loss."""

    def __init__(self, losses):
        super().__init__()
        self.losses = losses

    def on_epoch_end(self, epoch, logs=None):
        logs["val_loss"] = self.losses[epoch]


@pytest.mark.parametrize("patience", [1, 2, 3])
@pytest.mark.parametrize("losses", [[3, 2, 2, 2, 1], [3, 4, 2, 3, 1, 2, 2], [1, 2, 3]])
def test_keras_stops_where_the_rule_says(losses, patience):
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    stop = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
    x = np.zeros((1, 1))
    kept = [Scripted([float(v) for v in losses]), stop]
    history = model.fit(x, x, epochs=len(losses), verbose=0, callbacks=kept)
    last, best = theory.early_stop(losses, patience)
    assert len(history.epoch) - 1 == last and stop.best_epoch == best


def test_a_history_is_read_as_it_should():
    history = {
        "val_loss": [0.7, 0.4, 0.5, np.nan],
        "val_accuracy": [0.5, 0.85, 0.7, 0.9],
        "train_accuracy": [0.5, 0.8, 0.9, 1.0],
    }
    found = evaluation.of_history(history, 10, 0.8)
    assert found["best_epoch"] == 2 and found["valid_best"] == 0.85
    assert found["gap"] == pytest.approx(0.1)
    assert found["gap_early"] == pytest.approx(-0.05)
    assert (found["updates"], found["reached"]) == (40, 0)  # one epoch alone is luck
    assert evaluation.updates_until([0.5, 0.8, 0.8, 0.7], 0.8, 10) == 20
    assert evaluation.updates_until([0.9], 0.8, 10) is None


def test_baselines_find_nothing_and_a_planted_shortcut(split):
    found = evaluation.baselines(split)
    assert found["majority/accuracy"] == 0.5
    hard = data.load(SMOKE.replace(num_train=1000, num_test=500))
    found = evaluation.baselines(hard)
    assert 0.4 < found["colours/accuracy"] < 0.6
    lighter = {
        name: getattr(hard, name)
        + 0.3 * getattr(hard, f"{name[:-7]}_labels")[:, None, None, None]
        for name in ("train_images", "test_images")
    }
    planted = dataclasses.replace(hard, **lighter)
    assert evaluation.baselines(planted)["colours/accuracy"] > 0.68


def test_occlusion_finds_the_place_that_matters():
    class Sees:
        """Looks at one pixel."""

        def predict(self, images, **options):
            return 20 * (images[:, 9, 4, :1] - 0.5)

    image = np.full((16, 16, 3), 0.5, np.float32)
    image[9, 4] = 1
    lost, places = evaluation.occlusion(Sees(), image, 1, patch=3, step=1)
    y, x = np.nonzero(lost > 5)
    assert set(places[y]) == {7, 8, 9} and set(places[x]) == {2, 3, 4}
    assert np.sum(np.abs(lost) > 1e-6) == 9


def test_gradients_before_training_are_those_of_the_loss_and_shrink_with_the_scale(
    split,
):
    sizes = experiment.gradient_sizes(EASY, VARIANTS["adam"], split, 50)
    model = experiment.compiled(EASY, VARIANTS["adam"])
    model.adapt(split.train_images)
    images, labels = split.train_images[:50], split.train_labels[:50]
    hidden = np.maximum(np.asarray(model.activations(images)[-2]), 0)
    error = evaluation.probabilities(model, images) - labels
    by_hand = np.sqrt(np.mean((error @ hidden / 50) ** 2))
    assert sizes.shape == (5,) and sizes[-1] == pytest.approx(by_hand, rel=1e-4)
    small = experiment.gradient_sizes(
        EASY.replace(scale=0.03), VARIANTS["adam"], split, 50
    )
    assert np.all(small < 0.1 * sizes)


def test_settings_that_cannot_be_are_refused_before_training():
    with pytest.raises(UserError, match="too small"):
        SMOKE.replace(network="chung")
    with pytest.raises(UserError, match="threshold"):
        SMOKE.replace(threshold=0.5)
    with pytest.raises(UserError, match="momentum"):
        SMOKE.replace(momentum=1.0)
    with pytest.raises(UserError, match="same"):
        SMOKE.replace(same=("tail",))
    with pytest.raises(UserError, match="data_path"):
        experiment.run(config.PRESETS["paper"])


def test_variants_are_built_as_they_say():
    settings = config.PRESETS["laptop_long"]
    dropped = experiment.build_model(settings, VARIANTS["glorot_dropout"])
    assert any(isinstance(x, keras.layers.Dropout) for x in dropped.stack)
    assert experiment.build_model(settings, VARIANTS["glorot_flip"]).arguments["flip"]
    normal = experiment.build_model(settings, VARIANTS["glorot_bn"])
    assert normal.architecture.batch_norm and normal.arguments["scale"] is None
    fast = experiment.make_optimizer(settings, VARIANTS["nesterov_fast"])
    slow = experiment.make_optimizer(settings, VARIANTS["nesterov"])
    assert float(fast.learning_rate) == pytest.approx(5 * float(slow.learning_rate))
    tiny = experiment.make_optimizer(settings, VARIANTS["adam_tiny"])
    assert tiny.epsilon == 1e-14
    assert experiment.make_optimizer(settings, VARIANTS["adam"]).epsilon == 1e-7
    clipped = experiment.make_optimizer(config.PRESETS["paper"], VARIANTS["chung"])
    assert clipped.global_clipnorm == 5.0
    assert float(clipped.learning_rate) == pytest.approx(5e-4)


def test_headlines_and_claims_stand_on_eight_seeds():
    for preset in ("laptop", "laptop_long"):
        assert len(results.recorded("convnet_baseline", preset)) >= 8
    for scale in (0.02, 0.05, 0.08, 0.12, 0.2, 0.3):
        of_scale = results.recorded("convnet_baseline", "laptop_scales", scale=scale)
        assert len(of_scale) >= 4
    for headline in paper.HEADLINES:
        assert headline.preset in config.PRESETS
