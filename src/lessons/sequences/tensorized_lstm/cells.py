"""Tensor cells as Keras layers: one step each, for `layers.Delayed` or `keras` RNNs.

Weights are made by names: `input_kernel` (R, M) and `input_bias` (M,) project the
input into the row before the first location; `kernel` and `bias` are the cross-layer
convolution, shared by all locations.
"""

import keras
from keras import initializers, layers, ops

from lessons.sequences.tensorized_lstm import theory
from lessons.toolkit.errors import UserError, unknown


class TensorCell(layers.Layer):
    """What the cells share: sizes, the input's projection, the convolution's weights.

    Args:
        units: M, channels of a location.
        size: P, locations along an axis.
        kernel_size: K, locations that the kernel covers along an axis, at least 2.
        order: 2 for locations in a row, 3 for a square of P times P.
        **kwargs: for `keras.layers.Layer`.

    Raises:
        UserError: an argument is invalid.
    """

    def __init__(self, units, size=1, kernel_size=3, order=2, **kwargs):
        super().__init__(**kwargs)
        if units < 1:
            raise UserError(f"units must be at least 1, got {units}.")
        if order not in (2, 3):
            raise UserError(f"order must be 2 or 3, got {order}.")
        self.units, self.size, self.kernel_size = units, size, kernel_size
        self.order = order
        self.depth = theory.depth(size, kernel_size)
        self.shape = (*[size] * (order - 1), units)
        self.taps = kernel_size ** (order - 1)
        self.output_size = units

    def build(self, input_shape):
        """Make the weights for inputs of shape (batch, R)."""
        fan_in = self.taps * self.units
        self.input_kernel = self.add_weight(
            shape=(input_shape[-1], self.units),
            initializer=initializers.RandomNormal(stddev=1.0),
            name="input_kernel",
        )
        self.input_bias = self.add_weight(
            shape=(self.units,), initializer="zeros", name="input_bias"
        )
        self.kernel = self.add_weight(
            shape=(fan_in, self.width),
            initializer=initializers.RandomNormal(stddev=fan_in**-0.5),
            name="kernel",
        )
        self.bias = self.add_weight(
            shape=(self.width,), initializer=self._first_bias, name="bias"
        )

    def _first_bias(self, shape, dtype=None):
        return ops.zeros(shape, dtype=dtype)

    def project(self, inputs):
        """$xW^x + b^x$ for inputs of shape (..., R)."""
        inputs = ops.cast(inputs, self.compute_dtype)
        return ops.matmul(inputs, self.input_kernel) + self.input_bias

    def get_initial_state(self, batch_size=None):
        """Tensors of 0, one for each of `state_size`."""
        shape = (batch_size, *self.shape)
        return [ops.zeros(shape, dtype=self.compute_dtype) for _ in self.state_size]

    def call(self, inputs, states, training=False):
        """One step: (what the last location says, states).

        Args:
            inputs: shape (batch, R).
            states: H, and C of an LSTM, each of shape (batch, P, M) or (batch, P, P,
                M).
            training: not used.

        Returns:
            The output of shape (batch, M) and the new states. The output has seen the
            input of `depth` - 1 steps ago, not yet this one.
        """
        return self.step(self.project(inputs), list(states))

    def last(self, hidden):
        """The last location of a tensor of shape (batch, P, M) or (batch, P, P, M)."""
        return hidden[(slice(None), *[-1] * (self.order - 1))]

    def get_config(self):
        """The arguments, for saving."""
        names = ("units", "size", "kernel_size", "order")
        return {**super().get_config(), **{n: getattr(self, n) for n in names}}


@keras.saving.register_keras_serializable("lessons")
class TRNNCell(TensorCell):
    """One step of the tensorized RNN (`theory.trnn_step`); arguments: `TensorCell`."""

    def __init__(self, units, size=1, kernel_size=3, order=2, **kwargs):
        super().__init__(units, size, kernel_size, order, **kwargs)
        self.width = units
        self.state_size = [self.shape]

    def step(self, row, states):
        """(Output, states) from the projected input, shape (batch, M)."""
        kernel, bias = _cast(self.compute_dtype, self.kernel, self.bias)
        hidden = theory.trnn_step(row, states[0], kernel, bias, self.kernel_size)
        return self.last(hidden), [hidden]


