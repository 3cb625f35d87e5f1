# %% [markdown]
# # Exercise: what a picture may ask of voxels
#
# Five functions to write (12 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `marrnet` first. Time: about two
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
#   package `lessons.vision.marrnet` cannot be imported.
# * Arrays come in and go out as NumPy arrays of one image, without an axis for a batch.
#   Grids are arrays $[y, x, z]$: $y$ down, $x$ to the right, $z$ away from the camera,
#   which sees the ray `v[y, x, :]` at the pixel $(y, x)$. Inside you may use what you
#   like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * Normals are unit vectors $(n_a, n_b, n_c)$ in the directions $(x, y, z)$ that point
#   to the camera, so that $n_c < 0$.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `render_depth` (2 points)
#
# The depth of a pixel is the index of the first voxel on its ray that is occupied,
# which means strictly above 0.5. Where the ray hits nothing the depth is infinite.
#
# **The variant.** The camera has a **near plane**: it sees nothing of what lies in
# front of the index `near`. Depths are still counted from the front of the grid.

# %% [markdown] hints="render_depth"
# 1. What does the camera meet first on a ray, from `near` on, and what does it meet if
#    nothing is there?
# 2. `argmax` of booleans finds the first True. What does it say of a ray without one?
# 3. Find out what is occupied at or behind `near`; take the first index where any is,
#    and infinity elsewhere.


# %% nbgrader={"grade_id": "render_depth", "solution": true}
def render_depth(voxels, near):
    """Depth and silhouette of a grid behind a near plane.

    Args:
        voxels: occupancies, shape (height, width, depth).
        near: the first index that is seen, from 0 to depth - 1.

    Returns:
        (depth, silhouette), floats of shape (height, width): infinity and 0 where a ray
        hits nothing.
    """
    ### BEGIN SOLUTION
    seen = (voxels > 0.5) & (np.arange(voxels.shape[2]) >= near)
    hit = seen.any(axis=2)
    return np.where(hit, seen.argmax(axis=2), np.inf), hit.astype(float)
    ### END SOLUTION


# %% nbgrader={"grade_id": "render_depth_tests", "grade": true, "points": 2, "axes": [2, 2]}
def check_render_depth():
    voxels = np.array([[[0.0, 0.9, 0.2, 0.8], [0.0, 0.0, 0.0, 0.0]]])
    depth, silhouette = render_depth(voxels, 0)
    assert np.shape(depth) == (1, 2), "one depth for each ray, (height, width)"
    assert depth[0, 0] == 1, "the first voxel above 0.5 is number 1"
    assert depth[0, 1] == np.inf, "an empty ray hits nothing: infinity, not 0"
    assert np.allclose(silhouette, [[1, 0]]), "1 where the ray hits something, else 0"
    depth, _ = render_depth(voxels, 2)
    assert depth[0, 0] == 3, (
        "voxel 1 lies in front of the near plane: the first one that is seen is 3"
    )


check_render_depth()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_render_depth():
    rng = np.random.default_rng(1711)
    for shape in ((5, 4, 3), (2, 3, 6), (1, 1, 1), (4, 4, 4), (3, 5, 8)):
        for near in range(shape[2]):
            voxels = rng.random(shape) * rng.choice([0.6, 1.0], shape[:2])[..., None]
            depth, silhouette = render_depth(voxels, near)
            assert np.shape(depth) == shape[:2], "one depth for each ray"
            assert np.shape(silhouette) == shape[:2], "one silhouette for each ray"
            for y, x in np.ndindex(*shape[:2]):
                places = [z for z in range(near, shape[2]) if voxels[y, x, z] > 0.5]
                expected = places[0] if places else np.inf
                assert depth[y, x] == expected, (
                    "the first index from the near plane on where the ray is occupied, "
                    "counted from the front of the grid; infinity where it is empty"
                )
                assert silhouette[y, x] == bool(places), "1 where anything is hit"
    depth, silhouette = render_depth(np.full((1, 1, 2), 0.5), 0)
    assert depth[0, 0] == np.inf and silhouette[0, 0] == 0, (
        "occupied is strictly above 0.5"
    )
    depth, silhouette = render_depth(np.full((2, 1, 3), 0.5 + 1e-9), 0)
    assert np.all(depth == 0) and np.all(silhouette == 1), (
        "0.5 and a little is occupied"
    )


