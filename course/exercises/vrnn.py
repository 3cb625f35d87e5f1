# %% [markdown]
# # Exercise: steps that are missing, steps that are masked
#
# Five functions to write (16 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `vrnn` first. Time: about two
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
#   package `lessons.sequences.vrnn` and `lessons.toolkit.mixtures` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `kl_gauss` (2 points)
#
# The KL divergence of the posterior $q = N(\mu_q, s_q^2)$ from the prior
# $p = N(\mu_p, s_p^2)$, both diagonal; $s$ are standard deviations:
#
# $$KL(q \| p) = \sum_j KL_j.$$
#
# **The variant.** Free nats (Kingma et al. 2016): a dimension costs at least `free` nats, so
# that it does not pay to switch it off. Return $\sum_j \max(KL_j, \text{free})$.

# %% [markdown] hints="kl_gauss"
# 1. Which of the two laws does the expectation run over? What remains when both standard
#    deviations are equal, what when both means are?
# 2. The maximum is taken of each dimension by itself, before the sum.
# 3. For a dimension: the log of the ratio prior over posterior, plus the posterior's second
#    moment about the prior's mean over twice the prior's variance, minus a half.


# %% nbgrader={"grade_id": "kl_gauss", "solution": true}
def kl_gauss(mu_q, s_q, mu_p, s_p, free):
    """KL divergence with free nats.

    Args:
        mu_q, s_q: of the posterior, shape (batch, dim).
        mu_p, s_p: of the prior, shape (batch, dim).
        free: least nats of a dimension, at least 0.

    Returns:
        Shape (batch,), in nats.
    """
    ### BEGIN SOLUTION
    moment = s_q**2 + (mu_q - mu_p) ** 2
    each = np.log(s_p / s_q) + moment / (2 * s_p**2) - 0.5
    return np.sum(np.maximum(each, free), axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "kl_gauss_tests", "grade": true, "points": 2, "axes": 1}
def check_kl_gauss():
    one = [np.array([[v]]) for v in (0.2, 0.5, -0.3, 1.5)]
    found = kl_gauss(*one, 0.0)
    assert np.shape(found) == (1,), "one number for each example"
    assert np.isclose(found[0], 0.709723, atol=1e-6), (
        "KL of N(0.2, 0.5^2) from N(-0.3, 1.5^2): 0.709723; the other way round it "
        "would be 3.401388, with variances for deviations 0.299306"
    )
    assert np.isclose(kl_gauss(*one, 1.0)[0], 1.0), "below the free nats: the free nats"
    two = [np.tile(v, (1, 2)) for v in one]
    two[2] = np.array([[-0.3, 0.2]])  # second dimension: KL 0.654168
    assert np.isclose(kl_gauss(*two, 0.7)[0], 0.709723 + 0.7, atol=1e-6), (
        "each dimension costs at least `free` by itself, then they are added"
    )


check_kl_gauss()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_kl_gauss():
    rng = np.random.default_rng(1)
    for batch, dim in ((3, 2), (1, 5), (4, 1)):
        mu_q, mu_p = rng.normal(size=(2, batch, dim))
        s_q, s_p = rng.uniform(0.2, 2, (2, batch, dim))
        nodes, weights = np.polynomial.hermite_e.hermegauss(40)
        z = mu_q[..., None] + s_q[..., None] * nodes
        log_q = -0.5 * nodes**2 - np.log(s_q[..., None])
        log_p = -0.5 * ((z - mu_p[..., None]) / s_p[..., None]) ** 2
        log_p = log_p - np.log(s_p[..., None])
        each = (log_q - log_p) @ weights / np.sqrt(2 * np.pi)
        for free in (0.0, 0.3, 2.0):
            expected = [sum(max(v, free) for v in row) for row in each]
            found = kl_gauss(mu_q, s_q, mu_p, s_p, free)
            assert np.allclose(found, expected), (
                "the expectation under q of log q - log p, by quadrature, at least "
                "`free` for each dimension"
            )
    same = np.full((2, 3), 0.4)
    assert np.allclose(kl_gauss(same, same, same, same, 0.0), 0), "equal laws: 0"
    assert np.allclose(kl_gauss(same, same, same, same, 0.5), 1.5), (
        "three dimensions without any divergence cost three times the free nats"
    )


