# %% [markdown]
# # Exercise: a loop that reads what it wrote
#
# Five functions to write (17 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `waveform_rnn` first. Time:
# about two hours.
#
# **How it works.** Write each answer where the cell says so, then run the cell below
# it. Its tests say in words what is wrong. When you hand the notebook in, hidden tests
# are added: other shapes, extreme values, and properties that follow from the
# mathematics. A question gives all of its points or none.
#
# **The rules**
#
# * The functions here are *variants* of those in the lesson. Each question says what is
#   different, so a formula copied from the lesson is a wrong answer. The lesson's own
#   package `lessons.sequences.waveform_rnn` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `schedule` (3 points)
#
# In the lesson $\alpha$ is 1 until the epoch `start`, falls in a line that reaches **0** at
# `stop`, and is cut from below by `floor` and from above by 1. The rate is
# $r_0 \exp(-\kappa \max(0, 0.75 - \alpha))$.
#
# **The variant.** Both change only every `hold` epochs: in epoch $e$ they have the values that
# belong to the last multiple of `hold` up to $e$ (0, `hold`, 2 `hold`, ...).

# %% [markdown] hints="schedule"
# 1. Which $\alpha$ belongs before `start`, which at `stop` without a floor? Is the floor reached
#    at `stop`, or before?
# 2. Replace the epoch first, by a multiple of `hold`; everything else is the lesson's.
#    When does the rate begin to fall?
# 3. A straight line, 1 at `start` and 0 at `stop`, evaluated at the held epoch and then clipped
#    to `floor` and 1. The exponent of the rate is never positive.


# %% nbgrader={"grade_id": "schedule", "solution": true}
def schedule(epoch, start, stop, floor, hold, rate, kappa):
    """Part of truth and learning rate of an epoch.

    Args:
        epoch: a whole number, counted from 0.
        start, stop: epochs between which the line falls from 1 to 0, start < stop.
        floor: least part of truth, from 0 to 1.
        hold: epochs between two changes, a whole number of at least 1.
        rate: learning rate while alpha is at least 0.75.
        kappa: how fast the rate falls, at least 0.

    Returns:
        (alpha, rate): two floats.
    """
    ### BEGIN SOLUTION
    held = epoch // hold * hold
    alpha = min(1.0, max(floor, 1 - (held - start) / (stop - start)))
    return alpha, rate * float(np.exp(-kappa * max(0.0, 0.75 - alpha)))
    ### END SOLUTION


# %% nbgrader={"grade_id": "schedule_tests", "grade": true, "points": 3, "axes": [0, 0]}
def check_schedule():
    found = schedule(50, 100, 300, 0.5, 1, 0.1, 3.0)
    assert len(found) == 2, "two numbers: alpha and the rate"
    assert np.allclose(found, [1, 0.1]), "before start: all truth, the full rate"
    found = schedule(150, 100, 300, 0.5, 1, 0.1, 3.0)
    assert np.isclose(found[0], 0.75), (
        "a quarter of the way from 1 to 0 is 0.75: the line aims at 0, not at the floor"
    )
    assert np.isclose(found[1], 0.1), (
        "the rate does not fall before alpha is below 0.75"
    )
    found = schedule(199, 100, 300, 0.0, 50, 0.1, 2.0)
    assert np.isclose(found[0], 0.75), (
        "in epoch 199 with hold 50 it is still that of 150"
    )
    found = schedule(250, 100, 300, 0.0, 50, 0.1, 2.0)
    assert np.allclose(found, [0.25, 0.1 * np.exp(-1)]), (
        "alpha 0.25 is 0.5 below 0.75, so the rate falls by exp(-2 x 0.5)"
    )


