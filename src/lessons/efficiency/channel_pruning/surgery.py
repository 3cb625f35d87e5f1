"""Changes of a network that keep its function: fold, rescale; and cuts that do not.

All take a `GatedClassifier`. What they build anew has no `loss_penalties`.
"""

import numpy as np

from lessons.efficiency.channel_pruning import theory
from lessons.toolkit.errors import UserError


def gammas(model):
    """The scales of the gates as arrays, shape (channels,) each.

    Raises:
        UserError: one holds NaN or infinity, which is neither open nor closed.
    """
    found = [gamma.numpy() for gamma in model.gammas]
    for gate, values in zip(model.gates, found, strict=True):
        if not np.all(np.isfinite(values)):
            raise UserError(
                f"the gates of {gate.norm} must be finite numbers, got {values}."
            )
    return found


def copy(model):
    """The same network with weights of its own and no penalty in its loss."""
    same = rebuilt(model, model.arguments["widths"])
    same.set_weights(model.get_weights())
    return same


def rebuilt(model, widths):
    """A network of other widths with new weights.

    Args:
        model: gives everything else.
        widths: channels of each gate.
    """
    changed = {"widths": tuple(map(int, widths)), "loss_penalties": ()}
    return type(model)(**model.arguments | changed)


def close(model, kept):
    """A copy in which the gates of all channels but some are 0.

    Args:
        model: the network.
        kept: of each gate, booleans of shape (channels,).
    """
    closed = copy(model)
    for gamma, keep in zip(closed.gammas, kept, strict=True):
        gamma.assign(np.where(keep, gamma.numpy(), 0))
    return closed


def fold(model, drop=False):
    """The smaller network without its closed channels.

    Their constants are taken from the moving means of the layers that read them
    (`theory.folded_constants`). In inference the function is the same, up to rounding,
    where the reading convolution has no padding. A layer whose gates are all closed
    keeps one channel, since Keras has no layer without.

    Args:
        model: the network; a channel is closed if its gate is exactly 0.
        drop: leave the constants out, for comparison.

    Returns:
        A network of the same class.
    """
    kept = [_at_least_one(values != 0) for values in gammas(model)]
    small = rebuilt(model, [np.sum(keep) for keep in kept])
    outputs = {gate.conv: keep for gate, keep in zip(model.gates, kept, strict=True)}
    outputs |= {gate.norm: outputs[gate.conv] for gate in model.gates}
    inputs = {gate.reader: outputs[gate.conv] for gate in model.gates}
    for layer in model.layers:
        values = layer.get_weights()
        if layer.name in outputs:
            values = [value[..., outputs[layer.name]] for value in values]
        if layer.name in inputs:
            values = [values[0][:, :, inputs[layer.name]]]
        if values:
            small.get_layer(layer.name).set_weights(values)
    if not drop:
        for gate in model.gates:
            gone = ~outputs[gate.conv]
            shift = _constants(model, gate, gone)[outputs.get(gate.reader, slice(None))]
            mean = small.get_layer(gate.reader_norm).moving_mean
            mean.assign(mean - shift)
    return small


def _constants(model, gate, gone):
    """What the channels that go send on, shape (units of the reader,)."""
    norm = model.get_layer(gate.norm)
    kernel = model.get_layer(gate.reader).kernel.numpy()[:, :, gone]
    gamma, beta = norm.gamma.numpy()[gone], norm.beta.numpy()[gone]
    return np.asarray(theory.folded_constants(kernel, gamma, beta))


def _at_least_one(keep):
    if not keep.any():
        keep = keep.copy()
        keep[0] = True
    return keep


def rescale(model, alpha):
    r"""Scale gates by $\alpha$ and what reads them by $1 / \alpha$, in place.

    The function stays; the gradient of a gate is divided by $\alpha$, that of a reading
    kernel multiplied. Scale back with $1 / \alpha$ (`theory.rescaled`).

    Args:
        model: the network.
        alpha: $\alpha > 0$.
    """
    for gate in model.gates:
        norm, reader = model.get_layer(gate.norm), model.get_layer(gate.reader)
        old = [w.numpy() for w in (norm.gamma, norm.beta, reader.kernel)]
        # Readers are batch-normalised, but with eps > 0 only the exact change keeps
        # the function; here nothing is normalised away.
        new = theory.rescaled(*old, alpha)
        for weight, value in zip(
            (norm.gamma, norm.beta, reader.kernel), new, strict=True
        ):
            weight.assign(value)


def scale_filters(model, factors):
    r"""A copy whose filters have other norms and whose function is the same.

    Filter $k$ is multiplied by $c_k$, its moving mean too, and its moving variance $v$
    becomes $c_k^2 (v + \epsilon) - \epsilon$.

    Args:
        model: the network.
        factors: of each gate, $c$, shape (channels,), above 0. So small ones are
            refused that the variance would be negative.
    """
    scaled = copy(model)
    for gate, c in zip(scaled.gates, factors, strict=True):
        conv, norm = scaled.get_layer(gate.conv), scaled.get_layer(gate.norm)
        variance = norm.moving_variance.numpy().astype(np.float64) + norm.epsilon
        variance = np.square(c) * variance - norm.epsilon
        if variance.min() < 0:
            raise UserError(
                f"the factors of {gate.conv} must leave variances of at least 0, got "
                f"a factor of {np.min(c):.3g}."
            )
        conv.kernel.assign(conv.kernel * c)
        norm.moving_mean.assign(norm.moving_mean * c)
        norm.moving_variance.assign(variance)
    return scaled


def filter_norms(model):
    """L1 norm of each filter before the gates, shape (channels,) for each gate."""
    kernels = [model.get_layer(gate.conv).kernel.numpy() for gate in model.gates]
    return [np.abs(kernel).sum(axis=(0, 1, 2)) for kernel in kernels]


def live(edges, opened, outputs):
    """Which channels carry information from the input to an output (section 4.2).

    A channel is alive if its gate is open and a chain of open channels leads from the
    input to it and from it to an output; every other one is constant or unread.

    Args:
        edges: kernels between layers in their order: booleans (channels, next
            channels), whether any weight between two channels is not 0. The first has
            the input's channels as rows.
        opened: of each layer after the input, booleans (channels,).
        outputs: booleans, which units of the last layer are read.

    Returns:
        Of each layer after the input, booleans (channels,).
    """
    fed, reached = [], np.ones(edges[0].shape[0], bool)
    for edge, gate in zip(edges, opened, strict=True):
        reached = (reached @ edge) & gate
        fed.append(reached)
    read = [np.asarray(outputs, bool) & fed[-1]]
    for edge, layer in zip(edges[:0:-1], fed[-2::-1], strict=True):
        read.append((edge @ read[-1]) & layer)
    return read[::-1]
