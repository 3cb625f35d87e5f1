# %% [markdown]
# # Exercise: gates that close, and what they leave behind
#
# Five functions to write (12 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `channel_pruning` first. Time:
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
#   package `lessons.efficiency.channel_pruning` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `shrink` (2 points)
#
# The lesson's soft threshold minimises $\frac12 (g - x)^2 + \eta |g|$.
#
# **The variant.** A second penalty pulls large gates back as well: return for each entry the
# $g$ that minimises
#
# $$\tfrac12 (g - x)^2 + \eta\,|g| + \tfrac{\kappa}{2}\,g^2, \qquad \eta, \kappa \ge 0.$$

# %% [markdown] hints="shrink"
# 1. Where the minimum is not at 0 the function has a derivative there. Which sign does $g$
#    have, compared with $x$?
# 2. For $g > 0$ the derivative is $g - x + \eta + \kappa g$. When is its root positive?
# 3. Shorten the size $|x|$ by $\eta$, not below 0; keep the sign; divide the result by
#    $1 + \kappa$.


# %% nbgrader={"grade_id": "shrink", "solution": true}
def shrink(x, eta, kappa):
    """The minimiser of a square, a size and a smaller square.

    Args:
        x: any shape.
        eta: weight of the size, at least 0.
        kappa: weight of the smaller square, at least 0.

    Returns:
        The same shape as x.
    """
    ### BEGIN SOLUTION
    return np.sign(x) * np.maximum(np.abs(x) - eta, 0) / (1 + kappa)
    ### END SOLUTION


# %% nbgrader={"grade_id": "shrink_tests", "grade": true, "points": 2, "axes": "like 1"}
def check_shrink():
    found = shrink(np.array([3.0, -3.0, 0.5]), 1.0, 0.0)
    assert np.shape(found) == (3,), "the result has the shape of x"
    assert np.allclose(found, [2, -2, 0]), (
        "without kappa it is the soft threshold: sizes are shortened by 1, signs stay"
    )
    found = shrink(np.array([3.0, -0.5]), 1.0, 1.0)
    assert np.allclose(found, [1, 0]), (
        "kappa = 1 halves what the threshold leaves, and 0 stays 0"
    )
    found = shrink(np.array([3.0, -3.0]), 0.0, 2.0)
    assert np.allclose(found, [1, -1]), "without eta nothing is cut: x / (1 + kappa)"


check_shrink()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_shrink():
    rng = np.random.default_rng(180200124)
    grid = np.linspace(-4, 4, 160_001)
    for eta, kappa, shape in [(0.7, 0.3, (6,)), (0.2, 2.0, (2, 3)), (1.5, 0.05, (4,))]:
        x = rng.normal(0, 2, shape).clip(-4, 4)
        found = np.asarray(shrink(x, eta, kappa))
        assert found.shape == shape, "the result has the shape of x"
        cost = 0.5 * (grid - x[..., None]) ** 2 + eta * np.abs(grid)
        cost = cost + 0.5 * kappa * grid**2
        best = grid[cost.argmin(axis=-1)]
        assert np.allclose(found, best, atol=1e-4), (
            "each entry minimises its own sum of the three terms"
        )
        assert np.allclose(shrink(-x, eta, kappa), -found), "both signs alike"
    x = rng.normal(size=500)
    found = np.asarray(shrink(x, 0.5, 0.7))
    assert np.array_equal(found == 0, np.abs(x) <= 0.5), (
        "exactly 0 where the size of x is at most eta, whatever kappa is"
    )
    y = rng.normal(size=500)
    spread = np.abs(found - np.asarray(shrink(y, 0.5, 0.7)))
    assert np.all(spread <= np.abs(x - y) / 1.7 + 1e-12), (
        "two results are no further apart than 1 / (1 + kappa) of their distance"
    )
    assert np.allclose(shrink(x, 0.0, 0.0), x), "without penalties nothing changes"
    far = np.array([1e8, -1e8])
    assert np.allclose(shrink(far, 1.0, 3.0), [24999999.75, -24999999.75]), (
        "large values are shortened by eta first, then divided"
    )