check_schedule()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_schedule():
    rng = np.random.default_rng(1506)
    for _ in range(200):
        start = int(rng.integers(0, 50))
        stop = start + int(rng.integers(1, 200))
        floor = float(rng.choice([0, 0.3, 0.5, 1]))
        hold, kappa = int(rng.integers(1, 40)), float(rng.uniform(0, 5))
        epoch = int(rng.integers(0, 400))
        held = max(n for n in range(0, epoch + 1, hold))
        alpha = float(np.interp(held, [start, stop], [1, 0]))
        alpha = alpha if alpha > floor else floor
        found = schedule(epoch, start, stop, floor, hold, 0.02, kappa)
        assert np.isclose(found[0], alpha), (
            "the line at the last multiple of hold, between the floor and 1"
        )
        fall = 0.75 - alpha if alpha < 0.75 else 0.0
        assert np.isclose(found[1], 0.02 * np.exp(-kappa * fall)), (
            "the rate falls with the held alpha, from 0.75 on, and is never above rate"
        )
    found = schedule(7, 0, 10, 0.0, 1, 5.0, 0.0)
    assert np.allclose(found, [0.3, 5]), "with kappa = 0 the rate stays"
    assert np.isclose(schedule(399, 0, 10, 0.0, 1, 1.0, 4.0)[0], 0), "and then it stays"
    assert np.isclose(schedule(7, 5, 25, 0.0, 4, 1.0, 4.0)[0], 1), (
        "multiples of hold are counted from epoch 0, not from start"
    )


decide_schedule()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `roll` (5 points)
#
# The loop of the lesson: a state $h$, at first 0, and a window, at first $x_1 \dots x_W$. In
# each step
#
# $$h \leftarrow \tanh(u W_x + h W_h + b), \qquad p = h W_o + b_o,$$
#
# where $u$ is the window, oldest sample first; $p$ is kept; then the window loses its $s$ oldest
# samples and gets $\alpha x + (1 - \alpha) p$ behind, where $x$ are the true samples that $p$
# predicts. There are $\lfloor (N - W)/s \rfloor$ steps; samples that are left over are dropped.
#
# **The variant.** Every step has its own $\alpha_t$, for what is written *after* step $t$. And where
# $\alpha_t = 0$ the truth is not read at all: it may be NaN.

# %% [markdown] hints="roll"
# 1. What does the window hold before the first step, and how many samples leave it in each?
# 2. Is $p$ kept before or after it is mixed? Which true samples belong to step $t$?
# 3. In each step, in this order: state, prediction, keep it, mix it with the $s$ true samples
#    after the window's end, join the mixture behind the window without its first $s$. For
#    $\alpha_t = 0$ write $p$ itself: 0 times NaN is NaN.


# %% nbgrader={"grade_id": "roll", "solution": true}
def roll(params, x, W, s, alphas):
    """Predictions of a network that reads a mixture of the truth and its predictions.

    Args:
        params: dictionary with W_x (W, H), W_h (H, H), b (H,), W_o (H, s), b_o (s,).
        x: true samples, shape (batch, N), N at least W + s.
        W: samples of the window.
        s: stride, up to W.
        alphas: part of truth after each step, shape (steps,), each from 0 to 1.

    Returns:
        Predictions, shape (batch, s * steps).
    """
    ### BEGIN SOLUTION
    window = x[:, :W]
    h = np.zeros((len(x), len(params["b"])))
    kept = []
    for t, alpha in enumerate(alphas):
        h = np.tanh(window @ params["W_x"] + h @ params["W_h"] + params["b"])
        p = h @ params["W_o"] + params["b_o"]
        kept.append(p)
        new = p
        if alpha > 0:
            new = alpha * x[:, W + t * s : W + (t + 1) * s] + (1 - alpha) * p
        window = np.concatenate([window, new], axis=1)[:, s:]
    return np.concatenate(kept, axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "roll_tests", "grade": true, "points": 5, "axes": 2}
def check_roll():
    # Weights so small that tanh is a line: p is (last sample, mean of the window).
    tiny = 1e-6
    params = {
        "W_x": tiny * np.array([[0, 0.25], [0, 0.25], [0, 0.25], [1, 0.25]]),
        "W_h": np.zeros((2, 2)),
        "b": np.zeros(2),
        "W_o": np.eye(2) / tiny,
        "b_o": np.zeros(2),
    }
    x = np.arange(1.0, 9.0)[None]
    for alpha, second in [
        (1.0, (6, 4.5)),
        (0.25, (3.375, 3.65625)),
        (0.0, (2.5, 3.375)),
    ]:
        found = roll(params, x, 4, 2, np.array([alpha, alpha]))
        assert np.shape(found) == (1, 4), "two steps of two samples each"
        assert np.allclose(found[0, :2], (4, 2.5)), (
            "the first prediction comes from the true window alone, whatever alpha is"
        )
        assert np.allclose(found[0, 2:], second), (
            f"alpha = {alpha}: the second window ends with alpha times (5, 6) plus "
            f"1 - alpha times (4, 2.5), so the second prediction is {second}"
        )


