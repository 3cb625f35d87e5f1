# %% [markdown]
# # Exercise: hidden layers on a grid
#
# Five functions to write (17 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `stimulated_learning` first.
# Time: about two and a half hours.
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
#   package `lessons.foundations.stimulated_learning` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.
# * A grid of $R$ rows and $C$ columns is read row by row: unit $i$ stands in row
#   `i // C` and column `i % C`. Places are pairs (column, row), both counted from 0.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `gaussian_target` (3 points)
#
# A target surface has its peak at the centre $\mu$ and falls off with the distance $d_i$ of
# unit $i$:
#
# $$T(i) = \frac{\exp(-d_i^2 / 2\sigma^2)}{\sum_j \exp(-d_j^2 / 2\sigma^2)}.$$
#
# **The variant.** The grid is a *torus*: column $C - 1$ touches column 0, and row $R - 1$
# touches row 0. Along each axis the distance is that of the shorter way round. So no target
# is cut by an edge.

# %% [markdown] hints="gaussian_target"
# 1. Which index runs fastest when a grid is read row by row? And how far is it from column
#    0 to column $C - 1$ on a torus?
# 2. Treat the two axes apart. With $|x - \mu_x|$ as it is and $C - |x - \mu_x|$ the other way
#    round, take the smaller one; for rows with $R$.
# 3. Add the squares of both distances, halve them over $\sigma^2$ (not $\sigma$), take the
#    exponential of the negative, and divide by the sum over all units.


# %% nbgrader={"grade_id": "gaussian_target", "solution": true}
def gaussian_target(R, C, centre, sigma):
    """Target surface on a torus.

    Args:
        R, C: rows and columns of the grid.
        centre: (column, row), two floats with 0 <= column < C and 0 <= row < R.
        sigma: spread in grid cells.

    Returns:
        Shape (R * C,), sums to 1.
    """
    ### BEGIN SOLUTION
    row, column = np.divmod(np.arange(R * C), C)
    across, down = np.abs(column - centre[0]), np.abs(row - centre[1])
    across, down = np.minimum(across, C - across), np.minimum(down, R - down)
    bump = np.exp(-(across**2 + down**2) / (2 * sigma**2))
    return bump / bump.sum()
    ### END SOLUTION


# %% nbgrader={"grade_id": "gaussian_target_tests", "grade": true, "points": 3, "axes": 1}
def check_gaussian_target():
    found = gaussian_target(2, 3, (2.0, 0.0), 0.4)
    assert np.shape(found) == (6,), "one number for each unit"
    assert np.isclose(np.sum(found), 1), "a target sums to 1"
    assert np.argmax(found) == 2, (
        "centre (2, 0): the peak is in column 2 of row 0, which is unit 2"
    )
    found = gaussian_target(1, 9, (0.0, 0.0), 3.0)
    assert np.isclose(found[3] / found[0], np.exp(-0.5)), (
        "at the distance sigma a target is exp(-1/2) of its peak"
    )
    assert np.isclose(found[8], found[1]), (
        "column 8 of 9 touches column 0: both neighbours are at distance 1"
    )


check_gaussian_target()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_gaussian_target():
    rng = np.random.default_rng(2015)
    for R, C, sigma in [
        (5, 8, 1.3),
        (7, 4, 2.0),
        (1, 6, 0.7),
        (9, 1, 3.0),
        (6, 6, 0.9),
    ]:
        centre = (rng.uniform(0, C), rng.uniform(0, R))
        found = np.asarray(gaussian_target(R, C, centre, sigma))
        assert found.shape == (R * C,), "one number for each unit"
        expected = np.zeros((R, C))
        for row in range(R):
            for column in range(C):
                least = min(
                    (column - centre[0] + i * C) ** 2 + (row - centre[1] + j * R) ** 2
                    for i in (-1, 0, 1)
                    for j in (-1, 0, 1)
                )
                expected[row, column] = np.exp(-least / (2 * sigma**2))
        expected = expected.ravel() / expected.sum()
        assert np.allclose(found, expected, rtol=1e-9, atol=1e-15), (
            "a Gaussian of the shorter way round along each axis, divided by its sum"
        )
    R, C = 6, 9
    base = np.reshape(gaussian_target(R, C, (2.0, 1.0), 1.2), (R, C))
    moved = np.reshape(gaussian_target(R, C, (7.0, 4.0), 1.2), (R, C))
    assert np.allclose(np.roll(base, (3, 5), (0, 1)), moved), (
        "on a torus a moved centre only moves the target"
    )
    fine = np.asarray(gaussian_target(40, 30, (0.0, 39.0), 2.0))
    entropy = -np.sum(fine[fine > 0] * np.log(fine[fine > 0]))
    assert np.isclose(entropy, np.log(2 * np.pi * np.e * 4), atol=1e-6), (
        "no edge cuts a target, so its entropy is that of a Gaussian of the plane"
    )


