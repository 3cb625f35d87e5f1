# %% [markdown]
# # Exercise: squash, routing, margins and overlapping digits
#
# Four functions to write (10 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `capsules` first. Time: about
# two hours.
#
# **How it works.** Write each answer where the cell says so, then run the cell below
# it. Its tests say in words what is wrong. When you hand the notebook in, hidden tests
# are added: other shapes, extreme values, and properties that follow from the
# mathematics. A question gives all of its points or none.
#
# **The rules**
#
# * Some functions here are *variants* of those in the lesson. Each question says what is
#   different, so a formula copied from the lesson may be a wrong answer. The lesson's
#   own package `lessons.vision.capsules` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Compute in float64, and
#   do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `squash` (2 points)
#
# $v = \dfrac{|s|^2}{1 + |s|^2} \dfrac{s}{|s|}$, for the vectors along one axis of an array.
#
# **The variant.** The lesson adds a small constant inside a root. Here **nothing is
# added**: a vector of length $10^{-9}$ must be right to nine digits, and the zero vector
# gives zero, without a warning. Vectors may be as long as $10^{100}$.
#
# *Hint:* which factor cancels when you write $s / |s|$ together with $|s|^2$?

# %% [markdown] hints="squash"
# 1. The formula is $s$ times one number for each vector, and this number depends on
#    $|s|$ alone. Simplify it, and ask what is left of it when $|s| = 0$.
# 2. $\frac{|s|^2}{1 + |s|^2} \cdot \frac{1}{|s|} = \frac{|s|}{1 + |s|^2}$, with the
#    square below. Nothing is divided by $|s|$ any more, so the zero vector is no
#    special case and a short vector needs no constant.
# 3. Take the length along `axis`, which need not be the last one, and keep that axis
#    with size 1 (`keepdims`), so that the factor $|s| / (1 + |s|^2)$ multiplies all
#    components of its own vector.


# %% nbgrader={"grade_id": "squash", "solution": true}
def squash(s, axis=-1):
    """Shorten vectors to a length below 1; keep their direction.

    Args:
        s: any shape; `axis` holds the components of one vector.
        axis: which axis that is.

    Returns:
        Shape of `s`.
    """
    ### BEGIN SOLUTION
    size = np.sqrt(np.sum(s**2, axis=axis, keepdims=True))
    return s * (size / (1 + size**2))
    ### END SOLUTION


# %% nbgrader={"grade_id": "squash_tests", "grade": true, "points": 2, "axes": "like 1"}
def check_squash():
    assert np.allclose(squash(np.array([3.0, 4.0])), np.array([3, 4]) * 5 / 26), (
        "|s| = 5 must become 25/26, in the direction of s"
    )
    assert np.allclose(squash(np.array([1.0, 0.0])), [0.5, 0]), (
        "length 1 must become 1/2: the square of the length over one plus the square"
    )
    rows = squash(np.array([[3.0, 4.0], [0.0, 0.0]]))
    assert np.array_equal(rows[1], [0, 0]), "the zero vector must give zero"
    columns = squash(np.array([[3.0, 1.0], [4.0, 0.0]]), axis=0)
    assert np.allclose(columns, [[15 / 26, 0.5], [20 / 26, 0]]), (
        "axis=0: the components of one vector stand below each other"
    )


check_squash()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_squash():
    import warnings

    rng = np.random.default_rng(17)
    for shape, axis in [((5,), 0), ((4, 4), 1), ((4, 4), 0), ((3, 3, 3, 3), 1)]:
        s = rng.normal(size=shape)
        v = np.asarray(squash(s, axis=axis))
        assert v.shape == s.shape, "the shape must stay"
        vectors = np.moveaxis(s, axis, -1).reshape(-1, s.shape[axis])
        results = np.moveaxis(v, axis, -1).reshape(-1, s.shape[axis])
        for one, other in zip(vectors, results, strict=True):
            before, after = np.linalg.norm(one), np.linalg.norm(other)
            assert np.isclose(one @ other, before * after), (
                "the direction must stay, for the axis that was given"
            )
            assert np.isclose((after / (1 - after)) ** 0.5, before), (
                "the length must be |s|^2 / (1 + |s|^2), so that |s|^2 = |v| / (1 - |v|)"
            )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            zeros = squash(np.zeros((3, 2)))
        except Warning as warning:
            raise AssertionError(f"the zero vector must not warn: {warning}") from None
    assert np.array_equal(zeros, np.zeros((3, 2))), "the zero vector must give zero"
    for size, length in ((1e-9, 1e-18), (1e-3, 1e-6 / (1 + 1e-6)), (1e100, 1.0)):
        v = np.asarray(squash(np.array([0.6 * size, -0.8 * size])))
        assert np.allclose(v, [0.6 * length, -0.8 * length], rtol=1e-9, atol=0), (
            "very short and very long vectors must be exact: add no constant"
        )


