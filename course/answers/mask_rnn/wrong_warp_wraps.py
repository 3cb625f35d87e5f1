"""Goes on at the other side of the image."""

# loses: warp

import numpy as np


def warp(masks, flow, outside):
    height, width = masks.shape[1:]
    wide = np.pad(masks, [(0, 0), (1, 1), (1, 1)], mode="wrap")
    known = np.isfinite(flow).all(axis=-1)
    flow = np.where(known[..., None], flow, 0.0)
    rows, columns = np.mgrid[:height, :width]
    y = np.clip(rows + flow[..., 1] + 1, 0, height + 1)
    x = np.clip(columns + flow[..., 0] + 1, 0, width + 1)
    top = np.minimum(np.floor(y).astype(int), height)
    left = np.minimum(np.floor(x).astype(int), width)
    down, right = y - top, x - left
    upper = (1 - right) * wide[:, top, left] + right * wide[:, top, left + 1]
    lower = (1 - right) * wide[:, top + 1, left] + right * wide[:, top + 1, left + 1]
    return np.where(known, (1 - down) * upper + down * lower, outside)
