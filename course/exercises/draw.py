# %% [markdown]
# # Exercise: a window that reads and writes
#
# Five functions to write (14 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `draw` first. Time: about two
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
#   package `lessons.sequences.draw` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `filterbank` (4 points)
#
# In the lesson N filters lie around a centre $g$, a distance $\delta$ apart:
# $\mu_i = g + (i - N/2 - 1/2)\,\delta$ for $i = 1 \dots N$, and filter $i$ has at pixel
# $a = 1 \dots A$ the value $\exp(-(a - \mu_i)^2 / (2\sigma^2))$, divided by its sum over
# pixels.
#
# **The variant.** A retina: sharp in the middle, blurred outside. Filter $i$ has its own width
#
# $$\sigma_i = \sigma\,\bigl(1 + k\,|i - N/2 - 1/2|\bigr).$$
#
# Each example has its own $g$, $\delta$ and $\sigma$. A filter that lies so far outside the image
# that every value underflows must still have the sum 1.

# %% [markdown] hints="filterbank"
# 1. Which number has the first pixel, which the last? Where do the centres lie for N = 2,
#    where for N = 3?
# 2. Which axis holds filters, which pixels? Over which of them is the sum 1? What is 0/0 far
#    outside, and what can be taken out of an exponent before exp?
# 3. Exponents of shape (batch, N, A) from shapes (batch, N, 1) and (1, 1, A); take the row's
#    maximum away, then exp, then divide by the sum over pixels. The width of a filter is
#    squared, like its distance.


