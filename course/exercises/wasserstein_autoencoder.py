# %% [markdown]
# # Exercise: transport with an encoder
#
# Five functions to write (12 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `wasserstein_autoencoder` first.
# Time: about two hours.
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
#   package `lessons.autoencoders.wasserstein_autoencoder` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like. Add no small constants, and do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.
# * All logarithms are natural.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np
from scipy import optimize

# %% [markdown]
# ## Question 1: `imq_kernel` (1 point)
#
# The inverse multiquadratic kernel of two points is $k(x, y) = C / (C + \|x - y\|^2)$.
#
# **The variant.** Here it takes the points themselves, and several scales at once: the
# result is the **mean** of the kernels over the scales. Points may be far from the origin
# and close to each other; the distance must keep its digits all the same.


# %% nbgrader={"grade_id": "imq_kernel", "solution": true}
def imq_kernel(x, y, scales):
    """Mean over scales of the inverse multiquadratic kernel of all pairs.

    Args:
        x: points, shape (n, d).
        y: points, shape (m, d).
        scales: the values of C, shape (s,), all positive.

    Returns:
        The kernel of x[i] and y[j], shape (n, m).
    """
    ### BEGIN SOLUTION
    difference = x[:, None, :] - y[None, :, :]  # (n, m, d)
    squared = (difference**2).sum(axis=2)  # (n, m)
    return (scales / (scales + squared[:, :, None])).mean(axis=2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "imq_kernel_tests", "grade": true, "points": 1, "axes": 2}
def check_imq_kernel():
    def kernel(x, y, scales):
        return np.asarray(imq_kernel(np.array(x), np.array(y), np.array(scales)))

    corner = [[0.0, 0.0], [3.0, 4.0], [1.0, -1.0]]
    assert kernel(corner, corner[:2], [1.0]).shape == (3, 2), (
        "one value for each pair: expected shape (n, m)"
    )
    assert np.allclose(kernel(corner[:1], corner[1:2], [25.0]), 0.5), (
        "points at distance 5 with C = 25 must give 1/2: square the distance"
    )
    assert np.allclose(kernel(corner[:1], corner[2:], [2.0]), 0.5), (
        "(0, 0) and (1, -1) are at squared distance 2: square each coordinate's "
        "difference before summing"
    )
    assert np.allclose(kernel(corner[:1], corner[1:2], [25.0, 75.0]), 0.625), (
        "two scales: the mean of 1/2 and 3/4, not their sum"
    )


check_imq_kernel()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_imq_kernel():
    from fractions import Fraction

    def table(x, y, scales):
        return np.asarray(imq_kernel(x.copy(), y.copy(), scales.copy()))

    rng = np.random.default_rng(171101558)
    for n, m, d, s in [(4, 4, 4, 4), (1, 5, 3, 2), (6, 1, 1, 3), (2, 3, 7, 1)]:
        # Eighths are exact in float64, so exact arithmetic can judge.
        x = rng.integers(-40, 40, size=(n, d)) / 8
        y = rng.integers(-40, 40, size=(m, d)) / 8
        c = rng.integers(1, 90, size=s) / 4
        exact = np.empty((n, m))
        for i in range(n):
            for j in range(m):
                r = sum(
                    (Fraction(p) - Fraction(q)) ** 2
                    for p, q in zip(x[i], y[j], strict=True)
                )
                exact[i, j] = sum(Fraction(v) / (Fraction(v) + r) for v in c) / s
        assert np.allclose(table(x, y, c), exact, rtol=1e-12), (
            "every entry must be the mean kernel of its pair"
        )
        assert np.allclose(table(x + 2.0**27, y + 2.0**27, c), exact, rtol=1e-9), (
            "moving all points by 2^27 must change nothing: subtract before squaring"
        )
        assert np.allclose(table(y, x, c).T, exact, rtol=1e-12), "it is symmetric"
    x = rng.normal(size=(9, 3))
    values = np.linalg.eigvalsh(table(x, x, np.array([0.1, 5.0])))
    assert values.min() > 0, "the matrix of different points is positive definite"


