"""Cuts numbers towards zero instead of down."""

# loses: warp

import numpy as np


def warp(masks, flow, outside):
    height, width = masks.shape[1:]
    wide = np.pad(masks, [(0, 0), (1, 2), (1, 2)], constant_values=outside)
    known = np.isfinite(flow).all(axis=-1)
    flow = np.where(known[..., None], flow, 0.0)
    rows, columns = np.mgrid[:height, :width]
    y = np.clip(rows + flow[..., 1], -1, height)
    x = np.clip(columns + flow[..., 0], -1, width)
    top, left = y.astype(int), x.astype(int)
    down, right = np.abs(y - top), np.abs(x - left)
    top, left = top + 1, left + 1
    upper = (1 - right) * wide[:, top, left] + right * wide[:, top, left + 1]
    lower = (1 - right) * wide[:, top + 1, left] + right * wide[:, top + 1, left + 1]
    return np.where(known, (1 - down) * upper + down * lower, outside)
