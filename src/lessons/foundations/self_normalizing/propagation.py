"""Activations sent through many random layers, without training."""

import keras
import numpy as np

from lessons.foundations.self_normalizing import theory
from lessons.toolkit.errors import unknown

# name: (activation, variance of the weights times the number of inputs)
PAIRS = {
    "SELU, 1/n": (theory.selu, 1.0),
    "ReLU, 2/n": (keras.activations.relu, 2.0),
    "ReLU, 1/n": (keras.activations.relu, 1.0),
    "tanh, 1/n": (keras.activations.tanh, 1.0),
    "ELU, 1/n": (keras.activations.elu, 1.0),
    "SELU, 2/n": (theory.selu, 2.0),
}


def propagate(pair, inputs, num_layers, seed=0, keep=()):
    """Moments of the activations after each layer of a random network.

    Args:
        pair: a name out of `PAIRS`: activation and initialisation.
        inputs: shape (samples, width); every layer has that width.
        num_layers: how many.
        seed: of the weights.
        keep: layers (1, 2, ...) whose activations to return.

    Returns:
        (means, variances, kept): two arrays of shape (num_layers + 1,), averages over
        units and samples, starting with the inputs; and a dictionary from layer to
        activations (samples, width).
    """
    if pair not in PAIRS:
        raise unknown("pair of activation and initialisation", pair, PAIRS)
    activation, gain = PAIRS[pair]
    rng = np.random.default_rng(seed)
    x = np.asarray(inputs, "float32")
    width = x.shape[1]
    means, variances, kept = [x.mean(dtype=float)], [x.var(dtype=float)], {}
    for layer in range(1, num_layers + 1):
        weights = rng.standard_normal((width, width), dtype="float32")
        x = np.asarray(activation(x @ weights * np.float32((gain / width) ** 0.5)))
        means.append(x.mean(dtype=float))
        variances.append(x.var(dtype=float))
        if layer in keep:
            kept[layer] = x
    return np.array(means), np.array(variances), kept


def layer_sums(network):
    """Omega and tau of every hidden layer of a network with one member.

    Theory asks for omega near 0 and tau near 1, also while training goes on.

    Args:
        network: as from `model.build`, of kind "snn".

    Returns:
        (omega, tau): lists of arrays (units,), one per hidden layer.
    """
    kernels = [
        layer.kernel.numpy()[0]
        for layer in network.layers
        if layer.name.startswith("hidden_") and hasattr(layer, "kernel")
    ]
    return [k.sum(axis=0) for k in kernels], [(k**2).sum(axis=0) for k in kernels]