decide_render_depth()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `depth_loss` (3 points)
#
# On a ray with depth $d$ every voxel in front must be 0 and the voxel at $d$ must be 1:
# the loss is the sum of $v_z^2$ over $z < d$ and of $(1 - v_d)^2$, over all rays. What
# lies behind is not seen. A ray of infinite depth hits nothing.
#
# **The variant.** The depth of some pixels is **not known**: it is NaN. Nothing is asked
# of their rays.
#
# Give the loss and its gradient with respect to the voxels.

# %% [markdown] hints="depth_loss"
# 1. Which voxels may the picture not contradict? And which voxels are "in front" on a
#    ray that hits nothing?
# 2. `np.arange(size) < depth[..., None]` says it for all rays at once, also for infinite
#    depths. What do comparisons with NaN give?
# 3. $v^2$ before $d$, $(1 - v)^2$ at $d$, nothing behind; the gradient is $2v$, $2(v - 1)$
#    and 0. A NaN is neither greater than nor equal to anything.


# %% nbgrader={"grade_id": "depth_loss", "solution": true}
def depth_loss(v, depth):
    """Re-projection loss of the depth, and its gradient.

    Args:
        v: occupancies in [0, 1], shape (height, width, size).
        depth: whole numbers from 0 to size - 1, infinity for rays that hit nothing, NaN
            where it is not known; floats, shape (height, width).

    Returns:
        (loss, gradient): a number, and an array of the shape of `v`.
    """
    ### BEGIN SOLUTION
    places = np.arange(v.shape[2])
    front = places < depth[..., None]
    surface = places == depth[..., None]
    loss = np.sum(v[front] ** 2) + np.sum((1 - v[surface]) ** 2)
    return loss, 2 * v * front + 2 * (v - 1) * surface
    ### END SOLUTION


# %% nbgrader={"grade_id": "depth_loss_tests", "grade": true, "points": 3, "axes": [0, 3]}
def check_depth_loss():
    v = np.array([[[0.5, 0.25, 0.75]]])
    loss, gradient = depth_loss(v, np.array([[1.0]]))
    assert np.allclose(loss, 0.25 + 0.5625), (
        "0.5 squared in front, (1 - 0.25) squared at the surface, nothing behind"
    )
    assert np.allclose(gradient, [[[1.0, -1.5, 0.0]]]), (
        "2 v in front, 2 (v - 1) at the surface, 0 behind"
    )
    loss, gradient = depth_loss(v, np.array([[np.inf]]))
    assert np.allclose(loss, 0.25 + 0.0625 + 0.5625), (
        "a ray that hits nothing is in front all along: every voxel must be 0"
    )
    loss, gradient = depth_loss(v, np.array([[np.nan]]))
    assert np.allclose(loss, 0) and np.allclose(gradient, 0), (
        "where the depth is not known nothing is asked"
    )


check_depth_loss()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_depth_loss():
    rng = np.random.default_rng(3129)
    for shape in ((1, 1, 2), (3, 4, 5), (4, 4, 4), (5, 2, 7), (2, 3, 1)):
        for _ in range(3):
            v = rng.random(shape)
            depth = rng.integers(0, shape[2], shape[:2]).astype(float)
            depth[rng.random(shape[:2]) < 0.2] = np.inf
            depth[rng.random(shape[:2]) < 0.2] = np.nan
            expected, slopes = 0.0, np.zeros(shape)
            for (y, x, z), value in np.ndenumerate(v):
                if z < depth[y, x]:
                    expected += value**2
                    slopes[y, x, z] = 2 * value
                elif z == depth[y, x]:
                    expected += (1 - value) ** 2
                    slopes[y, x, z] = 2 * (value - 1)
            loss, gradient = depth_loss(v, depth)
            assert np.shape(gradient) == shape, "the gradient has the shape of v"
            assert np.isfinite(loss) and np.all(np.isfinite(gradient)), (
                "neither infinite nor unknown depths may leave NaN behind"
            )
            assert np.allclose(loss, expected), (
                "squares in front, (1 - v) squared at the surface, nothing behind or on "
                "unknown rays; summed over all rays"
            )
            assert np.allclose(gradient, slopes), (
                "the gradient is 2 v in front, 2 (v - 1) at the surface, 0 elsewhere"
            )
    loss, gradient = depth_loss(np.ones((1, 1, 2)), np.array([[0.0]]))
    assert np.allclose(loss, 0) and np.allclose(gradient, 0), (
        "what lies behind the surface is free"
    )


