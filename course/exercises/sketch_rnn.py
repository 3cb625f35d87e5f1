# %% [markdown]
# # Exercise: from pen strokes to a loss
#
# Five functions to write (17 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `sketch_rnn` first. Time: about
# two hours.
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
#   package `lessons.sequences.sketch_rnn` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `to_rows` (3 points)
#
# A drawing comes as stroke-3: rows $(\Delta x, \Delta y, q)$ with $q = 1$ where the pen is lifted
# after the point. The lesson makes stroke-5 rows $(\Delta x, \Delta y, p_1, p_2, p_3)$ of it: pen
# down, pen lifted, finished.
#
# **The variant.**
#
# * Rows that neither move the pen nor lift it, $(0, 0, 0)$, are left out first.
# * The result begins with the start token $(0, 0, 1, 0, 0)$; `n_max` rows follow it.
# * What is longer than `n_max` points is cut, and the last point that is kept is lifted.

# %% [markdown] hints="to_rows"
# 1. Which column of a row says "lifted after this point", and what do the rows after the end
#    say? Where does the start token come from?
# 2. Filter, then cut, then write the states. How many rows has the result in every case?
# 3. $p_2$ is $q$, $p_1$ its complement, $p_3$ appears in padding only; begin with an array of
#    `n_max + 1` padding rows and overwrite it from the top.


# %% nbgrader={"grade_id": "to_rows", "solution": true}
def to_rows(strokes, n_max):
    """Stroke-3 as stroke-5 with a start token.

    Args:
        strokes: shape (points, 3), at least one point.
        n_max: rows after the start token, at least 1.

    Returns:
        Shape (n_max + 1, 5).
    """
    ### BEGIN SOLUTION
    moving = np.any(strokes != 0, axis=1)
    kept = np.array(strokes[moving], float)
    if len(kept) > n_max:
        kept = kept[:n_max]
        kept[-1, 2] = 1
    rows = np.zeros((n_max + 1, 5))
    rows[:, 4] = 1
    rows[0] = (0, 0, 1, 0, 0)
    end = len(kept) + 1
    rows[1:end, :2] = kept[:, :2]
    rows[1:end, 2] = 1 - kept[:, 2]
    rows[1:end, 3] = kept[:, 2]
    rows[1:end, 4] = 0
    return rows
    ### END SOLUTION


# %% nbgrader={"grade_id": "to_rows_tests", "grade": true, "points": 3, "axes": 2}
def check_to_rows():
    strokes = np.array([(1, 2, 0), (0, 0, 0), (3, 4, 1)], float)
    found = to_rows(strokes, 4)
    assert np.shape(found) == (5, 5), "a start token and n_max rows"
    assert np.allclose(found[0], (0, 0, 1, 0, 0)), "the first row is the start token"
    assert np.allclose(found[1], (1, 2, 1, 0, 0)), (
        "where the pen stays down, p1 is 1: it is drawing towards the next point"
    )
    assert np.allclose(found[2], (3, 4, 0, 1, 0)), (
        "the row (0, 0, 0) is left out, and p2 is 1 where the pen is lifted"
    )
    assert np.allclose(found[3:], (0, 0, 0, 0, 1)), "padding says that all is finished"
    found = to_rows(strokes, 1)
    assert np.allclose(found[1], (1, 2, 0, 1, 0)), (
        "cut after one point, which is lifted"
    )


