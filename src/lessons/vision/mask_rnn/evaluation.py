"""Segmenting whole videos from the first masks on, and judging the result."""

import numpy as np
from keras import ops

from lessons.vision.mask_rnn import metrics, samples, theory

T_VIDEOS = 20  # videos whose T is computed: contours take time
CHUNK = 150  # objects at once


def segment(net, videos, *, foreign=False, feedback="soft", gate=None, clips=None):
    """Masks of all objects of all videos, each object by itself.

    Args:
        net: a `MaskNet`, or any function of its inputs that gives logits.
        videos: `Videos`.
        foreign: whether each video has the magnitudes of another one.
        feedback: what the next frame gets: the "soft" mask, or the "binary" one.
        gate: function of (inputs, time, rows) that gives factors of the masks, or None.
        clips: what `samples.whole` gives, if it has been changed.

    Returns:
        float32, shape (n, time - 1, objects, height, width).
    """
    tracks = samples.whole(videos, foreign)[0] if clips is None else clips
    parts = [
        segment_tracks(net, tracks[k : k + CHUNK], feedback, gate, k)
        for k in range(0, len(tracks), CHUNK)
    ]
    found = np.concatenate(parts)
    count, time, objects = videos.masks.shape[:3]
    found = found.reshape(count, objects, time - 1, *found.shape[2:])
    return np.swapaxes(found, 1, 2)


def segment_tracks(net, tracks, feedback="soft", gate=None, first=0):
    """Masks of objects: `segment` for some tracks, of which the first has a number.

    Args:
        net, feedback, gate: see `segment`.
        tracks: shape (n, time, height, width, 8).
        first: number of the first track, for the gate.

    Returns:
        float32, shape (n, time - 1, height, width).
    """
    state, found = tracks[:, 0, ..., 7], []
    rows = np.arange(first, first + len(tracks))
    for time in range(1, tracks.shape[1]):
        frame = tracks[:, time]
        warped = ops.convert_to_numpy(theory.warp(state, frame[..., 5:7]))
        inputs = np.concatenate([frame[..., :5], warped[..., None]], axis=-1)
        logits = ops.cast(net(inputs), "float32")
        state = ops.convert_to_numpy(ops.sigmoid(logits))
        if gate is not None:
            state = state * gate(inputs, time, rows)
        found.append(state)
        if feedback == "binary":
            state = (state > 0.5).astype("float32")
    return np.stack(found, axis=1)


def objects_of(probabilities):
    """Masks of the merged objects, boolean: each pixel belongs to one at most."""
    labels = ops.convert_to_numpy(theory.merge(probabilities))
    numbers = np.arange(1, probabilities.shape[-3] + 1)[:, None, None]
    return labels[..., None, :, :] == numbers


def judge(masks, videos, radius=1):
    """J, F and T of masks.

    Args:
        masks: boolean, shape (n, time - 1, objects, height, width).
        videos: `Videos`.
        radius: tolerance of F in pixels.

    Returns:
        (numbers, j): a dictionary of floats, and J by video and frame, (n, time - 1).
        Numbers: `j`, `j_recall`, `j_decay`, `j_last`, `j_alike` and `j_unlike` (videos
        whose objects have one colour, or two), `j_1`, `j_2`, ... by frame, `j_half`
        (half of the 95 % interval over videos); `f`, `f_recall`; `t`.
    """
    truth, present = videos.masks[:, 1:], videos.present
    scores = {"j": metrics.jaccard(masks, truth)}
    scores["f"] = metrics.boundary_f(masks, truth, radius)
    numbers = {}
    for name, values in scores.items():
        tracks = np.swapaxes(values, 1, 2)[present]  # (tracks, time - 1)
        mean, recall, decay = (float(v.mean()) for v in metrics.statistics(tracks))
        numbers |= {name: mean, f"{name}_recall": recall}
        if name == "j":
            numbers["j_decay"] = decay
    weights = np.broadcast_to(present[:, None], scores["j"].shape)
    by_video = np.sum(scores["j"] * weights, axis=2) / weights.sum(axis=2)
    for time, value in enumerate(by_video.mean(axis=0), start=1):
        numbers[f"j_{time}"] = float(value)
    numbers["j_last"] = float(by_video[:, -1].mean())
    numbers["j_half"] = half_width(by_video.mean(axis=1))
    for name, chosen in (("j_alike", videos.alike), ("j_unlike", ~videos.alike)):
        if chosen.any():
            numbers[name] = float(by_video[chosen].mean())
    tracks = np.swapaxes(masks[:T_VIDEOS], 1, 2)[present[:T_VIDEOS]]
    numbers["t"] = float(metrics.instability(tracks).mean())
    return numbers, by_video


def evaluate(net, videos, *, radius=1, **options):
    """Segment videos and judge the merged objects; see `segment` and `judge`."""
    return judge(objects_of(segment(net, videos, **options)), videos, radius)


def half_width(values):
    """Half of the 95 % interval of a mean over videos, by the normal law."""
    if len(values) < 2:
        return 0.0
    return float(1.96 * np.std(values, ddof=1) / np.sqrt(len(values)))


def gain(ours, theirs):
    """What one method has more of J than another on the same videos.

    Args:
        ours, theirs: J by video and frame, as `judge` gives it.

    Returns:
        Dictionary: `j` and `j_last`, means over videos of the difference, and
        `j_half`, `j_last_half`, half of their 95 % intervals over videos.
    """
    difference = ours - theirs
    parts = {"j": difference.mean(axis=1), "j_last": difference[:, -1]}
    found = {name: float(values.mean()) for name, values in parts.items()}
    halves = {f"{name}_half": half_width(values) for name, values in parts.items()}
    return found | halves
