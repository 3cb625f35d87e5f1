# %% [markdown]
# # Exercise: masks that follow their objects
#
# Five functions to write (13 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `mask_rnn` first. Time: about
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
#   package `lessons.vision.mask_rnn` cannot be imported.
# * Arrays come in and go out as NumPy arrays, numbers as float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `warp` (3 points)
#
# In the lesson a mask is pulled along the backward flow, $m(p) = b(p + \phi(p))$, linearly between pixels, and is 0 outside of the image.
#
# **The variant.** Several masks are warped by one flow, and the masks have the value `outside` beyond the image, also next to it: half a pixel
# beyond the border the result is half way from the border's pixel to `outside`. Where a component of the flow is not finite, the result is `outside`.
# Flow may be as long as $10^{300}$. Vectors are $(dx, dy)$, x to the right (columns) and y down (rows).

# %% [markdown] hints="warp"
# 1. Which pixel of the *old* mask ends at p? What is its value between four pixels, and beyond the border?
# 2. Which whole numbers lie around -0.5? What does `int` say, what `floor`? How can an image be made to have the value `outside` around it?
# 3. Put a frame of `outside` around the masks. For each p look at (row + dy, column + dx), cut at that frame, and weigh the four neighbours with
#    $f$ and $1 - f$ along each axis, where $f$ is what `floor` leaves.


# %% nbgrader={"grade_id": "warp", "solution": true}
def warp(masks, flow, outside):
    """Masks of the frame before, pulled along the flow to it.

    Args:
        masks: shape (N, height, width).
        flow: (dx, dy) of each pixel, shape (height, width, 2).
        outside: value of the masks beyond the image, a number.

    Returns:
        Shape (N, height, width).
    """
    ### BEGIN SOLUTION
    height, width = masks.shape[1:]
    wide = np.pad(masks, [(0, 0), (1, 1), (1, 1)], constant_values=outside)
    known = np.isfinite(flow).all(axis=-1)
    flow = np.where(known[..., None], flow, 0.0)
    rows, columns = np.mgrid[:height, :width]
    y = np.clip(rows + flow[..., 1] + 1, 0, height + 1)
    x = np.clip(columns + flow[..., 0] + 1, 0, width + 1)
    top = np.minimum(np.floor(y).astype(int), height)
    left = np.minimum(np.floor(x).astype(int), width)
    down, right = y - top, x - left
    upper = (1 - right) * wide[:, top, left] + right * wide[:, top, left + 1]
    lower = (1 - right) * wide[:, top + 1, left] + right * wide[:, top + 1, left + 1]
    return np.where(known, (1 - down) * upper + down * lower, outside)
    ### END SOLUTION


# %% nbgrader={"grade_id": "warp_tests", "grade": true, "points": 3, "axes": 3}
def check_warp():
    mask = np.zeros((1, 2, 4))
    mask[0, 0, 1] = 1
    still = np.zeros((2, 4, 2))
    found = warp(mask, still, 0.0)
    assert np.shape(found) == (1, 2, 4), "one result for each mask"
    assert np.allclose(found, mask), "no flow: nothing changes"
    right = still + [1.0, 0.0]
    assert np.allclose(warp(mask, right, 0.0)[0, 0], [1, 0, 0, 0]), (
        "with a flow of one pixel to the right, a pixel takes the value of its right "
        "neighbour in the old mask"
    )
    down = still + [0.0, -1.0]
    assert np.allclose(warp(mask, down, 0.0)[0, 1], [0, 1, 0, 0]), (
        "the second number of the flow is along the rows"
    )
    found = warp(mask, still + [0.25, 0.0], 0.0)
    assert np.allclose(found[0, 0], [0.25, 0.75, 0, 0]), "between pixels it is linear"
    found = warp(mask, still + [-0.5, 0.0], 0.4)
    assert np.allclose(found[0, :, 0], 0.2), (
        "half a pixel beyond the border is half of `outside`"
    )
    lost = still.copy()
    lost[1, 2, 0] = np.nan
    found = warp(mask, lost, 0.4)
    assert np.isclose(found[0, 1, 2], 0.4), "unknown flow gives `outside`"
    assert np.isclose(found[0, 0, 1], 1), "other pixels stay as they were"


