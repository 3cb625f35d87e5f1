# %% [markdown]
# # Exercise: one number per layer
#
# Five functions to write (12 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `spectral_normalization` first.
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
#   package `lessons.adversarial.spectral_normalization` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `power_iteration` (3 points)
#
# Algorithm 1 of the paper, for a matrix of shape (outputs, inputs): $n$ rounds of
#
# $$v \leftarrow W^\top u / \|W^\top u\|, \qquad u \leftarrow W v / \|W v\|,$$
#
# and then $\sigma = u^\top W v$.
#
# **The variant.** The vector you are given need not have length 1. And the result must
# be usable in *every* case: if $W^\top u$ is exactly zero, no direction is better than
# another. Then return $\sigma = 0$, the given $u$ at length 1, and any $v$ of length 1.

# %% [markdown] hints="power_iteration"
# 1. Bring $u$ to length 1 first, in a new array; then do the two half-steps in turn,
#    each with the newest vector. $u$ has an entry for each row and $v$ one for each
#    column, which tells which half-step is transposed.
# 2. Both vectors are normalised in every round, because otherwise large matrices
#    overflow. If *all* entries of $W^\top u$ are 0 you must return before you divide;
#    after a round with $W^\top u \ne 0$ this cannot happen any more, since
#    $v^\top W^\top u = \|W v\| > 0$ for the new $u$.
# 3. $\sigma = u^\top W v$ is taken with the two vectors that you return. In the case of
#    $W^\top u = 0$ return 0, the vector given at length 1, and for instance the first
#    unit vector with an entry for each column; a small number below the lengths would
#    hide that case instead.


# %% nbgrader={"grade_id": "power_iteration", "solution": true}
def power_iteration(W, u, n):
    """Rounds of power iteration.

    Args:
        W: shape (o, i).
        u: the vector to start from, shape (o,), not zero, of any length.
        n: rounds, at least 1.

    Returns:
        (sigma, u, v): a float and vectors of shapes (o,) and (i,), of length 1.
    """
    ### BEGIN SOLUTION
    u = u / np.linalg.norm(u)
    for _ in range(n):
        v = W.T @ u
        if not v.any():
            v = np.zeros(W.shape[1])
            v[0] = 1.0
            return 0.0, u, v
        v = v / np.linalg.norm(v)
        u = W @ v
        u = u / np.linalg.norm(u)
    return float(u @ W @ v), u, v
    ### END SOLUTION


# %% nbgrader={"grade_id": "power_iteration_tests", "grade": true, "points": 3, "axes": [0, 1, 1]}
def check_power_iteration():
    W = np.array([[3.0, 4.0], [0.0, 5.0]])
    sigma, u, v = power_iteration(W, np.array([1.0, 0.0]), 1)
    u, v = np.asarray(u), np.asarray(v)
    assert u.shape == (2,) and v.shape == (2,), "u and v are vectors, one of each side"
    assert np.allclose(v, [0.6, 0.8]), (
        "v = W^T u / |W^T u| = (3, 4) / 5 after one round"
    )
    assert np.allclose(u, np.array([5.0, 4.0]) / 41**0.5), (
        "u = W v / |W v| with the new v: not W^T, and not the old v"
    )
    assert np.isclose(sigma, u @ W @ v), "sigma = u^T W v, with the vectors you return"
    sigma, _, _ = power_iteration(W, np.array([0.0, 7.0]), 60)
    assert np.isclose(sigma, 45**0.5), (
        "the singular values are the roots of 45 and 5; u may have any length"
    )
    sigma, u, v = power_iteration(np.zeros((2, 3)), np.array([0.0, 2.0]), 3)
    assert sigma == 0 and np.allclose(u, [0, 1]), (
        "a zero matrix: sigma 0, u at length 1"
    )
    assert np.isclose(np.linalg.norm(v), 1), "v must have length 1, also for W = 0"


