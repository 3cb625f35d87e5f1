r"""The LSTM in NumPy: its step, its gradient by hand, and what a language model needs.

Hochreiter & Schmidhuber 1997 (cell), Gers et al. 2000 (forget gate, peepholes),
Graves 2013, arXiv:1308.0850 (language model). Rows are examples; gates stand in the
order of Keras: input, forget, candidate, output. Parameters are a dictionary with
`kernel` $W$ (m, 4n), `recurrent` $U$ (n, 4n), `bias` $b$ (4n,) and, if wanted,
`peephole`: (3n,) diagonals or (n, 3n) matrices of the input, forget and output gate.
"""

import numpy as np
from scipy import special

sigmoid = special.expit


def lstm_step(x, h, c, parameters):
    r"""One step of the modern cell.

    $$z = xW + hU + b, \quad i = \sigma(z_i + c \circ p_i), \quad
      f = \sigma(z_f + c \circ p_f), \quad g = \tanh z_g,$$
    $$c' = f \circ c + i \circ g, \quad o = \sigma(z_o + c' \circ p_o), \quad
      h' = o \circ \tanh c'.$$
    The output gate looks at the *new* cell.

    Args:
        x: input, shape (batch, m).
        h, c: state, each of shape (batch, n).
        parameters: as in the module's docstring.

    Returns:
        (h', c', gates): the new state and the activated gates (i, f, g, o), shape
        (batch, 4n).
    """
    p_in, p_out = _peepholes(parameters)
    z = x @ parameters["kernel"] + h @ parameters["recurrent"] + parameters["bias"]
    z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)
    look_i, look_f = np.split(_look(c, p_in, 2), 2, axis=1)
    i, f, g = sigmoid(z_i + look_i), sigmoid(z_f + look_f), np.tanh(z_g)
    c = f * c + i * g
    o = sigmoid(z_o + _look(c, p_out, 1))
    return o * np.tanh(c), c, np.concatenate([i, f, g, o], axis=1)


def lstm_forward(x, h, c, parameters):
    """All steps: (outputs, cells, gates), time first.

    Args:
        x: inputs, shape (T, batch, m).
        h, c: the state before the first step, each of shape (batch, n).
        parameters: as in the module's docstring.

    Returns:
        $h_1, ..., h_T$ and $c_1, ..., c_T$, each (T, batch, n), and gates (T, batch,
        4n).
    """
    rows = []
    for x_t in x:
        h, c, gates = lstm_step(x_t, h, c, parameters)
        rows.append((h, c, gates))
    return tuple(np.stack(part) for part in zip(*rows, strict=True))


def lstm_backward(x, h_0, c_0, parameters, d_outputs, d_cell=None):
    r"""Backpropagation through time, by hand.

    With $\delta\cdot = \partial L/\partial\cdot$, backwards in time:
    $$\delta z_o = \delta h \circ \tanh c \circ o(1-o), \quad
      \delta c \mathrel{+}= \delta h \circ o \circ (1 - \tanh^2 c)
      + \delta z_o \circ p_o,$$
    $$\delta z_i = \delta c \circ g \circ i(1-i), \quad
      \delta z_f = \delta c \circ c_{t-1} \circ f(1-f), \quad
      \delta z_g = \delta c \circ i \circ (1 - g^2),$$
    $$\delta c_{t-1} = \delta c \circ f + \delta z_i \circ p_i + \delta z_f \circ p_f,
      \quad \delta h_{t-1} = \delta z\, U^\top.$$

    Args:
        x, h_0, c_0, parameters: as for `lstm_forward`.
        d_outputs: $\partial L/\partial h_t$ as the loss sees it, (T, batch, n).
        d_cell: $\partial L/\partial c_T$, (batch, n); None for 0.

    Returns:
        Gradients by name: those of `parameters`, `x`, `h`, `c`.
    """
    outputs, cells, gates = lstm_forward(x, h_0, c_0, parameters)
    h_before = np.concatenate([h_0[None], outputs[:-1]])
    c_before = np.concatenate([c_0[None], cells[:-1]])
    p_in, p_out = _peepholes(parameters)
    dh = np.zeros_like(h_0)
    dc = np.zeros_like(c_0) if d_cell is None else d_cell
    dz = np.empty_like(gates)
    for t in reversed(range(len(x))):
        i, f, g, o = np.split(gates[t], 4, axis=1)
        squashed = np.tanh(cells[t])
        dh = dh + d_outputs[t]
        dz_o = dh * squashed * o * (1 - o)
        dc = dc + dh * o * (1 - squashed**2) + _look_back(dz_o, p_out, 1)
        dz_i = dc * g * i * (1 - i)
        dz_f = dc * c_before[t] * f * (1 - f)
        dz_g = dc * i * (1 - g**2)
        dz[t] = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=1)
        dc = dc * f + _look_back(np.concatenate([dz_i, dz_f], axis=1), p_in, 2)
        dh = dz[t] @ parameters["recurrent"].T
    gradients = {
        "kernel": np.einsum("tbm,tbz->mz", x, dz),
        "recurrent": np.einsum("tbn,tbz->nz", h_before, dz),
        "bias": dz.sum(axis=(0, 1)),
        "x": dz @ parameters["kernel"].T,
        "h": dh,
        "c": dc,
    }
    if parameters.get("peephole") is not None:
        dz_i, dz_f, _, dz_o = np.split(dz, 4, axis=2)
        pairs = ((c_before, dz_i), (c_before, dz_f), (cells, dz_o))
        rule = "tbn,tbz->nz" if p_in.ndim == 2 else "tbn,tbn->n"
        parts = [np.einsum(rule, seen, d) for seen, d in pairs]
        gradients["peephole"] = np.concatenate(parts, axis=-1)
    return gradients


