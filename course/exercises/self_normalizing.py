# %% [markdown]
# # Exercise: networks that normalise themselves
#
# Five functions to write (12 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `self_normalizing` first. Time:
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
#   package `lessons.foundations.self_normalizing` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like (`scipy.special` has `erf`, `erfc` and `erfcx`). Do not change the arrays
#   you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `selu` (1 point)
#
# $selu(x) = \lambda x$ for $x > 0$ and $\lambda\alpha(e^x - 1)$ for $x \le 0$.
#
# **The variant.** Return the value *and* the derivative, which back-propagation needs.
# At $x = 0$ itself take the derivative from the left. Both must be finite for any $x$.


# %% nbgrader={"grade_id": "selu", "solution": true}
def selu(x, lam, alpha):
    """SELU and its derivative.

    Args:
        x: an array of any shape.
        lam: the scale lambda.
        alpha: the constant alpha.

    Returns:
        A tuple (value, slope) of arrays of the shape of x.
    """
    ### BEGIN SOLUTION
    left = np.exp(np.minimum(x, 0.0))
    value = lam * np.where(x > 0, x, alpha * (left - 1.0))
    slope = lam * np.where(x > 0, 1.0, alpha * left)
    return value, slope
    ### END SOLUTION


# %% nbgrader={"grade_id": "selu_tests", "grade": true, "points": 1, "axes": ["like 1", "like 1"]}
def check_selu():
    value, slope = selu(np.array([[2.0, -1.0]]), 1.5, 2.0)
    assert np.shape(value) == np.shape(slope) == (1, 2), "keep the shape of x"
    assert np.allclose(value, [[3.0, 3.0 * (np.exp(-1) - 1)]]), (
        "lam = 1.5, alpha = 2: selu(2) is 3, selu(-1) is 3 (1/e - 1)"
    )
    assert np.allclose(slope, [[1.5, 3.0 * np.exp(-1)]]), (
        "the slope is lam on the right and lam alpha e^x on the left"
    )


check_selu()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_selu():
    rng = np.random.default_rng(1)
    for lam, alpha in [(1.0507009873554805, 1.6732632423543778), (0.7, 1.2)]:
        x = rng.normal(scale=3, size=(4, 5, 6))
        value, slope = selu(x, lam, alpha)
        assert np.allclose(value, lam * np.where(x > 0, x, alpha * np.expm1(x))), (
            "lam x to the right of 0, lam alpha (e^x - 1) to the left"
        )
        step = 1e-6
        up, down = selu(x + step, lam, alpha)[0], selu(x - step, lam, alpha)[0]
        assert np.allclose(slope, (up - down) / (2 * step), atol=1e-7), (
            "the slope must be the derivative of the value"
        )
        ends = np.array([-1e6, -50.0, 0.0, 1e4, 1e6])
        value, slope = selu(ends, lam, alpha)
        expected = [-lam * alpha, -lam * alpha, 0.0, 1e4 * lam, 1e6 * lam]
        assert np.allclose(value, expected, rtol=1e-12), (
            "far left: -lam alpha; far right: lam x, without overflow"
        )
        assert np.allclose(slope, [0.0, 0.0, lam * alpha, lam, lam], atol=1e-12), (
            "the slope must be finite everywhere, and at 0 the one from the left"
        )


decide_selu()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `moment_map` (4 points)
#
# A unit computes $y = selu(z)$ with $z = \sum_i w_i x_i$, and $z$ is taken as Gaussian.
#
# **The variant.** The inputs are independent, but each has a mean $\mu_i$ and a variance
# $\nu_i$ of its own, and you are given the weights of many units. What then are mean
# and variance of $z$, for each unit? Return mean and variance of $y$ in closed form (no
# sampling, no numerical integration). Variances may be as large as $10^6$: the factors
# $e^{s^2/2}$ and $e^{2 s^2}$ of the lesson's equations overflow then, their products with
# the tails of the Gaussian do not.
#
# *Hint:* with $z \sim N(m, s^2)$ only $m$ and $s^2$ matter for the rest, which is in the
# lesson.


