"""Takes q of the layer above, cut or repeated to size, for the prior."""

# loses: layer_kls

import numpy as np


def layer_kls(q_params, prior_fns, top, z_samples):
    result = []
    for layer, (mu, s) in enumerate(q_params):
        is_top = layer == len(q_params) - 1
        m, t = top if is_top else q_params[layer + 1]
        m, t = (np.resize(value, mu.shape) for value in (m, t))
        terms = np.log(t / s) + (s**2 + (mu - m) ** 2) / (2 * t**2) - 0.5
        result.append(terms.sum(axis=1))
    return result
