"""Clips of KITTI's odometry drives, read from a folder that the user names.

The folder is the benchmark's own: grey pictures `sequences/NN/image_0/*.png` and, for
the drives that have them, poses `poses/NN.txt`, a row of twelve numbers for each
picture, the upper three rows of the matrix from the camera to the start of the drive.
"""

import pathlib

import numpy as np
from matplotlib import image as pictures
from scipy.spatial import transform

from lessons.toolkit.errors import UserError

NAMES = ("x", "y", "z", "pitch", "yaw", "roll")
TEST_EVERY = 5  # every fifth drive is for testing


def load(config):
    """Clips of the drives with poses, cut without overlap, for training and testing.

    Args:
        config: a `Config`; gives `data_path`, sizes and numbers of clips, of which
            there may be fewer.

    Returns:
        ((frames, motion, labels), (frames, motion, labels)): shapes (n, time, height,
        width, 1), (n, 6) and (n,). The motion is the translation in metres and the
        angles in radians of $T_0^{-1} T_{T-1}$; the label is the number of the drive.

    Raises:
        UserError: there is no such folder, or it lacks what is needed.
    """
    if config.data_path is None:
        raise UserError(
            "source='kitti' needs data_path, the folder of the odometry benchmark with "
            "sequences/NN/image_0/*.png and poses/NN.txt."
        )
    root = pathlib.Path(config.data_path)
    drives = sorted((root / "poses").glob("*.txt"))
    if len(drives) < 2:
        raise UserError(
            f"{str(root)!r} must hold poses/NN.txt of at least two drives, found "
            f"{len(drives)}."
        )
    test = drives[TEST_EVERY - 1 :: TEST_EVERY] or drives[-1:]
    rest = [drive for drive in drives if drive not in test]
    parts = (rest, config.num_train), (test, config.num_test)
    return tuple(_clips(root, names, count, config) for names, count in parts)


def _clips(root, drives, count, config):
    frames, motion, labels = [], [], []
    for drive in drives:
        poses = read_poses(drive)
        paths = sorted((root / "sequences" / drive.stem / "image_0").glob("*.png"))
        if len(paths) != len(poses):
            raise UserError(
                f"drive {drive.stem} must have a pose for each picture, got "
                f"{len(paths)} pictures and {len(poses)} poses."
            )
        starts = range(0, len(paths) - config.num_frames + 1, config.num_frames)
        for start in starts[: count - len(frames)]:
            chosen = paths[start : start + config.num_frames]
            frames.append([read_picture(path, config) for path in chosen])
            motion.append(relative(poses[start], poses[start + len(chosen) - 1]))
            labels.append(int(drive.stem))
    if not frames:
        raise UserError(
            f"drives {', '.join(d.stem for d in drives)} are shorter than "
            f"num_frames={config.num_frames}."
        )
    return np.array(frames, np.float32), np.array(motion), np.array(labels)


def read_poses(path):
    """Matrices of a file of poses, shape (n, 4, 4)."""
    try:
        rows = np.loadtxt(path, ndmin=2).reshape(-1, 3, 4)
    except ValueError:
        text = f"{str(path)!r} must hold twelve numbers in each row."
        raise UserError(text) from None
    last = np.broadcast_to([[[0.0, 0, 0, 1]]], (len(rows), 1, 4))
    return np.concatenate([rows, last], axis=1)


def relative(start, end):
    """Translation and angles about x, y and z of the motion between two poses, (6,)."""
    between = np.linalg.inv(start) @ end
    angles = transform.Rotation.from_matrix(between[:3, :3]).as_euler("xyz")
    return np.concatenate([between[:3, 3], angles])


def read_picture(path, config):
    """A grey picture in [0, 1] averaged down to the configuration's size."""
    from skimage.transform import resize_local_mean

    found = pictures.imread(path)
    if found.ndim == 3:
        found = found[..., :3].mean(axis=-1)
    size = config.height, config.width
    return resize_local_mean(found.astype(np.float32), size)[..., None]
