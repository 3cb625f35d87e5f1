"""A right answer in NumPy and SciPy, vectorised."""

import math

import numpy as np
from scipy.special import logsumexp, softmax

WRITTEN = r"""
1. Show a demonstration of another task, with the world unchanged. If the policy reads
   it, success at the true task falls to about zero and success at the demonstrated one
   stays near 90 %. That it fails without one may only mean that it never saw such inputs.
2. The final frame of one tower holds the whole layout, and a tower can only be built
   from below, so no information about the order is missing. I would train that policy on,
   and plot success against steps; and let the scripted expert read the final frame, which
   should succeed nearly always. If both go up, 40 % was a matter of optimisation.
3. The deviation of a binomial count of 100 at 0.89 is 3.1, so of 24 counts the greatest
   and the least differ by about 12: nothing needs explaining. Exact: the same layout and
   noise with blocks renamed must give the same trajectory, renamed.
"""


def counted_attention(query, context, memory, scale, counts):
    logs = np.array([math.log(n) if n else -math.inf for n in counts])
    scores = np.tanh(query[:, None, :] + context) @ scale + logs
    if not counts.any():
        weights = np.zeros(scores.shape)
    else:
        weights = np.exp(scores - logsumexp(scores, axis=1, keepdims=True))
    return weights @ memory, weights


def neighborhood_attention(h, b, s, params):
    q = np.einsum("iu,kuw->ikw", h, params["query"]) + params["query_bias"]
    c = h @ params["context"] + params["context_bias"]
    scores = np.tanh(q[:, :, None] + c[None, None]) @ params["scale"]
    alpha = softmax(scores, axis=2)
    offset = b[None] - b[:, None]
    places = np.einsum("ikj,ijd->ikd", alpha, offset)
    told = np.einsum("ikj,ju->iku", alpha, h)
    heard = np.concatenate([places, told], axis=2).reshape(len(h), -1)
    known = np.hstack([h, heard, b, np.repeat(s[None], len(h), axis=0)])
    return known @ params["out"] + params["out_bias"]


def dropped_frames(ends, p, rng):
    keep = rng.random(int(ends[-1])) >= p
    starts = np.append(0, ends[:-1])
    for start, end in zip(starts, ends, strict=True):
        if not keep[start:end].any():
            keep[rng.integers(start, end)] = True
    return np.flatnonzero(keep)


def stage_weights(scores, stage, present, num_stages):
    frames = stage >= 0
    inside = scores[frames][:, present]
    weights = softmax(inside).sum(axis=1)
    return np.bincount(stage[frames], weights, minlength=num_stages)


def guarded_round(states, labels, policy, expert, start, step, most, gap):
    new_states, new_labels, state = [], [], start
    for _ in range(most):
        label = np.asarray(expert(state), float)
        own = np.asarray(policy(state), float)
        new_states.append(np.copy(state))
        new_labels.append(label)
        action = own if np.max(np.abs(own - label)) <= gap else label
        state, ended = step(state, action)
        if ended:
            break
    return np.vstack([states, *new_states]), np.vstack([labels, *new_labels])