decide_squash()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `route` (4 points)
#
# Routing by agreement. **The variant.** Votes come as (batch, **lower, higher**, dim),
# as the paper's indices stand, and you return the couplings **that the last iteration
# used** beside the capsules. Squash inside with
# $v = s\, |s| / (1 + |s|^2)$.
#
# With $b_{ij} = 0$ at the start, repeat `iterations` times: $c_i = \mathrm{softmax}_j(b_i)$
# over the higher capsules; $s_j = \sum_i c_{ij} \hat u_{j\mid i}$; $v_j$ squashed;
# $b_{ij} \leftarrow b_{ij} + \hat u_{j\mid i} \cdot v_j$. Logits belong to one example.
#
# Votes may be so long that $e^{b}$ overflows.

# %% [markdown] hints="route"
# 1. Logits and couplings have the shape (batch, lower, higher), a set for every
#    example. Three operations each go along another axis: which one does the softmax
#    share over, which one is summed for $s$, and along which one is a length taken?
# 2. The softmax runs over the higher capsules, the sum for $s$ over the lower ones, the
#    length along the components. In each iteration the couplings come first and the
#    update comes last; the agreement is a plain inner product, and it is *added* to the
#    old logits.
# 3. Take the greatest logit of each lower capsule out before the exponential:
#    $c_{ij} = e^{b_{ij} - M_i} / \sum_k e^{b_{ik} - M_i}$ with $M_i = \max_k b_{ik}$,
#    and limit nothing. `np.einsum` writes $\sum_i c_{ij} \hat u_{j\mid i}$ and
#    $\hat u_{j\mid i} \cdot v_j$ by their indices. Return the $c$ of the last iteration
#    as it was before the last update.


# %% nbgrader={"grade_id": "route", "solution": true}
def route(votes, iterations):
    """Routing by agreement.

    Args:
        votes: shape (batch, lower, higher, dim).
        iterations: how many, at least 1.

    Returns:
        The pair (v, c): capsules of shape (batch, higher, dim), and the couplings that
        made them, shape (batch, lower, higher).
    """
    ### BEGIN SOLUTION
    logits = np.zeros(votes.shape[:3])
    for _ in range(iterations):
        weights = np.exp(logits - logits.max(axis=2, keepdims=True))
        couplings = weights / weights.sum(axis=2, keepdims=True)
        s = np.einsum("bij,bijd->bjd", couplings, votes)
        size = np.linalg.norm(s, axis=2, keepdims=True)
        v = s * size / (1 + size**2)
        logits = logits + np.einsum("bijd,bjd->bij", votes, v)
    return v, couplings
    ### END SOLUTION


# %% nbgrader={"grade_id": "route_tests", "grade": true, "points": 4, "axes": [3, 3]}
def check_route():
    votes = np.zeros((1, 4, 2, 2))  # four parts, two wholes
    votes[0, :, 0] = (1, 0)
    votes[0, :, 1] = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    v, c = route(votes, 1)
    assert np.shape(v) == (1, 2, 2) and np.shape(c) == (1, 4, 2), (
        "return (v, c) of shapes (batch, higher, dim) and (batch, lower, higher)"
    )
    assert np.allclose(c, 0.5), (
        "the first iteration uses equal shares, which sum to 1 over the higher capsules"
    )
    assert np.allclose(np.linalg.norm(v[0], axis=1), [0.8, 0]), (
        "r = 1: four votes (1, 0) at a share of 1/2 make |s| = 2, so |v| = 0.8"
    )
    for r, share, length in ((2, 0.689974, 0.883951), (3, 0.843427, 0.919237)):
        v, c = route(votes, r)
        assert np.allclose(c[0, :, 0], share, atol=1e-5), (
            f"r = {r}: the couplings that made v are {share}, not those after it"
        )
        assert np.allclose(np.linalg.norm(v[0], axis=1), [length, 0], atol=1e-5), (
            f"r = {r}: |v_1| must be {length}"
        )