decide_depth_loss()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `normal_targets` (2 points)
#
# A pixel has its surface at $z$ and the normal $n$. One pixel further up, down, left and
# right the surface must go on: give the four points where.
#
# **The variant.** Voxels are **`ratio` times as deep as they are wide**: one voxel along
# $z$ is as long as `ratio` voxels along $x$ or $y$. The normal is that of the real
# surface, in real lengths; $z$ is counted in voxels.

# %% [markdown] hints="normal_targets"
# 1. If you go one row up along the surface, how much deeper are you then? Draw a floor
#    that rises away from the camera.
# 2. A step along the surface is orthogonal to $n$. Which vector $(0, -1, t)$ is, and how
#    many voxels is its $t$?
# 3. One row up the depth changes by $n_b / n_c$ pixel widths, one row down by minus that;
#    one column to the left by $n_a / n_c$. Divide by `ratio` to count voxels.


# %% nbgrader={"grade_id": "normal_targets", "solution": true}
def normal_targets(y, x, z, normal, ratio):
    """Where the surface goes on, one pixel up, down, left and right.

    Args:
        y, x: the pixel.
        z: depth of its surface, in voxels.
        normal: (n_a, n_b, n_c) along (x, y, z), shape (3,); n_c is not 0.
        ratio: how many times as deep as wide a voxel is.

    Returns:
        Points (y, x, z) in the order up, down, left, right, floats of shape (4, 3).
    """
    ### BEGIN SOLUTION
    a, b, c = normal
    up, left = b / c / ratio, a / c / ratio
    return np.array(
        [
            [y - 1, x, z + up],
            [y + 1, x, z - up],
            [y, x - 1, z + left],
            [y, x + 1, z - left],
        ],
        dtype=float,
    )
    ### END SOLUTION


# %% nbgrader={"grade_id": "normal_targets_tests", "grade": true, "points": 2, "axes": 2}
def check_normal_targets():
    floor = np.array([0.0, -0.6, -0.8])
    found = normal_targets(5, 7, 3, floor, 1.0)
    assert np.shape(found) == (4, 3), "four points of three coordinates"
    assert np.allclose(np.asarray(found)[:, :2], [[4, 7], [6, 7], [5, 6], [5, 8]]), (
        "one pixel up, down, left and right, as (y, x, z)"
    )
    assert np.allclose(found[0], [4, 7, 3.75]), (
        "a floor seen from above: its normal points up (y is down, so n_b < 0), and one "
        "row up in the picture it is further away by n_b / n_c = 0.75"
    )
    found = normal_targets(5, 7, 3, floor, 3.0)
    assert np.allclose(found[0], [4, 7, 3.25]), (
        "0.75 pixel widths are a quarter of a voxel that is three times as deep"
    )


