"""Takes the divergence from the prior to the posterior."""

# loses: layer_kls

import numpy as np


def layer_kls(q_params, prior_fns, top, z_samples):
    result = []
    for layer, (mu, s) in enumerate(q_params):
        is_top = layer == len(q_params) - 1
        m, t = top if is_top else prior_fns[layer](z_samples[layer + 1])
        terms = np.log(s / t) + (t**2 + (mu - m) ** 2) / (2 * s**2) - 0.5
        result.append(terms.sum(axis=1))
    return result