# %% nbgrader={"grade_id": "filterbank", "solution": true}
def filterbank(g, delta, sigma, k, N, A):
    """Gaussian filters whose widths grow from the middle.

    Args:
        g, delta, sigma: centre, distance and width of each example, shape (batch,);
            sigma is above 0.
        k: how fast the widths grow, at least 0.
        N: filters, at least 1.
        A: pixels, counted from 1.

    Returns:
        Shape (batch, N, A).
    """
    ### BEGIN SOLUTION
    steps = np.arange(1, N + 1) - N / 2 - 0.5
    means = g[:, None] + steps * delta[:, None]
    widths = sigma[:, None] * (1 + k * np.abs(steps))
    gaps = np.arange(1, A + 1) - means[:, :, None]
    exponents = -(gaps**2) / (2 * widths[:, :, None] ** 2)
    values = np.exp(exponents - exponents.max(axis=2, keepdims=True))
    return values / values.sum(axis=2, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade_id": "filterbank_tests", "grade": true, "points": 4, "axes": 3}
def check_filterbank():
    one = np.ones(1)
    found = filterbank(3 * one, one, 0.5 * one, 0.0, 2, 5)
    assert np.shape(found) == (1, 2, 5), "a row of pixels for each filter: (1, 2, 5)"
    assert np.allclose(found[0, 0], [0.0091, 0.4909, 0.4909, 0.0091, 0], atol=2e-4), (
        "N = 2, g = 3: the first filter lies at 2.5, between pixels 2 and 3 of 1 to 5"
    )
    found = filterbank(3 * one, one, 0.5 * one, 1.0, 3, 5)
    middle, side = found[0, 1], found[0, 2]
    assert np.isclose(middle[3] / middle[2], np.exp(-2)), (
        "the middle filter has the width sigma: one pixel off is exp(-1 / (2 sigma²))"
    )
    assert np.isclose(side[4] / side[3], np.exp(-0.5)), (
        "the next one, with k = 1, has twice the width"
    )
    found = filterbank(4 * one, one, 0.5 * one, 0.5, 5, 7)
    assert np.isclose(found[0, 4, 6] / found[0, 4, 5], np.exp(-0.5)), (
        "N = 5: the last filter is two from the middle, and k = 1/2 makes its width "
        "1 + 2/2 = 2 times sigma"
    )
    far = filterbank(200 * one, one, 0.5 * one, 0.0, 2, 20)
    assert np.allclose(far.sum(axis=2), 1), (
        "far outside everything underflows: the sum over pixels is 1 all the same"
    )


check_filterbank()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_filterbank():
    import math

    rng = np.random.default_rng(1502)
    for batch, N, A, k in [
        (3, 4, 9, 0.0),
        (2, 5, 7, 0.6),
        (1, 1, 6, 2.0),
        (4, 2, 12, 1.3),
        (2, 3, 1, 0.4),
    ]:
        g = rng.uniform(-2, A + 3, batch)
        delta, sigma = rng.uniform(0.2, 3, batch), rng.uniform(0.3, 2.5, batch)
        found = np.asarray(filterbank(g, delta, sigma, k, N, A))
        assert found.shape == (batch, N, A), "(batch, filters, pixels)"
        for b in range(batch):
            for i in range(1, N + 1):
                place = i - (N + 1) / 2
                width = sigma[b] * (1 + k * abs(place))
                values = [
                    math.exp(-(((a - g[b] - place * delta[b]) / width) ** 2) / 2)
                    for a in range(1, A + 1)
                ]
                expected = np.array(values) / math.fsum(values)
                assert np.allclose(found[b, i - 1], expected, atol=1e-9), (
                    "every filter is a Gaussian at its own place with its own width, "
                    "divided by its sum over pixels"
                )
    one = np.ones(1)
    for g in (-300.0, 400.0):
        found = np.asarray(filterbank(g * one, one, 0.3 * one, 0.5, 3, 10))
        border = 0 if g < 0 else 9
        assert np.allclose(found[0, :, border], 1), (
            "far outside a filter reads the pixel of the border"
        )
    moved = np.asarray(filterbank(6 * one, one, 0.7 * one, 0.2, 3, 12))
    still = np.asarray(filterbank(5 * one, one, 0.7 * one, 0.2, 3, 12))
    assert np.allclose(moved[..., 1:], still[..., :-1], atol=1e-4), (
        "moving the centre by a pixel moves every filter by a pixel"
    )
    g = np.array([2.2, 7.1])
    here = np.asarray(filterbank(g, g / 4, g / 3, 0.3, 4, 8))
    there = np.asarray(filterbank(9 - g, g / 4, g / 3, 0.3, 4, 8))
    assert np.allclose(here, there[:, ::-1, ::-1]), "a mirrored window is a mirror"


decide_filterbank()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `read` (2 points)
#
# In the lesson a patch is $\gamma\, F_Y\, x\, F_X^T$, the same for every channel.
#
# **The variant.** Images are `(batch, rows, columns, channels)` and every channel has its own
# $\gamma$.

# %% [markdown] hints="read"
# 1. Which filters meet the rows of an image, which meet its columns?
# 2. For one channel: filters of rows on the left, filters of columns transposed on the right.
# 3. With four letters of `np.einsum` for batch, row, column and channel, and two for the
#    patch: rows are summed with one filter, columns with the other; then each channel is
#    multiplied by its own number.


# %% nbgrader={"grade_id": "read", "solution": true}
def read(x, F_X, F_Y, gamma):
    """Patches read from images.

    Args:
        x: images, shape (batch, B, A, channels).
        F_X: filters of columns, shape (batch, N, A).
        F_Y: filters of rows, shape (batch, N, B).
        gamma: factors, shape (batch, channels).

    Returns:
        Shape (batch, N, N, channels): rows of the patch first.
    """
    ### BEGIN SOLUTION
    patch = np.einsum("nib,nbac,nja->nijc", F_Y, x, F_X)
    return gamma[:, None, None, :] * patch
    ### END SOLUTION


# %% nbgrader={"grade_id": "read_tests", "grade": true, "points": 2, "axes": 4}
def check_read():
    x = np.arange(12.0).reshape(1, 3, 4, 1)
    rows = np.eye(3)[None, [0, 2]]
    columns = np.eye(4)[None, [1, 3]]
    found = read(x, columns, rows, np.array([[2.0]]))
    assert np.shape(found) == (1, 2, 2, 1), "N by N for each channel"
    assert np.allclose(found[0, :, :, 0], [[2, 6], [18, 22]]), (
        "these filters take rows 1 and 3 and columns 2 and 4, times gamma = 2"
    )
    both = [np.concatenate([a, a]) for a in (x, columns, rows)]
    two = read(*both, np.array([[2.0], [3.0]]))
    assert np.allclose(two[1], 1.5 * two[0]), (
        "every example has its own gamma: 2 and 3 for the same image"
    )


check_read()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_read():
    rng = np.random.default_rng(7)
    for batch, rows, columns, channels, N in [
        (2, 7, 9, 3, 3),
        (1, 4, 4, 1, 4),
        (3, 5, 2, 2, 6),
    ]:
        x = rng.normal(size=(batch, rows, columns, channels))
        F_Y = rng.random((batch, N, rows))
        F_X = rng.random((batch, N, columns))
        gamma = rng.uniform(0.5, 3, (batch, channels))
        found = np.asarray(read(x, F_X, F_Y, gamma))
        assert found.shape == (batch, N, N, channels), "(batch, N, N, channels)"
        for b in range(batch):
            for c in range(channels):
                expected = gamma[b, c] * F_Y[b] @ x[b, :, :, c] @ F_X[b].T
                assert np.allclose(found[b, :, :, c], expected), (
                    "each example with its filters, each channel with its gamma"
                )
    whole = np.eye(5)[None]
    x = rng.normal(size=(1, 5, 5, 2))
    found = np.asarray(read(x, whole, whole, np.ones((1, 2))))
    assert np.allclose(found, x), "filters that are pixels read the image itself"


decide_read()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `write` (2 points)
#
# In the lesson a patch $w$ adds $F_Y^T\, w\, F_X / \gamma$ to the canvas.
#
# **The variant.** As in question 2, patches have the channels last and every channel has its own
# $\gamma$.

# %% [markdown] hints="write"
# 1. What undoes a multiplication by gamma?
# 2. Every pixel gets from each number of the patch what the two filters have there.
# 3. Transposed filters of rows on the left, filters of columns on the right, and a division,
#    channel by channel.


# %% nbgrader={"grade_id": "write", "solution": true}
def write(w, F_X, F_Y, gamma):
    """What patches add to the canvas.

    Args:
        w: patches, shape (batch, N, N, channels): rows first.
        F_X: filters of columns, shape (batch, N, A).
        F_Y: filters of rows, shape (batch, N, B).
        gamma: divisors, shape (batch, channels), above 0.

    Returns:
        Shape (batch, B, A, channels).
    """
    ### BEGIN SOLUTION
    written = np.einsum("nib,nijc,nja->nbac", F_Y, w, F_X)
    return written / gamma[:, None, None, :]
    ### END SOLUTION


# %% nbgrader={"grade_id": "write_tests", "grade": true, "points": 2, "axes": 4}
def check_write():
    w = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1)
    rows = np.eye(3)[None, [0, 2]]
    columns = np.eye(4)[None, [1, 3]]
    found = write(w, columns, rows, np.array([[2.0]]))
    assert np.shape(found) == (1, 3, 4, 1), "as large as the image"
    expected = [[0, 0.5, 0, 1], [0, 0, 0, 0], [0, 1.5, 0, 2]]
    assert np.allclose(found[0, :, :, 0], expected), (
        "these filters write into rows 1 and 3 and columns 2 and 4, divided by gamma = 2"
    )
    both = [np.concatenate([a, a]) for a in (w, columns, rows)]
    two = write(*both, np.array([[2.0], [4.0]]))
    assert np.allclose(two[1], two[0] / 2), (
        "every example has its own gamma: 2 and 4 for the same patch"
    )