check_roll()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_roll():
    rng = np.random.default_rng(6266)

    def network(W, H, s):
        return {
            "W_x": rng.normal(0, 0.5, (W, H)),
            "W_h": rng.normal(0, 0.5, (H, H)),
            "b": rng.normal(0, 0.5, H),
            "W_o": rng.normal(0, 0.5, (H, s)),
            "b_o": rng.normal(0, 0.5, s),
        }

    def one_by_one(params, x, W, s, alphas):
        """The definition, sample by sample, for one sequence."""
        heard = list(x[:W])
        h = np.zeros(len(params["b"]))
        out = []
        for alpha in alphas:
            first = len(heard) - W
            total = params["b"].copy()
            for i in range(W):
                total = total + heard[first + i] * params["W_x"][i]
            for i in range(len(h)):
                total = total + h[i] * params["W_h"][i]
            h = np.tanh(total)
            for j in range(s):
                p = params["b_o"][j] + sum(
                    h[i] * params["W_o"][i, j] for i in range(len(h))
                )
                out.append(p)
                true = x[len(heard)]
                heard.append(p if alpha == 0 else alpha * true + (1 - alpha) * p)
        return np.array(out)

    for batch, N, W, s, H in [
        (3, 17, 5, 2, 4),
        (1, 12, 4, 4, 3),
        (2, 11, 6, 1, 5),
        (2, 9, 3, 3, 2),
        (4, 30, 7, 3, 6),
    ]:
        params = network(W, H, s)
        x = rng.normal(size=(batch, N))
        steps = (N - W) // s
        for alphas in (
            np.ones(steps),
            np.zeros(steps),
            np.full(steps, 0.3),
            rng.random(steps),
            np.linspace(1, 0, steps),
        ):
            found = np.asarray(roll(params, x, W, s, alphas))
            assert found.shape == (batch, steps * s), "s samples for each step"
            expected = [one_by_one(params, row, W, s, alphas) for row in x]
            assert np.allclose(found, expected), (
                "state, prediction, and a window that moves by s in every step"
            )
    W, s = 6, 2
    params, x = network(W, 5, s), rng.normal(size=(2, 16))
    blind = x.copy()
    blind[:, W:] = np.nan
    free = np.asarray(roll(params, x, W, s, np.zeros(5)))
    found = np.asarray(roll(params, blind, W, s, np.zeros(5)))
    assert np.allclose(found, free, equal_nan=False), (
        "with alpha = 0 nothing behind the first window is read"
    )
    turns = np.array([1, 0, 0.5, 0, 0.3])
    partly = x.copy()
    for t in (1, 3):
        partly[:, W + t * s : W + (t + 1) * s] = np.nan
    found = np.asarray(roll(params, partly, W, s, turns))
    assert np.allclose(found, np.asarray(roll(params, x, W, s, turns))), (
        "the truth is left unread where that step's alpha is 0, not only if all are"
    )
    later = x.copy()
    later[:, W + 4 :] += 10
    for alphas in (np.ones(5), np.full(5, 0.5)):
        changed = np.asarray(roll(params, later, W, s, alphas))
        same = np.asarray(roll(params, x, W, s, alphas))
        assert np.allclose(changed[:, :6], same[:, :6]), (
            "no prediction depends on its own samples or on later ones"
        )
        assert not np.allclose(changed[:, 6:], same[:, 6:]), "the next one does"
    last = np.asarray(roll(params, x, W, s, np.array([0.5, 0.5, 0.5, 0.5, 1.0])))
    other = np.asarray(roll(params, x, W, s, np.array([0.5, 0.5, 0.5, 0.5, 0.0])))
    assert np.allclose(last, other), "what is written after the last step is never read"
    louder = {**params, "W_o": 3 * params["W_o"], "b_o": 3 * params["b_o"]}
    found = np.asarray(roll(louder, x, W, s, np.ones(5)))
    assert np.allclose(found, 3 * np.asarray(roll(params, x, W, s, np.ones(5)))), (
        "with alpha = 1 predictions are not fed back: three times W_o, three times p"
    )


