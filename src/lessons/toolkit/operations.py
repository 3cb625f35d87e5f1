"""What a built network costs to evaluate, counted from its layers."""

import math

from lessons.toolkit.errors import UserError


def of_layer(layer):
    """Multiplications of one layer for one example.

    A kernel of shape (height, width, inputs, outputs) is applied at each place of the
    output, one of shape (inputs, outputs) once.

    Args:
        layer: a Keras layer that was applied once in a functional graph; one without a
            `kernel` costs 0.

    Raises:
        UserError: the kernel has another number of axes.
    """
    kernel = getattr(layer, "kernel", None)
    if kernel is None:
        return 0
    if len(kernel.shape) not in (2, 4):
        raise UserError(
            f"layer {layer.name!r} must have a kernel of 2 or 4 axes, got shape "
            f"{tuple(kernel.shape)}. Allowed: dense and two-dimensional convolutions."
        )
    places = math.prod(layer.output.shape[1:-1]) if len(kernel.shape) == 4 else 1
    return math.prod(kernel.shape) * places


def multiplications(model):
    """Multiplications of a functional model for one example.

    Batch normalisation is not counted: it can be multiplied into the kernels.

    Args:
        model: a built functional `keras.Model`.
    """
    return sum(of_layer(layer) for layer in model.layers)
