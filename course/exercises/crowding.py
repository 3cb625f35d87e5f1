# %% [markdown]
# # Exercise: flankers, nested crops and what a maximum forgets
#
# Five functions to write (12 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `crowding` first. Time:
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
#   package `lessons.vision.crowding` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `crop_sides` (2 points)
#
# The lesson's squares grow from the side $c$ to the side $F$ of the canvas by the same factor
# from each to the next.
#
# **The variant.** Squares that are cut out by whole pixels, exactly around the middle of the
# canvas, must have sides that differ from $F$ by an *even* number. Return the geometric sides,
# each replaced by the nearest whole number of that kind.

# %% [markdown] hints="crop_sides"
# 1. How many steps lie between the first square and the last? What is multiplied by what in
#    each step?
# 2. The factor is the $(n - 1)$-th root of $F / c$, and the exact sides are $c$ times its powers
#    from 0 on.
# 3. Whole numbers that differ from $F$ by an even number are $F - 2k$. Which whole $k$ is
#    nearest to what the exact side asks for?


# %% nbgrader={"grade_id": "crop_sides", "solution": true}
def crop_sides(field, crop, n):
    """Sides of nested squares that can be cut out around the middle.

    Args:
        field: side F of the canvas, a whole number.
        crop: side c of the smallest square; differs from the field by an even number.
        n: number of squares, at least 2.

    Returns:
        Shape (n,), smallest first.
    """
    ### BEGIN SOLUTION
    exact = crop * (field / crop) ** (np.arange(n) / (n - 1))
    return field - 2 * np.round((field - exact) / 2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "crop_sides_tests", "grade": true, "points": 2, "axes": 1}
def check_crop_sides():
    found = crop_sides(96, 24, 3)
    assert np.shape(found) == (3,), "one side for each square"
    assert np.allclose(found[[0, 2]], [24, 96]), "from the crop to the whole canvas"
    assert np.allclose(found[1], 48), "the same factor in both steps: 24, 48, 96"
    found = crop_sides(96, 24, 5)
    assert np.allclose(found, [24, 34, 48, 68, 96]), (
        "33.9 and 67.9 become the nearest numbers that differ from 96 by an even one"
    )
    found = crop_sides(45, 5, 3)
    assert np.allclose(found, [5, 15, 45]), "of an odd canvas all sides are odd"


check_crop_sides()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_crop_sides():
    from fractions import Fraction

    for field, crop, n in [(1920, 60, 11), (135, 23, 6), (96, 6, 5), (64, 16, 4)]:
        found = np.asarray(crop_sides(field, crop, n))
        assert found.shape == (n,), "one side for each square"
        assert np.all((field - found) % 2 == 0), "each differs from F by an even number"
        for i, side in enumerate(found):
            # side - 1 and side + 1 lie around the exact value, compared by powers.
            exact = Fraction(field) ** i * Fraction(crop) ** (n - 1 - i)
            assert Fraction(int(side) - 1) ** (n - 1) <= exact, "too large"
            assert exact <= Fraction(int(side) + 1) ** (n - 1), "too small"
        assert found[0] == crop and found[-1] == field, "the ends are exact"
    found = np.asarray(crop_sides(1920, 60, 11))
    assert np.allclose(found[::2], [60, 120, 240, 480, 960, 1920]), (
        "ten steps of the root of two from 60 to 1920"
    )
    assert np.allclose(crop_sides(90, 10, 2), [10, 90]), "two squares are the two ends"
    assert np.allclose(crop_sides(9, 1, 3), [1, 3, 9]), "a square may be one pixel"
    assert np.allclose(crop_sides(33, 33, 4), 33), (
        "with c = F all squares are the canvas"
    )


decide_crop_sides()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `multiscale_crops` (3 points)
#
# Cut squares out of a picture and average each of them to `crop` times `crop` pixels. *Averaging*
# means: a cell of the result is the mean of the part of the square that it covers, also where it
# covers parts of pixels.
#
# **The variant.** The eye moves. The squares are not nested around the middle of the picture but
# around a *gaze point*, and beyond the edge of the picture it is black (0). The point (row, column)
# is the corner before pixel [row, column]: a square of side $s$ holds the rows row $- s/2$ to
# row $+ s/2 - 1$ and the columns alike.

