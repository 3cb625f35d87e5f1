r"""Clips of things that move, with the poses that made them.

Digits move over a black canvas; for `source="photos"` a camera moves over a photograph.
A pose is an element of SE(2), $(\theta, x, y)$ in radians and pixels from the middle of
the image, x to the right and y down; it takes places on the thing to places in the
image (of the camera: places in the image to places on the photograph).
"""

import dataclasses

import numpy as np
from scipy import ndimage

from lessons.toolkit import data as toolkit_data
from lessons.toolkit.data import photos
from lessons.vision.image_motion import kitti, se2

STEPS = 0.3, 1.7  # factors of the velocity, drawn for each step
DRIFT = 4.0  # greatest distance of a camera's mean place from the middle, pixels
SPOT = 3.0  # radius of the spot on a photograph, pixels
CONTRAST = 0.08  # least standard deviation of a photograph's part
LEAST_CONTRAST = 0.02  # added to a window's standard deviation
NAMES = ("rotation", "x", "y")


@dataclasses.dataclass(frozen=True, eq=False)
class Clips:
    """Clips, and what moved how in them.

    Attributes:
        frames: float32, shape (n, time, height, width, 1); digits are in [0, 1],
            photographs have a mean of 1/2.
        motion: from the first frame to the last, shape (n, k): what a read-out is asked
            for. Of digits the change of the pose, of cameras the motion in axes of the
            first frame.
        labels: class of the digit, or which part of the photographs, shape (n,).
        poses: shape (n, time, 3), or None where they are no elements of SE(2).
        sources: the digits themselves, shape (n, rows, columns), or None.
        twins: frames of the same camera over other photographs, or None.
        names: of the columns of `motion`.
    """

    frames: np.ndarray
    motion: np.ndarray
    labels: np.ndarray
    poses: np.ndarray | None = None
    sources: np.ndarray | None = None
    twins: np.ndarray | None = None
    names: tuple[str, ...] = NAMES

    def __len__(self):
        return len(self.frames)

    @property
    def shift(self):
        """The columns of `motion` that are lengths, shape (n, 2) or (n, 3)."""
        return self.motion[:, [name in "xyz" for name in self.names]]

    @property
    def turn(self):
        """The first column of `motion` that is an angle, in radians, shape (n,)."""
        return self.motion[:, [name not in "xyz" for name in self.names]][:, 0]

    def first(self, count):
        """The same with only the first clips; all of them if there are fewer."""
        fields = vars(self).items()
        arrays = {k: v[:count] for k, v in fields if isinstance(v, np.ndarray)}
        return dataclasses.replace(self, **arrays)


def load(config):
    """Training and test clips of a configuration, of different digits or places.

    Args:
        config: a `Config`.

    Returns:
        (train, test): two `Clips`.

    Raises:
        UserError: a file or folder is not named or not what it should be.
    """
    if config.data_seed is not None:
        config = config.replace(seed=config.data_seed)
    if config.source == "kitti":
        return tuple(Clips(*part, names=kitti.NAMES) for part in kitti.load(config))
    make = from_photos if config.source == "photos" else from_digits
    return make(config)


def from_digits(config):
    """Clips of digits that turn and shift.

    Args:
        config: a `Config` with a source of digits.
    """
    size = 1300 if config.source == "digits" else None
    split = toolkit_data.load(
        config.source, seed=config.seed, size=size, path=config.data_path
    )
    found = []
    for part, (images, labels, count) in enumerate(
        (
            (split.train_images, split.train_labels, config.num_train),
            (split.test_images, split.test_labels, config.num_test),
        )
    ):
        rng = np.random.default_rng((config.seed, 16120, part))
        rows = rng.integers(len(images), size=count)
        poses = digit_poses(config, count, rng)
        sources = images[rows, ..., 0]
        frames = render(sources, se2.inverse(poses), config, config.magnification)
        change = poses[:, -1] - poses[:, 0]
        found.append(Clips(frames, change, labels[rows], poses, sources))
    return tuple(found)


def digit_poses(config, count, rng):
    """Poses of digits, shape (count, time, 3).

    A clip has one velocity; each step takes a random part of it, and a digit whose
    shift passes `reflect` turns back along that axis.

    Args:
        config: a `Config`.
        count: clips.
        rng: NumPy generator.
    """
    angle = rng.uniform(0, 2 * np.pi, count)
    place = rng.uniform(-config.start, config.start, (count, 2))
    velocity = velocities(config, count, rng)
    poses = [np.column_stack([angle, place])]
    for _ in range(config.num_frames - 1):
        step = rng.uniform(*STEPS, (count, 1)) * velocity
        ahead = poses[-1] + step
        outside = np.abs(ahead[:, 1:]) > config.reflect
        velocity[:, 1:][outside] *= -1
        ahead[:, 1:][outside] -= 2 * step[:, 1:][outside]
        poses.append(ahead)
    return np.stack(poses, axis=1)


