"""Patches of the two photographs that are embedded in scikit-learn.

Each photograph is cut into blocks of 64x64 pixels. Every fifth block is for testing:
no test patch shares a pixel with a training patch, whatever the seed.
"""

import numpy as np

from lessons.toolkit.data.split import Split, check_count, check_seed
from lessons.toolkit.errors import unknown

PHOTOS = ("china", "flower")
BLOCK = 64
NUM_TRAIN, NUM_TEST = 10_000, 2_000
_TEST_EVERY = 5
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


def load(
    name="photos", *, seed=0, size=None, test_size=None, patch_size=16, channels=1
):
    """Square patches at random places of the photographs, in two disjoint parts.

    A Chinese temple with a sky and a flower before a dark background: 427x640 pixels
    each (scikit-learn's `load_sample_images`). Patches of one part may overlap.

    Args:
        name: name of the split.
        seed: seed of the places.
        size: number of training patches; 10,000 by default.
        test_size: number of test patches; 2,000 by default.
        patch_size: side of a patch in pixels, from 1 to 64.
        channels: 1 for grey (luma), 3 for red, green and blue.

    Returns:
        A `Split` with images of shape (n, patch_size, patch_size, channels); the label
        says which photograph.

    Raises:
        UserError: a size or seed that cannot be.
    """
    seed = check_seed(seed)
    side = check_count(patch_size, "patch_size", BLOCK)
    if channels not in (1, 3):
        raise unknown("number of channels", channels, (1, 3))
    photos = _photographs(channels)
    rows, columns = (length // BLOCK for length in photos.shape[1:3])
    blocks = np.arange(len(photos) * rows * columns)
    is_test = blocks % _TEST_EVERY == _TEST_EVERY - 1
    steps = BLOCK - side + 1  # places along one side of a block
    parts = []
    for kept, count, default, label in (
        (blocks[~is_test], size, NUM_TRAIN, "size"),
        (blocks[is_test], test_size, NUM_TEST, "test_size"),
    ):
        most = len(kept) * steps**2
        count = min(default, most) if count is None else count
        count = check_count(count, label, most)
        generator = np.random.default_rng((seed, len(parts)))
        places = generator.choice(most, count, replace=False)
        block, y, x = np.unravel_index(places, (len(kept), steps, steps))
        photo, row, column = np.unravel_index(kept[block], (len(photos), rows, columns))
        patches = _cut(photos, photo, row * BLOCK + y, column * BLOCK + x, side)
        parts.append((patches, photo.astype(np.int64)))
    (train, train_labels), (test, test_labels) = parts
    return Split(
        name=name,
        train_images=train,
        train_labels=train_labels,
        test_images=test,
        test_labels=test_labels,
        class_names=PHOTOS,
        description=f"Patches of {side}x{side} pixels of two photographs (a temple and "
        "a flower, from scikit-learn); training and test blocks do not touch.",
    )


def _photographs(channels):
    """Both photographs, float32 (2, height, width, channels) in [0, 1]."""
    from sklearn.datasets import load_sample_images

    photos = np.stack(load_sample_images().images).astype(np.float32) / 255
    return photos if channels == 3 else (photos @ _LUMA)[..., np.newaxis]


def _cut(photos, photo, top, left, side):
    """Patches (n, side, side, channels) with their upper left corners."""
    offsets = np.arange(side)
    y = (top[:, None] + offsets)[:, :, None]  # (n, side, 1)
    x = (left[:, None] + offsets)[:, None, :]  # (n, 1, side)
    return np.ascontiguousarray(photos[photo[:, None, None], y, x])