decide_kl_gauss()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `gmm_nll` (3 points)
#
# The negative log density of a mixture of diagonal Gaussians over whole frames,
#
# $$-\log \sum_k \pi_k \prod_d N(x_d; \mu_{kd}, s_{kd}^2).$$
#
# **The variant.** Numbers of a frame may be missing: NaN. They are integrated out, so the
# density is that of the numbers that are there. `log_pi` is taken as it is given.

# %% [markdown] hints="gmm_nll"
# 1. Does one component explain one number or the whole frame? What is the integral of a
#    Gaussian over a number that is missing?
# 2. What is $e^{-500000}$? Stay with logarithms.
# 3. Log densities of the numbers, 0 where one is missing; summed over $d$ first, then plus
#    log π; log-sum-exp over $k$; then the sign.


# %% nbgrader={"grade_id": "gmm_nll", "solution": true}
def gmm_nll(x, log_pi, mu, s):
    """Negative log density of frames under mixtures, missing numbers left out.

    Args:
        x: frames, shape (batch, dim), NaN where a number is missing.
        log_pi: log weights, shape (batch, K).
        mu, s: means and standard deviations, shape (batch, K, dim).

    Returns:
        Shape (batch,), in nats.
    """
    ### BEGIN SOLUTION
    there = ~np.isnan(x)[:, None]
    u = (np.nan_to_num(x)[:, None] - mu) / s
    logs = -0.5 * u**2 - np.log(s) - 0.5 * np.log(2 * np.pi)
    weighted = log_pi + np.sum(np.where(there, logs, 0.0), axis=2)
    return -np.logaddexp.reduce(weighted, axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "gmm_nll_tests", "grade": true, "points": 3, "axes": 1}
def check_gmm_nll():
    log_pi = np.log([[0.2, 0.5, 0.3]])
    mu = np.array([[[-1.0], [0.0], [2.0]]])
    s = np.array([[[0.5], [1.0], [0.2]]])
    found = gmm_nll(np.array([[1.7]]), log_pi, mu, s)
    assert np.shape(found) == (1,), "one number for each frame"
    assert np.isclose(found[0], 1.421710, atol=1e-6), (
        "three components, x = 1.7: 1.421710; with variances for deviations it would "
        "be 1.344004"
    )
    half = np.log([[0.5, 0.5]])
    mu, s = np.array([[[-1.0, -1.0], [1.0, 1.0]]]), np.full((1, 2, 2), 0.5)
    found = gmm_nll(np.array([[1.0, -1.0]]), half, mu, s)
    assert np.isclose(found[0], 8.451583, atol=1e-6), (
        "a component explains both numbers: 8.451583; a mixture for each number would "
        "give 1.837206"
    )
    found = gmm_nll(np.array([[1.0, np.nan]]), half, mu, s)
    one = 0.5 * np.log(2 * np.pi * 0.25) - np.log((1 + np.exp(-8)) / 2)
    assert np.isclose(found[0], one), "the second number is missing: leave it out"
    found = gmm_nll(np.array([[np.nan, np.nan]]), half, mu, s)
    assert np.isclose(found[0], 0), "nothing is known: density 1"


check_gmm_nll()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_gmm_nll():
    from scipy.stats import norm

    rng = np.random.default_rng(2)
    for batch, K, dim in ((2, 3, 5), (1, 1, 4), (4, 2, 1), (3, 5, 2)):
        x = rng.normal(size=(batch, dim))
        x[rng.random(x.shape) < 0.3] = np.nan
        log_pi = np.log(rng.dirichlet(np.ones(K), batch))
        mu, s = rng.normal(size=(batch, K, dim)), rng.uniform(0.3, 2, (batch, K, dim))
        expected = []
        for b in range(batch):
            total = 0.0
            for k in range(K):
                density = np.exp(log_pi[b, k])
                for d in range(dim):
                    if not np.isnan(x[b, d]):
                        density *= norm.pdf(x[b, d], mu[b, k, d], s[b, k, d])
                total += density
            expected.append(-np.log(total))
        found = gmm_nll(x, log_pi, mu, s)
        assert np.allclose(found, expected), (
            "the sum over components of weight times the densities of what is there"
        )
        shifted = gmm_nll(x, log_pi + 0.7, mu, s)
        assert np.allclose(shifted, np.array(expected) - 0.7), (
            "log_pi is taken as it is: it is not normalised once more"
        )
        order = rng.permutation(K)
        again = gmm_nll(x, log_pi[:, order], mu[:, order], s[:, order])
        assert np.allclose(again, expected), "components have no order"
    x = np.array([[1e3, np.nan], [-1e3, 1e3]])
    log_pi = np.log(np.array([[0.2, 0.8], [0.5, 0.5]]))
    mu, s = np.zeros((2, 2, 2)), np.ones((2, 2, 2))
    far = gmm_nll(x, log_pi, mu, s)
    c = 0.5 * np.log(2 * np.pi)
    assert np.allclose(far, [5e5 + c, 1e6 + 2 * c]), (
        "far from all components the density underflows, its logarithm does not"
    )
    mu[0, 1, 0] = 1e3
    near = gmm_nll(x[:1], log_pi[:1], mu[:1], s[:1])
    assert np.allclose(near, c - np.log(0.8)), (
        "one component near and one far: the near one alone counts, without overflow"
    )