def velocities(config, count, rng):
    """Rotation in radians and shift in pixels per frame, shape (count, 3)."""
    most = np.array([np.radians(config.rotation), config.shift, config.shift])
    return most * rng.uniform(-1, 1, (count, 3))


def from_photos(config):
    """Clips of windows that a camera sees when it moves over a photograph.

    Args:
        config: a `Config`.
    """
    split = photos.load(patch_size=photos.BLOCK, seed=config.seed)
    found = []
    for part, (images, count) in enumerate(
        ((split.train_images, config.num_train), (split.test_images, config.num_test))
    ):
        rng = np.random.default_rng((config.seed, 16121, part))
        sources = images[images.std(axis=(1, 2, 3)) > CONTRAST, ..., 0]
        sources = sources + config.spot * spots(sources)
        rows = rng.integers(len(sources), size=count)
        poses = camera_poses(config, count, rng)
        frames = even(render(sources[rows], poses, config))
        motion = se2.compose(se2.inverse(poses[:, 0]), poses[:, -1])
        others = (rows + rng.integers(1, len(sources), count)) % len(sources)
        turns = rng.uniform(0, 2 * np.pi, (count, 1, 1)) * [1, 0, 0]  # of the path
        twins = even(render(sources[others], se2.compose(turns, poses), config))
        found.append(Clips(frames, motion, rows, poses, twins=twins))
    return tuple(found)


def spots(sources):
    """A round spot in the middle of each photograph, as bright as its deviation.

    Args:
        sources: shape (n, rows, columns).

    Returns:
        The shape of the sources.
    """
    rows, columns = sources.shape[1:]
    y, x = np.arange(rows) - (rows - 1) / 2, np.arange(columns) - (columns - 1) / 2
    round_one = np.exp(-(x**2 + y[:, None] ** 2) / (2 * SPOT**2))
    return sources.std(axis=(1, 2), keepdims=True) * round_one.astype("float32")


def camera_poses(config, count, rng):
    """Poses of a camera, shape (count, time, 3), whose mean place is near the middle.

    Args:
        config: a `Config`.
        count: clips.
        rng: NumPy generator.
    """
    velocity = velocities(config, count, rng)[:, None]
    steps = rng.uniform(*STEPS, (count, config.num_frames - 1, 1)) * velocity
    path = np.concatenate([np.zeros((count, 1, 3)), np.cumsum(steps, axis=1)], axis=1)
    path[..., 1:] -= path[..., 1:].mean(axis=1, keepdims=True)
    path[..., 1:] += rng.uniform(-DRIFT, DRIFT, (count, 1, 2))
    path[..., 0] += rng.uniform(0, 2 * np.pi, (count, 1))
    return path


def even(frames):
    """Frames with the mean 1/2 and about one contrast: brightness tells nothing.

    Args:
        frames: shape (n, time, height, width, 1).
    """
    axes = (2, 3, 4)
    away = frames - frames.mean(axis=axes, keepdims=True)
    return 0.5 + 0.25 * away / (away.std(axis=axes, keepdims=True) + LEAST_CONTRAST)


def rerendered(config, clips, number, scales):
    """The motion of one clip of digits in several sizes, all from the same first pose.

    Args:
        config: a `Config` with a source of digits.
        clips: `Clips`, as `load` gives the test part.
        number: which clip.
        scales: factors of all changes of the pose, shape (k,).

    Returns:
        Frames, shape (k, time, height, width, 1).
    """
    poses = clips.poses[number]
    scaled = poses[0] + np.asarray(scales)[:, None, None] * (poses - poses[0])
    source = np.broadcast_to(
        clips.sources[number], (len(scales), *clips.sources[number].shape)
    )
    return render(source, se2.inverse(scaled), config, config.magnification)


def render(sources, views, config, magnification=1.0):
    """Look the pixels of frames up in source images, bilinearly; outside is black.

    Args:
        sources: shape (n, rows, columns).
        views: elements of SE(2) that take places of a frame to places of its source,
            shape (n, time, 3).
        config: a `Config`; gives height and width.
        magnification: pixels of a frame per pixel of the source.

    Returns:
        float32, shape (n, time, height, width, 1).
    """
    count, time = views.shape[:2]
    y, x = np.mgrid[: config.height, : config.width].astype(float)
    x, y = x - (config.width - 1) / 2, y - (config.height - 1) / 2
    places = np.stack([x.ravel(), y.ravel()], axis=-1)
    seen = se2.apply(views[:, :, None], places) / magnification
    rows = seen[..., 1] + (sources.shape[1] - 1) / 2
    columns = seen[..., 0] + (sources.shape[2] - 1) / 2
    which = np.broadcast_to(np.arange(count)[:, None, None], rows.shape)
    found = ndimage.map_coordinates(
        sources, [which, rows, columns], order=1, output=np.float32
    )
    return found.reshape(count, time, config.height, config.width, 1)
