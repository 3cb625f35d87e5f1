"""Two sides with an optimizer each: what is refused, what is saved, what is scaled."""

import keras
import numpy as np
import pytest
from keras import ops

from lessons.toolkit.adversarial import Adversarial
from lessons.toolkit.errors import UserError

EXAMPLES = np.ones((16, 4), np.float32)


@keras.saving.register_keras_serializable("lessons tests")
class Means(Adversarial):
    """Data and samples are told apart by the critic's mean."""

    def gap(self, data, codes):
        fake = self.generator(codes, training=True)
        real, fake = (
            ops.mean(ops.cast(self.critic(side), "float32")) for side in (data, fake)
        )
        return real - fake

    def critic_loss(self, data, codes):
        return ops.square(self.gap(data, codes) - 1.0)

    def generator_loss(self, data, codes):
        return ops.square(self.gap(data, codes))

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        networks = self.generator, self.critic
        return {"networks": [serialize(network) for network in networks]}

    @classmethod
    def from_config(cls, config):
        networks = map(keras.saving.deserialize_keras_object, config["networks"])
        return cls(*networks, seed=0)


@pytest.fixture
def policy():
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy("float32")


def make(rate=0.1, initial_scale=None):
    """A model; initial_scale: of both optimizers, None leaves it to `compile`."""
    keras.utils.set_random_seed(0)
    generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)])
    critic = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model = Means(generator, critic, seed=0)
    both = keras.optimizers.SGD(rate), keras.optimizers.SGD(3 * rate)
    if initial_scale is not None:
        wrap = keras.optimizers.LossScaleOptimizer
        both = [wrap(one, initial_scale=initial_scale) for one in both]
    model.compile(*both)
    return model


def moved(model):
    """How far one update of each side moves the two kernels."""
    kernels = model.generator.weights[0], model.critic.weights[0]
    before = [kernel.numpy() for kernel in kernels]
    model.fit(EXAMPLES, batch_size=8, shuffle=False, verbose=0)
    return [
        float(np.abs(kernel.numpy() - old).max())
        for kernel, old in zip(kernels, before, strict=True)
    ]


def test_half_precision_takes_the_steps_of_single_precision(policy):
    """The gradients of a scaled loss are those of the loss: neither side stands.

    The usual first scale, 2^15, overflows in the first steps, which are then left out.
    """
    single = moved(make())
    assert min(single) > 0.01
    policy("mixed_float16")
    model = make()
    for optimizer in (model.optimizer, model.critic_optimizer):
        assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    for scale in (1.0, 64.0):
        steps = moved(make(initial_scale=scale))
        np.testing.assert_allclose(steps, single, rtol=0.02)


@pytest.mark.parametrize("name", ["float32", "mixed_float16"])
def test_loaded_model_has_both_optimizers_and_scales_once(name, policy, tmp_path):
    policy(name)
    model = make()
    model.fit(EXAMPLES, batch_size=8, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for one, other in (
        (model.optimizer, loaded.optimizer),
        (model.critic_optimizer, loaded.critic_optimizer),
    ):
        assert one.get_config() == other.get_config()
    wrapped = loaded.critic_optimizer
    while isinstance(wrapped, keras.optimizers.LossScaleOptimizer):
        assert name == "mixed_float16"
        wrapped = wrapped.inner_optimizer
        assert isinstance(wrapped, keras.optimizers.SGD)
    assert float(wrapped.learning_rate) == pytest.approx(0.3)


def test_nothing_is_saved_of_a_model_that_is_not_compiled():
    model = make()
    assert Means(model.generator, model.critic).get_compile_config() is None


def test_one_optimizer_for_both_sides_is_refused():
    model = make()
    optimizer = keras.optimizers.SGD()
    with pytest.raises(UserError, match="critic_optimizer must be two objects"):
        model.compile(optimizer, optimizer)
