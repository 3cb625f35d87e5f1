"""Takes the mean over the frames of a stage."""

# loses: stage_weights

import numpy as np


def stage_weights(scores, stage, present, num_stages):
    there = (stage >= 0)[:, None] & present[None]
    top = scores[there].max()
    parts = np.where(there, np.exp(np.where(there, scores - top, 0.0)), 0.0)
    frames = parts.sum(axis=1) / parts.sum()
    return np.array(
        [
            frames[stage == k].mean() if (stage == k).any() else 0.0
            for k in range(num_stages)
        ]
    )
