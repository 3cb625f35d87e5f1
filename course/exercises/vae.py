# %% [markdown]
# # Exercise: the bounds of a variational autoencoder
#
# Five functions to write (12 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `vae` first. Time: about two
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
#   package `lessons.autoencoders.vae` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like. Compute in float64, add no small constants (no `+ 1e-8`), and do not
#   change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.
# * All logarithms are natural: divergences and bounds are in nats.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `gaussian_kl` (2 points)
#
# The encoder gives each example $x_b$ a Gaussian
# $q_b = N(\mu_b, \mathrm{diag}(\sigma_b^2))$. In the lesson the prior is $N(0, I)$.
#
# **The variant.** Here each latent axis has a prior of its own width:
# $p = N(0, \mathrm{diag}(\tau^2))$ with $\tau_j > 0$. Derive
# $\mathrm{KL}(q_b \,\|\, p) = E_{q_b}[\log q_b(z) - \log p(z)]$ in closed form. Both
# $\sigma$ and $\tau$ are standard deviations, not variances and not logarithms.
#
# *Hint:* the latent axes are independent under both distributions. What does that say
# about a ratio of densities, and so about its logarithm?


# %% nbgrader={"grade_id": "gaussian_kl", "solution": true}
def gaussian_kl(mu, sigma, prior_sigma):
    """KL divergence from each posterior to the prior N(0, diag(prior_sigma^2)).

    Args:
        mu: posterior means, shape (batch, latent).
        sigma: posterior standard deviations, shape (batch, latent), all positive.
        prior_sigma: prior standard deviations, shape (latent,), all positive.

    Returns:
        The divergence of each example in nats, shape (batch,).
    """
    ### BEGIN SOLUTION
    ratio = sigma / prior_sigma  # (batch, latent)
    shift = mu / prior_sigma  # (batch, latent)
    per_axis = 0.5 * (ratio**2 + shift**2 - 1.0) - np.log(ratio)
    return per_axis.sum(axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "gaussian_kl_tests", "grade": true, "points": 2, "axes": 1}
def check_gaussian_kl():
    zeros, ones = np.zeros((3, 2)), np.ones((3, 2))

    def kl(mu, sigma, prior_sigma):
        return np.asarray(gaussian_kl(mu, sigma, prior_sigma))

    assert kl(zeros, ones, np.ones(2)).shape == (3,), (
        "one number per example: sum over the latent axis, expected shape (batch,)"
    )
    assert np.allclose(kl(zeros, 2 * ones, np.array([2.0, 2.0])), 0, atol=1e-6), (
        "a posterior equal to the prior has divergence 0, also when prior_sigma is 2"
    )
    assert np.allclose(kl(np.full((1, 1), 3**0.5), ones[:1, :1], np.ones(1)), 1.5), (
        "mu = sqrt(3), sigma = 1, prior_sigma = 1 must give 1.5 nats"
    )
    assert np.allclose(kl(zeros, 2 * ones, np.ones(2)), 3 - 2 * np.log(2)), (
        "two axes with sigma = 2 and prior_sigma = 1 must give 3 - 2 log 2: sum over "
        "the latent axis, do not average, and read sigma as a standard deviation"
    )