decide_gmm_nll()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `bivariate_log_prob` (3 points)
#
# The log density of a correlated Gaussian in the plane, with $u_i = (x_i - \mu_i)/s_i$:
#
# $$-\frac{u_1^2 + u_2^2 - 2\rho u_1 u_2}{2(1-\rho^2)} - \log 2\pi s_1 s_2
#   - \tfrac12\log(1 - \rho^2).$$
#
# **The variant.** A network gives a number $a$ and $\rho = \tanh a$. For $|a| > 19$ that is $\pm 1$ in
# float64, and the formula above is NaN or infinite. Yours stays exact up to $|a| = 300$.

# %% [markdown] hints="bivariate_log_prob"
# 1. What is $1 - \tanh^2 a$ in terms of $\cosh a$? And its logarithm, for large $a$?
# 2. Write the quadratic form with $(u_1 - u_2)^2$ and $(u_1 + u_2)^2$: no difference of large
#    numbers is left.
# 3. $1 - \rho = 2/(1 + e^{2a})$ and $1 + \rho = 2/(1 + e^{-2a})$; the form is
#    $(u_1-u_2)^2/(2(1-\rho)) + (u_1+u_2)^2/(2(1+\rho))$. Use `np.logaddexp(0, 2 * a)` for the
#    logarithm of the determinant.


# %% nbgrader={"grade_id": "bivariate_log_prob", "solution": true}
def bivariate_log_prob(x, mu, s, a):
    """Log density of Gaussians in the plane with correlation tanh(a).

    Args:
        x, mu, s: points, means and standard deviations, shape (batch, 2).
        a: shape (batch,), from -300 to 300.

    Returns:
        Shape (batch,), in nats.
    """
    ### BEGIN SOLUTION
    u = (x - mu) / s
    difference, total = u[:, 0] - u[:, 1], u[:, 0] + u[:, 1]
    form = difference**2 * (1 + np.exp(2 * a)) + total**2 * (1 + np.exp(-2 * a))
    log_rest = 2 * np.log(2) - np.logaddexp(0, 2 * a) - np.logaddexp(0, -2 * a)
    return -form / 8 - np.log(2 * np.pi * s[:, 0] * s[:, 1]) - 0.5 * log_rest
    ### END SOLUTION


# %% nbgrader={"grade_id": "bivariate_log_prob_tests", "grade": true, "points": 3, "axes": 1}
def check_bivariate_log_prob():
    x, mu, s = (np.array([v]) for v in ([0.3, -0.7], [0.1, 0.2], [0.5, 1.2]))
    a = np.array([np.arctanh(0.4)])
    found = bivariate_log_prob(x, mu, s, a)
    assert np.shape(found) == (1,), "one number for each point"
    assert np.isclose(found[0], -1.812791, atol=1e-6), (
        "rho = 0.4: -1.812791; without half the log of 1 - rho^2 it would be -1.899968, "
        "with the other sign of the cross term -1.527077"
    )
    one = np.ones((1, 2))
    found = bivariate_log_prob(one, 0 * one, one, np.array([40.0]))
    assert np.isclose(found[0], -0.5 - np.log(2 * np.pi) + 40 - np.log(2)), (
        "a = 40, on the diagonal: the density is large, and finite"
    )


