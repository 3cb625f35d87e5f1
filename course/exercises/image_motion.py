# %% [markdown]
# # Exercise: motions without labels
#
# Five functions to write (14 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `image_motion` first. Time: about
# two hours.
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
#   package `lessons.vision.image_motion` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `se2_between` (3 points)
#
# An element of SE(2) is a row $(\theta, x, y)$, radians and a translation. It takes a point $p$ to
# $R(\theta) p + (x, y)$ with $R(\theta) = \begin{pmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{pmatrix}$.
# In the lesson the motion between two poses is $g_1 \circ g_0^{-1}$, as somebody sees it who stands still.
#
# **The variant.** Somebody who sits on the moving thing sees $g_0^{-1} \circ g_1$: first $g_1$ is applied to a point, then the
# way back of $g_0$. Compute it for arrays of poses, of shape (..., 3) each, that broadcast together; the angle shall lie
# in $(-\pi, \pi]$.

# %% [markdown] hints="se2_between"
# 1. If both poses stand at the same place and have the same angle, what is the motion? If only the
#    place differs, does it matter which way the first pose looks?
# 2. Which two numbers describe the step from the first place to the second one, in the fixed axes?
#    By which angle must the axes be turned?
# 3. The angle is a difference. The translation is the difference of the places, turned *back* by the
#    first angle. For the last part, think of what `arctan2` gives for a sine and a cosine.


# %% nbgrader={"grade_id": "se2_between", "solution": true}
def se2_between(start, end):
    """The motion from one pose to another, in the axes of the first one.

    Args:
        start, end: poses (theta, x, y), shape (..., 3), which broadcast together.

    Returns:
        Shape (..., 3), angles in (-pi, pi].
    """
    ### BEGIN SOLUTION
    angle = end[..., 0] - start[..., 0]
    x, y = end[..., 1] - start[..., 1], end[..., 2] - start[..., 2]
    cos, sin = np.cos(start[..., 0]), np.sin(start[..., 0])
    angle = np.pi - np.mod(np.pi - angle, 2 * np.pi)
    return np.stack([angle, cos * x + sin * y, cos * y - sin * x], axis=-1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "se2_between_tests", "grade": true, "points": 3, "axes": null}
def check_se2_between():
    quarter = np.pi / 2
    start = np.array([quarter, 3.0, 0.0])
    found = se2_between(start, np.array([quarter, 3.0, 2.0]))
    assert np.shape(found) == (3,), "an angle and two numbers"
    assert np.allclose(found, [0, 2, 0]), (
        "a thing turned by a quarter that moves along y moves straight ahead, along its "
        "own x"
    )
    found = se2_between(start, np.array([0.0, 3.0, 0.0]))
    assert np.allclose(found, [-quarter, 0, 0]), (
        "turning on the spot: angle end - start"
    )
    found = se2_between(np.zeros(3), np.array([0.5, 1.0, 2.0]))
    assert np.allclose(found, [0.5, 1, 2]), "from the identity it is the pose itself"
    found = se2_between(np.array([3.0, 0, 0]), np.array([-3.0, 0, 0]))
    assert np.allclose(found[0], 2 * np.pi - 6), (
        "from 3 to -3 radians is a small turn: reduce the angle to (-pi, pi]"
    )
    many = se2_between(np.zeros((4, 1, 3)), np.ones((2, 3)))
    assert np.shape(many) == (4, 2, 3), "the two arrays broadcast together"


