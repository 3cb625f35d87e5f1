r"""Models with labels in which every quantity has a closed form. NumPy, float64, nats.

$y$ is one of $K$ equally likely classes, $z \sim N(0, I)$, and
$x | y, z \sim N(V_y + W z, v I)$. For each class it is the linear model of the `vae`
lesson, with the class mean as its bias; so posteriors, best codes and gaps are known.
"""

import dataclasses

import numpy as np
from scipy import special

from lessons.autoencoders.vae.theory_linear import LinearGaussian


@dataclasses.dataclass(frozen=True)
class LabelledGaussian:
    r"""$p(x, y, z) = \frac1K\, N(z; 0, I)\, N(x; V_y + W z, v I)$.

    Attributes:
        class_means: $V$, shape (classes, pixels).
        weights: $W$, shape (pixels, latent); zeros for a code that is not used.
        variance: $v$.
    """

    class_means: np.ndarray
    weights: np.ndarray
    variance: float

    def decoder_of(self, label_vector):
        """The linear model with a class vector fixed: one-hot, or a mixture."""
        mean = np.asarray(label_vector, dtype=float) @ self.class_means
        return LinearGaussian(self.weights, mean, self.variance)

    def log_joint(self, x):
        r"""$\log p(x, y)$ for every class, shape (batch, classes)."""
        models = map(self.decoder_of, np.eye(len(self.class_means)))
        columns = [model.log_marginal(x) for model in models]
        return np.stack(columns, axis=-1) - np.log(len(self.class_means))

    def log_evidence(self, x):
        r"""$\log p(x)$, shape (batch,)."""
        return special.logsumexp(self.log_joint(x), axis=1)

    def posterior(self, x):
        r"""$p(y|x)$, shape (batch, classes)."""
        return special.softmax(self.log_joint(x), axis=1)

    def diagonal_bounds(self, x):
        r"""$L(x, y)$ with the best diagonal $q(z|x, y)$, shape (batch, classes).

        Above $-\log p(x, y)$ by the gap of the linear model, the same in each class.
        """
        return self.decoder_of(np.eye(len(self.class_means))[0]).diagonal_gap() - (
            self.log_joint(x)
        )

    def clamped_cost(self, x, probs):
        r"""The label-clamped cost of examples without labels, shape (batch,).

        The decoder is shown $\pi$ itself, and $q(z|x)$ is the best one for it; so the
        cost is $-\log N(x; V^\top \pi, W W^\top + v I)$.

        Args:
            x: shape (batch, pixels).
            probs: the classifier's $\pi$, shape (batch, classes).
        """
        pairs = zip(np.atleast_2d(x), np.atleast_2d(probs), strict=True)
        costs = [-self.decoder_of(pi).log_marginal(row)[0] for row, pi in pairs]
        return np.array(costs)


def separated_points(num_classes, distance=10.0, variance=0.01):
    r"""Data determined by the label alone: $K$ points far apart, and a code unused.

    The decoder looks the class up. With a confident classifier the clamped cost of a
    draw is $-\log p(x) - \log K$.

    Args:
        num_classes: $K$.
        distance: of each point from the origin, along an axis of its own.
        variance: $v$ around each point.

    Returns:
        A `LabelledGaussian`.
    """
    means = distance * np.eye(num_classes)
    return LabelledGaussian(means, np.zeros((num_classes, 1)), variance)


SHEET = LabelledGaussian(  # the example of the notebook, the tests and the exercise
    class_means=2.0 * np.eye(3),
    weights=np.array([[1.0, 0.5], [0.3, -0.8], [0.7, 0.2]]),
    variance=0.25,
)
SHEET_X = np.array([1.2, 0.4, -0.3])