decide_gaussian_target()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `activation_surface` (3 points)
#
# $$q_i = \frac{\xi_i h_i}{\sum_j \xi_j h_j}$$
#
# where $\xi_i$ says how much the next layer listens to unit $i$.
#
# **The variant.** The next layer is a softmax. A number that is added to *all* outgoing
# weights of a unit moves all logits alike and changes no probability: such a unit is not
# listened to. So take the mean off first,
#
# $$\xi_i = \Big\|W_{i,:} - \frac{1}{K} \sum_k W_{ik}\Big\|_2 .$$
#
# An example whose $\xi_i h_i$ are all 0 gets the even surface $1/n$.

# %% [markdown] hints="activation_surface"
# 1. Over which axis must the result sum to 1, and which axis of `W_out` belongs to the
#    units of *this* layer?
# 2. A row of `W_out` holds the outgoing weights of one unit. Take its own mean off, then
#    the root of the sum of squares.
# 3. Multiply `h` by the lengths, divide each example by its own sum, and give 1/n where
#    that sum is 0; do not let 0/0 happen.


# %% nbgrader={"grade_id": "activation_surface", "solution": true}
def activation_surface(h, W_out):
    """Weighted activation surface before a softmax.

    Args:
        h: activations, at least 0, shape (batch, n).
        W_out: outgoing weights, shape (n, K).

    Returns:
        Shape (batch, n); each row sums to 1.
    """
    ### BEGIN SOLUTION
    xi = np.linalg.norm(W_out - W_out.mean(axis=1, keepdims=True), axis=1)
    values = h * xi
    total = values.sum(axis=1, keepdims=True)
    even = np.full(values.shape, 1 / values.shape[1])
    return np.divide(values, total, out=even, where=total > 0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "activation_surface_tests", "grade": true, "points": 3, "axes": 2}
def check_activation_surface():
    W_out = np.array([[3.0, -3.0], [2.0, 2.0], [1.0, -1.0]])
    h = np.array([[1.0, 1.0, 1.0], [0.5, 0.9, 0.0]])
    found = activation_surface(h, W_out)
    assert np.shape(found) == (2, 3), "a row for each example, a column for each unit"
    assert np.allclose(np.sum(found, axis=1), 1), "each example's surface sums to 1"
    assert np.allclose(found[0], [0.75, 0, 0.25]), (
        "outgoing rows (3,-3), (2,2), (1,-1): the second unit moves both logits alike "
        "and does not count; the others count 3 to 1"
    )
    assert np.allclose(found[1], [1, 0, 0]), "the activations count, too"
    with np.errstate(all="ignore"):
        found = activation_surface(np.zeros((1, 3)), W_out)
    assert np.allclose(found, 1 / 3), "an example without activation: the even surface"


