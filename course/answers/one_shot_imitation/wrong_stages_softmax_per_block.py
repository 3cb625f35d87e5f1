"""Takes a softmax over time for each block and then the mean."""

# loses: stage_weights

import numpy as np


def stage_weights(scores, stage, present, num_stages):
    there = (stage >= 0)[:, None] & present[None]
    top = scores[there].max()
    parts = np.where(there, np.exp(np.where(there, scores - top, 0.0)), 0.0)
    columns = parts[:, present]
    frames = (columns / columns.sum(axis=0)).mean(axis=1)
    return np.array([frames[stage == k].sum() for k in range(num_stages)])
