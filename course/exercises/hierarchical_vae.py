# %% [markdown]
# # Exercise: a chain of latents
#
# Five functions to write (12 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `hierarchical_vae` first. Time:
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
#   package `lessons.autoencoders.hierarchical_vae` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like. Compute in float64, add no small constants (no `+ 1e-8`), and do not
#   change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.
# * **Layer 1 is next to the pixels**, layer $L$ on top. Lists over layers begin with
#   layer 1. All results are in nats.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `diag_gaussian_kl` (2 points)
#
# In a chain the prior of a layer is no standard normal: the layer above computes its
# mean and its width.
#
# **The variant.** The recognition network puts out $\log s$, and the layer above puts
# out **precisions** $\pi_j = 1 / t_j^2$. Give the divergence
# $\mathrm{KL}(q\,\|\,p)$ of $q = N(\mu, \mathrm{diag}(s^2))$ from
# $p = N(m, \mathrm{diag}(1/\pi))$.


# %% nbgrader={"grade_id": "diag_gaussian_kl", "solution": true}
def diag_gaussian_kl(mu, log_s, m, precision):
    """KL divergence from q to p, two diagonal Gaussians per example.

    Args:
        mu: means of q, shape (batch, latent).
        log_s: logarithms of the standard deviations of q, shape (batch, latent).
        m: means of p, shape (batch, latent).
        precision: 1 / variance of p, shape (batch, latent), all positive.

    Returns:
        The divergence of each example in nats, shape (batch,).
    """
    ### BEGIN SOLUTION
    log_ratio = log_s + 0.5 * np.log(precision)  # log of s / t
    shift = (mu - m) ** 2 * precision
    return np.sum(0.5 * (np.exp(2 * log_ratio) + shift - 1) - log_ratio, axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "diag_gaussian_kl_tests", "grade": true, "points": 2, "axes": 1}
def check_diag_gaussian_kl():
    def kl(mu, s, m, t):
        mu, s, m, t = (np.full((3, 2), float(value)) for value in (mu, s, m, t))
        return np.asarray(diag_gaussian_kl(mu, np.log(s), m, t**-2))

    assert kl(0, 1, 0, 1).shape == (3,), (
        "one number per example: sum over the latent axis, expected shape (batch,)"
    )
    assert np.allclose(kl(5, 3, 5, 3), 0), "two equal Gaussians have divergence 0"
    assert np.allclose(kl(2, 1, 0, 1), 4), (
        "two axes, both widths 1, means 2 apart: 2 nats each, 4 in all (sum the axes)"
    )
    assert np.allclose(kl(0, 2, 0, 1), 3 - 2 * np.log(2)), (
        "two axes with s = 2 and t = 1 must give 3 - 2 log 2: log_s is the logarithm of "
        "the standard deviation, and the divergence goes from q to p"
    )


check_diag_gaussian_kl()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_diag_gaussian_kl():
    from scipy import integrate, stats

    rng = np.random.default_rng(160205)
    mu, m = rng.normal(size=(2, 4, 5))
    log_s, log_t = rng.normal(scale=0.7, size=(2, 4, 5))
    found = np.asarray(diag_gaussian_kl(mu, log_s, m, np.exp(-2 * log_t)))
    assert found.shape == (4,), "the shape must be (batch,) for any batch"
    for row in range(4):
        total = 0.0
        for q, p in zip(
            map(stats.norm, mu[row], np.exp(log_s[row])),
            map(stats.norm, m[row], np.exp(log_t[row])),
            strict=True,
        ):
            low, high = q.ppf(1e-12), q.ppf(1 - 1e-12)
            total += integrate.quad(
                lambda z, q=q, p=p: q.pdf(z) * (q.logpdf(z) - p.logpdf(z)), low, high
            )[0]
        assert np.isclose(found[row], total, rtol=1e-6), (
            "the divergence must equal the integral of q (log q - log p)"
        )
    back = np.asarray(diag_gaussian_kl(m, log_t, mu, np.exp(-2 * log_s)))
    assert not np.allclose(back, found), "the divergence must not be symmetric"
    unit = np.asarray(
        diag_gaussian_kl(9 * mu, log_s + np.log(9), 9 * m, np.exp(-2 * log_t) / 81)
    )
    assert np.allclose(unit, found, rtol=1e-9), (
        "measuring z in another unit must not change the divergence"
    )
    far = np.asarray(
        diag_gaussian_kl(
            np.zeros((1, 1)), np.array([[-300.0]]), np.ones((1, 1)), np.ones((1, 1))
        )
    )
    assert np.allclose(far, 300.0, rtol=1e-9), (
        "a posterior of width exp(-300) must stay exact: 300 nats"
    )