check_write()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_write():
    rng = np.random.default_rng(8)
    for batch, rows, columns, channels, N in [
        (2, 7, 9, 3, 3),
        (1, 4, 4, 1, 4),
        (3, 5, 2, 2, 6),
    ]:
        w = rng.normal(size=(batch, N, N, channels))
        F_Y = rng.random((batch, N, rows))
        F_X = rng.random((batch, N, columns))
        gamma = rng.uniform(0.5, 3, (batch, channels))
        found = np.asarray(write(w, F_X, F_Y, gamma))
        assert found.shape == (batch, rows, columns, channels), "as large as the image"
        x = rng.normal(size=found.shape)
        for b in range(batch):
            for c in range(channels):
                patch = F_Y[b] @ x[b, :, :, c] @ F_X[b].T
                here = np.sum(found[b, :, :, c] * x[b, :, :, c])
                there = np.sum(w[b, :, :, c] * patch) / gamma[b, c]
                assert np.isclose(here, there), (
                    "writing is the transpose of reading, divided by gamma: "
                    "<write(w), x> = <w, F_Y x F_X^T> / gamma"
                )
    whole = np.eye(5)[None]
    w = rng.normal(size=(1, 5, 5, 2))
    found = np.asarray(write(w, whole, whole, np.ones((1, 2))))
    assert np.allclose(found, w), "filters that are pixels write the patch itself"