decide_imq_kernel()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `mmd_u` (3 points)
#
# An estimate of $\mathrm{MMD}^2 = E\,k(x, x') + E\,k(y, y') - 2 E\,k(x, y)$ from two
# samples, *unbiased*: its mean over draws is the true value, whatever the sizes.
#
# **The variant.** The two samples may have different sizes, and `kernel` is any function
# that takes **points**, shapes (n, d) and (m, d), and gives the (n, m) table of all pairs.
# It need not depend on distances; the table of a sample with itself may have anything on
# its diagonal.


# %% nbgrader={"grade_id": "mmd_u", "solution": true}
def mmd_u(x, y, kernel):
    """Unbiased estimate of the squared maximum mean discrepancy.

    Args:
        x: a sample, shape (n, d), n at least 2.
        y: a sample, shape (m, d), m at least 2.
        kernel: a function of two arrays of points, (n, d) and (m, d) to (n, m).

    Returns:
        The estimate, a float; it may be negative.
    """
    ### BEGIN SOLUTION
    n, m = len(x), len(y)
    within_x, within_y = kernel(x, x), kernel(y, y)
    first = (within_x.sum() - np.trace(within_x)) / (n * (n - 1))
    second = (within_y.sum() - np.trace(within_y)) / (m * (m - 1))
    return first + second - 2.0 * kernel(x, y).mean()
    ### END SOLUTION


# %% nbgrader={"grade_id": "mmd_u_tests", "grade": true, "points": 3, "axes": 0}
def check_mmd_u():
    def product(x, y):
        return x @ y.T

    x, y = np.array([[0.0], [2.0]]), np.array([[1.0], [3.0], [5.0]])
    assert np.ndim(mmd_u(x, y, product)) == 0, "the estimate is one number"
    # x: the pair (0, 2) gives 0; y: (3 + 5 + 15) / 3; between: 1 * 3
    assert np.isclose(mmd_u(x, y, product), 0 + 23 / 3 - 2 * 3), (
        "{0, 2} and {1, 3, 5} with k(x, y) = xy must give 23/3 - 6: within a sample "
        "average over pairs of different points, between samples over all pairs"
    )
    same = np.array([[0.0], [2.0]])
    assert np.isclose(mmd_u(same, same, product), -2), (
        "two equal samples {0, 2}: 0 + 0 - 2 * 1 = -2. An unbiased estimate may be "
        "negative"
    )


check_mmd_u()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_mmd_u():
    def gauss(x, y):
        return np.exp(-((x[:, None] - y[None]) ** 2).sum(-1) / 2)

    def linear(x, y):
        return (x[:, None] * y[None]).sum(-1)

    rng = np.random.default_rng(2012723)
    for n, m, d in [(4, 4, 4), (2, 7, 3), (6, 2, 1), (3, 5, 2)]:
        x, y = rng.normal(size=(n, d)), rng.normal(size=(m, d)) + 0.5
        for k in (gauss, linear):
            a, b, c = k(x, x), k(y, y), k(x, y)
            brute = sum(a[i, j] for i in range(n) for j in range(n) if i != j)
            brute = brute / n / (n - 1)
            other = sum(b[i, j] for i in range(m) for j in range(m) if i != j)
            brute += other / m / (m - 1) - 2 * c.sum() / n / m
            found = float(mmd_u(x.copy(), y.copy(), k))
            assert np.isclose(found, brute, rtol=1e-10, atol=1e-12), (
                "the estimate must average over the right pairs, for any two sizes"
            )
            swapped = float(mmd_u(y[::-1].copy(), x[rng.permutation(n)], k))
            assert np.isclose(swapped, found, rtol=1e-10, atol=1e-12), (
                "the order of the points, and which sample is first, must not matter"
            )

        def spiked(x, y, k=gauss):
            table = k(x, y)
            if x.shape == y.shape and np.array_equal(x, y):
                table = table + 1e6 * np.eye(len(x))
            return table

        assert np.isclose(mmd_u(x, y, spiked), mmd_u(x, y, gauss), atol=1e-7), (
            "a point's pair with itself must not count"
        )

    # Equal laws, unequal sizes: mean zero over 500 draws. The sum kernel makes the
    # exact value the squared distance of the means.
    draws = rng.normal(size=(500, 9, 2))
    zero = np.array([mmd_u(v[:6], v[6:], gauss) for v in draws])
    assert abs(zero.mean()) < 4 * zero.std() / 500**0.5, (
        "for equal laws the mean over many draws must be zero"
    )
    assert 0.2 < np.mean(zero < 0) < 0.9, "for equal laws many estimates are negative"
    moved = np.array([mmd_u(v[:6] + [3, 4], v[6:], linear) for v in draws])
    assert abs(moved.mean() - 25) < 4 * moved.std() / 500**0.5, (
        "with the kernel x . y the mean must be the squared distance of the means"
    )


