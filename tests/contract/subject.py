"""An example of a lesson with the models that the checks of the contract share."""

import functools

import keras
import numpy as np
import tensorflow as tf
from keras import tree

from lessons.toolkit import runtime
from lessons.toolkit.adversarial import Adversarial

EAGERLY = {"run_eagerly": True, "jit_compile": False}


class Subject:
    """An example of a lesson and the models that its checks share.

    Args:
        example: a `lessons.toolkit.experiment.Example`.
        config: the configuration it is an example of.
        folder: an empty folder, as a `Path`.
        other: the same example of a configuration with another seed, or None.
        is_first: whether it is the lesson's first.
    """

    def __init__(self, example, config, folder, other=None, is_first=True):
        self.example, self.config, self.folder = example, config, folder
        self.other = other
        self.is_first = is_first
        self.x, self.y = each(tf.convert_to_tensor, (example.x, example.y))
        self.num_examples = len(tree.flatten(example.x)[0])

    def build(self, **options):
        """The compiled model, with the seed of the configuration."""
        runtime.seed_everything(self.config.seed)
        return self.example.build(**options)

    def batch(self, size=None):
        """The first examples and their targets; all of them without a size."""
        return each(lambda values: values[:size], (self.x, self.y))

    def step(self, model, size=None, sample_weight=None):
        """Train one step on the first examples; returns the loss."""
        x, y = self.batch(size)
        logs = model.train_on_batch(x, y, sample_weight, return_dict=True)
        assert np.isfinite(logs["loss"]), f"the loss is {logs['loss']}"
        return logs["loss"]

    def cycle(self, model):
        """How many steps update every network once."""
        if isinstance(model, Adversarial):
            return model.critic_updates + model.generator_updates
        return 1

    def inputs(self, model, size=None):
        """What `call` takes: codes where networks take turns, else what `fit` does."""
        if not isinstance(model, Adversarial):
            return self.batch(size)[0]
        rng = np.random.default_rng(1)
        size = size or self.num_examples
        codes = [
            tf.constant(rng.random((size, *spec.shape[1:])), spec.dtype)
            for spec in model.generator.inputs
        ]
        return codes[0] if len(codes) == 1 else codes

    @functools.cached_property
    def twins(self):
        """Two models that trained alike: each with its first weights and losses."""
        return [self._trained() for _ in range(2)]

    def _trained(self):
        model = self.build(**EAGERLY)
        first = numbers(model.trainable_weights)
        losses = [self.step(model) for _ in range(self.cycle(model))]
        return model, first, losses

    @property
    def model(self):
        """A model that was trained as many steps as update every network once."""
        return self.twins[0][0]


def each(function, values):
    """A function of every array in a nested structure; None stays."""
    return tree.map_structure(lambda v: None if v is None else function(v), values)


def numbers(variables):
    """Variables as NumPy arrays that no longer change."""
    return [np.copy(variable.numpy()) for variable in variables]


def optimizers(model):
    """The optimizers of a model by the names of its attributes."""
    found = {name: getattr(model, name, None) for name in sorted(vars(model))}
    found["optimizer"] = model.optimizer
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, keras.optimizers.Optimizer)
    }


def state(model):
    """Every variable that a training step may change."""
    variables = {id(variable): variable for variable in model.variables}
    for optimizer in optimizers(model).values():
        variables |= {id(variable): variable for variable in optimizer.variables}
    return list(variables.values())


def assign(variables, values):
    """Set variables to what `numbers` gave."""
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def same(one, other, what):
    """Assert that two nested structures hold the same numbers."""
    pairs = zip(tree.flatten(one), tree.flatten(other), strict=True)
    for index, (a, b) in enumerate(pairs):
        np.testing.assert_array_equal(a, b, err_msg=f"{what}, part {index}")
