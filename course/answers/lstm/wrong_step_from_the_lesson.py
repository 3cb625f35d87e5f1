"""Imports the lesson's own package."""

# loses: lstm_step

import numpy as np


def lstm_step(x, h, c, W, U, b, mask):
    from lessons.foundations.lstm import theory

    parameters = {"kernel": W, "recurrent": U, "bias": b}
    new_h, new_c, _ = theory.lstm_step(x, h, c, parameters)
    on = np.asarray(mask)[:, None] != 0
    return np.where(on, new_h, h), np.where(on, new_c, c)