decide_mmd_u()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `ot_lp` (3 points)
#
# Transport as a linear program; `optimize.linprog` may solve it.
#
# **The variant.** The targets are *capacities*: everything in $a$ must be moved, but
# target $j$ need not be filled; it takes at most $b_j$,
#
# $$\min_{P \ge 0} \sum_{ij} P_{ij} C_{ij}, \qquad
#   \sum_j P_{ij} = a_i, \qquad \sum_i P_{ij} \le b_j .$$
#
# If both totals are equal this is transport as in the lesson. Totals need not be 1.


# %% nbgrader={"grade_id": "ot_lp", "solution": true}
def ot_lp(a, b, C):
    """The cheapest way to move all of a into targets of limited size.

    Args:
        a: masses, shape (n,), not negative.
        b: capacities, shape (m,), not negative, with a total of at least a's.
        C: cost of moving a unit, shape (n, m).

    Returns:
        (value, plan): a float, and the masses moved, shape (n, m).
    """
    ### BEGIN SOLUTION
    n, m = C.shape
    rows = np.kron(np.eye(n), np.ones((1, m)))
    columns = np.kron(np.ones((1, n)), np.eye(m))
    answer = optimize.linprog(C.ravel(), A_ub=columns, b_ub=b, A_eq=rows, b_eq=a)
    return answer.fun, answer.x.reshape(n, m)
    ### END SOLUTION


# %% nbgrader={"grade_id": "ot_lp_tests", "grade": true, "points": 3, "axes": [0, 2]}
def check_ot_lp():
    places = np.arange(4.0)
    C = np.abs(places[:, None] - places)
    value, plan = ot_lp(np.array([3.0, 2, 1, 4]), np.array([1.0, 2, 4, 3]), C)
    assert np.shape(plan) == (4, 4), "the plan has the shape of the costs"
    assert np.isclose(value, 5), "piles (3, 2, 1, 4) to (1, 2, 4, 3) must cost 5"
    assert np.allclose(np.sum(plan, axis=1), [3, 2, 1, 4]), (
        "row i of the plan must sum to a[i]"
    )
    value, _ = ot_lp(np.array([1.0, 0, 0, 0]), np.array([0.0, 1, 1, 1]), C)
    assert np.isclose(value, 1), (
        "one unit at place 0, room at places 1, 2, 3: move it to the nearest for 1. "
        "Capacities are upper bounds; targets need not be filled"
    )