check_activation_surface()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_activation_surface():
    rng = np.random.default_rng(617)
    for batch, n, K in [(4, 6, 3), (6, 1, 4), (1, 5, 5), (7, 3, 10), (5, 5, 2)]:
        h, W_out = rng.random((batch, n)), rng.normal(size=(n, K))
        found = np.asarray(activation_surface(h, W_out))
        assert found.shape == (batch, n), "the shape of h"
        for b in range(batch):
            values = [
                h[b, i] * np.sqrt(sum((w - sum(W_out[i]) / K) ** 2 for w in W_out[i]))
                for i in range(n)
            ]
            assert np.allclose(found[b], np.array(values) / sum(values)), (
                "activation times length of the outgoing weights without their mean, "
                "divided by the example's own sum"
            )
        shift = rng.normal(size=(n, 1))
        assert np.allclose(activation_surface(h, W_out + shift), found), (
            "a number added to all outgoing weights of a unit changes nothing"
        )
        a = rng.uniform(0.1, 9, n)
        assert np.allclose(activation_surface(h * a, W_out / a[:, None]), found), (
            "activations times a and outgoing weights over a: the same surface"
        )
        scale = rng.uniform(0.1, 5, (batch, 1))
        assert np.allclose(activation_surface(scale * h, 3 * W_out), found), (
            "the scale of an example's activations, or of all weights, does not matter"
        )
    tiny = np.asarray(activation_surface(1e-200 * h, W_out))
    assert np.allclose(tiny, found), "tiny activations, whose sum is not 0"
    mixed = np.array([[0.0, 0.0], [0.5, 0.5], [0.0, 0.0]])
    with np.errstate(all="ignore"):
        found = activation_surface(mixed, np.array([[2.0, 0.0], [0.0, 6.0]]))
        flat = activation_surface(mixed, np.array([[2.0, 2.0], [6.0, 6.0]]))
    assert np.allclose(found, [[0.5, 0.5], [0.25, 0.75], [0.5, 0.5]]), (
        "only the example without activation is even"
    )
    assert np.allclose(flat, 0.5), "no unit is listened to: even surfaces"


decide_activation_surface()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `kl_stimulus` (4 points)
#
# The forward regulariser and its gradient.
#
# **The variant.** You are given the inputs $a$ of the sigmoid, $h_i = s(a_i)$ with
# $s(a) = 1 / (1 + e^{-a})$, and the surface is raw, $q_i = h_i / \sum_j h_j$. Return
#
# $$R = \sum_i T_i (\log T_i - \log q_i) \qquad \text{and} \qquad
#   \frac{\partial R}{\partial a_i} = (1 - h_i)(q_i - T_i).$$
#
# Inputs may be as far out as $\pm 800$, where $e^{800}$ overflows and $h$ is 0 in float64:
# $\log q$ is finite all the same. Nor is $1 - h$ equal to 0 at $a = 40$, where $h$ rounds to
# 1: it is $e^{-40}$. Where $T_i = 0$, the term of the sum is 0.

# %% [markdown] hints="kl_stimulus"
# 1. Which of the two distributions is averaged over? And what is $\log s(a)$ for
#    $a = -800$?
# 2. $\log s(a) = -\log(1 + e^{-a})$, which NumPy computes safely as
#    `-np.logaddexp(0, -a)`. Then $\log q = \log h - \log \sum_j h_j$, with the logarithm of
#    the sum taken as `np.logaddexp.reduce` along the units.
# 3. For the value, use `scipy.special.xlogy(T, T)` for $T \log T$, and subtract
#    `T * log_q`. For the gradient, $1 - h = s(-a)$, and $q$ is the exponential of
#    $\log q$.


# %% nbgrader={"grade_id": "kl_stimulus", "solution": true}
def kl_stimulus(T, a):
    """Forward divergence of each example, and its gradient.

    Args:
        T: targets, at least 0, rows sum to 1, shape (batch, n).
        a: inputs of the sigmoid, shape (batch, n).

    Returns:
        (R, gradient): shapes (batch,) and (batch, n). The gradient of each example is
        that of its own R.
    """
    ### BEGIN SOLUTION
    log_h = -np.logaddexp(0, -a)
    log_q = log_h - np.logaddexp.reduce(log_h, axis=1, keepdims=True)
    log_T = np.log(np.where(T > 0, T, 1))
    off = np.exp(-np.logaddexp(0, a))  # 1 - h
    return np.sum(T * (log_T - log_q), axis=1), off * (np.exp(log_q) - T)
    ### END SOLUTION


