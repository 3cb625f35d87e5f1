"""Adds padded frames to the last stage, where -1 points."""

# loses: stage_weights

import numpy as np


def stage_weights(scores, stage, present, num_stages):
    there = (stage >= 0)[:, None] & present[None]
    top = scores[there].max()
    parts = np.where(there, np.exp(np.where(there, scores - top, 0.0)), 0.0)
    parts = np.where(present[None], np.exp(scores - top), 0.0).sum(axis=1)
    found = np.zeros(num_stages)
    np.add.at(found, stage % num_stages, parts / parts.sum())
    return found