check_to_rows()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_to_rows():
    rng = np.random.default_rng(17)
    for _ in range(60):
        count, n_max = int(rng.integers(1, 9)), int(rng.integers(1, 9))
        strokes = rng.integers(-2, 3, (count, 3)).astype(float)
        strokes[:, 2] = rng.random(count) < 0.4
        strokes[rng.random(count) < 0.3, :2] = 0
        found = np.asarray(to_rows(strokes, n_max))
        assert found.shape == (n_max + 1, 5), "always n_max + 1 rows"
        expected = [(0, 0, 1, 0, 0)]
        for x, y, q in strokes:
            if (x, y, q) == (0, 0, 0) or len(expected) > n_max:
                continue
            expected.append((x, y, 1 - q, q, 0))
        real = [s for s in strokes if tuple(s) != (0, 0, 0)]
        if len(real) > n_max:
            expected[-1] = (*expected[-1][:2], 0, 1, 0)
        while len(expected) < n_max + 1:
            expected.append((0, 0, 0, 0, 1))
        assert np.allclose(found, expected), (
            "filter, cut, lift the last that is kept, then padding"
        )
    full = np.array([(1, 0, 0), (1, 0, 0)], float)
    assert np.allclose(to_rows(full, 2)[2], (1, 0, 1, 0, 0)), (
        "a drawing of just n_max points is not cut: its last point stays as it is"
    )
    dots = np.array([(0, 0, 1), (0, 1, 0), (0, 0, 0)], float)
    found = to_rows(dots, 2)
    assert np.allclose(found[1], (0, 0, 0, 1, 0)), "a row that lifts the pen is kept"
    assert np.allclose(found[2], (0, 1, 1, 0, 0)), (
        "still rows are left out before the drawing is cut"
    )
    still = np.zeros((2, 3))
    assert np.allclose(to_rows(still, 2)[1:], (0, 0, 0, 0, 1)), "nothing moves: padding"


decide_to_rows()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `reconstruction` (5 points)
#
# The decoder gives $6M + 3$ numbers a step, in the order pen logits (3), weight logits,
# $\mu_x$, $\mu_y$, $\hat\sigma_x$, $\hat\sigma_y$, $\hat\rho$ (M each), with $\sigma = e^{\hat\sigma}$ and
#
# $$N(\Delta x, \Delta y) = \frac{e^{-Z/(2(1-\rho^2))}}{2\pi\sigma_x\sigma_y\sqrt{1-\rho^2}}, \qquad
#   Z = a^2 + b^2 - 2\rho ab, \quad a = \frac{\Delta x - \mu_x}{\sigma_x}, \; b = \frac{\Delta y - \mu_y}{\sigma_y}.$$
#
# The loss is $L_R = -\frac{1}{N_{max}} \big[\sum_{p_3 = 0} \log\sum_j \Pi_j N_j + \sum_i \sum_k p_k \log q_k\big]$.
#
# **The variant.** $\rho = 0.95 \tanh\hat\rho$, and with `mask_pen=True` the pen's sum, too, runs over
# the real rows ($p_3 = 0$) only; it is divided by $N_{max}$ all the same.

# %% [markdown] hints="reconstruction"
# 1. Where do the $6M + 3$ numbers split? Over which axis are weights a softmax? Which terms
#    count after the end of the drawing?
# 2. What becomes of $e^{-5 \cdot 10^5}$, and of its logarithm? Which function adds probabilities
#    that are given as logarithms?
# 3. Write the logarithm of $N$, add the logarithm of the softmax, take `logsumexp` over the
#    components; multiply by $1 - p_3$; both sums divided by the number of rows.


# %% nbgrader={"grade_id": "reconstruction", "solution": true}
def reconstruction(numbers, rows, M, mask_pen):
    """Reconstruction loss of drawings.

    Args:
        numbers: shape (batch, N_max, 6 M + 3).
        rows: stroke-5, shape (batch, N_max, 5).
        M: components.
        mask_pen: whether rows after the end are left out of the pen's sum.

    Returns:
        Nats, shape (batch,).
    """
    ### BEGIN SOLUTION
    from scipy.special import log_softmax, logsumexp

    log_q = log_softmax(numbers[..., :3], axis=-1)
    blocks = [numbers[..., 3 + k * M : 3 + (k + 1) * M] for k in range(6)]
    log_weights = log_softmax(blocks[0], axis=-1)
    rho = 0.95 * np.tanh(blocks[5])
    free = 1 - rho**2
    a = (rows[..., 0:1] - blocks[1]) * np.exp(-blocks[3])
    b = (rows[..., 1:2] - blocks[2]) * np.exp(-blocks[4])
    log_n = -(a**2 + b**2 - 2 * rho * a * b) / (2 * free) - np.log(2 * np.pi)
    log_n = log_n - blocks[3] - blocks[4] - 0.5 * np.log(free)
    log_density = logsumexp(log_weights + log_n, axis=-1)
    real = 1 - rows[..., 4]
    pen = np.sum(rows[..., 2:] * log_q, axis=-1)
    if mask_pen:
        pen = pen * real
    return -np.mean(real * log_density + pen, axis=-1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "reconstruction_tests", "grade": true, "points": 5, "axes": 1}
