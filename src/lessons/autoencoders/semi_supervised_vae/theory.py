r"""Costs and bounds of models that see some labels.

Pure functions of arrays, written with `keras.ops`. Names follow Kingma, Rezende,
Mohamed & Welling 2014 (arXiv:1406.5298): $x$ is an image, $y$ its class, one of $K$,
$z$ a code. The classifier is $q(y|x) = \mathrm{softmax}(a)_y = \pi_y$ with logits $a$.
$L(x, y)$ and $U(x)$ are *costs*: upper bounds of $-\log p(x, y)$ and of $-\log p(x)$.
A label of -1 means that the label is missing. Results are in nats, one per example.
"""

from keras import ops

MISSING = -1


def bernoulli_log_likelihood(x, logits):
    r"""$\log p(x|z) = \sum_i x_i l_i - \log(1 + e^{l_i})$ for pixels in [0, 1].

    Args:
        x: pixels, shape (..., pixels).
        logits: $l$, broadcast with x.

    Returns:
        Shape (...), in nats.
    """
    return ops.sum(x * logits - ops.softplus(logits), axis=-1)


def labelled_bound(log_likelihood, kl, log_prior):
    r"""The cost of a labelled example (eq. 6).

    $$L(x, y) = KL(q(z|x,y) \,\|\, p(z)) - E_q[\log p(x|y,z)] - \log p(y)
              \;\ge\; -\log p(x, y)$$

    Args:
        log_likelihood: an estimate of the expectation, any shape.
        kl: of the code, same shape.
        log_prior: $\log p(y)$, broadcast.

    Returns:
        $L$, shape as given.
    """
    return kl - log_likelihood - log_prior


def unlabelled_bound(bounds, logits):
    r"""The cost of an example without its label (eq. 7): the sum over all labels.

    $$U(x) = \sum_y \pi_y \big(L(x, y) + \log \pi_y\big) \;\ge\; -\log p(x)$$

    Args:
        bounds: $L(x, y)$ for every class, shape (batch, classes).
        logits: of $q(y|x)$, shape (batch, classes), finite.

    Returns:
        $U$, shape (batch,).
    """
    log_probs = ops.log_softmax(logits, axis=-1)
    return ops.sum(ops.exp(log_probs) * (bounds + log_probs), axis=-1)


def best_unlabelled_bound(bounds):
    r"""The least $U$ over all classifiers, reached at $\pi \propto e^{-L}$.

    $$\min_\pi U = -\log \sum_y e^{-L(x, y)}$$

    Args:
        bounds: $L(x, y)$, shape (batch, classes).

    Returns:
        Shape (batch,).
    """
    return -ops.logsumexp(-bounds, axis=-1)


def classifier_gradient(bounds, logits):
    r"""Gradient of $U$ for the classifier's logits.

    $$\frac{\partial U}{\partial a_k} = \pi_k \big(L_k + \log \pi_k - U\big)$$

    Args:
        bounds: $L(x, y)$, shape (batch, classes).
        logits: $a$, shape (batch, classes).

    Returns:
        Shape (batch, classes).
    """
    log_probs = ops.log_softmax(logits, axis=-1)
    mean = ops.expand_dims(unlabelled_bound(bounds, logits), -1)
    return ops.exp(log_probs) * (bounds + log_probs - mean)


def flat_labels(labels):
    """Labels as int32 of shape (batch,), given in any number type.

    Args:
        labels: shape (batch,) or (batch, 1), as data sets of Keras have them.
    """
    return ops.cast(ops.reshape(labels, (-1,)), "int32")


def is_known(labels):
    """1 where there is a label, 0 where it is missing (-1); float32, (batch,)."""
    return ops.cast(ops.convert_to_tensor(labels) >= 0, "float32")


def clamp_labels(labels, probs):
    r"""The class vector a decoder is shown: the truth where it is known.

    $$\tilde y = \text{one-hot}(y) \text{ if there is a label, else } \pi$$

    Args:
        labels: integers, shape (batch,); -1 where missing.
        probs: $\pi$, shape (batch, classes).

    Returns:
        Shape (batch, classes); gradients flow through the rows without a label.
    """
    known = ops.expand_dims(ops.convert_to_tensor(labels) >= 0, -1)
    one_hot = ops.one_hot(labels, ops.shape(probs)[-1], dtype=probs.dtype)
    return ops.where(known, one_hot, probs)


def label_cross_entropy(labels, logits):
    r"""$-\log q(y|x)$ where there is a label, exactly 0 where there is none.

    Args:
        labels: integers, shape (batch,); -1 where missing.
        logits: shape (batch, classes).

    Returns:
        Shape (batch,).
    """
    one_hot = ops.one_hot(labels, ops.shape(logits)[-1], dtype=logits.dtype)
    return -ops.sum(one_hot * ops.log_softmax(logits, axis=-1), axis=-1)


