"""The images of the lesson as a `Split`, and the range its networks work in."""

import dataclasses

import numpy as np

from lessons.toolkit import data
from lessons.toolkit.data.files import split_from_file

_GLYPH_PAD = 2  # pixels on each side: 32 can be halved more often than 28


def load(config):
    """Training and held-out images of a configuration, in [0, 1].

    Args:
        config: a `Config`. `source="images"` needs `data_path`, a file as the `ot_gan`
            lesson describes it; its last tenth is held out.

    Returns:
        A `Split`; a file without labels gives one class.
    """
    if config.source == "images":
        return split_from_file(config.data_path, config.num_train)
    split = data.load(config.source, seed=config.seed, size=config.num_train)
    if config.source != "glyphs":
        return split
    pad = ((0, 0), (_GLYPH_PAD, _GLYPH_PAD), (_GLYPH_PAD, _GLYPH_PAD), (0, 0))
    return dataclasses.replace(
        split,
        train_images=np.pad(split.train_images, pad),
        test_images=np.pad(split.test_images, pad),
    )


def scaled(images):
    """From [0, 1] to [-1, 1], the range of tanh."""
    return 2.0 * images - 1.0


def unscaled(images):
    """From [-1, 1] to [0, 1], for judges and figures."""
    return (np.asarray(images) + 1.0) / 2.0