def check_reconstruction():
    rows = np.zeros((1, 4, 5))
    rows[0, :, :2] = [(1, 0), (0, 1), (0, 0), (0, 0)]
    rows[0, :, 2:] = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 1)]
    numbers = np.zeros((1, 4, 9))
    found = reconstruction(numbers, rows, 1, False)
    assert np.shape(found) == (1,), "one number for each drawing"
    assert np.allclose(found, 2.26755, atol=1e-5), (
        "two points cost ln 2π + 1/2 each, four pen states ln 3 each, all over N_max = 4"
    )
    found = reconstruction(numbers, rows, 1, True)
    assert np.allclose(found, 1.71824, atol=1e-5), (
        "with mask_pen only two of the four pen states count, still divided by 4"
    )
    numbers[..., 3:] = [0, 0.3, -0.2, np.log(0.8), np.log(0.5), np.arctanh(0.6 / 0.95)]
    point = rows[:, :1].copy()
    point[0, 0, :2] = (0.5, 0.1)
    found = reconstruction(numbers[:, :1], point, 1, False)
    assert np.allclose(found, -np.log(0.41152072) + np.log(3), atol=1e-6), (
        "the density at (0.5, 0.1) with ρ = 0.6 is 0.41152"
    )


check_reconstruction()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_reconstruction():
    from scipy.stats import multivariate_normal

    rng = np.random.default_rng(3)

    def case(batch, steps, M, scale=1.0):
        numbers = rng.normal(0, scale, (batch, steps, 6 * M + 3))
        rows = np.zeros((batch, steps, 5))
        rows[..., :2] = rng.normal(size=(batch, steps, 2))
        rows[..., 2:] = np.eye(3)[rng.integers(0, 2, (batch, steps))]
        for i in range(batch):
            rows[i, rng.integers(1, steps + 1) :] = (0, 0, 0, 0, 1)
        return numbers, rows

    def slowly(numbers, rows, M, mask_pen):
        total = 0.0
        for y, row in zip(numbers, rows, strict=True):
            q = np.exp(y[:3] - y[:3].max())
            q = q / q.sum()
            if row[4] < 0.5 or not mask_pen:
                total -= np.log(q[int(np.argmax(row[2:]))])
            if row[4] > 0.5:
                continue
            w, mx, my, lx, ly, r = y[3:].reshape(6, M)
            w = np.exp(w - w.max()) / np.exp(w - w.max()).sum()
            p = 0.0
            for j in range(M):
                sx, sy, rho = np.exp(lx[j]), np.exp(ly[j]), 0.95 * np.tanh(r[j])
                cov = [[sx * sx, rho * sx * sy], [rho * sx * sy, sy * sy]]
                p += w[j] * multivariate_normal((mx[j], my[j]), cov).pdf(row[:2])
            total -= np.log(p)
        return total / len(rows)

    for batch, steps, M in [(3, 5, 3), (1, 4, 1), (2, 3, 5), (4, 6, 2)]:
        numbers, rows = case(batch, steps, M, 0.5)
        for mask_pen in (False, True):
            found = np.asarray(reconstruction(numbers, rows, M, mask_pen))
            expected = [
                slowly(n, r, M, mask_pen) for n, r in zip(numbers, rows, strict=True)
            ]
            assert np.allclose(found, expected), (
                "the sums of the definition, density by density"
            )
    numbers, rows = case(2, 4, 3)
    rows[:, 0] = (1e3, -1e3, 1, 0, 0)
    found = np.asarray(reconstruction(numbers, rows, 3, False))
    assert np.all(np.isfinite(found)) and np.all(found > 1e3), (
        "a point far away costs much, but not infinity: stay in logarithms"
    )
    numbers, rows = case(2, 5, 2)
    padded = np.concatenate([rows, np.tile([0, 0, 0, 0, 1.0], (2, 5, 1))], axis=1)
    more = np.concatenate([numbers, rng.normal(size=(2, 5, 15))], axis=1)
    short = np.asarray(reconstruction(numbers, rows, 2, True))
    long = np.asarray(reconstruction(more, padded, 2, True))
    assert np.allclose(long, short / 2), (
        "twice as many rows, all of them padding: half the masked loss"
    )
    huge = numbers.copy()
    huge[..., :5] += 1e4
    assert np.allclose(
        reconstruction(huge, rows, 2, False), reconstruction(numbers, rows, 2, False)
    ), "adding a constant to logits changes nothing, however large"


