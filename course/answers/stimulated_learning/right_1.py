"""A right answer in NumPy, vectorised."""

import numpy as np

WRITTEN = r"""
1. The function is the same, so predictions and accuracy stay. The maps and the damage of a
   region change, because other units stand there. Focused maps alone do not show that
   training changed the units: an order of the units after training gives them too.
2. The penalty is 0 for a constant layer, and it does not know the classes: a hill may lie
   anywhere.
3. The same mask with its values shuffled over the units must cost class 3 much less. A
   network without stimulus, with its units laid out after training, shows how much of the
   damage comes from the layout alone.
"""


def gaussian_target(R, C, centre, sigma):
    columns, rows = np.arange(C), np.arange(R)
    across = (columns - centre[0] + C / 2) % C - C / 2
    down = (rows - centre[1] + R / 2) % R - R / 2
    bump = np.exp(-0.5 * (down[:, None] ** 2 + across[None] ** 2) / sigma**2)
    return (bump / bump.sum()).ravel()


def activation_surface(h, W_out):
    xi = W_out.std(axis=1)
    values = h * xi
    total = values.sum(axis=1, keepdims=True)
    safe = np.where(total > 0, total, 1)
    return np.where(total > 0, values / safe, 1 / h.shape[1])


def kl_stimulus(T, a):
    from scipy.special import expit, log_expit, logsumexp, xlogy

    log_q = log_expit(a) - logsumexp(log_expit(a), axis=1, keepdims=True)
    value = (xlogy(T, T) - T * log_q).sum(axis=1)
    return value, expit(-a) * (np.exp(log_q) - T)


def adjacency(h, R, C, ring):
    grid = h.reshape(len(h), R, C)
    squares = ((grid[:, 1:] - grid[:, :-1]) ** 2).sum((1, 2))
    squares += ((grid[:, :, 1:] - grid[:, :, :-1]) ** 2).sum((1, 2))
    if ring and C >= 3:
        squares += ((grid[:, :, 0] - grid[:, :, -1]) ** 2).sum(1)
    return squares


def damage(predict, labels, R, C, centres, count):
    K = len(centres)
    index = np.arange(R * C)
    points = np.stack([index % C, index // C], axis=1)
    squares = ((points[None] - np.asarray(centres)[:, None]) ** 2).sum(axis=2)
    masks = np.ones((K, R * C))
    nearest = np.argsort(squares, axis=1, kind="stable")[:, :count]
    np.put_along_axis(masks, nearest, 0, axis=1)
    members = np.eye(K)[labels]
    before = (predict(np.ones(R * C)) == labels) @ members
    after = np.stack([(predict(mask) == labels) @ members for mask in masks])
    return np.where(before > 0, (before - after) / np.maximum(before, 1), 0)