# %% nbgrader={"grade_id": "moment_map", "solution": true}
def moment_map(mu, nu, weights, lam, alpha):
    """Mean and variance of the outputs of SELU units.

    Args:
        mu: means of the inputs, shape (inputs,).
        nu: variances of the inputs, shape (inputs,), all positive.
        weights: shape (inputs, units).
        lam, alpha: constants of the activation.

    Returns:
        A tuple (mean, variance), each of shape (units,).
    """
    ### BEGIN SOLUTION
    from scipy import special

    m, variance = mu @ weights, nu @ weights**2  # (units,)
    s = np.sqrt(variance)
    density = np.exp(-(m**2) / (2 * variance)) / np.sqrt(2 * np.pi)
    right = special.ndtr(m / s)  # probability of z > 0
    first = np.exp(m + variance / 2 + special.log_ndtr(-m / s - s))
    second = np.exp(2 * m + 2 * variance + special.log_ndtr(-m / s - 2 * s))
    left = 1 - right
    mean = lam * (m * right + s * density + alpha * (first - left))
    square = (m**2 + variance) * right + m * s * density
    square = lam**2 * (square + alpha**2 * (second - 2 * first + left))
    return mean, square - mean**2
    ### END SOLUTION


# %% nbgrader={"grade_id": "moment_map_tests", "grade": true, "points": 4, "axes": [1, 1]}
def check_moment_map():
    lam, alpha = 1.0507009873554805, 1.6732632423543778
    weights = np.array([[0.6, 1.0, 0.5], [-0.6, 0.0, 0.5], [0.28**0.5, 0.0, 0.5]])
    mean, variance = moment_map(np.zeros(3), np.ones(3), weights, lam, alpha)
    assert np.shape(mean) == np.shape(variance) == (3,), "one number for each unit"
    assert np.allclose(mean[:2], 0, atol=1e-12), (
        "mean 0, variance 1 and weights of length 1: the outputs have mean 0"
    )
    assert np.allclose(variance[:2], 1), (
        "and variance 1: subtract the squared mean, and add up *squares* of weights"
    )
    mean, variance = moment_map(np.full(3, 0.1), np.full(3, 0.8), weights, lam, alpha)
    assert not np.isclose(mean[0], mean[1]), (
        "inputs with a mean: units with other sums of weights have other means"
    )


check_moment_map()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_moment_map():
    from scipy import integrate

    lam01, alpha01 = 1.0507009873554805, 1.6732632423543778

    def by_quadrature(m, s, lam, alpha):
        def y(z):
            return lam * (z if z > 0 else alpha * np.expm1(z))

        def moment(power):
            def integrand(z):
                return y(z) ** power * np.exp(-0.5 * ((z - m) / s) ** 2)

            low, high = m - 12 * s, m + 12 * s
            cut = min(max(0.0, low), high)
            area = integrate.quad(integrand, low, cut, epsabs=1e-12)[0]
            area += integrate.quad(integrand, cut, high, epsabs=1e-12)[0]
            return area / (s * np.sqrt(2 * np.pi))

        mean = moment(1)
        return mean, moment(2) - mean**2

    rng = np.random.default_rng(4)
    for inputs, units, lam, alpha in [
        (5, 4, lam01, alpha01),
        (1, 3, 0.9, 1.3),
        (30, 2, lam01, alpha01),
    ]:
        mu, nu = rng.normal(size=inputs), rng.uniform(0.2, 3, size=inputs)
        weights = rng.normal(size=(inputs, units)) / np.sqrt(inputs)
        mean, variance = moment_map(mu, nu, weights, lam, alpha)
        assert np.shape(mean) == np.shape(variance) == (units,), "shape (units,)"
        for unit in range(units):
            m = np.sum(mu * weights[:, unit])
            s = np.sqrt(np.sum(nu * weights[:, unit] ** 2))
            expected = by_quadrature(m, s, lam, alpha)
            assert np.allclose(mean[unit], expected[0], atol=1e-8), (
                "the mean must equal a numerical integral, for inputs with different "
                "means and variances"
            )
            assert np.allclose(variance[unit], expected[1], atol=1e-8), (
                "the variance must equal a numerical integral"
            )
        flipped = moment_map(-mu, nu, -weights, lam, alpha)
        assert np.allclose(flipped, (mean, variance)), (
            "changing the signs of means and weights together changes nothing"
        )
    big = moment_map(np.zeros(1), np.full(1, 1e6), np.ones((1, 1)), lam01, alpha01)
    assert np.all(np.isfinite(big)), (
        "a variance of a million: e^(2 s^2) overflows, its product with the tail does "
        "not (log_ndtr or erfcx)"
    )


