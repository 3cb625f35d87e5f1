"""Judging trained models on held-out images, apart from the costs they minimise.

Densities come from TensorFlow Probability, the baselines from scikit-learn; nothing
here calls `theory`, which the training calls.
"""

import numpy as np
import tensorflow as tf
import tensorflow_probability as tfp
from scipy import special

from lessons.autoencoders.semi_supervised_vae.model_stacked import StackedM2
from lessons.autoencoders.semi_supervised_vae.theory import MISSING

tfd = tfp.distributions
_ROWS = 500  # images in one call


def draws(model, x, num_samples, seed=0):
    """Draw codes and weigh them.

    Args:
        model: an `M2`, `StackedM2` or `ClampedVAE`.
        x: shape (batch, inputs).
        num_samples: draws for each image.
        seed: of the draws.

    Returns:
        (bounds, log_weights), NumPy float64 of shape (num_samples, batch, K).
        The mean of `bounds` over draws is L(x, y); `log_weights` are those of
        importance sampling, log p(x, y, z) - log q(z|x, y).
    """

    @tf.function
    def once(batch, seeds):
        features, extra = batch, tf.zeros(tf.shape(batch)[0])
        if isinstance(model, StackedM2):
            q1 = tfd.MultivariateNormalDiag(*model.first(batch))
            features = q1.sample(seed=seeds[0])
            decoded = model.first.decoder(features)
            fit = model.first.likelihood.log_prob(batch, decoded)
            extra = fit - q1.log_prob(features)
        q = tfd.MultivariateNormalDiag(*model.posterior(features))
        prior = tfd.MultivariateNormalDiag(tf.zeros_like(q.loc), tf.ones_like(q.loc))
        z = q.sample(seed=seeds[1])
        fit = model.log_likelihood(features, z) + extra[:, None]  # (batch, K)
        fit -= np.log(model.num_classes).astype(np.float32)
        ratio = prior.log_prob(z) - q.log_prob(z)
        return tfd.kl_divergence(q, prior) - fit, fit + ratio

    parts = []
    for start in range(0, len(x), _ROWS):
        batch = tf.convert_to_tensor(x[start : start + _ROWS])
        rounds = []
        for index in range(num_samples):
            seeds = tf.constant([[seed, 2 * index], [seed + 1, 2 * index + 1]])
            rounds.append([part.numpy() for part in once(batch, seeds)])
        parts.append(np.asarray(rounds, np.float64))  # (samples, 2, batch, K)
    both = np.concatenate(parts, axis=2)
    return both[:, 0], both[:, 1]


def probabilities(model, x):
    """q(y|x) of a model with labels, NumPy float64 (batch, K)."""
    logits = [model(x[i : i + _ROWS]).logits for i in range(0, len(x), _ROWS)]
    return special.softmax(np.concatenate(logits).astype(np.float64), axis=1)


def clamped_parts(model, x, num_samples=1):
    """Parts of a clamped model's cost without labels, averages in nats.

    Returns:
        Dictionary of floats: `nll`, `kl_z`, and `kl_y`, the term it leaves out.
    """
    nll, output = [], model(x)
    probs = special.softmax(np.asarray(output.logits, np.float64), axis=1)
    q = tfd.MultivariateNormalDiag(output.mean, output.scale)
    prior = tfd.MultivariateNormalDiag(tf.zeros_like(q.loc), tf.ones_like(q.loc))
    for index in range(num_samples):
        decoded = model.decoder(q.sample(seed=index), tf.cast(probs, tf.float32))
        nll.append(-np.mean(model.likelihood.log_prob(x, decoded)))
    entropy = tfd.Categorical(probs=probs).entropy().numpy()
    return {
        "nll": float(np.mean(nll)),
        "kl_z": float(np.mean(tfd.kl_divergence(q, prior))),
        "kl_y": float(np.mean(np.log(model.num_classes) - entropy)),
    }


def evaluate(model, task, num_samples, seed=0):
    """What a model with labels makes of test images whose labels it is not shown.

    Args:
        model: an `M2`, `StackedM2` or `ClampedVAE`.
        task: a `data.Task`.
        num_samples: draws for each image.
        seed: of the draws.

    Returns:
        Dictionary of floats: `accuracy` of q(y|x), `generative_accuracy` of the least
        L(x, y); averages in nats of `bound` (U, valid for every model), `nll`, `kl_z`
        (the rest of U) and `kl_y` (of the class), and `log_px`, by importance sampling.
    """
    x, labels = task.test_x, task.test_labels
    probs = probabilities(model, x)
    samples, log_weights = draws(model, x, num_samples, seed)
    costs = samples.mean(axis=0)  # L(x, y)
    kl_y = np.log(model.num_classes) + np.sum(special.xlogy(probs, probs), axis=1)
    bound = np.sum(probs * (costs - np.log(model.num_classes)), axis=1) + kl_y
    evidence = special.logsumexp(log_weights, axis=(0, 2)) - np.log(num_samples)
    return {
        "accuracy": accuracy(probs.argmax(axis=1), labels),
        "generative_accuracy": accuracy(costs.argmin(axis=1), labels),
        "bound": float(bound.mean()),
        "kl_y": float(kl_y.mean()),
        "log_px": float(evidence.mean()),
    }


def draw_classes(model, num_draws, seed=0):
    """Images with the label clamped to each class in turn.

    Returns:
        (x, labels): `num_draws` of each class, shapes (n, pixels) and (n,).
    """
    num_classes = model.num_classes
    labels = np.repeat(np.arange(num_classes), num_draws)
    generator = np.random.default_rng(seed)
    codes = generator.standard_normal((len(labels), model.latent_dim), np.float32)
    return np.asarray(model.decode(codes, labels)), labels


def accuracy(answers, labels):
    """Share of right answers."""
    return float(np.mean(np.asarray(answers) == labels))


def baselines(task):
    """Two classifiers of scikit-learn: one of the labelled images, one of all.

    Returns:
        Dictionary of floats: `svc/accuracy`, a support vector classifier of the
        labelled pixels, and `label_spreading/accuracy`, which also sees the others
        (Zhou et al. 2004).
    """
    from sklearn.semi_supervised import LabelSpreading
    from sklearn.svm import SVC

    spreading = LabelSpreading(kernel="knn", n_neighbors=7, max_iter=100)
    answers = {
        "svc": SVC().fit(*task.labelled()),
        "label_spreading": spreading.fit(task.x, task.labels),
    }
    assert MISSING == -1  # what scikit-learn takes for a missing label
    return {
        f"{name}/accuracy": float(model.score(task.test_x, task.test_labels))
        for name, model in answers.items()
    }


def feature_accuracy(model, task):
    """Test accuracy of a support vector classifier of M1's labelled codes."""
    from sklearn.svm import SVC

    x, labels = task.labelled()
    classifier = SVC().fit(np.asarray(model(x)[0]), labels)
    return float(classifier.score(np.asarray(model(task.test_x)[0]), task.test_labels))
