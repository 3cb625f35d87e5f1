# %% [markdown]
# # Exercise: a memory cell by hand
#
# Five functions to write (20 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `lstm` first. Time: about three
# hours.
#
# **How it works.** Write each answer where the cell says so, then run the cell below
# it. Its tests say in words what is wrong. When you hand the notebook in, hidden tests
# are added: other shapes, extreme values, and properties that follow from the
# mathematics. A question gives all of its points or none.
#
# **The rules**
#
# * Each question says how it differs from the lesson. The lesson's own package
#   `lessons.foundations.lstm` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like. Compute in float64, and do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.
# * The blocks of `W`, `U` and `b` stand in the order of Keras: input gate $i$, forget
#   gate $f$, candidate $g$, output gate $o$. Rows are examples.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `lstm_step` (5 points)
#
# One step of the modern cell, without peepholes:
#
# $$z = xW + hU + b, \quad i = \sigma(z_i),\ f = \sigma(z_f),\ g = \tanh(z_g),\
#   o = \sigma(z_o), \quad c' = f \circ c + i \circ g, \quad h' = o \circ \tanh(c').$$
#
# **The variant.** The step also takes a *mask* of shape (batch,): where it is 0, the
# sequence of that row has ended, and $(h, c)$ stay exactly what they were. Entries of
# $z$ may be as large as $10^4$ in size; nothing may warn or overflow.


# %% nbgrader={"grade_id": "lstm_step", "solution": true}
def lstm_step(x, h, c, W, U, b, mask):
    """One step of an LSTM for a batch of sequences of different lengths.

    Args:
        x: inputs, shape (batch, m).
        h: hidden state, shape (batch, n).
        c: cells, shape (batch, n).
        W: input weights, shape (m, 4n), blocks i, f, g, o.
        U: recurrent weights, shape (n, 4n), same order.
        b: biases, shape (4n,), same order.
        mask: 1 for rows that go on, 0 for rows that have ended, shape (batch,).

    Returns:
        The pair (h, c) after the step, each of shape (batch, n).
    """
    ### BEGIN SOLUTION
    n = h.shape[1]
    z = x @ W + h @ U + b

    def sigmoid(values):
        return 0.5 * (1 + np.tanh(0.5 * values))

    i, f, o = (sigmoid(z[:, k * n : (k + 1) * n]) for k in (0, 1, 3))
    new_c = f * c + i * np.tanh(z[:, 2 * n : 3 * n])
    new_h = o * np.tanh(new_c)
    goes_on = np.asarray(mask)[:, None] != 0
    return np.where(goes_on, new_h, h), np.where(goes_on, new_c, c)
    ### END SOLUTION


# %% nbgrader={"grade_id": "lstm_step_tests", "grade": true, "points": 5, "axes": [2, 2]}
def check_lstm_step():
    # All weights zero: the biases alone set the gates.
    x, h, c = np.zeros((1, 2)), np.zeros((1, 1)), np.array([[3.0]])
    W, U, on = np.zeros((2, 4)), np.zeros((1, 4)), np.ones(1)
    new_h, new_c = lstm_step(x, h, c, W, U, np.array([-50.0, 50, 1, 50]), on)
    assert np.shape(new_h) == (1, 1) and np.shape(new_c) == (1, 1), (
        "return the pair (h, c), each of shape (batch, n)"
    )
    assert np.allclose(new_c, 3), (
        "input gate shut (bias -50), forget gate open (+50): the cell keeps its content"
    )
    assert np.allclose(new_h, np.tanh(3)), "h' = o tanh(c') with the *new* cell"
    _, new_c = lstm_step(x, h, c, W, U, np.array([50.0, -50, 1, 50]), on)
    assert np.allclose(new_c, np.tanh(1)), (
        "input gate open, forget gate shut: the cell is replaced by tanh(z_g)"
    )
    _, new_c = lstm_step(x, h, c, W, U, np.array([50.0, 50, 1, 50]), on)
    assert np.allclose(new_c, 3 + np.tanh(1)), (
        "both gates open: old content plus candidate; the gates are independent"
    )
    new_h, new_c = lstm_step(x, h, c, W, U, np.ones(4), np.zeros(1))
    assert np.allclose(new_h, 0) and np.allclose(new_c, 3), (
        "where the mask is 0 nothing changes"
    )


