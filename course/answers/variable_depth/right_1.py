"""A right answer in NumPy and SciPy, vectorised."""

import numpy as np
from scipy.special import log_expit, logsumexp

WRITTEN = r"""
1. Silence is easy, so every layer is right about it and r = g: the likelihood does not
   move the gates any more, and the prior makes them equal. Equal gates have depth 3.
   To make silence shallow one has to charge for depth.
2. It says that upper layers are better than lower ones for speech just now. I would train on: if
   all layers learn speech in the end the gap closes. And I would judge each layer alone, on speech:
   if the first one is as good as the last, speech needs no depth.
3. Layers that were trained through the gates only may have specialised, each good at its own
   inputs. I would train a network with a loss at every layer as well: if the exits can be
   exchanged there at no cost, they said nothing about who is easy.
"""


def cascade_log_probs(b):
    padded = np.pad(log_expit(b), ((0, 0), (1, 0)))
    return np.cumsum(padded, axis=1) + np.pad(log_expit(-b), ((0, 0), (0, 1)))


def mixture_nll(log_g, log_p, y, has):
    places = np.flatnonzero(has)
    answers = places[np.searchsorted(places, np.arange(len(has)))]
    own = np.take_along_axis(log_p, y[:, None, None], axis=2)[:, :, 0]
    return -logsumexp(log_g + own[:, answers], axis=1)


def prior_gates(p, alpha):
    gates = np.ones(p.shape) / p.shape[1]
    moved = 1.0
    while moved > 1e-12:
        before = gates
        shares = gates * p / np.sum(gates * p, axis=1, keepdims=True)
        gates = (shares + alpha) / np.sum(shares + alpha, axis=1, keepdims=True)
        moved = np.abs(gates - before).max()
    return gates


def early_exit(g, p, tau):
    enough = np.cumsum(g, axis=1) >= tau - 1e-9
    enough[:, -1] = True
    at = enough.argmax(axis=1)
    here = np.arange(g.shape[1]) <= at[:, None]
    mixture = np.where(here[..., None], g[..., None] * p, 0).sum(axis=1)
    return mixture.argmax(axis=1), at + 1


def act_weights(h, lengths, epsilon):
    steps = np.arange(h.shape[1])
    inside = steps < lengths[:, None]
    own = np.where(inside, h, 0)
    sums = np.cumsum(own, axis=1)
    ends = (sums >= 1 - epsilon) | (steps == lengths[:, None] - 1)
    at = ends.argmax(axis=1)
    weights = np.where(steps < at[:, None], own, 0)
    rest = 1 - weights.sum(axis=1)
    weights[np.arange(len(h)), at] = rest
    return weights, at + 1 + rest
