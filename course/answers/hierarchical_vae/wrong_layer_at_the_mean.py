"""Evaluates the prior at the posterior mean of the layer above."""

# loses: layer_kls

import numpy as np


def layer_kls(q_params, prior_fns, top, z_samples):
    result = []
    for layer, (mu, s) in enumerate(q_params):
        is_top = layer == len(q_params) - 1
        m, t = top if is_top else prior_fns[layer](q_params[layer + 1][0])
        terms = np.log(t / s) + (s**2 + (mu - m) ** 2) / (2 * t**2) - 0.5
        result.append(terms.sum(axis=1))
    return result