check_gaussian_kl()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_gaussian_kl():
    from decimal import Decimal

    from scipy import stats

    def kl(mu, sigma, prior_sigma):
        result = np.asarray(gaussian_kl(mu.copy(), sigma.copy(), prior_sigma.copy()))
        assert result.shape == (len(mu),), "the shape must be (batch,) for any batch"
        return result

    rng = np.random.default_rng(20130)
    mu = rng.normal(size=(6, 5))
    sigma = rng.uniform(0.2, 3.0, size=(6, 5))
    tau = rng.uniform(0.3, 2.0, size=5)
    exact = kl(mu, sigma, tau)
    assert np.all(exact > 0), "the divergence must be positive when q is not the prior"

    # Monte Carlo, to within 5 standard errors
    z = mu + sigma * rng.normal(size=(40_000, 6, 5))
    ratio = stats.norm.logpdf(z, mu, sigma) - stats.norm.logpdf(z, 0, tau)
    ratio = ratio.sum(axis=2)
    error = ratio.std(axis=0) / len(z) ** 0.5
    assert np.all(np.abs(ratio.mean(axis=0) - exact) < 5 * error), (
        "the divergence must equal its Monte Carlo estimate, also for other priors"
    )

    parts = [kl(mu[:, [j]], sigma[:, [j]], tau[[j]]) for j in range(5)]
    assert np.allclose(np.sum(parts, axis=0), exact, rtol=1e-9), (
        "the divergence must be the sum of those of the single latent axes"
    )
    assert np.allclose(kl(7 * mu, 7 * sigma, 7 * tau), exact, rtol=1e-9), (
        "measuring z in another unit must not change the divergence"
    )
    other = mu + rng.normal(size=(6, 5))
    middle = kl((mu + other) / 2, sigma, tau)
    assert np.all(middle < (exact + kl(other, sigma, tau)) / 2), (
        "the divergence must be convex in mu"
    )
    assert np.allclose(kl(mu[:1], sigma[:1], tau), exact[:1], rtol=1e-9), (
        "one example must give what it gives inside a batch"
    )

    # Extreme widths, against 28 decimal digits
    for s, t in [("1e-6", "1"), ("1e-6", "1e3"), ("1e4", "1e-2")]:
        s_, t_ = Decimal(s), Decimal(t)
        expected = (t_ / s_).ln() + (s_**2 + 4) / (2 * t_**2) - Decimal("0.5")
        found = kl(np.array([[2.0]]), np.array([[float(s)]]), np.array([float(t)]))
        assert np.allclose(found, float(expected), rtol=1e-9), (
            "very small or large standard deviations must stay exact: no added constants"
        )


decide_gaussian_kl()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `elbo_gaussian` (3 points)
#
# The evidence lower bound of one example is
# $E_{q}[\log p(x \mid z)] - \mathrm{KL}(q \,\|\, p)$. The expectation is estimated
# from draws $z_s \sim q$, each decoded into a mean $y_s$.
#
# **The variant.** The lesson uses one noise variance for all pixels and one draw. Here
# each pixel $i$ has a noise *variance* $v_i$ of its own,
# $p(x \mid z) = \prod_i N(x_i;\, y_i(z),\, v_i)$, there are several draws (the
# **first** axis of `y`), and the divergence comes in as an argument.
#
# Keep every constant: a bound on $\log p(x)$ is a number that can be compared with
# $\log p(x)$ itself, and that is how the tests judge it.


# %% nbgrader={"grade_id": "elbo_gaussian", "solution": true}
def elbo_gaussian(x, y, kl, v):
    """Monte Carlo estimate of the evidence lower bound of each example.

    Args:
        x: the examples, shape (batch, pixels).
        y: decoder means of each draw, shape (num_samples, batch, pixels).
        kl: KL divergence of each example in nats, shape (batch,).
        v: noise variance of each pixel, shape (pixels,), all positive.

    Returns:
        The bound in nats, averaged over the draws, shape (batch,).
    """
    ### BEGIN SOLUTION
    squared = (x - y) ** 2 / v  # (num_samples, batch, pixels)
    log_likelihood = -0.5 * (squared + np.log(2 * np.pi * v)).sum(axis=2)
    return log_likelihood.mean(axis=0) - kl
    ### END SOLUTION


