# %% [markdown]
# # Exercise: looking through dust, turning, and looking back
#
# Five functions to write (13 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `ambient_gan` first. Time: about
# two and a half hours.
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
#   package `lessons.adversarial.ambient_gan` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `patch_views` (3 points)
#
# Three ways of looking through a square: *keep* it (zeros outside), *block* it (zeros
# inside), *extract* it (the square alone).
#
# **The variant.** Pictures are on a *ring*: a square that leaves the picture at the
# bottom comes in again at the top, and the same from right to left. So every corner
# `top` in 0, ..., h - 1 and `left` in 0, ..., w - 1 is allowed, for every `k` from 1 to
# the shorter side. Each image has a corner of its own.


# %% nbgrader={"grade_id": "patch_views", "solution": true}
def patch_views(x, top, left, k):
    """Three views of each image through a square on a ring.

    Args:
        x: images, shape (B, h, w, c).
        top, left: first row and column of each square, ints of shape (B,).
        k: side of the squares.

    Returns:
        (keep, block, extract), shapes (B, h, w, c), (B, h, w, c), (B, k, k, c); row i
        of the extracted square is row (top + i) mod h of the image.
    """
    ### BEGIN SOLUTION
    count, h, w, _ = x.shape
    rows = (np.asarray(top)[:, None] + np.arange(k)) % h
    columns = (np.asarray(left)[:, None] + np.arange(k)) % w
    place = np.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]
    extract = x[place]
    keep = np.zeros_like(x)
    keep[place] = extract
    block = x.copy()
    block[place] = 0
    return keep, block, extract
    ### END SOLUTION


# %% nbgrader={"grade_id": "patch_views_tests", "grade": true, "points": 3, "axes": [4, 4, 4]}
def check_patch_views():
    x = np.arange(1.0, 33.0).reshape(2, 4, 4, 1)
    top, left = np.array([1, 0]), np.array([2, 1])
    keep, block, extract = patch_views(x, top, left, 2)
    assert np.shape(extract) == (2, 2, 2, 1), "extract has shape (B, k, k, c)"
    assert np.array_equal(extract[0, ..., 0], [[7, 8], [11, 12]]), (
        "the first square starts at row 1, column 2: rows come first"
    )
    assert np.array_equal(extract[1, ..., 0], [[18, 19], [22, 23]]), (
        "each image has a corner of its own"
    )
    assert np.array_equal(keep + block, x), (
        "what is not kept is blocked: keep + block = x"
    )
    assert np.count_nonzero(keep) == 8, "keep has zeros outside of the square"
    _, _, extract = patch_views(x[:1], np.array([3]), np.array([3]), 2)
    assert np.array_equal(extract[0, ..., 0], [[16, 13], [4, 1]]), (
        "a square that leaves the picture comes in again on the other side"
    )


check_patch_views()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_patch_views():
    rng = np.random.default_rng(5)
    for shape, k in (((3, 5, 7, 2), 3), ((4, 6, 4, 1), 4), ((1, 3, 3, 3), 1)):
        x = rng.uniform(1, 2, size=shape)
        count, h, w, c = shape
        top, left = rng.integers(h, size=count), rng.integers(w, size=count)
        top[0], left[0] = h - 1, w - 1
        keep, block, extract = map(np.asarray, patch_views(x, top, left, k))
        for b in range(count):
            rolled = np.roll(x[b], (-top[b], -left[b]), axis=(0, 1))
            assert np.array_equal(extract[b], rolled[:k, :k]), (
                "extract must be the square, read around the ring"
            )
            hole = rolled.copy()
            hole[:k, :k] = 0
            hole = np.roll(hole, (top[b], left[b]), axis=(0, 1))
            assert np.array_equal(block[b], hole), "block must have zeros in the square"
        assert np.allclose(keep + block, x), "keep and block must share out the image"
        again = patch_views(keep, top, left, k)
        assert np.array_equal(again[0], keep), "keeping twice is keeping once"
        assert not np.any(again[1]), "blocking what was kept leaves nothing"
        assert np.isclose(np.sum(keep), np.sum(extract)), (
            "keep and extract hold the same pixels"
        )


