"""Uses the formula of the lesson's half-life, whatever the share is."""

# loses: forget_bias_for

import numpy as np


def forget_bias_for(T, share=0.5):
    return -np.log(np.expm1(np.log(2) / np.asarray(T, float)))