check_route()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_route():
    rng = np.random.default_rng(1710)

    def run(votes, r):
        v, c = route(votes, r)
        batch, lower, higher, dim = votes.shape
        assert np.shape(v) == (batch, higher, dim), "v has shape (batch, higher, dim)"
        assert np.shape(c) == (batch, lower, higher), "c is (batch, lower, higher)"
        return np.asarray(v), np.asarray(c)

    for shape in ((3, 3, 3, 3), (2, 5, 4, 1), (4, 7, 2, 6)):
        votes = rng.normal(size=shape)
        for r in (1, 2, 4):
            v, c = run(votes, r)
            assert np.allclose(c.sum(axis=2), 1), (
                "every lower capsule's couplings must sum to 1 over the higher ones"
            )
            s = (c[..., None] * votes).sum(axis=1)
            size = np.linalg.norm(s, axis=2, keepdims=True)
            assert np.allclose(v, s * size / (1 + size**2)), (
                "v must be what the returned couplings make of the votes"
            )
            if r > 1:
                earlier = [run(votes, k)[0] for k in range(1, r)]
                b = sum(np.einsum("nijd,njd->nij", votes, e) for e in earlier)
                ratio = np.log(c) - b
                assert np.allclose(ratio, ratio[:, :, :1]), (
                    "log c must be the sum of all agreements so far, up to a constant"
                )
        alone = np.concatenate([run(votes[[n]], 3)[0] for n in range(len(votes))])
        assert np.allclose(run(votes, 3)[0], alone), (
            "an example must give what it gives alone: logits belong to one example"
        )

    votes = rng.normal(size=(2, 6, 3, 4))
    v, c = run(votes, 3)
    turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    turned, same = run(votes @ turn, 3)
    assert np.allclose(turned, v @ turn) and np.allclose(same, c), (
        "turning all votes must turn the capsules and leave the couplings"
    )
    order = rng.permutation(6)
    assert np.allclose(run(votes[:, order], 3)[0], v), (
        "the order of the lower capsules must not matter"
    )
    assert np.array_equal(run(votes[:, :, :1], 3)[1], np.ones((2, 6, 1))), (
        "with one higher capsule every coupling is 1"
    )
    votes = 1000 * votes
    v, c = run(votes, 5)
    assert np.all(np.isfinite(v)) and np.all(np.isfinite(c)), (
        "long votes make large logits: take out their maximum before the exponential"
    )
    b = sum(np.einsum("nijd,njd->nij", votes, run(votes, k)[0]) for k in range(1, 5))
    assert np.allclose(c, np.eye(3)[b.argmax(axis=2)]), (
        "logits of some thousands give all to the best: do not limit them"
    )


decide_route()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `margin_loss` (2 points)
#
# $L = \sum_k T_k \max(0, 0.9 - |v_k|)^2 + \tfrac12 (1 - T_k) \max(0, |v_k| - 0.1)^2$,
# one number per example. Several $T_k$ may be 1.

# %% [markdown] hints="margin_loss"
# 1. Every class pays for itself: a present one for what its length lacks of 0.9, an
#    absent one for what its length exceeds 0.1 by. There may be several present ones,
#    so do not look for *the* target.
# 2. Cut off at 0 first, then square. The factor one half belongs to the absent classes,
#    and the costs of the classes are summed, not averaged.
# 3. Compute both costs for all classes as whole arrays (`np.maximum` compares
#    elementwise), multiply the one by the targets and half of the other by one minus
#    the targets, add, and sum over the axis of the classes.


