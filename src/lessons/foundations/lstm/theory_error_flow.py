r"""How error flows back in time: what vanishes, what does not, and for how long.

Hochreiter & Schmidhuber 1997, section 3; Gers et al. 2000; time scales after Tallec &
Ollivier 2018, arXiv:1804.11188.
"""

import numpy as np

from lessons.foundations.lstm import theory


def rnn_forward(x, h, parameters):
    r"""$h_t = \tanh(x_t W + h_{t-1} U + b)$ for all t, shape (T, batch, n).

    Args:
        x: inputs, shape (T, batch, m).
        h: $h_0$, shape (batch, n).
        parameters: `kernel` (m, n), `recurrent` (n, n), `bias` (n,).
    """
    outputs = []
    for x_t in x:
        z = x_t @ parameters["kernel"] + h @ parameters["recurrent"]
        h = np.tanh(z + parameters["bias"])
        outputs.append(h)
    return np.stack(outputs)


def rnn_backward(x, h_0, parameters, d_outputs):
    r"""Backpropagation through time for the plain network, by hand.

    $\delta z_t = \delta h_t \circ (1 - h_t^2)$, $\delta h_{t-1} = \delta z_t U^\top$.

    Args:
        x, h_0, parameters: as for `rnn_forward`.
        d_outputs: $\partial L/\partial h_t$ as the loss sees it, (T, batch, n).

    Returns:
        Gradients by name: those of `parameters`, `x` and `h`.
    """
    outputs = rnn_forward(x, h_0, parameters)
    before = np.concatenate([h_0[None], outputs[:-1]])
    dh, dz = np.zeros_like(h_0), np.empty_like(outputs)
    for t in reversed(range(len(x))):
        dz[t] = (dh + d_outputs[t]) * (1 - outputs[t] ** 2)
        dh = dz[t] @ parameters["recurrent"].T
    return {
        "kernel": np.einsum("tbm,tbn->mn", x, dz),
        "recurrent": np.einsum("tbm,tbn->mn", before, dz),
        "bias": dz.sum(axis=(0, 1)),
        "x": dz @ parameters["kernel"].T,
        "h": dh,
    }


def jacobian_norms(outputs, recurrent):
    r"""Spectral norms of $\partial h_T/\partial h_{T-k}$, $k = 1, \dots, T$.

    Each factor is $U\,\mathrm{diag}(1 - h_t^2)$ (rows: derivatives with respect to
    $h_{t-1}$), so that the norm is at most $(\|U\|_2\, \gamma)^k$ with
    $\gamma = \max (1 - h^2) \le 1$.

    Args:
        outputs: $h_1, \dots, h_T$ of a plain network, shape (T, n).
        recurrent: $U$, shape (n, n).

    Returns:
        Norms in order of the lag k, shape (T,).
    """
    product, norms = np.eye(len(recurrent)), []
    for h in outputs[::-1]:
        product = recurrent * (1 - h**2) @ product
        norms.append(np.linalg.norm(product, 2))
    return np.array(norms)


def input_gradient_norms(cell, units, bias, seed=0, num_steps=100, size=5):
    r"""$\|\partial L/\partial x_{T-k}\|$ at initialisation, for a loss on $h_T$ alone.

    Weights are drawn as Keras draws them: Glorot uniform kernels, orthogonal recurrent
    matrices. The loss is a random direction of $h_T$; inputs are standard normal.

    Args:
        cell: "rnn" or "lstm".
        units: n.
        bias: of the forget gate ("lstm").
        seed: of weights and inputs.
        num_steps: T.
        size: inputs per step.

    Returns:
        Norms in order of the lag k = 0, ..., T - 1, shape (T,), mean of 16 sequences.
    """
    random = np.random.default_rng(seed)
    gates = 4 if cell == "lstm" else 1
    limit = np.sqrt(6 / (size + gates * units))
    tall, _ = np.linalg.qr(random.normal(size=(gates * units, units)))
    parameters = {
        "kernel": random.uniform(-limit, limit, (size, gates * units)),
        "recurrent": tall.T,
        "bias": np.zeros(gates * units),
    }
    x = random.normal(size=(num_steps, 16, size))
    start, d_outputs = np.zeros((16, units)), np.zeros((num_steps, 16, units))
    d_outputs[-1] = random.normal(size=(16, units))
    if cell == "lstm":
        parameters["bias"][units : 2 * units] = bias
        gradients = theory.lstm_backward(x, start, start, parameters, d_outputs)
    else:
        gradients = rnn_backward(x, start, parameters, d_outputs)
    return np.linalg.norm(gradients["x"], axis=2).mean(axis=1)[::-1]


def forget_lifetime(bias):
    r"""Mean life of a cell's content in steps: $1/(1 - \sigma(b)) = 1 + e^b$.

    With no input and no recurrent weight the content decays like $\sigma(b)^t$.
    """
    return 1 + np.exp(bias)


def chrono_bias(uniform, longest):
    r"""Forget and input biases for lags up to T: $b_f = \ln u(1, T - 1)$, $b_i = -b_f$.

    Tallec & Ollivier 2018, section 2: life times spread evenly over the lags.

    Args:
        uniform: draws from [0, 1], one for each unit, shape (n,).
        longest: T, steps, above 2.

    Returns:
        (b_f, b_i), each of shape (n,).
    """
    forget = np.log(1 + np.asarray(uniform) * (longest - 2))
    return forget, -forget
