"""The Keras graph of a plan; what was applied to what is kept for lazy evaluation."""

import dataclasses
import typing

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from lessons.toolkit import operations

EPSILON = 1e-3  # of batch normalisation


@keras.saving.register_keras_serializable("lessons")
class ConvUnit(layers.Layer):
    """A convolution without bias, batch normalisation and ReLU, as one layer.

    A grid has hundreds of them, most with few channels: TensorFlow's fused batch
    normalisation is one operation where `BatchNormalization` makes ten. First weights
    are normal with variance 2 / (size^2 x filters).

    Args:
        filters: channels of the output.
        size: side of the kernel.
        strides: 1 or 2; "same" padding.
        momentum: of the moving statistics.
        decay: weight decay of all trained numbers, added to their gradients.
        seed: of the first kernel.
        **kwargs: for `keras.layers.Layer`.

    Input and output: (batch, height, width, channels).
    """

    def __init__(
        self, filters, size, strides=1, momentum=0.9, decay=0.0, seed=0, **kwargs
    ):
        super().__init__(**kwargs)
        self.filters, self.size, self.strides = filters, size, strides
        self.momentum, self.decay, self.seed = momentum, decay, seed

    def build(self, input_shape):
        """Kernel, scale, shift and moving statistics."""
        shape = (self.size, self.size, input_shape[-1], self.filters)
        penalty = keras.regularizers.L2(self.decay / 2) if self.decay else None
        start = keras.initializers.VarianceScaling(
            2.0, "fan_out", "untruncated_normal", seed=self.seed
        )
        self.kernel = self.add_weight(
            name="kernel", shape=shape, initializer=start, regularizer=penalty
        )
        for name, first in (("gamma", "ones"), ("beta", "zeros")):
            weight = self.add_weight(
                name=name,
                shape=(self.filters,),
                initializer=first,
                regularizer=penalty,
                autocast=False,
            )
            setattr(self, name, weight)
        for name, first in (("moving_mean", "zeros"), ("moving_variance", "ones")):
            weight = self.add_weight(
                name=name,
                shape=(self.filters,),
                initializer=first,
                trainable=False,
                autocast=False,
            )
            setattr(self, name, weight)

    def call(self, inputs, training=False):
        """The activations; with `training` the statistics are those of the batch."""
        values = tf.nn.conv2d(inputs, self.kernel, self.strides, "SAME")
        moving = self.moving_mean, self.moving_variance
        given = [] if training else [ops.convert_to_tensor(m) for m in moving]
        values, *found = tf.compat.v1.nn.fused_batch_norm(
            values,
            ops.convert_to_tensor(self.gamma),
            ops.convert_to_tensor(self.beta),
            *given,
            epsilon=EPSILON,
            is_training=bool(training),
        )
        if training:
            for old, new in zip(moving, found, strict=True):
                old.assign(self.momentum * old + (1 - self.momentum) * new)
        return ops.relu(values)

    def compute_output_shape(self, input_shape):
        """(batch, height, width, filters)."""
        sides = (-(-side // self.strides) for side in input_shape[1:3])
        return (input_shape[0], *sides, self.filters)

    def get_config(self):
        """The arguments, for saving."""
        names = ("filters", "size", "strides", "momentum", "decay", "seed")
        return super().get_config() | {name: getattr(self, name) for name in names}


class Step(typing.NamedTuple):
    """One layer applied to tensors.

    Attributes:
        layer: the Keras layer.
        inputs: symbolic tensors that it reads.
        output: the symbolic tensor that it gives.
        place: (network, layer, scale) of the cell that it is part of, with layer "exit"
            for a classifier; None outside.
    """

    layer: keras.Layer
    inputs: tuple
    output: keras.KerasTensor
    place: tuple | None


@dataclasses.dataclass
class Graph:
    """The steps of a network in their order, its images and the logits of its exits."""

    images: keras.KerasTensor
    steps: list[Step]
    exits: list[keras.KerasTensor]

    def ancestors(self, tensor, known=()):
        """The steps that a tensor needs, in their order.

        Args:
            tensor: a symbolic tensor of the graph.
            known: tensors that need not be computed.
        """
        makers = {id(step.output): step for step in self.steps}
        found, todo = set(), [tensor]
        known = {id(other) for other in known}
        while todo:
            key = id(todo.pop())
            if key in found or key in known or key not in makers:
                continue
            found.add(key)
            todo += makers[key].inputs
        return [step for step in self.steps if id(step.output) in found]


class Builder:
    """Applies layers and keeps `Step`s.

    Args:
        momentum: of the moving statistics.
        decay: weight decay.
        seed: of the first weights.
    """

    def __init__(self, momentum, decay, seed):
        self.momentum, self.decay, self.seed = momentum, decay, seed
        self.steps, self.place = [], None
        self._count = 0

    def apply(self, layer, *inputs):
        """The output of a layer."""
        output = layer(inputs[0] if len(inputs) == 1 else list(inputs))
        self.steps.append(Step(layer, inputs, output, self.place))
        return output

    def next_seed(self):
        """A seed for the first weights of one more layer."""
        self._count += 1
        return (10_000 * self.seed + self._count) % 2**31

    def unit(self, values, unit, name):
        """One `ConvUnit` as a plan's `Unit` says."""
        layer = ConvUnit(
            unit.outputs,
            unit.size,
            unit.stride,
            self.momentum,
            self.decay,
            self.next_seed(),
            name=name,
        )
        return self.apply(layer, values)

    def network(self, values, plan, number=0):
        """The grid of a plan; returns the logits of its exits.

        Args:
            values: the normalised images.
            plan: a `Plan`.
            number: of the network, where there are several.
        """
        prefix = f"net{number}_" if number else ""
        maps, found = {}, []
        for scale, unit in plan.first[0].items():
            self.place = number, 0, scale
            values = self.unit(values, unit, f"{prefix}l0_s{scale}")
            if scale == 1 and plan.stem == "imagenet":
                values = self.apply(
                    layers.MaxPooling2D(3, 2, "same", "channels_last"), values
                )
            maps[scale] = values
        for layer in range(1, plan.num_layers + 1):
            before = dict(maps)
            for scale in plan.kept(layer):
                self.place = number, layer, scale
                name = f"{prefix}l{layer}_s{scale}"
                maps[scale] = self._cell(plan, before, layer, scale, name)
            if layer in plan.exits:
                self.place = number, "exit", layer
                name = f"{prefix}exit{layer}"
                found.append(self._head(maps[plan.num_scales], plan, layer, name))
            if layer in plan.halvings:
                self.place = number, layer, 1
                unit = plan.halvings[layer]
                maps[1] = self.unit(maps[1], unit, f"{prefix}l{layer}_halve")
        self.place = None
        return found

    def _cell(self, plan, before, layer, scale, name):
        cell = plan.cells[layer, scale]
        outputs = []
        for source, units in cell.paths:
            values = before[source]
            kind = "same" if source == scale else "down"
            for unit, part in zip(units, ("in", "out"), strict=True):
                values = self.unit(values, unit, f"{name}_{kind}_{part}")
            outputs.append(values)
        if plan.dense:
            values = self.apply(layers.Concatenate(), before[scale], *outputs)
        else:
            if len(outputs) > 1:
                outputs = [self.apply(layers.Concatenate(), *outputs)]
            values = self.apply(layers.Add(), before[scale], *outputs)
        if cell.transition:
            values = self.unit(values, cell.transition, f"{name}_narrow")
        return values

    def _head(self, values, plan, layer, name):
        for place, unit in enumerate(plan.head_units(layer), 1):
            values = self.unit(values, unit, f"{name}_{place}")
        if plan.keeps_places(layer):
            pool = layers.AveragePooling2D(2, data_format="channels_last")
            values = self.apply(pool, values)
            values = self.apply(layers.Flatten(data_format="channels_last"), values)
        else:
            pool = layers.GlobalAveragePooling2D("channels_last")
            values = self.apply(pool, values)
        penalty = keras.regularizers.L2(self.decay / 2) if self.decay else None
        dense = layers.Dense(
            plan.num_classes,
            kernel_initializer=keras.initializers.GlorotUniform(self.next_seed()),
            kernel_regularizer=penalty,
            bias_regularizer=penalty,
            dtype="float32",  # the loss, and confidences that are compared
            name=f"{name}_logits",
        )
        return self.apply(dense, values)


def operations_of(layer):
    """Operations of a built layer for an image, as the released code counts.

    Multiplications; one for each input of a ReLU, each bias, each number a pool reads.
    """
    count = operations.of_layer(layer)
    outputs = int(np.prod(layer.output.shape[1:]))
    if isinstance(layer, ConvUnit):
        count += outputs
    elif isinstance(layer, layers.Dense):
        count += outputs
    elif isinstance(layer, (layers.AveragePooling2D, layers.MaxPooling2D)):
        count += outputs * int(np.prod(layer.pool_size))
    elif isinstance(layer, layers.GlobalAveragePooling2D):
        count += int(np.prod(layer.input.shape[1:]))
    return count
