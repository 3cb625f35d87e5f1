# %% [markdown]
# # Exercise: a network without real numbers
#
# Five functions to write (12 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `wage` first. Time: about two
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
#   package `lessons.efficiency.wage` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64, in question 5 of whole
#   numbers. Inside you may use what you like: NumPy, SciPy, TensorFlow. Do not change the
#   arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `quantize` (2 points)
#
# With the step $\sigma = 2^{1-k}$,
#
# $$Q(x, k) = \mathrm{clip}(\sigma\,\mathrm{round}(x / \sigma),\, -1 + \sigma,\, 1 - \sigma).$$
#
# **The variant.** A tie, a number half-way between two levels, goes **away from zero**, as
# in hardware that adds one half to the size and cuts. (NumPy takes the even neighbour.)

# %% [markdown] hints="quantize"
# 1. How far apart are two levels, and how many are there on each side of 0? A rule that
#    goes away from zero treats $x$ and $-x$ alike.
# 2. Work in units of the step and on the *size* $|x| / \sigma$: there, away from zero is
#    simply upwards.
# 3. Take the floor of $|x|/\sigma + 1/2$, not more than $2^{k-1} - 1$ of it, and put step and
#    sign back.


# %% nbgrader={"grade_id": "quantize", "solution": true}
def quantize(x, k):
    """Round to the levels of k bits.

    Args:
        x: any shape.
        k: bits, at least 2.

    Returns:
        The same shape.
    """
    ### BEGIN SOLUTION
    size = 2.0 ** (1 - k)
    whole = np.minimum(np.floor(np.abs(x) / size + 0.5), 2 ** (k - 1) - 1)
    return np.sign(x) * size * whole
    ### END SOLUTION


# %% nbgrader={"grade_id": "quantize_tests", "grade": true, "points": 2, "axes": "like 1"}
def check_quantize():
    found = quantize(np.array([-1.0, 0.2, 0.6]), 2)
    assert np.shape(found) == (3,), "the result has the shape of x"
    assert np.allclose(found, [-0.5, 0, 0.5]), "2 bits: the levels are -1/2, 0 and 1/2"
    found = quantize(np.array([0.3, -0.3, 0.9, -0.9]), 3)
    assert np.allclose(found, [0.25, -0.25, 0.75, -0.75]), (
        "3 bits: steps of 1/4, up to 3/4 on both sides"
    )
    found = quantize(np.array([0.25, -0.25]), 2)
    assert np.allclose(found, [0.5, -0.5]), "a tie goes away from zero, on both sides"


check_quantize()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_quantize():
    rng = np.random.default_rng(180204680)
    for k, shape in [(2, (50,)), (3, (4, 5, 6)), (5, (7, 9)), (8, (300,)), (12, (3,))]:
        size = 2.0 ** (1 - k)
        x = rng.uniform(-1.3, 1.3, shape)
        found = np.asarray(quantize(x, k))
        assert found.shape == shape, "the result has the shape of x"
        most = 2 ** (k - 1) - 1
        levels = np.arange(-most, most + 1) * size
        nearest = levels[np.abs(x[..., None] - levels).argmin(axis=-1)]
        assert np.array_equal(found, nearest), "each number goes to its nearest level"
        assert np.array_equal(quantize(-x, k), -found), "Q(-x) = -Q(x)"
        assert np.array_equal(quantize(found, k), found), "a level stays where it is"
        ties = (np.arange(most) + 0.5) * size
        assert np.array_equal(quantize(ties, k), ties + size / 2), (
            "a tie goes away from zero, whether its lower neighbour is even or odd"
        )
        assert np.array_equal(quantize(-ties, k), -ties - size / 2), (
            "a tie below zero goes away from zero, too"
        )
        far = np.array([1.0, 7.0, 1e9])
        assert np.array_equal(quantize(far, k), np.full(3, 1 - size)), (
            "large numbers saturate one step below 1"
        )
        assert np.array_equal(quantize(-far, k), np.full(3, size - 1)), (
            "on the lower side as well, one step above -1"
        )