check_bivariate_log_prob()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_bivariate_log_prob():
    from scipy.stats import multivariate_normal

    rng = np.random.default_rng(3)
    batch = 12
    x, mu = rng.normal(size=(2, batch, 2))
    s, a = rng.uniform(0.3, 2, (batch, 2)), rng.uniform(-2, 2, batch)
    expected = []
    for b in range(batch):
        cross = np.tanh(a[b]) * s[b, 0] * s[b, 1]
        cov = [[s[b, 0] ** 2, cross], [cross, s[b, 1] ** 2]]
        expected.append(multivariate_normal(mu[b], cov).logpdf(x[b]))
    found = bivariate_log_prob(x, mu, s, a)
    assert np.allclose(found, expected), "the density of a Gaussian in the plane"
    swapped = bivariate_log_prob(x[:, ::-1], mu[:, ::-1], s[:, ::-1], a)
    assert np.allclose(swapped, expected), "both coordinates are treated alike"
    mirrored = bivariate_log_prob(x * [1, -1], mu * [1, -1], s, -a)
    assert np.allclose(mirrored, expected), "a mirror turns the sign of a"
    # Along the diagonal the form is u^2 / (1 + rho) x 1; half the log grows like |a|.
    u = rng.normal(size=4)
    for sign in (1.0, -1.0):
        points = np.stack([u, sign * u], axis=1)
        for size in (25.0, 100.0, 300.0):
            found = bivariate_log_prob(
                points, np.zeros((4, 2)), np.ones((4, 2)), np.full(4, sign * size)
            )
            exact = -0.5 * u**2 - np.log(2 * np.pi) + size - np.log(2)
            assert np.allclose(found, exact, rtol=1e-12), (
                "on the line that a strong correlation allows, the density is exact"
            )
    off = bivariate_log_prob(
        np.array([[1e-9, -1e-9]]), np.zeros((1, 2)), np.ones((1, 2)), np.array([20.0])
    )
    exact = -1e-18 / (2 / (1 + np.exp(40.0))) - np.log(2 * np.pi) + 20 - np.log(2)
    assert np.allclose(off, exact, rtol=1e-9), "and a little beside that line, too"


decide_bivariate_log_prob()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `vrnn_step` (5 points)
#
# One step of a VRNN whose networks are matrix products; $[a, b]$ puts rows side by side:
#
# $$z \sim N(h P_\mu, e^{2 h P_s}) \quad\text{(prior)}, \qquad
#   z \sim N([x, h] Q_\mu, e^{2 [x, h] Q_s}) \quad\text{(encoder)},$$
# $$x \sim N([z, h] D_\mu, e^{2 [z, h] D_s}) \quad\text{(decoder)}, \qquad
#   h' = \tanh([x, z, h] R).$$
#
# In training $z = \mu + s\,\epsilon$ from the encoder; nll is $-\log p(x|z, h)$, kl the
# divergence of the encoder from the prior.
#
# **The variant.** Rows of $x$ may be missing (all NaN). Nothing can be inferred from them: $z$ is
# then $\mu + s\,\epsilon$ from the *prior*, nll and kl are 0, and the recurrence reads the
# decoder's mean in the place of $x$.

# %% [markdown] hints="vrnn_step"
# 1. What is known before $x$ arrives? Which networks see $h$, which sees $x$, which sees $z$?
#    Does anything see $h'$?
# 2. Put zeros for the missing rows first, so that no NaN spreads. Choose the mean and the
#    deviation of $z$ row by row, then draw once.
# 3. In this order: prior and encoder from the old $h$; $z$; the decoder from $z$ and the old
#    $h$; nll and kl, set to 0 where $x$ is missing; $x$ replaced there by the decoder's mean;
#    only then the new state.