# %% nbgrader={"grade_id": "kl_stimulus_tests", "grade": true, "points": 4, "axes": [1, 2]}
def check_kl_stimulus():
    T = np.array([[0.9, 0.1], [0.5, 0.5]])
    value, gradient = kl_stimulus(T, np.zeros((2, 2)))
    assert np.shape(value) == (2,), "one divergence for each example"
    assert np.shape(gradient) == (2, 2), "a slope for each unit of each example"
    assert np.allclose(value, [0.3681, 0], atol=1e-4), (
        "T = (0.9, 0.1) against q = (0.5, 0.5): 0.3681 nats; equal surfaces: 0"
    )
    assert np.allclose(gradient, [[-0.2, 0.2], [0, 0]]), (
        "(1 - h)(q - T) with h = q = 1/2: a unit below its target is pushed up"
    )
    value, _ = kl_stimulus(np.array([[0.6, 0.4]]), np.array([[np.log(3), 0.0]]))
    assert np.allclose(value, 0), (
        "a = (ln 3, 0) gives h = (3/4, 1/2), so q = (0.6, 0.4): sigmoids, no softmax"
    )
    with np.errstate(all="ignore"):
        value, _ = kl_stimulus(np.array([[1.0, 0.0]]), np.array([[-800.0, 0.0]]))
    assert np.allclose(value, 800 + np.log(0.5)), (
        "log s(-800) is -800, although s(-800) is 0; T = 0 adds nothing"
    )


check_kl_stimulus()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_kl_stimulus():
    from scipy.special import expit, rel_entr

    rng = np.random.default_rng(623)
    for batch, n in [(3, 5), (1, 8), (6, 2), (4, 4)]:
        T, a = rng.random((batch, n)), rng.normal(0, 2, (batch, n))
        T[:, 0] *= rng.random(batch) < 0.5  # some targets are 0
        T /= T.sum(axis=1, keepdims=True)
        value, gradient = map(np.asarray, kl_stimulus(T, a))
        q = expit(a) / expit(a).sum(axis=1, keepdims=True)
        assert value.shape == (batch,), "one divergence for each example"
        assert np.allclose(value, rel_entr(T, q).sum(axis=1), rtol=1e-9), (
            "the mean of log T - log q over T, in nats"
        )
        assert np.all(value >= 0), "a divergence is not negative"
        for i in range(n):
            step = np.zeros(n)
            step[i] = 1e-6
            up = np.asarray(kl_stimulus(T, a + step)[0])
            down = np.asarray(kl_stimulus(T, a - step)[0])
            assert np.allclose(gradient[:, i], (up - down) / 2e-6, atol=1e-7), (
                "the gradient agrees with differences of the value"
            )
        equal, slope = kl_stimulus(q, a)
        assert np.allclose(equal, 0, atol=1e-12), "equal surfaces: 0"
        assert np.allclose(slope, 0, atol=1e-12), "and no slope"
    with np.errstate(all="ignore"):
        a = np.array([[-800.0, -800.0, -800.0], [800.0, 800.0, -750.0]])
        T = np.array([[0.5, 0.25, 0.25], [0.0, 0.5, 0.5]])
        value, gradient = map(np.asarray, kl_stimulus(T, a))
    first = 0.5 * np.log(1.5) + 0.5 * np.log(0.75)
    second = np.log(0.5) + np.log(2) + 0.5 * 750
    assert np.allclose(value, [first, second], rtol=1e-9), (
        "inputs of -800 and 800: logarithms of sigmoids, not sigmoids' logarithms"
    )
    q = np.array([[1 / 3] * 3, [0.5, 0.5, 0.0]])
    expected = np.array([[1.0] * 3, [0.0, 0.0, 1.0]]) * (q - T)
    assert np.allclose(gradient, expected, atol=1e-12), (
        "a saturated unit has no slope, one that is off has the whole"
    )
    with np.errstate(all="ignore"):
        _, gradient = kl_stimulus(np.array([[0.0, 1.0]]), np.array([[40.0, 40.0]]))
    assert np.allclose(gradient, [[0.5 * np.exp(-40), -0.5 * np.exp(-40)]], atol=0), (
        "1 - h of a unit near 1 is small, not 0: take s(-a)"
    )