check_ot_lp()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_ot_lp():
    from scipy import stats

    def solve(a, b, C):
        value, plan = ot_lp(a.copy(), b.copy(), C.copy())
        return float(value), np.asarray(plan)

    rng = np.random.default_rng(1942)
    for n, m, total, room in [(4, 4, 1.0, 1.0), (3, 6, 5.0, 7.0), (5, 2, 0.4, 0.5)]:
        C = rng.uniform(-1, 3, size=(n, m))  # who moves more than a gains by it
        a, b = total * rng.dirichlet(np.ones(n)), room * rng.dirichlet(np.ones(m))
        value, plan = solve(a, b, C)
        assert plan.shape == (n, m) and plan.min() > -1e-9, "masses are not negative"
        assert np.allclose(plan.sum(1), a, atol=1e-8), "everything must be moved"
        assert np.all(plan.sum(0) <= b + 1e-8), "no target may be overfilled"
        assert np.isclose(value, np.vdot(plan, C), atol=1e-8), (
            "the value must be the cost of the plan"
        )
        # The dual program: prices f, and fees g >= 0 of full targets
        pairs = np.concatenate(
            [np.kron(np.eye(n), np.ones((m, 1))), -np.tile(np.eye(m), (n, 1))], axis=1
        )
        bounds = [(None, None)] * n + [(0, None)] * m
        dual = optimize.linprog(np.r_[-a, b], pairs, C.ravel(), bounds=bounds)
        assert np.isclose(value, -dual.fun, atol=1e-7), (
            "the value must be that of the dual program: the plan is not the cheapest"
        )
        wide, _ = solve(a, np.full(m, a.sum()), C)
        assert np.isclose(wide, a @ C.min(axis=1), atol=1e-8), (
            "with room everywhere each mass goes to its cheapest target"
        )
        assert np.isclose(solve(3 * a, 3 * b, C)[0], 3 * value, atol=1e-7), (
            "three times the masses and capacities cost three times as much"
        )

    x, y = rng.normal(size=6), rng.normal(size=6)
    even = np.full(6, 1 / 6)
    value, _ = solve(even, even, (x[:, None] - y) ** 2)
    assert np.isclose(value, np.mean((np.sort(x) - np.sort(y)) ** 2), atol=1e-8), (
        "equal weights on a line, squared cost: the plan is sorting"
    )
    u, v = rng.dirichlet(np.ones(6)), rng.dirichlet(np.ones(6))
    value, _ = solve(u, v, np.abs(x[:, None] - y))
    assert np.isclose(value, stats.wasserstein_distance(x, y, u, v), atol=1e-8), (
        "on a line the value is the area between the distribution functions"
    )
    value, _ = solve(u, u, np.abs(x[:, None] - x))
    assert abs(value) < 1e-9, "moving a law onto itself costs nothing"


decide_ot_lp()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `wae_mmd_loss` (2 points)
#
# The number that WAE-MMD minimises in one step: the mean over the batch of the squared
# error (a **sum** over everything but the batch), plus $\lambda$ times the unbiased
# estimate of $\mathrm{MMD}^2$ between codes and draws of the prior.
#
# **The variant.** One inverse multiquadratic kernel only, $C = 2 d$ with $d$ the size of
# a code (not the lesson's sum of seven), images of any shape, and the number of draws may
# differ from that of codes. Write the estimate out here: this question may not call your
# answers to the first two.


# %% nbgrader={"grade_id": "wae_mmd_loss", "solution": true}
def wae_mmd_loss(x, y, q, z, lam):
    """Loss of one step of WAE-MMD.

    Args:
        x: images, shape (n, ...).
        y: their reconstructions, shape (n, ...).
        q: their codes, shape (n, d), n at least 2.
        z: draws of the prior, shape (m, d), m at least 2.
        lam: weight of the penalty.

    Returns:
        The loss, a float.
    """
    ### BEGIN SOLUTION
    C = 2.0 * q.shape[1]

    def pairs(u, v):
        return C / (C + ((u[:, None] - v[None]) ** 2).sum(axis=2))

    def within(u):
        return (pairs(u, u).sum() - len(u)) / (len(u) * (len(u) - 1))

    penalty = within(z) + within(q) - 2.0 * pairs(z, q).mean()
    cost = ((x - y) ** 2).reshape(len(x), -1).sum(axis=1).mean()
    return cost + lam * penalty
    ### END SOLUTION


# %% nbgrader={"grade_id": "wae_mmd_loss_tests", "grade": true, "points": 2, "axes": 0}
def check_wae_mmd_loss():
    x, y = np.zeros((2, 3, 3, 1)), np.ones((2, 3, 3, 1))
    q, z = np.array([[0.0], [0.0]]), np.array([[0.0], [2.0**0.5]])
    assert np.ndim(wae_mmd_loss(x, y, q, z, 0.0)) == 0, "the loss is one number"
    assert np.isclose(wae_mmd_loss(x, y, q, z, 0.0), 9), (
        "nine pixels that are off by 1 cost 9 per image: sum over pixels, average over "
        "the batch"
    )
    # C = 2: k = 1 within q, 1/2 within z, and 1, 1/2, 1, 1/2 between
    assert np.isclose(wae_mmd_loss(x, x, q, z, 1.0), 0), (
        "codes {0, 0} and draws {0, sqrt 2}: 1 + 1/2 - 2 * 3/4 = 0"
    )
    far = np.array([[100.0], [100.0]])
    assert wae_mmd_loss(x, x, far, z, 10.0) > 14, (
        "codes far from the prior must raise the loss: the penalty is added"
    )