decide_patch_views()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `parallel_projection` (3 points)
#
# Pad with zeros, turn, add up each column.
#
# **The variant.** Turning a picture of pixels needs interpolation. Here nothing is
# turned but the *places*: a pixel in row $i$ and column $j$ has its place, measured from
# the centre of the picture, at $u = j - (w-1)/2$ to the right and $v = i - (h-1)/2$
# downwards. Seen under the angle $\theta$ it is at
#
# $$r = u \cos\theta + v \sin\theta$$
#
# on the line of detectors. The line has $m$ detectors at $-(m-1)/2, \dots, (m-1)/2$, one
# apart. A pixel between two detectors shares its value among them: the nearer it is to
# one, the more that gets (linearly). What falls outside of the line is lost; a
# pixel less than one beyond the last detector still gives its share to that one. Each
# image has an angle of its own.


# %% nbgrader={"grade_id": "parallel_projection", "solution": true}
def parallel_projection(x, theta, m):
    """Projection of each image on a line of detectors.

    Args:
        x: images, shape (B, h, w).
        theta: angles in radians, shape (B,).
        m: number of detectors.

    Returns:
        Sums at the detectors, shape (B, m).
    """
    ### BEGIN SOLUTION
    count, h, w = x.shape
    v, u = np.mgrid[:h, :w]
    u, v = (u - (w - 1) / 2).ravel(), (v - (h - 1) / 2).ravel()
    theta = np.asarray(theta)[:, None]
    place = u * np.cos(theta) + v * np.sin(theta)
    detectors = np.arange(m) - (m - 1) / 2
    share = np.maximum(0, 1 - np.abs(place[:, :, None] - detectors))
    return np.einsum("bp,bpm->bm", x.reshape(count, -1), share)
    ### END SOLUTION


# %% nbgrader={"grade_id": "parallel_projection_tests", "grade": true, "points": 3, "axes": 2}
def check_parallel_projection():
    x = np.arange(1.0, 10.0).reshape(1, 3, 3)
    found = np.asarray(parallel_projection(x, np.zeros(1), 5))
    assert found.shape == (1, 5), "one number for each detector: shape (B, m)"
    assert np.allclose(found, [[0, 12, 15, 18, 0]]), (
        "at angle 0 detectors see the sums of columns, with zeros around them"
    )
    found = parallel_projection(x, np.array([np.pi / 2]), 5)
    assert np.allclose(found, [[0, 6, 15, 24, 0]]), (
        "at 90 degrees they see the sums of rows, from the top to the bottom"
    )
    found = parallel_projection(x, np.zeros(1), 4)
    assert np.allclose(found, [[6, 13.5, 16.5, 9]]), (
        "with 4 detectors at -1.5, -0.5, 0.5, 1.5 every pixel is halfway between two"
    )
    found = parallel_projection(x, np.zeros(1), 1)
    assert np.allclose(found, [[15]]), "what falls outside of the line is lost"