decide_diag_gaussian_kl()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `hierarchical_bound` (1 point)
#
# The bound of the chain is $\log p(x\mid z_1) - \sum_l KL_l$.
#
# **The variant.** Return what training with *free bits* maximises over a batch, one
# number: in each layer the **mean over the batch** of $KL_l$ is replaced by
# $\lambda$ if it is below $\lambda$.


# %% nbgrader={"grade_id": "hierarchical_bound", "solution": true}
def hierarchical_bound(log_px, kls, floor):
    """Mean bound of a batch with free bits.

    Args:
        log_px: log-likelihood of each example, shape (batch,).
        kls: list over layers of divergences, each of shape (batch,).
        floor: the free nats of each layer.

    Returns:
        A number, in nats per example.
    """
    ### BEGIN SOLUTION
    return np.mean(log_px) - sum(max(np.mean(kl), floor) for kl in kls)
    ### END SOLUTION


# %% nbgrader={"grade_id": "hierarchical_bound_tests", "grade": true, "points": 1, "axes": 0}
def check_hierarchical_bound():
    log_px = np.array([1.0, 3.0])
    kls = [np.array([0.0, 4.0]), np.array([0.1, 0.3])]
    assert np.ndim(hierarchical_bound(log_px, kls, 0.0)) == 0, (
        "one number for the batch, not one per example"
    )
    assert np.isclose(hierarchical_bound(log_px, kls, 0.0), 2 - 2 - 0.2), (
        "with floor 0 it is the mean bound: both divergences are subtracted"
    )
    assert np.isclose(hierarchical_bound(log_px, kls, 1.0), 2 - 2 - 1), (
        "floor 1: the first layer's mean is 2 and stays, the second's is 0.2 and "
        "becomes 1; compare the mean of the batch with the floor, not each example"
    )


check_hierarchical_bound()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_hierarchical_bound():
    rng = np.random.default_rng(160604934)
    log_px = rng.normal(size=7)
    kls = [scale * rng.gamma(1.0, size=7) for scale in (3.0, 0.2, 1.0, 0.01)]
    means = np.array([kl.mean() for kl in kls])
    value = float(hierarchical_bound(log_px, kls, 0.0))
    assert np.isclose(value, log_px.mean() - means.sum()), (
        "without a floor: the mean over the batch of the bound, over all layers"
    )
    for floor in (0.05, 0.5, 5.0):
        expected = log_px.mean() - np.where(means > floor, means, floor).sum()
        assert np.isclose(float(hierarchical_bound(log_px, kls, floor)), expected), (
            "each layer has its own comparison with the floor"
        )
    moved = [np.roll(kl, 3) for kl in kls]
    assert np.isclose(
        float(hierarchical_bound(log_px, moved, 0.5)),
        float(hierarchical_bound(log_px, kls, 0.5)),
    ), "which example has which divergence must not matter, only a layer's mean"
    assert np.isclose(float(hierarchical_bound(log_px, [], 1.0)), log_px.mean()), (
        "no layers: the mean log-likelihood"
    )


decide_hierarchical_bound()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `layer_kls` (4 points)
#
# The divergence of layer $l$ is analytic in $z_l$, but its prior depends on a **sample**
# of the layer above.
#
# **The variant.** The top prior is no function but a pair of arrays `top = (m, t)`, each
# of shape (latent,), the same for all examples. So `prior_fns` has one entry less than
# there are layers: `prior_fns[0]` takes samples of layer 2 and gives mean and standard
# deviation of layer 1, and so on. The samples are drawn already.