# %% [markdown] hints="multiscale_crops"
# 1. What is there to cut where a square reaches beyond the picture? Make it exist first.
# 2. With a black border of half the largest side all around, every square lies inside, its
#    corner at the same place for all gaze points.
# 3. To average $s$ pixels into $c$ cells when $c$ does not divide $s$: repeat each pixel $c$ times
#    along both axes, then take means over blocks of $s$ by $s$.


# %% nbgrader={"grade_id": "multiscale_crops", "solution": true}
def multiscale_crops(image, gaze, sides, crop):
    """Squares around a gaze point, averaged to the same size.

    Args:
        image: shape (height, width).
        gaze: (row, column), whole numbers from 0 to height and to width.
        sides: of the squares, even whole numbers, in any order.
        crop: side of the results in pixels.

    Returns:
        Shape (squares, crop, crop), in the order of the sides.
    """
    ### BEGIN SOLUTION
    border = int(max(sides)) // 2
    padded = np.pad(image, border)
    found = []
    for side in sides:
        side = int(side)
        top, left = (int(g) + border - side // 2 for g in gaze)
        square = padded[top : top + side, left : left + side]
        fine = square.repeat(crop, axis=0).repeat(crop, axis=1)
        found.append(fine.reshape(crop, side, crop, side).mean(axis=(1, 3)))
    return np.stack(found)
    ### END SOLUTION


# %% nbgrader={"grade_id": "multiscale_crops_tests", "grade": true, "points": 3, "axes": 3}
def check_multiscale_crops():
    image = np.arange(64.0).reshape(8, 8)
    found = multiscale_crops(image, (4, 4), [2, 8], 2)
    assert np.shape(found) == (2, 2, 2), "one crop for each side"
    assert np.allclose(found[0], [[27, 28], [35, 36]]), (
        "a square as large as the crop is the pixels around the gaze point themselves"
    )
    assert np.allclose(found[1], [[13.5, 17.5], [45.5, 49.5]]), (
        "the whole picture becomes the means of its quarters"
    )
    found = multiscale_crops(np.ones((8, 8)), (0, 4), [4], 2)
    assert np.allclose(found[0], [[0, 0], [1, 1]]), (
        "at the upper edge the upper half of the square is black"
    )
    board = np.indices((8, 8)).sum(axis=0) % 2 * 1.0
    found = multiscale_crops(board, (4, 4), [8], 4)
    assert np.allclose(found, 0.5), "means, not every second pixel: a board is grey"


check_multiscale_crops()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_multiscale_crops():
    rng = np.random.default_rng(170608616)

    def by_hand(image, gaze, side, crop):
        result = np.zeros((crop, crop))
        width = side / crop
        for a in range(crop):
            for b in range(crop):
                ends = [
                    (g - side / 2 + k * width, g - side / 2 + (k + 1) * width)
                    for g, k in ((gaze[0], a), (gaze[1], b))
                ]
                total = 0.0
                for y in range(image.shape[0]):
                    tall = min(ends[0][1], y + 1) - max(ends[0][0], y)
                    if tall <= 0:
                        continue
                    for x in range(image.shape[1]):
                        wide = min(ends[1][1], x + 1) - max(ends[1][0], x)
                        total += tall * max(wide, 0) * image[y, x]
                result[a, b] = total / width**2
        return result

    for shape, gaze, sides, crop in [
        ((12, 12), (6, 6), [4, 6, 12], 4),
        ((9, 14), (3, 10), [4, 10], 3),
        ((10, 7), (10, 0), [8, 2, 14], 5),
        ((6, 6), (2, 3), [20], 4),
    ]:
        image = rng.random(shape)
        found = np.asarray(multiscale_crops(image, gaze, sides, crop))
        assert found.shape == (len(sides), crop, crop), "one crop for each side"
        for one, side in zip(found, sides, strict=True):
            assert np.allclose(one, by_hand(image, gaze, side, crop)), (
                "each cell is the mean of the part of the square that it covers, in the "
                "order of the sides, black beyond the picture"
            )
    image = rng.random((16, 16))
    flipped = multiscale_crops(image[:, ::-1], (8, 5), [6, 10], 4)
    again = multiscale_crops(image, (8, 11), [6, 10], 4)
    assert np.allclose(flipped, np.asarray(again)[..., ::-1]), (
        "a mirrored picture, seen from the mirrored point, gives mirrored crops"
    )
    one = np.asarray(multiscale_crops(image, (8, 8), [16], 1))
    assert np.allclose(one, image.mean()), "one cell is the mean of everything"


decide_multiscale_crops()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `stimulus` (3 points)
#
# Draw a canvas with a target and its flankers, in the middle row. The brighter pixel is seen where
# something lies already.
#
# **The variant.** In the lesson targets stand to the right of the middle, so that "on the right" and
# "outside" are the same. Here the target may stand on either side, and `ax` has its flanker on the
# **outer** side: away from the middle of the canvas (on the right for a target in the middle). `xa`
# has it on the inner side, `xax` has the same flanker on both. Also, target and flanker may
# differ in size, and there is a background.

# %% [markdown] hints="stimulus"
# 1. Which way is "outwards" for a target at $-20$? And which operation keeps the brighter of two
#    pixels?
# 2. Refuse before you draw: two squares overlap if their middles are closer than half the
#    sum of their sides; touching is allowed.
# 3. The sign of the outer side is $-1$ for a negative eccentricity and $+1$ else. A flanker's
#    middle is `ecc` plus or minus the spacing; its first column is `(field - h) // 2` plus that.


# %% nbgrader={"grade_id": "stimulus", "solution": true}
def stimulus(target, flanker, configuration, ecc, spacing, background):
    """A canvas with a target and its flankers.

    Args:
        target: shape (h, h).
        flanker: shape (k, k).
        configuration: "a", "ax", "xa" or "xax".
        ecc: from the middle of the canvas to the target's, whole, positive to the right.
        spacing: between the middles of target and flanker, whole.
        background: shape (F, F); F differs from h and from k by even numbers.

    Returns:
        Shape (F, F).

    Raises:
        ValueError: target and flanker overlap, an object leaves the canvas, or there is
            no such configuration.
    """
    ### BEGIN SOLUTION
    outer = -1 if ecc < 0 else 1
    sides = {"a": [], "ax": [outer], "xa": [-outer], "xax": [-1, 1]}
    if configuration not in sides:
        raise ValueError(f"there is no configuration {configuration!r}")
    if sides[configuration] and spacing < (len(target) + len(flanker)) / 2:
        raise ValueError("target and flanker overlap")
    canvas = background.copy()
    placed = [(target, ecc)]
    placed += [(flanker, ecc + side * spacing) for side in sides[configuration]]
    for thing, middle in placed:
        size = len(thing)
        top = (len(canvas) - size) // 2
        left = top + middle
        if left < 0 or left + size > len(canvas):
            raise ValueError("an object leaves the canvas")
        below = canvas[top : top + size, left : left + size]
        np.maximum(below, thing, out=below)
    return canvas
    ### END SOLUTION


# %% nbgrader={"grade_id": "stimulus_tests", "grade": true, "points": 3, "axes": 2}
def check_stimulus():
    def drawn(*arguments):
        try:
            return stimulus(*arguments)
        except ValueError as error:
            raise AssertionError(
                "objects that are apart and lie on the canvas are drawn, not refused"
            ) from error

    target, flanker = np.full((2, 2), 0.5), np.full((2, 2), 0.9)
    black = np.zeros((12, 12))
    found = np.asarray(drawn(target, flanker, "a", 0, 3, black))
    assert found.shape == (12, 12), "the canvas has the shape of the background"
    assert np.isclose(found.sum(), 2.0) and np.allclose(found[5:7, 5:7], 0.5), (
        "a target alone stands in the middle of the canvas"
    )
    row = np.asarray(drawn(target, flanker, "ax", 2, 3, black))[5]
    assert np.allclose(row, [0] * 7 + [0.5, 0.5, 0, 0.9, 0.9]), (
        "ax, target on the right: the flanker stands further to the right"
    )
    row = np.asarray(drawn(target, flanker, "ax", -2, 3, black))[5]
    assert np.allclose(row, [0.9, 0.9, 0, 0.5, 0.5] + [0] * 7), (
        "ax, target on the left: outwards is further to the left"
    )
    try:
        stimulus(target, flanker, "xax", 0, 1, black)
    except ValueError:
        pass
    else:
        raise AssertionError(
            "a spacing of 1 makes objects of side 2 overlap: ValueError"
        )


check_stimulus()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_stimulus():
    rng = np.random.default_rng(11)

    def refused(*arguments):
        try:
            stimulus(*arguments)
        except ValueError:
            return True
        return False

    def drawn(*arguments):
        assert not refused(*arguments), (
            "objects that are apart and lie on the canvas are drawn, not refused"
        )
        return stimulus(*arguments)

    two, six = np.ones((2, 2)), np.ones((6, 6))
    black = np.zeros((20, 20))
    assert not refused(two, six, "a", 0, 0, black), "alone nothing can overlap"
    columns = np.arange(40)

    def middle_of(mask):
        return columns[mask].mean() + 0.5 - 20

    for h, k, ecc, spacing in [
        (4, 4, 6, 5),
        (6, 4, -7, 8),
        (4, 8, 0, 6),
        (2, 6, -4, 9),
    ]:
        target, flanker = np.full((h, h), 0.4), np.full((k, k), 0.7)
        for name in ("a", "ax", "xa", "xax"):
            found = np.asarray(
                drawn(target, flanker, name, ecc, spacing, np.zeros((40, 40)))
            )
            lit = found[20]
            assert np.isclose(middle_of(lit == 0.4), ecc), "the target stands at ecc"
            rows = np.flatnonzero(found.max(axis=1) == 0.4) if k < h else None
            places = columns[lit == 0.7] + 0.5 - 20 - ecc
            outward = -1 if ecc < 0 else 1
            wanted = {"a": [], "ax": [outward], "xa": [-outward], "xax": [-1, 1]}[name]
            seen = sorted({float(np.sign(p)) for p in places})
            assert seen == sorted(map(float, wanted)), "each flanker on its own side"
            if wanted:
                assert np.isclose(np.abs(places).mean(), spacing), (
                    "middles of target and flanker are the spacing apart"
                )
                assert (found == 0.7).sum() == len(wanted) * k * k, "whole flankers"
            assert (found == 0.4).sum() == h * h, "the whole target is seen"
            high = np.flatnonzero((found == 0.7).any(axis=1))
            if wanted:
                assert high.tolist() == list(range(20 - k // 2, 20 + k // 2)), (
                    "flankers stand in the middle row"
                )
            if rows is not None and wanted:
                assert len(rows) == h - k, "the target stands in the middle row"
    flanker = rng.random((4, 4))
    found = np.asarray(drawn(np.ones((4, 4)), flanker, "xax", 0, 6, np.zeros((20, 20))))
    assert np.allclose(found[8:12, 2:6], flanker), "the flanker itself on the left"
    assert np.allclose(found[8:12, 14:18], flanker), "the same one on the right"
    for ecc in (3, -3):
        ground = rng.random((24, 24))
        found = np.asarray(drawn(np.ones((4, 4)), flanker, "xax", ecc, 5, ground))
        for middle in (ecc - 5, ecc + 5):
            where = np.s_[10:14, 10 + middle : 14 + middle]
            assert np.allclose(found[where], np.maximum(ground[where], flanker)), (
                "the flanker as it is given, not mirrored, on either side of the middle; "
                "the brighter of flanker and background is seen"
            )
    background = np.full((20, 20), 0.5)
    thing = np.array([[0.2, 0.9], [0.9, 0.2]])
    found = np.asarray(drawn(thing, thing, "a", 3, 2, background))
    assert np.allclose(found[9:11, 12:14], [[0.5, 0.9], [0.9, 0.5]]), (
        "the brighter of object and background is seen, not the sum"
    )
    for lowest in (0.0, -1.0):
        background = rng.random((20, 20)) + lowest
        thing = rng.random((4, 4)) + lowest
        found = np.asarray(drawn(thing, flanker, "a", -5, 2, background))
        wanted = background.copy()
        wanted[8:12, 3:7] = np.where(
            thing > wanted[8:12, 3:7], thing, wanted[8:12, 3:7]
        )
        assert np.allclose(found, wanted), (
            "pixel by pixel the brighter of object and background, which stays "
            "everywhere else, negative values too"
        )
    assert not refused(two, six, "ax", 0, 4, black), "touching is no overlap"
    assert refused(two, six, "xa", 0, 3, black), "half of 2 + 6 is 4: 3 is too near"
    assert refused(six, two, "xa", 0, 3, black), "half of 6 + 2 is 4 as well"
    assert not refused(two, six, "ax", 3, 4, black), "it just fits at the right edge"
    assert refused(two, six, "ax", 4, 4, black), "the flanker would leave on the right"
    assert refused(two, six, "ax", -4, 4, black), "the flanker would leave on the left"
    assert not refused(two, six, "xa", -9, 4, black), "an inner flanker has room"
    assert refused(two, six, "a", 10, 4, black), "the target would leave the canvas"
    assert refused(two, six, "a", -10, 4, black), "the target would leave on the left"
    assert refused(two, six, "xxa", 0, 4, black), "there is no configuration xxa"
    assert not black.any(), "the background that was given stays as it is"


decide_stimulus()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `scale_max_pool` (2 points)
#
# The maximum over neighbouring scales, at each place and in each channel: windows of equal
# width, moved by one scale at a time, so that `m_out` scales are left.
#
# **The variant.** Return as well *which* scale won: the number, counted from 0, of the scale that
# the maximum came from; the smallest of them where several are equal.

# %% [markdown] hints="scale_max_pool"
# 1. How many windows of what width fit into $n$ scales when each begins one scale after the last?
# 2. The width is $n - m + 1$. The winner inside a window is counted from the window's first scale;
#    which number has it in the whole stack?
# 3. For the window that begins at `j`: `part = x[j : j + width]`; the values are `part.max(axis=0)`
#    and the winners `j + part.argmax(axis=0)`.


# %% nbgrader={"grade_id": "scale_max_pool", "solution": true}
def scale_max_pool(x, m_out):
    """Maximum over windows of neighbouring scales, and where it came from.

    Args:
        x: shape (n, height, width, channels).
        m_out: scales to be left, from 1 to n.

    Returns:
        (values, winners): both of shape (m_out, height, width, channels), float64.
    """
    ### BEGIN SOLUTION
    width = len(x) - m_out + 1
    parts = [x[j : j + width] for j in range(m_out)]
    values = np.stack([part.max(axis=0) for part in parts])
    winners = np.stack([j + part.argmax(axis=0) for j, part in enumerate(parts)])
    return values, winners.astype(float)
    ### END SOLUTION


# %% nbgrader={"grade_id": "scale_max_pool_tests", "grade": true, "points": 2, "axes": [4, 4]}
def check_scale_max_pool():
    x = np.array([3.0, 1.0, 2.0, 0.0]).reshape(4, 1, 1, 1)
    values, winners = scale_max_pool(x, 3)
    assert np.shape(values) == (3, 1, 1, 1), "three scales are left"
    assert np.allclose(np.ravel(values), [3, 2, 2]), "windows of two neighbours"
    assert np.allclose(np.ravel(winners), [0, 2, 2]), "counted in the whole stack"
    values, winners = scale_max_pool(x, 1)
    assert np.allclose(np.ravel(values), [3]), "one is left: the maximum of all"
    values, winners = scale_max_pool(np.ones((3, 1, 1, 2)), 2)
    assert np.allclose(np.ravel(winners), [0, 0, 1, 1]), "of equals the first wins"


check_scale_max_pool()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_scale_max_pool():
    rng = np.random.default_rng(13)
    for n, m_out, shape in [(6, 4, (3, 3, 8)), (5, 5, (2, 4, 1)), (7, 1, (1, 2, 3))]:
        x = rng.integers(-4, 5, (n, *shape)).astype(float)
        values, winners = (np.asarray(part) for part in scale_max_pool(x, m_out))
        assert values.shape == winners.shape == (m_out, *shape), (
            "m_out scales are left; places and channels stay"
        )
        for j in range(m_out):
            for place in np.ndindex(*shape):
                window = [x[(i, *place)] for i in range(j, j + n - m_out + 1)]
                best = max(window)
                assert values[(j, *place)] == best, "the greatest of its own window"
                assert winners[(j, *place)] == j + window.index(best), (
                    "the first scale of the window that holds the greatest value"
                )
    x = rng.normal(size=(6, 2, 2, 2))
    values, winners = scale_max_pool(x, 6)
    assert np.array_equal(values, x), "as many as before: nothing changes"
    lower, _ = scale_max_pool(x - 5, 3)
    values, _ = scale_max_pool(x, 3)
    assert np.allclose(np.asarray(lower) + 5, values), (
        "negative values are pooled alike"
    )


decide_scale_max_pool()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `area_normalise` (2 points)
#
# The lesson divides each crop by its maximum and by $\rho^{2(n-i)}$.
#
# **The variant.** The squares need not grow by the same factor: their sides are given, in any order.
# The crop of the *largest* square keeps maximum 1; any other gets the maximum that its square's
# **area** has in units of the largest one's. A crop that is black stays black.

# %% [markdown] hints="area_normalise"
# 1. Which maximum does a crop get whose side is half the largest side?
# 2. Each crop of each picture is divided by its *own* maximum. What must not happen where that
#    is 0?
# 3. `(sides / sides.max()) ** 2`, brought to shape (1, n, 1, 1), times the crops over their maxima
#    over the last two axes, with 1 in place of a maximum of 0.


# %% nbgrader={"grade_id": "area_normalise", "solution": true}
def area_normalise(crops, sides):
    """Crops whose contrast is the area of their square.

    Args:
        crops: at least 0, shape (batch, n, height, width).
        sides: of the squares, shape (n,), above 0.

    Returns:
        Shape of the crops.
    """
    ### BEGIN SOLUTION
    greatest = crops.max(axis=(2, 3), keepdims=True)
    areas = (sides / sides.max()) ** 2
    return crops / np.where(greatest > 0, greatest, 1) * areas[:, None, None]
    ### END SOLUTION


# %% nbgrader={"grade_id": "area_normalise_tests", "grade": true, "points": 2, "axes": 4}
def check_area_normalise():
    crops = np.array([[[[2.0, 1.0]], [[0.5, 0.0]]]])
    found = np.asarray(area_normalise(crops, np.array([5.0, 10.0])))
    assert found.shape == (1, 2, 1, 2), "the result has the shape of the crops"
    assert np.allclose(found[0, 1], [1, 0]), "the largest square's crop has maximum 1"
    assert np.allclose(found[0, 0], [0.25, 0.125]), (
        "half the side is a quarter of the area; inside a crop proportions stay"
    )
    found = np.asarray(area_normalise(np.zeros((1, 2, 2, 2)), np.array([1.0, 2.0])))
    assert np.all(found == 0), "black stays black, and no number is missing"


check_area_normalise()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_area_normalise():
    rng = np.random.default_rng(17)
    for batch, sides, shape in [
        (3, [3.0, 4.0, 9.0, 10.0], (5, 6)),
        (1, [8.0, 2.0], (2, 2)),
        (2, [7.0], (3, 1)),
    ]:
        sides = np.array(sides)
        crops = rng.random((batch, len(sides), *shape)) * rng.uniform(
            0.1, 9, batch
        ).reshape(-1, 1, 1, 1)
        found = np.asarray(area_normalise(crops, sides))
        assert found.shape == crops.shape, "the result has the shape of the crops"
        for b in range(batch):
            for i, side in enumerate(sides):
                wanted = (side / sides.max()) ** 2
                assert np.isclose(found[b, i].max(), wanted), (
                    "the maximum is the square's area over the largest one's, for each "
                    "picture and each crop by itself"
                )
                ratio = found[b, i] / crops[b, i]
                assert np.allclose(ratio, ratio.flat[0]), "a crop keeps its proportions"
    crops = rng.random((2, 3, 4, 4))
    crops[0, 0] = 0
    crops[1, 2] = 0
    found = np.asarray(area_normalise(crops, np.array([1.0, 2.0, 4.0])))
    assert np.all(np.isfinite(found)), "a black crop gives no missing numbers"
    assert not found[0, 0].any() and not found[1, 2].any(), "black stays black"
    assert np.isclose(found[1, 0].max(), 1 / 16), "the other crops do not notice"
    assert np.isclose(found[0, 2].max(), 1), "the largest has maximum 1"
    faint = np.asarray(area_normalise(crops * 1e-12, np.array([1.0, 2.0, 4.0])))
    assert np.allclose(faint, found), "a faint crop is normalised like a bright one"


decide_area_normalise()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what is shown? (3 points)
#
# 1. A network takes the maximum over its whole last map. Accuracy with one flanker is 0.55 at a spacing at
#    which no unit sees both objects, and 0.95 for the target alone. Where does the loss come from,
#    and what would a larger spacing change?
# 2. "Thin letters crowd less than digits, so crowding depends on similarity." Name another
#    explanation and the experiment that tells the two apart.
# 3. Of two networks, trained for equally many steps, the one that pools scales early has the lower
#    accuracy with flankers. What must be looked at before early pooling is blamed?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. Through the maximum: each feature is the greater of target's and flanker's, wherever they
#    stand. A larger spacing changes nothing at all. *Half a point* for one of the two.
# 2. Brightness (ink): thin letters have fewer bright pixels. Compare at equal brightness: dim the
#    digits to that of thin letters.
# 3. Whether both have learned the task: training loss and accuracy for targets alone; train the
#    early one longer. Several seeds, since two runs of one network differ as well.
# ### END SOLUTION