check_warp()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_warp():
    import math

    rng = np.random.default_rng(1803)

    def one(mask, x, y, outside):
        if not (math.isfinite(x) and math.isfinite(y)):
            return outside
        height, width = mask.shape
        x, y = min(max(x, -3), width + 3), min(max(y, -3), height + 3)
        total = 0.0
        for row in (math.floor(y), math.floor(y) + 1):
            for column in (math.floor(x), math.floor(x) + 1):
                inside = 0 <= row < height and 0 <= column < width
                value = mask[row, column] if inside else outside
                total += (1 - abs(x - column)) * (1 - abs(y - row)) * value
        return total

    for count, height, width, size, outside in [
        (1, 5, 9, 1.0, 0.0),
        (3, 6, 4, 3.0, 0.3),
        (2, 1, 7, 2.0, -1.5),
        (2, 8, 1, 2.0, 2.0),
        (1, 1, 1, 0.7, 0.5),
        (4, 7, 3, 20.0, 1.0),
    ]:
        masks = rng.random((count, height, width))
        flow = rng.normal(0, size, (height, width, 2))
        wild = rng.choice([np.nan, np.inf, -np.inf, 1e300, -1e300], flow.shape)
        for vectors in (
            flow,
            np.round(flow),
            np.round(2 * flow) / 2,
            np.where(rng.random(flow.shape) < 0.3, wild, flow),
        ):
            with np.errstate(all="ignore"):
                found = np.asarray(warp(masks, vectors, outside))
            assert found.shape == masks.shape, "one result for each mask"
            for n in range(count):
                for r in range(height):
                    for c in range(width):
                        dx, dy = vectors[r, c]
                        expected = one(masks[n], c + dx, r + dy, outside)
                        assert np.isclose(found[n, r, c], expected), (
                            "a pixel takes what the old mask has at p + flow, linear "
                            "between pixels, `outside` beyond the border and where "
                            "flow is unknown"
                        )
    flow = np.zeros((2, 3, 2))
    flow[0, 0] = [1.0, np.nan]
    flow[1, 2] = [np.inf, 0.0]
    found = np.asarray(warp(np.ones((1, 2, 3)), flow, 0.25))
    expected = np.ones((1, 2, 3))
    expected[0, 0, 0] = expected[0, 1, 2] = 0.25
    assert np.allclose(found, expected), "either component may be unknown"


decide_warp()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `clip_to_box` (2 points)
#
# In the lesson a box is its centre and its sides, in coordinates in which the middle of the first pixel is 0.
#
# **The variant.** A box is given by its *edges*, (left, top, right, bottom), in coordinates in which the pixel in row r and column c covers the square from
# c to c + 1 and from r to r + 1; its middle is at c + 1/2 and r + 1/2. Enlarge the box around its centre so that each side becomes `factor` times as long, and set
# the mask to 0 at all pixels whose *middle* does not lie in the enlarged box (its border counts as inside). The box may leave the image.

# %% [markdown] hints="clip_to_box"
# 1. Which point of a box stays where it is when the box is enlarged? Sides or area?
# 2. How far is an edge from the centre, before and after? Where is the middle of the pixel in row 0?
# 3. Half a side times the factor, on both sides of the centre; then compare c + 1/2 and r + 1/2 with the new edges. Do not cut the box at the image first.


# %% nbgrader={"grade_id": "clip_to_box", "solution": true}
def clip_to_box(mask, box, factor):
    """A mask that is zero outside of an enlarged box.

    Args:
        mask: shape (height, width).
        box: (left, top, right, bottom), array of four numbers.
        factor: of the sides, a number above 0.

    Returns:
        Shape (height, width).
    """
    ### BEGIN SOLUTION
    left, top, right, bottom = box
    height, width = mask.shape
    x, y = np.arange(width) + 0.5, np.arange(height) + 0.5
    columns = np.abs(x - (left + right) / 2) <= factor * (right - left) / 2
    rows = np.abs(y - (top + bottom) / 2) <= factor * (bottom - top) / 2
    return mask * (rows[:, None] & columns)
    ### END SOLUTION


