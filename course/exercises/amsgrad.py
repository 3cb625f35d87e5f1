# %% [markdown]
# # Exercise: adaptive methods, and a game that Adam cannot win
#
# Five functions to write (11 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `amsgrad` first. Time: about two
# hours.
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
#   package `lessons.foundations.amsgrad` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like. Compute in float64, add no small constants (no `+ 1e-8`), and do not
#   change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.
# * Steps are counted from $t = 1$, as in the paper.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `adaptive_step` (3 points)
#
# One step of the generic method:
# $x_{t+1} = \Pi_{F, \sqrt{V_t}}\big(x_t - \alpha_t V_t^{-1/2} m_t\big)$.
#
# **The variant.** In the lesson $\phi$ and $\psi$ see all gradients so far. Here they are
# *recursions*: each is a function of its last value and the new gradient. The state is
# the pair $(m_{t-1}, v_{t-1})$, and
# $m_t = \phi(m_{t-1}, g_t)$, $v_t = \psi(v_{t-1}, g_t)$ with $v$ the diagonal of $V$. The
# box has bounds of its own for each coordinate. The step returns the new point and
# the new state.
#
# A coordinate with $v_t = 0$ has never had a gradient: it does not move (but it is
# projected like the others).


# %% nbgrader={"grade_id": "adaptive_step", "solution": true}
def adaptive_step(x, g, state, alpha_t, phi, psi, low, high):
    """One step of the generic adaptive method on a box.

    Args:
        x: the point, shape (d,).
        g: the gradient there, shape (d,).
        state: the pair (m, v) before the step, each of shape (d,).
        alpha_t: the step size.
        phi: function of (m, g) that returns the new m, shape (d,).
        psi: function of (v, g) that returns the new v, shape (d,).
        low: lower ends of the box, shape (d,).
        high: upper ends of the box, shape (d,).

    Returns:
        The pair (x, state) after the step; the state is the pair (m, v).
    """
    ### BEGIN SOLUTION
    m, v = state
    m, v = phi(m, g), psi(v, g)
    moved = np.array(x, dtype=float)
    known = v > 0
    moved[known] -= alpha_t * m[known] / np.sqrt(v[known])
    return np.clip(moved, low, high), (m, v)
    ### END SOLUTION


# %% nbgrader={"grade_id": "adaptive_step_tests", "grade": true, "points": 3, "axes": [1, [1, 1]]}
def check_adaptive_step():
    x, g = np.array([0.5, -0.5]), np.array([3.0, -4.0])
    start = np.zeros(2), np.zeros(2)
    wide = -9 * np.ones(2), 9 * np.ones(2)

    def last(m, g):
        return g

    def ones(v, g):
        return np.ones_like(g)

    def squares(v, g):
        return g**2

    found, (m, v) = adaptive_step(x, g, start, 0.1, last, ones, *wide)
    assert np.allclose(found, [0.2, -0.1]), (
        "with m = g and V = I the step is x - alpha_t g: check its sign and size"
    )
    assert np.allclose(m, g) and np.allclose(v, 1), "return the new m and the new v"
    found, _ = adaptive_step(x, g, start, 0.1, last, squares, *wide)
    assert np.allclose(found, [0.4, -0.4]), (
        "divide m by the square root of v, elementwise: v = (9, 16) divides by (3, 4)"
    )
    narrow = np.array([0.45, -0.3]), np.array([1.0, 1.0])
    found, _ = adaptive_step(x, g, start, 0.1, last, squares, *narrow)
    assert np.allclose(found, [0.45, -0.3]), (
        "project onto the box: each coordinate into its own [low, high]"
    )


