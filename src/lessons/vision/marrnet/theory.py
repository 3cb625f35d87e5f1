r"""Equations of MarrNet: 2.5-D sketches, re-projection losses, intersection over union.

After Wu et al. 2017, arXiv:1711.03129, section 3. Grids are arrays [y, x, z] with y
down, x to the right and z away from the camera, which is orthographic: the pixel (y, x)
sees the ray `voxels[y, x, :]`. Depths count voxels, infinity where a ray hits nothing.
Normals are unit vectors (a, b, c) in the directions (x, y, z) that point to the camera,
so that c < 0.
"""

import math

from keras import ops

LEAST_FACING = 0.2  # |n_c| below it is grazing: the slope n_a / n_c is not used
CHANNELS = 5  # of a sketch: normal (3), depth over the grid's size, silhouette


def render(voxels, threshold=0.5):
    r"""What the camera sees of a grid: $d = \min\{z : v_{y,x,z} > \tau\}$.

    Args:
        voxels: occupancies, shape (batch, height, width, depth).
        threshold: $\tau$.

    Returns:
        (depth, silhouette), shapes (batch, height, width): the index of the first
        occupied voxel, infinity where there is none; 1 where there is one, else 0.
    """
    occupied = voxels > threshold
    hit = ops.any(occupied, axis=-1)
    first = ops.cast(ops.argmax(ops.cast(occupied, "int32"), axis=-1), voxels.dtype)
    return ops.where(hit, first, math.inf), ops.cast(hit, voxels.dtype)


def masked(sketches):
    r"""Normals and depth times the silhouette, the input of the second step.

    Args:
        sketches: (normal, depth, silhouette), shape (batch, height, width, 5).

    Returns:
        Shape (batch, height, width, 4).
    """
    return sketches[..., :4] * sketches[..., 4:]


def sketch_loss(
    predicted, true, inside_only=False, silhouette_weight=1.0, depth_weight=1.0
):
    r"""Squared error of the sketches, mean over pixels (step 1).

    $$\frac{1}{HW} \sum_{y,x} \big( |n - \hat n|^2 + w_d (d - \hat d)^2
    + w_s (s - \hat s)^2 \big)$$

    Args:
        predicted, true: shape (batch, height, width, 5).
        inside_only: whether normals and depths count inside the true silhouette only,
            as in the authors' later code.
        silhouette_weight: $w_s$.
        depth_weight: $w_d$; depths inside a shape differ by a tenth, normals by one.

    Returns:
        Shape (batch,).
    """
    squares = ops.square(predicted - true)
    surface = ops.sum(squares[..., :3], axis=-1) + depth_weight * squares[..., 3]
    if inside_only:
        surface = surface * true[..., 4]
    return ops.mean(surface + silhouette_weight * squares[..., 4], axis=(1, 2))


def voxel_loss(logits, voxels, positive_weight=1.0):
    r"""Cross-entropy of the voxels in nats, mean over voxels (step 2).

    $$-\frac{1}{N} \sum \big( w\, V \log \sigma(a) + (1 - V) \log (1 - \sigma(a))
    \big)$$

    Args:
        logits: $a$, shape (batch, height, width, depth).
        voxels: $V$, 0 or 1, of the same shape.
        positive_weight: $w$ of occupied voxels, which are few.

    Returns:
        Shape (batch,).
    """
    losses = positive_weight * voxels * ops.softplus(-logits)
    losses = losses + (1 - voxels) * ops.softplus(logits)
    return ops.mean(losses, axis=(1, 2, 3))


def depth_loss(voxels, depth):
    r"""Re-projection loss of depth and silhouette (section 3.3).

    $$L_d = \sum_{y,x} \Big( \sum_{z<d} v_z^2 + (1 - v_d)^2 \Big)$$
    and nothing behind $d$. Where $d = \infty$ the whole ray is in front.

    Args:
        voxels: $v$, shape (batch, height, width, depth).
        depth: whole numbers or infinity, shape (batch, height, width).

    Returns:
        Shape (batch,).
    """
    front, surface = _front_and_surface(voxels, depth)
    squares = front * ops.square(voxels) + surface * ops.square(1 - voxels)
    return ops.sum(squares, axis=(1, 2, 3))


def depth_gradient(voxels, depth):
    r"""$\partial L_d / \partial v$: $2v$ in front, $2(v - 1)$ at $d$, 0 behind.

    Args:
        voxels, depth: as for `depth_loss`.

    Returns:
        Shape of `voxels`.
    """
    front, surface = _front_and_surface(voxels, depth)
    return 2 * (front * voxels + surface * (voxels - 1))


def _front_and_surface(voxels, depth):
    """Zeros and ones: what lies in front of the depths, and at them."""
    places = ops.arange(voxels.shape[-1], dtype=voxels.dtype)
    depth = ops.cast(depth, voxels.dtype)[..., None]
    # Comparisons alone: infinity times nothing would be no number.
    front = ops.cast(places < depth, voxels.dtype)
    return front, ops.cast(ops.equal(places, depth), voxels.dtype)


def slopes(normals):
    r"""How much deeper the surface is one pixel further on, and where that is known.

    The tangents $(0, -1, n_b/n_c)$ and $(-1, 0, n_a/n_c)$ are orthogonal to $n$: one
    pixel up the depth changes by $n_b/n_c$, one pixel to the left by $n_a/n_c$.

    Args:
        normals: (a, b, c), shape (..., 3).

    Returns:
        (up, left, facing), shapes (...): both slopes, 0 where they are not used; 1
        where $|n_c|$ is at least `LEAST_FACING`, else 0.
    """
    a, b, c = normals[..., 0], normals[..., 1], normals[..., 2]
    faces = ops.abs(c) >= LEAST_FACING
    safe = ops.where(faces, c, ops.ones_like(c))  # before the division, not after it
    facing = ops.cast(faces, normals.dtype)
    return facing * b / safe, facing * a / safe, facing