# %% nbgrader={"grade_id": "clip_to_box_tests", "grade": true, "points": 2, "axes": 2}
def check_clip_to_box():
    mask = np.full((5, 9), 0.5)
    found = clip_to_box(mask, np.array([2.0, 1.0, 4.0, 2.0]), 1.0)
    expected = np.zeros((5, 9))
    expected[1, 2:4] = 0.5
    assert np.shape(found) == (5, 9), "as large as the mask"
    assert np.allclose(found, expected), (
        "left and right are columns, top and bottom rows; two pixels lie in this box"
    )
    found = clip_to_box(mask, np.array([2.0, 1.0, 6.0, 3.0]), 2.0)
    assert np.array_equal(np.flatnonzero(found.any(axis=0)), np.arange(8)), (
        "columns 2 to 6, each side twice as long: from 0 to 8"
    )
    assert np.array_equal(np.flatnonzero(found.any(axis=1)), np.arange(4)), (
        "rows 1 to 3 become 0 to 4"
    )
    found = clip_to_box(mask, np.array([-4.0, 0.0, 2.0, 5.0]), 2.0)
    assert np.array_equal(np.flatnonzero(found.any(axis=0)), np.arange(5)), (
        "a box that leaves the image keeps its centre, here at column -1"
    )


check_clip_to_box()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_clip_to_box():
    rng = np.random.default_rng(125)
    for height, width in [(5, 9), (9, 5), (1, 6), (6, 1), (12, 12)]:
        for factor in (1.0, 1.25, 0.5, 2.0, 1.7):
            mask = rng.uniform(0.1, 1, (height, width))
            low = rng.uniform(-3, 8, 2)
            high = low + rng.uniform(0.5, 9, 2)
            for box in (np.concatenate([low, high]), np.round([*low, *high])):
                found = np.asarray(clip_to_box(mask, box, factor))
                assert found.shape == mask.shape, "as large as the mask"
                for r in range(height):
                    for c in range(width):
                        far = [
                            abs(place + 0.5 - (box[i] + box[i + 2]) / 2)
                            - factor * (box[i + 2] - box[i]) / 2
                            for i, place in ((0, c), (1, r))
                        ]
                        if max(far) < -1e-9:
                            assert found[r, c] == mask[r, c], (
                                "pixels whose middle lies in the enlarged box stay"
                            )
                        if max(far) > 1e-9:
                            assert found[r, c] == 0, "all others become 0"
    mask = np.ones((4, 8))
    found = np.asarray(clip_to_box(mask, np.array([2.5, 1.5, 4.5, 2.5]), 1.0))
    assert np.array_equal(found.nonzero()[1], [2, 3, 4, 2, 3, 4]), (
        "a middle on the border of the box is inside"
    )
    found = np.asarray(clip_to_box(mask, np.array([20.0, 0.0, 22.0, 4.0]), 1.25))
    assert not found.any(), "a box beside the image leaves nothing"


decide_clip_to_box()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `merge` (2 points)
#
# In the lesson a pixel gets the number of the likeliest object, or 0 where none exceeds 1/2.
#
# **The variant.** Videos have different numbers of objects, so some maps are only *padding*: `present` says which are objects. Padding never wins,
# whatever it holds. The threshold is given. Of objects with the same probability the one with the smallest number wins. Numbers begin at 1 and are those
# of the maps, padding counted.

# %% [markdown] hints="merge"
# 1. When is nobody right? What does `argmax` say if all maps hold 0.1?
# 2. Which value can padding be given so that it never wins and never passes a threshold, not even a negative one?
# 3. Minus infinity for padding; the index of the greatest map plus one where that map *exceeds* the threshold, else 0. `argmax` takes the first of equal ones.


# %% nbgrader={"grade_id": "merge", "solution": true}
def merge(probabilities, present, threshold):
    """One label per pixel: the likeliest object, or 0.

    Args:
        probabilities: shape (N, height, width).
        present: which maps are objects, booleans, shape (N,).
        threshold: that a probability must exceed, a number.

    Returns:
        Whole numbers from 0 to N, shape (height, width).
    """
    ### BEGIN SOLUTION
    maps = np.where(present[:, None, None], probabilities, -np.inf)
    return np.where(maps.max(axis=0) > threshold, maps.argmax(axis=0) + 1, 0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "merge_tests", "grade": true, "points": 2, "axes": 2}
def check_merge():
    maps = np.array([[[0.9, 0.2, 0.6, 0.5]], [[0.3, 0.1, 0.7, 0.4]]])
    both = np.array([True, True])
    found = merge(maps, both, 0.5)
    assert np.shape(found) == (1, 4), "one label for each pixel"
    assert np.array_equal(found, [[1, 0, 2, 0]]), (
        "the likeliest object, counted from 1; 0 where none exceeds the threshold"
    )
    assert np.array_equal(merge(maps, both, 0.15), [[1, 1, 2, 1]]), (
        "the threshold is the one that is given"
    )
    assert np.array_equal(merge(maps, np.array([False, True]), 0.5), [[0, 0, 2, 0]]), (
        "padding never wins, and the second map keeps the number 2"
    )