decide_moment_map()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `singular_values_2x2` (2 points)
#
# The lesson gives the largest singular value of a $2 \times 2$ matrix from two square
# roots.
#
# **The variant.** Return both singular values, the larger first, for a whole stack of
# matrices. *Hint:* their product is $|\det M|$, and the sum of their squares is the sum of
# the squared entries. Do not call a routine for singular values or eigenvalues.


# %% nbgrader={"grade_id": "singular_values_2x2", "solution": true}
def singular_values_2x2(matrices):
    """Both singular values of 2x2 matrices, in closed form.

    Args:
        matrices: shape (..., 2, 2).

    Returns:
        Shape (..., 2), the larger one first; never negative.
    """
    ### BEGIN SOLUTION
    a, b = matrices[..., 0, 0], matrices[..., 0, 1]
    c, d = matrices[..., 1, 0], matrices[..., 1, 1]
    plus, minus = np.hypot(a + d, c - b), np.hypot(a - d, b + c)
    return np.stack([plus + minus, np.abs(plus - minus)], axis=-1) / 2
    ### END SOLUTION


# %% nbgrader={"grade_id": "singular_values_2x2_tests", "grade": true, "points": 2, "axes": null}
def check_singular_values_2x2():
    found = singular_values_2x2(np.array([[[3.0, 0.0], [0.0, -2.0]]]))
    assert np.shape(found) == (1, 2), "a stack of one matrix: expected shape (1, 2)"
    assert np.allclose(found, [[3.0, 2.0]]), (
        "diag(3, -2) has singular values 3 and 2: never negative"
    )
    assert np.allclose(singular_values_2x2(np.ones((2, 2))), [2.0, 0.0]), (
        "a matrix of ones has singular values 2 and 0"
    )


check_singular_values_2x2()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_singular_values_2x2():
    rng = np.random.default_rng(22)
    for shape in [(), (7,), (3, 4)]:
        matrices = rng.normal(size=(*shape, 2, 2))
        found = np.asarray(singular_values_2x2(matrices))
        expected = np.linalg.svd(matrices, compute_uv=False)
        assert found.shape == expected.shape, "the shape must be (..., 2)"
        assert np.allclose(found, expected, atol=1e-12), (
            "they must equal those of an SVD"
        )
    angle = rng.uniform(0, 6, size=20)
    rows = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    turned = singular_values_2x2(2.5 * np.moveaxis(np.array(rows), -1, 0))
    assert np.allclose(turned, 2.5), "a rotation times 2.5 has 2.5 twice"
    thin = np.einsum("ni,nj->nij", rng.normal(size=(9, 2)), rng.normal(size=(9, 2)))
    found = np.asarray(singular_values_2x2(thin))
    assert np.all(np.isfinite(found)) and np.allclose(found[:, 1], 0, atol=1e-7), (
        "a matrix of rank one has a zero singular value, not NaN"
    )
    assert np.all(found >= 0), "singular values are never negative"


decide_singular_values_2x2()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `alpha_dropout` (3 points)
#
# **The variant.** The inputs have mean $\mu$ and variance $\nu$, not 0 and 1, and the
# layer must keep *those*. Drop each entry with probability `rate`, independently, by
# setting it to $\alpha' = -1.7580993408473766$; then apply one affine map $a(\cdot) + b$
# to all entries, with $a > 0$, so that mean $\mu$ and variance $\nu$ come back. $a$ and $b$
# must be computed from `rate`, `mu` and `nu`, not from the sample. With
# `training=False` the inputs come back unchanged.