# %% nbgrader={"grade_id": "vrnn_step", "solution": true}
def vrnn_step(params, x, h, eps):
    """One training step in time of a VRNN, some of whose frames are missing.

    Args:
        params: dictionary with P_mu, P_s (units, latent), Q_mu, Q_s (dim + units,
            latent), D_mu, D_s (latent + units, dim), R (dim + latent + units, units).
        x: frames, shape (batch, dim); a row is missing where it is NaN throughout.
        h: the state before, shape (batch, units).
        eps: standard normal draws, shape (batch, latent).

    Returns:
        (new state, nll, kl, z): shapes (batch, units), (batch,), (batch,),
        (batch, latent).
    """
    ### BEGIN SOLUTION
    missing = np.isnan(x).any(axis=1)
    x = np.where(missing[:, None], 0.0, x)
    mu_p, s_p = h @ params["P_mu"], np.exp(h @ params["P_s"])
    both = np.concatenate([x, h], axis=1)
    mu_q, s_q = both @ params["Q_mu"], np.exp(both @ params["Q_s"])
    kl = np.log(s_p / s_q) + (s_q**2 + (mu_q - mu_p) ** 2) / (2 * s_p**2) - 0.5
    kl = np.where(missing, 0.0, kl.sum(axis=1))
    there = ~missing[:, None]
    z = np.where(there, mu_q, mu_p) + np.where(there, s_q, s_p) * eps
    code = np.concatenate([z, h], axis=1)
    mean, s_x = code @ params["D_mu"], np.exp(code @ params["D_s"])
    nll = 0.5 * ((x - mean) / s_x) ** 2 + np.log(s_x) + 0.5 * np.log(2 * np.pi)
    nll = np.where(missing, 0.0, nll.sum(axis=1))
    x = np.where(there, x, mean)
    return np.tanh(np.concatenate([x, z, h], axis=1) @ params["R"]), nll, kl, z
    ### END SOLUTION


# %% nbgrader={"grade_id": "vrnn_step_tests", "grade": true, "points": 5, "axes": [2, 1, 1, 2]}
def check_vrnn_step():
    # One number each for x, z and h: every matrix is a column that can be read.
    params = {
        "P_mu": np.array([[0.5]]),
        "P_s": np.array([[0.0]]),
        "Q_mu": np.array([[1.0], [0.0]]),
        "Q_s": np.array([[0.0], [-np.log(2)]]),
        "D_mu": np.array([[2.0], [1.0]]),
        "D_s": np.zeros((2, 1)),
        "R": np.array([[0.1], [0.2], [0.3]]),
    }
    x, h, eps = np.array([[3.0]]), np.array([[1.0]]), np.array([[0.8]])
    new, nll, kl, z = vrnn_step(params, x, h, eps)
    assert np.allclose(z, 3.4), (
        "the encoder's mean is x = 3, its deviation e^-log 2 = 0.5: z = 3 + 0.5 x 0.8"
    )
    assert np.allclose(nll, 0.5 * (3 - 7.8) ** 2 + 0.5 * np.log(2 * np.pi)), (
        "the decoder's mean is 2 z + h with the old h: 7.8"
    )
    assert np.allclose(kl, np.log(2) + (0.25 + 2.5**2) / 2 - 0.5), (
        "KL of N(3, 0.5^2) from the prior N(0.5, 1), which sees the old h alone"
    )
    assert np.allclose(new, np.tanh(0.3 + 0.68 + 0.3)), "tanh of 0.1 x + 0.2 z + 0.3 h"
    new, nll, kl, z = vrnn_step(params, np.array([[np.nan]]), h, eps)
    assert np.allclose(z, 1.3), "x is missing: z from the prior, 0.5 + 1 x 0.8"
    assert np.allclose([nll, kl], 0), "x is missing: no cost"
    assert np.allclose(new, np.tanh(0.1 * 3.6 + 0.2 * 1.3 + 0.3)), (
        "x is missing: the recurrence reads the decoder's mean, 2 x 1.3 + 1 = 3.6"
    )


