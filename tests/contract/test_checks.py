"""The contract's own tests: for every check a broken model that it finds."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from lessons.toolkit import runtime
from lessons.toolkit.config import RunConfig
from lessons.toolkit.experiment import Example
from tests.contract import test_objects as objects
from tests.contract.checks import CHECKS, paper_step
from tests.contract.subject import Subject

X = np.random.default_rng(0).random((11, 3), dtype=np.float32)


@keras.saving.register_keras_serializable("contract")
class Sound(keras.Model):
    """The smallest autoencoder that keeps the contract."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.layer = keras.layers.Dense(3)
        self.layer.build((None, 3))
        self.build((None, 3))

    def build(self, input_shape):
        pass

    def call(self, x, training=False):
        return ops.cast(self.layer(x), "float32")

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        return runtime.batch_loss(ops.sum((x - y_pred) ** 2, axis=1), sample_weight)


class SetsBuilt(Sound):
    """Says that it is built, so Keras never learns the shape of its input."""

    def __init__(self, **kwargs):
        keras.Model.__init__(self, **kwargs)
        self.layer = keras.layers.Dense(3)
        self.layer.build((None, 3))
        self.built = True


class Broadcasts(Sound):
    """Weights of shape (n, 1) make a table of (n, n) out of n losses."""

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        losses = ops.sum((x - y_pred) ** 2, axis=1)
        return ops.mean(losses if sample_weight is None else losses * sample_weight)


class IgnoresWeights(Sound):
    """Takes weights and does not use them."""

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        return ops.mean((x - y_pred) ** 2)


class Idle(Sound):
    """Has a weight that nothing depends on."""

    def __init__(self, **kwargs):
        keras.Model.__init__(self, **kwargs)
        self.layer = keras.layers.Dense(3)
        self.idle = keras.layers.Dense(1, use_bias=False)
        self.layer.build((None, 3))
        self.idle.build((None, 1))
        self.build((None, 3))

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        loss = super().compute_loss(x, y, y_pred, sample_weight, training)
        return loss + 0 * ops.sum(self.idle.kernel)


class Unseeded(Sound):
    """Starts from numbers that no seed decides."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        rng = np.random.default_rng()
        self.layer.kernel.assign(rng.random((3, 3)))


class AlwaysTheSame(Sound):
    """Starts from the same numbers whatever the seed."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.layer.kernel.assign(np.eye(3))


class Forgets(Sound):
    """Keeps a number outside its weights and its configuration."""

    factor = 1.0

    def call(self, x, training=False):
        return self.factor * super().call(x)

    def fit_starts(self):
        self.factor = 2.0
        return self


class HalfPrecisionLoss(Sound):
    """Its loss has the dtype of its layers."""

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        difference = ops.cast(x, self.compute_dtype) - ops.cast(
            y_pred, self.compute_dtype
        )
        return ops.mean(difference**2)


class FullPrecision(Sound):
    """Its layer and itself are float32 whatever is asked for."""

    def __init__(self, **kwargs):
        keras.Model.__init__(self, dtype="float32")
        self.layer = keras.layers.Dense(3, dtype="float32")
        self.layer.build((None, 3))
        self.build((None, 3))


class NotForXLA(Sound):
    """Asks Python for a number in the middle of a step."""

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        zero = tf.numpy_function(lambda: np.float32(0), [], tf.float32)
        return ops.mean((x - y_pred) ** 2) + zero


class NeedsTwo(Sound):
    """Divides by the number of examples but one."""

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        count = ops.cast(ops.shape(x)[0], "float32")
        return ops.sum((x - y_pred) ** 2) / (count - 1.0)


class FixedSize(Sound):
    """Takes batches of eleven or of five."""

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        rows = ops.reshape(x - y_pred, (-1, 15 if ops.shape(x)[0] == 5 else 33))
        return ops.mean(rows**2)


def subject_of(kind, folder, exceptions=None, is_first=True):
    """A subject whose example makes models of a class."""

    def build(**options):
        model = kind()
        model.compile(keras.optimizers.Adam(0.01), **options)
        return model.fit_starts() if isinstance(model, Forgets) else model

    example = Example(name=kind.__name__, build=build, x=X, exceptions=exceptions or {})
    return Subject(example, RunConfig(preset="smoke"), folder, example, is_first)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_sound_model_passes_every_check(tmp_path, is_first):
    subject = subject_of(Sound, tmp_path, is_first=is_first)
    for check in CHECKS.values():
        check(subject)
    paper_step(subject)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("export", SetsBuilt),
        ("sample weight", Broadcasts),
        ("sample weight", IgnoresWeights),
        ("every weight moves", Idle),
        ("same seed", Unseeded),
        ("same seed", AlwaysTheSame),
        ("round trip", Forgets),
        ("mixed precision", HalfPrecisionLoss),
        ("mixed precision", FullPrecision),
        ("jit", NotForXLA),
        ("batch of one", NeedsTwo),
        ("ragged batch", FixedSize),
    ],
)
def test_a_broken_model_fails_its_check(tmp_path, name, kind):
    keras.saving.register_keras_serializable("contract")(kind)
    subject = subject_of(kind, tmp_path, is_first=False)
    subject.twins  # noqa: B018 - it trains, as far as one step shows
    with pytest.raises(Exception):  # noqa: B017 - by whatever it fails
        CHECKS[name](subject)
    excepted = subject_of(kind, tmp_path, {name: "It is broken on purpose."}, False)
    objects.hold(CHECKS[name], name, excepted)


def test_an_exception_that_is_not_needed_is_found(tmp_path):
    reason = {"batch of one": "It was broken some time ago."}
    subject = subject_of(Sound, tmp_path, reason)
    with pytest.raises(pytest.fail.Exception, match="excepted, but holds"):
        objects.hold(CHECKS["batch of one"], "batch of one", subject)


@pytest.mark.parametrize(
    "exceptions", [{"no such check": "Four words are enough."}, {"jit": "Too slow."}]
)
def test_an_exception_has_a_known_name_and_a_reason(tmp_path, exceptions):
    with pytest.raises(AssertionError):
        objects.problems(subject_of(Sound, tmp_path, exceptions).example)
