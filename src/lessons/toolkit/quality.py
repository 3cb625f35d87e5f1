r"""How good samples are: the Fréchet distance and the inception score.

Published values use the features of a network trained on ImageNet. Here a `Judge`, a
small classifier trained on the lesson's own images, takes its place: values can be
compared within one data set, not with published ones.
"""

import numpy as np

from lessons.toolkit.errors import UserError


def _flat(images, name):
    images = np.asarray(images, np.float64)
    rows = images.reshape(len(images), -1) if images.size else images.reshape(0, 0)
    if len(rows) < 2:
        raise UserError(f"{name} needs at least 2 examples, got {len(rows)}.")
    return rows


def frechet_distance(first, second):
    r"""Squared Fréchet distance of the Gaussians fitted to two samples.

    $$\|m_1 - m_2\|^2 + \mathrm{tr}(C_1 + C_2 - 2 (C_1 C_2)^{1/2})$$
    (Dowson & Landau 1982; with features of a classifier: Heusel et al. 2017,
    arXiv:1706.08500). The trace of the root is the sum of the singular values of
    $C_1^{1/2} C_2^{1/2}$, which needs no root of a matrix that is not symmetric.

    Args:
        first, second: shapes (n, ...) and (m, ...); examples are compared as flat
            vectors. More examples than dimensions are needed for a number that means
            something; it is biased upwards for few.

    Returns:
        A float, in squared units of the features; infinite if a sample is not finite.

    Raises:
        UserError: fewer than two examples, or other numbers of features.
    """
    first, second = _flat(first, "first"), _flat(second, "second")
    if first.shape[1] != second.shape[1]:
        raise UserError(
            "first and second must have the same number of features, "
            f"got {first.shape[1]} and {second.shape[1]}."
        )
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return np.inf
    gap = first.mean(axis=0) - second.mean(axis=0)
    covariances = [np.atleast_2d(np.cov(rows.T)) for rows in (first, second)]
    product = np.matmul(*map(_root, covariances))
    shared = np.linalg.svd(product, compute_uv=False).sum()
    spread = sum(np.trace(covariance) for covariance in covariances)
    return float(max(gap @ gap + spread - 2.0 * shared, 0.0))


def _root(covariance):
    """The symmetric root of a positive semi-definite matrix."""
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T


def inception_score(probabilities):
    r"""$\exp E_x\, KL(p(y|x) \,\|\, p(y))$ (Salimans et al. 2016, arXiv:1606.03498).

    Args:
        probabilities: of the classes for each sample, shape (n, classes).

    Returns:
        A float from 1 (nothing recognised, or one class only) to the number of
        classes.
    """
    from scipy.special import rel_entr

    probabilities = np.asarray(probabilities, np.float64)
    marginal = probabilities.mean(axis=0, keepdims=True)
    return float(np.exp(rel_entr(probabilities, marginal).sum(axis=1).mean()))


class Judge:
    """A classifier of real images, trained once, that looks at samples.

    It shares nothing with the models it judges: one hidden layer of ReLUs, by
    scikit-learn.

    Args:
        split: the real images, a `toolkit.data.Split`; the training part is learned.
        units: size of the hidden layer, whose values are the features.
        seed: of its first weights and order.
    """

    def __init__(self, split, units=64, seed=0):
        import warnings

        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPClassifier

        self._network = MLPClassifier((units,), max_iter=60, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._network.fit(self._rows(split.train_images), split.train_labels)

    @staticmethod
    def _rows(images):
        return np.reshape(np.asarray(images, np.float64), (len(images), -1))

    def probabilities(self, images):
        """Probability of each class, shape (n, classes)."""
        return self._network.predict_proba(self._rows(images))

    def accuracy(self, images, labels):
        """Share of images whose likeliest class is the label."""
        return float(self._network.score(self._rows(images), labels))

    def features(self, images):
        """Values of the hidden layer, shape (n, units)."""
        weights, biases = self._network.coefs_[0], self._network.intercepts_[0]
        return np.maximum(self._rows(images) @ weights + biases, 0.0)

    def frechet_distance(self, first, second):
        """`frechet_distance` of the features of two sets of images."""
        return frechet_distance(self.features(first), self.features(second))

    def inception_score(self, images):
        """`inception_score` of the probabilities of images."""
        return inception_score(self.probabilities(images))


def baselines(split):
    """Accuracies of a linear model of the pixels, and of the most frequent class.

    Args:
        split: a `Split`.

    Returns:
        Dictionary with `linear/accuracy` and `majority/accuracy`.
    """
    train, test = (
        images.reshape(len(images), -1)
        for images in (split.train_images, split.test_images)
    )
    return baselines_of_features((train, split.train_labels), (test, split.test_labels))


def baselines_of_features(train, test):
    """Accuracies of a linear model of features, and of the most frequent class.

    Args:
        train, test: pairs of features, shape (n, features), and classes, shape (n,).

    Returns:
        Dictionary with `linear/accuracy` and `majority/accuracy`.
    """
    from sklearn.linear_model import LogisticRegression

    linear = LogisticRegression(max_iter=300).fit(*train)
    most = np.bincount(train[1]).argmax()
    return {
        "linear/accuracy": float(linear.score(*test)),
        "majority/accuracy": float(np.mean(test[1] == most)),
    }