decide_shrink()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `layer_penalty` (2 points)
#
# What a channel costs in memory, in units of the image: its own kernel (one slice for each
# input channel), its slice in the kernels of **every** convolution that reads it (for each of
# that one's outputs), and its feature map, the output of its own convolution.
#
# **The variant.** Weights are held once, but feature maps are held for each of $n$ images of a
# batch:
#
# $$\lambda = \frac{1}{I_h I_w}\Big[k_h k_w c_{in} + \sum_{l' \in T} k_h^{l'} k_w^{l'} c^{l'}
#   + n\,O_h O_w\Big].$$

# %% [markdown] hints="layer_penalty"
# 1. Which numbers vanish from memory if this one channel goes? Which of them are there
#    once, which for every image?
# 2. A channel that two convolutions read has a slice in both kernels. One slice of a
#    follower has its kernel's height times width numbers, for each of its *outputs*.
# 3. Add the three counts, the feature map times $n$, and divide by height times width of the
#    *image*, not of the feature map.


# %% nbgrader={"grade_id": "layer_penalty", "solution": true}
def layer_penalty(kernel_hw, c_in, followers, out_hw, image_hw, n):
    """Cost of one channel in units of the image.

    Args:
        kernel_hw: height and width of the layer's own kernels.
        c_in: channels that the layer reads.
        followers: of each convolution that reads the layer, (height, width, outputs)
            of its kernels; may be empty.
        out_hw: height and width of the layer's output.
        image_hw: height and width of the network's input.
        n: images of a batch, at least 1.

    Returns:
        A float.
    """
    ### BEGIN SOLUTION
    weights = kernel_hw[0] * kernel_hw[1] * c_in
    for height, width, outputs in followers:
        weights += height * width * outputs
    return (weights + n * out_hw[0] * out_hw[1]) / (image_hw[0] * image_hw[1])
    ### END SOLUTION


# %% nbgrader={"grade_id": "layer_penalty_tests", "grade": true, "points": 2, "axes": 0}
def check_layer_penalty():
    found = layer_penalty((3, 3), 1, [(3, 3, 64)], (6, 6), (8, 8), 1)
    assert np.ndim(found) == 0, "the result is one number"
    assert np.isclose(found, (9 + 576 + 36) / 64), (
        "own kernel 9, the follower's slices 9 x 64, the map 36, over 64 pixels"
    )
    found = layer_penalty((1, 1), 2, [(1, 1, 3), (1, 2, 5)], (2, 2), (1, 1), 10)
    assert np.isclose(found, 2 + 3 + 10 + 40), (
        "both followers count, and the map ten times for a batch of ten"
    )


check_layer_penalty()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_layer_penalty():
    rng = np.random.default_rng(5)
    for n, followers in [(1, 1), (4, 2), (7, 0), (125, 3)]:
        kernel, out, image = (tuple(map(int, rng.integers(1, 9, 2))) for _ in range(3))
        c_in = int(rng.integers(1, 200))
        reads = [tuple(map(int, rng.integers(1, 60, 3))) for _ in range(followers)]
        # Count by building the arrays of a network with and without the channel.
        count = np.zeros((*kernel, c_in, 1)).size + n * np.zeros((*out, 1)).size
        for height, width, outputs in reads:
            count += np.zeros((height, width, 1, outputs)).size
        found = layer_penalty(kernel, c_in, reads, out, image, n)
        assert np.isclose(found, count / (image[0] * image[1])), (
            "the numbers that vanish with the channel, over the pixels of the image"
        )
    found = layer_penalty((3, 5), 7, [(1, 1, 11)], (2, 3), (4, 8), 1)
    assert np.isclose(found, (105 + 11 + 6) / 32), (
        "height times width everywhere: nothing here is square"
    )
    more = layer_penalty((3, 5), 7, [(1, 1, 11)], (2, 3), (4, 8), 2)
    assert np.isclose(more - found, 6 / 32), "a second image costs a second map only"
    twice = layer_penalty((3, 5), 7, [(1, 1, 11)] * 2, (2, 3), (4, 8), 1)
    assert np.isclose(twice - found, 11 / 32), (
        "two followers of the same size are two: each has its own slice"
    )