check_normal_targets()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_normal_targets():
    rng = np.random.default_rng(25)
    for _ in range(20):
        normal = rng.normal(size=3)
        normal[2] = -abs(normal[2]) - 0.1
        normal /= np.linalg.norm(normal)
        y, x, z = rng.integers(0, 20, 3)
        ratio = rng.uniform(0.3, 4)
        found = np.asarray(normal_targets(y, x, z, normal, ratio), float)
        assert found.shape == (4, 3), "four points of three coordinates"
        moved = found - [y, x, z]
        assert np.allclose(moved[:, :2], [[-1, 0], [1, 0], [0, -1], [0, 1]]), (
            "in the order up, down, left, right"
        )
        real = np.stack([moved[:, 1], moved[:, 0], ratio * moved[:, 2]], axis=1)
        assert np.allclose(real @ normal, 0), (
            "each step, in real lengths (x, y, z), must be orthogonal to the normal"
        )
    wall = np.array([0.6, 0.0, -0.8])
    found = np.asarray(normal_targets(1, 1, 4, wall, 1.0))
    assert np.allclose(found[:, 2], [4, 4, 3.25, 4.75]), (
        "a wall whose normal points to the right comes nearer to the left"
    )
    found = np.asarray(normal_targets(1, 1, 4, wall, 0.5))
    assert np.allclose(found[:, 2], [4, 4, 2.5, 5.5]), "divide by the ratio"


decide_normal_targets()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `normal_loss` (4 points)
#
# The surface must go on where the normals say: at each pixel of the silhouette, with
# depth $z$, the occupancies at $(y - 1, x, z + n_b/n_c)$, $(y + 1, x, z - n_b/n_c)$,
# $(y, x - 1, z + n_a/n_c)$ and $(y, x + 1, z - n_a/n_c)$ should be 1. At a fractional $z$ the
# occupancy is interpolated linearly between the two voxels of the ray. Each target adds
# $(1 - \text{occupancy})^2$.
#
# These do not count: targets with a $z$ below 0 or above size - 1 (both ends do exist),
# targets whose pixel lies outside the picture or outside the silhouette, and all targets
# of a pixel with $|n_c| < 0.2$.
#
# **The variant.** A surface that is seen from the edge says little: all four terms of a
# pixel are weighted by its $|n_c|$.
#
# Give the loss and its gradient with respect to the voxels.

# %% [markdown] hints="normal_loss"
# 1. What is the occupancy between two voxels? And which targets do not exist?
# 2. Interpolate first, then 1 minus, then square: with $v = 0$ and 1 around $z = 0.25$ a
#    term is $0.75^2$. What does it add to the gradient of each of the two voxels?
# 3. With $k = \lfloor z \rfloor$, $f = z - k$ and $m = 1 - (1 - f) v_k - f v_{k+1}$ a term is
#    $|n_c| m^2$; $-2 |n_c| (1 - f) m$ goes to voxel $k$ and $-2 |n_c| f m$ to voxel $k + 1$.
#    Several terms may meet in one voxel: add them up.


# %% nbgrader={"grade_id": "normal_loss", "solution": true}
def normal_loss(v, depth, normals):
    """Re-projection loss of the normals, and its gradient.

    Args:
        v: occupancies, shape (height, width, size); the size is at least 2.
        depth: whole numbers, infinity outside the silhouette, shape (height, width).
        normals: (n_a, n_b, n_c), zeros outside the silhouette, shape (height, width, 3).

    Returns:
        (loss, gradient): a number, and an array of the shape of `v`.
    """
    ### BEGIN SOLUTION
    height, width, size = v.shape
    loss, gradient = 0.0, np.zeros(v.shape)
    for y in range(height):
        for x in range(width):
            a, b, c = normals[y, x]
            if np.isinf(depth[y, x]) or abs(c) < 0.2:
                continue
            for row, column, z in (
                (y - 1, x, depth[y, x] + b / c),
                (y + 1, x, depth[y, x] - b / c),
                (y, x - 1, depth[y, x] + a / c),
                (y, x + 1, depth[y, x] - a / c),
            ):
                inside = 0 <= row < height and 0 <= column < width
                if not inside or not 0 <= z <= size - 1 or np.isinf(depth[row, column]):
                    continue
                low = min(int(z), size - 2)
                part = z - low
                ray = v[row, column]
                missing = 1 - (1 - part) * ray[low] - part * ray[low + 1]
                loss += abs(c) * missing**2
                gradient[row, column, low] -= 2 * abs(c) * (1 - part) * missing
                gradient[row, column, low + 1] -= 2 * abs(c) * part * missing
    return loss, gradient
    ### END SOLUTION