check_adaptive_step()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_adaptive_step():
    rng = np.random.default_rng(2018)
    count = [0]

    def last(m, g):
        return g

    def ones(v, g):
        return np.ones_like(g)

    def add(v, g):
        return v + g**2

    def momentum(m, g):
        count[0] += 1
        return 0.9 * m + 0.1 * g

    def forget(v, g):
        return 0.99 * v + 0.01 * g**2

    for d in (1, 4, 7):
        grads = rng.standard_t(3, size=(20, d))
        low, high = -rng.uniform(0.1, 1, d), rng.uniform(0.1, 1, d)
        # projected SGD
        x, expected = np.zeros(d), np.zeros(d)
        state = np.zeros(d), np.zeros(d)
        for t, g in enumerate(grads, start=1):
            x, state = adaptive_step(
                x, g.copy(), state, 0.1 / t**0.5, last, ones, low, high
            )
            expected = np.minimum(np.maximum(expected - 0.1 / t**0.5 * g, low), high)
            assert np.shape(x) == (d,), "the point keeps its shape (d,)"
        assert np.allclose(x, expected, rtol=1e-9, atol=1e-12), (
            "with phi = g and psi = 1 it must be projected gradient descent"
        )
        # AdaGrad, far from the box's walls
        x, state = np.zeros(d), (np.zeros(d), np.zeros(d))
        for g in grads:
            x, state = adaptive_step(
                x, g, state, 0.1, last, add, -99.0 + low, 99.0 + high
            )
        norms = np.sqrt(np.cumsum(grads**2, axis=0))
        assert np.allclose(x, -0.1 * np.sum(grads / norms, axis=0), rtol=1e-9), (
            "with psi = v + g^2 it must be AdaGrad, alpha / sqrt(sum of g^2)"
        )
        # Adam: the state is handed on
        x, state = np.zeros(d), (np.zeros(d), np.zeros(d))
        m, v, expected = np.zeros(d), np.zeros(d), np.zeros(d)
        count[0] = 0
        for g in grads:
            x, state = adaptive_step(x, g, state, 0.05, momentum, forget, low, high)
            m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g**2
            expected = np.clip(expected - 0.05 * m / np.sqrt(v), low, high)
        assert np.allclose(x, expected, rtol=1e-9, atol=1e-12), (
            "with averages it must be Adam: use the new m and v, and return them"
        )
        assert count[0] == len(grads), "call phi once for each step"
        assert np.allclose(state[0], m) and np.allclose(state[1], v), (
            "the state returned must be the new (m, v)"
        )

    # No gradient yet; and a tiny one, which an added constant would drown
    low, high = -np.ones(3), np.array([1.0, 1.0, 0.25])
    x, g = np.array([0.5, 0.5, 0.5]), np.array([0.0, 1e-12, 0.0])
    with np.errstate(all="raise"):
        start = np.zeros(3), np.zeros(3)
        found, _ = adaptive_step(x, g, start, 0.1, last, add, low, high)
    assert np.allclose(found, [0.5, 0.4, 0.25], rtol=1e-9), (
        "v = 0 does not move and is projected; a tiny gradient is scaled exactly"
    )
    with np.errstate(all="raise"):
        start = np.array([0.3, 0.0, 0.0]), np.zeros(3)
        found, _ = adaptive_step(x, g, start, 0.1, momentum, add, low, high)
    assert np.allclose(found, [0.5, 0.49, 0.25], rtol=1e-9), (
        "v = 0 does not move, also where m is not 0"
    )


decide_adaptive_step()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `amsgrad_update` (3 points)
#
# **The variant.** The momentum fades: $\beta_{1t} = \beta_1 / t$, for which the paper
# also has a regret of order $\sqrt T$. So
#
# $$m_t = \beta_{1t} m_{t-1} + (1 - \beta_{1t}) g_t, \quad
#   v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2, \quad
#   \hat v_t = \max(\hat v_{t-1}, v_t), \quad
#   x_{t+1} = x_t - \frac{\alpha}{\sqrt t}\, \frac{m_t}{\sqrt{\hat v_t}} .$$
#
# There is no set to project onto, no bias correction and no epsilon. Everything is
# elementwise. You may assume that no coordinate has $\hat v_t = 0$.


# %% nbgrader={"grade_id": "amsgrad_update", "solution": true}
def amsgrad_update(x, g, m, v, vhat, t, alpha, b1, b2):
    """One step of AMSGrad with fading momentum.

    Args:
        x: the point, shape (d,).
        g: the gradient there, shape (d,).
        m, v, vhat: average gradient, average square, greatest average square so far,
            all before the step, shape (d,).
        t: number of the step, from 1.
        alpha: the first step size.
        b1: beta_1; step t uses b1 / t.
        b2: beta_2.

    Returns:
        (x, m, v, vhat) after the step.
    """
    ### BEGIN SOLUTION
    fading = b1 / t
    m = fading * m + (1 - fading) * g
    v = b2 * v + (1 - b2) * g**2
    vhat = np.maximum(vhat, v)
    return x - alpha / np.sqrt(t) * m / np.sqrt(vhat), m, v, vhat
    ### END SOLUTION


