"""Follows the rule of thumb b = ln T."""

# loses: forget_bias_for

import numpy as np


def forget_bias_for(T, share=0.5):
    return np.log(np.asarray(T, float))