check_se2_between()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_se2_between():
    rng = np.random.default_rng(1612)

    def matrix(pose):
        (t, x, y), m = pose, np.eye(3)
        m[:2] = [[np.cos(t), -np.sin(t), x], [np.sin(t), np.cos(t), y]]
        return m

    for scale in (0.5, 3.0, 40.0):
        start, end = scale * rng.normal(size=(2, 25, 3))
        found = np.asarray(se2_between(start, end))
        for a, b, c in zip(start, end, found, strict=True):
            expected = np.linalg.inv(matrix(a)) @ matrix(b)
            assert np.allclose(matrix(c), expected), (
                "as matrices of shape (3, 3) it is inverse(start) @ end"
            )
            assert -np.pi < c[0] <= np.pi + 1e-12, "angles lie in (-pi, pi]"
        back = np.asarray(se2_between(end, start))
        for c, d in zip(found, back, strict=True):
            assert np.allclose(matrix(c) @ matrix(d), np.eye(3)), (
                "from end to start is the way back"
            )
        turned = start.copy()
        turned[:, 0] += 2 * np.pi
        assert np.allclose(se2_between(turned, end)[:, 1:], found[:, 1:]), (
            "a whole turn of the start changes nothing"
        )
    same = np.asarray(se2_between(start, start))
    assert np.allclose(same, 0), "from a pose to itself is the identity"
    half = se2_between(np.zeros(3), np.array([np.pi, 0.0, 0.0]))
    assert np.isclose(half[0], np.pi), "half a turn is pi, not -pi"
    one = rng.normal(size=3)
    rows = rng.normal(size=(5, 7, 3))
    found = np.asarray(se2_between(one, rows))
    assert found.shape == (5, 7, 3), "one start and many ends"
    assert np.allclose(found[3, 2], se2_between(one, rows[3, 2])), "row by row"


decide_se2_between()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `cosine_distances` (2 points)
#
# In the lesson $d(u, v) = 1 - \frac{u \cdot v}{|u| |v|}$ of one row with one row.
#
# **The variant.** Every row of `U` with every row of `V`, a matrix. A row of zeros has no direction: its distance to
# everything is 1. Rows may be as short as $10^{-200}$ and as long as $10^{200}$, and the result is never below 0 nor above 2,
# not even by rounding.

# %% [markdown] hints="cosine_distances"
# 1. When are two vectors the same here, whatever their length?
# 2. What is the square of 1e200? Which number can you divide a row by first, so that its square is
#    harmless and its direction stays?
# 3. Divide each row by its greatest entry without sign, then by its length; where that is zero leave
#    the row at zero. Then one product of matrices, and cut what rounding adds.


# %% nbgrader={"grade_id": "cosine_distances", "solution": true}
def cosine_distances(U, V):
    """One minus the cosine of every row of one array with every row of another.

    Args:
        U: shape (n, z).
        V: shape (m, z).

    Returns:
        Shape (n, m), from 0 to 2.
    """

    ### BEGIN SOLUTION
    def unit(X):
        most = np.abs(X).max(axis=1, keepdims=True)
        X = X / np.where(most == 0, 1, most)
        length = np.linalg.norm(X, axis=1, keepdims=True)
        return X / np.where(length == 0, 1, length)

    return np.clip(1 - unit(U) @ unit(V).T, 0, 2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "cosine_distances_tests", "grade": true, "points": 2, "axes": 2}
def check_cosine_distances():
    U = np.array([[2.0, 0.0], [0.0, 3.0]])
    V = np.array([[1.0, 0.0], [-4.0, 0.0], [1.0, 1.0]])
    found = cosine_distances(U, V)
    assert np.shape(found) == (2, 3), "one number for each row of U with each of V"
    half = 1 - np.sqrt(0.5)
    assert np.allclose(found, [[0, 2, half], [1, 1, half]]), (
        "the same direction 0, at right angles 1, opposite 2"
    )
    found = cosine_distances(np.zeros((1, 2)), V)
    assert np.allclose(found, 1), "a row of zeros is at distance 1 from everything"


