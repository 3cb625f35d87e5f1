"""Judging trained models on held-out images, apart from the costs they minimise.

Densities come from TensorFlow Probability, the baselines from scikit-learn; nothing
here calls `theory`, which the training calls.
"""

import numpy as np
import tensorflow as tf
import tensorflow_probability as tfp
from scipy import special

from lessons.autoencoders.semi_supervised_vae.model import M1
from lessons.autoencoders.semi_supervised_vae.model_clamped import ClampedVAE
from lessons.autoencoders.semi_supervised_vae.model_latent import LatentModel
from lessons.autoencoders.semi_supervised_vae.model_stacked import StackedM2

tfd = tfp.distributions
_ROWS = 500  # images in one call


def draws(model, x, num_samples, seed=0):
    """Draw codes for every label of every image and weigh them.

    Args:
        model: an `M2`, `StackedM2` or `ClampedVAE`.
        x: shape (batch, inputs).
        num_samples: draws for each image.
        seed: of the draws.

    Returns:
        (nll, kl, log_weights), NumPy float64 of shape (num_samples, batch, K): the
        negative log-likelihood of the drawn code, the KL of its posterior, and
        log p(x, y, z) - log q(z|x, y). The mean over draws of `nll + kl` plus log K
        is L(x, y). For a stack, `nll` includes what z1 costs.
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
        kl = tfd.kl_divergence(q, prior) + tf.zeros_like(fit)
        log_prior = -np.log(model.num_classes).astype(np.float32)
        return -fit, kl, fit + log_prior + prior.log_prob(z) - q.log_prob(z)

    parts = []
    for start in range(0, len(x), _ROWS):
        batch = tf.convert_to_tensor(x[start : start + _ROWS])
        rounds = []
        for index in range(num_samples):
            seeds = tf.constant([[seed, 2 * index], [seed + 1, 2 * index + 1]])
            rounds.append([part.numpy() for part in once(batch, seeds)])
        parts.append(np.asarray(rounds, np.float64))  # (samples, 3, batch, K)
    return np.moveaxis(np.concatenate(parts, axis=2), 1, 0)


def probabilities(model, x):
    """q(y|x) of a model with labels, NumPy float64 (batch, K)."""
    logits = [model(x[i : i + _ROWS]).logits for i in range(0, len(x), _ROWS)]
    return special.softmax(np.concatenate(logits).astype(np.float64), axis=1)


def evaluate(model, task, config, judge):
    """Scores of a trained model on test images whose labels it is not shown.

    Args:
        model: one of those that `experiment.build_model` makes.
        task: a `data.Task`.
        config: a `Config`; gives numbers of samples and draws, and the seed.
        judge: a `quality.Judge` of the same images.

    Returns:
        Dictionary of floats: `accuracy`; for models with labels also what `bounds`
        gives, and `agreement`, the fraction of drawn images that the judge gives the
        label they were drawn for.
    """
    if isinstance(model, M1):
        return {"accuracy": feature_accuracy(model, task)}
    if not isinstance(model, LatentModel):
        answers = model.predict(task.test_x, verbose=0).argmax(axis=1)
        return {"accuracy": accuracy(answers, task.test_labels)}
    scores = bounds(model, task, config.num_eval_samples, config.seed)
    x, labels = draw_classes(model, config.num_draws, config.seed)
    return scores | {"agreement": judge.accuracy(task.images(x), labels)}


def bounds(model, task, num_samples, seed=0):
    """What a model with labels makes of test images whose labels it is not shown.

    Args:
        model: an `M2`, `StackedM2` or `ClampedVAE`.
        task: a `data.Task`.
        num_samples: draws for each image.
        seed: of the draws.

    Returns:
        Dictionary of floats: `accuracy` of q(y|x) and `generative_accuracy` of the
        least L(x, y). Averages in nats: `bound`, which is U and valid for every model,
        and its parts `nll`, `kl_z` and `kl_y`; `best_bound`, U with the best classifier
        softmax(-L) in place of the model's own; `log_px` by importance sampling;
        `cost`, what the model minimises, which is the bound unless it is clamped.
    """
    x, labels = task.test_x, task.test_labels
    probs = probabilities(model, x)
    nll, kl, log_weights = draws(model, x, num_samples, seed)
    nll, kl = nll.mean(axis=0), kl.mean(axis=0)
    log_k = np.log(model.num_classes)
    kl_y = log_k + np.sum(special.xlogy(probs, probs), axis=1)
    evidence = special.logsumexp(log_weights, axis=(0, 2)) - np.log(num_samples)
    scores = {
        "accuracy": accuracy(probs.argmax(axis=1), labels),
        "generative_accuracy": accuracy((nll + kl).argmin(axis=1), labels),
        "nll": np.sum(probs * nll, axis=1).mean(),
        "kl_z": np.sum(probs * kl, axis=1).mean(),
        "kl_y": kl_y.mean(),
        "log_px": evidence.mean(),
    }
    scores["bound"] = scores["nll"] + scores["kl_z"] + scores["kl_y"]
    scores["best_bound"] = log_k - special.logsumexp(-(nll + kl), axis=1).mean()
    scores["cost"] = scores["bound"]
    if isinstance(model, ClampedVAE) and model.objective != "marginal":
        scores["soft_nll"] = soft_nll(model, x, probs, num_samples, seed)
        scores["cost"] = scores["soft_nll"] + scores["kl_z"]
        if model.objective == "with_class_kl":
            scores["cost"] += scores["kl_y"]
    return {name: float(value) for name, value in scores.items()}


def soft_nll(model, x, probs, num_samples, seed=0):
    """Mean negative log-likelihood of a decoder that is shown probabilities, in nats.

    Args:
        model: a `ClampedVAE`.
        x: shape (batch, inputs).
        probs: shown in place of a label, shape (batch, K).
        num_samples: draws of the code for each image.
        seed: of the draws.
    """
    output = model(x)
    q = tfd.MultivariateNormalDiag(output.mean, output.scale)
    shown = tf.cast(probs, tf.float32)
    means = []
    for index in range(num_samples):
        decoded = model.decoder(q.sample(seed=seed + index), shown)
        means.append(-np.mean(model.likelihood.log_prob(x, decoded)))
    return float(np.mean(means))


def draw_classes(model, num_draws, seed=0):
    """Images with the label clamped to each class in turn.

    Returns:
        (x, labels): `num_draws` of each class, shapes (n, pixels) and (n,).
    """
    num_classes = model.num_classes
    labels = np.repeat(np.arange(num_classes), num_draws)
    rng = np.random.default_rng(seed)
    codes = rng.standard_normal((len(labels), model.latent_dim), np.float32)
    return np.asarray(model.decode(codes, labels)), labels


def accuracy(answers, labels):
    """Fraction of right answers."""
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
    models = {"svc": SVC().fit(*task.labelled()), "label_spreading": spreading}
    with np.errstate(invalid="ignore"):  # images whose neighbours no label reaches
        spreading.fit(task.x, task.labels)
        return {
            f"{name}/accuracy": float(model.score(task.test_x, task.test_labels))
            for name, model in models.items()
        }


def feature_accuracy(model, task):
    """Test accuracy of a support vector classifier of M1's labelled codes."""
    from sklearn.svm import SVC

    x, labels = task.labelled()
    classifier = SVC().fit(np.asarray(model(x)[0]), labels)
    return float(classifier.score(np.asarray(model(task.test_x)[0]), task.test_labels))