# %% nbgrader={"grade_id": "amsgrad_update_tests", "grade": true, "points": 3, "axes": [1, 1, 1, 1]}
def check_amsgrad_update():
    zeros = np.zeros(2)
    g = np.array([3.0, -1.0])
    x, m, v, vhat = amsgrad_update(zeros, g, zeros, zeros, zeros, 1, 0.5, 0.0, 0.1)
    assert np.allclose(v, [8.1, 0.9]), "v = b2 v + (1 - b2) g^2, elementwise"
    assert np.allclose(vhat, [8.1, 0.9]), (
        "vhat is a maximum for each coordinate by itself, shape (d,)"
    )
    assert np.allclose(x, [-0.52704628, 0.52704628]), (
        "the first step is alpha g / sqrt(0.9 g^2), with no bias correction"
    )
    x, m, v, vhat = amsgrad_update(x, -g / 3, m, v, vhat, 2, 0.5, 0.0, 0.1)
    assert np.allclose(v, [1.71, 0.19]), "v goes on from the old v, not from vhat"
    assert np.allclose(vhat, [8.1, 0.9]), "vhat must never get smaller"
    (*_,) = amsgrad_update(x, g, m, v, vhat, 3, 0.5, 0.0, 0.1)
    _, m, _, _ = amsgrad_update(zeros, g, g + 4, zeros, zeros, 4, 0.5, 0.8, 0.1)
    assert np.allclose(m, g + 0.8), "at step 4 the weight of the old m is b1 / 4"


check_amsgrad_update()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_amsgrad_update():
    from fractions import Fraction

    rng = np.random.default_rng(1904)

    # Exact arithmetic: the same recursion in fractions, squared at the end
    b1, b2 = Fraction(1, 2), Fraction(9, 10)
    m = v = top = Fraction(0)
    state = [np.zeros(1)] * 4
    for t in range(1, 12):
        g = Fraction(int(rng.integers(1, 9)) * (-1) ** t, 4)
        m = b1 / t * m + (1 - b1 / t) * g
        v = b2 * v + (1 - b2) * g * g
        top = max(top, v)
        before, slots = state[0], state[1:]
        array, betas = np.array([float(g)]), (float(b1), float(b2))
        state = list(amsgrad_update(before, array, *slots, t, 0.3, *betas))
        for found, exact in zip(state[1:], (m, v, top), strict=True):
            assert np.allclose(found, float(exact), rtol=1e-9, atol=1e-12), (
                "m, v and vhat must follow their recursions exactly"
            )
        square = Fraction(9, 100) / t * m * m / top
        moved = float((state[0] - before)[0])
        assert np.allclose(moved**2, float(square), rtol=1e-9), (
            "the step must be alpha / sqrt(t) times m / sqrt(vhat)"
        )
        assert moved * float(m) <= 0, "the step must go against m"

    def run(grads, alpha=0.3, b1=0.9, b2=0.95):
        state = [np.zeros(grads.shape[1])] * 4
        path = []
        for t, g in enumerate(grads, start=1):
            state = list(amsgrad_update(state[0], g, *state[1:], t, alpha, b1, b2))
            path.append([part.copy() for part in state])
        return path

    grads = rng.standard_t(2, size=(60, 5))
    path = run(grads)
    hats = np.array([part[3] for part in path])
    assert np.all(np.diff(hats, axis=0) >= 0), "vhat must never get smaller"
    assert np.allclose(hats[-1], np.max([part[2] for part in path], axis=0)), (
        "vhat must be the greatest v so far, of each coordinate"
    )
    for j in range(5):
        alone = run(grads[:, [j]])
        assert np.allclose(alone[-1][0], path[-1][0][j], rtol=1e-9), (
            "a coordinate must move as it would alone: everything is elementwise"
        )
    scaled = run(1e6 * grads)
    assert np.allclose(scaled[-1][0], path[-1][0], rtol=1e-9), (
        "scaling all gradients must not change the path: no added constants"
    )
    tiny = run(1e-9 * grads)
    assert np.allclose(tiny[-1][0], path[-1][0], rtol=1e-9), (
        "tiny gradients must give the same path: no added constants"
    )

    # While squares grow, v grows, and AMSGrad is Adam
    growing = np.cumsum(rng.uniform(0.1, 1, size=(30, 2)), axis=0)
    for _, _, v, vhat in run(growing):
        assert np.allclose(v, vhat), "while v grows, vhat is v"