# %% nbgrader={"grade_id": "layer_kls", "solution": true}
def layer_kls(q_params, prior_fns, top, z_samples):
    """Divergence of each layer's posterior from its prior, at samples from above.

    Args:
        q_params: list over layers of (mean, standard deviation), each of shape
            (batch, size of the layer).
        prior_fns: list of functions; entry l - 1 takes samples of layer l + 1, shape
            (batch, size of layer l + 1), and returns (mean, standard deviation) of
            layer l, arrays that broadcast to (batch, size of layer l).
        top: (mean, standard deviation) of the top layer's prior, shape (size,) each.
        z_samples: list over layers of samples from q, shape (batch, size).

    Returns:
        List over layers of divergences in nats, each of shape (batch,).
    """
    ### BEGIN SOLUTION
    result = []
    for layer, (mu, s) in enumerate(q_params):
        is_top = layer == len(q_params) - 1
        m, t = top if is_top else prior_fns[layer](z_samples[layer + 1])
        terms = np.log(t / s) + (s**2 + (mu - m) ** 2) / (2 * t**2) - 0.5
        result.append(terms.sum(axis=1))
    return result
    ### END SOLUTION


# %% nbgrader={"grade_id": "layer_kls_tests", "grade": true, "points": 4, "axes": "each 1"}
def check_layer_kls():
    ones = np.ones((3, 2))
    q = [(0 * ones, ones), (5 * ones[:, :1], ones[:, :1])]
    samples = [ones, np.array([[0.0], [1.0], [2.0]])]
    top = np.array([5.0]), np.array([1.0])
    kls = layer_kls(q, [lambda above: (above * np.ones(2), 1.0)], top, samples)
    assert len(kls) == 2 and all(np.shape(kl) == (3,) for kl in kls), (
        "a list with one array of shape (batch,) for each layer, layer 1 first"
    )
    assert np.allclose(kls[1], 0), "the top posterior equals the pair `top`: 0 nats"
    assert np.allclose(kls[0], [0, 1, 4]), (
        "layer 1: its prior is at the samples 0, 1, 2 of layer 2, so 0, 1, 4 nats; "
        "the mean of q of layer 2 (here 5) is not a sample"
    )


check_layer_kls()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_layer_kls():
    # The lesson's toy in coordinates in which the best q of layer 1 is diagonal; its
    # prior given layer 2 has equal widths, so turning the axes changes nothing.
    rng = np.random.default_rng(170208396)
    w = np.array([1.2, -0.6])
    maps = np.array([[1, 0.4], [0.2, -0.9], [0.5, 0.5]])
    block = np.linalg.inv(maps.T @ maps / 0.09 + 4 * np.eye(2))
    values, axes = np.linalg.eigh(block)
    mean = np.array([0.603878, 0.547095]) @ axes
    above, width = 0.193364, (1 / (1 + 4 * w @ w)) ** 0.5
    num = 100_000
    q = [
        (np.tile(mean, (num, 1)), np.tile(values**0.5, (num, 1))),
        (np.full((num, 1), above), np.full((num, 1), width)),
    ]
    samples = [mu + s * rng.normal(size=mu.shape) for mu, s in q]
    top = np.zeros(1), np.ones(1)
    first, second = layer_kls(q, [lambda z: (z * (w @ axes), 0.5)], top, samples)
    error = 4 * np.std(first) / num**0.5
    assert abs(np.mean(first) - 2.295138) < error + 1e-5, (
        "linear toy: the first layer's mean divergence must be 2.295138 nats; 1.856 "
        "means that the prior was taken at a mean"
    )
    assert np.allclose(second, 0.631737, atol=1e-5), (
        "linear toy: the second layer's divergence must be 0.631737 nats"
    )

    # Four layers of different sizes, non-linear priors, against sampling
    from scipy import stats

    sizes, batch = (3, 1, 4, 2), 6
    mixing = [rng.normal(size=pair) for pair in zip(sizes[1:], sizes, strict=False)]

    def prior(matrix):
        return lambda z: (np.tanh(z @ matrix), np.exp(0.3 * np.sin(z @ matrix)))

    fns = [prior(matrix) for matrix in mixing]
    q = [
        (rng.normal(size=(batch, n)), rng.uniform(0.3, 1.5, (batch, n))) for n in sizes
    ]
    top = rng.normal(size=2), rng.uniform(0.5, 2.0, 2)
    samples = [mu + s * rng.normal(size=mu.shape) for mu, s in q]
    found = layer_kls(q, fns, top, samples)
    assert len(found) == 4, "one array for each of four layers"
    for layer, kl in enumerate(found):
        assert np.shape(kl) == (batch,), "each array has one number per example"
        m, t = top if layer == 3 else fns[layer](samples[layer + 1])
        mu, s = q[layer]
        z = mu + s * rng.normal(size=(20_000, *mu.shape))
        ratio = stats.norm.logpdf(z, mu, s) - stats.norm.logpdf(z, m, t)
        ratio = ratio.sum(axis=2)
        error = 5 * ratio.std(axis=0) / len(z) ** 0.5
        assert np.all(np.abs(ratio.mean(axis=0) - kl) < error), (
            "each layer's divergence must equal its Monte Carlo estimate"
        )
    (alone,) = layer_kls(q[3:], [], top, samples[3:])
    assert np.allclose(alone, found[3]), "a chain of one layer has only the top prior"


