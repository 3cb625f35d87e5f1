"""Untrained networks of whole numbers, on which theorems hold to the last bit.

Weights are -1, 0 and 1 and pixels are 0 to 3: every sum is a whole number that float32
holds exactly, in whatever order a processor adds.
"""

import keras
import numpy as np
import tensorflow as tf

from lessons.vision.crowding.model import ScaleNet


def integer_net(layout="end", size=60, filters=4, code=(1, 1, 1, 1), seed=0):
    """A `ScaleNet` of the paper's kernels and windows with whole weights.

    Args:
        layout: pooling over space.
        size: side of the input.
        filters: channels; more than 4 may leave what float32 holds exactly.
        code: of scales.
        seed: of the weights.
    """
    net = ScaleNet(size, code, layout, filters)
    rng = np.random.default_rng(seed)
    net.set_weights([rng.integers(-1, 2, w.shape) for w in net.get_weights()])
    return net


def integer_objects(count, size=8, seed=1):
    """Random objects of whole pixels from 0 to 3, shape (count, size, size)."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 4, (count, size, size)).astype(np.float32)


def scene(side, *placed):
    """An input of one scale with objects on it, shape (1, 1, side, side, 1).

    Args:
        side: of the input.
        *placed: pairs (object, first column); objects stand in the middle row.
    """
    image = np.zeros((1, 1, side, side, 1), np.float32)
    for thing, left in placed:
        size = len(thing)
        top = (side - size) // 2
        below = image[0, 0, top : top + size, left : left + size, 0]
        np.maximum(below, thing, out=below)
    return image


def shift_changes(net, shifts, left=20):
    """Greatest change of a logit when an object moves to the right.

    Args:
        net: a `ScaleNet` of one scale.
        shifts: pixels.
        left: the object's first column before.

    Returns:
        List of floats.
    """
    thing, side = integer_objects(1)[0], net.arguments["crop"]
    places = [left, *(left + shift for shift in shifts)]
    logits = net.predict(
        np.concatenate([scene(side, (thing, place)) for place in places]), verbose=0
    )
    return [float(np.abs(row - logits[0]).max()) for row in logits[1:]]


def additivity_gaps(net, spacings, left=16):
    """Greatest |feature of both - greater feature of the two| at each spacing.

    Args:
        net: a `ScaleNet` of one scale.
        spacings: pixels between the middles of two objects of 8 pixels.
        left: first column of the first object.

    Returns:
        List of floats.
    """
    first, second = integer_objects(2)
    side, gaps = net.arguments["crop"], []
    for spacing in spacings:
        pair = (first, left), (second, left + spacing)
        scenes = [scene(side, *pair), *(scene(side, one) for one in pair)]
        both, *apart = net.features.predict(np.concatenate(scenes), verbose=0)
        gaps.append(float(np.abs(both - np.maximum(*apart)).max()))
    return gaps


def seen_columns(net):
    """How many columns change a middle unit of the last convolution.

    All kernels are set to 1, so that no influence cancels; one pixel of a black image
    is lit at a time.

    Args:
        net: a `ScaleNet` of one scale; its weights are replaced.
    """
    net.set_weights([np.ones(w.shape) for w in net.get_weights()])
    side = net.arguments["crop"]
    images = np.zeros((side + 1, 1, side, side, 1), np.float32)
    images[np.arange(side), 0, side // 2, np.arange(side)] = 1
    last = net.get_layer(f"conv_{len(net.plan)}").output
    maps = keras.Model(net.input, last).predict(images, verbose=0)[:, 0]
    middle = maps.shape[1] // 2
    units = maps[:, middle, middle, 0]
    return int(np.sum(units[:-1] != units[-1]))


def shared_and_deep(layer, inputs):
    """A shared convolution against Keras's `Conv3D` and against scales one by one.

    Args:
        layer: a built `SharedConv2D`.
        inputs: shape (batch, scales, height, width, channels).

    Returns:
        (difference, gradient): the greatest difference of the maps to those of
        `Conv3D` with a kernel of depth 1; and the greatest difference of the kernel's
        gradient to the sum of the gradients of the scales, over its greatest entry. The
        loss is the sum of squares of the maps.
    """
    deep = keras.layers.Conv3D(
        layer.filters, (1, layer.kernel_size, layer.kernel_size), activation="relu"
    )
    deep.build(inputs.shape)
    deep.set_weights([layer.kernel.numpy()[None], layer.bias.numpy()])
    difference = np.abs(layer(inputs) - deep(inputs)).max()

    def slope(part):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(part) ** 2)
        return tape.gradient(loss, layer.kernel.value).numpy()

    scales = range(inputs.shape[1])
    whole, parts = slope(inputs), [slope(inputs[:, i : i + 1]) for i in scales]
    apart = np.abs(whole - np.sum(parts, axis=0)).max() / np.abs(whole).max()
    return float(difference), float(apart)