check_cosine_distances()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_cosine_distances():
    from scipy.spatial.distance import cdist

    rng = np.random.default_rng(3)
    for n, m, z in [(4, 6, 3), (1, 5, 8), (7, 1, 2), (5, 5, 1), (30, 20, 64)]:
        U, V = rng.normal(size=(n, z)), rng.normal(size=(m, z)) + 0.3
        found = np.asarray(cosine_distances(U, V))
        assert np.allclose(found, cdist(U, V, "cosine")), (
            "row i of U with row j of V, along the last axis"
        )
        lengths = np.exp(rng.normal(size=(n, 1)))
        assert np.allclose(cosine_distances(lengths * U, V), found), (
            "the lengths of the rows do not count"
        )
        assert np.allclose(cosine_distances(V, U), found.T), "U and V may change places"
        own = np.asarray(cosine_distances(U, U))
        assert own.min() >= 0 and np.allclose(np.diag(own), 0), (
            "a row is at distance 0 from itself, and never below"
        )
        assert np.asarray(cosine_distances(U, -U)).max() <= 2, "never above 2"
    for scale in (1e-200, 1e200):
        found = cosine_distances(scale * U, V)
        assert np.allclose(found, cdist(U, V, "cosine")), (
            "very short and very long rows have a direction, too"
        )
        assert np.allclose(cosine_distances(V, scale * U), found.T), (
            "very short and very long rows of V as well"
        )
    axes = np.diag([1e-200, -3.0, 1e200])
    assert np.allclose(cosine_distances(axes, axes), 1 - np.eye(3)), (
        "rows along the axes: zeros are entries like others"
    )
    some = np.array([[0.0, 2.0, 1.0], [4.0, 0.0, 0.0]])
    expected = 1 - np.array([[0, -2, 1], [np.sqrt(5), 0, 0]]) / np.sqrt(5)
    assert np.allclose(cosine_distances(some, axes), expected), (
        "rows with zeros in them, and lengths that do not count"
    )
    U[0] = 0
    found = np.asarray(cosine_distances(U, V))
    assert np.allclose(found[0], 1), "a row of zeros: 1"
    assert np.allclose(cosine_distances(V, U)[:, 0], 1), "a row of zeros in V: 1"
    assert np.allclose(cosine_distances(U[:1], U[:2]), 1), (
        "a row of zeros has the distance 1 from everything, from itself as well"
    )


decide_cosine_distances()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `pair_cost` (2 points)
#
# In the lesson a positive pair costs its distance $d$, a negative one $\max(0, m - d)$.
#
# **The variant.** Distances of pairs of both kinds stand in one array, and a second array says which are positive. The cost is the
# mean over the positive pairs plus the mean over the negative ones. A kind of which there is no pair costs nothing.

# %% [markdown] hints="pair_cost"
# 1. When is a negative pair good enough? On which side of the margin is it silent?
# 2. Ten positive pairs and one negative one: which of the two means is that of one number?
# 3. Choose the distances of each kind by the array of truth values, take the mean of each if it has
#    any entries, and add the two.


# %% nbgrader={"grade_id": "pair_cost", "solution": true}
def pair_cost(distances, positive, margin):
    """Mean cost of positive pairs plus mean cost of negative pairs.

    Args:
        distances: at least 0, shape (n,).
        positive: whether each pair is positive, booleans, shape (n,).
        margin: that negative pairs shall have, above 0.

    Returns:
        A float.
    """
    ### BEGIN SOLUTION
    same = distances[positive]
    other = np.maximum(0, margin - distances[~positive])
    return float(sum(part.mean() for part in (same, other) if part.size))
    ### END SOLUTION


# %% nbgrader={"grade_id": "pair_cost_tests", "grade": true, "points": 2, "axes": 0}
def check_pair_cost():
    yes, no = np.array([True]), np.array([False])
    assert np.isclose(pair_cost(np.array([0.3]), yes, 0.5), 0.3), (
        "a positive pair costs its distance, whatever the margin"
    )
    assert np.isclose(pair_cost(np.array([0.3]), no, 0.5), 0.2), (
        "a negative pair costs what it lacks of the margin"
    )
    assert np.isclose(pair_cost(np.array([1.7]), no, 0.5), 0), (
        "beyond the margin a negative pair costs nothing"
    )
    both = pair_cost(np.array([0.2, 0.4, 0.1]), np.array([True, True, False]), 0.5)
    assert np.isclose(both, 0.7), "the mean of 0.2 and 0.4, plus 0.4"