decide_quantize()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `quantize_error` (3 points)
#
# Errors are brought to a common size by a power of two and rounded to $k$ bits. The size is
# not multiplied back.
#
# **The variant.** Here nothing may be cut off: divide by the *smallest power of two that is
# greater than* $\max |e|$ (in the lesson: by the nearest one). Then
#
# $$Q_E(e) = \mathrm{clip}(\sigma\,\mathrm{round}(e / (s \sigma)),\, -1 + \sigma,\, 1 - \sigma),
#   \qquad s = 2^n > \max |e| \ge 2^{n-1},$$
#
# with one $s$ for the whole array. Ties may go either way. An array of zeros stays one.

# %% [markdown] hints="quantize_error"
# 1. What should happen to the result if all errors are doubled? And what is the logarithm
#    of 0?
# 2. Take the greatest size of the *whole* array, both signs, and find the power of two
#    above it. For 4 that is 8, for 3.9 it is 4. Handle an array of zeros before you divide.
# 3. `np.frexp(m)` gives a fraction in $[1/2, 1)$ and the exponent $n$ of just this power.
#    Divide by $2^n$, round in units of $\sigma = 2^{1-k}$, clip, and do not multiply back.


# %% nbgrader={"grade_id": "quantize_error", "solution": true}
def quantize_error(e, k):
    """Errors without their size, in k bits.

    Args:
        e: any shape, at least one entry.
        k: bits, at least 2.

    Returns:
        The same shape.
    """
    ### BEGIN SOLUTION
    size = 2.0 ** (1 - k)
    _, exponent = np.frexp(np.max(np.abs(e)))
    scaled = np.ldexp(e, -exponent)
    return np.clip(np.round(scaled / size) * size, size - 1, 1 - size)
    ### END SOLUTION


# %% nbgrader={"grade_id": "quantize_error_tests", "grade": true, "points": 3, "axes": "like 1"}
def check_quantize_error():
    found = quantize_error(np.array([3.0, 1.0, -2.0]), 4)
    assert np.shape(found) == (3,), "the result has the shape of e"
    assert np.allclose(found, [0.75, 0.25, -0.5]), "3 lies below 4: divide by 4"
    found = quantize_error(np.array([[2.5, 0.0], [0.0, -1.25]]), 8)
    assert np.allclose(found, [[0.625, 0], [0, -0.3125]]), (
        "the power above 2.5 is 4, although 2 is nearer; one power for the whole array"
    )
    found = quantize_error(np.array([-4.0, 1.0]), 8)
    assert np.allclose(found, [-0.5, 0.125]), (
        "sizes count, not signs; and the power must be greater than 4, so it is 8"
    )
    with np.errstate(all="ignore"):
        found = quantize_error(np.zeros((2, 2)), 8)
    assert np.array_equal(found, np.zeros((2, 2))), "zeros stay zeros"


check_quantize_error()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_quantize_error():
    rng = np.random.default_rng(17)
    for k, shape in [(2, (6,)), (4, (5, 8)), (8, (2, 3, 4)), (12, (40,)), (8, (1,))]:
        size = 2.0 ** (1 - k)
        e = rng.standard_t(2, size=shape)
        found = np.asarray(quantize_error(e, k))
        assert found.shape == shape, "the result has the shape of e"
        power, largest = 1.0, np.abs(e).max()
        while power > largest:
            power /= 2
        while power <= largest:
            power *= 2
        expected = np.clip(np.round(e / power / size) * size, size - 1, 1 - size)
        assert np.allclose(found, expected, atol=1e-12), (
            "divide by the smallest power of two above the greatest size, then round"
        )
        for n in (-300, -40, 5, 41, 300):
            assert np.array_equal(quantize_error(np.ldexp(e, n), k), found), (
                "a power of two in front of all errors changes nothing"
            )
        assert np.allclose(quantize_error(-e, k), -found), "errors of the other sign"
        order = rng.permutation(shape[0])
        assert np.array_equal(quantize_error(e[order], k), found[order]), (
            "the order of the examples changes nothing: one scale for all"
        )
        assert np.abs(found).max() >= 0.5 or k == 2, "the greatest is at least 1/2"
    negative = -np.array([0.3, 0.9, 0.1])
    found = np.asarray(quantize_error(negative, 8))
    assert np.all(found <= 0) and found[1] < -0.8, "errors that are all negative"
    for n in (-3, 0, 4):
        found = quantize_error(np.array([2.0**n, 0.0]), 6)
        assert np.array_equal(found, [0.5, 0]), "a power of two goes to exactly 1/2"
    top = np.array([np.nextafter(1.0, 0.0), -np.nextafter(1.0, 0.0)])
    assert np.array_equal(quantize_error(top, 3), [0.75, -0.75]), (
        "what rounds to 1 is kept one step below"
    )
    with np.errstate(all="ignore"):
        found = quantize_error(np.zeros(5), 4)
    assert np.array_equal(found, np.zeros(5)), "no NaN for an array of zeros"