decide_reconstruction()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `kl_term` (2 points)
#
# The divergence of a code is $L_{KL} = -\frac{1}{2N_z} \sum (1 + \hat\sigma - \mu^2 - e^{\hat\sigma})$. The
# lesson takes the mean over the batch first and then the larger of it and the floor.
#
# **The variant.** The floor is compared with *each drawing's* $L_{KL}$; the mean over the batch comes
# after that. The result is multiplied by `weight`.

# %% [markdown] hints="kl_term"
# 1. Is $\hat\sigma$ a deviation, its logarithm, or the logarithm of its square?
# 2. Sum or mean over dimensions? What is compared with the floor: a dimension, a drawing, the
#    batch?
# 3. Half of $\mu^2 + e^{\hat\sigma} - 1 - \hat\sigma$, averaged over the last axis; `np.maximum`; the mean;
#    the weight.


# %% nbgrader={"grade_id": "kl_term", "solution": true}
def kl_term(mean, log_var, weight, floor):
    """Weighted divergence with a floor for each drawing.

    Args:
        mean, log_var: shape (batch, N_z).
        weight: factor.
        floor: least divergence of a drawing that counts.

    Returns:
        A float, nats.
    """
    ### BEGIN SOLUTION
    each = 0.5 * np.mean(mean**2 + np.exp(log_var) - 1 - log_var, axis=1)
    return float(weight * np.mean(np.maximum(each, floor)))
    ### END SOLUTION


# %% nbgrader={"grade_id": "kl_term_tests", "grade": true, "points": 2, "axes": 0}
def check_kl_term():
    mean, log_var = np.array([[0.5, -1, 0, 2]]), np.array([[0, -1, 0.5, -2]])
    found = kl_term(mean, log_var, 1.0, 0.0)
    assert np.ndim(found) == 0, "one number"
    assert np.isclose(found, 0.862742, atol=1e-6), (
        "the mean over four dimensions, σ̂ being the logarithm of the variance"
    )
    assert np.isclose(kl_term(mean, log_var, 0.5, 2.0), 1.0), "weight times the floor"
    two = np.array([[2.0, 2.0], [0.0, 0.0]])
    assert np.isclose(kl_term(two, 0 * two, 1.0, 0.5), 1.25), (
        "divergences 2 and 0, the second lifted to 0.5: their mean is 1.25"
    )


check_kl_term()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_kl_term():
    rng = np.random.default_rng(4)
    for _ in range(40):
        batch, size = (int(n) for n in rng.integers(1, 6, 2))
        mean = rng.normal(0, 1.5, (batch, size))
        log_var = rng.normal(0, 1.0, (batch, size))
        weight, floor = rng.uniform(0, 2, 2)
        total = 0.0
        for m, s in zip(mean, log_var, strict=True):
            # Half of trace + square - size - log det, for each drawing.
            cov = np.diag(np.exp(s))
            kl = 0.5 * (np.trace(cov) + m @ m - size - np.log(np.linalg.det(cov)))
            total += max(kl / size, floor)
        found = kl_term(mean, log_var, weight, floor)
        assert np.isclose(found, weight * total / batch), (
            "floor for each drawing, then the mean, then the weight"
        )
    zero = np.zeros((3, 4))
    assert kl_term(zero, zero, 3.0, 0.0) == 0, "N(0, I) itself has none"
    one = np.array([[3.0, 0.0]])
    assert np.isclose(kl_term(one, 0 * one, 1.0, 0.1), 2.25), (
        "the floor is not for single dimensions"
    )


decide_kl_term()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `at_temperature` (3 points)
#
# Before a point is sampled the lesson divides logits by $\tau$ and multiplies variances by $\tau$.
#
# **The variant.** The pen has a temperature of its own, and $\tau = 0$ is allowed for each: then the
# probability is 1 for the *first* of the greatest logits and 0 for the others, and deviations are 0.
# With `squared=True` variances are multiplied by $\tau^2$, as in the official code.

