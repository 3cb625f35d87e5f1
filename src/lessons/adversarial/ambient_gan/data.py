"""The data of the lesson: images, and the one measurement of each that is seen."""

from typing import NamedTuple

import numpy as np
from keras import ops

from lessons.adversarial.ambient_gan import measurements, projections, unmeasure
from lessons.toolkit import data
from lessons.toolkit.data.files import images_from_file
from lessons.toolkit.errors import UserError, unknown


class Examples(NamedTuple):
    """Clean images, of which only the judge sees more than measurements."""

    train: np.ndarray  # (n, height, width, channels)
    reference: np.ndarray  # (m, height, width, channels), to compare samples with
    low: float  # smallest value of a pixel; the largest is 1


def load(config):
    """The `Examples` of a configuration.

    Samples are compared with all images: the strategies that work with measurements
    have seen none of them. Pixels are in [0, 1]; for networks=dcgan, whose generator
    ends in a hyperbolic tangent, in [-1, 1].
    """
    low = -1.0 if config.networks == "dcgan" else 0.0
    if config.source == "images":
        images, _ = images_from_file(config.data_path)
        images = low + (1.0 - low) * (images + 1.0) / 2.0
        return Examples(images[: config.num_train], images, low)
    split = labelled(config.source, config.seed, config.num_train, config.data_path)
    everything = np.concatenate([split.train_images, split.test_images])
    train, everything = (
        low + (1.0 - low) * images for images in (split.train_images, everything)
    )
    return Examples(train, everything, low)


def labelled(source, seed, size, path=None):
    """The `Split` of a data set with labels; see `toolkit.data.load`.

    Args:
        source: name of the data set.
        seed: which procedural images, and which images are held out.
        size: number of images, training and test together.
        path: the file of real data, for sources that need one.
    """
    options = {} if path is None else {"path": path}
    return data.load(source, seed=seed, size=size, **options)


def make_measurement(name, image_shape, config):
    """The measurement model called `name` with the settings of a configuration.

    Args:
        name: see `config.MEASUREMENTS`.
        image_shape: (height, width, channels).
        config: a `Config`.
    """
    angles = {"num_angles": config.num_angles}
    patch = {"patch": config.patch}
    known = {
        "block_pixels": (measurements.BlockPixels, {"p": config.p}),
        "convolve_noise": (measurements.ConvolveNoise, {"noise": config.noise}),
        "block_patch": (measurements.BlockPatch, patch),
        "keep_patch": (measurements.KeepPatch, patch),
        "extract_patch": (measurements.ExtractPatch, patch),
        "pad_rotate_project": (projections.PadRotateProject, angles),
        "pad_rotate_project_theta": (
            projections.PadRotateProject,
            {**angles, "with_theta": True},
        ),
        "gaussian_projection": (projections.GaussianProjection, {}),
    }
    if name not in known:
        raise unknown("measurement", name, known)
    kind, options = known[name]
    return kind(image_shape, **options)


def training_set(config, variant, examples, measurement):
    """What one strategy trains on, float32.

    Measurements are drawn once, from the seed: all strategies see the same ones.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        examples: the `Examples`.
        measurement: the true `Measurement`.

    Returns:
        Clean images (full, or ambient with `remeasure`), measurements (ambient,
        ignore) or estimates of images (unmeasure).

    Raises:
        UserError: the strategy cannot use such measurements.
    """
    if variant.data == "images" or (variant.measures and config.remeasure):
        return examples.train
    is_plain = variant.data == "measurements" and not variant.measures
    if is_plain and not measurement.keeps_shape:
        raise UserError(
            f"{variant.label} takes measurements for images, and "
            f"{config.measurement!r} gives shape {measurement.output_shape} instead of "
            f"{measurement.image_shape}. Allowed: variants=full,ambient."
        )
    theta = measurement.sample_theta(len(examples.train), config.seed)
    seen = measurement.measure(ops.convert_to_tensor(examples.train), theta)
    seen = ops.convert_to_numpy(seen)
    if variant.data == "measurements":
        return seen
    return unmeasure.estimate(
        config.measurement,
        measurement,
        seen,
        None if theta is None else ops.convert_to_tensor(theta),
        way=config.estimate,
        blur=config.blur,
        low=examples.low,
    )