decide_roll()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `error_radius` (4 points)
#
# A linear predictor reads the mixture $\tilde x = \alpha x + (1 - \alpha) p$. In the lesson it
# predicts the next sample, and its error obeys
# $e_n = (1 - \alpha) \sum_{k=1}^q w_k\, e_{n-k}$ plus something given.
#
# **The variant.** It predicts $d \ge 1$ samples ahead:
#
# $$e_n = (1 - \alpha) \sum_{k=1}^{q} w_k\, e_{n-(k + d - 1)}.$$
#
# Return the greatest modulus of its modes, the solutions $e_n = z^n$.

# %% [markdown] hints="error_radius"
# 1. Put $e_n = z^n$ into the recursion and multiply by a power of $z$. Of which degree is the
#    polynomial?
# 2. The degree is $q + d - 1$. In which order does `np.roots` want coefficients, and which of
#    them are 0 because of $d$?
# 3. A leading 1, then $d - 1$ zeros, then the weights with the factor $-(1-\alpha)$; the largest
#    absolute value of the roots, or 0 if there are none.


# %% nbgrader={"grade_id": "error_radius", "solution": true}
def error_radius(w, alpha, d):
    """Greatest modulus of the modes of the mixed loop.

    Args:
        w: weights, shape (q,), the newest sample's first; q may be 0.
        alpha: part of truth, from 0 to 1.
        d: how far ahead is predicted, at least 1.

    Returns:
        A float; 0 where every error is gone after a while.
    """
    ### BEGIN SOLUTION
    polynomial = np.concatenate([[1.0], np.zeros(d - 1), -(1 - alpha) * w])
    return float(np.max(np.abs(np.roots(polynomial)), initial=0.0))
    ### END SOLUTION


# %% nbgrader={"grade_id": "error_radius_tests", "grade": true, "points": 4, "axes": 0}
def check_error_radius():
    found = error_radius(np.array([-0.8]), 0.25, 1)
    assert np.ndim(found) == 0, "the result is one number"
    assert np.isclose(found, 0.6), "one weight: the modulus of (1 - alpha) w"
    assert np.isclose(error_radius(np.array([0.64]), 0.0, 2), 0.8), (
        "two samples ahead with one weight: z² = w, so the modulus is its root"
    )
    r, angle = 0.98, 0.3
    w = np.array([2 * r * np.cos(angle), -(r**2)])
    assert np.isclose(error_radius(w, 0.5, 1), r * np.sqrt(0.5)), (
        "a resonator's loop at alpha = 1/2 has the modulus r times the root of 1/2"
    )


check_error_radius()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_error_radius():
    from math import comb

    rng = np.random.default_rng(3)
    for q, d, alpha in [
        (1, 1, 0.3),
        (3, 1, 0.6),
        (4, 3, 0.2),
        (2, 5, 0.0),
        (6, 2, 0.5),
    ]:
        w = rng.normal(size=q)
        # Modes of the same recursion as the matrix that carries the last errors on.
        size = q + d - 1
        carry = np.eye(size, k=-1)
        carry[0] = 0
        carry[0, d - 1 :] = (1 - alpha) * w
        expected = np.abs(np.linalg.eigvals(carry)).max()
        assert np.isclose(error_radius(w, alpha, d), expected), (
            "the modes of the recursion with d - 1 samples left out"
        )
    cubic = np.array([3.0, -3.0, 1.0])
    assert (
        error_radius(cubic, 0.49, 1) > 1.003 > 0.997 > error_radius(cubic, 0.51, 1)
    ), "extrapolation of order 3 is unstable below alpha = 1/2, stable above"
    for q in (3, 4, 5, 6):
        w = np.array([(-1) ** (k + 1) * comb(q, k) for k in range(1, q + 1)], float)
        c = (2 * np.cos(np.pi / q)) ** q
        assert np.isclose(error_radius(w, c / (1 + c), 1), 1, atol=1e-6), (
            "at the critical alpha of extrapolation the modulus is 1"
        )
    for r, angle in ((0.9, 0.3), (0.98, 1.0)):
        w = np.array([2 * r * np.cos(angle), -(r**2)])
        assert np.isclose(error_radius(w, 0.0, 1), r), "alpha = 0: the predictor's own"
    assert error_radius(rng.normal(size=4), 1.0, 2) < 1e-3, (
        "alpha = 1: nothing is fed back"
    )
    assert np.isclose(error_radius(np.array([0.0, 0.64]), 0.0, 1), 0.8), (
        "a weight of 0 is a weight: z² = 0.64"
    )
    assert error_radius(np.zeros(3), 0.2, 1) == 0, "no weights, no modes"
    assert error_radius(np.zeros(0), 0.2, 1) == 0, "an empty predictor has no modes"