decide_quantize_error()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `start` (2 points)
#
# Weights are drawn uniformly from $\pm L$ and quantised with the step $\sigma = 2^{1-k}$.
#
# **The variant.** Instead of $\beta$ you are given the *share of zeros* $p$ that the quantised
# weights shall have: $L_{min}$ is the limit at which $P(|W| < \sigma / 2) = p$. As in the lesson
#
# $$L = \max(L_0, L_{min}), \qquad
#   \alpha = \max\Big(2^{\mathrm{round}(\log_2 (L_{min} / L_0))},\, 1\Big), \qquad
#   L_0 = \sqrt{6 / n_{in}}.$$

# %% [markdown] hints="start"
# 1. Which part of the interval $[-L, L]$ is rounded to 0? Set that share to $p$ and solve
#    for $L$.
# 2. The zeros lie in an interval of length $\sigma$, and the whole has the length $2 L$: so
#    $L_{min} = \sigma / (2 p)$. For $p = 1/3$ it is the lesson's $1.5\,\sigma$.
# 3. Take the ratio for $\alpha$ with $L_0$ as it was *before* the maximum; with the raised
#    limit $\alpha$ would always be 1. Round its base-2 logarithm, and never go below 1.


# %% nbgrader={"grade_id": "start", "solution": true}
def start(n_in, k, p):
    """Limit of the first weights, and the scale of a layer.

    Args:
        n_in: inputs of a unit.
        k: bits of the weights, at least 2.
        p: share of the quantised weights that shall be 0, between 0 and 1.

    Returns:
        (limit, alpha): two floats.
    """
    ### BEGIN SOLUTION
    usual = np.sqrt(6 / n_in)
    least = 2.0 ** (1 - k) / (2 * p)
    alpha = max(2.0 ** np.round(np.log2(least / usual)), 1.0)
    return float(max(usual, least)), float(alpha)
    ### END SOLUTION


# %% nbgrader={"grade_id": "start_tests", "grade": true, "points": 2, "axes": [0, 0]}
def check_start():
    limit, alpha = start(3136, 2, 1 / 3)
    assert np.isclose(limit, 0.75), (
        "2 bits and a third of zeros: the limit is 1.5 steps"
    )
    assert np.isclose(alpha, 16), (
        "3136 inputs: L_0 = 0.0437, the ratio 17.1 is nearest to 16"
    )
    limit, alpha = start(2, 2, 0.5)
    assert np.isclose(limit, 3**0.5) and np.isclose(alpha, 1), (
        "few inputs: the usual limit is larger, and alpha is not below 1"
    )
    limit, _ = start(10_000, 2, 0.5)
    assert np.isclose(limit, 0.5), "half of the weights shall be 0: a limit of one step"


