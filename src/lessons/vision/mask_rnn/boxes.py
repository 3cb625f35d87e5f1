"""Boxes of frames: targets of the localiser, gates of masks, and how good they are."""

import numpy as np
from keras import ops

from lessons.vision.mask_rnn import theory


def true_boxes(masks):
    """Tight boxes of masks as NumPy, shape (n, 4)."""
    return ops.convert_to_numpy(theory.tight_box(np.asarray(masks, "float32"))[0])


def targets(x, y):
    """Deltas from the boxes of the given masks to those of the true ones.

    Args:
        x: inputs of a `MaskNet`, shape (n, height, width, 6).
        y: true masks, shape (n, height, width).
    """
    proposals = true_boxes(x[..., 5])
    return ops.convert_to_numpy(theory.encode(true_boxes(y), proposals))


def iou(one, other):
    """Intersection over union of boxes, shape (n,)."""
    low = np.maximum(*(box[:, :2] - box[:, 2:] / 2 for box in (one, other)))
    high = np.minimum(*(box[:, :2] + box[:, 2:] / 2 for box in (one, other)))
    both = np.prod(np.maximum(0, high - low), axis=1)
    return both / (np.prod(one[:, 2:], axis=1) + np.prod(other[:, 2:], axis=1) - both)


def judge(model, x, y, mean):
    """How near boxes are to the true ones (mean IoU), by whom they are proposed.

    Args:
        model: a trained `Localiser`.
        x, y: as `samples.static` gives them, of test videos.
        mean: mean delta of the training samples, a constant correction, shape (4,).

    Returns:
        Dictionary of floats: `proposal`, `refined`, `constant`, and `swapped`, from
        features of another frame.
    """
    truth = true_boxes(y)
    proposals, refined = (ops.convert_to_numpy(b) for b in model.boxes(x))
    features = ops.convert_to_numpy(model.pooled(x))
    swapped = model.from_features(np.roll(features, 1, axis=0))
    found = {
        "proposal": proposals,
        "refined": refined,
        "constant": ops.convert_to_numpy(theory.decode(mean[None], proposals)),
        "swapped": ops.convert_to_numpy(theory.decode(swapped, proposals)),
    }
    return {name: float(iou(boxes, truth).mean()) for name, boxes in found.items()}


def refined_gate(model, factor=theory.ENLARGED):
    """A gate for `evaluation.segment`: 1 in the enlarged box of a `Localiser`."""

    def gate(inputs, time, rows):
        return _within(model.boxes(inputs)[1], inputs, factor)

    return gate


def proposal_gate(factor=theory.ENLARGED):
    """The same with the box of the warped mask as it is."""

    def gate(inputs, time, rows):
        return _within(theory.tight_box(inputs[..., 5])[0], inputs, factor)

    return gate


def oracle_gate(videos, delay=0, factor=theory.ENLARGED):
    """The same with the true box, or, as a control, that of some frames ago."""
    tracks = np.swapaxes(videos.masks, 1, 2)
    tracks = tracks.reshape(-1, *tracks.shape[2:])

    def gate(inputs, time, rows):
        box = true_boxes(tracks[rows, max(0, time - delay)])
        return _within(box, inputs, factor)

    return gate


def _within(box, inputs, factor):
    found = theory.inside(theory.enlarge(box, factor), *inputs.shape[1:3])
    return ops.convert_to_numpy(found)