decide_error_radius()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `resonator` (3 points)
#
# A formant of frequency $F$ and bandwidth $b$ is the recursion
# $y_n = A e_n + B y_{n-1} + C y_{n-2}$ whose poles have the radius $e^{-\pi b/f_s}$ and the angles
# $\pm 2\pi F/f_s$. In the lesson $A$ makes the response to a constant 1.
#
# **The variant.** $A > 0$ makes the gain 1 at the frequency $f_1$: a sine of that frequency leaves
# with the amplitude it came with.

# %% [markdown] hints="resonator"
# 1. Where must the two poles lie? What are their sum and their product?
# 2. The response to the oscillation $e^{i\omega n}$ is $A / (1 - B e^{-i\omega} - C e^{-2i\omega})$
#    times it. When is the modulus 1?
# 3. With $z = e^{-2\pi i f_1/f_s}$ the number $A$ is the modulus of the denominator at $z$. Check:
#    for $f_1 = 0$ it is the lesson's $1 - B - C$.


# %% nbgrader={"grade_id": "resonator", "solution": true}
def resonator(F, b, fs, f1):
    """Coefficients of a two-pole filter.

    Args:
        F: frequency of the formant in hertz, from 0 to fs / 2.
        b: bandwidth in hertz, above 0.
        fs: sample rate in hertz.
        f1: where the gain is 1, in hertz, from 0 to fs / 2.

    Returns:
        (A, B, C): three floats.
    """
    ### BEGIN SOLUTION
    radius = np.exp(-np.pi * b / fs)
    B = 2 * radius * np.cos(2 * np.pi * F / fs)
    C = -(radius**2)
    z = np.exp(-2j * np.pi * f1 / fs)
    return float(abs(1 - B * z - C * z**2)), float(B), float(C)
    ### END SOLUTION


# %% nbgrader={"grade_id": "resonator_tests", "grade": true, "points": 3, "axes": [0, 0, 0]}
def check_resonator():
    A, B, C = resonator(730.0, 60.0, 16000.0, 0.0)
    poles = np.roots([1, -B, -C])
    assert np.allclose(np.abs(poles), 0.988288, atol=1e-6), (
        "the radius is exp(-pi b / fs): 0.988288 for 60 Hz at 16 kHz"
    )
    assert np.isclose(np.abs(np.angle(poles)).max(), 2 * np.pi * 730 / 16000), (
        "the angle is 2 pi F / fs"
    )
    assert np.isclose(A, 1 - B - C), "for f1 = 0 the response to a constant is 1"
    A, B, C = resonator(730.0, 60.0, 16000.0, 8000.0)
    assert np.isclose(A, 1 + B - C), "at half the sample rate z is -1"


check_resonator()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_resonator():
    from scipy.signal import lfilter

    rng = np.random.default_rng(4)
    for F, b, fs, f1 in [
        (730, 60, 16000, 730),
        (1090, 90, 8000, 500),
        (2440, 120, 8000, 3900),
        (0, 50, 1000, 100),
        (4000, 200, 8000, 1000),
        (500, 1000, 9000, 2000),
    ]:
        A, B, C = resonator(float(F), float(b), float(fs), float(f1))
        assert A > 0, "the gain factor is positive"
        # Count what a sine becomes, after the filter has settled.
        n = np.arange(40_000)
        heard = lfilter([A], [1, -B, -C], np.exp(2j * np.pi * f1 / fs * n))
        assert np.isclose(np.abs(heard[-1]), 1, atol=1e-6), "the gain at f1 is 1"
        ring = lfilter([1.0], [1, -B, -C], np.eye(1, 400)[0])
        if 0 < F < fs / 2:
            angle = 2 * np.pi * F / fs
            k = np.arange(400)
            radius = np.exp(-np.pi * b / fs)
            expected = radius**k * np.sin((k + 1) * angle) / np.sin(angle)
            assert np.allclose(ring, expected), (
                "a pulse rings at F and dies like exp(-pi b t), t in seconds"
            )
    F, b = rng.uniform(100, 3000), rng.uniform(20, 300)
    same = [np.array(resonator(k * F, k * b, k * 8000.0, k * 700.0)) for k in (1, 3)]
    assert np.allclose(*same), "only ratios to the sample rate count"
    A, B, C = resonator(4000.0, 100.0, 8000.0, 0.0)
    assert np.isclose(B, -2 * np.sqrt(-C)), "at half the rate: a real double pole"