check_merge()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_merge():
    rng = np.random.default_rng(8)
    for count, height, width, threshold in [
        (3, 5, 9, 0.5),
        (1, 4, 3, 0.5),
        (5, 2, 7, 0.8),
        (4, 6, 6, 0.0),
        (2, 3, 8, -0.5),
    ]:
        maps = np.round(rng.random((count, height, width)), 1)
        for _ in range(4):
            present = rng.random(count) < 0.6
            found = np.asarray(merge(maps, present, threshold))
            assert found.shape == (height, width), "one label for each pixel"
            for r in range(height):
                for c in range(width):
                    best, label = threshold, 0
                    for n in range(count):
                        if present[n] and maps[n, r, c] > best:
                            best, label = maps[n, r, c], n + 1
                    assert found[r, c] == label, (
                        "the greatest map that is present and exceeds the threshold; "
                        "the first of equal ones"
                    )
    maps = np.full((2, 1, 1), 0.5)
    assert merge(maps, np.ones(2, bool), 0.5)[0, 0] == 0, (
        "exactly at the threshold is background"
    )
    found = merge(np.array([[[9.0]], [[0.6]]]), np.array([False, True]), 0.5)
    assert found[0, 0] == 2, "padding may hold anything"
    assert merge(maps, np.zeros(2, bool), -3.0)[0, 0] == 0, "no object: background"


decide_merge()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `scores` (4 points)
#
# In the lesson a boundary pixel differs from its right, lower or lower right neighbour, and the tolerance of F is a whole number.
#
# **The variant.** A *boundary pixel* belongs to the mask and has at least one of its four neighbours (left, right, above, below) outside of the mask; what
# lies beyond the image is outside. A boundary pixel of one mask is *right* if the Euclidean distance of its middle to that of the nearest boundary pixel of the other mask is at most
# `radius`, any number from 0 on. Precision P is the right share of the first mask's boundary, recall R that of the second's. Give
#
# $$J = \frac{|A \cap B|}{|A \cup B|}, \qquad F = \frac{2 P R}{P + R} .$$
#
# Two empty masks have J = F = 1. If just one is empty, or P and R are both 0, F is 0.

# %% [markdown] hints="scores"
# 1. What do two empty masks agree on? Is a mask that fills the image without a boundary here?
# 2. Precision asks about whose boundary, recall about whose? Which distance has the pixel one to the right and one down?
# 3. The boundary is the mask without what erosion by a plus leaves. `scipy.ndimage.distance_transform_edt` of the complement of a boundary gives every pixel's
#    distance to it; compare with the radius.


# %% nbgrader={"grade_id": "scores", "solution": true}
def scores(mask, truth, radius):
    """J and F of two masks.

    Args:
        mask, truth: booleans, shape (height, width).
        radius: tolerance in pixels, a number from 0 on.

    Returns:
        J and F, array of shape (2,).
    """
    ### BEGIN SOLUTION
    either = np.sum(mask | truth)
    if either == 0:
        return np.array([1.0, 1.0])
    J = np.sum(mask & truth) / either

    def boundary(area):
        wide = np.pad(area, 1)
        inner = wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
        return np.argwhere(area & ~inner)

    ours, theirs = boundary(mask), boundary(truth)
    if not len(ours) or not len(theirs):
        return np.array([J, 0.0])
    far = np.linalg.norm(ours[:, None] - theirs[None], axis=-1)
    P = np.mean(far.min(axis=1) <= radius)
    R = np.mean(far.min(axis=0) <= radius)
    return np.array([J, 2 * P * R / (P + R) if P + R else 0.0])
    ### END SOLUTION


# %% nbgrader={"grade_id": "scores_tests", "grade": true, "points": 4, "axes": 1}
def check_scores():
    def square(row, column, side=10):
        mask = np.zeros((30, 40), bool)
        mask[row : row + side, column : column + side] = True
        return mask

    truth = square(8, 8)
    found = scores(truth, truth, 0.0)
    assert np.shape(found) == (2,), "J and F"
    assert np.allclose(found, 1), "a mask with itself"
    J, F = scores(square(8, 10), truth, 1.0)
    assert np.isclose(J, 80 / 120), (
        "shifted by 2: intersection 80, union 120 (not 200, where both are counted)"
    )
    assert np.isclose(scores(square(8, 9), truth, 1.0)[1], 1), (
        "a shift within the tolerance costs nothing"
    )
    assert F < 0.7, "two pixels are more than one"
    none = np.zeros((30, 40), bool)
    empty = np.zeros((3, 4), bool)
    assert np.allclose(scores(empty, empty, 1.0), 1), "two empty masks agree"
    assert np.allclose(scores(none, truth, 1.0), 0), "nothing found"
    full = ~none
    assert np.allclose(scores(full, full, 0.0), 1), (
        "a mask that fills the image has a boundary, along the image's border"
    )