check_power_iteration()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_power_iteration():
    rng = np.random.default_rng(180205957)
    for shape in [(4, 4), (20, 30), (30, 20), (1, 6), (6, 1)]:
        W, start = rng.normal(size=shape), 5 * rng.normal(size=shape[0])
        largest = np.linalg.norm(W, 2)
        before = 0.0
        for n in (1, 2, 3, 7, 20, 400):
            sigma, u, v = power_iteration(W, start, n)
            assert np.shape(u) == (shape[0],) and np.shape(v) == (shape[1],), (
                "u has an entry per row, v an entry per column"
            )
            assert np.isclose(np.linalg.norm(u), 1), "u must have length 1"
            assert np.isclose(np.linalg.norm(v), 1), "v must have length 1"
            assert before - 1e-9 <= sigma <= largest + 1e-9, (
                "the estimate grows with the rounds and never exceeds the largest value"
            )
            assert np.isclose(sigma, np.asarray(u) @ W @ np.asarray(v)), (
                "sigma must be that of the vectors returned"
            )
            before = sigma
        assert np.isclose(sigma, largest, rtol=1e-6), "many rounds find the largest"

    a, b = rng.normal(size=5), rng.normal(size=8)
    sigma, _, _ = power_iteration(np.outer(a, b), rng.normal(size=5), 1)
    assert np.isclose(sigma, np.linalg.norm(a) * np.linalg.norm(b)), (
        "one round is exact for a matrix of rank one"
    )
    W = 1e150 * rng.normal(size=(4, 5))
    with np.errstate(all="ignore"):
        sigma, _, _ = power_iteration(W, np.ones(4), 40)
    assert np.isclose(sigma, np.linalg.norm(W, 2), rtol=1e-2), (
        "every round must normalise, or large matrices overflow"
    )
    W = 1e-12 * rng.normal(size=(4, 5))
    sigma, u, _ = power_iteration(W, np.ones(4), 40)
    assert np.isclose(sigma, np.linalg.norm(W, 2), rtol=1e-2, atol=0), (
        "a small matrix is not zero: only where W^T u is exactly 0 is there no direction"
    )
    assert np.isclose(np.linalg.norm(u), 1), "u must have length 1, also for small W"
    for W, start in (
        ([[1.0, 2.0, 0.0], [0.0, 0.0, 0.0]], [0.0, -3.0]),
        ([[1.0, 2.0, 4.0], [-1.0, -2.0, -4.0]], [3.0, 3.0]),
    ):
        sigma, u, v = power_iteration(np.array(W), np.array(start), 2)
        assert sigma == 0 and np.allclose(u, start / np.linalg.norm(start)), (
            "u orthogonal to all columns: sigma 0 and u as it was, at length 1"
        )
        assert np.shape(v) == (3,) and np.isclose(np.linalg.norm(v), 1), (
            "v is a vector of length 1 also where W^T u is zero"
        )
    sigma, u, v = power_iteration(np.diag([3.0, 1.0]), np.array([2.0, 0.0]), 2)
    assert np.allclose([sigma, *u, *v], [3, 1, 0, 1, 0]), (
        "some zeros in W^T u are no reason to stop"
    )


decide_power_iteration()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `spectral_normalize` (3 points)
#
# Divide a Keras *kernel* by the estimate of its largest singular value, $u^T W v$ with the
# $v$ and then the $u$ of the last round, and return it in its own shape, with the new $u$. Keras keeps the outputs **last**: a dense kernel is
# (inputs, outputs), a convolution's (height, width, channels, outputs). The paper's matrix
# has the outputs **first**, so $u$ has as many entries as there are outputs.
#
# **The variant.** The kernel is only divided if the estimate is *above 1*: a layer that is
# flatter than allowed stays as it is (a cap, not an equality). The vector $u$ moves in
# either case. Here $u$ is given at length 1.

# %% [markdown] hints="spectral_normalize"
# 1. Make the paper's matrix first, with a row for each output, from a kernel whose
#    outputs are on the *last* axis. Which reshape keeps the entries of one output
#    together?
# 2. Flatten all axes but the last and transpose; a reshape with the outputs in front
#    would mix the entries up. A round takes $v$ from the old $u$ and then $u$ from the
#    new $v$, and before you normalise that $u$, its length $\|W v\|$ is the estimate
#    $u^\top W v$.
# 3. Divide the kernel, in its own shape, by the greater of the last round's estimate
#    and 1: so nothing changes below the cap. Return the *new* $u$ in either case; calls
#    of one round each get better only because it is handed on.


# %% nbgrader={"grade_id": "spectral_normalize", "solution": true}
def spectral_normalize(kernel, u, n=1):
    """Cap a kernel's largest singular value at 1, by power iteration.

    Args:
        kernel: shape (inputs, outputs) or (height, width, channels, outputs).
        u: the vector kept from the last update, shape (outputs,), of length 1.
        n: rounds, at least 1.

    Returns:
        (kernel, u): arrays of the shapes given; u of length 1.
    """
    ### BEGIN SOLUTION
    matrix = kernel.reshape(-1, kernel.shape[-1]).T
    for _ in range(n):
        v = matrix.T @ u
        v = v / np.linalg.norm(v)
        u = matrix @ v
        sigma = np.linalg.norm(u)
        u = u / sigma
    return kernel / max(sigma, 1.0), u
    ### END SOLUTION