# %% nbgrader={"grade_id": "elbo_gaussian_tests", "grade": true, "points": 3, "axes": 1}
def check_elbo_gaussian():
    def elbo(x, y, kl, v):
        return np.asarray(elbo_gaussian(x, y, kl, v))

    x, nothing = np.ones((3, 784)), np.zeros(3)
    perfect = np.ones((2, 3, 784))
    assert elbo(x, perfect, nothing, np.full(784, 0.5)).shape == (3,), (
        "sum over pixels and average over draws: expected shape (batch,)"
    )
    assert np.allclose(
        elbo(x, perfect, nothing, np.full(784, 0.5 / np.pi)), 0, atol=1e-9
    ), "no error and v = 1 / (2 pi): every density is 1, so the bound is 0"
    assert np.allclose(elbo(x, perfect, nothing, np.full(784, 0.5)), -448.7340664), (
        "no error and v = 1/2: the constant of 784 pixels is -392 log(pi), sum them"
    )
    assert np.allclose(
        elbo(x, perfect, np.arange(3.0), np.full(784, 0.5 / np.pi)), [0, -1, -2]
    ), "the divergence is subtracted once, whatever the number of pixels and draws"
    y = np.array([[[0.0]], [[4.0]]])  # two draws, with errors 1 and -3
    assert np.allclose(
        elbo(np.ones((1, 1)), y, np.zeros(1), np.array([0.5 / np.pi])), -5 * np.pi
    ), "average the log likelihood over the draws; do not average the draws first"


check_elbo_gaussian()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_elbo_gaussian():
    from scipy import stats

    def elbo(x, y, kl, v):
        result = np.asarray(elbo_gaussian(x.copy(), y.copy(), kl.copy(), v.copy()))
        assert result.shape == (len(x),), "the shape must be (batch,) for any batch"
        return result

    # Equal sizes of all axes: a wrong axis must not go unseen.
    rng = np.random.default_rng(13126114)
    for draws, batch, pixels in [(4, 4, 4), (1, 5, 3), (7, 1, 2), (3, 2, 1)]:
        x = rng.normal(size=(batch, pixels))
        y = rng.normal(size=(draws, batch, pixels))
        kl, v = rng.uniform(0, 9, size=batch), rng.uniform(0.05, 3, size=pixels)
        found = elbo(x, y, kl, v)
        each = [stats.multivariate_normal(cov=np.diag(v)).logpdf(x - s) for s in y]
        expected = np.mean(np.reshape(each, (draws, batch)), axis=0) - kl
        assert np.allclose(found, expected, rtol=1e-9), (
            "the bound must use the density of all pixels with their own variances"
        )
        assert np.allclose(elbo(x, y[::-1], kl + 3, v), found - 3, rtol=1e-9), (
            "the order of the draws must not matter, and the divergence is subtracted"
        )

    # Probabilistic PCA with both bounds in closed form. With a linear decoder the log
    # likelihood is quadratic in z, so four draws with the right mean and covariance
    # give its expectation without error.
    weights = np.array([[1, 0.5], [0.3, -0.8], [0.7, 0.2]])
    x, v = np.array([[0.5, -1.0, 1.5]]), np.full(3, 0.25)
    noise = 2**0.5 * np.concatenate([np.eye(2), -np.eye(2)])
    posterior = np.array([0.467640, 0.985546]), np.array([0.136612, 0.211864]) ** 0.5
    for (mean, scale), bound in [
        (posterior, -5.618510),
        ((np.zeros(2), np.ones(2)), -12.697374),
    ]:
        y = (mean + scale * noise) @ weights.T  # (4, pixels)
        kl = np.sum(scale**2 + mean**2 - 1 - 2 * np.log(scale), keepdims=True) / 2
        assert np.allclose(elbo(x, y[:, None], kl, v), bound, rtol=0, atol=2e-6), (
            "for a linear decoder the bound must have its exact value, known on paper"
        )

    # Tiny variance: errors as small as the noise, a density far above 1
    tiny = np.full(6, 1e-12)
    x = rng.normal(size=(3, 6))
    y = np.stack([x + 2e-6, x - 2e-6])
    expected = -0.5 * 6 * (4 + np.log(2 * np.pi * 1e-12))
    assert np.allclose(elbo(x, y, np.zeros(3), tiny), expected, rtol=1e-6), (
        "a tiny noise variance must stay exact; log p(x) may be positive"
    )