decide_kl_stimulus()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `adjacency` (3 points)
#
# $$A(h) = \sum_{(i, j)} (h_i - h_j)^2$$
#
# over pairs of neighbours: left and right, above and below.
#
# **The variant.** The grid is a *ring*: with `ring=True` the last **column** touches the
# first one; the rows have an upper and a lower end in any case. Each pair of units counts
# once, however often they touch, and no unit is its own neighbour.

# %% [markdown] hints="adjacency"
# 1. How many left-right pairs has a grid of $R \times C$, and how many does the ring add?
#    Think of one and of two columns.
# 2. As a grid, `h` has three axes: example, row, column. Take differences of slices along
#    the last two, and sum their squares apart for each example.
# 3. The ring adds the last column against the first one, if there are at least three
#    columns: with two they are neighbours already, with one they are the same.


# %% nbgrader={"grade_id": "adjacency", "solution": true}
def adjacency(h, R, C, ring):
    """Sum of squared differences between neighbours.

    Args:
        h: activations, shape (batch, R * C).
        R, C: rows and columns.
        ring: whether the last column touches the first.

    Returns:
        Shape (batch,).
    """
    ### BEGIN SOLUTION
    grid = h.reshape(-1, R, C)
    total = np.sum(np.diff(grid, axis=1) ** 2, axis=(1, 2))
    total = total + np.sum(np.diff(grid, axis=2) ** 2, axis=(1, 2))
    if ring and C > 2:
        total = total + np.sum((grid[:, :, -1] - grid[:, :, 0]) ** 2, axis=1)
    return total
    ### END SOLUTION


# %% nbgrader={"grade_id": "adjacency_tests", "grade": true, "points": 3, "axes": 1}
def check_adjacency():
    found = adjacency(np.array([[0.0, 2.0, 5.0], [1.0, 1.0, 1.0]]), 1, 3, False)
    assert np.shape(found) == (2,), "one number for each example"
    assert np.allclose(found, [4 + 9, 0]), "squares of 2 and of 3; a constant has none"
    found = adjacency(np.array([[0.0, 2.0, 5.0]]), 1, 3, True)
    assert np.allclose(found, [4 + 9 + 25]), "the ring adds the last against the first"
    found = adjacency(np.array([[0.0, 2.0, 5.0]]), 3, 1, True)
    assert np.allclose(found, [4 + 9]), "rows have two ends, ring or not"
    board = np.array([[0.0, 1.0, 1.0, 0.0]])
    assert np.allclose(adjacency(board, 2, 2, True), [4]), (
        "a 2x2 board has four pairs, each counted once: two columns are neighbours "
        "already"
    )


check_adjacency()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_adjacency():
    rng = np.random.default_rng(32)
    for batch, R, C in [
        (3, 4, 5),
        (2, 5, 3),
        (4, 1, 6),
        (2, 6, 1),
        (3, 3, 2),
        (1, 2, 7),
    ]:
        h = rng.normal(size=(batch, R * C))
        for ring in (False, True):
            pairs = set()
            for row in range(R):
                for column in range(C):
                    here = row * C + column
                    if row + 1 < R:
                        pairs.add(frozenset((here, here + C)))
                    if column + 1 < C or ring:
                        there = row * C + (column + 1) % C
                        pairs.add(frozenset((here, there)))
            expected = np.zeros(batch)
            for pair in pairs:
                if len(pair) == 2:
                    i, j = pair
                    expected += (h[:, i] - h[:, j]) ** 2
            found = np.asarray(adjacency(h, R, C, ring))
            assert found.shape == (batch,), "one number for each example"
            assert np.allclose(found, expected), (
                "the squared difference of each pair of neighbours, each pair once"
            )
            assert np.allclose(adjacency(h + 7, R, C, ring), expected), (
                "a number added to all units changes nothing"
            )
            assert np.allclose(adjacency(-2 * h, R, C, ring), 4 * expected), (
                "twice the activations: four times the sum, whatever the sign"
            )
        turned = np.roll(h.reshape(batch, R, C), 1, axis=2).reshape(batch, -1)
        assert np.allclose(adjacency(turned, R, C, True), adjacency(h, R, C, True)), (
            "a ring may be turned"
        )