def _peepholes(parameters):
    """Those of (input and forget gate, output gate)."""
    peephole = parameters.get("peephole")
    if peephole is None:
        return None, None
    edge = peephole.shape[-1] // 3 * 2
    return peephole[..., :edge], peephole[..., edge:]


def _look(c, weights, num_gates):
    """What gates see of the cell, shape (batch, num_gates n)."""
    if weights is None:
        return np.zeros((len(c), num_gates * c.shape[1]))
    return c @ weights if weights.ndim == 2 else np.tile(c, num_gates) * weights


def _look_back(dz, weights, num_gates):
    """What gates send back to the cell, shape (batch, n)."""
    if weights is None:
        return 0.0
    if weights.ndim == 2:
        return dz @ weights.T
    return sum(np.split(dz * weights, num_gates, axis=1))


def truncated_gradients(x, h, c, parameters, d_outputs, length):
    """Gradients of the chunks of a sequence: truncated backpropagation, TBPTT(k).

    The state is carried from chunk to chunk as a constant.

    Args:
        x, h, c, parameters, d_outputs: as for `lstm_backward`.
        length: k, steps in a chunk; the last may have fewer.

    Returns:
        Gradients by name: those of the parameters summed over the chunks, that of `x`
        put together, (T, batch, m).
    """
    parts = []
    for start in range(0, len(x), length):
        chunk = slice(start, start + length)
        parts.append(lstm_backward(x[chunk], h, c, parameters, d_outputs[chunk]))
        outputs, cells, _ = lstm_forward(x[chunk], h, c, parameters)
        h, c = outputs[-1], cells[-1]
    total = {name: sum(part[name] for part in parts) for name in parameters}
    return total | {"x": np.concatenate([part["x"] for part in parts])}


def bits_per_character(logits, ids):
    r"""Mean cross-entropy in bits: $-\frac1N \sum_t \log_2 p(s_t)$.

    Args:
        logits: shape (..., V).
        ids: the characters that came, ints of shape (...).
    """
    log_p = special.log_softmax(np.asarray(logits, float), axis=-1)
    right = np.take_along_axis(log_p, np.asarray(ids)[..., None], axis=-1)
    return float(-right.mean() / np.log(2))


def temperature(logits, tau):
    r"""$p_\tau \propto p^{1/\tau}$: softmax(logits / $\tau$).

    Args:
        logits: shape (..., V).
        tau: $\tau$, positive.

    Returns:
        Probabilities, float64, shape (..., V).
    """
    return special.softmax(np.asarray(logits, float) / tau, axis=-1)


def entropy(probabilities):
    r"""$H(p) = -\sum_v p_v \ln p_v$ in nats, shape (...)."""
    return special.entr(probabilities).sum(axis=-1)


def entropy_slope(logits, tau):
    r"""$dH(p_\tau)/d\tau = \mathrm{Var}_{p_\tau}(\mathrm{logit})/\tau^3 \ge 0$.

    Args:
        logits: shape (..., V).
        tau: $\tau$, positive.

    Returns:
        Nats per unit of temperature, shape (...).
    """
    p = temperature(logits, tau)
    mean = np.sum(p * logits, axis=-1, keepdims=True)
    return np.sum(p * (logits - mean) ** 2, axis=-1) / tau**3
