"""Looking into trained networks: who wins the pooling, and what far flankers add."""

import keras
import numpy as np

from lessons.vision.crowding import inputs, stimuli, theory
from lessons.vision.crowding.evaluation import predict
from lessons.vision.crowding.model import ScaleNet

MOST = 512  # targets that are looked at


def widened(model, margin):
    """The same weights on crops with another margin; pooling at the end allows it.

    Args:
        model: a `ScaleNet` of layout "end".
        margin: black pixels around every crop.
    """
    copy = ScaleNet(**model.arguments | {"margin": margin})
    copy.set_weights(model.get_weights())
    return copy


def _test_pairs(objects, config):
    """Targets, labels and the flankers that stand beside them in every condition."""
    rng = np.random.default_rng((config.seed, 1))
    pool, count = objects.test_flankers["odd"], len(objects.test_targets)
    flankers = pool[rng.integers(len(pool), size=count)[:MOST]]
    return objects.test_targets[:MOST], objects.test_labels[:MOST], flankers


def far_spacings(config):
    """Spacings that one flanker can have, in steps of a pixel of the whole crop."""
    step = max(1, config.field // config.crop)
    return range(config.size, 2 * config.reach + 1, step)


def additivity(model, objects, config, variant, spacings=None):
    """Features of target and flanker together against the greater of the two.

    The target stands at the left end of the canvas, the flanker to its right. Every
    crop gets a margin of a receptive field, so that no unit is missing at the edge.

    Args:
        model: a `ScaleNet` of one scale and layout "end".
        objects: `data.Objects`.
        config: a `Config`.
        variant: the `Variant` that the network is.
        spacings: those of `far_spacings` by default.

    Returns:
        By spacing a dictionary: `residual`, the greatest difference of a feature;
        `accuracy` of the network, and `predicted`, that of the greater features.
    """
    side, _ = theory.receptive_field(model.plan)
    wide = widened(model, side - 1)
    features, last = wide.features, wide.get_layer("logits")
    weights, bias = (weight.numpy() for weight in (last.kernel, last.bias))
    targets, labels, flankers = _test_pairs(objects, config)

    def look(first, second, configuration, place, spacing):
        images = stimuli.draw(
            first, second, configuration, place, spacing, config.field
        )
        return predict(features, inputs.crops(images, config, variant))

    target = look(targets, flankers, "a", -config.reach, 0)
    found = {}
    for spacing in spacings or far_spacings(config):
        both = look(targets, flankers, "ax", -config.reach, spacing)
        flanker = look(flankers, flankers, "a", spacing - config.reach, 0)
        greater = np.maximum(target, flanker)
        right, predicted = (
            np.mean((x @ weights + bias).argmax(axis=1) == labels)
            for x in (both, greater)
        )
        found[spacing] = {
            "residual": float(np.abs(both - greater).max()),
            "accuracy": float(right),
            "predicted": float(predicted),
        }
    return found


def winners(model, crops):
    """Share of features that each scale wins in the last pooling over scales.

    Args:
        model: a `ScaleNet` that pools scales in its last layer only.
        crops: its inputs.

    Returns:
        float64, shape (scales,), sum 1; features that are 0 do not count.
    """
    last = model.get_layer(f"pool_{len(model.plan)}")
    values = predict(keras.Model(model.input, last.output), crops)
    best, winner = values.max(axis=1), values.argmax(axis=1)
    scales = np.arange(values.shape[1])
    return np.mean(winner[best > 0][:, None] == scales, axis=0)


def scales_alone(model, objects, config, variant):
    """Accuracy when some crops are black, and who wins when none is.

    Args:
        model: a multi-scale `ScaleNet`.
        objects: `data.Objects`.
        config: a `Config`.
        variant: the `Variant` that the network is.

    Returns:
        Dictionary of floats: accuracies called PART_CONFIGURATION_ECCENTRICITY, where
        "largest" is the largest crop only, "smaller" all others and "blunt" all but the
        sharper half; `winner_1`, `winner_2`, ... of targets alone in the middle.
    """
    targets, labels, flankers = _test_pairs(objects, config)
    sharper = config.num_scales // 2 + 1
    hidden = {
        "largest": slice(0, -1),
        "smaller": slice(-1, None),
        "blunt": slice(0, sharper),
    }
    found = {}
    for configuration in ("a", "xa"):
        for eccentricity in sorted({0, max(config.clutter)}):
            strips = stimuli.draw(
                targets,
                flankers,
                configuration,
                eccentricity,
                config.spacing,
                config.field,
            )
            whole = inputs.crops(strips, config, variant)
            for name, rows in hidden.items():
                part = whole.copy()
                part[:, rows] = -config.shift
                right = predict(model, part).argmax(axis=1) == labels
                key = f"{name}_{configuration}_{eccentricity}"
                found[key] = float(np.mean(right))
            if configuration == "a" and eccentricity == 0:
                shares = winners(model, whole)
                found |= {f"winner_{i}": float(s) for i, s in enumerate(shares, 1)}
    return found
