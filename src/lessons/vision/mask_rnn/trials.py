"""One trained network under other conditions, and methods compared video by video."""

import numpy as np

from lessons.vision.mask_rnn import boxes, evaluation, samples

DELAY = 3  # frames by which the control's true box is late
BOX_SAMPLES = 400  # static frames of test videos on which boxes are judged
# What is compared on the same videos, where both are there.
PAIRS = (
    ("full", "mask"),
    ("full", "foreign"),
    ("static", "full"),
    ("bptt", "full"),
    ("bptt", "static"),
    ("bptt", "detached"),
    ("detached", "static"),
    ("bptt", "mask_bptt"),
    ("mask", "propagation"),
    ("full", "propagation"),
    ("bptt", "propagation"),
    ("bptt", "other_length"),
    ("bptt", "other_flow"),
)


def gained(name, ours, theirs):
    """What `evaluation.gain` finds, by key `gain/NAME/METRIC`."""
    found = evaluation.gain(ours, theirs)
    return {f"gain/{name}/{key}": value for key, value in found.items()}


def gains(by_video):
    """Differences on the same videos, by key `gain/A_B/METRIC`.

    Args:
        by_video: J by video and frame, by name.
    """
    found = {}
    for one, other in PAIRS:
        if one in by_video and other in by_video:
            found |= gained(f"{one}_{other}", by_video[one], by_video[other])
    return found


def controls(config, net, videos):
    """A network with wrong inputs, and with binary feedback.

    Args:
        config: a `Config`.
        net: a trained `MaskNet`.
        videos: test `Videos`.

    Returns:
        By name, what `evaluation.evaluate` gives: "foreign_test" and "shuffled_test"
        (magnitudes of another video, or of the same one in another order of frames),
        "other_mask" (first mask of another video), "binary" feedback.
    """
    tracks = samples.whole(videos)[0]
    rng = np.random.default_rng((config.seed, 5))
    shuffled, other = tracks.copy(), tracks.copy()
    order = 1 + rng.permutation(tracks.shape[1] - 1)
    shuffled[:, 1:, ..., 3:5] = tracks[:, order, ..., 3:5]
    other[..., 7] = np.roll(tracks[..., 7], videos.masks.shape[2], axis=0)
    options = {
        "foreign_test": {"foreign": True},
        "shuffled_test": {"clips": shuffled},
        "other_mask": {"clips": other},
        "binary": {"feedback": "binary"},
    }
    return {
        name: evaluation.evaluate(net, videos, radius=config.tolerance, **chosen)
        for name, chosen in options.items()
    }


def within_boxes(config, net, localiser, videos):
    """A network whose masks are cut by boxes.

    Args:
        config: a `Config`.
        net: a trained `MaskNet`.
        localiser: a trained `Localiser`.
        videos: test `Videos`.

    Returns:
        By name of a gate, what `evaluation.evaluate` gives: "box" of the localiser,
        "box_proposal" of the warped mask, "box_oracle" of the truth, "box_late" of the
        truth some frames ago.
    """
    gates = {
        "box": boxes.refined_gate(localiser),
        "box_proposal": boxes.proposal_gate(),
        "box_oracle": boxes.oracle_gate(videos),
        "box_late": boxes.oracle_gate(videos, DELAY),
    }
    return {
        name: evaluation.evaluate(net, videos, radius=config.tolerance, gate=gate)
        for name, gate in gates.items()
    }


def boxes_on_the_way(net, localiser, videos):
    """Mean IoU of proposals and of refined boxes on the warped masks of a run.

    Args:
        net: a trained `MaskNet`; nothing of its masks is cut.
        localiser: a trained `Localiser`.
        videos: `Videos`; frames in which an object is hidden do not count.
    """
    truth = np.swapaxes(videos.masks, 1, 2)
    truth = truth.reshape(-1, *truth.shape[2:])
    found = []

    def watch(inputs, time, rows):
        true, seen = boxes.true_boxes(truth[rows, time]), truth[rows, time].any((1, 2))
        pair = (np.asarray(box) for box in localiser.boxes(inputs))
        found.append([boxes.iou(box, true)[seen] for box in pair])
        return 1.0

    evaluation.segment(net, videos, gate=watch)
    return tuple(
        float(np.concatenate(part).mean()) for part in zip(*found, strict=True)
    )


def judged_boxes(config, localiser, mean, videos):
    """IoU of boxes on static frames of test videos; see `boxes.judge`."""
    rng = np.random.default_rng((config.seed, 6))
    latest = config.num_frames - 1
    tracks = samples.draw_tracks(videos, BOX_SAMPLES, latest, rng)
    x, y = samples.static(videos, tracks, config, rng)
    return boxes.judge(localiser, x, y, mean)