check_scores()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_scores():
    import math

    rng = np.random.default_rng(480)

    def edge(area):
        height, width = area.shape
        found = []
        for r in range(height):
            for c in range(width):
                around = [(r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)]
                inner = all(
                    0 <= a < height and 0 <= b < width and area[a, b] for a, b in around
                )
                if area[r, c] and not inner:
                    found.append((r, c))
        return found

    def share(ones, others, radius):
        near = [min(math.dist(p, q) for q in others) <= radius for p in ones]
        return sum(near) / len(near)

    def expected(mask, truth, radius):
        both, either = int((mask & truth).sum()), int((mask | truth).sum())
        if not either:
            return 1.0, 1.0
        if not mask.any() or not truth.any():
            return both / either, 0.0
        ours, theirs = edge(mask), edge(truth)
        p, r = share(ours, theirs, radius), share(theirs, ours, radius)
        return both / either, 2 * p * r / (p + r) if p + r else 0.0

    def blob(height, width, share_of):
        rows, columns = np.mgrid[:height, :width]
        far = np.hypot(
            rows - rng.uniform(0, height - 1), 0.6 * columns - rng.uniform(0, width / 2)
        )
        return (far < share_of * height) ^ (rng.random((height, width)) < 0.02)

    cases = [(blob(12, 17, 0.35), blob(12, 17, 0.3)) for _ in range(4)]
    cases += [(blob(17, 12, 0.3), blob(17, 12, 0.5)) for _ in range(4)]
    square = np.zeros((20, 24), bool)
    square[5:13, 6:14] = True
    ring = square.copy()
    ring[6:12, 7:13] = False
    large = np.zeros((20, 24), bool)
    large[1:19, 1:20] = True
    corner = np.zeros((20, 24), bool)
    corner[:8, :8] = True
    cases += [(ring, square), (large, square), (corner, square), (corner, corner)]
    cases += [(np.roll(square, (1, 1), (0, 1)), square)]
    cases += [(square, np.ones_like(square)), (np.roll(square, 9, 1), square)]
    one_row = np.array([[True, True, False, False, True]])
    cases += [(one_row, ~one_row), (one_row.T, one_row.T), (~one_row, one_row)]
    pixel = np.zeros((5, 9), bool)
    pixel[2, 3] = True
    cases += [(pixel, pixel), (np.roll(pixel, 2, 1), pixel)]
    for mask, truth in cases:
        for radius in (0.0, 1.0, 1.2, 1.5, 2.0, 2.9):
            found = scores(mask, truth, radius)
            assert np.shape(found) == (2,), "J and F"
            J, F = found
            j, f = expected(mask, truth, radius)
            assert np.isclose(J, j), "J is intersection over union"
            assert np.isclose(F, f), (
                "F is the harmonic mean of the two shares of boundary pixels, "
                "Euclidean distance, tolerance included"
            )
            back = scores(truth, mask, radius)
            assert np.allclose(back, [J, F]), "both are symmetric"
    none = np.zeros_like(square)
    for one, other, value in (
        (square, none, 0),
        (none, square, 0),
        (none, ~none, 0),
        (none, none, 1),
    ):
        found = scores(one, other, 5.0)
        assert np.shape(found) == (2,), "J and F"
        assert np.allclose(found, value), (
            "one empty mask: J and F are 0; two empty masks: 1"
        )


decide_scores()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `cut_gradients` (2 points)
#
# Truncated back-propagation cuts the gradient after every k steps: the state that is handed to steps k + 1, 2k + 1, ... counts as a constant, though its
# *value* goes on.
#
# **The variant.** For the recursion $s_t = a_t\, s_{t-1} + w\, x_t$ with a factor $a_t$ for each step ($s_0$ is a constant), give the derivative of *every* state $s_1 \ldots s_T$ with respect to $w$
# as truncated back-propagation sees it. The inputs $x_t$ are never cut off.