decide_write()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `draw_kl` (3 points)
#
# In the lesson the divergence of a path of codes is $\sum_t KL(q(z_t) \| N(0, I))$.
#
# **The variant.** Step $t$ has the prior $N(0, s_t^2 I)$ with its own $s_t$:
#
# $$L^z = \sum_{t} KL\bigl(N(\mu_t, \mathrm{diag}\,\sigma_t^2)\,\|\,N(0, s_t^2 I)\bigr).$$

# %% [markdown] hints="draw_kl"
# 1. What is it where $\mu = 0$ and $\sigma = s$? Which sums are there, over which axes?
# 2. How many halves are subtracted, over steps *and* dimensions? Which logarithm remains
#    when $\sigma$ is not $s$?
# 3. For one number: the logarithm of $s/\sigma$, plus a half of $(\sigma^2 + \mu^2)/s^2 - 1$. Every
#    step has its own $s$; sum over steps and dimensions, not over the batch.


# %% nbgrader={"grade_id": "draw_kl", "solution": true}
def draw_kl(mus, sigmas, s):
    """Divergence of a path of codes from its prior.

    Args:
        mus, sigmas: means and standard deviations, shape (T, batch, d).
        s: standard deviations of the prior, shape (T,).

    Returns:
        Nats, shape (batch,).
    """
    ### BEGIN SOLUTION
    s = s[:, None, None]
    terms = np.log(s / sigmas) + (sigmas**2 + mus**2) / (2 * s**2) - 0.5
    return terms.sum(axis=(0, 2))
    ### END SOLUTION


# %% nbgrader={"grade_id": "draw_kl_tests", "grade": true, "points": 3, "axes": 1}
def check_draw_kl():
    nothing = draw_kl(np.zeros((4, 2, 3)), np.ones((4, 2, 3)), np.ones(4))
    assert np.shape(nothing) == (2,), "one number for each example"
    assert np.allclose(nothing, 0), "at the prior it is 0, with T = 4 and d = 3 too"
    one = draw_kl(np.full((1, 1, 1), 2.0), np.ones((1, 1, 1)), np.ones(1))
    assert np.allclose(one, 2), "mean 2, deviation 1: half of 2²"
    wide = draw_kl(np.zeros((1, 1, 1)), np.ones((1, 1, 1)), np.full(1, 2.0))
    assert np.allclose(wide, np.log(2) - 0.375), (
        "deviation 1 under a prior of deviation 2: log 2 + 1/8 - 1/2"
    )
    two = draw_kl(np.zeros((2, 1, 1)), np.ones((2, 1, 1)), np.array([1.0, 2.0]))
    assert np.allclose(two, np.log(2) - 0.375), (
        "every step has its own s: 0 nats under s = 1, and the second step as before"
    )