decide_amsgrad_update()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `gamma_sequence` (2 points)
#
# The proof needs $\Gamma_{t} = \sqrt{v_{t}}/\alpha_{t} - \sqrt{v_{t-1}}/\alpha_{t-1} \ge 0$
# for $t = 2, \dots, T$.
#
# **The variant.** The step size is $\alpha_t = \alpha / t^p$ for any power $p \ge 0$
# (the lesson has $p = 1/2$; $p = 0$ is a constant rate), and AdaGrad is among the kinds:
#
# * `"adam"`: $v_t = (1-\beta_2)\sum_{i \le t} \beta_2^{t-i} g_i^2$,
# * `"amsgrad"`: the greatest of these so far, elementwise,
# * `"adagrad"`: $v_t = \frac1t \sum_{i \le t} g_i^2$.


# %% nbgrader={"grade_id": "gamma_sequence", "solution": true}
def gamma_sequence(grads, alpha, p, b2, kind):
    """All Gamma_t of a sequence of gradients, t = 2, ..., T.

    Args:
        grads: gradients, shape (T, d).
        alpha: the first step size.
        p: power of the step size alpha / t^p, at least 0.
        b2: beta_2 (without meaning for "adagrad").
        kind: "adam", "amsgrad" or "adagrad".

    Returns:
        The diagonals of Gamma_t, shape (T - 1, d).
    """
    ### BEGIN SOLUTION
    steps = np.arange(1, len(grads) + 1)[:, None]
    if kind == "adagrad":
        v = np.cumsum(grads**2, axis=0) / steps
    else:
        v, rows = np.zeros(grads.shape[1]), []
        for g in grads:
            v = b2 * v + (1 - b2) * g**2
            rows.append(v)
        v = np.array(rows)
        if kind == "amsgrad":
            v = np.maximum.accumulate(v, axis=0)
    return np.diff(np.sqrt(v) * steps**p / alpha, axis=0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "gamma_sequence_tests", "grade": true, "points": 2, "axes": 2}
def check_gamma_sequence():
    grads = np.array([[3.0], [-1.0], [-1.0], [3.0], [-1.0], [-1.0], [3.0]])
    found = np.asarray(gamma_sequence(grads, 0.5, 0.5, 0.1, "adam"))
    assert found.shape == (6, 1), "T gradients have T - 1 differences: shape (T - 1, d)"
    assert np.array_equal(found[:, 0] < 0, [True, True, False] * 2), (
        "for Adam Gamma is negative in the two steps after each spike, positive at it"
    )
    for kind in ("amsgrad", "adagrad"):
        found = np.asarray(gamma_sequence(grads, 0.5, 0.5, 0.1, kind))
        assert np.all(found >= -1e-12), f"for {kind} Gamma is never negative"
    found = np.asarray(gamma_sequence(grads[:2], 0.5, 0.0, 0.1, "adam"))
    assert np.allclose(found, 2 * (1.71**0.5 - 8.1**0.5)), (
        "p = 0: (sqrt(1.71) - sqrt(8.1)) / alpha; v starts at 0, no bias correction"
    )


check_gamma_sequence()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_gamma_sequence():
    rng = np.random.default_rng(17)

    def gamma(*arguments):
        result = np.asarray(gamma_sequence(*arguments))
        grads = arguments[0]
        assert result.shape == (len(grads) - 1, grads.shape[1]), (
            "the shape must be (T - 1, d) for any T and d"
        )
        return result

    for count, d in ((2, 1), (9, 3), (30, 2)):
        grads = rng.standard_t(3, size=(count, d))
        for p in (0.0, 0.5, 1.0):
            for kind in ("adam", "amsgrad", "adagrad"):
                found = gamma(grads, 0.7, p, 0.8, kind)
                roots = []  # from the sums of the definition
                for t in range(1, count + 1):
                    averages = [
                        0.2
                        * sum(
                            0.8 ** (s - i) * grads[i - 1] ** 2 for i in range(1, s + 1)
                        )
                        for s in range(1, t + 1)
                    ]
                    v = {
                        "adam": averages[-1],
                        "amsgrad": np.max(averages, axis=0),
                        "adagrad": np.mean(grads[:t] ** 2, axis=0),
                    }[kind]
                    roots.append(np.sqrt(v) / (0.7 / t**p))
                expected = np.diff(roots, axis=0)
                assert np.allclose(found, expected, rtol=1e-8, atol=1e-10), (
                    "Gamma must be the definition's, with step size alpha / t^p"
                )
                assert np.allclose(gamma(grads, 1.4, p, 0.8, kind), found / 2), (
                    "twice the step size halves Gamma"
                )
        # AMSGrad with any power; AdaGrad from p = 1/2 on
        assert np.all(gamma(grads, 1.0, 0.0, 0.5, "amsgrad") >= -1e-12), (
            "AMSGrad: Gamma is never negative, also with a constant rate"
        )
    down = np.array([[2.0], [1.0], [1.0]])
    assert np.all(gamma(down, 1.0, 0.5, 0.0, "adagrad") > 0), (
        "AdaGrad, p = 1/2: positive"
    )
    assert np.all(gamma(down, 1.0, 0.0, 0.0, "adagrad") < 0), (
        "AdaGrad with a constant rate: the average falls, Gamma is negative"
    )


