"""Takes the density ratio at the sample instead of the divergence."""

# loses: layer_kls

import numpy as np


def layer_kls(q_params, prior_fns, top, z_samples):
    result = []
    for layer, (mu, s) in enumerate(q_params):
        is_top = layer == len(q_params) - 1
        m, t = top if is_top else prior_fns[layer](z_samples[layer + 1])
        z = z_samples[layer]
        terms = np.log(t / s) + ((z - m) / t) ** 2 / 2 - ((z - mu) / s) ** 2 / 2
        result.append(terms.sum(axis=1))
    return result