check_draw_kl()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_draw_kl():
    rng = np.random.default_rng(9)
    x = np.linspace(-30, 30, 60_001)
    for T, batch, d in [(1, 2, 1), (3, 1, 2), (2, 3, 4)]:
        mus = rng.normal(size=(T, batch, d))
        sigmas = rng.uniform(0.3, 2, (T, batch, d))
        s = rng.uniform(0.5, 2.5, T)
        expected = np.zeros(batch)
        for t in range(T):
            for b in range(batch):
                for j in range(d):
                    # The integral of q log(q / p), by the trapezoid rule.
                    m, v = mus[t, b, j], sigmas[t, b, j]
                    log_q = -(((x - m) / v) ** 2) / 2 - np.log(v)
                    log_p = -((x / s[t]) ** 2) / 2 - np.log(s[t])
                    density = np.exp(log_q) / np.sqrt(2 * np.pi)
                    expected[b] += np.trapezoid(density * (log_q - log_p), x)
        found = np.asarray(draw_kl(mus, sigmas, s))
        assert found.shape == (batch,), "one number for each example"
        assert np.allclose(found, expected, atol=1e-6), (
            "the integral of q log(q/p), summed over steps and dimensions"
        )
    mus, sigmas = rng.normal(size=(3, 2, 5)), rng.uniform(0.2, 2, (3, 2, 5))
    s = rng.uniform(0.5, 2, 3)
    twice = [np.concatenate([a, a]) for a in (mus, sigmas, s)]
    once = np.asarray(draw_kl(mus, sigmas, s))
    assert np.allclose(draw_kl(*twice), 2 * once), "twice the steps, twice the nats"
    both = draw_kl(np.tile(mus, 2), np.tile(sigmas, 2), s)
    assert np.allclose(both, 2 * once), "twice the dimensions, twice the nats"
    scaled = draw_kl(3 * mus, 3 * sigmas, 3 * s)
    assert np.allclose(scaled, once), "the unit of the codes does not count"


decide_draw_kl()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `hybrid_loss` (3 points)
#
# In the lesson the class canvas adds up evidence, $l_t = l_{t-1} + e_t$, and the loss is the batch
# mean of $L^x + L^z$ plus $\alpha$ times the batch mean of the cross-entropy of $l_T$.
#
# **The variant.** The cross-entropy is taken after *every* step and averaged over them, and the
# canvas starts at $l_0 = f$, which need not be 0.

# %% [markdown] hints="hybrid_loss"
# 1. What stays of $l_{t-1}$? How many canvases are judged, and is the first canvas one?
# 2. Which of the terms is multiplied by alpha, and what is averaged over what?
# 3. Running sums over steps plus the first canvas; for each of them the logarithm of the sum of
#    exponentials (take the largest out first) minus the number of the true class; the mean
#    over steps and batch, times alpha, plus the mean of the two other losses.


# %% nbgrader={"grade_id": "hybrid_loss", "solution": true}
def hybrid_loss(lx, lz, evidence, first, y, alpha):
    """Loss of a batch.

    Args:
        lx, lz: losses of pixels and codes, nats, shape (batch,).
        evidence: e_t, shape (batch, T, classes).
        first: l_0, shape (classes,).
        y: true classes, whole numbers, shape (batch,).
        alpha: weight of the cross-entropy.

    Returns:
        A float.
    """
    ### BEGIN SOLUTION
    canvas = first + np.cumsum(evidence, axis=1)
    top = canvas.max(axis=2, keepdims=True)
    total = np.log(np.exp(canvas - top).sum(axis=2)) + top[:, :, 0]
    true = canvas[np.arange(len(y)), :, y]
    return float(np.mean(lx + lz) + alpha * np.mean(total - true))
    ### END SOLUTION


# %% nbgrader={"grade_id": "hybrid_loss_tests", "grade": true, "points": 3, "axes": 0}
def check_hybrid_loss():
    lx, lz, y = np.array([3.0, 5.0]), np.array([1.0, 2.0]), np.array([0, 2])
    nothing = np.zeros((2, 4, 3))
    found = hybrid_loss(lx, lz, nothing, np.zeros(3), y, 0.0)
    assert np.isclose(found, 5.5), "alpha = 0 leaves the mean of lx + lz: 5.5"
    found = hybrid_loss(lx, lz, nothing, np.zeros(3), y, 2.0)
    assert np.isclose(found, 5.5 + 2 * np.log(3)), (
        "with no evidence every step costs log 3, whatever the number of steps"
    )
    one = np.zeros(1)
    step = np.array([[[1.0, 0.0], [1.0, 0.0]]])
    found = hybrid_loss(one, one, step, np.zeros(2), np.array([0]), 1.0)
    expected = (np.log1p(np.exp(-1)) + np.log1p(np.exp(-2))) / 2
    assert np.isclose(found, expected), (
        "evidence is added up: after two steps the canvas is (2, 0)"
    )
    start = np.array([1.0, 0.0])
    found = hybrid_loss(one, one, 0 * step, start, np.array([0]), 1.0)
    assert np.isclose(found, np.log1p(np.exp(-1))), (
        "the first canvas is added once: with no evidence it stays (1, 0)"
    )