# %% nbgrader={"grade_id": "margin_loss", "solution": true}
def margin_loss(lengths, targets):
    """Margin loss of each example.

    Args:
        lengths: lengths of the class capsules, shape (batch, classes).
        targets: 1 for classes present, 0 for others, shape (batch, classes).

    Returns:
        Shape (batch,).
    """
    ### BEGIN SOLUTION
    present = np.maximum(0, 0.9 - lengths) ** 2
    absent = np.maximum(0, lengths - 0.1) ** 2
    return (targets * present + 0.5 * (1 - targets) * absent).sum(axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "margin_loss_tests", "grade": true, "points": 2, "axes": 1}
def check_margin_loss():
    one = np.eye(10)[:2]
    found = np.asarray(margin_loss(np.zeros((2, 10)), one))
    assert found.shape == (2,), "sum over the classes: expected shape (batch,)"
    assert np.allclose(found, 0.81), (
        "all lengths 0 and one target: (0.9)^2 = 0.81, whole and not halved"
    )
    assert np.allclose(margin_loss(np.ones((1, 10)), one[:1]), 9 * 0.405), (
        "nine absent classes of length 1 cost half of 0.9^2 each"
    )
    easy = np.array([[0.95, 0.05]])
    assert np.allclose(margin_loss(easy, np.array([[1.0, 0.0]])), 0), (
        "beyond the margins there is nothing to pay"
    )


check_margin_loss()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_margin_loss():
    rng = np.random.default_rng(5)
    for batch, classes in ((4, 4), (1, 7), (9, 2)):
        lengths = rng.random((batch, classes))
        targets = rng.integers(0, 2, (batch, classes)).astype(float)
        found = np.asarray(margin_loss(lengths, targets))
        assert found.shape == (batch,), "the shape must be (batch,)"
        expected = []
        for row, marks in zip(lengths, targets, strict=True):
            costs = [
                max(0.0, 0.9 - v) ** 2 if t else max(0.0, v - 0.1) ** 2 / 2
                for v, t in zip(row, marks, strict=True)
            ]
            expected.append(sum(costs))
        assert np.allclose(found, expected), (
            "each class pays the square of what it lacks; absent ones half of it"
        )
    two = np.zeros((1, 10))
    two[0, [3, 5]] = 1
    assert np.allclose(margin_loss(np.zeros((1, 10)), two), 1.62), (
        "two targets that are not seen cost twice 0.81"
    )


decide_margin_loss()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `overlap` (2 points)
#
# Two images of any (equal or different) size are put on a black square canvas, each with
# its upper left corner at a given (row, column), which may be **negative** or so large
# that part of the image, or all of it, lies outside. What lies outside is lost. The
# canvas is the sum, clipped at 1.

# %% [markdown] hints="overlap"
# 1. Follow one pixel of an image: on the canvas it lands at (row + top, column + left).
#    What has to happen on each of the four sides if that place does not exist?
# 2. Python reads a negative index from the end, and a roll brings ink in again on the
#    other side, so the test has two ends: a place counts only if it is at least 0 *and*
#    below `canvas`, for rows and for columns. The ink of both images is added before it
#    is clipped.
# 3. Go through the pixels of each image and add those that land inside to a canvas of
#    zeros; or use slices: of the canvas the rows from $\max(0, \mathrm{top})$ to
#    $\min(\mathrm{canvas}, \mathrm{top} + \mathrm{height})$, of the image the same rows
#    less top, and nothing if there are none. Limit the finished sum to 1
#    (`np.minimum`).


# %% nbgrader={"grade_id": "overlap", "solution": true}
def overlap(img_a, img_b, shift_a, shift_b, canvas):
    """Lay two images over each other.

    Args:
        img_a, img_b: values in [0, 1], shapes (height, width), each its own.
        shift_a, shift_b: (row, column) of their upper left corners.
        canvas: height and width of the result.

    Returns:
        Shape (canvas, canvas), values in [0, 1].
    """
    ### BEGIN SOLUTION
    result = np.zeros((canvas, canvas))
    for image, (top, left) in ((img_a, shift_a), (img_b, shift_b)):
        for row, column in np.argwhere(image > 0):
            if 0 <= row + top < canvas and 0 <= column + left < canvas:
                result[row + top, column + left] += image[row, column]
    return np.minimum(result, 1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "overlap_tests", "grade": true, "points": 2, "axes": 2}