decide_elbo_gaussian()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `iwae_bound` (3 points)
#
# With importance weights $w_i = p(x, z_i) / q(z_i \mid x)$, the bound of $k$ samples is
# $L_k = E\left[\log \frac{1}{k}\sum_{i=1}^{k} w_i\right]$; $L_1$ is the evidence lower
# bound and $L_k$ rises to $\log p(x)$.
#
# **The variant.** You have many more draws than $k$, and want an estimate of $L_k$ that
# uses them all. Cut the draws of each example, in order, into groups of $k$; each
# group gives one estimate; average these. The batch is the **first** axis, the draws
# are the last.
#
# The weights come as logarithms and may be as small as $e^{-2000}$ or as large as
# $e^{2000}$, which no float64 holds. Which constant may be taken out of each group's
# sum?


# %% nbgrader={"grade_id": "iwae_bound", "solution": true}
def iwae_bound(log_w, k):
    """Estimate of the k-sample importance-weighted bound of each example.

    Args:
        log_w: log importance weights, shape (batch, num_samples).
        k: samples per group; it divides num_samples, and draws 0 to k - 1 are the
            first group.

    Returns:
        The bound in nats, averaged over the groups, shape (batch,).
    """
    ### BEGIN SOLUTION
    groups = log_w.reshape(len(log_w), -1, k)  # (batch, group, k)
    largest = groups.max(axis=2, keepdims=True)
    mean = np.exp(groups - largest).mean(axis=2)  # (batch, group), in [1 / k, 1]
    return (np.log(mean) + largest[:, :, 0]).mean(axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "iwae_bound_tests", "grade": true, "points": 3, "axes": 1}
def check_iwae_bound():
    def bound(log_w, k):
        return np.asarray(iwae_bound(np.array(log_w), k))

    log_w = np.log([[1.0, 3.0, 5.0, 7.0], [2.0, 2.0, 2.0, 2.0]])
    assert bound(log_w, 2).shape == (2,), (
        "one number per example: expected shape (batch,)"
    )
    assert np.allclose(bound(log_w, 1), log_w.mean(axis=1)), (
        "k = 1 is the evidence lower bound: the mean of the log weights"
    )
    assert np.allclose(bound(log_w, 4), np.log([4.0, 2.0])), (
        "k = num_samples is one group: the log of the mean weight of that example"
    )
    assert np.allclose(bound(log_w, 2), [np.log(12) / 2, np.log(2)]), (
        "weights 1, 3 and 5, 7 with k = 2: the mean of log 2 and log 6, that is the "
        "log of the mean inside a group, the mean of the logs over the groups"
    )


check_iwae_bound()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_iwae_bound():
    from scipy import special, stats

    def bound(log_w, k):
        result = np.asarray(iwae_bound(log_w.copy(), k))
        assert result.shape == (len(log_w),), "the shape must be (batch,)"
        return result

    rng = np.random.default_rng(150900519)
    for batch, groups, k in [(3, 3, 3), (1, 4, 5), (5, 1, 6), (2, 7, 1), (4, 2, 4)]:
        log_w = rng.normal(scale=3, size=(batch, groups * k))
        found = bound(log_w, k)
        each = [
            special.logsumexp(log_w[:, g * k : (g + 1) * k], axis=1) - np.log(k)
            for g in range(groups)
        ]
        assert np.allclose(found, np.mean(each, axis=0), rtol=1e-9, atol=1e-12), (
            "each group must hold k draws that follow one another, of one example"
        )
        for shift in (-2000.0, 2000.0):
            assert np.allclose(bound(log_w + shift, k), found + shift, rtol=1e-9), (
                "multiplying all weights by a constant adds its log to the bound, also "
                "where exp of the log weights underflows or overflows"
            )
        changed = log_w.copy()
        changed[0] += 1000.0
        assert np.allclose(bound(changed, k)[1:], found[1:], rtol=1e-9), (
            "an example's bound must not depend on the other examples"
        )
    mixed = np.array([[-2000.0, 0.0, 2000.0, -2000.0]])
    assert np.allclose(bound(mixed, 2), 1000 - np.log(2), rtol=1e-9), (
        "groups of very different size need a constant of their own"
    )

    # Probabilistic PCA: the exact log p(x) and the bounds of the best diagonal q
    weights = np.array([[1, 0.5], [0.3, -0.8], [0.7, 0.2]])
    x, log_p = np.array([0.5, -1.0, 1.5]), -5.580018
    mean, scale = np.array([0.467640, 0.985546]), np.array([0.136612, 0.211864]) ** 0.5
    z = mean + scale * rng.normal(size=(2**13, 2))
    log_w = stats.norm.logpdf(z).sum(axis=1) - stats.norm.logpdf(z, mean, scale).sum(1)
    log_w += stats.norm.logpdf(x, z @ weights.T, 0.5).sum(axis=1)
    bounds = [bound(log_w[None], 2**power)[0] for power in range(14)]
    assert np.all(np.diff(bounds) > 0), (
        "with the same draws, larger groups must give a larger bound"
    )
    error = 5 * log_w.std() / len(log_w) ** 0.5
    assert abs(bounds[0] + 5.618510) < error, "k = 1 must give the exact lower bound"
    assert abs(bounds[1] + 5.60062) < error + 5 * 15e-5, "k = 2 must give its bound"
    assert abs(bounds[13] - log_p) < error, "many samples must give log p(x)"