# %% nbgrader={"grade_id": "spectral_normalize_tests", "grade": true, "points": 3, "axes": ["like 1", 1]}
def check_spectral_normalize():
    kernel = np.array([[3.0, 0.0], [4.0, 0.0]])
    found, u = map(np.asarray, spectral_normalize(kernel, np.array([1.0, 0.0])))
    assert found.shape == (2, 2) and u.shape == (2,), "kernel and u keep their shapes"
    assert np.allclose(found, [[0.6, 0], [0.8, 0]]), (
        "rank one: after one round the estimate is exactly 5"
    )
    assert np.allclose(u, [1, 0]), "u belongs to the outputs, Keras's last axis"
    flat = kernel / 10
    found, _ = spectral_normalize(flat, np.array([1.0, 0.0]))
    assert np.allclose(found, flat), "a kernel of norm 0.5 is left alone: it is a cap"
    images = np.arange(36.0).reshape(3, 3, 2, 2)
    start = np.array([0.6, 0.8])
    found, u = map(np.asarray, spectral_normalize(images, start, 50))
    assert found.shape == images.shape and u.shape == (2,), "convolutions have 4 axes"
    assert np.isclose(np.linalg.norm(found.reshape(18, 2), 2), 1), (
        "the matrix has one row for each output: reshape so that the last axis stays"
    )


check_spectral_normalize()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_spectral_normalize():
    rng = np.random.default_rng(8)

    def norm(kernel):
        return np.linalg.norm(np.reshape(kernel, (-1, np.shape(kernel)[-1])), 2)

    for shape in [(7, 5), (5, 7), (3, 3, 4, 6), (4, 4, 1, 3), (1, 1, 5, 2)]:
        kernel, u = 3 * rng.normal(size=shape), rng.normal(size=shape[-1])
        u /= np.linalg.norm(u)
        begun = u.copy()
        found, after = map(np.asarray, spectral_normalize(kernel, u))
        assert found.shape == shape and after.shape == u.shape, "wrong shapes"
        matrix = kernel.reshape(-1, shape[-1])
        expected = matrix.T @ (matrix @ u)
        assert np.allclose(after, expected / np.linalg.norm(expected)), (
            "after one round u is W W^T u, from the u that was given"
        )
        assert np.isclose(np.linalg.norm(after), 1), "u is returned at length 1"
        assert norm(found) >= 1 - 1e-9, "the estimate is never above the true norm"
        v = matrix @ u / np.linalg.norm(matrix @ u)
        assert np.allclose(found * np.linalg.norm(matrix.T @ v), kernel), (
            "divide by the estimate |W v| of this round, not by the true norm"
        )

        rounds = spectral_normalize(kernel, begun, 3)
        found, once = kernel, begun
        for _ in range(3):
            found, once = spectral_normalize(kernel, once)
        assert np.allclose(rounds[1], once) and np.allclose(rounds[0], found), (
            "n = 3: three rounds in one call do what three calls of one round do"
        )

        # as training does: one round a call, u handed on
        for _ in range(500):
            found, u = spectral_normalize(kernel, u)
        assert np.isclose(norm(found), 1, rtol=1e-4), (
            "calls of one round each must converge, because u is handed on"
        )
        assert np.allclose(found, kernel / norm(kernel), rtol=1e-4), (
            "all singular values are divided by the largest"
        )
        assert np.allclose(spectral_normalize(11 * kernel, u)[0], found, rtol=1e-4), (
            "above the cap, the scale of the kernel does not matter"
        )
        mild = spectral_normalize(1.3 * np.asarray(found), u)[0]
        assert np.allclose(mild, found, rtol=1e-4), "1.3 is above the cap, too"
        small = 0.9 * np.asarray(found)
        same, moved = spectral_normalize(small, begun)
        assert np.allclose(same, small), "below the cap nothing is divided"
        assert np.allclose(moved, after), "u moves also below the cap"
    steep = np.diag([3.0, 0.5])
    same, _ = spectral_normalize(steep, np.array([0.02, 1.0]) / np.hypot(0.02, 1.0))
    assert np.allclose(same, steep), (
        "the estimate decides, not the true norm: here it is 0.61 after one round"
    )