@keras.saving.register_keras_serializable("lessons")
class TLSTMCell(TensorCell):
    """One step of the tensorized LSTM (`theory.tlstm_step`).

    Args:
        units, size, kernel_size, order: as for `TensorCell`.
        memory: whether memory is convolved, with a kernel that each location chooses
            at each step.
        normalise: "none", "layer" or "channel": what is normalised before the gates
            and where the memory is shown.
        forget_bias: of the forget gates at the start.
        centre_bias: of the memory kernel's centre at the start: the greater, the more
            memory stays where it is. 0 begins with the mean of the neighbours.
        **kwargs: for `keras.layers.Layer`.

    Raises:
        UserError: an argument is invalid.
    """

    def __init__(
        self,
        units,
        size=1,
        kernel_size=3,
        order=2,
        memory=True,
        normalise="none",
        forget_bias=1.0,
        centre_bias=0.0,
        **kwargs,
    ):
        super().__init__(units, size, kernel_size, order, **kwargs)
        if normalise not in theory.NORMALISATIONS:
            raise unknown("normalise", normalise, theory.NORMALISATIONS)
        if normalise == "channel" and units < 2:
            raise UserError(
                "normalise='channel' needs units of at least 2, got 1: one channel "
                "minus its mean is 0."
            )
        self.memory, self.normalise = memory, normalise
        self.forget_bias, self.centre_bias = forget_bias, centre_bias
        self.width = 4 * units + (self.taps if memory else 0)
        self.state_size = [self.shape, self.shape]

    def build(self, input_shape):
        """Make the weights for inputs of shape (batch, R)."""
        super().build(input_shape)
        self.gains = self.shifts = None
        if self.normalise == "none":
            return
        widths = {"gates": self.width, "cells": self.units}
        self.gains, self.shifts = {}, {}
        for part, width in widths.items():
            shape = (*self.shape[:-1], width)
            self.gains[part] = self.add_weight(
                shape=shape, initializer="ones", name=f"{part}_gain"
            )
            self.shifts[part] = self.add_weight(
                shape=shape,
                initializer=self._first_shift if part == "gates" else "zeros",
                name=f"{part}_shift",
            )

    def _first_bias(self, shape, dtype=None):
        """Without normalisation the first biases; with it they are shifts instead."""
        first = self._first_gates(dtype)
        return first if self.normalise == "none" else ops.zeros_like(first)

    def _first_shift(self, shape, dtype=None):
        return ops.broadcast_to(self._first_gates(dtype), shape)

    def _first_gates(self, dtype):
        parts = [
            ops.zeros((2 * self.units,), dtype=dtype),
            ops.full((self.units,), self.forget_bias, dtype=dtype),
            ops.zeros((self.units,), dtype=dtype),
        ]
        if self.memory:
            powers = (self.kernel_size**axis for axis in range(self.order - 1))
            centre = self.kernel_size // 2 * sum(powers)
            parts.append(self.centre_bias * ops.one_hot(centre, self.taps, dtype=dtype))
        return ops.concatenate(parts)

    def step(self, row, states):
        """(Output, states) from the projected input, shape (batch, M)."""
        hidden, cells = states
        kernel, bias = _cast(self.compute_dtype, self.kernel, self.bias)
        hidden, cells = theory.tlstm_step(
            row,
            hidden,
            cells,
            kernel,
            bias,
            self.kernel_size,
            memory=self.memory,
            norm_gates=self._normaliser("gates"),
            norm_cells=self._normaliser("cells"),
        )
        return self.last(hidden), [hidden, cells]

    def _normaliser(self, part):
        if self.normalise == "none":
            return None
        gain, shift = _cast(self.compute_dtype, self.gains[part], self.shifts[part])
        return lambda z: theory.normalise(z, gain, shift, self.normalise)

    def get_config(self):
        """The arguments, for saving."""
        names = ("memory", "normalise", "forget_bias", "centre_bias")
        return {**super().get_config(), **{n: getattr(self, n) for n in names}}


def _cast(dtype, *weights):
    return [ops.cast(weight, dtype) for weight in weights]