decide_iwae_bound()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `nesterov_step` (2 points)
#
# Nesterov's method measures the gradient where the momentum is about to carry the
# parameters. With parameters $w_t$, velocity $u_t$, rate $\varepsilon$ and momentum $m$:
#
# $$u_{t+1} = m\,u_t + \nabla f(w_t - \varepsilon m u_t), \qquad
#   w_{t+1} = w_t - \varepsilon\,u_{t+1}.$$
#
# A program stores only the place where the gradient is taken,
# $\theta_t = w_t - \varepsilon m u_t$, and gets $g = \nabla f(\theta_t)$ as an array.
#
# **The variant.** The lesson's velocity is a step, with the rate and the sign inside
# it. Here the velocity $u$ is a running sum of *gradients*; the rate comes last.
# Rewrite the recursion so that it goes from $(\theta_t, u_t)$ to
# $(\theta_{t+1}, u_{t+1})$ without $w$.


# %% nbgrader={"grade_id": "nesterov_step", "solution": true}
def nesterov_step(theta, velocity, grad, lr, momentum):
    """One step of Nesterov's method, in the variable where gradients are taken.

    Args:
        theta: the parameters, an array of any shape.
        velocity: the running sum of gradients, shape of theta.
        grad: the gradient at theta, shape of theta.
        lr: the rate, a positive number.
        momentum: the momentum m, a number in [0, 1).

    Returns:
        A tuple (theta, velocity) of new arrays, each of the shape of theta.
    """
    ### BEGIN SOLUTION
    velocity = momentum * velocity + grad
    return theta - lr * (grad + momentum * velocity), velocity
    ### END SOLUTION


# %% nbgrader={"grade_id": "nesterov_step_tests", "grade": true, "points": 2, "axes": ["like 1", "like 1"]}
def check_nesterov_step():
    one = np.ones(2)
    result = nesterov_step(one, 0 * one, one, 0.1, 0.0)
    assert len(result) == 2, "return the new parameters and the new velocity"
    assert np.allclose(one, 1.0), "return new arrays, do not change those given"
    assert np.allclose(result[0], 0.9), (
        "without momentum this is gradient descent: theta - lr * grad"
    )
    theta, velocity = nesterov_step(one, 2 * one, 3 * one, 0.1, 0.5)
    assert np.allclose(velocity, 4.0), (
        "velocity 2, grad 3, momentum 0.5: the new velocity is 0.5 * 2 + 3 = 4, with "
        "no rate in it"
    )
    assert np.allclose(theta, 0.5), (
        "velocity 2, grad 3, momentum 0.5, lr 0.1: theta goes from 1 to 0.5 (classical "
        "momentum would give 0.6: the momentum acts once more on the new velocity)"
    )