check_lstm_step()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_lstm_step():
    rng = np.random.default_rng(1997)

    def sigma(v):
        return 1 / (1 + np.exp(-v))

    for batch, m, n in ((1, 1, 1), (3, 4, 2), (5, 2, 6)):
        x, h, c = (rng.normal(size=(batch, k)) for k in (m, n, n))
        W, U, b = rng.normal(size=(m, 4 * n)), rng.normal(size=(n, 4 * n)), None
        b = rng.normal(size=4 * n)
        new_h, new_c = lstm_step(x, h, c, W, U, b, np.ones(batch))
        for row in range(batch):
            for unit in range(n):  # one cell at a time, straight from the equations
                z = [
                    x[row] @ W[:, k * n + unit]
                    + h[row] @ U[:, k * n + unit]
                    + b[k * n + unit]
                    for k in range(4)
                ]
                cell = sigma(z[1]) * c[row, unit] + sigma(z[0]) * np.tanh(z[2])
                assert np.isclose(new_c[row, unit], cell, rtol=1e-9), (
                    "the new cell must be f c + i g, with blocks in the order i, f, g, o"
                )
                assert np.isclose(
                    new_h[row, unit], sigma(z[3]) * np.tanh(cell), rtol=1e-9
                ), "the new output must be o tanh(c'), blocks in the order i, f, g, o"
        order = rng.permutation(batch)
        mixed = lstm_step(x[order], h[order], c[order], W, U, b, np.ones(batch))
        assert np.allclose(mixed[0], new_h[order]), "rows must not know of each other"
        mask = (np.arange(batch) % 2).astype(float)
        held = lstm_step(x, h, c, W, U, b, mask)
        ended = mask == 0
        assert np.array_equal(held[0][ended], h[ended]), "an ended row keeps h exactly"
        assert np.array_equal(held[1][ended], c[ended]), "an ended row keeps c exactly"
        assert np.allclose(held[1][~ended], new_c[~ended]), "other rows go on as ever"
    huge = np.array([-1e4, 1e4, 1e4, -1e4])
    one, none = np.ones((1, 1)), np.zeros((1, 4))
    with np.errstate(all="raise", under="ignore"):
        new_h, new_c = lstm_step(one, one, 2 * one, none, none, huge, np.ones(1))
    assert np.allclose([new_h, new_c], [[[0]], [[2]]], atol=1e-12), (
        "gates of size 1e4 must be exactly open or shut, without overflow"
    )


decide_lstm_step()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `lstm_backward` (6 points)
#
# Backpropagation through time for the cell of question 1 (no mask), over a whole
# sequence $x_1, \dots, x_T$.
#
# **The variant.** The loss looks at the *cells* as well as at the outputs: you get
# $\partial L/\partial h_t$ and $\partial L/\partial c_t$ for every step, as the loss sees
# them. (In the lesson only the last cell may have one.)


# %% nbgrader={"grade_id": "lstm_backward", "solution": true}
def lstm_backward(x, h0, c0, W, U, b, d_h, d_c):
    """Gradients of a loss on all outputs and all cells of an LSTM.

    Args:
        x: inputs, shape (T, batch, m).
        h0: first hidden state, shape (batch, n).
        c0: first cells, shape (batch, n).
        W: input weights, shape (m, 4n), blocks i, f, g, o.
        U: recurrent weights, shape (n, 4n).
        b: biases, shape (4n,).
        d_h: what the loss says of h_1, ..., h_T, shape (T, batch, n).
        d_c: what the loss says of c_1, ..., c_T, shape (T, batch, n).

    Returns:
        Dictionary with the gradients "W", "U", "b", "x", "h0" and "c0", each of the
        shape of what it belongs to.
    """
    ### BEGIN SOLUTION
    T, n = len(x), h0.shape[1]
    h, c, hs, cs, gates = h0, c0, [h0], [c0], []
    for t in range(T):
        z = x[t] @ W + h @ U + b
        i, f, o = (
            0.5 * (1 + np.tanh(0.5 * z[:, k * n : (k + 1) * n])) for k in (0, 1, 3)
        )
        g = np.tanh(z[:, 2 * n : 3 * n])
        c = f * c + i * g
        h = o * np.tanh(c)
        hs.append(h)
        cs.append(c)
        gates.append((i, f, g, o))
    found = {"W": np.zeros_like(W), "U": np.zeros_like(U), "b": np.zeros_like(b)}
    found["x"] = np.zeros_like(x)
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(T)):
        i, f, g, o = gates[t]
        squashed = np.tanh(cs[t + 1])
        dh = dh + d_h[t]
        dc = dc + d_c[t] + dh * o * (1 - squashed**2)
        dz = np.concatenate(
            [
                dc * g * i * (1 - i),
                dc * cs[t] * f * (1 - f),
                dc * i * (1 - g**2),
                dh * squashed * o * (1 - o),
            ],
            axis=1,
        )
        found["W"] += x[t].T @ dz
        found["U"] += hs[t].T @ dz
        found["b"] += dz.sum(axis=0)
        found["x"][t] = dz @ W.T
        dh, dc = dz @ U.T, dc * f
    return {**found, "h0": dh, "c0": dc}
    ### END SOLUTION


