"""Activations and gradients sent through many layers: what they do to moments."""

import typing

import keras
import numpy as np
import tensorflow as tf
from scipy import stats

from lessons.foundations.self_normalizing import grid, theory
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
        keep: layers (0, the input, 1, 2, ...) whose activations to return.

    Returns:
        (means, variances, kept): two arrays of shape (num_layers + 1,), averages over
        units and samples, starting with the inputs; and a dictionary from layer to
        activations (samples, width).
    """
    activation, gain = _find(pair)
    x = np.asarray(inputs, "float32")
    means, variances = [x.mean(dtype=float)], [x.var(dtype=float)]
    kept = {0: x} if 0 in keep else {}
    for layer, weights in enumerate(_weights(x.shape[1], gain, num_layers, seed), 1):
        x = np.asarray(activation(x @ weights))
        means.append(x.mean(dtype=float))
        variances.append(x.var(dtype=float))
        if layer in keep:
            kept[layer] = x
    return np.array(means), np.array(variances), kept


def propagate_back(pair, inputs, num_layers, seed=0, keep=()):
    r"""Gradients sent back through the random network of `propagate`.

    What arrives at the last layer is drawn from $N(0, 1)$, as a loss that does not
    prefer any unit would send it; a layer multiplies it by the slope of its activation
    and by its weights.

    Args:
        pair, inputs, num_layers, seed: as for `propagate`.
        keep: layers (0 is the input) whose gradients to return.

    Returns:
        (variances, kept): the mean square of the gradients with respect to the outputs
        of layers 0 (the input) to `num_layers`, shape (num_layers + 1,); and a
        dictionary from layer to gradients (samples, width).
    """
    activation, gain = _find(pair)
    x = tf.constant(inputs, "float32")
    width = x.shape[1]
    slopes, weights = [], list(_weights(width, gain, num_layers, seed))
    for matrix in weights:
        with tf.GradientTape() as tape:
            z = x @ matrix
            tape.watch(z)
            x = activation(z)
        slopes.append(tape.gradient(x, z).numpy())
    gradient = np.random.default_rng((seed, 1)).standard_normal(x.shape, "float32")
    squares, kept = [np.mean(gradient**2, dtype=float)], {}
    if num_layers in keep:
        kept[num_layers] = gradient
    for layer in range(num_layers - 1, -1, -1):
        gradient = (gradient * slopes[layer]) @ weights[layer].T
        squares.append(np.mean(gradient**2, dtype=float))
        if layer in keep:
            kept[layer] = gradient
    return np.array(squares[::-1]), kept


def _find(pair):
    if pair not in PAIRS:
        raise unknown("pair of activation and initialisation", pair, PAIRS)
    return PAIRS[pair]


def _weights(width, gain, num_layers, seed):
    """The random matrices of a network, one after the other."""
    rng = np.random.default_rng(seed)
    for _ in range(num_layers):
        weights = rng.standard_normal((width, width), dtype="float32")
        yield weights * np.float32((gain / width) ** 0.5)


def layer_sums(network, member=0):
    r"""Omega and tau of every unit of every hidden layer.

    Theory asks for omega near 0 and tau near 1, also while training goes on.

    Args:
        network: as from `model.build`, of kind "snn", all hidden layers of one width.
        member: which of the networks side by side.

    Returns:
        (omega, tau), arrays of shape (layers, units).
    """
    kernels = np.array(
        [
            layer.kernel.numpy()[member]
            for layer in network.layers
            if layer.name.startswith("hidden_") and hasattr(layer, "kernel")
        ]
    )
    return kernels.sum(axis=1), (kernels**2).sum(axis=1)


class Premise(typing.NamedTuple):
    """Fractions of units whose weights lie in the box of theorem 1."""

    omega: float  # |omega| <= 0.1
    tau: float  # 0.95 <= tau <= 1.1
    both: float


def premise(omega, tau):
    """Fractions of units in theorem 1's box.

    Args:
        omega, tau: arrays of one shape, one entry per unit.
    """
    box = grid.DOMAINS["theorem_1"]
    inside = [
        (values >= low) & (values <= high)
        for values, (low, high) in ((omega, box.omega), (tau, box.tau))
    ]
    return Premise(*(float(np.mean(part)) for part in (*inside, inside[0] & inside[1])))


def premise_of_random_weights(width):
    r"""The fractions of `premise` that independent weights $N(0, 1/n)$ have.

    Then $\omega \sim N(0, 1)$ whatever $n$ is, $n\tau \sim \chi^2_n$, and both are
    independent but for $\omega^2/n$, which is part of $\tau$: a $\chi^2_{n-1}$ is left.

    Args:
        width: $n$.
    """
    box = grid.DOMAINS["theorem_1"]
    by_omega = np.diff(stats.norm.cdf(box.omega))[0]
    by_tau = np.diff(stats.chi2.cdf(np.array(box.tau) * width, width))[0]
    omega = np.linspace(*box.omega, 201)
    rest = np.array(box.tau)[:, None] * width - omega**2
    given = np.diff(stats.chi2.cdf(rest, width - 1), axis=0)[0]
    both = np.trapezoid(given * stats.norm.pdf(omega), omega)
    return Premise(float(by_omega), float(by_tau), float(both))


def predicted_moments(omega, tau, mean, variance):
    r"""Moments of whole layers, from the sums of their weights alone.

    Each unit makes $\tilde\mu$ and $\tilde\xi$ of the mean and variance of the layer
    before it; a layer's mean and second moment are averages over its units.

    Args:
        omega, tau: shape (layers, units).
        mean, variance: of the inputs.

    Returns:
        (means, variances), each of shape (layers + 1,), starting with the inputs.
    """
    means, variances = [mean], [variance]
    for sums in zip(omega, tau, strict=True):
        moments = theory.moment_map(means[-1], sums[0], variances[-1], sums[1])
        average = float(np.mean(moments.mean))
        means.append(average)
        variances.append(float(np.mean(moments.second)) - average**2)
    return np.array(means), np.array(variances)


def contraction(omega, tau, mean=0.0, variance=1.0):
    r"""How much single units and whole layers contract, as largest singular values.

    A layer maps $(\mu, \nu)$ to the average of its units' $\tilde\mu$, and the average
    of their $\tilde\xi$ less the square of that. So its $J$ is the average of theirs,
    and $H_{2k} = J_{2k} - 2 \bar\mu J_{1k}$ as for a unit.

    Args:
        omega, tau: shape (layers, units).
        mean, variance: where, numbers.

    Returns:
        (of every unit (layers, units), of every layer (layers,)).
    """
    j, h = theory.jacobians(mean, omega, variance, tau)
    units = np.asarray(theory.largest_singular_value(h))
    average = np.mean(theory.moment_map(mean, omega, variance, tau).mean, axis=1)
    j11, j12, j21, j22 = (np.mean(entry, axis=1) for entry in j)
    layer = (j11, j12, j21 - 2 * average * j11, j22 - 2 * average * j12)
    return units, np.asarray(theory.largest_singular_value(layer))


def measured_moments(network, features, member=0):
    """Moments of whole layers, as data find them.

    Args:
        network: as for `layer_sums`.
        features: shape (rows, features).
        member: which of the networks side by side.

    Returns:
        (means, variances), each of shape (layers + 1,), over units and rows.
    """
    outputs = [
        layer.output
        for layer in network.layers
        if layer.name.startswith("hidden_") and layer.name.endswith("_act")
    ]
    x = np.repeat(features[:, None], network.input_shape[1], axis=1)
    activations = [x, *keras.Model(network.input, outputs).predict(x, verbose=0)]
    activations = [each[:, member].astype(float) for each in activations]
    return tuple(
        np.array([statistic(each) for each in activations])
        for statistic in (np.mean, np.var)
    )