# %% [markdown] hints="at_temperature"
# 1. What does $\tau = 1/2$ do to the logits 0 and -10? Are they probabilities?
# 2. How does a deviation scale if its square is multiplied by $\tau$? Which of the two
#    temperatures belongs to it?
# 3. Treat 0 before you divide. Otherwise: softmax of logits over $\tau$; deviations times
#    $\sqrt\tau$, or times $\tau$ where the squares are multiplied by $\tau^2$.


# %% nbgrader={"grade_id": "at_temperature", "solution": true}
def at_temperature(pen_logits, weight_logits, scales, tau_pen, tau, squared):
    """Probabilities and deviations at two temperatures.

    Args:
        pen_logits: shape (3,).
        weight_logits: shape (M,).
        scales: standard deviations, shape (M, 2).
        tau_pen: temperature of the pen, at least 0.
        tau: temperature of weights and deviations, at least 0.
        squared: whether variances are multiplied by tau squared instead of tau.

    Returns:
        (pen, weights, scales): probabilities (3,) and (M,), deviations (M, 2).
    """

    ### BEGIN SOLUTION
    def softened(logits, t):
        if t == 0:
            return np.eye(len(logits))[np.argmax(logits)]
        p = np.exp((logits - np.max(logits)) / t)
        return p / p.sum()

    factor = tau if squared else np.sqrt(tau)
    return softened(pen_logits, tau_pen), softened(weight_logits, tau), scales * factor
    ### END SOLUTION


# %% nbgrader={"grade_id": "at_temperature_tests", "grade": true, "points": 3, "axes": [1, 1, 2]}
def check_at_temperature():
    logits, scales = np.log([0.7, 0.25, 0.05]), np.array([[2.0, 1.0]] * 3)
    pen, weights, found = at_temperature(logits, logits, scales, 0.5, 0.25, False)
    assert np.allclose(pen, (0.88288, 0.11261, 0.00450), atol=1e-5), (
        "logits are divided by the temperature: squares of the probabilities, normalised"
    )
    assert weights[0] > pen[0], "the weights are colder here than the pen"
    assert np.allclose(found[0], (1.0, 0.5)), (
        "variance times 1/4 is deviation times 1/2"
    )
    found = at_temperature(logits, logits, scales, 0.5, 0.25, True)[2]
    assert np.allclose(found[0], (0.5, 0.25)), "squared: variance times 1/16"
    pen, weights, found = at_temperature(logits, logits, scales, 1.0, 0.0, False)
    assert np.allclose(pen, (0.7, 0.25, 0.05)), "the pen's temperature is its own"
    assert np.allclose(weights, (1, 0, 0)) and np.allclose(found, 0), "the limit τ = 0"


check_at_temperature()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_at_temperature():
    rng = np.random.default_rng(5)
    for _ in range(30):
        M = int(rng.integers(1, 7))
        pen, weights = rng.normal(0, 2, 3), rng.normal(0, 2, M)
        scales = rng.uniform(0.1, 3, (M, 2))
        a, b = rng.uniform(0.2, 3, 2)
        for squared in (False, True):
            found = at_temperature(pen, weights, scales, a, b, squared)
            for logits, t, p in ((pen, a, found[0]), (weights, b, found[1])):
                powers = np.exp(logits) ** (1 / t)
                assert np.allclose(p, powers / powers.sum()), (
                    "each probability to the power 1/τ, normalised"
                )
            expected = scales**2 * (b**2 if squared else b)
            assert np.allclose(np.asarray(found[2]) ** 2, expected), (
                "variances times τ, or τ² where squared"
            )
    cold = at_temperature(np.array([0, -10, 5.0]), np.array([1e3, 0]), np.ones((2, 2)),
                          1e-4, 1e-4, False)  # fmt: skip
    assert np.allclose(cold[0], (0, 0, 1)) and np.allclose(cold[1], (1, 0)), (
        "cold and large logits overflow unless the maximum is taken off first"
    )
    ties = np.array([1.0, 3.0, 3.0])
    found = at_temperature(ties, ties[::-1].copy(), np.ones((3, 2)), 0.0, 0.0, True)
    assert np.allclose(found[0], (0, 1, 0)), "the first of equal logits"
    assert np.allclose(found[1], (1, 0, 0)), "the first of equal logits, weights too"
    found = at_temperature(ties, ties, np.ones((3, 2)), 0.0, 4.0, False)
    assert np.allclose(found[2], 2) and np.allclose(found[0], (0, 1, 0)), (
        "a pen at 0 leaves the deviations to the other temperature"
    )
    assert np.allclose(found[1][1], found[1][2]), "equal logits share where τ is not 0"


