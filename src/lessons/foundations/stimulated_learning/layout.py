"""Places on a grid: of the classes before training, of the units after it."""

import numpy as np
from scipy import optimize

from lessons.foundations.stimulated_learning import theory
from lessons.toolkit.errors import UserError, unknown

METHODS = ("tsne", "pca", "circle", "random")
MARGIN = 0.9  # of half the grid, so that no centre lies on an edge


def class_centres(means, rows, columns, method="tsne", seed=0):
    r"""Centres $\mu_c = \frac{(C - 1, R - 1)}{2} (1 + 0.9\,z_c)$.

    $z_c$ are positions in the plane, centred, and divided by the greatest size along
    each axis. (The authors' code has $R/2$ for $(R - 1)/2$; on grids of fewer than ten
    rows that would put centres outside.)

    Args:
        means: mean features of each class, shape (classes, features).
        rows, columns: $R$ and $C$.
        method: "tsne" and "pca" put classes with similar means side by side, "circle"
            takes them in their order, "random" draws.
        seed: of the draw.

    Returns:
        Shape (classes, 2), as (column, row).

    Raises:
        UserError: no such method, or too few classes for it.
    """
    means = np.asarray(means, np.float64)
    positions = _positions(means, method, seed)
    positions = positions - positions.mean(axis=0)
    sizes = np.abs(positions).max(axis=0)
    positions = positions / np.where(sizes > 0, sizes, 1)
    return (np.array([columns, rows]) - 1) / 2 * (1 + MARGIN * positions)


def _positions(means, method, seed):
    """Places in the plane, shape (classes, 2), in any unit."""
    count = len(means)
    if method == "circle":
        angles = 2 * np.pi * np.arange(count) / count
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)
    if method == "random":
        return np.random.default_rng(seed).uniform(-1, 1, (count, 2))
    if count < 3:
        raise UserError(
            f"centres={method!r} needs at least 3 classes, got {count}. "
            "Allowed: centres=circle or random."
        )
    if method == "pca":
        from sklearn.decomposition import PCA

        return PCA(2).fit_transform(means)
    if method == "tsne":
        from sklearn.manifold import TSNE

        perplexity = min(30.0, (count - 1) / 3)  # must be below the number of classes
        tsne = TSNE(perplexity=perplexity, init="pca", random_state=0)
        return tsne.fit_transform(means).astype(np.float64)
    raise unknown("centres", method, METHODS)


def class_means(values, labels, num_classes):
    """Means over the examples of each class; zeros for a class without any.

    Args:
        values: shape (batch, n).
        labels: shape (batch,).
        num_classes: classes.

    Returns:
        Shape (classes, n), float64.
    """
    values, means = np.asarray(values), np.zeros((num_classes, values.shape[1]))
    for label in np.unique(labels):
        means[label] = values[labels == label].mean(axis=0, dtype=np.float64)
    return means


def place_units(maps, targets):
    """A place on the grid for each unit of a layer, after training.

    The assignment that makes the sum over units of the product of two profiles over the
    classes as large as possible: how far a unit's mean activation of a class is above
    its mean of all, and the targets at the unit's new place.

    Args:
        maps: mean activations by class, shape (classes, n).
        targets: target surfaces, shape (classes, n).

    Returns:
        Order of the units, shape (n,): place p is given to unit order[p].
    """
    preference = maps - maps.mean(axis=0)
    gain = preference.T @ (targets - targets.mean(axis=0))  # (units, places)
    units, places = optimize.linear_sum_assignment(gain, maximize=True)
    order = np.empty_like(places)
    order[places] = units
    return order


def reordered(model, orders):
    """The same function with the units of its hidden layers in another order.

    Args:
        model: a `GridClassifier`.
        orders: for each hidden layer a permutation, as from `place_units`.

    Returns:
        A new `GridClassifier`.
    """
    copy = type(model).from_config(model.get_config())
    weights = [np.array(weight) for weight in model.get_weights()]
    for place, order in enumerate(orders):
        kernel, bias, after = 2 * place, 2 * place + 1, 2 * place + 2
        weights[kernel] = weights[kernel][:, order]
        weights[bias] = weights[bias][order]
        weights[after] = weights[after][order]
    copy.set_weights(weights)
    return copy


def laid_out(model, features, stimuli):
    """A trained model with its units laid out by what they prefer.

    Args:
        model: a `GridClassifier`.
        features: training features, shape (batch, features).
        stimuli: class of each example, shape (batch,).
    """
    given = model.arguments
    points = theory.grid_points(given["rows"], given["columns"])
    targets = np.exp(theory.log_target(points, given["centres"], given["spread"]))
    outputs = model.predict(features, batch_size=4096, verbose=0)
    orders = [
        place_units(class_means(outputs[layer.name], stimuli, len(targets)), targets)
        for layer in model.hidden
    ]
    return reordered(model, orders)
