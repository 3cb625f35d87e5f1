r"""What the camera sees: sketches of a shape, and its picture in some light.

The camera is orthographic and looks along +z; one pixel is one column of voxels.
"""

import dataclasses
import functools

import numpy as np

from lessons.toolkit.data import pictures
from lessons.vision.marrnet import shapes

STEP = 0.03  # of the central differences that give a normal
HALVINGS = 8  # of the interval in which a ray enters the shape


@dataclasses.dataclass(frozen=True)
class Conditions:
    """Under which conditions pictures are taken.

    Attributes:
        photos: names of the photographs that backgrounds are cut from.
        texture: strength of the texture on the shape, from 0 to 1.
        patterns: names of the textures; none means smooth noise.
        from_below: whether the light comes from below instead of above.
    """

    photos: tuple[str, ...] = ("astronaut", "coffee")
    texture: float = 0.25
    patterns: tuple[str, ...] = ()
    from_below: bool = False


_PHOTO = {"photos": ("chelsea", "rocket")}
_TEXTURE = {"texture": 0.7, "patterns": ("gravel", "brick")}
DOMAINS = {
    "same": Conditions(),
    "photo": Conditions(**_PHOTO),
    "texture": Conditions(**_TEXTURE),
    "light": Conditions(from_below=True),
    "shifted": Conditions(**_PHOTO, **_TEXTURE),
}


def sketch(centres, halves, turn, voxels):
    """Normals, depth and silhouette of a shape.

    The depth is the first occupied voxel, over the grid's size. The normal is that of
    the surface where the ray enters it, found by halving the step from the last empty
    voxel to the first occupied one: the normalised gradient of the signed distance.

    Args:
        centres, halves, turn: as for `shapes.voxelised`.
        voxels: what that gives, shape (size, size, size).

    Returns:
        float32, shape (size, size, 5); zeros outside the silhouette.
    """
    size = len(voxels)
    along, hit = shapes.axis_of(size), voxels.any(axis=-1)
    rows, columns = np.nonzero(hit)
    first = voxels.argmax(axis=-1)[rows, columns]
    far = np.stack([along[columns], along[rows], along[first]], axis=-1)
    near = far - [0, 0, 2 / size]

    def signed(points):
        return shapes.distance(points @ turn, centres, halves)

    for _ in range(HALVINGS):
        middle = (near + far) / 2
        inside = (signed(middle) <= shapes.MARGIN)[:, None]
        near, far = np.where(inside, near, middle), np.where(inside, middle, far)
    steps = STEP * np.eye(3)
    normals = np.stack([signed(far + s) - signed(far - s) for s in steps], axis=-1)
    normals /= np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-9)
    found = np.zeros((size, size, 5), np.float32)
    found[rows, columns, :3] = normals
    found[rows, columns, 3] = first / size
    found[rows, columns, 4] = 1
    return found


def picture(sketch, conditions, rng):
    r"""A picture of a shape whose sketch is known.

    $$\mathrm{clip}\big((0.35 + 0.65 \max(0, n \cdot l)) \cdot \text{texture}
    \cdot \text{colour}\big)$$ before a crop of a photograph or a plain colour.

    Args:
        sketch: shape (size, size, 5).
        conditions: `Conditions`.
        rng: a NumPy generator.

    Returns:
        RGB in [0, 1], float32, shape (size, size, 3).
    """
    size = len(sketch)
    # Drawn first and always, so that conditions change nothing else.
    aside, plain = rng.uniform(-0.7, 0.7), rng.random() < 0.3
    colour, ground = rng.uniform(0.35, 1.0, 3), rng.uniform(0.2, 1.0, 3)
    light = np.array([aside, 0.6 if conditions.from_below else -0.6, -1.0])
    light /= np.linalg.norm(light)
    shade = 0.35 + 0.65 * np.maximum(sketch[..., :3] @ light, 0)
    around = np.broadcast_to(ground, (size, size, 3))
    if not plain:
        around = _crop(conditions.photos, size, rng)[..., None] * ground
    shade = shade * (1 - conditions.texture * _pattern(conditions, size, rng))
    seen = np.where(sketch[..., 4:] > 0, shade[..., None] * colour, around)
    return np.clip(seen, 0, 1).astype(np.float32)


def _pattern(conditions, size, rng):
    """A texture from 0 to 1, shape (size, size)."""
    if conditions.patterns:
        return _crop(conditions.patterns, size, rng)
    coarse = rng.random((size // 4 + 1, size // 4 + 1))
    return np.kron(coarse, np.ones((4, 4)))[:size, :size]


def _crop(names, size, rng):
    """A square of one of the pictures, turned and mirrored, shape (size, size)."""
    whole = _reduced(names[rng.integers(len(names))], 4 * size)
    top, left = rng.integers(0, len(whole) - size + 1, 2)
    found = whole[top : top + size, left : left + size]
    found = np.rot90(found, rng.integers(4))
    return found[:, ::-1] if rng.random() < 0.5 else found


@functools.cache
def _reduced(name, side):
    return pictures.square(name, side)
