"""Recurrent loops on several cores: the batch in parts, one XLA call for each.

A loop over time cannot use two cores well: its products are small, and a meeting of
threads in every step costs more than it gains. Parts of the batch do not depend on each
other, so each core runs the whole loop over its own part and nobody waits.
"""

import os

import tensorflow as tf
from tensorflow.python.ops import control_flow_util

from lessons.toolkit import machine

LEAST = 8  # examples in a part, below which a core does not pay
MOST_IF_UNKNOWN = 4  # parts of a batch whose size is not known while tracing


def over_cores(function, in_axes, out_axes):
    """A function under XLA that runs on parts of the batch, one for each core.

    The parts are put together again, so the result is the same up to rounding. Eagerly,
    within XLA, on one core, with a GPU, and for fewer than `LEAST` examples a core, the
    function runs as it is, without XLA.

    Args:
        function: of tensors or nests of them, each example by itself.
        in_axes: for each argument (or tensor of its nest) the axis of the batch; None
            where all parts get the whole.
        out_axes: the axes of the batch in what it returns, a tuple of tensors.

    Returns:
        A function with the same arguments and results; like XLA's `while_loop`, it has
        no gradient unless `function` is part of a `tf.custom_gradient`.
    """

    def run(*arguments):
        leaves, axes = _with_axes(arguments, in_axes)
        batch, num_parts = _batch_and_parts(leaves, axes)
        if num_parts == 1 or not _may_split():
            return function(*arguments)

        def split():
            sizes = [(batch + i) // num_parts for i in range(num_parts)]
            compiled = tf.function(function, jit_compile=True, autograph=False)
            pieces = [
                [leaf] * num_parts if axis is None else tf.split(leaf, sizes, axis)
                for leaf, axis in zip(leaves, axes, strict=True)
            ]
            parts = [
                compiled(*tf.nest.pack_sequence_as(arguments, part))
                for part in zip(*pieces, strict=True)
            ]
            joined = zip(out_axes, *parts, strict=True)
            return tuple(tf.concat(list(part), axis) for axis, *part in joined)

        if isinstance(batch, int):
            return split()
        enough = batch >= num_parts * LEAST
        return tf.cond(enough, split, lambda: function(*arguments))

    return run


def num_cores():
    """Cores that TensorFlow may run operations on, within its limits of threads."""
    threads = tf.config.threading
    limits = [
        threads.get_inter_op_parallelism_threads(),
        threads.get_intra_op_parallelism_threads(),
    ]
    for kind in ("INTER", "INTRA"):
        limits.append(int(os.environ.get(f"TF_NUM_{kind}OP_THREADS") or 0))
    return min([machine.usable_cores(), *(limit for limit in limits if limit > 0)])


def _may_split():
    graph = tf.compat.v1.get_default_graph()
    return (
        tf.inside_function()
        and not control_flow_util.GraphOrParentsInXlaContext(graph)
        and not tf.config.list_logical_devices("GPU")
    )


def _with_axes(arguments, in_axes):
    """Tensors and their axes, flat; None among the arguments stays."""
    leaves, axes = [], []
    for argument, axis in zip(arguments, in_axes, strict=True):
        nest = tf.nest.flatten(argument)
        leaves += nest
        axes += list(axis) if isinstance(axis, tuple) else [axis] * len(nest)
    return leaves, axes


def _batch_and_parts(leaves, axes):
    """Examples in the batch, a tensor where that is not known yet; parts to make."""
    leaf, axis = next(
        pair for pair in zip(leaves, axes, strict=True) if pair[1] is not None
    )
    batch = leaf.shape[axis]
    if batch is None:
        return tf.shape(leaf)[axis], min(num_cores(), MOST_IF_UNKNOWN)
    return batch, max(1, min(num_cores(), batch // LEAST))