decide_adjacency()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `damage` (4 points)
#
# Mute the region of each class in turn, and see which classes suffer.
#
# **The variant.** A region is the `count` units that are *nearest* to the centre of its
# class, so that all regions are equally large, in corners too; they get the gain 0, all
# others 1. Of units equally far, those that come first row by row are taken. And the damage
# is *relative*: the part of a class's right answers that are lost,
#
# $$D_{rc} = \frac{\mathrm{accuracy}_c - \mathrm{accuracy}_c^{(r\ \mathrm{muted})}}
#   {\mathrm{accuracy}_c},$$
#
# row $r$ for the muted region, column $c$ for the class; 0 for a class without right
# answers.

# %% [markdown] hints="damage"
# 1. Which units does a mask turn off if the centre lies on a unit and `count` is 1? And what
#    should $D$ be where muting changes no prediction?
# 2. Sort the units by their distance to the centre with `kind="stable"`, which leaves equal
#    ones in their order, and set the first `count` gains to 0. Call `predict` once with all
#    gains at 1, and once for each region.
# 3. For each class count the right answers before and after, among the examples whose
#    *label* it is; the number of its examples cancels. Divide the difference by the count
#    before where that is above 0. Answers that become right make $D$ negative.


# %% nbgrader={"grade_id": "damage", "solution": true}
def damage(predict, labels, R, C, centres, count):
    """Relative damage of each class by muting each class's region.

    Args:
        predict: a function of gains, shape (R * C,), that returns the predicted classes
            of all examples, integers of shape (batch,).
        labels: right classes, integers from 0 to K - 1, shape (batch,).
        R, C: rows and columns of the grid.
        centres: of the regions as (column, row), shape (K, 2).
        count: units in a region.

    Returns:
        Shape (K, K): muted region, class.
    """
    ### BEGIN SOLUTION
    K = len(centres)
    row, column = np.divmod(np.arange(R * C), C)

    def right(gains):
        hits = labels[np.asarray(predict(gains)) == labels]
        return np.bincount(hits, minlength=K)

    before = right(np.ones(R * C))
    result = np.zeros((K, K))
    for region, (x, y) in enumerate(centres):
        order = np.argsort((column - x) ** 2 + (row - y) ** 2, kind="stable")
        gains = np.ones(R * C)
        gains[order[:count]] = 0
        result[region] = (before - right(gains)) / np.maximum(before, 1)
    return np.where(before > 0, result, 0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "damage_tests", "grade": true, "points": 4, "axes": 2}
def check_damage():
    centres = np.array([[2.0, 0.0], [0.0, 1.0]])
    labels = np.array([0, 0, 1, 1])
    seen = []

    def predict(gains):
        seen.append(np.array(gains))
        # Unit 2 is needed for the first example, unit 3 for both of class 1.
        return np.array([0 if gains[2] else 1, 1, int(gains[3]), int(gains[3])])

    found = damage(predict, labels, 2, 3, centres, 1)
    assert np.shape(found) == (2, 2), "a row for each region, a column for each class"
    assert any(np.array_equal(gains, [1, 1, 0, 1, 1, 1]) for gains in seen), (
        "the nearest unit of the centre (2, 0) is unit 2: column 2 of row 0"
    )
    assert np.allclose(found[0], [1, 0]), (
        "class 0 has one right answer of two, and loses it: relative damage 1"
    )
    assert np.allclose(found[1], [0, 1]), "region 1 is unit 3, which class 1 needs"