decide_layer_penalty()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `ista_step` (3 points)
#
# A step of ISTA for the gates of one layer: a gradient step with the rate $\mu$, then the soft
# threshold $\mu\rho\lambda$.
#
# **The variant.** A layer must not die. If *every* gate of the layer would become 0, the one
# with the greatest size after the gradient step keeps the value that it has there (the first
# of them, if several are equally great); the others become 0.

# %% [markdown] hints="ista_step"
# 1. At which point is the gradient taken, and which point is shrunk? How far does one step
#    of size $\mu$ carry a penalty of slope $\rho\lambda$?
# 2. Move first, then shrink the *moved* values by rate times rho times lambda. Only if
#    nothing is left, look for the greatest moved size.
# 3. Call `moved` the gates less `lr` times `grad`, then apply the threshold to `moved`; if no
#    entry of the result differs from 0, put `moved[k]` back at `k = np.argmax(np.abs(moved))`.


# %% nbgrader={"grade_id": "ista_step", "solution": true}
def ista_step(gamma, grad, lr, rho, lam):
    """The gates of one layer after a step.

    Args:
        gamma: gates, shape (channels,).
        grad: gradient of the loss without the penalty, the same shape.
        lr: rate, above 0.
        rho: weight of the penalty, at least 0.
        lam: cost of a channel, at least 0.

    Returns:
        Shape (channels,).
    """
    ### BEGIN SOLUTION
    moved = gamma - lr * grad
    short = np.sign(moved) * np.maximum(np.abs(moved) - lr * rho * lam, 0)
    if not np.any(short):
        best = np.argmax(np.abs(moved))
        short[best] = moved[best]
    return short
    ### END SOLUTION


# %% nbgrader={"grade_id": "ista_step_tests", "grade": true, "points": 3, "axes": "like 1"}
def check_ista_step():
    found = ista_step(np.array([1.0, 0.05, -2.0]), np.zeros(3), 0.1, 0.5, 2.0)
    assert np.shape(found) == (3,), "a number for each gate"
    assert np.allclose(found, [0.9, 0, -1.9]), (
        "the threshold is 0.1 x 0.5 x 2 = 0.1: lr, rho and lambda all count"
    )
    found = ista_step(np.array([0.05, 1.0]), np.array([-1.0, 0.0]), 0.1, 0.5, 2.0)
    assert np.allclose(found, [0.05, 0.9]), (
        "the gradient step comes first: 0.05 + 0.1, then shrunk by 0.1"
    )
    found = ista_step(np.array([0.05, -0.08]), np.zeros(2), 0.1, 0.5, 2.0)
    assert np.allclose(found, [0, -0.08]), (
        "a layer does not die: the greatest keeps the value after the gradient step"
    )


