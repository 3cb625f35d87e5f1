"""What the networks are trained on: static frames, clips, and augmented first frames.

Channels of a frame for the network: red, green, blue, the two magnitudes of flow
(backward, forward), the mask of the frame before. A frame of a clip has the backward
flow (dx, dy) in place of the mask, and then the first mask, zero after frame 0.
"""

import numpy as np

from lessons.vision.mask_rnn.sampling import affine, bilinear, centroids

FLOW_SCALE = 3.0  # pixels of flow that become 1
COPY = 2.0  # shift of a joined copy, in deviations of the shift
TURN, SCALE, MOVE = 0.2, 0.1, 3.0  # of an augmented first frame: radians, part, pixels


def magnitudes(videos, foreign=False):
    """Lengths of backward and forward flow, (n, time, height, width, 2).

    A frame without one of them has the other twice.

    Args:
        videos: `Videos`.
        foreign: whether each video gets those of another one.
    """
    back, ahead = (
        np.linalg.norm(flow, axis=-1) / FLOW_SCALE
        for flow in (videos.backward, videos.forward)
    )
    back, ahead = back.copy(), ahead.copy()
    back[:, 0], ahead[:, -1] = ahead[:, 0], back[:, -1]
    found = np.stack([back, ahead], axis=-1).astype("float32")
    return np.roll(found, 1, axis=0) if foreign else found


def perturb(masks, config, rng):
    """Masks as a recurrence would give them: turned, scaled, shifted, with ghosts.

    Args:
        masks: shape (n, height, width).
        config: a `Config`.
        rng: NumPy generator.

    Returns:
        float32 of the same shape, with soft edges.
    """
    count, height, width = masks.shape
    masks = masks.astype("float32")
    found = bilinear(
        masks,
        affine(
            centroids(masks),
            config.rotation * rng.normal(size=count),
            np.exp(config.scale * rng.normal(size=count)),
            config.shift * rng.normal(size=(count, 2)),
            height,
            width,
        ),
        outside=0.0,
    )
    copies = bilinear(
        found,
        affine(
            np.zeros((count, 2)),
            np.zeros(count),
            np.ones(count),
            COPY * config.shift * rng.normal(size=(count, 2)),
            height,
            width,
        ),
        outside=0.0,
    )
    ghosts = rng.random(count)[:, None, None] < config.ghosts
    return np.where(ghosts, np.maximum(found, copies), found).astype("float32")


def draw_tracks(videos, count, latest, rng):
    """Random (video, frame, object) with a visible mask, three arrays of length count.

    Args:
        videos: `Videos`.
        count: how many.
        latest: frames are drawn from 1 to this one, or from 0 if it is negative, where
            as many frames have to follow.
        rng: NumPy generator.
    """
    seen = videos.masks.any(axis=(3, 4)) & videos.present[:, None]
    seen = seen[:, 1 : latest + 1] if latest > 0 else seen[:, :latest]
    places = np.argwhere(seen)
    video, time, number = places[rng.integers(len(places), size=count)].T
    return video, time + (1 if latest > 0 else 0), number


def static(videos, tracks, config, rng, foreign=False):
    """Frames with perturbed true masks: inputs of the network and labels.

    Args:
        videos: `Videos`.
        tracks: (video, frame, object), three arrays of length n.
        config: a `Config`.
        rng: NumPy generator.
        foreign: as for `magnitudes`.

    Returns:
        (x, y): shapes (n, height, width, 6) and (n, height, width).
    """
    video, time, number = tracks
    y = videos.masks[video, time, number].astype("float32")
    flow = magnitudes(videos, foreign)[video, time]
    before = perturb(y, config, rng)[..., None]
    return np.concatenate([videos.frames[video, time], flow, before], axis=-1), y


def clips(videos, tracks, steps, foreign=False):
    """Consecutive frames that begin with a true mask: inputs of the recurrence, labels.

    Args:
        videos: `Videos`.
        tracks: (video, first frame, object), three arrays of length n.
        steps: predicted frames.
        foreign: as for `magnitudes`.

    Returns:
        (x, y): shapes (n, steps + 1, height, width, 8) and (n, steps, height, width).
    """
    video, start, number = tracks
    times = start[:, None] + np.arange(steps + 1)
    video = video[:, None]
    masks = videos.masks[video, times, number[:, None]].astype("float32")
    first = np.zeros_like(masks)
    first[:, 0] = masks[:, 0]
    x = np.concatenate(
        [
            videos.frames[video, times],
            magnitudes(videos, foreign)[video, times],
            videos.backward[video, times],
            first[..., None],
        ],
        axis=-1,
    )
    return x, masks[:, 1:]


def whole(videos, foreign=False):
    """Every object of every video from its first mask on, as `clips` gives them."""
    count, time, objects = videos.masks.shape[:3]
    video, number = np.divmod(np.arange(count * objects), objects)
    return clips(videos, (video, np.zeros_like(video), number), time - 1, foreign)


def first_frames(videos, video, number, count, config, rng):
    """Augmented copies of the first frame of one object, as `static` gives them.

    Image, magnitudes and mask are turned, scaled, shifted and mirrored together; the
    mask of the frame before is the new mask, perturbed.

    Args:
        videos: `Videos`.
        video, number: which object.
        count: how many copies.
        config: a `Config`.
        rng: NumPy generator.
    """
    mask = videos.masks[video, 0, number].astype("float32")
    flow = magnitudes(videos.take(slice(video, video + 1)))[0, 0]
    all_of = np.concatenate([videos.frames[video, 0], flow, mask[..., None]], axis=-1)
    height, width = mask.shape
    places = affine(
        np.repeat(centroids(mask[None]), count, axis=0),
        TURN * rng.normal(size=count),
        np.exp(SCALE * rng.normal(size=count)),
        MOVE * rng.normal(size=(count, 2)),
        height,
        width,
    )
    mirrored = rng.random(count)[:, None, None] < 0.5
    places[..., 0] = np.where(mirrored, width - 1 - places[..., 0], places[..., 0])
    many = np.broadcast_to(all_of, (count, *all_of.shape))
    many = bilinear(many, places).astype("float32")
    y = (many[..., -1] > 0.5).astype("float32")
    many[..., -1] = perturb(y, config, rng)
    return many, y