check_vrnn_step()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_vrnn_step():
    rng = np.random.default_rng(4)

    def network(dim, latent, units):
        sizes = {
            "P_mu": (units, latent),
            "P_s": (units, latent),
            "Q_mu": (dim + units, latent),
            "Q_s": (dim + units, latent),
            "D_mu": (latent + units, dim),
            "D_s": (latent + units, dim),
            "R": (dim + latent + units, units),
        }
        return {name: rng.normal(0, 0.4, size) for name, size in sizes.items()}

    def by_hand(p, x, h, eps):
        """The definition for one row, number by number."""
        lost = bool(np.isnan(x).any())
        latent, dim = p["P_mu"].shape[1], p["D_mu"].shape[1]
        mu_p = [float(h @ p["P_mu"][:, j]) for j in range(latent)]
        s_p = [float(np.exp(h @ p["P_s"][:, j])) for j in range(latent)]
        if lost:
            mu_q, s_q = mu_p, s_p
        else:
            seen = np.array([*x, *h])
            mu_q = [float(seen @ p["Q_mu"][:, j]) for j in range(latent)]
            s_q = [float(np.exp(seen @ p["Q_s"][:, j])) for j in range(latent)]
        z = np.array([m + s * e for m, s, e in zip(mu_q, s_q, eps, strict=True)])
        code = np.array([*z, *h])
        mean = code @ p["D_mu"]
        nll, kl = 0.0, 0.0
        if not lost:
            for d in range(dim):
                s = np.exp(code @ p["D_s"][:, d])
                nll += 0.5 * ((x[d] - mean[d]) / s) ** 2
                nll += np.log(s) + 0.5 * np.log(2 * np.pi)
            for j in range(latent):
                kl += np.log(s_p[j]) - np.log(s_q[j]) - 0.5
                kl += (s_q[j] ** 2 + (mu_q[j] - mu_p[j]) ** 2) / (2 * s_p[j] ** 2)
        read = mean if lost else x
        return np.tanh(np.array([*read, *z, *h]) @ p["R"]), nll, kl, z

    for batch, dim, latent, units in ((5, 3, 2, 4), (1, 1, 3, 2), (4, 2, 1, 3)):
        params = network(dim, latent, units)
        x, h = rng.normal(size=(batch, dim)), rng.normal(size=(batch, units))
        eps = rng.normal(size=(batch, latent))
        for lost in (np.zeros(batch, bool), np.arange(batch) % 2 == 0):
            given = np.where(lost[:, None], np.nan, x)
            found = vrnn_step(params, given, h, eps)
            rows = [by_hand(params, *row) for row in zip(given, h, eps, strict=True)]
            for part, name in enumerate(("the new state", "nll", "kl", "z")):
                expected = [row[part] for row in rows]
                assert np.allclose(found[part], expected), (
                    f"{name}: every network reads the state before the step, and "
                    "missing frames are drawn from the prior"
                )
    params = network(3, 2, 4)
    x, h = rng.normal(size=(2, 3)), rng.normal(size=(2, 4))
    still = vrnn_step(params, x, h, np.zeros((2, 2)))
    assert np.allclose(still[3], np.concatenate([x, h], 1) @ params["Q_mu"]), (
        "with eps = 0, z is the encoder's mean"
    )
    same = dict(params, Q_mu=np.vstack([np.zeros((3, 2)), params["P_mu"]]))
    same["Q_s"] = np.vstack([np.zeros((3, 2)), params["P_s"]])
    assert np.allclose(vrnn_step(same, x, h, rng.normal(size=(2, 2)))[2], 0), (
        "where the encoder is the prior, kl is 0"
    )


decide_vrnn_step()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `sequence_estimate` (3 points)
#
# The importance-weighted estimate of whole sequences from $S$ paths,
#
# $$\log \frac1S \sum_s \exp \sum_t \left[\log p(x_t|\cdot) + \log p(z_t|\cdot) - \log q(z_t|\cdot)
#   \right].$$
#
# **The variant.** A mask says which steps count. What stands in masked steps may be anything:
# NaN and infinity too. A path may also be impossible: $\log p = -\infty$ in a step that counts.

# %% [markdown] hints="sequence_estimate"
# 1. What may a masked step add? What is 0 times NaN?
# 2. Is the exponential taken of a step or of a whole path? What is $e^{-2000}$?
# 3. Select with `np.where`, do not multiply; sum over time; log-sum-exp over the paths, minus
#    log S. For a sequence without any step it is 0; if all paths are impossible, minus
#    infinity.


# %% nbgrader={"grade_id": "sequence_estimate", "solution": true}
def sequence_estimate(log_p, log_prior, log_q, mask):
    """Importance-weighted log likelihood of masked sequences.

    Args:
        log_p, log_prior, log_q: terms of each step, shape (S, batch, time).
        mask: True where a step counts, shape (batch, time).

    Returns:
        Shape (batch,), in nats.
    """
    ### BEGIN SOLUTION
    parts = [np.where(mask, part, 0.0) for part in (log_p, log_prior, log_q)]
    weights = np.sum(parts[0] + parts[1] - parts[2], axis=2)
    return np.logaddexp.reduce(weights, axis=0) - np.log(len(weights))
    ### END SOLUTION