check_start()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_start():
    rng = np.random.default_rng(23)
    for k, p in [(2, 1 / 3), (2, 0.5), (3, 0.2), (4, 0.7), (8, 1 / 3), (2, 0.9)]:
        limit, alpha = start(10**6, k, p)
        drawn = rng.uniform(-limit, limit, 200_000)
        share = np.mean(np.abs(drawn) < 2.0**-k)
        assert abs(share - p) < 0.01, "the quantised weights have the share of zeros"
        assert alpha >= 1, "alpha is at least 1"
        assert np.isclose(limit / alpha * np.sqrt(10**6 / 6), 1, rtol=0.415), (
            "alpha undoes the larger limit, up to the root of 2"
        )
        assert np.isclose(np.log2(alpha) % 1, 0), "alpha is a power of two"
    for n_in, expected in [
        (25, 2),
        (800, 8),
        (27, 2),
        (1152, 8),
        (8192, 32),
        (6, 1),
        (3, 1),
    ]:
        limit, alpha = start(n_in, 2, 1 / 3)
        assert alpha == expected, (
            "alpha compares the least limit with the usual one before the maximum"
        )
        assert np.isclose(limit, max(0.75, (6 / n_in) ** 0.5)), "the greater limit"
    for ratio, expected in [(1.3, 1), (1.45, 2), (2.9, 4), (2.7, 2), (0.2, 1)]:
        n_in = 6 * (ratio / 0.75) ** 2
        assert start(n_in, 2, 1 / 3)[1] == expected, (
            "the nearest power on a logarithmic scale: the boundary is at the root of 2"
        )


decide_start()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `gradient_step` (3 points)
#
# The step of a store with $k$ bits: with $g_s = \eta\,g / \mathrm{Shift}(\max|g|)$ and
# $\mathrm{Shift}(x) = 2^{\mathrm{round}(\log_2 x)}$,
#
# $$\Delta W = \sigma(k)\,\mathrm{sgn}(g_s)\,\big(\lfloor |g_s| \rfloor +
#   [u < |g_s| - \lfloor |g_s| \rfloor]\big).$$
#
# **The variant.** No weight may move by more than one level, so that $\Delta W$ really is
# ternary: sizes $|g_s| > 1$ count as 1. The draws $u$ are given, one for each entry, uniform
# on $[0, 1)$.

# %% [markdown] hints="gradient_step"
# 1. What must the mean of many steps be where $|g_s| \le 1$, and which three values can a
#    step have?
# 2. With sizes cut at 1, a weight moves if its draw lies below the size, and then by one
#    step of the store in the direction of its gradient. The rate belongs *before* the coin.
# 3. Compare `u` with $\min(|g_s|, 1)$ entry by entry and multiply by sign and step. The
#    scale is the power of two next to the greatest size in the whole array; an array of
#    zeros does not move.


# %% nbgrader={"grade_id": "gradient_step", "solution": true}
def gradient_step(g, eta, k, u):
    """The step of the stored weights; the new weights are W minus it.

    Args:
        g: gradient of a layer, any shape.
        eta: rate, a power of two.
        k: bits of the store, at least 2.
        u: draws, the shape of g.

    Returns:
        The same shape.
    """
    ### BEGIN SOLUTION
    largest = np.max(np.abs(g))
    if largest == 0:
        return np.zeros(np.shape(g))
    scaled = eta * g / 2.0 ** np.round(np.log2(largest))
    return 2.0 ** (1 - k) * np.sign(scaled) * (u < np.abs(scaled))
    ### END SOLUTION


# %% nbgrader={"grade_id": "gradient_step_tests", "grade": true, "points": 3, "axes": "like 1"}
def check_gradient_step():
    g = np.array([1.4, -0.6, 0.2])
    low, high = np.full(3, 0.1), np.full(3, 0.7)
    found = gradient_step(g, 1.0, 2, low)
    assert np.shape(found) == (3,), "a step for each entry"
    assert np.allclose(found, [0.5, -0.5, 0.5]), (
        "u = 0.1 lies below all sizes: each weight moves one step of the store"
    )
    found = gradient_step(g, 1.0, 2, high)
    assert np.allclose(found, [0.5, 0, 0]), (
        "u = 0.7: 1.4 counts as 1 and moves; 0.6 and 0.2 do not"
    )
    found = gradient_step(8 * g, 0.25, 8, low)
    assert np.allclose(found, [1 / 128, -1 / 128, 0]), (
        "the size of all gradients does not matter, and eta shrinks chances, not steps"
    )