check_ista_step()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_ista_step():
    rng = np.random.default_rng(7)
    for count, lr, rho, lam in [
        (6, 0.1, 0.5, 3.0),
        (40, 0.3, 0.2, 9.0),
        (9, 2, 1, 0.1),
    ]:
        gamma, grad = rng.normal(size=count), rng.normal(size=count)
        gamma[0] = 5.0
        found = np.asarray(ista_step(gamma, grad, lr, rho, lam))
        expected = np.zeros(count)
        for k in range(count):
            moved = gamma[k] - lr * grad[k]
            if moved > lr * rho * lam:
                expected[k] = moved - lr * rho * lam
            elif moved < -lr * rho * lam:
                expected[k] = moved + lr * rho * lam
        assert np.allclose(found, expected), (
            "a gradient step, then shorter by lr rho lambda, not past 0"
        )
    found = ista_step(np.array([0.05, 4.0]), np.array([3.0, 0.0]), 0.1, 0.5, 2.0)
    assert np.allclose(found, [-0.15, 3.9]), (
        "the sign is that of the moved gate: 0.05 - 0.3 = -0.25, shrunk to -0.15"
    )
    gamma = rng.normal(size=12)
    grad = rng.normal(size=12)
    moved = gamma - 0.1 * grad
    found = np.asarray(ista_step(gamma, grad, 0.1, 100.0, 100.0))
    best = max(range(12), key=lambda k: abs(moved[k]))
    assert np.flatnonzero(found).tolist() == [best], "one gate is left, no more"
    assert np.isclose(found[best], moved[best]), (
        "what is left keeps its moved value, not shrunk and not as it was before"
    )
    found = ista_step(np.array([0.1, -0.3]), np.array([0.0, -0.28]), 1.0, 1.0, 1.0)
    assert np.allclose(found, [0.1, 0]), (
        "the greatest after the gradient step counts, not the greatest before it"
    )
    found = ista_step(np.array([0.2, -0.2, 0.1]), np.zeros(3), 1.0, 1.0, 1.0)
    assert np.allclose(found, [0.2, 0, 0]), "of two equals the first is kept"
    found = ista_step(np.array([0.2, 3.0]), np.zeros(2), 1.0, 1.0, 1.0)
    assert np.allclose(found, [0, 2]), "where one gate is left nothing is put back"
    for gates, left in [
        ([-3.0, 0.2], [-2, 0]),  # only a negative one
        ([3.0, -3.0], [2, -2]),  # whose sum is 0
        ([0.2, 1.0001], [0, 1e-4]),  # only a small one
    ]:
        found = ista_step(np.array(gates), np.zeros(2), 1.0, 1.0, 1.0)
        assert np.allclose(found, left, rtol=0, atol=1e-9), (
            "a gate is left if any differs from 0, also a negative or a small one"
        )
    found = ista_step(np.array([0.5, -0.5]), np.zeros(2), 1.0, 0.0, 9.0)
    assert np.allclose(found, [0.5, -0.5]), "without a penalty nothing is shrunk"
    assert np.allclose(ista_step(np.zeros(3), np.zeros(3), 0.1, 0.1, 1.0), 0), (
        "gates that are all 0 and do not move stay 0"
    )


decide_ista_step()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `fold_constants` (3 points)
#
# Channels with $\gamma_k = 0$ send a constant on. Take them out of the next kernel and put what
# they sent where it belongs: it is **added to a bias**, or **taken from the moving mean**
# where batch normalisation follows. Exactly one of the two is given; the convolution does
# not pad.
#
# **The variant.** The activation is a *leaky* ReLU: $f(z) = z$ for $z > 0$ and $f(z) = s z$ for
# $z \le 0$, with a slope $0 \le s < 1$.

# %% [markdown] hints="fold_constants"
# 1. What does a channel with $\gamma_k = 0$ send on, for every image and at every place? It is
#    not always 0, even if $\beta_k < 0$.
# 2. It sends $f(\beta_k)$. Each output $j$ of the next convolution adds it up over all
#    places $a, b$ of its kernel: $S_j = \sum_k f(\beta_k) \sum_{a,b} W_{a,b,k,j}$ over the closed
#    channels.
# 3. A bias becomes `bias + S`. Batch normalisation subtracts its mean, so there it is
#    `mean - S`. The kernel keeps the slices where $\gamma \ne 0$ exactly, in their order.


# %% nbgrader={"grade_id": "fold_constants", "solution": true}
def fold_constants(W_next, gamma, beta, slope, mean=None, bias=None):
    """The next layer without the channels whose gate is 0.

    Args:
        W_next: the next kernel, shape (height, width, channels, outputs).
        gamma, beta: of the channels, shape (channels,).
        slope: of the leaky ReLU below 0.
        mean: moving mean of the next layer, shape (outputs,), or None.
        bias: bias of the next layer, shape (outputs,), or None.

    Returns:
        (kernel, vector): the smaller kernel, and the new mean or bias.
    """
    ### BEGIN SOLUTION
    closed = gamma == 0
    constants = np.where(beta > 0, beta, slope * beta)[closed]
    sums = W_next[:, :, closed].sum(axis=(0, 1))
    shift = constants @ sums
    vector = bias + shift if mean is None else mean - shift
    return W_next[:, :, ~closed], vector
    ### END SOLUTION