decide_gamma_sequence()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `regret` (2 points)
#
# The regret of points $x_1, \dots, x_T$ against linear losses
# $f_t(x) = \langle g_t, x\rangle$:
# $R_T = \sum_t f_t(x_t) - \min_{x \in F} \sum_t f_t(x)$.
#
# **The variant.** The set is not a box but a *ball*,
# $F = \{x : \|x\|_2 \le r\}$. Which point of a ball makes $\langle G, x\rangle$ least?


# %% nbgrader={"grade_id": "regret", "solution": true}
def regret(xs, grads, radius):
    """Regret of the points played against the best fixed point of a ball.

    Args:
        xs: the points played, shape (T, d).
        grads: gradients of the linear losses, shape (T, d).
        radius: radius of the ball around the origin.

    Returns:
        The regret, a float.
    """
    ### BEGIN SOLUTION
    paid = np.sum(xs * grads)
    return float(paid + radius * np.linalg.norm(grads.sum(axis=0)))
    ### END SOLUTION


# %% nbgrader={"grade_id": "regret_tests", "grade": true, "points": 2, "axes": 0}
def check_regret():
    grads = np.array([[3.0, 0.0], [0.0, 4.0]])
    still = np.zeros((2, 2))
    assert np.isclose(regret(still, grads, 1.0), 5.0), (
        "standing at 0 pays nothing, but the best fixed point of the unit ball gains "
        "|(3, 4)| = 5: subtract the best sum of losses"
    )
    assert np.isclose(regret(still, grads, 2.0), 10.0), "the comparator is in the ball"
    best = np.array([[-0.6, -0.8], [-0.6, -0.8]])
    assert np.isclose(regret(best, grads, 1.0), 0.0), (
        "the best fixed point has no regret: it must be one point for all steps"
    )


check_regret()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_regret():
    rng = np.random.default_rng(4)
    for count, d in ((1, 1), (6, 2), (15, 2), (40, 5)):
        xs, grads = rng.normal(size=(2, count, d))
        radius = rng.uniform(0.2, 3)
        found = float(regret(xs, grads, radius))
        if d == 2:
            angles = np.linspace(0, 2 * np.pi, 100_001)
            circle = radius * np.stack([np.cos(angles), np.sin(angles)])
            best = np.min(grads.sum(axis=0) @ circle)
            assert np.isclose(found, np.sum(xs * grads) - best, rtol=1e-6), (
                "regret must compare with the least sum over the circle"
            )
        if d == 1:
            ends = [np.sum(grads) * end for end in (-radius, radius)]
            assert np.isclose(found, np.sum(xs * grads) - min(ends)), (
                "in one dimension the ball is an interval: either end may be best"
            )
        turn, _ = np.linalg.qr(rng.normal(size=(d, d)))
        assert np.isclose(regret(xs @ turn, grads @ turn, radius), found), (
            "turning points and gradients must not change the regret"
        )
        shift = regret(xs + 1.0, grads, radius) - found
        assert np.isclose(shift, np.sum(grads)), "the points played are what is paid"
        assert np.isclose(regret(5 * xs, grads / 5, 5 * radius), found), (
            "measuring x in another unit must not change the regret"
        )
        fixed = np.tile(
            -radius * grads.sum(0) / np.linalg.norm(grads.sum(0)), (count, 1)
        )
        assert np.isclose(regret(fixed, grads, radius), 0, atol=1e-9), (
            "the best fixed point has no regret"
        )
    xs = rng.normal(size=(3, 2))
    assert np.isclose(regret(xs, np.zeros((3, 2)), 1.0), 0), (
        "losses that are all zero leave no regret"
    )