check_damage()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_damage():
    rng = np.random.default_rng(1024)
    for R, C, K, count, batch in [
        (7, 8, 3, 16, 90),
        (4, 6, 3, 5, 60),
        (5, 3, 4, 1, 50),
        (3, 3, 2, 9, 30),
    ]:
        centres = rng.uniform(0, 1, (K, 2)) * [C - 1, R - 1]
        labels = rng.integers(0, K, batch)
        weights = rng.normal(size=(R * C, K))
        inputs = rng.random((batch, R * C))

        def predict(gains, inputs=inputs, weights=weights):
            return np.argmax((inputs * gains) @ weights, axis=1)

        found = np.asarray(damage(predict, labels, R, C, centres, count))
        assert found.shape == (K, K), "a row for each region, a column for each class"
        whole = predict(np.ones(R * C)) == labels
        for region in range(K):
            away = [
                (i % C - centres[region, 0]) ** 2 + (i // C - centres[region, 1]) ** 2
                for i in range(R * C)
            ]
            muted = sorted(range(R * C), key=lambda i, away=away: away[i])[:count]
            gains = np.array([0.0 if i in muted else 1.0 for i in range(R * C)])
            kept = predict(gains) == labels
            for c in range(K):
                own = labels == c
                before, after = whole[own].sum(), kept[own].sum()
                expected = (before - after) / before if before else 0.0
                assert np.isclose(found[region, c], expected), (
                    "the lost part of the class's own right answers, regions in rows"
                )
        same = damage(lambda gains, labels=labels: labels, labels, R, C, centres, count)
        assert np.allclose(same, 0), "muting that changes nothing does no damage"
    gains_seen = []

    def record(gains):
        gains_seen.append(np.array(gains, float))
        return np.zeros(3, int)

    found = damage(record, np.array([0, 1, 1]), 3, 3, np.full((2, 2), 1.0), 3)
    expected = [1, 0, 1, 0, 0, 1, 1, 1, 1]
    assert any(np.array_equal(gains, expected) for gains in gains_seen), (
        "of units equally far, those that come first row by row are muted"
    )
    assert any(np.array_equal(gains, np.ones(9)) for gains in gains_seen), (
        "the accuracy without a mask is that with all gains at 1"
    )
    assert np.array_equal(found, np.zeros((2, 2))), (
        "a class without right answers has damage 0"
    )

    damage(record, np.zeros(3, int), 2, 2, np.array([[1.0, 1.0]]), 1)
    assert any(np.array_equal(gains, [1, 1, 1, 0]) for gains in gains_seen), (
        "the last unit of the last row can be muted, too"
    )

    def better(gains):  # the first region hinders class 1
        return np.array([0, 0, 1 if gains[0] == 0 else 0, 1, 0])

    found = damage(
        better, np.array([0, 0, 1, 1, 1]), 1, 4, np.array([[0.0, 0], [3, 0]]), 1
    )
    assert np.allclose(found, [[0, -1], [0, 0]]), (
        "answers that become right make the damage negative"
    )

    def needs_first(gains):  # units 1 and 2 are equally far from the centre
        return np.array([0, 0 if gains[1] else 1])

    found = damage(needs_first, np.zeros(2, int), 1, 4, np.full((2, 2), [1.5, 0]), 1)
    assert np.allclose(found, [[0.5, 0], [0.5, 0]]), (
        "of two units equally far the first one is muted"
    )


decide_damage()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what do the maps show? (3 points)
#
# 1. A network is trained without any stimulus. Its hidden units are then moved on the grid,
#    together with their weights. Which of these can change: its predictions, its accuracy,
#    the class maps, the damage by muting a region? What follows for a picture of focused
#    maps in a paper?
# 2. Why can an adjacency penalty alone not make a region of the grid belong to a class? Name
#    the layer that minimises it.
# 3. Muting class 3's region costs class 3 half of its accuracy and the other classes 5
#    percent. A colleague says: "the region is needed for class 3". Which two controls would
#    you ask for, and what must they show?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "maps", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. Predictions and accuracy stay, for the function is the same; maps and damage by *region*
#    change, for another set of units stands there. Focused maps show that units were given
#    places by class; they do not show that training changed what the units do. *Half a
#    point* for the first part alone.
# 2. It is 0 for a constant layer, and as small for any smooth map, wherever its hills lie: no
#    term says which class should be where.
# 3. Masks of the same values shuffled over the units (or another region as large): they must
#    cost class 3 much less. A network trained without stimulus, as it is and with its
#    units laid out afterwards: the first must fail, and the second says how much of the
#    effect is the layout. Other good controls count: other widths of the mask, several seeds.
# ### END SOLUTION