decide_layer_kls()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `sample_frozen` (3 points)
#
# Which layer makes which noise? Layers that vary draw $m + t\,\epsilon$; frozen ones sit
# at their mean **given what is above them**.
#
# **The variant.** `vary` is a collection of layer numbers (1 is next to the pixels), so
# that any set of layers can draw: none, one, some, all. The top prior is a pair, as in
# question 3.


# %% nbgrader={"grade_id": "sample_frozen", "solution": true}
def sample_frozen(prior_fns, top, vary, eps):
    """Samples of layer 1 with noise only in the layers of `vary`.

    Args:
        prior_fns, top: as for `layer_kls`.
        vary: collection of layer numbers from 1 to L; may be empty.
        eps: list over layers of standard normal noise, shape (num_samples, size).

    Returns:
        Samples of layer 1, shape (num_samples, size of layer 1).
    """
    ### BEGIN SOLUTION
    m, t = top
    for layer in range(len(eps), 0, -1):
        if layer < len(eps):
            m, t = prior_fns[layer - 1](above)
        noise = eps[layer - 1] if layer in vary else np.zeros_like(eps[layer - 1])
        above = m + t * noise
    return above
    ### END SOLUTION


# %% nbgrader={"grade_id": "sample_frozen_tests", "grade": true, "points": 3, "axes": 2}
def check_sample_frozen():
    eps = [np.array([[1.0], [2.0]]), np.array([[10.0], [20.0]])]
    top = np.array([100.0]), np.array([1.0])
    fns = [lambda above: (2 * above, 0.5)]

    def draw(*vary):
        return np.asarray(sample_frozen(fns, top, set(vary), eps))

    assert draw().shape == (2, 1), "the shape must be (num_samples, size of layer 1)"
    assert np.allclose(draw(), 200), (
        "nothing varies: layer 2 is at its mean 100 and layer 1 at twice that; a frozen "
        "layer is not zero"
    )
    assert np.allclose(draw(1), [[200.5], [201]]), (
        "only layer 1 varies: 200 plus half of its noise"
    )
    assert np.allclose(draw(2), [[220], [240]]), (
        "only layer 2 varies: layer 1 follows at its mean, twice 110 and 120"
    )
    assert np.allclose(draw(1, 2), [[220.5], [241]]), "both vary"