check_wae_mmd_loss()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_wae_mmd_loss():
    from scipy.spatial import distance

    def loss(x, y, q, z, lam):
        return float(wae_mmd_loss(x.copy(), y.copy(), q.copy(), z.copy(), lam))

    rng = np.random.default_rng(8)
    for n, m, d, shape in [(4, 4, 4, (4,)), (3, 6, 2, (5, 2, 1)), (5, 2, 7, (3, 3))]:
        x, y = rng.normal(size=(2, n, *shape))
        q, z = 2 * rng.normal(size=(n, d)) + 0.3, rng.normal(size=(m, d))
        c = 2 * d
        parts = [np.mean(c / (c + distance.pdist(u, "sqeuclidean"))) for u in (q, z)]
        between = np.mean(c / (c + distance.cdist(q, z, "sqeuclidean")))
        penalty = sum(parts) - 2 * between
        cost = np.sum((x - y) ** 2) / n
        for lam in (0.0, 1.0, 25.0):
            assert np.isclose(loss(x, y, q, z, lam), cost + lam * penalty, rtol=1e-9), (
                "the loss must be the mean summed squared error plus lam times the "
                "unbiased estimate with C = 2 d"
            )
        order = rng.permutation(m)
        assert np.isclose(loss(x, y, q, z[order], 3.0), loss(x, y, q, z, 3.0)), (
            "the order of the draws must not matter"
        )
    # The same two codes and draws: 1/3 + 1/3 - 2 (1 + 1/3) / 2
    same = np.array([[0.0], [2.0]])
    assert np.isclose(loss(same, same, same, same, 3.0), -2), (
        "an unbiased estimate may be negative: leave it as it is"
    )
    prior = rng.normal(size=(600, 6))
    losses = [
        loss(np.zeros((300, 1)), np.zeros((300, 1)), t * prior[:300], prior[300:], 1.0)
        for t in (1.0, 0.5, 0.0, 2.0)
    ]
    assert abs(losses[0]) < 0.01, "codes that follow the prior cost nearly nothing"
    assert losses[0] < losses[1] < losses[2], "codes that shrink must cost more"
    assert losses[3] > 0.02, "codes that spread must cost more"


decide_wae_mmd_loss()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `gan_losses` (3 points)
#
# The two losses of WAE-GAN from logits: the discriminator minimises
# $-E \log D(z) - E \log(1 - D(q))$ with $D = 1 / (1 + e^{-\mathrm{logit}})$, the encoder the
# *non-saturating* $-E \log D(q)$.
#
# **The variant.** Numbers of draws and of codes may differ, so each expectation is a mean
# of its own; and both losses come as two scalars. Logits may be as large as $\pm 10^4$.


# %% nbgrader={"grade_id": "gan_losses", "solution": true}
def gan_losses(logit_p, logit_q):
    """Losses of the two sides of WAE-GAN.

    Args:
        logit_p: logits of draws of the prior, shape (n,).
        logit_q: logits of codes, shape (m,).

    Returns:
        (discriminator's loss, encoder's loss), two floats in nats.
    """
    ### BEGIN SOLUTION
    discriminator = np.logaddexp(0, -logit_p).mean() + np.logaddexp(0, logit_q).mean()
    return discriminator, np.logaddexp(0, -logit_q).mean()
    ### END SOLUTION


# %% nbgrader={"grade_id": "gan_losses_tests", "grade": true, "points": 3, "axes": [0, 0]}
def check_gan_losses():
    disc, enc = gan_losses(np.zeros(3), np.zeros(3))
    assert np.ndim(disc) == 0 and np.ndim(enc) == 0, "each loss is one number"
    assert np.isclose(disc, 2 * np.log(2)), (
        "logits 0: the discriminator guesses, its loss is 2 log 2"
    )
    assert np.isclose(enc, np.log(2)), "logits 0: the encoder's loss is log 2"
    disc, enc = gan_losses(np.array([100.0]), np.array([-100.0]))
    assert np.isclose(disc, 0) and np.isclose(enc, 100), (
        "a discriminator that is sure and right: its loss is 0, the encoder's 100 and "
        "not infinite or 0"
    )


