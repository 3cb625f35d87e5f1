"""Makes layers below follow the means, not what was drawn above."""

# loses: sample_frozen


def sample_frozen(prior_fns, top, vary, eps):
    m, t = top
    for layer in range(len(eps), 0, -1):
        if layer < len(eps):
            m, t = prior_fns[layer - 1](mean)
        noise = eps[layer - 1]
        mean = m + 0 * noise
        above = mean + t * noise * (layer in vary)
    return above
