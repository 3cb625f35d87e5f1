"""Videos of a folder laid out as DAVIS-2017, with estimated flow.

The folder holds `JPEGImages/480p/NAME/00000.jpg`, `Annotations/480p/NAME/00000.png`
(palette images: 0 is background, 1 to N are objects) and `ImageSets/2017/train.txt` and
`val.txt`, lists of names. Of each video the first frames are taken.
"""

import pathlib

import numpy as np

from lessons.toolkit.errors import UserError
from lessons.vision.mask_rnn import flows


def load(config):
    """Training and test videos of a folder.

    Args:
        config: a `Config` with `data_path`.

    Returns:
        Two tuples in the order of the fields of `Videos`.

    Raises:
        UserError: the folder is not named, or files are missing.
    """
    if not config.data_path:
        raise UserError(
            "source='davis' needs data_path, the folder of DAVIS-2017 (see "
            "davischallenge.org). Allowed without one: source='shapes'."
        )
    folder = pathlib.Path(config.data_path).expanduser()
    parts = ("train", config.num_train), ("val", config.num_test)
    return tuple(_part(folder, name, count, config) for name, count in parts)


def _part(folder, name, count, config):
    path = folder / "ImageSets" / "2017" / f"{name}.txt"
    if not path.is_file():
        raise UserError(f"{path} is missing: data_path must be a folder of DAVIS-2017.")
    names = path.read_text(encoding="utf-8").split()[:count]
    videos = [_video(folder, each, config) for each in names]
    if not videos:
        raise UserError(f"{path} names no video.")
    frames, labels = (np.stack(values) for values in zip(*videos, strict=True))
    numbers = np.arange(1, config.num_objects + 1)[:, None, None]
    masks = labels[:, :, None] == numbers
    present = masks[:, 0].any(axis=(2, 3))
    method = "tvl1" if config.flow == "exact" else config.flow
    backward, forward = (flows.estimate(frames, step, method) for step in (-1, 1))
    return frames, masks, backward, forward, np.zeros(len(frames), bool), present


def _video(folder, name, config):
    from PIL import Image

    paths = sorted((folder / "JPEGImages" / "480p" / name).glob("*.jpg"))
    paths = paths[: config.num_frames]
    if len(paths) < config.num_frames:
        raise UserError(
            f"video {name!r} has {len(paths)} frames, num_frames={config.num_frames} "
            "are asked for."
        )
    size = (config.width, config.height)
    frames, labels = [], []
    for path in paths:
        with Image.open(path) as image:
            frames.append(np.asarray(image.convert("RGB").resize(size)))
        truth = folder / "Annotations" / "480p" / name / f"{path.stem}.png"
        if not truth.is_file():
            raise UserError(f"{truth} is missing.")
        with Image.open(truth) as image:
            labels.append(np.asarray(image.resize(size, Image.Resampling.NEAREST)))
    return np.stack(frames).astype("float32") / 255, np.stack(labels)