check_gradient_step()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_gradient_step():
    rng = np.random.default_rng(31)
    for k, eta, shape in [(8, 1.0, (30, 20)), (4, 0.25, (900,)), (2, 2.0, (8, 9, 10))]:
        size = 2.0 ** (1 - k)
        g, u = rng.normal(size=shape), rng.random(shape)
        found = np.asarray(gradient_step(g, eta, k, u))
        assert found.shape == shape, "the shape of the gradient"
        power = 2.0 ** np.round(np.log2(np.abs(g).max()))
        expected = np.zeros(shape)
        for place in np.ndindex(shape):
            wanted = min(abs(eta * g[place] / power), 1)
            if u[place] < wanted:
                expected[place] = size if g[place] > 0 else -size
        assert np.array_equal(found, expected), (
            "a step of the store where the draw lies below the size, else none"
        )
        assert set(np.unique(found)) <= {-size, 0.0, size}, "three values only"
        for n in (-60, 7):
            assert np.array_equal(gradient_step(np.ldexp(g, n), eta, k, u), found), (
                "a power of two in front of the gradient changes nothing"
            )
        assert np.array_equal(gradient_step(-g, eta, k, u), -found), "both signs alike"
    g = np.full(40_000, -0.3)
    g[0] = 1.0
    found = np.asarray(gradient_step(g, 1.0, 8, rng.random(40_000)))
    assert abs(found[1:].mean() * 128 + 0.3) < 0.012, (
        "the mean of many steps is the gradient: each entry has its own coin"
    )
    for largest, power in [(1.45, 2), (1.4, 1), (2.9, 4), (0.7, 0.5), (0.72, 1)]:
        g, chance = np.array([largest, 0.3 * power]), 0.3
        for u in (chance - 0.01, chance + 0.01):
            moved = np.asarray(gradient_step(g, 1.0, 8, np.array([0.999, u])))[1] != 0
            assert moved == (u < chance), (
                "Shift is the nearest power on a logarithmic scale"
            )
    found = gradient_step(np.array([1.4, 0.8]), 0.25, 8, np.full(2, 0.3))
    assert np.allclose(found, [1 / 128, 0]), (
        "sizes are cut after the rate: 1.4 / 4 = 0.35 is no more than 1"
    )
    negative = -np.array([4.0, 1.0])
    found = gradient_step(negative, 1.0, 8, np.array([0.5, 0.3]))
    assert np.allclose(found, [-1 / 128, 0]), "gradients that are all negative"
    with np.errstate(all="ignore"):
        found = gradient_step(np.zeros((2, 3)), 1.0, 8, np.zeros((2, 3)))
    assert np.array_equal(found, np.zeros((2, 3))), "a gradient of zeros moves nothing"
    found = gradient_step(np.array([1.0, 0.5, 0.0]), 1.0, 8, np.array([0.0, 0.5, 0.0]))
    assert np.allclose(found, [1 / 128, 0, 0]), "u < size: an equal draw does not move"


decide_gradient_step()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `integer_layer` (2 points)
#
# A dense layer in whole numbers: activations $A$ are in units of 1/128 and weights $B$ in
# units of 1/2, both int8. The sums $S = A B$ are divided by $2^n$, rounded, passed through
# ReLU and kept at 127 at most.
#
# **The variant.** Ties go **up**, as a processor does it with one addition and one shift:
# $\lfloor (S + 2^{n-1}) / 2^n \rfloor$; with $n = 0$ nothing is rounded.

# %% [markdown] hints="integer_layer"
# 1. How large can a sum of 300 products of 127 and 1 become, and what does int8 make of it?
# 2. Convert to a wide integer *before* you multiply. Add half of the divisor, then shift to
#    the right; a shift of 0 places has no half.
# 3. `(S + 2**n // 2) >> n` does both cases: for $n = 0$ it adds `1 // 2`, which is 0. Then clip
#    to the range from 0 to 127.