decide_spectral_normalize()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `sn_gradient` (3 points)
#
# A layer computes $y = \gamma\, \bar W_{SN} h$ with $\bar W_{SN} = W / \sigma(W)$.
#
# **The variant.** There is a trainable *gain* $\gamma$, and you return both gradients. The
# loss $V$ is the **sum** over the examples (the lesson has the mean); `delta` holds the
# gradients of $V$ by the outputs $y$.

# %% [markdown] hints="sn_gradient"
# 1. $W$ acts on the loss in two ways, directly and through $\sigma(W)$, whose gradient
#    is $u_1 v_1^\top$. Begin with the gradient $G$ of the loss by the whole matrix
#    $\gamma \bar W_{SN}$ that $h$ is multiplied by.
# 2. $G = \sum_n \delta_n h_n^\top$, a sum over the examples. As the matrix is $\gamma$
#    times $\bar W_{SN}$, the loss has the slope $s = \langle G, \bar W_{SN}\rangle$
#    (all entries multiplied and summed) by $\gamma$, and the gradient $\gamma G$ by
#    $\bar W_{SN}$.
# 3. Through $W / \sigma$ this becomes
#    $\partial V / \partial W = (\gamma / \sigma) \left(G - s\, u_1 v_1^\top\right)$,
#    with the same $s$ that is the gradient by the gain and $\sigma = u_1^\top W v_1$.


# %% nbgrader={"grade_id": "sn_gradient", "solution": true}
def sn_gradient(W, u1, v1, delta, h, gamma=1.0):
    """Gradients of the loss by the raw matrix and by the gain.

    Args:
        W: shape (o, i), with one largest singular value.
        u1, v1: its singular vectors of the largest value, shapes (o,) and (i,).
        delta: gradients by the outputs, shape (N, o).
        h: inputs of the layer, shape (N, i).
        gamma: the gain.

    Returns:
        (dV/dW, dV/dgamma): an array of shape (o, i) and a float.
    """
    ### BEGIN SOLUTION
    sigma = u1 @ W @ v1
    plain = delta.T @ h
    share = np.sum(plain * W) / sigma
    return gamma * (plain - share * np.outer(u1, v1)) / sigma, float(share)
    ### END SOLUTION


# %% nbgrader={"grade_id": "sn_gradient_tests", "grade": true, "points": 3, "axes": [2, 0]}
def check_sn_gradient():
    W = np.diag([2.0, 1.0])
    e = np.eye(2)
    found, gain = sn_gradient(W, e[0], e[0], e[:1], e[:1], 3.0)
    assert np.shape(found) == (2, 2), "the gradient has the shape of W"
    assert np.allclose(found, 0), (
        "W = diag(2, 1): W_SN does not change with its largest entry; "
        "the part of the gradient along u1 v1^T must go"
    )
    assert np.isclose(gain, 1.0), "y = gamma W_SN h: its slope by gamma is W_SN h"
    found, gain = sn_gradient(W, e[0], e[0], e[1:], e[1:], 3.0)
    assert np.allclose(found, [[-0.75, 0], [0, 1.5]]), (
        "lower right: gamma / sigma = 1.5; upper left: a larger sigma shrinks it, -0.75"
    )
    twice = sn_gradient(
        W, e[0], e[0], np.tile(e[1], (2, 1)), np.tile(e[1], (2, 1)), 3.0
    )
    assert np.allclose(twice[0], 2 * found), "the sum over examples, not the mean"


check_sn_gradient()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_sn_gradient():
    rng = np.random.default_rng(12)
    for N, o, i in [(5, 3, 4), (1, 4, 2), (9, 1, 3), (6, 3, 3)]:
        W, h = rng.normal(size=(o, i)), rng.normal(size=(N, i))
        target, gamma = rng.normal(size=(N, o)), float(rng.uniform(0.5, 3))

        def loss(W, gamma, h=h, target=target):
            y = gamma * h @ (W / np.linalg.norm(W, 2)).T
            return np.sum(np.sin(y) * target)

        y = gamma * h @ (W / np.linalg.norm(W, 2)).T
        delta = np.cos(y) * target
        left, _, right = np.linalg.svd(W)
        found, gain = sn_gradient(W, left[:, 0], right[0], delta, h, gamma)
        found = np.asarray(found)
        assert found.shape == (o, i), "the shape of W"
        for a in range(o):
            for b in range(i):
                step = np.zeros((o, i))
                step[a, b] = 1e-6
                slope = (loss(W + step, gamma) - loss(W - step, gamma)) / 2e-6
                assert np.isclose(found[a, b], slope, rtol=1e-4, atol=1e-6), (
                    "compare with finite differences through W / sigma(W)"
                )
        slope = (loss(W, gamma + 1e-6) - loss(W, gamma - 1e-6)) / 2e-6
        assert np.isclose(gain, slope, rtol=1e-4, atol=1e-6), (
            "the gain's gradient must be that of finite differences"
        )
        assert np.isclose(np.sum(found * W), 0, atol=1e-9), (
            "stretching W changes nothing: the gradient is orthogonal to W"
        )
        flipped = sn_gradient(W, -left[:, 0], -right[0], delta, h, gamma)[0]
        assert np.allclose(flipped, found), "the sign of the pair u1, v1 is arbitrary"


