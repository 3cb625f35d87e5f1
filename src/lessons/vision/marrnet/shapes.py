r"""Chairs, tables and blocks as unions of boxes, and the voxels they fill.

Coordinates of the world are (x right, y down, z away from the camera), from -1 to 1
across the grid: voxel k lies at $2 (k + 1/2) / G - 1$. A shape stands in a frame of its
own, y down as well; a point P of the world is P R there, $R = R_x(e) R_y(a)$ with the
elevation e of the camera and the azimuth a of the shape.
"""

import numpy as np

from lessons.toolkit.errors import unknown

CATEGORIES = ("chair", "table", "blocks")
AZIMUTH = np.deg2rad(60)  # at most, either way
ELEVATION = (0.2, 0.6)  # radians
MARGIN = 0.02  # a voxel is occupied up to this distance from a box

# Ranges of the sizes, in units of the world (the grid is 2 wide); halves of boxes.
CHAIR = {
    "width": (0.36, 0.50),
    "depth": (0.36, 0.48),
    "seat": (0.06, 0.10),
    "seat_at": (0.0, 0.12),
    "leg": (0.05, 0.085),
    "legs": (0.20, 0.28),
    "back": (0.24, 0.36),
    "back_thick": (0.05, 0.09),
    "arm": (0.04, 0.065),
    "arm_up": (0.09, 0.15),
}
TABLE = {
    "width": (0.46, 0.64),
    "depth": (0.38, 0.54),
    "top": (0.05, 0.09),
    "top_at": (-0.36, -0.18),
    "leg": (0.05, 0.09),
    "legs": (0.24, 0.36),
}
BLOCK = (0.20, 0.42)
BLOCK_AT = 0.25


def boxes(category, rng):
    """A shape of a category at random.

    Args:
        category: one of `CATEGORIES`.
        rng: a NumPy generator.

    Returns:
        (centres, halves): shapes (boxes, 3), in the frame of the shape.
    """
    if category not in CATEGORIES:
        raise unknown("category", category, CATEGORIES)
    if category == "blocks":
        return rng.uniform(-BLOCK_AT, BLOCK_AT, (2, 3)), rng.uniform(*BLOCK, (2, 3))
    ranges = CHAIR if category == "chair" else TABLE
    size = {name: rng.uniform(*span) for name, span in ranges.items()}
    parts = _chair(size, rng.random() < 0.5) if category == "chair" else _table(size)
    centres, halves = zip(*parts, strict=True)
    return np.array(centres), np.array(halves)


def _legs(size, top):
    """Four legs below the height `top`."""
    across, along = size["width"] - size["leg"], size["depth"] - size["leg"]
    return [
        ((x, top + size["legs"], z), (size["leg"], size["legs"], size["leg"]))
        for x in (-across, across)
        for z in (-along, along)
    ]


def _chair(size, arms):
    seat, at = size["seat"], size["seat_at"]
    parts = [((0, at, 0), (size["width"], seat, size["depth"]))]
    parts += _legs(size, at + seat)
    behind = size["depth"] - size["back_thick"]
    back = (size["width"], size["back"], size["back_thick"])
    parts.append(((0, at - seat - size["back"], behind), back))
    if arms:
        arm, up = size["arm"], size["arm_up"]
        for x in (-size["width"] + arm, size["width"] - arm):
            parts.append(((x, at - seat - up, 0), (arm, up, size["depth"])))
    return parts


def _table(size):
    top = ((0, size["top_at"], 0), (size["width"], size["top"], size["depth"]))
    return [top, *_legs(size, size["top_at"] + size["top"])]


def rotation(azimuth, elevation):
    r"""$R_x(e) R_y(a)$, which takes row vectors of the world into a shape's frame."""
    (ca, sa), (ce, se) = (
        (np.cos(angle), np.sin(angle)) for angle in (azimuth, elevation)
    )
    about_x = np.array([[1, 0, 0], [0, ce, -se], [0, se, ce]])
    about_y = np.array([[ca, 0, sa], [0, 1, 0], [-sa, 0, ca]])
    return about_x @ about_y


def distance(points, centres, halves):
    r"""Signed distance of points to a union of boxes.

    $$\min_\text{boxes} |\max(q, 0)|_2 + \min(\max_k q_k, 0),\quad q = |p - c| - h$$

    Args:
        points: in the frame of the shape, shape (n, 3).
        centres, halves: shape (boxes, 3).

    Returns:
        Shape (n,), negative inside.
    """
    q = np.abs(points[:, None] - centres) - halves  # (n, boxes, 3)
    outside = np.linalg.norm(np.maximum(q, 0), axis=-1)
    return np.min(outside + np.minimum(q.max(axis=-1), 0), axis=1)


def axis_of(size):
    """Coordinates of the voxels along an axis, shape (size,)."""
    return 2 * (np.arange(size) + 0.5) / size - 1


def voxelised(centres, halves, turn, size):
    """The voxels that a shape fills.

    Args:
        centres, halves: of its boxes.
        turn: what `rotation` gives.
        size: G of the grid.

    Returns:
        Booleans, shape (size, size, size), axes [y, x, z].
    """
    along = axis_of(size).astype(np.float32)
    turn = turn.astype(np.float32)
    # P R, one coordinate after the other: sums of a function of y, of x and of z.
    own = [
        along[:, None, None] * turn[1, k]
        + along[None, :, None] * turn[0, k]
        + along[None, None, :] * turn[2, k]
        for k in range(3)
    ]
    found = np.zeros((size, size, size), bool)
    for centre, half in zip(centres, halves, strict=True):
        squares = 0.0
        for k in range(3):
            over = np.abs(own[k] - np.float32(centre[k]))
            over -= np.float32(half[k])
            np.maximum(over, 0, out=over)
            squares = squares + over * over
        found |= squares <= MARGIN**2
    return found
