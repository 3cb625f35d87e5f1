"""Takes the largest weight of a frame, not the sum."""

# loses: stage_weights

import numpy as np


def stage_weights(scores, stage, present, num_stages):
    there = (stage >= 0)[:, None] & present[None]
    top = scores[there].max()
    parts = np.where(there, np.exp(np.where(there, scores - top, 0.0)), 0.0)
    frames = parts.max(axis=1) / parts.max(axis=1).sum()
    return np.array([frames[stage == k].sum() for k in range(num_stages)])