# %% [markdown] hints="cut_gradients"
# 1. What is the derivative of $s_1$, and of $s_2$ if nothing is cut? What does a cut take away: the value, or its history?
# 2. Write $g_t$ for the derivative of $s_t$. Which recursion does it follow within a block of k steps, and how does a block begin?
# 3. $g_t = a_t g_{t-1} + x_t$, but $g_t = x_t$ for t = 1, k + 1, 2k + 1, ... (counted from 1).


# %% nbgrader={"grade_id": "cut_gradients", "solution": true}
def cut_gradients(a, x, k):
    """Derivatives of all states with respect to w, cut after every k steps.

    Args:
        a: factors of the steps, shape (T,).
        x: inputs of the steps, shape (T,).
        k: steps between two cuts, a whole number from 1 on.

    Returns:
        Shape (T,).
    """
    ### BEGIN SOLUTION
    found, g = np.zeros(len(x)), 0.0
    for t in range(len(x)):
        g = (0.0 if t % k == 0 else a[t] * g) + x[t]
        found[t] = g
    return found
    ### END SOLUTION


# %% nbgrader={"grade_id": "cut_gradients_tests", "grade": true, "points": 2, "axes": 1}
def check_cut_gradients():
    a, x = np.full(7, 0.9), np.ones(7)
    found = cut_gradients(a, x, 3)
    assert np.shape(found) == (7,), "one derivative for each state"
    assert np.allclose(found[:3], [1, 1.9, 2.71]), (
        "before the first cut nothing is missing: 1, 1 + 0.9, 1 + 0.9 + 0.81"
    )
    assert np.isclose(found[3], 1), "the state handed to step 4 is a constant"
    assert np.allclose(found, [1, 1.9, 2.71, 1, 1.9, 2.71, 1]), (
        "blocks of three steps, each of which begins anew"
    )
    found = cut_gradients(np.array([5.0, 2.0]), np.array([1.0, 3.0]), 2)
    assert np.allclose(found, [1, 2 * 1 + 3]), (
        "the second factor carries the first step"
    )


check_cut_gradients()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_cut_gradients():
    rng = np.random.default_rng(7)
    for T, k in [
        (1, 1),
        (6, 1),
        (9, 2),
        (10, 3),
        (12, 4),
        (5, 7),
        (8, 8),
        (9, 8),
        (23, 5),
    ]:
        a, x = rng.normal(size=T), rng.normal(size=T)
        expected = [
            sum(x[j] * np.prod(a[j + 1 : t + 1]) for j in range(k * (t // k), t + 1))
            for t in range(T)
        ]
        found = np.asarray(cut_gradients(a, x, k))
        assert np.allclose(found, expected), (
            "each block of k steps sums its own inputs, carried on by the factors of "
            "later steps in the same block"
        )
    whole = np.asarray(cut_gradients(a, x, T))
    step = 1e-6
    states = []
    for w in (-step, step):
        s = 0.3
        for t in range(T):
            s = a[t] * s + w * x[t]
        states.append(s)
    assert np.isclose(whole[-1], (states[1] - states[0]) / (2 * step)), (
        "without a cut it is the derivative itself"
    )


decide_cut_gradients()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what does a gain show? (3 points)
#
# Somebody trains a segmentation network on static frames with perturbed masks, then goes on with clips on which it sees its own masks, with gradients through time, and J rises.
#
# 1. They conclude that gradients through time are what helps. Name three other explanations, and for each the training that would tell.
# 2. In their videos the camera stands still. Which rule without any weights gets most of what a flow stream can add, and why does it fail if the camera moves? Name one error that it makes with two objects all the same.
# 3. Describe two masks of an object for which F and J disagree strongly, one in each direction.
#
# Six to twelve sentences.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. More steps: as many further steps on static frames, of the same frames. Training on its own masks: the same clips with the gradient cut at each step. Static masks that
#    imitate its own badly: a static training with other perturbations, or with true masks that were warped. The conclusion needs the gain over all of them.
# 2. Warp the mask and keep what moves, |flow| > 0. With a standing camera that is the set of all moving objects; if the camera moves, everything has flow. With two objects, a part of one that the
#    other has just uncovered fetches the *other's* mask, and it moves, so the error stays.
# 3. A hollow ring along the true outline: F near 1, J small. A mask of a large object whose outline is off by a little more than the tolerance everywhere: J near 1, F near 0.
# ### END SOLUTION