# %% nbgrader={"grade_id": "lstm_backward_tests", "grade": true, "points": 6, "axes": {"W": 2, "U": 2, "b": 1, "x": 3, "h0": 2, "c0": 2}}
def check_lstm_backward():
    # One step, one cell, all weights zero: i = f = o = 1/2 and g = 0.
    x, h0, c0 = np.ones((1, 1, 1)), np.zeros((1, 1)), np.array([[2.0]])
    W, U, b = np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4)
    one, none = np.ones((1, 1, 1)), np.zeros((1, 1, 1))
    found = lstm_backward(x, h0, c0, W, U, b, none, one)
    assert set(found) == {"W", "U", "b", "x", "h0", "c0"}, "return all six gradients"
    assert np.allclose(found["c0"], 0.5), "L = c_1 = f c_0 + i g: dL/dc_0 = f = 1/2"
    assert np.allclose(found["b"], [0, 0.5, 0.5, 0]), (
        "L = c_1: the forget gate gets c_0 f(1-f) = 2/4, the candidate i = 1/2"
    )
    found = lstm_backward(x, h0, c0, W, U, b, one, none)
    through = 0.5 * (1 - np.tanh(1.0) ** 2)  # dh_1/dc_1 with c_1 = 1
    assert np.allclose(found["c0"], 0.5 * through), (
        "L = h_1: the error reaches the cell through o (1 - tanh(c)^2)"
    )
    assert np.allclose(found["b"][3], np.tanh(1.0) / 4), (
        "the output gate: tanh(c) o(1-o)"
    )
    x3 = np.ones((3, 1, 1))
    last = np.zeros((3, 1, 1))
    last[-1] = 1
    found = lstm_backward(x3, h0, c0, W, U, b, 0 * last, last)
    assert np.allclose(found["c0"], 0.125), (
        "three steps: the carousel carries dc from step to step, times f = 1/2 each"
    )