check_sample_frozen()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_sample_frozen():
    rng = np.random.default_rng(161105013)
    num = 40_000
    w, maps = np.array([1.2, -0.6]), np.array([[1, 0.4], [0.2, -0.9], [0.5, 0.5]])
    eps = [rng.normal(size=(num, 2)), rng.normal(size=(num, 1))]
    fns, top = [lambda above: (above * w, 0.5 * np.ones(2))], (np.zeros(1), np.ones(1))
    for vary, expected in (((), 0), ({1}, 0.6275), ((2,), 1.62), ([1, 2], 2.2475)):
        z = np.asarray(sample_frozen(fns, top, vary, eps))
        assert z.shape == (num, 2), "the shape must not depend on what varies"
        spread = (z @ maps.T).var(axis=0).sum()
        assert abs(spread - expected) <= 0.04 * expected + 1e-12, (
            "linear toy: each set of layers must give its part of the variance"
        )

    sizes = (2, 3, 1, 2)
    mixing = [rng.normal(size=pair) for pair in zip(sizes[1:], sizes, strict=False)]

    def prior(matrix):
        return lambda z: (np.cos(z @ matrix), 1 + 0.5 * np.sin(z @ matrix))

    fns = [prior(matrix) for matrix in mixing]
    top = np.array([0.7, -0.2]), np.array([1.3, 0.4])
    eps = [rng.normal(size=(5, n)) for n in sizes]
    for vary in ((), {4}, {3}, {2}, {1}, {1, 3}, {2, 4}, {1, 2, 3, 4}):
        m, t = top
        for layer in (4, 3, 2, 1):
            z = m + t * eps[layer - 1] * (layer in vary)
            m, t = fns[layer - 2](z) if layer > 1 else (m, t)
        assert np.allclose(sample_frozen(fns, top, vary, eps), z), (
            "layers below the one that varies must be evaluated again at its sample"
        )
    one = sample_frozen([], (np.zeros(2), np.ones(2)), {1}, [eps[0]])
    assert np.allclose(one, eps[0]), "a chain of one layer is its top prior"


decide_sample_frozen()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `precision_merge` (2 points)
#
# A ladder merges what a layer hears from below with what it hears from above: the
# product of two Gaussian densities, normalised.
#
# **The variant.** There may be any number of opinions: the **first** axis counts them.
# A standard deviation may be `np.inf`: that opinion says nothing.


# %% nbgrader={"grade_id": "precision_merge", "solution": true}
def precision_merge(means, scales):
    """Mean and standard deviation of the normalised product of Gaussian densities.

    Args:
        means: shape (opinions, batch, latent).
        scales: standard deviations, the same shape, positive; at least one of the
            opinions about each latent is finite.

    Returns:
        (mean, standard deviation), each of shape (batch, latent).
    """
    ### BEGIN SOLUTION
    precision = 1.0 / scales**2
    total = precision.sum(axis=0)
    return (means * precision).sum(axis=0) / total, total**-0.5
    ### END SOLUTION


# %% nbgrader={"grade_id": "precision_merge_tests", "grade": true, "points": 2, "axes": [2, 2]}
def check_precision_merge():
    def merge(means, scales):
        arrays = (np.array(values)[:, None, None] for values in (means, scales))
        return precision_merge(*arrays)

    mean, scale = merge([1.0, -0.5], [0.5, 1.0])
    assert np.shape(mean) == np.shape(scale) == (1, 1), (
        "two arrays of shape (batch, latent): merge over the first axis"
    )
    assert np.allclose(mean, 0.7), (
        "N(1, 0.25) and N(-0.5, 1): precisions 4 and 1 weigh the means, giving 0.7"
    )
    assert np.allclose(scale**2, 0.2), "their precisions add up to 5: variance 0.2"
    mean, scale = merge([3.0, 8.0], [2.0, np.inf])
    assert np.allclose(mean, 3) and np.allclose(scale, 2), (
        "an opinion with infinite deviation changes nothing"
    )