# %% nbgrader={"grade_id": "normal_loss_tests", "grade": true, "points": 4, "axes": [0, 3]}
def check_normal_loss():
    flat = np.tile([0.0, 0.0, -1.0], (1, 2, 1))
    loss, gradient = normal_loss(np.full((1, 2, 2), 0.25), np.zeros((1, 2)), flat)
    assert np.allclose(loss, 2 * 0.5625), (
        "two pixels side by side that face the camera: each has one target, at the same "
        "depth in the other's ray, and adds (1 - 0.25) squared"
    )
    assert np.allclose(gradient, [[[-1.5, 0], [-1.5, 0]]]), "2 (v - 1) at the targets"
    tilted = np.tile([0.6, 0.0, -0.8], (1, 2, 1))
    v = np.zeros((1, 2, 2))
    v[0, 1, 1] = 1.0
    loss, gradient = normal_loss(v, np.zeros((1, 2)), tilted)
    assert np.allclose(loss, 0.8 * 0.0625), (
        "the right pixel's ray is asked at z = 0.75: its occupancy there is 0.75, and "
        "the pixel weighs 0.8; the other target has z = -0.75 and does not exist"
    )
    assert np.allclose(gradient[0, 1], [-0.8 * 0.125, -0.8 * 0.375]), (
        "the gradient is shared out between both voxels, a quarter and three quarters"
    )


check_normal_loss()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_normal_loss():
    def plane(size, slope_x, slope_y, offset):
        y, x, z = np.meshgrid(*[np.arange(size)] * 3, indexing="ij")
        solid = (z >= slope_x * x + slope_y * y + offset).astype(float)
        hit = solid.any(axis=2)
        depth = np.where(hit, solid.argmax(axis=2), np.inf)
        normal = np.array([slope_x, slope_y, -1.0])
        normal /= np.linalg.norm(normal)
        return solid, depth, np.tile(normal, (size, size, 1))

    for slopes in ((1, 0, 0), (-1, 0, 7), (0, 1, 0), (0, -1, 7), (1, -1, 7)):
        loss, gradient = normal_loss(*plane(8, *slopes))
        assert np.allclose(loss, 0) and np.allclose(gradient, 0), (
            "a solid behind a plane must have no loss with the normal of that plane, "
            "whichever way it is tilted"
        )
    weight = 1 / np.sqrt(1.25)
    for slopes in ((0.5, 0, 0), (0, 0.5, 0)):
        loss, _ = normal_loss(*plane(16, *slopes))
        assert np.allclose(loss, 60 * weight), (
            "with a slope of one half targets lie between voxels: interpolate"
        )
    solid, depth, normals = plane(16, 1, 0, 0)
    for wrong, expected in (
        (normals * [-1, 1, 1], 224),
        (normals[..., [1, 0, 2]], 465),
    ):
        loss, _ = normal_loss(solid, depth, wrong)
        assert np.allclose(loss, expected / np.sqrt(2)), "count the four targets once"
    rng = np.random.default_rng(2017)
    for shape in ((1, 1, 2), (4, 5, 6), (5, 3, 4), (5, 5, 5), (3, 6, 2)):
        for _ in range(3):
            v = rng.random(shape)
            depth = rng.integers(0, shape[2], shape[:2]).astype(float)
            depth[rng.random(shape[:2]) < 0.2] = np.inf
            normals = rng.normal(size=(*shape[:2], 3)) * [1, 1, 1.5]
            normals /= np.linalg.norm(normals, axis=2, keepdims=True)
            normals[..., 2] = -np.abs(normals[..., 2])
            normals[np.isinf(depth)] = 0
            given = v.copy(), depth.copy(), normals.copy()
            loss, gradient = normal_loss(*given)
            expected, slopes = 0.0, np.zeros(shape)
            for y, x in np.ndindex(*shape[:2]):
                a, b, c = normals[y, x]
                if not np.isfinite(depth[y, x]) or abs(c) < 0.2:
                    continue
                for rows, columns, slope in (
                    (-1, 0, b / c),
                    (1, 0, -b / c),
                    (0, -1, a / c),
                    (0, 1, -a / c),
                ):
                    row, column, z = y + rows, x + columns, depth[y, x] + slope
                    if row < 0 or column < 0 or row >= shape[0] or column >= shape[1]:
                        continue
                    if np.isinf(depth[row, column]) or z < 0 or z > shape[2] - 1:
                        continue
                    hat = np.maximum(0, 1 - np.abs(np.arange(shape[2]) - z))
                    missing = 1 - hat @ v[row, column]
                    expected += abs(c) * missing**2
                    slopes[row, column] -= 2 * abs(c) * missing * hat
            assert np.shape(gradient) == shape, "the gradient has the shape of v"
            assert np.allclose(loss, expected), (
                "sum over the targets that exist of |n_c| (1 - occupancy) squared, the "
                "occupancy interpolated along z"
            )
            assert np.allclose(gradient, slopes), (
                "each term pulls at two voxels, as much as each has in the occupancy; "
                "where terms meet their pulls add up"
            )
    # The border and what lies behind it: a target outside is no target.
    v = np.zeros((3, 3, 4))
    depth = np.full((3, 3), np.inf)
    depth[1, 1] = 2
    normals = np.zeros((3, 3, 3))
    normals[1, 1, 2] = -1
    loss, gradient = normal_loss(v, depth, normals)
    assert np.allclose(loss, 0) and np.allclose(gradient, 0), (
        "the targets of a single pixel lie outside the silhouette"
    )
    depth = np.full((2, 2), 1.0)
    normals = np.tile([0.0, 0.0, -1.0], (2, 2, 1))
    loss, gradient = normal_loss(np.full((2, 2, 3), 0.25), depth, normals)
    assert np.allclose(loss, 8 * 0.5625), "two targets for each of four corner pixels"
    assert np.allclose(gradient[..., 1], -3.0), "two terms meet in each voxel: add them"
    for last in (0.0, 2.0):
        depth = np.full((1, 2), last)
        loss, _ = normal_loss(np.zeros((1, 2, 3)), depth, normals[:1])
        assert np.allclose(loss, 2), "the first and the last voxel of a ray do exist"
    for facing, count in ((0.2, 1), (0.199, 0)):
        steep = np.array([0.0, 0.0, -facing])
        loss, _ = normal_loss(
            np.zeros((1, 2, 3)), np.ones((1, 2)), np.tile(steep, (1, 2, 1))
        )
        assert np.allclose(loss, count * 2 * facing), "|n_c| = 0.2 still counts"