def label_weight(alpha, num_examples, num_labelled):
    r"""Factor of each labelled example's cross-entropy: $\alpha N / N_l$ (eq. 9).

    Averaged over all $N$ examples it weighs the *mean* labelled cross-entropy by
    $\alpha$, however many labels there are. The paper's $\alpha = 0.1 N$ on sums is
    0.1 here.
    """
    return alpha * num_examples / num_labelled


def clamped_cost(nll, kl, labels, logits, weight=1.0):
    r"""The label-clamped cost: not a bound, see `missing_term`.

    $$C = -\log p(x|z, \tilde y) + KL(q(z|x) \,\|\, p(z))
        + w\, 1\{\text{labelled}\} (-\log \pi_y)$$

    Args:
        nll: of the image, decoded from $z$ and `clamp_labels`, shape (batch,).
        kl: of the code, shape (batch,).
        labels: shape (batch,); -1 where missing.
        logits: of the classifier, shape (batch, classes).
        weight: $w$.

    Returns:
        Shape (batch,).
    """
    return nll + kl + weight * label_cross_entropy(labels, logits)


def missing_term(labels, logits):
    r"""What the clamped cost leaves out: the code length of the class.

    $$KL(q(y|x) \,\|\, p(y)) = \log K - H(\pi), \qquad
      \text{and } -\log p(y) = \log K \text{ where the label is known}$$

    Args:
        labels: shape (batch,); -1 where missing.
        logits: shape (batch, classes).

    Returns:
        Shape (batch,), between 0 and $\log K$, for a uniform prior.
    """
    log_probs = ops.log_softmax(logits, axis=-1)
    log_k = ops.log(ops.cast(ops.shape(logits)[-1], logits.dtype))
    entropy = -ops.sum(ops.exp(log_probs) * log_probs, axis=-1)
    return log_k - (1.0 - ops.cast(is_known(labels), logits.dtype)) * entropy


def m2_cost(bounds, labels, logits, weight):
    r"""The cost of M2 (eq. 9): `labelled_bound` where there is a label, else $U$.

    $$J^\alpha = \sum_{labelled} \big(L(x, y) - w \log q(y|x)\big)
               + \sum_{unlabelled} U(x)$$

    Args:
        bounds: $L(x, y)$ for every class, shape (batch, classes).
        labels: shape (batch,); -1 where missing.
        logits: shape (batch, classes).
        weight: $w$, see `label_weight`.

    Returns:
        The summands, shape (batch,).
    """
    one_hot = ops.one_hot(labels, ops.shape(logits)[-1], dtype=bounds.dtype)
    known = ops.sum(one_hot * bounds, axis=-1)
    unknown = unlabelled_bound(bounds, logits)
    cost = ops.where(ops.convert_to_tensor(labels) >= 0, known, unknown)
    return cost + weight * label_cross_entropy(labels, logits)


def jensen_gap(class_means, probs, variance):
    r"""What averaging the label *inside* the decoder saves, for an affine decoder.

    $$E_\pi[-\log p(x|y)] + \log p(x|E_\pi y)
      = \frac{1}{2v}\Big(\sum_k \pi_k \|V_k\|^2 - \|V^\top\pi\|^2\Big) \ge 0$$

    Args:
        class_means: $V$, one row per class, shape (classes, pixels).
        probs: $\pi$, shape (..., classes).
        variance: $v$ of the likelihood.

    Returns:
        Shape (...), in nats; it does not depend on $x$ or $z$.
    """
    lengths = ops.sum(ops.square(class_means), axis=-1)
    mixed = ops.matmul(probs, class_means)
    spread = ops.sum(probs * lengths, -1) - ops.sum(ops.square(mixed), -1)
    return spread / (2.0 * variance)


def enumerated_gradient(values, probs):
    r"""Exact gradient of $E_{q}[f]$ for the logits of $q$: $q_k (f_k - E_q f)$.

    Args:
        values: $f$, shape (classes,).
        probs: $q$, shape (classes,).

    Returns:
        Shape (classes,).
    """
    return probs * (values - ops.sum(probs * values))


def score_function_gradient(values, probs, draws):
    r"""Samples of the same gradient from one label each: $f(y) (e_y - q)$.

    Args:
        values: $f$, shape (classes,).
        probs: $q$, shape (classes,).
        draws: labels drawn from $q$, integers, shape (samples,).

    Returns:
        Shape (samples, classes).
    """
    one_hot = ops.one_hot(draws, ops.shape(probs)[-1], dtype=probs.dtype)
    return ops.expand_dims(ops.take(values, draws), -1) * (one_hot - probs)