check_parallel_projection()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_parallel_projection():
    rng = np.random.default_rng(8)
    for h, w in ((4, 4), (3, 6), (7, 2)):
        x, other = rng.normal(size=(2, 5, h, w))
        theta = rng.uniform(-np.pi, np.pi, size=5)
        wide = h + w + 3
        found = np.asarray(parallel_projection(x, theta, wide))
        assert found.shape == (5, wide), "one row for each image"
        assert np.allclose(found.sum(axis=1), x.sum(axis=(1, 2))), (
            "with enough detectors no mass may be lost, whatever the angle"
        )
        half = np.asarray(parallel_projection(x, theta + np.pi, wide))
        assert np.allclose(half, found[:, ::-1]), (
            "half a turn more must show the same line backwards"
        )
        turned = np.rot90(x, axes=(1, 2))
        quarter = np.asarray(parallel_projection(turned, theta - np.pi / 2, wide))
        assert np.allclose(quarter, found), (
            "turning picture and line together must change nothing"
        )
        mixed = parallel_projection(2 * x - 3 * other, theta, wide)
        line = 2 * found - 3 * np.asarray(parallel_projection(other, theta, wide))
        assert np.allclose(mixed, line), "it must be linear in the image"
        place = np.arange(wide) - (wide - 1) / 2
        u, v = np.arange(w) - (w - 1) / 2, np.arange(h) - (h - 1) / 2
        expected = np.einsum("bij,j->b", x, u) * np.cos(theta)
        expected = expected + np.einsum("bij,i->b", x, v) * np.sin(theta)
        assert np.allclose(found @ place, expected), (
            "sharing must keep the mean place of the mass: share linearly"
        )
        for b in range(5):
            alone = parallel_projection(x[b : b + 1], theta[b : b + 1], wide)
            assert np.allclose(alone, found[b]), "each image has an angle of its own"
        for lost in range(1, (wide + 1) // 2):
            few = np.asarray(parallel_projection(x, theta, wide - 2 * lost))
            assert np.allclose(few, found[:, lost:-lost]), (
                "a shorter line must see the same, less what falls outside"
            )


decide_parallel_projection()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `recover_law` (3 points)
#
# In the lesson a blocked pixel shows 0.
#
# **The variant.** A pixel of $L$ levels that is *hit* (with probability $p_i$, which is
# pixel $i$'s own) shows a level drawn at random instead, uniformly from all $L$. Pixels
# are hit independently. Given the distribution of measurements over all images, recover
# the distribution of images. Images are numbered with the first pixel as the leading digit in base $L$.
#
# If some $p_i = 1$ the law cannot be recovered: raise `np.linalg.LinAlgError`.


# %% nbgrader={"grade_id": "recover_law", "solution": true}
def recover_law(measured, p, levels):
    """The distribution of images from the distribution of measurements.

    Args:
        measured: probabilities of measurements, shape (levels**n,).
        p: probability of each pixel to be hit, shape (n,).
        levels: L, at least 2.

    Returns:
        Probabilities of images, shape (levels**n,); not clipped.

    Raises:
        np.linalg.LinAlgError: some p is 1.
    """
    ### BEGIN SOLUTION
    p = np.asarray(p)
    if np.any(p == 1):
        raise np.linalg.LinAlgError("a pixel is never seen")
    law = np.reshape(measured, (levels,) * len(p))
    for axis, chance in enumerate(p):
        mean = law.mean(axis=axis, keepdims=True)
        law = (law - chance * mean) / (1 - chance)
    return law.ravel()
    ### END SOLUTION


# %% nbgrader={"grade_id": "recover_law_tests", "grade": true, "points": 3, "axes": 1}
def check_recover_law():
    assert np.allclose(recover_law(np.array([0.75, 0.25]), [0.5], 2), [1, 0]), (
        "a black pixel that is hit half of the time shows black with 3/4"
    )
    law = np.array([0.1, 0.2, 0.3, 0.4])
    assert np.allclose(recover_law(law, [0.0, 0.0], 2), law), (
        "pixels that are never hit are seen as they are"
    )
    assert np.allclose(
        recover_law(np.array([0.5, 0.5, 0, 0]), [0.0, 0.5], 2).sum(), 1
    ), "what comes back is a law: its sum is 1"
    found = recover_law(np.array([0.75, 0.25, 0.0, 0.0]), [0.0, 0.5], 2)
    assert np.allclose(found, [1, 0, 0, 0]), (
        "the first pixel is the leading digit: here only the second is hit"
    )
    try:
        recover_law(law, [0.3, 1.0], 2)
    except np.linalg.LinAlgError:
        return
    raise AssertionError("raise np.linalg.LinAlgError when a pixel is always hit")


check_recover_law()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_recover_law():
    import itertools

    rng = np.random.default_rng(3)
    for levels, n in ((2, 4), (3, 3), (5, 1), (4, 2)):
        p = rng.uniform(0, 0.9, size=n)
        law = rng.dirichlet(np.ones(levels**n))
        images = list(itertools.product(range(levels), repeat=n))
        measured = np.zeros(levels**n)
        for i, shown in enumerate(images):
            for j, image in enumerate(images):
                chance = 1.0
                for a, b, hit in zip(shown, image, p, strict=True):
                    chance *= hit / levels + (1 - hit) * (a == b)
                measured[i] += chance * law[j]
        found = np.asarray(recover_law(measured, p, levels))
        assert found.shape == law.shape, "the law has as many entries as images"
        assert np.allclose(found, law, atol=1e-9), (
            "the distribution of images must come back"
        )
    rough = rng.dirichlet(np.ones(8))
    twice = 2 * np.asarray(recover_law(rough, [0.5, 0.2, 0.7], 2))
    assert np.allclose(recover_law(2 * rough, [0.5, 0.2, 0.7], 2), twice), (
        "recovery must be linear: do not clip and do not normalise"
    )
    even = np.full(27, 1 / 27)
    assert np.allclose(recover_law(even, [0.9, 0.5, 0.1], 3), even), (
        "the uniform law is seen as it is"
    )
    for always in ([1.0], [0.2, 1.0, 0.5]):
        try:
            recover_law(np.full(2 ** len(always), 0.5 ** len(always)), always, 2)
        except np.linalg.LinAlgError:
            continue
        raise AssertionError("raise np.linalg.LinAlgError when a pixel is always hit")


decide_recover_law()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `wiener` (2 points)
#
# Undo a circular convolution with noise, $Y = K X + E$ in the Fourier domain, by the
# linear filter with the least mean squared error.
#
# **The variant.** The powers of signal and noise are not flat: `signal` and `noise` give
# $E|X(f)|^2$ and $E|E(f)|^2$ for each frequency. Where *both* are 0 there is nothing to
# estimate and the filter is 0. The kernel is a picture of the same size as the image with
# its centre at pixel (0, 0), and it need not be symmetric.


# %% nbgrader={"grade_id": "wiener", "solution": true}
def wiener(y, kernel, signal, noise):
    """The best linear estimate of images from measurements.

    Args:
        y: measurements, shape (B, h, w).
        kernel: shape (h, w), centred at (0, 0).
        signal, noise: power at each frequency of np.fft.fft2, at least 0, (h, w).

    Returns:
        Estimates, real, shape (B, h, w).
    """
    ### BEGIN SOLUTION
    factor = np.fft.fft2(kernel)
    below = np.abs(factor) ** 2 * signal + noise
    above = np.conj(factor) * signal
    gain = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    return np.fft.ifft2(gain * np.fft.fft2(y)).real
    ### END SOLUTION


# %% nbgrader={"grade_id": "wiener_tests", "grade": true, "points": 2, "axes": 3}
def check_wiener():
    y = np.random.default_rng(0).normal(size=(2, 4, 4))
    kernel, ones, zeros = np.zeros((4, 4)), np.ones((4, 4)), np.zeros((4, 4))
    kernel[0, 0] = 2.0
    found = np.asarray(wiener(y, kernel, ones, zeros))
    assert found.shape == y.shape, "one estimate for each measurement"
    assert not np.iscomplexobj(found), "estimates are real"
    assert np.allclose(found, y / 2), "without noise the filter is the inverse of K"
    found = wiener(y, kernel, ones, ones)
    assert np.allclose(found, 2 / 5 * y), (
        "with K = 2 and equal powers it is 2 / (4 + 1)"
    )
    found = wiener(y, kernel, zeros, zeros)
    assert np.allclose(found, 0), "where both powers are 0 the filter is 0"


check_wiener()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_wiener():
    rng = np.random.default_rng(12)
    for h, w in ((6, 6), (5, 8)):
        x = rng.normal(size=(3, h, w))
        kernel = 0.1 * rng.normal(size=(h, w))
        kernel[0, 0] += 3.0
        seen = sum(
            kernel[i, j] * np.roll(x, (i, j), axis=(1, 2))
            for i in range(h)
            for j in range(w)
        )
        flat, none = np.ones((h, w)), np.zeros((h, w))
        found = wiener(seen, kernel, flat, none)
        assert np.allclose(found, x), (
            "without noise a kernel is undone, also its shifts"
        )
        assert np.abs(wiener(seen, kernel, flat, 1e9 * flat)).max() < 1e-5, (
            "much noise must shrink the estimate to 0"
        )
        power, rough = rng.uniform(0.5, 2, size=(2, h, w))
        base = np.asarray(wiener(seen, kernel, power, rough))
        assert np.allclose(wiener(seen, kernel, 7 * power, 7 * rough), base), (
            "only the ratio of the powers matters"
        )
        assert np.allclose(wiener(seen, 2 * kernel, power, 4 * rough), base / 2), (
            "twice the kernel and twice the noise must halve the estimate"
        )
        # Orthogonality: the error of the best filter is uncorrelated with what is seen.
        # Powers of real images are even: the same at f and at -f. None at some of them.
        factor = np.fft.fft2(kernel)
        pulse = np.zeros((1, h, w))
        pulse[0, 0, 0] = 1
        even = np.abs(np.fft.fft2(rng.normal(size=(2, h, w)))) ** 2
        even[:, 1, 2] = even[:, -1, -2] = 0
        for power, rough in (flat, flat), even, 1e-9 * even:
            gain = np.fft.fft2(np.asarray(wiener(pulse, kernel, power, rough)))[0]
            rest = gain * (np.abs(factor) ** 2 * power + rough)
            rest = (rest - np.conj(factor) * power) / power.max()
            assert np.abs(rest).max() < 1e-9, (
                "the filter must have the least squared error at each frequency"
            )
            assert np.abs(gain[power + rough == 0]).max(initial=0) < 1e-12, (
                "where both powers are 0 the filter is 0"
            )
    stripes = np.ones((4, 4))
    stripes[::2] = -1
    both = np.ones((4, 4)) / 16
    with np.errstate(all="raise"):
        found = wiener(stripes[None], both, np.ones((4, 4)), np.zeros((4, 4)))
    assert np.allclose(found, 0), (
        "a frequency that the kernel removes must come out as 0"
    )


decide_wiener()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `ambient_losses` (2 points)
#
# The losses of an AmbientGAN, of one batch, from functions.
#
# **The variant.** The loss is the *hinge*: the critic minimises
# $E \max(0, 1 - D(y)) + E \max(0, 1 + D(f_\Theta(x^g)))$, the generator
# $-E\, D(f_\Theta(x^g))$. `measure(images, theta)` applies a measurement and
# `draw(count)` draws that many $\theta$. The real data `y` are measurements already. Both
# losses use the *same* draw of $\theta$ for this batch.


# %% nbgrader={"grade_id": "ambient_losses", "solution": true}
def ambient_losses(critic, y, generated, measure, draw):
    """Critic's and generator's hinge losses with measured samples.

    Args:
        critic: function of a batch of measurements, gives shape (batch,).
        y: real measurements, shape (B, ...).
        generated: generated images, shape (C, ...); C may differ from B.
        measure: function of (images, theta).
        draw: function of a number; gives one theta for each image.

    Returns:
        (critic's loss, generator's loss), floats.
    """
    ### BEGIN SOLUTION
    fake = critic(measure(generated, draw(len(generated))))
    real = critic(y)
    hinge = np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean()
    return float(hinge), float(-fake.mean())
    ### END SOLUTION


# %% nbgrader={"grade_id": "ambient_losses_tests", "grade": true, "points": 2, "axes": [0, 0]}
def check_ambient_losses():
    y = np.array([[2.0, 0.0], [0.5, 0.0]])
    generated = np.array([[1.0, 5.0], [3.0, -4.0]])

    def critic(batch):
        return batch.sum(axis=1)

    def first_only(images, theta):
        return images * theta - np.array([0.0, 1.0])

    def draw(count):
        return np.tile([1.0, 0.0], (count, 1))

    found = ambient_losses(critic, y, generated, first_only, draw)
    assert np.isclose(found[1], -1.0), (
        "the generator's loss is minus the mean of D of MEASURED samples: -(0 + 2) / 2"
    )
    assert np.isclose(found[0], 0.25 + 2.0), (
        "hinges of measured samples and of y as it is: (0 + 0.5) / 2 + (1 + 3) / 2"
    )


check_ambient_losses()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_ambient_losses():
    rng = np.random.default_rng(7)
    for real_count, count in ((6, 6), (4, 9), (5, 1)):
        y = rng.normal(size=(real_count, 3))
        generated = rng.normal(size=(count, 3))
        counts, drawn, seen = [], [], []

        def draw(number, counts=counts, drawn=drawn):
            counts.append(number)
            drawn.append(rng.random((number, 3)) < 0.5)
            return drawn[-1]

        def measure(images, theta, seen=seen):
            assert len(images) == len(theta), "draw a theta for each generated image"
            seen.append(np.array(images))
            return images * theta + 10.0  # not idempotent: twice is not once

        def critic(batch):
            return np.tanh(np.asarray(batch) @ [1.0, -2.0, 0.5])

        found = ambient_losses(critic, y, generated, measure, draw)
        assert all(np.array_equal(batch, generated) for batch in seen), (
            "measure the generated images, never the measurements y"
        )
        assert set(counts) == {count}, "draw a theta for each generated image"
        assert len(drawn) == 1, "both losses use the same draw of theta"
        scores = [critic(row[None])[0] for row in generated * drawn[0] + 10.0]
        assert np.isclose(found[1], -np.mean(scores)), (
            "the generator must see the mean score of its measured samples"
        )
        hinges = [max(0.0, 1.0 + score) for score in scores]
        hinges_real = [max(0.0, 1.0 - critic(row[None])[0]) for row in y]
        assert np.isclose(found[0], np.mean(hinges) + np.mean(hinges_real)), (
            "the critic's loss must be the two mean hinges, real ones unmeasured"
        )


decide_ambient_losses()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: is it the model, or is it the looking? (3 points)
#
# A hospital has 50,000 X-ray projections, each of another patient at an unknown angle,
# and no picture of anybody. A colleague trains an AmbientGAN with pad-rotate-project. The
# generated organs lie askew, and after another start with other random weights they are
# mirrored. She says: "The GAN has not converged. We need a larger network."
#
# 1. Which property of this measurement explains what she sees? Would a perfectly trained
#    generator do better, and what would you change about the measurement?
# 2. Block-pixels with $p = 0.99$ determines the distribution of the images, by theorem 5.4. Why is
#    that no promise that 50,000 images are enough? Name the quantity that says so.
# 3. The manual of the machine was wrong: she trained with a blocking probability of 0.5
#    while the machine blocks 0.8. What do the generated images look like, and how could
#    she have noticed without any clean picture?
#
# Five to ten sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "looking", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. The distribution of projections at a uniform unknown angle is the same for a picture and for
#    the picture turned (and, in two dimensions, mirrored: half a turn reverses the line).
#    Different distributions of images give the same distribution of measurements, lemma 5.1 does not apply,
#    and the best generator may return any of them. Record the angle, or another
#    property that fixes it. *Half a point* without a change to the measurement.
# 2. $A$ is invertible, but its inverse multiplies errors: $\|A^{-1}\|_1 =
#    ((1+p)/(1-p))^n$ and the number of samples grows like $(L/(1-p))^{2n}$, exponentially
#    in the number of pixels. Without further assumptions on the law (a generator of few
#    parameters is one), 50,000 are nothing.
# 3. The first moment: $E y = 0.2\, E x$ in truth and $0.5\, E x^g$ in the model, so at the
#    optimum $E x^g = 0.4\, E x$: dim images with holes. She could have noticed in the
#    measurements: the share of pixels that are exactly 0 where the object always is, or
#    the largest value at a pixel against its mean.
# ### END SOLUTION