check_nesterov_step()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_nesterov_step():
    def step(theta, velocity, grad, lr, momentum):
        new_theta, new_velocity = nesterov_step(theta, velocity, grad, lr, momentum)
        shapes = np.shape(new_theta), np.shape(new_velocity)
        assert shapes == (theta.shape, theta.shape), "both results need theta's shape"
        return np.asarray(new_theta), np.asarray(new_velocity)

    # The look-ahead form in w, on a random convex function, from a moving start
    rng = np.random.default_rng(1983)
    for shape in [(4,), (2, 3), (1,)]:
        curvature = rng.uniform(0.5, 3, size=shape)

        def gradient(point, curvature=curvature):
            return curvature * np.tanh(point) + 0.1 * point

        for lr, momentum in [(0.1, 0.9), (0.01, 0.99), (0.3, 0.0), (0.2, 0.5)]:
            w, u = rng.normal(size=shape), rng.normal(size=shape)
            theta, velocity = w - lr * momentum * u, u.copy()
            for _ in range(30):
                u = momentum * u + gradient(w - lr * momentum * u)
                w = w - lr * u
                theta, velocity = step(theta, velocity, gradient(theta), lr, momentum)
            assert np.allclose(velocity, u, rtol=1e-8, atol=1e-10), (
                "the velocity must follow the look-ahead recursion"
            )
            assert np.allclose(theta, w - lr * momentum * u, rtol=1e-8, atol=1e-10), (
                "theta must stay the place where the gradient is taken"
            )

    # Twenty steps on a quadratic, values known from another implementation
    theta, velocity = np.ones(2), np.zeros(2)
    for _ in range(20):
        gradient_here = np.array([3.0, 0.5]) * theta
        theta, velocity = step(theta, velocity, gradient_here, 0.1, 0.9)
    assert np.allclose(theta, [0.00972829, -0.06907102], atol=1e-8), (
        "twenty steps on a quadratic must end where Nesterov's method ends"
    )


decide_nesterov_step()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `rescale` (2 points)
#
# A gradient that is too long is shortened before the step. The gradient is *one* vector,
# even where a program stores it in many arrays: its norm is the root of the sum of all
# squares of all arrays.
#
# **The variant.** The arrays come in a dictionary, by name. If the norm is at most the
# threshold, the gradient is returned as it is; if it is larger, it is shortened to the
# threshold. If any entry is infinite or not a number, the step is to be skipped: return
# zeros (the lesson does something else then). An entry of $10^{200}$ is finite, though
# its square is not.


# %% nbgrader={"grade_id": "rescale", "solution": true}
def rescale(grads, threshold):
    """Shorten a gradient to a norm of at most `threshold`.

    Args:
        grads: a dictionary from names to arrays of any shapes.
        threshold: the largest norm allowed, a positive number.

    Returns:
        A new dictionary with the same names and shapes; zeros if an entry of `grads`
        is not finite.
    """
    ### BEGIN SOLUTION
    if not all(np.isfinite(grad).all() for grad in grads.values()):
        return {name: np.zeros_like(grad) for name, grad in grads.items()}
    norm = np.hypot.reduce(np.concatenate([grad.ravel() for grad in grads.values()]))
    factor = threshold / max(threshold, norm)
    return {name: factor * grad for name, grad in grads.items()}
    ### END SOLUTION


# %% nbgrader={"grade_id": "rescale_tests", "grade": true, "points": 2, "axes": null}
def check_rescale():
    grads = {"kernel": np.array([[3.0, 0.0]]), "bias": np.array([4.0])}  # norm 5
    short = rescale(grads, 1.0)
    assert set(short) == {"kernel", "bias"}, "return a dictionary with the same names"
    assert np.shape(short["kernel"]) == (1, 2), "keep the shape of each array"
    assert np.allclose(short["kernel"], [[0.6, 0.0]]), (
        "kernel and bias form one vector of norm 5: both are divided by 5 here, not "
        "each by a norm of its own"
    )
    assert np.allclose(short["bias"], [0.8]), "every array is multiplied by one factor"
    assert np.allclose(rescale(grads, 6.0)["kernel"], [[3.0, 0.0]]), (
        "norm 5 is below the threshold 6: nothing changes"
    )
    grads["bias"] = np.array([np.inf])
    assert np.allclose(rescale(grads, 1.0)["kernel"], 0.0), (
        "an infinite entry anywhere: all arrays become zeros"
    )