check_pair_cost()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_pair_cost():
    rng = np.random.default_rng(5)
    for n, share, margin in [
        (12, 0.5, 0.5),
        (30, 0.2, 1.5),
        (9, 0.8, 0.2),
        (50, 0.5, 2.0),
        (6, 0.0, 0.7),
        (6, 1.0, 0.7),
    ]:
        distances = rng.uniform(0, 2, size=n)
        positive = rng.random(n) < share
        same, other = [], []
        for d, p in zip(distances, positive, strict=True):
            (same if p else other).append(d if p else max(0.0, margin - d))
        expected = sum(sum(x) / len(x) for x in (same, other) if x)
        found = pair_cost(distances, positive, margin)
        assert np.isclose(found, expected), (
            "a mean for each kind, the hinge only for negative pairs, with the margin "
            "that is given"
        )
        order = rng.permutation(n)
        assert np.isclose(pair_cost(distances[order], positive[order], margin), found)
        twice = pair_cost(np.tile(distances, 2), np.tile(positive, 2), margin)
        assert np.isclose(twice, found), "every pair twice: the same means"
    assert pair_cost(np.array([0.5, 2.0]), np.array([False, False]), 0.5) == 0, (
        "at the margin and beyond: nothing"
    )
    assert pair_cost(np.zeros(0), np.zeros(0, bool), 0.5) == 0, "no pairs, no cost"


decide_pair_cost()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `six_paths` (3 points)
#
# In the lesson each of the six sub-sequences has one middle frame.
#
# **The variant.** A way may have several middle frames: `first_way` and `second_way` are tuples of frames that lie, in this order,
# between `start` and `end`. The paths are
#
# * `"F1"`, `"F2"`: from start to end, by the first and by the second way;
# * `"B1"`, `"B2"`: the same backward;
# * `"E1"`: from start along the first way and back to start, without going on to end; its last middle frame occurs once;
# * `"E2"`: from end *backward* along the second way, and forward again to end; the frame where it turns occurs once.

# %% [markdown] hints="six_paths"
# 1. Which two paths share start and goal? What is the way back of a path?
# 2. Somebody walks from home over places 1, 2, 3 and returns by the same way. How often are they at 3,
#    how often at 2? At which of the middle frames of the second way does E2 turn?
# 3. A tuple without its last entry, turned round, is what is walked on the way home. For E2, start from
#    the second way turned round.


# %% nbgrader={"grade_id": "six_paths", "solution": true}
def six_paths(first_way, second_way, start, end):
    """Frames of the six paths of a clip.

    Args:
        first_way, second_way: tuples of frames, at least one each.
        start, end: the first and the last frame.

    Returns:
        Dictionary from "F1", "F2", "B1", "B2", "E1", "E2" to tuples of frames.
    """
    ### BEGIN SOLUTION
    forward = (start, *first_way, end), (start, *second_way, end)
    out, home = (start, *first_way), (end, *second_way[::-1])
    return {
        "F1": forward[0],
        "F2": forward[1],
        "B1": forward[0][::-1],
        "B2": forward[1][::-1],
        "E1": out + out[-2::-1],
        "E2": home + home[-2::-1],
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "six_paths_tests", "grade": true, "points": 3, "axes": null}
def check_six_paths():
    found = six_paths((1,), (2,), 0, 3)
    assert set(found) == {"F1", "F2", "B1", "B2", "E1", "E2"}, "six paths by name"
    found = {name: tuple(path) for name, path in found.items()}
    assert found["F1"] == (0, 1, 3) and found["F2"] == (0, 2, 3), "two ways forward"
    assert found["B1"] == (3, 1, 0) and found["B2"] == (3, 2, 0), (
        "B1 is F1 backward, B2 is F2 backward"
    )
    assert found["E1"] == (0, 1, 0), "E1 goes to frame 1 and comes back"
    assert found["E2"] == (3, 2, 3), "E2 begins and ends at the last frame"
    found = six_paths((1, 2), (3, 4), 0, 5)
    assert tuple(found["E1"]) == (0, 1, 2, 1, 0), "there and back: it turns at frame 2"
    assert tuple(found["E2"]) == (5, 4, 3, 4, 5), (
        "from the end the second way is walked from its last frame to its first"
    )