# %% nbgrader={"grade_id": "fold_constants_tests", "grade": true, "points": 3, "axes": [4, 1]}
def check_fold_constants():
    W = np.arange(1.0, 9.0).reshape(1, 2, 2, 2)
    kernel, vector = fold_constants(
        W, np.array([0.0, 1.0]), np.array([2.0, 7.0]), 0.1, bias=np.array([1.0, 1.0])
    )
    assert np.shape(kernel) == (1, 2, 1, 2), "the closed channel's slice is gone"
    assert np.allclose(kernel, W[:, :, 1:]), "the open channel's slice stays as it is"
    assert np.allclose(vector, [13, 17]), (
        "bias 1, plus 2 times the kernel's sums over all places: 1 + 5 and 2 + 6"
    )
    _, vector = fold_constants(
        W, np.array([0.0, 1.0]), np.array([-2.0, 7.0]), 0.1, mean=np.array([1.0, 1.0])
    )
    assert np.allclose(vector, [2.2, 2.6]), (
        "the leaky ReLU sends -0.2 on, and the mean is diminished by -0.2 x 6: 1 + 1.2"
    )


check_fold_constants()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_fold_constants():
    rng = np.random.default_rng(11)

    def convolve(images, W):
        height, width = W.shape[:2]
        rows, columns = (
            images.shape[1] - height + 1,
            images.shape[2] - width + 1,
        )
        total = np.zeros((len(images), rows, columns, W.shape[3]))
        for a in range(height):
            for b in range(width):
                part = images[:, a : a + rows, b : b + columns]
                total += part @ W[a, b]
        return total

    for channels, outputs, size, slope in [
        (5, 3, (3, 2), 0.2),
        (8, 4, (1, 1), 0.0),
        (4, 1, (2, 3), 0.01),
        (6, 7, (3, 3), 0.5),
    ]:
        gamma, beta = rng.normal(size=channels), rng.normal(size=channels)
        gamma[1:3] = 0
        gamma[0], beta[1], beta[2] = 1e-9, 1.3, -0.8
        W = rng.normal(size=(*size, channels, outputs))
        normal = rng.normal(size=(2, 6, 6, channels))
        z = gamma * normal + beta
        active = np.where(z > 0, z, slope * z)
        before = convolve(active, W)
        for name in ("mean", "bias"):
            old = rng.normal(size=outputs)
            found, new = fold_constants(W, gamma, beta, slope, **{name: old})
            found, new = np.asarray(found), np.asarray(new)
            assert found.shape == (*size, channels - 2, outputs), (
                "channels whose gate is exactly 0 go; one of 1e-9 stays"
            )
            after = convolve(active[..., gamma != 0], found)
            sign = 1 if name == "bias" else -1
            assert np.allclose(before + sign * old, after + sign * new), (
                "the network computes the same: added to a bias, taken from a mean"
            )
    open_gates = np.ones(3)
    W = rng.normal(size=(2, 2, 3, 2))
    found, new = fold_constants(W, open_gates, np.ones(3), 0.1, bias=np.ones(2))
    assert np.array_equal(found, W) and np.allclose(new, 1), (
        "where every gate is open nothing changes"
    )
    found, new = fold_constants(W, -0.0 * open_gates, np.ones(3), 0.1, mean=np.ones(2))
    assert np.shape(found) == (2, 2, 0, 2), "a negative zero is a zero"
    assert np.allclose(new, 1 - W.sum(axis=(0, 1, 2))), "all channels may be closed"


decide_fold_constants()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `rescale` (2 points)
#
# Scaling gates by $\alpha$ leaves the function of the network as it is if the layer that reads
# them makes up for it.
#
# **The variant.** Each channel has its own factor $\alpha_k > 0$ (in the lesson one number for
# all).

# %% [markdown] hints="rescale"
# 1. Which arrays must change so that the sums of the next layer stay? ReLU lets a positive
#    factor through.
# 2. The channel is $\max(\gamma_k z + \beta_k, 0)$: to multiply it by $\alpha_k$ both numbers must
#    grow. The next kernel meets the channel in its *third* axis.
# 3. $\alpha\gamma$, $\alpha\beta$, and the kernel divided by `alpha[:, None]`, which lines up with
#    its last two axes (channels, outputs).