decide_sn_gradient()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `hinge_losses` (2 points)
#
# **The variant.** The margin is $m > 0$ instead of 1. The critic minimises
# $E \max(0, m - f(x)) + E \max(0, m + f(G(z)))$, the generator $-E f(G(z))$; means over
# each batch, which may have different sizes.

# %% [markdown] hints="hinge_losses"
# 1. The critic wants data above $m$ and samples below $-m$. What each single score
#    lacks is cut off at 0 before any mean is taken, and the two batches have a mean
#    each.
# 2. The critic's loss is the mean of $\max(0, m - f(x))$ over the data plus the mean of
#    $\max(0, m + f(G(z)))$ over the samples (`np.maximum` is elementwise). The
#    generator's is minus the mean score of the samples: it has neither a hinge nor a
#    margin.


# %% nbgrader={"grade_id": "hinge_losses", "solution": true}
def hinge_losses(real, fake, margin=1.0):
    """Hinge losses of critic and generator.

    Args:
        real: critic values of data, shape (n,).
        fake: critic values of samples, shape (k,).
        margin: above 0.

    Returns:
        (d, g): two floats, both to be minimised.
    """
    ### BEGIN SOLUTION
    d = np.maximum(0, margin - real).mean() + np.maximum(0, margin + fake).mean()
    return float(d), float(-fake.mean())
    ### END SOLUTION


# %% nbgrader={"grade_id": "hinge_losses_tests", "grade": true, "points": 2, "axes": [0, 0]}
def check_hinge_losses():
    d, g = hinge_losses(np.array([1.0, 2.0]), np.array([-1.0]))
    assert np.isclose(d, 0), "all margins are met: the critic has nothing to lose"
    assert np.isclose(g, 1), "the generator minimises -E f: here 1"
    d, g = hinge_losses(np.array([0.0, 1.0]), np.array([0.0, -3.0]))
    assert np.isclose(d, 1.0), (
        "0.5 of the data's and 0.5 of the samples': means, summed"
    )
    assert np.isclose(g, 1.5), "the generator's loss has no hinge"
    d, _ = hinge_losses(np.array([1.0]), np.array([-1.0]), 3.0)
    assert np.isclose(d, 4.0), "margin 3: each of the two misses it by 2"


check_hinge_losses()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_hinge_losses():
    rng = np.random.default_rng(3)
    for n, k, m in [(6, 6, 1.0), (3, 8, 0.25), (1, 2, 5.0)]:
        real, fake = 2 * rng.normal(size=n), 2 * rng.normal(size=k)
        d, g = hinge_losses(real.copy(), fake.copy(), m)
        one = sum(m - x if x < m else 0.0 for x in real) / n
        two = sum(m + x if x > -m else 0.0 for x in fake) / k
        assert np.isclose(d, one + two), "the critic's loss, by its definition"
        assert np.isclose(g, -sum(fake) / k), "the generator's loss is linear"
        assert np.isclose(hinge_losses(-fake, -real, m)[0], d), (
            "swapping data and samples with their signs changes nothing"
        )
        far = np.full(n, 100.0), np.full(k, -100.0)
        assert hinge_losses(*far, m)[0] == 0, "beyond the margins the loss is flat"
        assert np.isclose(hinge_losses(far[1], far[0], m)[0], 2 * (100 + m)), (
            "a critic that is wrong pays in proportion"
        )
    assert np.isclose(hinge_losses(np.zeros(2), np.zeros(2), 0.5)[0], 1.0), (
        "an undecided critic pays twice the margin"
    )


