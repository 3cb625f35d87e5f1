"""Takes one maximum for the whole batch in the logarithm of the sum."""

# loses: mixture_nll

import numpy as np


def mixture_nll(log_g, log_p, y, has):
    places = np.flatnonzero(has)
    answers = places[np.searchsorted(places, np.arange(len(has)))]
    own = log_p[np.arange(len(y))[:, None], answers, y[:, None]]
    values = log_g + own
    most = values.max()
    with np.errstate(divide="ignore"):
        return -most - np.log(np.exp(values - most).sum(axis=1))