check_six_paths()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_six_paths():
    for first, second, start, end in [
        ((1, 3), (2,), 0, 4),
        ((7,), (5, 6, 8), 4, 9),
        ((10, 20, 30), (15, 25), 5, 40),
        ((2,), (2,), 1, 3),
        ((3, 2), (1, 5, 4, 6), 0, 7),
    ]:
        found = {n: tuple(p) for n, p in six_paths(first, second, start, end).items()}
        assert len(found) == 6, "six paths"
        for name, way in (("1", first), ("2", second)):
            assert found["F" + name] == (start,) + way + (end,), (
                "forward: start, the way, end"
            )
            assert found["B" + name] == found["F" + name][::-1], "backward: reversed"
            still = found["E" + name]
            assert still == still[::-1], "who returns by the same way: a palindrome"
            assert len(still) == 2 * len(way) + 1, "it turns once"
            home = start if name == "1" else end
            assert still[0] == still[-1] == home, (
                "E1 begins and ends at start, E2 at end"
            )
            steps = way if name == "1" else way[::-1]
            assert still[1 : len(way) + 1] == steps, (
                "E1 walks the first way, E2 the second way from its other end"
            )
    found = six_paths((-1,), (-2,), 0, -3)
    assert tuple(found["B1"]) == (-3, -1, 0), (
        "frames are only names: nothing is counted"
    )


decide_six_paths()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `group_loss` (4 points)
#
# Embeddings of the six sub-sequences of each clip stand in the order F1, F2, B1, B2, E1, E2, with the cosine distance
# $d = 1 - \frac{u \cdot v}{|u||v|}$. In the lesson the identity of a clip is compared with that of its two neighbours in the batch.
#
# **The variant.** It is compared with *every other clip*. With $n$ clips the cost of clip $i$ is
#
# $$\tfrac14 \Big[ d(F1, F2) + d(B1, B2) + d(E1, E2) + \tfrac{1}{n - 1} \sum_{j \neq i} d(E1_i, E2_j) \Big] +
#   \tfrac1{12} \sum_{12\ \mathrm{pairs}} \max(0, m - d),$$
#
# where the twelve negative pairs are those of F with B, of F with E and of B with E. The result is the mean over clips.
# A single clip has no other one: then the first bracket is $\frac13 [d(F1, F2) + d(B1, B2) + d(E1, E2)]$.

# %% [markdown] hints="group_loss"
# 1. How many of the fifteen pairs of a clip are positive? Which agreement holds between different clips?
# 2. A matrix of all distances of the rows of one clip holds every pair twice. Where in it are F with B,
#    F with E, B with E? And in the matrix of all E1 with all E2, what stands on the diagonal?
# 3. Normalise once. Three blocks of two by two entries in each clip are the negative pairs. For the
#    other clips, take the sum of a row of the second matrix without its diagonal entry.


# %% nbgrader={"grade_id": "group_loss", "solution": true}
def group_loss(embeddings, margin):
    """Mean loss of clips, identities compared between all of them.

    Args:
        embeddings: shape (n, 6, z), no vector is zero.
        margin: of the negative pairs.

    Returns:
        A float.
    """
    ### BEGIN SOLUTION
    units = embeddings / np.linalg.norm(embeddings, axis=-1, keepdims=True)
    d = 1 - units @ np.swapaxes(units, 1, 2)  # (n, 6, 6)
    positive = [d[:, 0, 1], d[:, 2, 3], d[:, 4, 5]]
    count = len(d)
    if count > 1:
        across = 1 - units[:, 4] @ units[:, 5].T  # (n, n)
        positive.append((across.sum(axis=1) - np.diag(across)) / (count - 1))
    blocks = [d[:, :2, 2:4], d[:, :2, 4:], d[:, 2:4, 4:]]
    hinges = np.maximum(0, margin - np.stack(blocks, axis=1))  # (n, 3, 2, 2)
    return float(np.mean(positive) + hinges.mean())
    ### END SOLUTION