# %% nbgrader={"grade_id": "sequence_estimate_tests", "grade": true, "points": 3, "axes": 1}
def check_sequence_estimate():
    log_p = np.array([[[-1.0, -2.0, np.nan]], [[-3.0, -1.0, np.inf]]])
    zeros = np.zeros((2, 1, 3))
    mask = np.array([[True, True, False]])
    found = sequence_estimate(log_p, zeros, zeros, mask)
    assert np.shape(found) == (1,), "one number for each sequence"
    assert np.all(np.isfinite(found)), "NaN and infinity in masked steps do no harm"
    assert np.isclose(found[0], np.log((np.exp(-3) + np.exp(-4)) / 2)), (
        "two paths of -3 and -4 nats: the log of the mean of their exponentials"
    )
    one = np.ones((2, 1, 3))
    found = sequence_estimate(np.nan_to_num(log_p), 2 * one, 5 * one, mask)
    assert np.isclose(found[0], np.log((np.exp(-9) + np.exp(-10)) / 2)), (
        "in each step: plus the prior's log density, minus the posterior's"
    )


check_sequence_estimate()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_sequence_estimate():
    rng = np.random.default_rng(5)
    for S, batch, time in ((4, 3, 5), (1, 2, 6), (7, 1, 1), (3, 2, 4)):
        terms = rng.normal(size=(3, S, batch, time))
        lengths = rng.integers(0, time + 1, batch)
        mask = np.arange(time) < lengths[:, None]
        left = mask[:, ::-1]
        for chosen in (mask, left, np.ones((batch, time), bool)):
            expected = []
            for b in range(batch):
                paths = []
                for k in range(S):
                    total = 0.0
                    for t in range(time):
                        if chosen[b, t]:
                            p, prior, q = terms[:, k, b, t]
                            total += p + prior - q
                    paths.append(np.exp(total))
                expected.append(np.log(np.mean(paths)))
            broken = terms.copy()
            broken[:, :, ~chosen] = rng.choice([np.nan, np.inf, -np.inf, 7.0])
            for given in (terms, broken):
                found = sequence_estimate(*given, chosen)
                assert np.allclose(found, expected), (
                    "the mean over paths of the exponential of the sum over the steps "
                    "that count"
                )
    far = np.full((2, 1, 1), -2000.0)
    zeros = np.zeros((2, 1, 1))
    yes = np.ones((1, 1), bool)
    assert np.allclose(sequence_estimate(far, zeros, zeros, yes), -2000), (
        "exponentials that underflow: take out the largest first"
    )
    apart = np.zeros((2, 2, 1))
    apart[:, 0] = -2000
    found = sequence_estimate(apart, 0 * apart, 0 * apart, np.ones((2, 1), bool))
    assert np.allclose(found, [-2000, 0]), (
        "each sequence has a largest weight of its own: take out that one"
    )
    far[1] = -np.inf
    assert np.allclose(sequence_estimate(far, zeros, zeros, yes), -2000 - np.log(2)), (
        "an impossible path has weight 0 and still counts in S"
    )
    none = sequence_estimate(zeros - np.inf, zeros, zeros, yes)
    assert np.shape(none) == (1,) and np.isneginf(none[0]), (
        "only impossible paths: minus infinity, not NaN"
    )
    assert np.allclose(sequence_estimate(far, zeros, zeros, ~yes), 0), (
        "a sequence without a step that counts: 0"
    )


decide_sequence_estimate()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what is shown? (3 points)
#
# 1. "RNN-Gauss -220, VRNN-Gauss -17 nats per sequence, means of eight runs: latent variables are
#    what an RNN lacks." Which model without latent variables must be in the table before one may
#    say so, and why?
# 2. A VRNN's divergence is 54 nats per sequence. A colleague says: the larger, the better, for
#    $z$ carries more. What is the true number of nats that the hidden causes carry here, and
#    what does a larger one mean?
# 3. A careless programmer feeds the *prior* with $h_t$ instead of $h_{t-1}$. What happens to
#    the bound, and how would you notice without knowing the program?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. An RNN with a full covariance (or any correlated output): RNN-Gauss is diagonal, so the
#    comparison changes two things at once. With the same budget RNN-FullGauss is *above* the
#    VRNN: 21 nats. *Half a point* for "a mixture" or for "more components" alone.
# 2. The exact rate is the log density with everything told minus the exact likelihood, 41.0 to
#    41.4 nats (phases, pitch, amplitude). What exceeds it is waste: a posterior whose average
#    is not the prior, or noise of the frame that was put into z. The bound counts, not the rate.
# 3. The prior has then seen x_t through h_t: the divergence gets too small and the bound is no
#    bound. Compare with an exact likelihood on a toy; or change x_t, hold everything before:
#    the prior at t must not move; or see that generation is much worse than the bound says.
# ### END SOLUTION