check_lstm_backward()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_lstm_backward():
    rng = np.random.default_rng(9)

    def sigma(v):
        return 1 / (1 + np.exp(-v))

    def loss(x, h0, c0, W, U, b, d_h, d_c):
        h, c, n, total = h0, c0, h0.shape[1], 0.0
        for t in range(len(x)):
            z = x[t] @ W + h @ U + b
            c = sigma(z[:, n : 2 * n]) * c + sigma(z[:, :n]) * np.tanh(
                z[:, 2 * n : 3 * n]
            )
            h = sigma(z[:, 3 * n :]) * np.tanh(c)
            total += np.sum(d_h[t] * h) + np.sum(d_c[t] * c)
        return total

    for T, batch, m, n in ((1, 1, 1, 1), (4, 2, 3, 2), (7, 3, 2, 4)):
        arguments = {
            "x": rng.normal(size=(T, batch, m)),
            "h0": rng.normal(size=(batch, n)),
            "c0": rng.normal(size=(batch, n)),
            "W": rng.normal(size=(m, 4 * n)),
            "U": rng.normal(size=(n, 4 * n)),
            "b": rng.normal(size=4 * n),
        }
        d_h, d_c = rng.normal(size=(2, T, batch, n))
        for see_h, see_c in ((1, 0), (0, 1), (1, 1)):
            seen = see_h * d_h, see_c * d_c
            found = lstm_backward(*arguments.values(), *seen)
            for name, value in arguments.items():
                gradient = np.asarray(found[name])
                assert gradient.shape == value.shape, (
                    f"the gradient of {name}: its shape"
                )
                for index in list(np.ndindex(value.shape))[:: max(1, value.size // 6)]:
                    ends = []
                    for step in (1e-5, -1e-5):
                        moved = value.copy()
                        moved[index] += step
                        ends.append(loss(*(arguments | {name: moved}).values(), *seen))
                    slope = (ends[0] - ends[1]) / 2e-5
                    assert np.isclose(gradient[index], slope, rtol=1e-5, atol=1e-7), (
                        f"the gradient of {name} must equal finite differences of the "
                        "loss, along both the h path and the c path"
                    )
    # Forget gate open, input gate shut: the carousel carries error without loss.
    T, n = 200, 2
    b = np.repeat([-60.0, 60.0, 0.0, 0.0], n)
    zero = np.zeros((T, 1, n))
    last = zero.copy()
    last[-1] = 1
    found = lstm_backward(
        np.zeros((T, 1, 1)), zero[0], zero[0], np.zeros((1, 4 * n)),
        np.zeros((n, 4 * n)), b, zero, last,
    )  # fmt: skip
    assert np.allclose(found["c0"], 1, rtol=1e-9), (
        "with f = 1 the error of the last cell must reach the first one undiminished"
    )


decide_lstm_backward()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `sample_probs` (3 points)
#
# The distribution a character is drawn from at temperature $\tau$:
# softmax(logits$/\tau$), along the last axis.
#
# **The variant.** Some characters may be *banned*: their probability is exactly 0, and
# the others share what is left. Logits may be as large as $10^4$ in size and $\tau$ as
# small as $10^{-3}$: nothing may overflow, and there is no floor under the
# probabilities.


# %% nbgrader={"grade_id": "sample_probs", "solution": true}
def sample_probs(logits, tau, banned=()):
    """Probabilities of the next character at a temperature.

    Args:
        logits: shape (..., V).
        tau: temperature, above 0.
        banned: numbers of characters that must not be drawn (not all of them).

    Returns:
        Probabilities, shape (..., V); each row sums to 1.
    """
    ### BEGIN SOLUTION
    scaled = np.array(logits, dtype=float)
    scaled[..., list(banned)] = -np.inf
    scaled = scaled - scaled.max(axis=-1, keepdims=True)
    weights = np.exp(scaled / tau)
    return weights / weights.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade_id": "sample_probs_tests", "grade": true, "points": 3, "axes": "like 1"}
def check_sample_probs():
    logits = np.log([0.8, 0.2])
    assert np.allclose(sample_probs(logits, 1.0), [0.8, 0.2]), "τ = 1 is the softmax"
    assert np.allclose(sample_probs(logits, 0.5), [16 / 17, 1 / 17]), (
        "τ = 1/2 sharpens (0.8, 0.2) to (16/17, 1/17): divide the logits by τ"
    )
    assert np.allclose(sample_probs(logits, 2.0), [2 / 3, 1 / 3]), "τ = 2 flattens"
    found = sample_probs(np.log([0.5, 0.3, 0.2]), 1.0, banned=[0])
    assert np.allclose(found, [0, 0.6, 0.4]), "the banned share goes to the others"


check_sample_probs()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_sample_probs():
    rng = np.random.default_rng(3)
    for shape in ((6,), (4, 9), (2, 3, 5)):
        logits = rng.normal(size=shape)
        for tau in (0.3, 1.0, 4.0):
            p = np.asarray(sample_probs(logits, tau))
            assert p.shape == shape, "the shape of the logits must be kept"
            assert np.allclose(p.sum(axis=-1), 1), "each row must sum to 1"
            direct = np.exp(logits / tau)
            direct /= direct.sum(axis=-1, keepdims=True)
            assert np.allclose(p, direct, rtol=1e-9), "p must be softmax(logits / τ)"
            assert np.allclose(sample_probs(logits + 7.5, tau), p), (
                "adding a constant to all logits must change nothing"
            )
            out = np.asarray(sample_probs(logits, tau, banned=(1, 3)))
            assert np.all(out[..., [1, 3]] == 0), "banned characters have probability 0"
            rest = np.delete(direct, [1, 3], axis=-1)
            rest /= rest.sum(axis=-1, keepdims=True)
            assert np.allclose(np.delete(out, [1, 3], axis=-1), rest), (
                "the characters that are not banned keep their proportions"
            )
    logits = rng.normal(size=40)
    entropies = []
    for tau in np.geomspace(0.02, 50, 30):
        p = np.asarray(sample_probs(logits, tau))
        entropies.append(-np.sum(p[p > 0] * np.log(p[p > 0])))
    assert np.all(np.diff(entropies) >= -1e-12), "the entropy must grow with τ"
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        huge = np.asarray(sample_probs(np.array([1e4, -1e4, 9999.0]), 1.0))
        cold = np.asarray(sample_probs(np.array([1e4, -1e4, 9999.0]), 1e-3))
        banned = np.asarray(sample_probs(np.array([1e4, 0.0, 0.0]), 1.0, [0]))
        low = np.asarray(sample_probs(np.array([1e4, -1e4, -1e4]), 1.0, [0]))
    assert np.allclose(huge, [1 / (1 + np.exp(-1)), 0, 1 / (1 + np.exp(1))]), (
        "logits of size 1e4 must not overflow: subtract the greatest first"
    )
    assert np.allclose(cold, [1, 0, 0]), "τ → 0 picks the greatest logit"
    assert np.allclose(banned, [0, 0.5, 0.5]), (
        "a banned character must not be the one that is subtracted: 1e4 underflows all"
    )
    assert np.allclose(low, [0, 0.5, 0.5]), (
        "a banned character has probability 0, also where all others are at -1e4"
    )


decide_sample_probs()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `bits_per_char` (3 points)
#
# Mean cross-entropy in bits, $-\frac1N\sum_t \log_2 p(s_t)$ with $p$ = softmax(logits).
#
# **The variant.** Texts in a batch have different lengths, and the first characters of
# each are a warm-up that is not judged: row $r$ counts the characters
# `warm_up <= t < lengths[r]`, and the mean is over all characters that count, not over
# rows.


# %% nbgrader={"grade_id": "bits_per_char", "solution": true}
def bits_per_char(logits, ids, lengths, warm_up=0):
    """Bits per character of texts of different lengths.

    Args:
        logits: shape (batch, T, V).
        ids: the characters that came, ints, shape (batch, T).
        lengths: characters of each text, ints, shape (batch,), at most T.
        warm_up: characters at the start of each text that do not count.

    Returns:
        Mean bits of the characters that count, a float.
    """
    ### BEGIN SOLUTION
    top = logits.max(axis=-1, keepdims=True)
    log_total = top[..., 0] + np.log(np.exp(logits - top).sum(axis=-1))
    right = np.take_along_axis(logits, ids[..., None], axis=-1)[..., 0]
    places = np.arange(ids.shape[1])
    counts = (places >= warm_up) & (places < np.asarray(lengths)[:, None])
    return float((log_total - right)[counts].mean() / np.log(2))
    ### END SOLUTION


# %% nbgrader={"grade_id": "bits_per_char_tests", "grade": true, "points": 3, "axes": 0}
def check_bits_per_char():
    ids = np.zeros((2, 3), int)
    found = bits_per_char(np.zeros((2, 3, 8)), ids, np.array([3, 3]))
    assert np.isclose(found, 3), "uniform over 8 characters costs log2(8) = 3 bits"
    logits = np.zeros((2, 3, 8))
    logits[..., 0] = 200
    assert np.isclose(bits_per_char(logits, ids, np.array([3, 3])), 0), (
        "certain and right costs 0 bits"
    )
    logits[1] = 0
    assert np.isclose(bits_per_char(logits, ids, np.array([3, 1])), 3 / 4), (
        "three characters of 0 bits and one of 3: the mean is over characters"
    )


check_bits_per_char()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_bits_per_char():
    rng = np.random.default_rng(8)
    for batch, T, V in ((1, 4, 2), (3, 6, 5), (4, 10, 94)):
        logits = 3 * rng.normal(size=(batch, T, V))
        ids = rng.integers(0, V, (batch, T))
        for warm_up in (0, 2):
            lengths = rng.integers(warm_up + 1, T + 1, batch)
            total, count = 0.0, 0
            for row in range(batch):
                for t in range(warm_up, lengths[row]):
                    p = np.exp(logits[row, t]) / np.exp(logits[row, t]).sum()
                    total -= np.log2(p[ids[row, t]])
                    count += 1
            found = bits_per_char(logits, ids, lengths, warm_up)
            assert np.isclose(found, total / count, rtol=1e-9), (
                "the mean of -log2 p must be over the characters that count"
            )
            assert np.isclose(
                bits_per_char(logits + 5, ids, lengths, warm_up), found
            ), "adding a constant to all logits must change nothing"
    logits = np.array([[[1e4, 0.0, -1e4]]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = bits_per_char(logits, np.array([[2]]), np.array([1]))
    assert np.isclose(found, 2e4 / np.log(2)), (
        "a very unlikely character costs many bits, but not infinitely many"
    )


decide_bits_per_char()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `forget_bias_for` (3 points)
#
# With no input the content of a cell is multiplied by $\sigma(b)$ at each step. Which
# bias leaves the share `share` of it after $T$ steps? (With share $= 1/2$, $T$ is the
# half-life.)
#
# **The variant.** Any share between 0 and 1, and arrays of lags. It must be accurate
# for lags of $10^{12}$ steps, where $\sigma(b)$ rounds to something close to 1.


# %% nbgrader={"grade_id": "forget_bias_for", "solution": true}
def forget_bias_for(T, share=0.5):
    """Forget bias with which a share of the content is left after T steps.

    Args:
        T: steps, above 0: a number or an array.
        share: what is to be left, between 0 and 1 (both excluded).

    Returns:
        The bias, of the shape of T.
    """
    ### BEGIN SOLUTION
    # sigma(b) = q with ln q = ln(share) / T, and b = -ln(1/q - 1).
    return -np.log(np.expm1(-np.log(share) / np.asarray(T, dtype=float)))
    ### END SOLUTION


# %% nbgrader={"grade_id": "forget_bias_for_tests", "grade": true, "points": 3, "axes": "like 1"}
def check_forget_bias_for():
    assert np.isclose(forget_bias_for(1), 0), "T = 1, one half: σ(0) = 1/2"
    assert np.isclose(forget_bias_for(2), -np.log(np.sqrt(2) - 1)), (
        "T = 2: σ(b) = 1/sqrt(2), b = -ln(2^(1/T) - 1)"
    )
    assert np.isclose(forget_bias_for(1, 0.9), np.log(9)), (
        "T = 1, nine tenths: σ(ln 9) = 9/10"
    )


check_forget_bias_for()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_forget_bias_for():
    lags = np.array([0.5, 1, 3, 10, 100, 1000])
    for share in (0.1, 0.5, 0.99):
        found = np.asarray(forget_bias_for(lags, share))
        assert found.shape == lags.shape, "the answer has the shape of T"
        left = (1 / (1 + np.exp(-found))) ** lags
        assert np.allclose(left, share, rtol=1e-9), "σ(b)^T must be the share"
        assert np.all(np.diff(found) > 0), "longer memories need larger biases"
    exact = 12 * np.log(10) - np.log(np.log(2))
    assert np.isclose(forget_bias_for(1e12), exact, rtol=1e-10), (
        "T = 1e12: b = ln(T / ln 2) to all digits; use expm1 or its like"
    )
    grid = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert np.shape(forget_bias_for(grid)) == (2, 2), "a table of lags gives a table"


decide_forget_bias_for()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what carries the error (3 points)
#
# A colleague writes: "LSTMs have no vanishing gradients, so I use Keras's defaults for
# my sequences of 500 steps, train on windows of 50 in random order, and report the mean
# loss of the validation windows."
#
# 1. What is the mean life of a cell's content with Keras's default forget bias of 1, and
#    what would you change? Why did the cell of 1997 not have this problem, and which one
#    did it have instead?
# 2. Over how many steps can the gradient of this training reach, and what would
#    contiguous streams with carried state change in the forward pass and in the
#    gradient?
# 3. In which direction is the reported loss biased, and how would you measure the bias?
#
# Five to ten sentences.

# %% [markdown] nbgrader={"grade_id": "error_flow", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. $1 + e = 3.7$ steps; set the bias for the lags to be bridged (about $\ln T$, or chrono
#    biases). In 1997 there was no forget gate: the carousel has weight exactly 1, so
#    content and error never decay, but content is never reset either: it grows and
#    saturates in long streams. *Half a point* without the second part.
# 2. At most 50: the gradient stops at the window's border, and the state is zero there.
#    Streams carry the state, so the forward pass can use older inputs; the gradient
#    still ends at the border (TBPTT), so nothing *teaches* the network to keep things
#    longer than 50 steps, except by chance.
# 3. Upwards (too high): the first characters of each window are read without context.
#    Compare the loss by position in the window with that of a carried state, or leave
#    a warm-up out.
# ### END SOLUTION
