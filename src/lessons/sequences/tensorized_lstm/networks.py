"""Variants as networks: their channels, their parameters, their recurrent part."""

from lessons.sequences.tensorized_lstm import counts
from lessons.sequences.tensorized_lstm.cells import TLSTMCell, TRNNCell
from lessons.sequences.tensorized_lstm.layers import Delayed, Stacked
from lessons.sequences.tensorized_lstm.variants import VARIANTS


def symbols_of(config):
    """(R, S, whether inputs are symbols) of a configuration's task, without data.

    Of a text they are those of the paper's, 205, unless the text is loaded.
    """
    return {
        "memorisation": (config.num_symbols + 1, config.num_symbols, True),
        "addition": (11, 11, True),
        "pixels": (1, 10, False),
        "text": (205, 205, True),
    }[config.task]


def units_of(config, variant, sizes):
    """M of a variant: by its factor, or so that another's parameters are not exceeded.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        sizes: (R, S), numbers of a step's input and classes.
    """
    if not variant.like:
        return max(1, round(config.units * variant.factor))
    limit = number_of(config, VARIANTS[variant.like], sizes, config.units)
    units = 1
    while number_of(config, variant, sizes, units + 1) <= limit:
        units += 1
    return units


def number_of(config, variant, sizes, units):
    """Trained numbers of an LSTM variant with so many channels, by formula."""
    inputs, outputs = sizes
    size = variant.size or config.size
    if variant.stacked:
        layers = 1 if variant.shared else size
        return counts.stacked_parameters(inputs, units, outputs, layers)
    return counts.parameters(
        inputs,
        units,
        outputs,
        variant.kernel_size or config.kernel_size,
        variant.memory,
        variant.order,
        size,
        variant.normalise != "none",
    )


def make_body(config, variant, units, streams=False):
    """The recurrent part of a variant, not built: a `Delayed` or a `Stacked`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        units: M.
        streams: whether its states are carried from batch to batch.
    """
    size = variant.size or config.size
    if variant.stacked:
        return Stacked(
            units,
            size,
            variant.kind,
            variant.shared,
            config.forget_bias,
            return_state=streams,
            name="body",
        )
    shape = units, size, variant.kernel_size or config.kernel_size, variant.order
    if variant.kind == "rnn":
        cell = TRNNCell(*shape)
    else:
        cell = TLSTMCell(
            *shape,
            memory=variant.memory,
            normalise=variant.normalise,
            forget_bias=config.forget_bias,
            centre_bias=variant.centre_bias,
        )
    return Delayed(
        cell, variant.delay, flush=not streams, return_state=streams, name="body"
    )


def delay_of(config, variant):
    """Steps between an input and its output."""
    if variant.stacked:
        return 0
    return make_body(config, variant, 2).delay
