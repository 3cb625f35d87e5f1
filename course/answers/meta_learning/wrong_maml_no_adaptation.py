"""Gives the slope before any step."""

# loses: maml_gradient

import numpy as np


def maml_gradient(a, c, theta, rates):
    return float(np.mean(a * (theta - c)))