check_rescale()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_rescale():
    def apply(grads, threshold):
        short = rescale(grads, threshold)
        assert set(short) == set(grads), "the names must stay the same"
        assert all(np.shape(short[name]) == grads[name].shape for name in grads), (
            "the shapes must stay the same"
        )
        return short

    def flat(grads, names):
        return np.concatenate([np.ravel(grads[name]) for name in names])

    rng = np.random.default_rng(5)
    shapes = {"a": (3, 4), "b": (5,), "c": (2, 2, 2), "d": (1,)}
    for scale in (1e-9, 1.0, 40.0, 1e9):
        grads = {name: scale * rng.normal(size=size) for name, size in shapes.items()}
        before = flat(grads, shapes)
        norm = np.linalg.norm(before)
        for threshold in (0.3 * norm, 0.999 * norm, 1.001 * norm, 1e3 * norm):
            after = flat(apply(grads, threshold), shapes)
            expected = before * min(1.0, threshold / norm)
            assert np.linalg.norm(after) <= threshold * (1 + 1e-9), (
                "the norm of the result must not exceed the threshold"
            )
            assert np.allclose(after @ before, np.linalg.norm(after) * norm), (
                "the direction of the whole gradient must be kept"
            )
            assert np.allclose(after, expected, rtol=1e-9, atol=0), (
                "above the threshold: shortened to it; below: untouched"
            )
    zeros = {"a": np.zeros((2, 2)), "b": np.zeros(3)}
    assert np.all(flat(apply(zeros, 1.0), zeros) == 0), "a zero gradient stays zero"
    huge = apply({"a": np.array([[3e200]]), "b": np.array([-4e200])}, 5.0)
    assert np.allclose([huge["a"][0, 0], huge["b"][0]], [3, -4]), (
        "entries of 1e200 are finite: the step is not to be skipped"
    )
    for bad in (np.nan, np.inf, -np.inf):
        grads = {"a": np.ones((2, 2)), "b": np.array([1.0, bad, 2.0])}
        assert np.all(flat(apply(grads, 1.0), grads) == 0), (
            "an entry that is infinite or not a number: return zeros everywhere"
        )


decide_rescale()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: posterior collapse under batch normalisation (3 points)
#
# Suppose that the last operation of the encoder's mean head is batch normalisation: over
# every batch, coordinate $j$ of the posterior mean has mean $c_j$ and (biased) variance
# $g_j^2$, where $g_j$ and $c_j$ are trained. The prior is $N(0, I)$ and the posterior
# variances are free.
#
# 1. Show that the batch mean of the divergence has a floor that no encoder weights can
#    go below, and give it for 16 latent axes with $g_j = 1$ and $c_j = 0$.
# 2. In which one way can a coordinate collapse all the same ($q_j$ equal to the prior
#    for every example)? Say what training would have to do.
# 3. Does the floor mean that the decoder *uses* the code? Give a reason.
#
# Five to ten sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "collapse", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. The divergence of one coordinate is $(\sigma^2 - 1 - 2\log\sigma)/2 + \mu^2/2$.
#    The first part is never negative (it is 0 at $\sigma = 1$), so the batch mean is at
#    least half the batch mean of $\mu^2$, which is variance plus squared mean:
#    $\frac12\sum_j (g_j^2 + c_j^2)$. For 16 axes with $g = 1$, $c = 0$: 8 nats. *Half a
#    point* for the floor without the argument about $\sigma$.
# 2. Only by $g_j \to 0$ (with $c_j \to 0$ and $\sigma_j \to 1$): the scale itself must be
#    driven to zero by its own gradient, the weights below cannot do it, because the
#    normalisation undoes any shrinking. No point for "the weights go to zero".
#    (Normalisation divides by $\sqrt{V + \epsilon}$; an answer that names weights so
#    small that $V$ is not large against $\epsilon$ is right too.)
# 3. No. The floor holds for $\mu$ of any content: the mean may vary with $x$ while the
#    decoder ignores it, and the nats are then paid for nothing. The bound makes ignoring
#    the code expensive or useless to the encoder, it does not make the decoder read it.
# ### END SOLUTION
