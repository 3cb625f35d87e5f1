r"""Videos of textured shapes over photographs, with exact flow and instance masks.

The camera drifts and shakes, so everything in the image moves. A shape has a path of
its own, bounces at the borders and turns. From the places of shapes and background
everything else is computed: frames, masks (with occlusion), flow in both directions.
"""

import dataclasses

import numpy as np

from lessons.toolkit.data import photos
from lessons.vision.mask_rnn import davis, flows
from lessons.vision.mask_rnn.sampling import bilinear, grid

SHAPES = ("disc", "square", "triangle", "ellipse")
TEXTURE = 0.45  # share of a photograph in the colour of a shape


@dataclasses.dataclass(frozen=True, eq=False)
class Videos:
    """Videos, the masks of their objects, and their flow.

    Attributes:
        frames: float32 in [0, 1], shape (n, time, height, width, 3).
        masks: visible parts of objects, bool, shape (n, time, objects, height, width).
        backward: flow from each frame to the one before, float32, shape (n, time,
            height, width, 2), (dx, dy) in pixels; zero for the first frame.
        forward: flow to the next frame; zero for the last one.
        alike: whether the objects of a video have one colour, shape (n,).
        present: which objects there are, bool, shape (n, objects).
    """

    frames: np.ndarray
    masks: np.ndarray
    backward: np.ndarray
    forward: np.ndarray
    alike: np.ndarray
    present: np.ndarray

    def __len__(self):
        return len(self.frames)

    def first(self, count):
        """The same with only the first videos."""
        return self.take(slice(count))

    def take(self, rows):
        """The same with the videos that an index chooses."""
        return type(self)(*(values[rows] for values in vars(self).values()))


def load(config):
    """Training and test videos of a configuration, over different photographs.

    Args:
        config: a `Config`.

    Returns:
        (train, test): two `Videos`.

    Raises:
        UserError: a folder is not named or not what it should be.
    """
    if config.source == "davis":
        return tuple(Videos(*part) for part in davis.load(config))
    split = photos.load(patch_size=photos.BLOCK, seed=config.seed, channels=3)
    parts = (split.train_images, config.num_train), (split.test_images, config.num_test)
    return tuple(
        make(config, count, images, np.random.default_rng((config.seed, 1803, part)))
        for part, (images, count) in enumerate(parts)
    )


def make(config, count, images, rng):
    """Videos of shapes.

    Args:
        config: a `Config`.
        count: how many.
        images: photographs for backgrounds and textures, shape (k, side, side, 3).
        rng: NumPy generator.
    """
    scene = draw_scene(config, count, rng)
    masks = visible(scene, config)
    frames = paint(scene, masks, images, config, rng)
    directions = {"backward": -1, "forward": 1}
    if config.flow == "exact":
        found = {k: exact_flow(scene, masks, s) for k, s in directions.items()}
    else:
        found = {
            k: flows.estimate(frames, s, config.flow) for k, s in directions.items()
        }
    present = np.ones((count, config.num_objects), bool)
    return Videos(frames, masks, **found, alike=scene["alike"], present=present)


def draw_scene(config, count, rng):
    """Where everything is: a dictionary of arrays.

    `centers` (n, time, objects, 2), `angles` (n, time, objects), `camera` (n, time, 2)
    the shift of the background, `kinds`, `radii`, `colors`, `alike`.
    """
    time, objects = config.num_frames, config.num_objects
    size = np.array([config.width, config.height], float)
    shape = (count, objects)
    radii = rng.uniform(*config.radius, shape)
    low, high = radii[..., None] * 0.7, size - 1 - radii[..., None] * 0.7
    place = start_places(config, radii, rng)
    way = rng.uniform(0, 2 * np.pi, shape)
    velocity = rng.uniform(*config.speed, shape)[..., None]
    velocity = velocity * np.stack([np.cos(way), np.sin(way)], axis=-1)
    centers = [place]
    for _ in range(time - 1):
        ahead = centers[-1] + velocity
        out = (ahead < low) | (ahead > high)
        velocity = np.where(out, -velocity, velocity)
        centers.append(np.where(out, centers[-1] + velocity, ahead))
    angle = rng.uniform(0, 2 * np.pi, (count, 1, objects))
    spin = rng.uniform(-config.spin, config.spin, (count, 1, objects))
    shaking = config.jitter * rng.normal(size=(count, time, 1, 2))
    steps = np.arange(time)[:, None]
    drift = rng.uniform(-1, 1, (count, 1, 2)) * config.drift * (steps - steps.mean())
    alike = rng.random(count) < 0.5
    colors = rng.uniform(0.1, 0.9, (count, objects, 3))
    colors[alike] = colors[alike, :1]
    return {
        "centers": np.stack(centers, axis=1) + shaking,
        "angles": angle + spin * steps,
        "camera": drift + shaking[:, :, 0],
        "kinds": rng.integers(len(SHAPES), size=shape),
        "radii": radii,
        "colors": colors,
        "alike": alike,
    }