# %% nbgrader={"grade_id": "integer_layer", "solution": true}
def integer_layer(A, B, n):
    """Product, shift to the right, ReLU and saturation.

    Args:
        A: activations, int8, shape (batch, inputs).
        B: weights, int8, shape (inputs, units).
        n: places to shift, at least 0.

    Returns:
        Whole numbers from 0 to 127, dtype int64, shape (batch, units).
    """
    ### BEGIN SOLUTION
    sums = A.astype(np.int64) @ B.astype(np.int64)
    return np.clip((sums + 2**n // 2) >> n, 0, 127)
    ### END SOLUTION


# %% nbgrader={"grade_id": "integer_layer_tests", "grade": true, "points": 2, "axes": 2}
def check_integer_layer():
    A = np.array([[3, 5]], np.int8)
    B = np.array([[1, -1, 0], [1, 0, 1]], np.int8)
    found = integer_layer(A, B, 0)
    assert np.shape(found) == (1, 3), "a row for each example, a column for each unit"
    assert np.asarray(found).dtype == np.int64, "whole numbers of dtype int64"
    assert np.array_equal(found, [[8, 0, 5]]), "A B with ReLU: 8, -3 becomes 0, 5"
    found = integer_layer(A, B, 1)
    assert np.array_equal(found, [[4, 0, 3]]), "a tie goes up: 5 / 2 gives 3"
    wide = np.full((1, 300), 127, np.int8)
    found = integer_layer(wide, np.ones((300, 1), np.int8), 9)
    assert np.array_equal(found, [[74]]), "300 products need more room than int8 has"


check_integer_layer()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_integer_layer():
    rng = np.random.default_rng(41)
    for batch, inputs, units, n in [
        (3, 5, 4, 0),
        (2, 7, 3, 1),
        (6, 40, 5, 2),
        (2, 800, 6, 5),
        (1, 1, 1, 3),
    ]:
        A = rng.integers(-127, 128, (batch, inputs)).astype(np.int8)
        B = rng.integers(-1, 2, (inputs, units)).astype(np.int8)
        found = np.asarray(integer_layer(A, B, n))
        assert found.dtype == np.int64, "whole numbers of dtype int64"
        for i in range(batch):
            for j in range(units):
                total = sum(int(A[i, m]) * int(B[m, j]) for m in range(inputs))
                expected = min(max((2 * total + 2**n) // 2 ** (n + 1), 0), 127)
                assert found[i, j] == expected, (
                    "sum, divide by the power of two with ties up, cut at 0 and 127"
                )
    full = np.full((1, 1000), 127, np.int8)
    ones = np.ones((1000, 1), np.int8)
    assert np.array_equal(integer_layer(full, ones, 10), [[124]]), (
        "1000 products of 127 do not fit into 16 bits"
    )
    assert np.array_equal(integer_layer(full, ones, 3), [[127]]), "127 at most"
    assert np.array_equal(integer_layer(full, -ones, 3), [[0]]), "ReLU"
    A = np.arange(1, 12, dtype=np.int8)[:, None]
    found = np.asarray(integer_layer(A, np.array([[1]], np.int8), 1))[:, 0]
    assert np.array_equal(found, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6]), (
        "every tie goes up, not to the even neighbour"
    )


decide_integer_layer()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what is lost? (3 points)
#
# 1. $Q_E$ throws the size of the errors away in each layer, and most errors become 0. Why
#    does the network learn all the same? Name both reasons.
# 2. A colleague rounds the steps of the store to the nearest, with $\eta = 1/4$. What happens,
#    and why does a coin help although it adds noise?
# 3. A table shows that accuracy falls as the bits of the gradients go from 8 to 2, while
#    the rate was halved with each bit. What else could explain the fall, and which two runs
#    would tell?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "lost", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. Gradients are divided by the power of two of their own greatest size before they are
#    used, so a factor in front of all errors of a layer cancels. And the few large errors
#    carry the direction: the cosine of $e$ and $Q_E(e)$ is near 1 although most are 0.
#    *Half a point* for one of the two.
# 2. $|g_s| \le \sqrt 2 / 4 < 1/2$: every step is rounded to 0, nothing ever moves. With a coin
#    the mean of the steps is $g_s$; the noise averages out over many updates, the bias of the
#    nearest does not.
# 3. The rate: fewer weights move in each update, whatever the bits. Run 8 bits with the
#    small rate, and 2 bits with the large one.
# ### END SOLUTION