# %% nbgrader={"grade_id": "group_loss_tests", "grade": true, "points": 4, "axes": 0}
def check_group_loss():
    F, B, E = np.eye(3)
    good = np.array([[F, F, B, B, E, E]])
    assert np.isclose(group_loss(good, 0.5), 0), (
        "three directions at right angles: pairs agree, and 1 is more than the margin"
    )
    assert np.isclose(group_loss(np.repeat(good, 3, axis=0), 0.5), 0), (
        "three clips with the same identity: still nothing"
    )
    alike = np.ones((1, 6, 4))
    assert np.isclose(group_loss(alike, 0.5), 0.5), (
        "all vectors alike: positive pairs cost 0, each of the twelve others 0.5"
    )
    other = np.array([[E, E, B, B, F, F]])
    two = np.concatenate([good, other])
    assert np.isclose(group_loss(two, 0.5), 0.25), (
        "two clips whose identities are at right angles: of four positive costs three "
        "are 0 and the one between clips is 1"
    )


check_group_loss()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_group_loss():
    rng = np.random.default_rng(11)

    def far(u, v):
        return 1 - float(u @ v) / (np.linalg.norm(u) * np.linalg.norm(v))

    negative = [(a, b) for a in (0, 1) for b in (2, 3, 4, 5)]
    negative += [(a, b) for a in (2, 3) for b in (4, 5)]
    for n, z, margin in [
        (1, 3, 0.5),
        (2, 4, 0.5),
        (5, 2, 1.2),
        (7, 8, 0.9),
        (3, 6, 2.0),
    ]:
        R = rng.normal(size=(n, 6, z)) + 0.4
        total = 0.0
        for i in range(n):
            same = [far(R[i, a], R[i, a + 1]) for a in (0, 2, 4)]
            others = [far(R[i, 4], R[j, 5]) for j in range(n) if j != i]
            if others:
                same.append(sum(others) / len(others))
            costs = [max(0.0, margin - far(R[i, a], R[i, b])) for a, b in negative]
            total += sum(same) / len(same) + sum(costs) / 12
        found = group_loss(R, margin)
        assert np.isclose(found, total / n), (
            "positive pairs and identities of all other clips, twelve hinges, means"
        )
        order = rng.permutation(n)
        assert np.isclose(group_loss(R[order], margin), found), (
            "the order of the clips does not count"
        )
        assert np.isclose(group_loss(R[:, [2, 3, 0, 1, 4, 5]], margin), found), (
            "forward and backward may change places"
        )
        assert np.isclose(group_loss(7 * R, margin), found), "lengths do not count"
    F, B, E = np.eye(3)
    stays = np.array([[F, F, -F, -F, F, F]])
    assert np.isclose(group_loss(stays, 0.5), 2 / 12), (
        "forward and still are negative pairs, too: four of twelve cost 0.5"
    )
    opposite = np.array([[F, F, -F, -F, B, B]])
    assert np.isclose(group_loss(opposite, 0.5), 0), (
        "a negative pair far beyond the margin costs nothing"
    )


decide_group_loss()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what does a small loss show? (3 points)
#
# A network is trained on clips with this loss, and reaches 0.02.
#
# 1. Describe a code with three values that reaches exactly 0 and from which the length of a motion cannot be read.
# 2. Let $\varphi$ be any number that can be computed from one image, such as how much light is in its right half. Show that the
#    code "sign of $\varphi$(last image) − $\varphi$(first image), and a third value if the two are one image" fulfils all
#    demands of the loss. What does that say about clips in which $\varphi$ has nothing to do with the motion?
# 3. Somebody reports that a ridge regression from the code to the motion has an $R^2$ of 0.9, and concludes that composing motions taught
#    the network what motion is. Name two controls that you would ask for, and say which result of each would spoil the conclusion.
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. $(1, 0)$ for motions whose sign (of dx, then of dy, then of the angle) is positive, $(-1, 0)$ for the others, $(0, 1)$ for
#    the identity. Positive pairs have the same code, negative ones are at right angles or opposite. Lengths are gone.
# 2. F1 and F2 share both end images, so the sign is the same; B has the ends exchanged, so the sign is turned over; E has one image at both
#    ends. The loss is 0 whatever $\varphi$ is (unless it is equal for both ends), so it cannot force the code to tell the motion.
# 3. For example: the same network trained with middle frames of other clips (if it has 0.9, nothing was composed); a regression from the raw
#    pixels of the first and the last image, or the centre of light (if that has 0.9, no network was needed); an untrained network with the same
#    read-out; clips whose images tell nothing about the motion, such as windows of photographs.
# ### END SOLUTION