decide_normal_loss()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `iou` (1 point)
#
# Intersection over union of a prediction and the truth.
#
# **The variant.** The truth is **known in a part of the grid** only; nothing else may
# count. If there both are empty the result is 1.

# %% [markdown] hints="iou"
# 1. Which voxels are in the union? What if there are none?
# 2. Combine booleans first: above the threshold, and in the known part.
# 3. Strictly above the threshold; the number of known voxels in both over the number of
#    known voxels in either; 1 if the latter is 0.


# %% nbgrader={"grade_id": "iou", "solution": true}
def iou(predicted, truth, known, threshold):
    """Intersection over union in the known part of a grid.

    Args:
        predicted: occupancies, shape (height, width, size).
        truth: booleans of the same shape.
        known: booleans of the same shape.
        threshold: a voxel is predicted if its occupancy is strictly above it.

    Returns:
        A number from 0 to 1.
    """
    ### BEGIN SOLUTION
    here = (predicted > threshold) & known
    there = truth & known
    either = np.sum(here | there)
    return float(np.sum(here & there) / either) if either else 1.0
    ### END SOLUTION


# %% nbgrader={"grade_id": "iou_tests", "grade": true, "points": 1, "axes": 0}
def check_iou():
    predicted = np.array([[[0.9, 0.8, 0.1, 0.2]]])
    truth = np.array([[[True, False, True, False]]])
    known = np.ones((1, 1, 4), bool)
    assert np.allclose(iou(predicted, truth, known, 0.5), 1 / 3), (
        "one voxel in both, three in either"
    )
    known[0, 0, 1] = False
    assert np.allclose(iou(predicted, truth, known, 0.5), 1 / 2), (
        "the second voxel is not known, so it is in neither"
    )