# %% nbgrader={"grade_id": "alpha_dropout", "solution": true}
def alpha_dropout(x, rate, mu, nu, rng, training=True):
    """Dropout to the negative saturation of SELU that keeps mean and variance.

    Args:
        x: an array of any shape.
        rate: probability of an entry to be dropped, in [0, 1).
        mu, nu: mean and variance of the inputs.
        rng: a numpy.random.Generator for the choice.
        training: whether to drop anything.

    Returns:
        A new array of the shape of x.
    """
    ### BEGIN SOLUTION
    if not training:
        return x.copy()
    dropped, keep = -1.7580993408473766, 1.0 - rate
    mean = keep * mu + rate * dropped
    variance = keep * nu + keep * rate * (dropped - mu) ** 2
    scale = np.sqrt(nu / variance)
    mixed = np.where(rng.random(x.shape) < keep, x, dropped)
    return scale * (mixed - mean) + mu
    ### END SOLUTION


# %% nbgrader={"grade_id": "alpha_dropout_tests", "grade": true, "points": 3, "axes": "like 1"}
def check_alpha_dropout():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 1000))
    y = alpha_dropout(x, 0.1, 0.0, 1.0, np.random.default_rng(1))
    assert np.shape(y) == x.shape, "keep the shape of x"
    assert abs(np.mean(y)) < 0.02, "the mean must stay 0: is the sign of alpha' right?"
    assert abs(np.var(y) - 1) < 0.02, "the variance must stay 1"
    assert np.allclose(alpha_dropout(x, 0.5, 0.0, 1.0, rng, training=False), x), (
        "with training=False nothing happens"
    )


check_alpha_dropout()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_alpha_dropout():
    lowest = -1.7580993408473766
    rng = np.random.default_rng(9)
    for rate, mu, nu in [
        (0.05, 0.0, 1.0),
        (0.3, 0.0, 1.0),
        (0.2, 0.7, 2.5),
        (0.5, -1.0, 0.4),
    ]:
        x = mu + np.sqrt(nu) * rng.normal(size=(600, 700))
        y = np.asarray(alpha_dropout(x, rate, mu, nu, np.random.default_rng(2)))
        # 420,000 entries: standard errors of about 0.002
        assert abs(y.mean() - mu) < 0.015 * np.sqrt(nu), "the mean must stay mu"
        assert abs(y.var() / nu - 1) < 0.02, "the variance must stay nu"
        keep = 1 - rate
        spread = keep * (rate * (lowest - mu) ** 2 + nu)
        a = np.sqrt(nu / spread)
        b = mu - a * (keep * mu + rate * lowest)
        dropped = np.isclose(y, a * lowest + b, rtol=0, atol=1e-9)
        assert abs(dropped.mean() - rate) < 0.01, (
            "the share of dropped entries must be rate, and their value a alpha' + b"
        )
        assert np.allclose(np.where(dropped, 0, y - (a * x + b)), 0, atol=1e-9), (
            "entries that are kept become a x + b, with a and b from the theory"
        )
        assert dropped.any(axis=0).mean() > 0.9 and dropped.any(axis=1).all(), (
            "each entry is dropped independently, not whole rows or columns"
        )
        assert not dropped.all(axis=0).any() and not dropped.all(axis=1).any(), (
            "each entry is dropped independently, not whole rows or columns"
        )
        other = alpha_dropout(x, rate, mu, nu, np.random.default_rng(3))
        assert not np.array_equal(y, other), "the choice must come from rng"
    x = rng.normal(size=(4, 5, 6))
    assert np.allclose(alpha_dropout(x, 0.0, 0.0, 1.0, rng), x), (
        "rate 0 changes nothing"
    )
    assert np.array_equal(alpha_dropout(x, 0.4, 0.2, 1.1, rng, training=False), x), (
        "with training=False nothing happens"
    )


decide_alpha_dropout()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `solve_selu` (2 points)
#
# The published constants make $(0, 1)$ a fixed point for $\omega = 0$, $\tau = 1$.
#
# **The variant.** Find $\alpha$ and $\lambda$ for which $(0, \nu)$ is the fixed point, for any
# $\nu > 0$: inputs of mean 0 and variance $\nu$ give outputs of mean 0 and variance
# $\nu$. A closed form exists; solving numerically is allowed if it is exact to $10^{-9}$.