check_gan_losses()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_gan_losses():
    from decimal import Decimal, localcontext

    def both(p, q):
        return tuple(map(float, gan_losses(np.array(p), np.array(q))))

    def softplus(t):
        # log(1 + e^t) to 60 digits
        return (1 + Decimal(float(t)).exp()).ln()

    rng = np.random.default_rng(1511)
    with localcontext() as context:
        context.prec = 60
        for n, m, width in [(4, 4, 1.0), (1, 6, 5.0), (7, 2, 20.0)]:
            p, q = width * rng.normal(size=n), width * rng.normal(size=m)
            disc = sum(softplus(-t) for t in p) / n + sum(softplus(t) for t in q) / m
            enc = sum(softplus(-t) for t in q) / m
            assert np.allclose(both(p, q), [float(disc), float(enc)], rtol=1e-12), (
                "each expectation is a mean over its own logits, to full precision"
            )
    # The encoder's slope: -(1 - D) for each code, strong where it is found out
    for t in (-30.0, -2.0, 0.0, 3.0):
        up, down = (both([0.0], [t + s])[1] for s in (1e-5, -1e-5))
        assert np.isclose((up - down) / 2e-5, -1 / (1 + np.exp(t)), atol=1e-6), (
            "the encoder's loss must fall as logit_q rises, fastest where the "
            "discriminator is sure: the non-saturating form"
        )
    for size in (100.0, 1e4):
        wrong = both([-size], [size])
        assert np.allclose(wrong, [2 * size, 0]), (
            "huge logits on the wrong side must give huge finite losses"
        )
        assert np.all(np.isfinite(both([size, -size], [size, -size]))), (
            "losses must be finite for huge logits"
        )
    # Best logit between N(0,1) and N(1,1): 2 log 2 - 2 JS
    x, y = rng.normal(size=(2, 200_000))
    least = both(0.5 - x, -0.5 - y)[0]
    assert abs(least - 1.1634514) < 0.006, (
        "at the best logit the discriminator's loss must be 2 log 2 - 2 JS"
    )


decide_gan_losses()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: two penalties (3 points)
#
# Let $G$ be a fixed decoder, and compare the encoders that a VAE and a WAE would choose.
#
# 1. In the lesson's Gaussian case ($P_X = N(0, 4)$, $G(z) = 1.5 z$) the encoder
#    $z = x/2$ attains the transport cost. Why can no weight of the VAE's KL term make a
#    VAE choose it?
# 2. Theorem 1 asks for $Q_Z = P_Z$, training only penalises the difference with weight
#    $\lambda$. Show that the relaxed optimum is never above the transport cost, and does
#    not fall when $\lambda$ grows.
# 3. Someone reports "WAE reconstructs better than VAE, therefore it is the better model of
#    the data". Which number is missing, and how would you measure it?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "two_penalties", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. That encoder is deterministic: $Q(Z\mid x)$ is a point mass and its KL divergence from
#    the prior is infinite for every $x$, so any positive weight makes the objective
#    infinite, although the codes *together* follow the prior exactly. Equivalently: the
#    VAE pays for $I(X; Z)$, which is infinite here. *Half a point* for "the VAE needs
#    noise" without the reason. With weight zero nothing keeps the codes near the prior.
# 2. Every $Q$ with $Q_Z = P_Z$ has penalty 0 and is admitted, so the infimum over all $Q$
#    is at most the infimum over those, which is $W_c$ by theorem 1. For
#    $\lambda < \lambda'$ each $Q$ has a larger or equal objective (the penalty is not
#    negative), and so have the infima. *Half a point* for each.
# 3. Reconstruction says nothing about $Q_Z$: a plain autoencoder reconstructs best and has
#    unusable samples. Missing is how far the codes are from the prior (MMD, or a
#    discriminator, on *test* codes), or the quality of decoded prior draws: transport or
#    Fréchet distance to test data beside the same number for training data.
# ### END SOLUTION