decide_at_temperature()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `simplify` (4 points)
#
# The simplification of the lesson keeps both ends; if the point farthest from the *segment* between them
# is farther than $\varepsilon$, it is kept, and both halves are treated alike.
#
# **The variant.** At most `most` points are kept. So the order matters: of all open spans the one whose
# farthest point is farthest *of all* is split next, until none is farther than $\varepsilon$ or `most`
# points are kept.

# %% [markdown] hints="simplify"
# 1. What is the farthest point from a chord of length 0? Where is the foot of the
#    perpendicular when a point lies beyond the segment's end?
# 2. Keep a list of spans with the place and distance of their farthest point. Which one is
#    split next, and when do you stop?
# 3. Clip the foot's parameter to $[0, 1]$ (a chord of length 0: use 0). Split the span of the
#    greatest distance while it exceeds $\varepsilon$ and fewer than `most` points are kept.


# %% nbgrader={"grade_id": "simplify", "solution": true}
def simplify(points, eps, most):
    """Which points of a line are kept.

    Args:
        points: shape (n, 2), n at least 2.
        eps: tolerance, at least 0; a point at just this distance is not kept.
        most: how many points may be kept, at least 2.

    Returns:
        Their indices in rising order, an array of whole numbers as float64 or int.
    """

    ### BEGIN SOLUTION
    def farthest(first, last):
        if last - first < 2:
            return -1.0, first
        start, along = points[first], points[last] - points[first]
        square = along @ along
        inner = points[first + 1 : last] - start
        place = np.clip(inner @ along / square, 0, 1) if square > 0 else 0 * inner[:, 0]
        gaps = np.sqrt(np.sum((inner - place[:, None] * along) ** 2, axis=1))
        best = int(np.argmax(gaps))
        return float(gaps[best]), first + 1 + best

    kept = [0, len(points) - 1]
    while len(kept) < most:
        gap, place = max(
            (farthest(a, b) for a, b in zip(kept, kept[1:], strict=False)),
            key=lambda pair: pair[0],
        )
        if gap <= eps:
            break
        kept = sorted([*kept, place])
    return np.array(kept)
    ### END SOLUTION


# %% nbgrader={"grade_id": "simplify_tests", "grade": true, "points": 4, "axes": 1}
def check_simplify():
    def same(line, eps, most, expected):
        found = np.asarray(simplify(line, eps, most))
        assert found.ndim == 1, "indices of the points that stay, not the points"
        return [int(i) for i in found] == list(expected)

    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], float)
    assert same(square, 0.5, 9, range(5)), (
        "a closed line: the chord has length 0, and distances are those from a point"
    )
    tent = np.array([(0, 0), (1, 1), (2, 0)], float)
    assert same(tent, 1.0, 9, (0, 2)), "just ε away is not farther"
    assert same(tent, 0.9, 9, (0, 1, 2)), "farther than ε is kept"
    hook = np.array([(0, 0), (4, 0.5), (1, 0)], float)
    assert same(hook, 1.0, 9, (0, 1, 2)), (
        "the point lies beyond the end: its distance from the segment is 3.04"
    )
    hills = np.array([(0, 0), (1, 2), (2, 0), (3, 5), (4, 0)], float)
    assert same(hills, 0.1, 3, (0, 3, 4)), "the highest hill first"