check_precision_merge()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_precision_merge():
    rng = np.random.default_rng(160202282)
    means = rng.normal(size=(3, 3, 3))
    scales = rng.uniform(0.4, 2.0, size=(3, 3, 3))
    mean, scale = map(np.asarray, precision_merge(means, scales))
    grid = np.linspace(-12, 12, 24_001)
    for place in np.ndindex(3, 3):
        offset = (grid - means[(slice(None), *place)][:, None]) / scales[
            (slice(None), *place)
        ][:, None]
        density = np.exp(-0.5 * (offset**2).sum(axis=0))
        density /= density.sum()
        center = density @ grid
        assert np.isclose(mean[place], center, atol=1e-8), (
            "the mean must be that of the product of the densities"
        )
        assert np.isclose(scale[place] ** 2, density @ (grid - center) ** 2), (
            "the variance must be that of the product of the densities"
        )
    assert np.all(scale < scales.min(axis=0)), (
        "the result must be narrower than every opinion"
    )
    other = precision_merge(means[::-1], scales[::-1])
    assert np.allclose(other[0], mean) and np.allclose(other[1], scale), (
        "the order of the opinions must not matter"
    )
    pair = precision_merge(means[:2], scales[:2])
    both = precision_merge(
        np.stack([pair[0], means[2]]), np.stack([pair[1], scales[2]])
    )
    assert np.allclose(both[0], mean) and np.allclose(both[1], scale), (
        "merging two and then the third must be merging all three"
    )
    # Opinions that say nothing about single latents: each is judged without them.
    silent = rng.random(size=(3, 4, 5)) < 0.5
    silent[:, 0, :3] = True
    silent[:, 0, :3][np.arange(3), np.arange(3)] = False  # one speaks, two are silent
    silent[:2, 1], silent[2, 1] = True, False
    silent[2] &= ~silent[:2].all(axis=0)
    means, widths = rng.normal(size=(3, 4, 5)), rng.uniform(0.4, 2, size=(3, 4, 5))
    mean, scale = precision_merge(means, np.where(silent, np.inf, widths))
    for place in np.ndindex(4, 5):
        speaks = (~silent[(slice(None), *place)], *place)
        expected = precision_merge(
            means[speaks][:, None, None], widths[speaks][:, None, None]
        )
        assert np.allclose([mean[place], scale[place]], np.ravel(expected)), (
            "an opinion that is infinitely wide for a latent changes nothing there, "
            "whichever opinion it is, and speaks for the other latents"
        )
    means, scales = rng.normal(size=(1, 2, 3)), rng.uniform(0.4, 2, size=(1, 2, 3))
    alone = precision_merge(means, scales)
    assert np.allclose(alone[0], means[0]) and np.allclose(alone[1], scales[0]), (
        "a single opinion must come back as it is"
    )


decide_precision_merge()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: layers that fall asleep (3 points)
#
# A chain $z_2 \to z_1 \to x$ is trained by maximum likelihood, and $KL_2$ ends at 0.
#
# 1. What does $KL_2 = 0$ say about $q(z_2\mid x)$, and what do draws from
#    $p(z_1\mid z_2)$ still depend on?
# 2. Why may the likelihood be as good as that of a model that uses $z_2$? Name a case in
#    which it is exactly as good, and one in which it cannot be.
# 3. Free bits keep every layer in use. Does that show that each layer has learned
#    something worth its bits? What would you measure?
#
# Five to ten sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "collapse", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. $q(z_2\mid x)$ equals its prior for (almost) every $x$: seeing $x$ says nothing about
#    $z_2$. $p(z_1\mid z_2)$ may still depend on $z_2$ as noise and on the context; only the
#    *information* about $x$ is missing. *Half a point* for "the layer is not used".
# 2. What $x$ sees is the marginal $p(z_1)$. If $p(z_1\mid c)$ without $z_2$ can be the
#    same density, the likelihood is the same: linear Gaussian chains, where
#    $N(0, ww^\top + vI)$ is one layer with a full covariance. It cannot be if the best
#    $p(z_1)$ is out of reach of the single layer's family: with **diagonal** layers
#    already a correlated $p(z_1)$, or one with several modes.
# 3. No: a layer can pay its nats for something the decoder needs little, and the true
#    bound (no floor) may fall, as it does against warm-up in the lesson. Measure the
#    true bound or the importance-weighted one with and without the layer; the variance
#    of the completions when only that layer draws; what changes in the image then.
# ### END SOLUTION