decide_hinge_losses()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `lipschitz_bound` (1 point)
#
# **The variant.** You get the matrices themselves, and the activations may *fall*: a slope
# range is given for each activation as (least, largest).

# %% [markdown] hints="lipschitz_bound"
# 1. In a chain the constants multiply. That of a matrix is how far it stretches a
#    vector at most, which is 1 for an identity of any size, and that of an activation
#    is how steep it is at most, upwards or downwards.
# 2. Multiply the largest singular values of all matrices (`np.linalg.norm` gives them
#    with the order 2, not by default) and, for every activation, the greater of the
#    *absolute values* of its two slopes. Without activations only the matrices are
#    left.


# %% nbgrader={"grade_id": "lipschitz_bound", "solution": true}
def lipschitz_bound(weights, slopes):
    """Bound of the Lipschitz constant of a chain of layers.

    Args:
        weights: list of matrices, each (outputs, inputs), first layer first.
        slopes: list of pairs (least, largest slope), one for each activation: one
            fewer than there are matrices.

    Returns:
        A float.
    """
    ### BEGIN SOLUTION
    norms = [np.linalg.norm(W, 2) for W in weights]
    return float(np.prod(norms) * np.prod([max(abs(a), abs(b)) for a, b in slopes]))
    ### END SOLUTION


# %% nbgrader={"grade_id": "lipschitz_bound_tests", "grade": true, "points": 1, "axes": 0}
def check_lipschitz_bound():
    weights = [np.diag([2.0, 1.0]), np.array([[3.0, 4.0]])]
    assert np.isclose(lipschitz_bound(weights, [(0.0, 1.0)]), 10.0), (
        "largest singular values 2 and 5, a ReLU between: 10"
    )
    assert np.isclose(lipschitz_bound(weights, [(-3.0, 1.0)]), 30.0), (
        "an activation that falls by 3 is as steep as one that rises by 3"
    )
    assert np.isclose(lipschitz_bound(weights[:1], []), 2.0), "one layer, no activation"


check_lipschitz_bound()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_lipschitz_bound():
    rng = np.random.default_rng(4)
    weights = [rng.normal(size=s) for s in [(5, 3), (6, 5), (4, 6), (2, 4)]]
    slopes = [(0.1, 1.0), (-2.0, 0.5), (0.0, 3.0)]
    found = lipschitz_bound([w.copy() for w in weights], slopes)
    product = 1.0
    for w in weights:
        product *= np.sqrt(np.linalg.eigvalsh(w.T @ w)[-1])
    assert np.isclose(found, 6 * product), "norms and steepest slopes, multiplied"
    scaled = [3 * w for w in weights]
    assert np.isclose(lipschitz_bound(scaled, slopes), 81 * found), (
        "four layers, each three times as steep: 81 times the bound"
    )
    identity = [np.eye(4)] * 3
    assert np.isclose(lipschitz_bound(identity, [(1.0, 1.0)] * 2), 1.0), (
        "the identity has slope 1, although its entries have a norm of 2"
    )


decide_lipschitz_bound()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: which constraint? (3 points)
#
# 1. Weight normalisation fixes $\sum_t \sigma_t^2$, spectral normalisation fixes
#    $\sigma_1$. Explain why a critic with the first uses few directions of its input, and
#    what that means for the generator.
# 2. A colleague uses a layer that divides the stored weights by $\sigma$ before every
#    forward pass, and gets other results than the paper. Say what the gradient lacks.
# 3. A residual block computes $x + F(x)$, and every matrix in $F$ is spectrally
#    normalised. Is the block 1-Lipschitz? Give the bound, and an $F$ that reaches it.
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "constraints", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. To tell data from samples, a critic wants $\|Wh\|$ large on what differs. With a fixed
#    sum of squares, every bit given to another direction is taken from the first; the best
#    for a given direction is rank one, $\sigma_1 = \sqrt{d_o}$. The critic then sees few
#    features, and a generator that matches those few is not told of the rest. With
#    $\sigma_1$ fixed, further directions cost nothing. *Half a point* without the generator.
# 2. The assignment is outside of the gradient: it is $E[\delta h^\top]$ at the normalised
#    weights, without $1/\sigma$ and without $-\lambda u_1 v_1^\top$. It pushes along
#    directions that the next projection undoes; the weights also change behind the
#    optimizer's back.
# 3. No: the bound is $1 + 1 = 2$ (the sum of the branches' bounds), reached by $F(x) = x$,
#    that is, by the identity matrix and inputs on which the ReLUs are active.
# ### END SOLUTION