def check_overlap():
    ones = np.ones((2, 2))
    apart = np.asarray(overlap(ones, ones / 2, (0, 0), (2, 2), 4))
    assert apart.shape == (4, 4), (
        "the canvas is square: expected shape (canvas, canvas)"
    )
    assert np.isclose(apart.sum(), 6), "apart from each other no ink is lost"
    assert apart[0, 0] == 1 and apart[3, 3] == 0.5, "a shift is (row, column)"
    both = np.asarray(overlap(ones, ones, (1, 1), (1, 1), 4))
    assert both.max() == 1 and both.sum() == 4, "the sum is clipped at 1"
    out = np.asarray(overlap(ones, 0 * ones, (3, 3), (0, 0), 4))
    assert out[3, 3] == 1 and out.sum() == 1, (
        "what leaves the canvas is lost and does not come in again on the other side"
    )


check_overlap()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_overlap():
    rng = np.random.default_rng(36)
    for _ in range(200):
        a, b = rng.random(rng.integers(1, 7, 2)), rng.random(rng.integers(1, 7, 2))
        shifts = rng.integers(-8, 12, size=(2, 2))
        canvas = int(rng.integers(1, 10))
        found = np.asarray(overlap(a, b, *map(tuple, shifts), canvas))
        assert found.shape == (canvas, canvas), "the shape must be (canvas, canvas)"
        for row in range(canvas):
            for column in range(canvas):
                ink = 0.0
                for image, (top, left) in zip((a, b), shifts, strict=True):
                    y, x = row - top, column - left
                    if 0 <= y < image.shape[0] and 0 <= x < image.shape[1]:
                        ink += image[y, x]
                assert np.isclose(found[row, column], min(1.0, ink)), (
                    "each pixel is the clipped sum of what lies there, also when an "
                    "image is partly or wholly outside"
                )
    swapped = overlap(b, a, tuple(shifts[1]), tuple(shifts[0]), canvas)
    assert np.allclose(swapped, found), "the two images have equal rights"


decide_overlap()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: how long to route (3 points)
#
# A colleague trains a capsule network with $r = 3$ and writes: "Routing has not
# converged after three iterations, so at test time I let it run for 200. The couplings
# are then nearly 0 and 1, so the network is surer of its parse, and better."
#
# 1. Say what routing of votes without ties tends to as $r \to \infty$, and why (which function rises, and
#    what kind of function is it?).
# 2. Why do sharp couplings not prove that parts agree? Give an input on which the
#    couplings become sharp although nothing is there.
# 3. What do you expect of the accuracy at $r = 200$ of a network trained at $r = 3$, and
#    why? How would you choose $r$?
#
# Five to ten sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "iterations", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. For votes without ties, to a corner: every part gives all to one whole. Routing is
#    mirror ascent on $F(c) = \sum_j (|s_j| - \arctan|s_j|)$, which is convex in $c$ and
#    never falls; a convex function over a product of simplices has its maxima at corners.
#    (With ties it may stay elsewhere: equal votes for all wholes keep $c = 1/J$ for ever.
#    Rising and convex is a reason, not a proof, and no more is asked.) *Half a point* for
#    "logits grow without bound, so the softmax saturates" alone.
# 2. $F$ rises for any votes: random votes are sharpened, too (figure 3 of the lesson). Any
#    input with random votes, or noise, or an empty image with biases will do.
# 3. Worse or at best equal: the matrices and margins were fitted to the soft couplings of
#    $r = 3$; sharp ones change the lengths, and whole classes lose parts that helped.
#    (Measured with the lesson's network, seeds 1 and 2: 50.4 and 51.8 % of the pairs at
#    $r = 3$, 41.6 and 44.1 % at $r = 200$.)
#    $r$ is a hyperparameter of sharpness: choose it on validation data, at training.
# ### END SOLUTION