check_hybrid_loss()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_hybrid_loss():
    import math

    rng = np.random.default_rng(10)
    for batch, T, classes, alpha in [
        (1, 3, 2, 1.0),
        (3, 1, 4, 10.0),
        (4, 5, 3, 0.3),
        (2, 2, 5, 0.0),
    ]:
        lx, lz = rng.random(batch), rng.random(batch)
        evidence = rng.normal(size=(batch, T, classes))
        first = rng.normal(size=classes)
        y = rng.integers(0, classes, batch)
        total = 0.0
        for b in range(batch):
            canvas = first.copy()
            for t in range(T):
                canvas = canvas + evidence[b, t]
                weights = [math.exp(v) for v in canvas]
                total -= math.log(weights[y[b]] / math.fsum(weights))
        expected = np.mean(lx) + np.mean(lz) + alpha * total / (batch * T)
        found = hybrid_loss(lx, lz, evidence, first, y, alpha)
        assert np.isclose(found, expected), (
            "mean of lx + lz, plus alpha times the mean cross-entropy of all steps; "
            "the first canvas is added once, before the first step"
        )
    big = np.zeros((1, 2, 3))
    big[0, :, 1] = 800.0
    zero = np.zeros(1)
    found = hybrid_loss(zero, zero, big, np.zeros(3), np.array([0]), 1.0)
    assert np.isclose(found, 1200), "large numbers do not overflow: 800 and 1600 nats"
    evidence = rng.normal(size=(2, 3, 4))
    args = zero.repeat(2), zero.repeat(2), evidence
    same = [
        hybrid_loss(*args, first, np.array([1, 3]), 2.0)
        for first in (np.zeros(4), np.full(4, 7.0))
    ]
    assert np.isclose(*same), "the same number for all classes changes nothing"


decide_hybrid_loss()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what is shown? (3 points)
#
# 1. "After 40 epochs the network with a window names 0.92 of the digits, the one without 0.66:
#    attention helps." The class canvas of both is linear in what is read and in the code. Name
#    two rows that the table needs before one may say so, and what each would tell.
# 2. A glimpse is cut out at a whole number of pixels. Why does the gradient of the reward by the
#    place tell nothing, and how can REINFORCE learn the place all the same? What does it
#    cost against a Gaussian window?
# 3. A widely copied program subtracts $T/2$ per step from the divergence instead of $d/2$. For
#    which $T$ and $d$ does nobody notice, does it change what is learned, and what does it
#    change?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. The same networks with a read-out that is not linear (the encoder's state): without a window
#    it then names 0.87, so most of the gap is the read-out's, which needs an aligned patch where it
#    is linear. Other budgets over several seeds: at epoch 15 the order is the opposite (0.15 with,
#    0.30 without), so one budget says nothing. Also a frozen window (is it the moving?), a linear
#    model of placed and of unplaced digits, the nearest neighbour. *Half a point* for one. No
#    point for "without a window the network is a linear model": its codes have passed through it,
#    and it names 0.66 where a linear model of placed pixels names 0.19.
# 2. The crop is constant between whole pixels: its derivative is 0 almost everywhere and
#    misses the steps. REINFORCE needs values of the reward only, times the slope of the log
#    density of the place; it is unbiased, with a larger variance (some thirty times in the
#    lesson's example with a baseline, twice to thousands of times for a wider or narrower search),
#    so more glimpses are needed.
# 3. For $T = d$. It is a constant, so gradients and samples stay as they were; the printed bound
#    is wrong by $T |d - T| / 2$ nats and cannot be compared with others.
# ### END SOLUTION