def start_places(config, radii, rng):
    """First centres, shape (n, objects, 2), that keep the shapes mostly apart."""
    size = np.array([config.width, config.height], float) - 1
    tries = rng.uniform(0, 1, (40, *radii.shape, 2))
    tries = radii[..., None] + tries * (size - 2 * radii[..., None])
    if radii.shape[1] == 1:
        return tries[0]
    gaps = np.linalg.norm(tries[..., :, None, :] - tries[..., None, :, :], axis=-1)
    gaps = gaps - radii[:, :, None] - radii[:, None, :]
    gaps[..., np.arange(radii.shape[1]), np.arange(radii.shape[1])] = np.inf
    apart = gaps.min(axis=(2, 3))  # (tries, n)
    chosen = np.where(apart.max(axis=0) > 0, np.argmax(apart > 0, axis=0), 0)
    best = np.where(apart.max(axis=0) > 0, chosen, np.argmax(apart, axis=0))
    return tries[best, np.arange(len(radii))]


def local(scene, height, width):
    """Coordinates of all pixels in the frames of the shapes, from their centres.

    Returns:
        float, shape (n, time, objects, height, width, 2).
    """
    away = grid(height, width) - scene["centers"][..., None, None, :]
    cos, sin = np.cos(scene["angles"]), np.sin(scene["angles"])
    cos, sin = cos[..., None, None], sin[..., None, None]
    x, y = away[..., 0], away[..., 1]
    return np.stack([cos * x + sin * y, cos * y - sin * x], axis=-1)


def visible(scene, config):
    """Masks of the parts that are not hidden; later objects are in front."""
    places = local(scene, config.height, config.width)
    places = places / scene["radii"][:, None, :, None, None, None]
    x, y = places[..., 0], places[..., 1]
    inside = np.stack(
        [
            x**2 + y**2 <= 1,
            np.maximum(abs(x), abs(y)) <= 0.85,
            (y <= 0.6) & (y >= 1.9 * abs(x) - 1.2),
            x**2 + (y / 0.6) ** 2 <= 1,
        ]
    )
    kinds = scene["kinds"][:, None, :, None, None]
    masks = np.take_along_axis(inside, kinds[None], axis=0)[0]
    for back in range(config.num_objects - 1):
        masks[:, :, back] &= ~masks[:, :, back + 1 :].any(axis=2)
    return masks


def paint(scene, masks, images, config, rng):
    """The frames: photographs that move, shapes with a texture that turns, noise."""
    count, time, objects, height, width = masks.shape
    middle = np.array([images.shape[2] - width, images.shape[1] - height]) / 2
    start = middle + rng.uniform(-4, 4, (count, 1, 2))
    places = grid(height, width) + (start - scene["camera"])[..., None, None, :]
    behind = images[rng.integers(len(images), size=count)]
    frames = bilinear(behind, places)
    places = local(scene, height, width) + images.shape[1] / 2
    for number in range(objects):
        texture = images[rng.integers(len(images), size=count)]
        color = scene["colors"][:, None, None, None, number]
        painted = TEXTURE * bilinear(texture, places[:, :, number])
        painted = painted + (1 - TEXTURE) * color
        frames = np.where(masks[:, :, number, ..., None], painted, frames)
    frames = frames + config.noise * rng.normal(size=frames.shape)
    return np.clip(frames, 0, 1).astype("float32")


def exact_flow(scene, masks, step):
    r"""Flow to the frame before (step -1) or after (step 1), zero where there is none.

    Of a pixel p of object i it is $c_s + R(\theta_s - \theta_t)(p - c_t) - p$, of the
    background the shift of the camera.

    Args:
        scene: as `draw_scene` gives it.
        masks: shape (n, time, objects, height, width).
        step: -1 or 1.

    Returns:
        float32, shape (n, time, height, width, 2).
    """
    count, time, objects, height, width = masks.shape
    there = np.clip(np.arange(time) + step, 0, time - 1)
    camera = scene["camera"][:, there] - scene["camera"]
    flow = np.broadcast_to(camera[:, :, None, None], (count, time, height, width, 2))
    points = grid(height, width)
    for number in range(objects):
        center = scene["centers"][:, :, number]
        turn = scene["angles"][:, there, number] - scene["angles"][:, :, number]
        cos, sin = np.cos(turn)[..., None, None], np.sin(turn)[..., None, None]
        x, y = np.moveaxis(points - center[:, :, None, None], -1, 0)
        moved = np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)
        moved = moved + center[:, there][:, :, None, None] - points
        flow = np.where(masks[:, :, number, ..., None], moved, flow)
    return flow.astype("float32")