# %% nbgrader={"grade_id": "rescale", "solution": true}
def rescale(gamma, beta, W_next, alpha):
    """The same function with other gates.

    Args:
        gamma, beta: of the channels, shape (channels,).
        W_next: the next kernel, shape (height, width, channels, outputs).
        alpha: factors, shape (channels,), above 0.

    Returns:
        (gamma, beta, W_next): the scaled arrays, of the same shapes.
    """
    ### BEGIN SOLUTION
    return alpha * gamma, alpha * beta, W_next / alpha[:, None]
    ### END SOLUTION


# %% nbgrader={"grade_id": "rescale_tests", "grade": true, "points": 2, "axes": [1, 1, 4]}
def check_rescale():
    W = np.ones((1, 1, 2, 3))
    found = rescale(
        np.array([1.0, 2.0]), np.array([3.0, -4.0]), W, np.array([0.5, 2.0])
    )
    assert len(found) == 3, "three arrays: gamma, beta and the next kernel"
    assert np.shape(found[2]) == (1, 1, 2, 3), "the kernel keeps its shape"
    assert np.allclose(found[0], [0.5, 4]), "each gate times its own factor"
    assert np.allclose(found[1], [1.5, -8]), "beta is scaled as gamma is"
    assert np.allclose(found[2][0, 0], [[2, 2, 2], [0.5, 0.5, 0.5]]), (
        "the slice of channel k is divided by its factor, for every output"
    )


check_rescale()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_rescale():
    rng = np.random.default_rng(13)
    for size, channels, outputs in [((3, 3), 4, 4), ((1, 2), 5, 3), ((2, 1), 1, 6)]:
        gamma, beta = rng.normal(size=channels), rng.normal(size=channels)
        W = rng.normal(size=(*size, channels, outputs))
        alpha = np.exp(rng.normal(size=channels))
        new = [np.asarray(v) for v in rescale(gamma, beta, W, alpha)]
        assert [v.shape for v in new] == [gamma.shape, beta.shape, W.shape], (
            "the arrays keep their shapes"
        )
        normal = rng.normal(size=(7, *size, channels))
        before = np.maximum(gamma * normal + beta, 0)
        after = np.maximum(new[0] * normal + new[1], 0)
        sums = [np.tensordot(x, w, 3) for x, w in ((before, W), (after, new[2]))]
        assert np.allclose(sums[0], sums[1]), "the next layer sees the same sums"
        assert np.allclose(new[0] / gamma, alpha), "gates are multiplied by alpha"
        back = rescale(*new, 1 / alpha)
        for old, again in zip((gamma, beta, W), back, strict=True):
            assert np.allclose(old, again), "scaling back with 1 / alpha undoes it"


decide_rescale()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what is shown? (3 points)
#
# 1. Give two reasons why the L1 norm of a filter says little about its importance: one for
#    a network without batch normalisation, one for a network with it.
# 2. A colleague adds the penalty to the loss, finds not a single gate that is exactly 0, and
#    concludes that no channel can be removed. What do you reply, and what does ISTA spare
#    you?
# 3. A table shows: all channels 0.99; pruned and fine-tuned 0.985; as many channels drawn at
#    random and fine-tuned 0.96. "So pruning finds the right channels, and that is why the
#    small network is good." Which row is missing, and what would it tell?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. Without: multiplying one layer by $\alpha$ and dividing the next one by it keeps the
#    function, so that penalties on some layers go to 0 without anything becoming less
#    important. With: $\mathrm{BN}(cW * x) = \mathrm{BN}(W * x)$, the norm of each filter is
#    free. *Half a point* for one of the two.
# 2. With a sub-gradient the gates hover around 0 within about one step $\mu\rho\lambda$; that
#    none is exactly 0 is a matter of rounding. A threshold of that size removes as many
#    channels. ISTA spares the choice of the threshold: zeros are exact and folding is exact.
# 3. The same small network from new weights, trained for the same total number of steps. If it
#    does as well, the widths or the mere size matter, not the weights that were kept.
# ### END SOLUTION