check_iou()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_iou():
    rng = np.random.default_rng(57)
    for shape in ((1, 1, 3), (4, 3, 2), (3, 3, 3), (2, 5, 4)):
        for threshold in (0.2, 0.5, 0.9):
            predicted = rng.random(shape)
            truth, known = rng.random(shape) < 0.4, rng.random(shape) < 0.7
            places = [p for p in np.ndindex(*shape) if known[p]]
            here = {p for p in places if predicted[p] > threshold}
            there = {p for p in places if truth[p]}
            expected = len(here & there) / len(here | there) if here | there else 1
            assert np.allclose(iou(predicted, truth, known, threshold), expected), (
                "known voxels in both over known voxels in either"
            )
    full = np.ones((2, 2, 2), bool)
    assert iou(np.full((2, 2, 2), 0.5), full, full, 0.5) == 0, (
        "strictly above the threshold"
    )
    assert iou(np.zeros((2, 2, 2)), ~full, full, 0.5) == 1, "both are empty: 1"
    single = np.full((1, 1, 3), 0.5)
    single[0, 0, 0] = 0.9
    first = np.array([[[True, False, False]]])
    assert iou(single, ~first & first, first | True, 0.5) == 0, (
        "one voxel is predicted and none is true: 0, a union of one voxel is not empty"
    )
    assert iou(single, first, first | True, 0.5) == 1, (
        "voxels exactly at the threshold are not predicted: they are not in the union"
    )
    assert iou(np.ones((2, 2, 2)), full, ~full, 0.5) == 1, "nothing is known: 1"
    for shift in range(5):
        one, other = np.zeros((12, 4, 4)), np.zeros((12, 4, 4), bool)
        one[2:6], other[2 + shift : 6 + shift] = 1, True
        found = iou(one, other, np.ones(one.shape, bool), 0.5)
        assert np.allclose(found, (4 - shift) / (4 + shift)), (
            "two blocks of 4, one moved by s, overlap by (4 - s) / (4 + s)"
        )


decide_iou()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: does the loss know the shape? (3 points)
#
# A colleague fine-tunes a network on the sketches of one photograph and reports: "The
# re-projection loss fell from 1.0 to 0.3, so the shape is now much closer to the truth.
# With the decoder free it even fell to 0.1; so one should free it."
#
# 1. Name two grids, neither of them the true shape, whose depth loss is exactly 0 for true
#    sketches. Which of them has a lower normal loss than a thin shape with legs, and why?
# 2. Why may a free decoder reach a lower loss and yet a worse shape? In which case would you
#    expect it to do better than the fixed one?
# 3. The sketches are predicted, and the depth is wrong by one voxel. Compare what an *empty*
#    grid costs with what the true shape costs, in depth loss. What would you print beside the
#    loss during fine-tuning, and which simple answers without any network would you compare
#    the result with?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shape", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. Everything behind the visible surface filled, the visible shell alone, or a shell of any
#    thickness: all render to the same depth. Only the *filled* solid has a lower normal loss than
#    the truth (a shell of one voxel has a much higher one): where
#    the surface breaks off (an edge of the seat, a leg in front of another) the target of a normal
#    lies behind the neighbour's surface, and there the solid is 1 and the thin shape is 0.
# 2. The losses say nothing about what is not seen; the fixed decoder can only make shapes like
#    those it was trained on, the free one anything that fits the visible side, and with wrong
#    sketches it fits their errors too. With true sketches the losses are right where they say
#    anything, so more freedom may help.
# 3. An empty grid costs 1 for each pixel of the silhouette. The true shape, held against a depth
#    that is one voxel too far, costs at least 1 for each pixel too (a voxel in front that is 1,
#    and often a surface voxel that is 0), so emptying the grid *lowers* the loss. Too near: the
#    truth costs exactly one for each pixel, as the empty grid does: a tie. Both answers count. Print the
#    occupied share (and the intersection over union where the truth is known). Compare with a
#    shell of fixed thickness behind the depth, the mean training shape, the nearest training
#    shape, and with doing nothing. *Half a point* for the costs without the comparison.
# ### END SOLUTION