decide_resonator()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `num_windows` (2 points)
#
# A sequence of $N$ samples holds $\lfloor (N - W)/s \rfloor + 1$ whole windows.
#
# **The variant.** Count those that are followed by at least `ahead` samples, which are to be
# predicted; 0 if there are none.

# %% [markdown] hints="num_windows"
# 1. Where does the last window that counts begin, at the latest?
# 2. It begins at a multiple of $s$ and needs $W$ plus `ahead` samples from there on.
# 3. Take `ahead` away from the length first and count whole windows in the rest; mind that
#    a negative length has none.


# %% nbgrader={"grade_id": "num_windows", "solution": true}
def num_windows(N, W, s, ahead):
    """Windows that have something to predict.

    Args:
        N: samples of the sequence, at least 0.
        W: samples of a window, at least 1.
        s: stride, at least 1.
        ahead: samples that must follow, at least 0.

    Returns:
        An int.
    """
    ### BEGIN SOLUTION
    room = N - W - ahead
    return room // s + 1 if room >= 0 else 0
    ### END SOLUTION


# %% nbgrader={"grade_id": "num_windows_tests", "grade": true, "points": 2, "axes": 0}
def check_num_windows():
    assert num_windows(500, 240, 1, 0) == 261, "260 moves by one sample, and the first"
    assert num_windows(500, 240, 10, 0) == 27, "26 moves by ten samples, and the first"
    assert num_windows(500, 240, 10, 10) == 26, (
        "the last one has no ten samples after it"
    )
    assert num_windows(239, 240, 1, 0) == 0, "no window fits"


check_num_windows()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_num_windows():
    rng = np.random.default_rng(5)
    for _ in range(300):
        N, W, s, ahead = (int(v) for v in rng.integers([0, 1, 1, 0], [60, 20, 9, 12]))
        starts = [a for a in range(0, N, s) if a + W + ahead <= N]
        assert num_windows(N, W, s, ahead) == len(starts), (
            "windows from multiples of s with W + ahead samples left"
        )
    assert num_windows(240, 240, 7, 0) == 1, "one window fills the sequence"
    assert num_windows(0, 5, 3, 0) == 0, "an empty sequence has none"
    assert num_windows(10, 4, 5, 7) == 0, "not even the first has enough after it"


decide_num_windows()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what is shown? (3 points)
#
# 1. A predictor knows the vocal tract exactly and is wrong by nothing as long as it reads
#    true samples. Why can reading the mixture with $\alpha = 1/2$ make its error grow without
#    limit, though both $\alpha = 1$ and $\alpha = 0$ are stable?
# 2. "Trained on the mixture our network predicts with 0.009 instead of 0.006, but generates with
#    0.204 instead of 0.207: mixed training teaches it to generate." Name two rows that the
#    table needs before one may say so, and what each would tell.
# 3. Two tones of the same frequency and amplitude, with an unknown phase between them: the
#    expected squared error is twice the power of the signal, that of silence once. What
#    follows for judging generated sound by the mean squared error?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. The error obeys the predictor's recursion with all weights times $1 - \alpha$. That is another
#    polynomial; its roots need not lie between those at the ends, and leave the unit circle
#    for weights that are large and alternate, as finely sampled sounds have.
# 2. Baselines that generate without such training: linear least squares, the last period
#    repeated, silence; the same network with the same falling rate or with noise on its input;
#    several seeds with the spread. *Half a point* for one row.
# 3. Silence scores better than the right sound with the wrong phase. So: judge the first
#    periods only, align before comparing, and print energy, spectrum and pitch beside it.
# ### END SOLUTION