decide_regret()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `counterexample_gradient` (1 point)
#
# The adversary of theorem 2, with a period of its own: the gradient at step $t$ is
# `spike` at the *first* step of each period, $t = 1, P + 1, 2P + 1, \dots$, and `rest`
# at the others.
#
# **The variant.** $t$ may be a number or an array of any shape, and the answer has the
# same shape, as floats.


# %% nbgrader={"grade_id": "counterexample_gradient", "solution": true}
def counterexample_gradient(t, spike, rest, period):
    """Gradients of the periodic counter-example.

    Args:
        t: numbers of the steps, from 1: an int or an array of ints.
        spike: gradient at the first step of each period.
        rest: gradient at the other steps.
        period: length of a period, at least 2.

    Returns:
        The gradients, floats of the shape of t.
    """
    ### BEGIN SOLUTION
    first = np.asarray(t) % period == 1
    return np.where(first, float(spike), float(rest))
    ### END SOLUTION


# %% nbgrader={"grade_id": "counterexample_gradient_tests", "grade": true, "points": 1, "axes": "like 1"}
def check_counterexample_gradient():
    found = np.asarray(counterexample_gradient(np.arange(1, 8), 3, -1, 3))
    assert np.allclose(found, [3, -1, -1, 3, -1, -1, 3]), (
        "steps are counted from 1: the spike comes at t = 1, 4, 7"
    )
    assert float(counterexample_gradient(102, 1010, -10, 101)) == 1010, (
        "with a period of 101 the second spike comes at t = 102"
    )


check_counterexample_gradient()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_counterexample_gradient():
    for period in (2, 3, 5, 101):
        steps = np.arange(1, 4 * period + 1)
        expected = ([2.5] + [-0.5] * (period - 1)) * 4
        found = np.asarray(counterexample_gradient(steps, 2.5, -0.5, period))
        assert found.dtype.kind == "f", "gradients are floats"
        assert np.allclose(found, expected), (
            "the spike must come at the first step of each period"
        )
        singles = [
            float(counterexample_gradient(int(t), 2.5, -0.5, period)) for t in steps
        ]
        assert np.allclose(singles, expected), "a number gives what an array gives"
    table = np.arange(1, 13).reshape(3, 4)
    found = np.asarray(counterexample_gradient(table, 7, -1, 4))
    assert found.shape == (3, 4), "the answer has the shape of t"
    assert np.allclose(found, [[7, -1, -1, -1]] * 3), "each row is one period"


decide_counterexample_gradient()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what a theorem about an optimizer says (3 points)
#
# A colleague writes: "Adam is proved not to converge, and AMSGrad is proved to converge.
# We should switch, and since Keras has `Adam(amsgrad=True)`, it costs nothing."
#
# 1. For which choices of losses and of $\beta_1, \beta_2$ does the theorem say that Adam
#    fails? Why does a larger $\beta_2$ not refute it?
# 2. What exactly is proved of AMSGrad, and why can it still be the worse choice on
#    given data? Name the mechanism.
# 3. Keras multiplies the rate by $\sqrt{1-\beta_2^t}/(1-\beta_1^t)$. Say what that does to
#    $\Gamma_t$ when $\alpha$ is constant and $\beta_1 = 0$, and whether it matters late in
#    training.
#
# Five to ten sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "theorem", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. For every constant pair with $\beta_1 < \sqrt{\beta_2}$ there *exists* a sequence of
#    convex (even linear) losses with average regret that stays away from 0; it is about
#    the worst sequence, not about all. A larger $\beta_2$ only lengthens the memory: the
#    adversary takes a longer period (spike once in $C$ steps, $C$ large), until the
#    spike is forgotten. *Half a point* without "there exists".
# 2. An upper bound of order $\sqrt T$ on the regret, for convex losses and decreasing
#    step sizes. An upper bound does not order methods on given data. Mechanism:
#    $\hat v$ never shrinks, so large early gradients (or one outlier) keep the step of
#    their coordinate small for ever; Adam forgets them and goes on faster.
# 3. The factor grows with $t$, so the effective rate can rise even though $\hat v$ does
#    not shrink: $\Gamma_t < 0$ for all $t$ while $\hat v$ stands still, and theorem 4
#    does not apply as stated. The factor tends to 1, so late in training it does not
#    matter. (An answer that says it matters for about $1/(1-\beta_2)$ steps is right.)
# ### END SOLUTION