check_simplify()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_simplify():
    def same(line, eps, most, expected):
        found = np.asarray(simplify(line, eps, most))
        assert found.ndim == 1, "indices of the points that stay, not the points"
        return [int(i) for i in found] == list(expected)

    rng = np.random.default_rng(6)

    def gap(p, a, b):
        """Distance from a segment by a fine search that needs no formula."""
        low, high = 0.0, 1.0
        for _ in range(60):
            one, two = low + (high - low) / 3, high - (high - low) / 3
            d1 = np.hypot(*(p - a - one * (b - a)))
            d2 = np.hypot(*(p - a - two * (b - a)))
            low, high = (low, two) if d1 < d2 else (one, high)
        return np.hypot(*(p - a - low * (b - a)))

    for trial in range(24):
        long = trial % 2
        n = int(rng.integers(12, 25) if long else rng.integers(3, 12))
        walk = rng.normal(size=(n, 2)).cumsum(axis=0)
        if trial % 3 == 0:
            walk[-1] = walk[0]
        eps = float(rng.uniform(0.1, 0.5) if long else rng.uniform(0.2, 1.5))
        known = {}
        for most in (2, 4, 5, 7, 100) if long else (2, 3, 5, 100):
            kept = [0, n - 1]
            while len(kept) < most:
                places = [
                    (i, a, b)
                    for a, b in zip(kept, kept[1:], strict=False)
                    for i in range(a + 1, b)
                ]
                for i, a, b in set(places) - set(known):
                    known[i, a, b] = gap(walk[i], walk[a], walk[b])
                spans = [(known[place], place[0]) for place in places]
                if not spans or max(spans)[0] <= eps:
                    break
                kept = sorted([*kept, max(spans)[1]])
            assert same(walk, eps, most, kept), (
                "of all spans the one with the farthest point is split next"
            )
            assert same(3 * walk + 5, 3 * eps, most, kept), (
                "moving and scaling all changes nothing"
            )
            assert same(walk * np.array([1, -1.0]), eps, most, kept), "nor a mirror"
            assert same(0.01 * walk, 0.01 * eps, most, kept), "small lines, small ε"
    angles = np.linspace(0, np.pi, 181)
    arc = 100 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    counts = [len(simplify(arc, e, 999)) for e in (0.5, 2, 10, 50, 150)]
    assert counts == [21, 13, 5, 3, 2], "a half circle with 181 points"
    bent = np.array([(0, 0), (1, -1), (2, 0), (3, 1.5), (4, 0)])
    assert same(bent, 1.2, 9, (0, 1, 3, 4)), (
        "both sides of the chord count; later spans are measured from new chords"
    )
    hook = np.array([(0, 0), (-3, 0.1), (5, -0.2), (2, 0.0)])
    assert same(hook, 0.5, 9, (0, 1, 2, 3)), "points beyond the ends are far away"
    once = np.ones((4, 2))
    assert same(once, 0.0, 9, (0, 3)), "points that coincide: the ends"
    two = np.array([(0, 0), (1, 1.0)])
    assert same(two, 0.0, 2, (0, 1)), "two points stay"


decide_simplify()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what is shown? (3 points)
#
# 1. "Our conditional model has $L_R = -2.1$, the decoder alone $-1.9$; so the code $z$ tells the
#    decoder what to draw." Name a measurement that would show it, and one other thing that
#    could make the difference.
# 2. With the weight $w_{KL} = 1$ and codes of 8 numbers $L_{KL}$ stays at the floor, 0.05. Why can the
#    gradient of that term not lower it? How much can such a code say of a drawing, in nats, and
#    how much with 128 numbers and a floor of 0.2?
# 3. $L_R$ is divided by $N_{max}$ and $L_{KL}$ by $N_z$. What is the bound on $-\log p$ of a whole
#    drawing, and for which $w_{KL}$ is the loss a multiple of it?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. Exchange the codes between drawings (or draw them from the prior, or set them to 0): if
#    $L_R$ stays, the code says nothing. Rivals: faster training, a learned first state, more
#    parameters, one seed. *Half a point* for one of the two.
# 2. Below the floor the maximum is a constant, its gradient is 0; above it the gradient
#    pushes down to the floor. What a code says is at most $N_z L_{KL}$ on average: here
#    8 times 0.05, 0.4 nats, which is less than a bit; with 128 numbers and 0.2 it is 25.6 nats, which is
#    much, although the code stands at its floor there, too. *Half a point* for the gradient alone.
# 3. $N_{max} L_R + N_z L_{KL}$ nats, so the loss is that divided by $N_{max}$ if
#    $w_{KL} = N_z / N_{max}$; another weight is a $\beta$ of $w_{KL} N_{max} / N_z$.
# ### END SOLUTION