# %% nbgrader={"grade_id": "solve_selu", "solution": true}
def solve_selu(nu_target):
    """Constants of SELU with the fixed point (0, nu_target).

    Args:
        nu_target: the variance that is to stay, a positive number.

    Returns:
        A tuple (alpha, lam) of positive numbers.
    """
    ### BEGIN SOLUTION
    from scipy import special

    s = np.sqrt(nu_target)
    first = special.erfcx(s / np.sqrt(2))  # e^(s^2/2) erfc(s / sqrt 2)
    second = special.erfcx(np.sqrt(2) * s)  # e^(2 s^2) erfc(sqrt 2 s)
    alpha = np.sqrt(2 / np.pi) * s / (1 - first)
    lam = np.sqrt(2 * nu_target / (nu_target + alpha**2 * (second - 2 * first + 1)))
    return alpha, lam
    ### END SOLUTION


# %% nbgrader={"grade_id": "solve_selu_tests", "grade": true, "points": 2, "axes": [0, 0]}
def check_solve_selu():
    alpha, lam = solve_selu(1.0)
    assert np.isclose(alpha, 1.6732632423543778), (
        "variance 1 must give the published alpha; it is returned first"
    )
    assert np.isclose(lam, 1.0507009873554805), "and the published lambda"
    assert not np.isclose(solve_selu(2.0)[0], alpha), (
        "another variance needs another alpha, not only another lambda"
    )


check_solve_selu()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_solve_selu():
    from scipy import integrate

    for nu in (0.05, 0.5, 1.0, 2.0, 9.0, 40.0):
        alpha, lam = map(float, solve_selu(nu))
        assert alpha > 0 and lam > 0, "both constants are positive"
        s = np.sqrt(nu)

        def density(z, s=s):
            return np.exp(-0.5 * (z / s) ** 2) / (s * np.sqrt(2 * np.pi))

        def moment(power, s=s, alpha=alpha, lam=lam, density=density):
            def left(z):
                return (lam * alpha * np.expm1(z)) ** power * density(z)

            def right(z):
                return (lam * z) ** power * density(z)

            area = integrate.quad(left, -12 * s, 0, epsabs=1e-13)[0]
            return area + integrate.quad(right, 0, 12 * s, epsabs=1e-13)[0]

        assert abs(moment(1)) < 1e-7, "outputs of N(0, nu) must have mean 0"
        assert abs(moment(2) / nu - 1) < 1e-7, "and variance nu"


decide_solve_selu()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what may go wrong (3 points)
#
# 1. Someone trains an SNN with ordinary dropout (zeros, kept entries divided by $q$) at
#    rate 0.1. Inputs have mean 0 and variance 1. What are mean and variance after the
#    dropout, and what does the next layer do about it?
# 2. Someone uses weights of variance $2/n$, as for ReLU. What is $\tau$ then, do theorems 1
#    and 2 apply, and what happens over 32 layers?
# 3. Forward moments are pulled to (0, 1). Are the variances of gradients pulled to
#    anything? Give the number per layer, and what it amounts to over 32 layers.
#
# Five to ten sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "wrong_turns", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. Mean 0; the second moment becomes $q \cdot 1/q^2 = 1/q = 1.11$, so the variance is
#    1.11. The next layer brings it back by the factor 0.78 of its deviation, but every
#    layer adds a new 0.11: the stack settles at a variance above 1. *Half a point* for
#    the variance alone.
# 2. $\tau = 2$ on average. Theorem 1 wants $\tau \le 1.1$ and theorem 2 $\tau \le 1.25$:
#    neither applies. Variance grows from layer to layer (to a few hundred over 32).
# 3. No. Each layer multiplies the variance of gradients by
#    $\tau\, E\,selu'(z)^2 \approx 1.07$, whatever it was before: no fixed point. Over 32
#    layers about 9.
# ### END SOLUTION