def normal_terms(depth, normals, size):
    r"""The target voxels of the normal loss.

    Four for each pixel of the silhouette with depth $z$ that faces the camera:
    $v_{y-1,x,z+n_b/n_c}$, $v_{y+1,x,z-n_b/n_c}$, $v_{y,x-1,z+n_a/n_c}$ and
    $v_{y,x+1,z-n_a/n_c}$. Targets outside the grid or the silhouette do not count.

    Args:
        depth: whole numbers or infinity, shape (batch, height, width).
        normals: shape (batch, height, width, 3).
        size: of the grid along z.

    Returns:
        List of four tuples (rows, columns, places, counts): how far the target is
        moved, its z, and whether it counts, 0 or 1, of shape (batch, height, width) at
        the pixel that the target is *of*.
    """
    inside = depth < math.inf
    depth = ops.where(inside, depth, ops.zeros_like(depth))
    inside = ops.cast(inside, normals.dtype)
    depth = ops.cast(depth, normals.dtype)
    up, left, facing = slopes(normals)
    terms = []
    for rows, columns, slope in (
        (-1, 0, up),
        (1, 0, -up),
        (0, -1, left),
        (0, 1, -left),
    ):
        places = depth + slope
        in_grid = ops.cast((places >= 0) & (places <= size - 1), normals.dtype)
        there = moved(inside, rows, columns)
        terms.append((rows, columns, places, inside * facing * in_grid * there))
    return terms


def moved(values, rows, columns):
    """At each pixel the value that stands `rows` below and `columns` right of it.

    Args:
        values: shape (batch, height, width, ...).
        rows, columns: -1, 0 or 1.

    Returns:
        Shape of `values`; 0 where that is outside.
    """
    height, width = values.shape[1:3]
    rest = [(0, 0)] * (len(values.shape) - 3)
    padded = ops.pad(values, [(0, 0), (1, 1), (1, 1), *rest])
    return padded[:, 1 + rows : 1 + rows + height, 1 + columns : 1 + columns + width]


def normal_loss(voxels, depth, normals):
    r"""Re-projection loss of the normals (section 3.3), with interpolation along z.

    $$L_n = \sum_{\text{targets}} (1 - v(z^*))^2, \qquad v(z^*) = (1 - f)\, v_k + f\,
    v_{k+1}, \quad k = \lfloor z^* \rfloor, f = z^* - k$$

    Args:
        voxels: shape (batch, height, width, depth).
        depth: whole numbers or infinity, shape (batch, height, width).
        normals: shape (batch, height, width, 3).

    Returns:
        Shape (batch,).
    """
    total = 0.0
    for _, occupied, _, counts in _interpolated(voxels, depth, normals):
        total += ops.sum(counts * ops.square(1 - occupied), axis=(1, 2))
    return total


def normal_gradient(voxels, depth, normals):
    r"""$\partial L_n / \partial v$: $2(v(z^*) - 1)$, shared out as (1 - f, f).

    Where several terms meet in one voxel their gradients add up.

    Args:
        voxels, depth, normals: as for `normal_loss`.

    Returns:
        Shape of `voxels`.
    """
    total = ops.zeros_like(voxels)
    for place, occupied, hat, counts in _interpolated(voxels, depth, normals):
        pull = 2 * (counts * (occupied - 1))[..., None] * hat
        total = total + moved(pull, -place[0], -place[1])
    return total


def _interpolated(voxels, depth, normals):
    """(place, occupancy of the target, weights along its ray, counts) of each term."""
    size = voxels.shape[-1]
    levels = ops.arange(size, dtype=voxels.dtype)
    normals = ops.cast(normals, voxels.dtype)
    for rows, columns, places, counts in normal_terms(depth, normals, size):
        hat = ops.maximum(1 - ops.abs(levels - places[..., None]), 0)
        occupied = ops.sum(hat * moved(voxels, rows, columns), axis=-1)
        yield (rows, columns), occupied, hat, counts


def num_normal_terms(depth, normals, size):
    """How many targets the normal loss has, shape (batch,).

    Args:
        depth, normals, size: as for `normal_terms`.
    """
    return sum(ops.sum(t[-1], axis=(1, 2)) for t in normal_terms(depth, normals, size))


def reprojection_loss(voxels, depth, normals, normal_weight=1.0):
    r"""$(L_d + w L_n) / (HW)$, what fine-tuning minimises, shape (batch,).

    Divided by the number of pixels, so that a rate suits every resolution.

    Args:
        voxels, depth, normals: as for `normal_loss`.
        normal_weight: $w$; 1 in the paper.
    """
    total = depth_loss(voxels, depth)
    total = total + normal_weight * normal_loss(voxels, depth, normals)
    return total / (voxels.shape[1] * voxels.shape[2])


def iou(voxels, others, threshold=0.5):
    r"""Intersection over union, $|A \cap B| / |A \cup B|$; 1 where both are empty.

    Args:
        voxels: occupancies, shape (batch, height, width, depth).
        others: 0 or 1, of the same shape.
        threshold: a voxel is in $A$ if its occupancy is strictly above it.

    Returns:
        Shape (batch,).
    """
    here, there = voxels > threshold, others > 0.5
    axes = tuple(range(1, len(voxels.shape)))
    both = ops.sum(ops.cast(here & there, "float32"), axis=axes)
    either = ops.sum(ops.cast(here | there, "float32"), axis=axes)
    nothing = ops.cast(either < 0.5, "float32")
    return (both + nothing) / (either + nothing)
