"""Judging trained networks on held-out images, by routes that training does not use.

The bound is computed again in NumPy, float64, from the trace of a network; samples are
judged by the nearest training digit at any place; yardsticks need no network.
"""

import numpy as np
from scipy.special import expit, logsumexp

from lessons.sequences.draw import data

NUM_TRACES = 4  # sampled codes per test image
CHUNK = 500  # images of one trace
_LEAST = 1e-4  # of a template's pixel


def log_likelihood(images, logits):
    """Log Bern(x | sigmoid(c)) of each image, nats, shape (n,), from probabilities."""
    probabilities = np.clip(expit(np.asarray(logits, float)), 1e-12, 1 - 1e-12)
    images = np.asarray(images, float)
    terms = images * np.log(probabilities) + (1 - images) * np.log1p(-probabilities)
    return terms.reshape(len(images), -1).sum(axis=1)


def log_density(images, canvas):
    """Log N(x | mean, std) of each image, nats; the canvas holds mean and log std."""
    mean, log_std = np.split(np.asarray(canvas, float), 2, axis=-1)
    std = np.exp(np.clip(log_std, -6, 3))
    terms = ((images - mean) / std) ** 2 / 2 + np.log(std) + np.log(2 * np.pi) / 2
    return -terms.reshape(len(images), -1).sum(axis=1)


def path_kl(trace):
    """KL of each step from a trace, nats, shape (n, T): written with variances.

    Args:
        trace: a `Step` of arrays of shape (n, T, ...).
    """
    means, log_stds, prior_means, prior_log_stds = (
        np.asarray(a, float)
        for a in (trace.mean, trace.log_std, trace.prior_mean, trace.prior_log_std)
    )
    v, w = np.exp(2 * log_stds), np.exp(2 * prior_log_stds)
    terms = np.log(w / v) + (v + (means - prior_means) ** 2) / w - 1
    return terms.sum(axis=-1) / 2


def evaluate(model, images, labels):
    """Judge a DRAW on images; means over `NUM_TRACES` draws of the codes.

    Args:
        model: a `DRAW`.
        images: shape (n, height, width, channels).
        labels: shape (n,), ignored where the network knows no classes.

    Returns:
        Dictionary of floats: `bound`, nats per image, of which `kl`, and `kl_t` in
        each step; with a window that moves `gap_t`, how far its centre is from the
        image's centre of mass, pixels; with classes also
        `accuracy` and `confidence` (the probability of the class that was said) after
        the last step, and `accuracy_t` and `confidence_t` after each step t.
    """
    parts, sizes = [], []
    for start in range(0, len(images), CHUNK):
        some = slice(start, start + CHUNK)
        for _ in range(NUM_TRACES):
            parts.append(_judged(model, images[some], labels[some]))
            sizes.append(len(images[some]))
    return {
        key: float(np.average([p[key] for p in parts], weights=sizes))
        for key in parts[0]
    }


def _judged(model, images, labels):
    """Numbers of one trace of a few images."""
    trace = model.trace(images)
    canvas = np.swapaxes(trace.canvas[:, -1], 2, 3)
    density = log_density if model.cell.real else log_likelihood
    kl = path_kl(trace).sum(axis=1)
    scores = {"bound": np.mean(kl - density(images, canvas)), "kl": np.mean(kl)}
    scores |= {f"kl_{t}": k for t, k in enumerate(path_kl(trace).mean(axis=0), 1)}
    if model.cell.reader == "attention":
        gaps = trace.look[:, :, :2] - middles(images)[:, None]
        distances = np.linalg.norm(gaps, axis=-1).mean(axis=0)
        scores |= {f"gap_{t}": gap for t, gap in enumerate(distances, 1)}
    return scores | (_classes(trace.logits, labels) if model.cell.classes else {})


def middles(images):
    """Centres of mass of images, x and y in pixels counted from 1, shape (n, 2).

    Args:
        images: shape (n, height, width, channels), not negative, none of them empty.
    """
    weights = np.abs(np.asarray(images, float)).sum(axis=-1)
    total = np.maximum(weights.sum(axis=(1, 2)), 1e-12)
    columns, rows = (np.arange(1, size + 1) for size in weights.shape[:0:-1])
    x = weights.sum(axis=1) @ columns / total
    return np.stack([x, weights.sum(axis=2) @ rows / total], axis=1)


def _classes(logits, labels):
    logits = np.asarray(logits, float)
    probabilities = np.exp(logits - logsumexp(logits, axis=-1, keepdims=True))
    right = (logits.argmax(axis=-1) == np.asarray(labels)[:, None]).mean(axis=0)
    sure = probabilities.max(axis=-1).mean(axis=0)
    scores = {"accuracy": right[-1], "confidence": sure[-1]}
    for t, (a, c) in enumerate(zip(right, sure, strict=True), 1):
        scores |= {f"accuracy_{t}": a, f"confidence_{t}": c}
    return scores


def evidence(model, images, labels):
    """Accuracy of the two parts of a class canvas that reads the glimpse.

    The canvas is linear: it is the sum of what the glimpses gave and of what the codes
    gave. Only the codes have passed through the network, and cost nats.

    Args:
        model: a `DRAW` with classes.
        images: shape (n, height, width, channels).
        labels: shape (n,).

    Returns:
        Dictionary of floats: `from_glimpses` and `from_codes`, the accuracy after the
        last step of each part alone, with the bias; one draw of the codes.
    """
    cell = model.cell
    trace = model.trace(images)
    kernel = cell.classifier.kernel.numpy()[-cell.latent_dim :]
    codes = trace.code.sum(axis=1) @ kernel
    bias = trace.code.shape[1] * cell.classifier.bias.numpy()
    parts = {"from_glimpses": trace.logits[:, -1] - codes, "from_codes": codes + bias}
    return {
        name: float(np.mean(part.argmax(axis=1) == np.asarray(labels)))
        for name, part in parts.items()
    }


def legible(model, judge, images, labels):
    """Share of drawn test images whose class the judge names right.

    Args:
        model: a `DRAW`.
        judge: a `NearestDigit`.
        images: shape (n, height, width, 1).
        labels: shape (n,).
    """
    canvas = np.swapaxes(model.trace(images).canvas[:, -1], 2, 3)
    return float(np.mean(judge.classes(expit(canvas)) == np.asarray(labels)))


def epoch_of(accuracies, bound=0.5):
    """The first epoch, counted from 1, whose accuracy is above a bound.

    Args:
        accuracies: one per epoch.
        bound: the accuracy to pass.

    Returns:
        A float; one more than the number of epochs where none is.
    """
    above = np.asarray(accuracies) > bound
    return float(np.argmax(above) + 1 if above.any() else len(above) + 1)


class NearestDigit:
    """Names the class of the nearest training digit at any place of the canvas.

    It shares nothing with the networks it judges.

    Args:
        digits: shape (n, height, width, 1), the images themselves.
        labels: shape (n,).
        side: of the canvas, pixels.
        shift: greatest shift from the middle.
    """

    def __init__(self, digits, labels, side, shift):
        self.digits, self.labels = digits, np.asarray(labels)
        self.side, self.shift = side, shift

    def classes(self, images):
        """Classes of images of shape (m, side, side, 1): shape (m,)."""
        flat = np.reshape(images, (len(images), -1)).astype(np.float32)
        best = np.full(len(flat), np.inf, np.float32)
        found = np.zeros(len(flat), np.int64)
        squares = np.sum(self.digits.reshape(len(self.digits), -1) ** 2, axis=1)
        for offset in places(self.shift):
            offsets = np.broadcast_to(offset, (len(self.digits), 2))
            there = data.placed(self.digits, self.side, offsets)
            gaps = squares - 2 * flat @ there.reshape(len(there), -1).T
            nearest = gaps.argmin(axis=1)
            gap = gaps[np.arange(len(flat)), nearest]
            found = np.where(gap < best, self.labels[nearest], found)
            best = np.minimum(best, gap)
        return found


def places(shift):
    """Every shift up to `shift` along both axes, shape (places, 2)."""
    line = np.arange(-shift, shift + 1)
    return np.stack(np.meshgrid(line, line, indexing="ij"), -1).reshape(-1, 2)


def steering(model, judge, count, seed=0):
    """Whether samples have the class that the decoder was told.

    Args:
        model: a `DRAW` with classes.
        judge: a `NearestDigit`.
        count: samples; every class is told equally often.
        seed: of the codes.

    Returns:
        Dictionary of floats: `steered`, share of samples that the judge gives the class
        that was told; `steered_control`, the same against another sample's class;
        `commonest`, the share of the class that the judge names most often.
    """
    classes = model.cell.classes
    told = np.arange(count) % classes
    drawn = model.generate(count, np.eye(classes, dtype="float32")[told], seed=seed)
    named = judge.classes(drawn.images[:, -1])
    other = np.random.default_rng(seed).permutation(told)
    return {
        "steered": float(np.mean(named == told)),
        "steered_control": float(np.mean(named == other)),
        "commonest": float(np.bincount(named, minlength=classes).max() / count),
    }


def baselines(train, split, config, judge):
    """Bounds and accuracies without a network.

    Args:
        train: the digits themselves, shape (n, h, w, 1), before they are placed.
        split: placed images, a `Split`.
        config: a `Config` with a canvas that is larger than the digits.
        judge: a `NearestDigit`.

    Returns:
        Dictionary `NAME/METRIC` of floats: `bound`s, in nats, of the entropy of the
        grey pixels (below it nobody gets), the mean image, one template and a template
        for each class at any place; `accuracy` of the judge and of a linear model.
    """
    test = split.test_images.astype(float)
    inside = np.clip(test, 1e-12, 1 - 1e-12)
    entropy = -(test * np.log(inside) + (1 - test) * np.log1p(-inside))
    offsets = places(config.shift)
    labels = split.train_labels
    mean = np.mean([_everywhere(train.mean(axis=0), config, offsets)], axis=1)
    groups = [train[labels == k].mean(axis=0) for k in np.unique(labels)]
    each = np.concatenate([_everywhere(g, config, offsets) for g in groups])
    linear, majority = _linear(train, split, config)
    return {
        "entropy/bound": float(entropy.sum() / len(test)),
        "mean_image/bound": _mixture(test, mean),
        "template/bound": _mixture(
            test, _everywhere(train.mean(axis=0), config, offsets)
        ),
        "class_templates/bound": _mixture(test, each),
        "nearest/accuracy": float(
            np.mean(judge.classes(split.test_images) == split.test_labels)
        ),
        "linear/accuracy": linear,
        "majority/accuracy": majority,
    }


def _everywhere(image, config, offsets):
    """An image at every place, shape (places, pixels)."""
    many = np.repeat(image[None], len(offsets), axis=0)
    return data.placed(many, config.side, offsets).reshape(len(offsets), -1)


def _mixture(test, templates):
    """Nats of images under an even mixture of Bernoulli templates."""
    templates = np.clip(np.asarray(templates, float), _LEAST, 1 - _LEAST)
    flat = test.reshape(len(test), -1)
    logs = flat @ np.log(templates).T + (1 - flat) @ np.log1p(-templates).T
    return float(-np.mean(logsumexp(logs, axis=1) - np.log(len(templates))))


def _linear(train, split, config, copies=2):
    """Accuracy of a linear model of placed pixels, and of the most frequent class."""
    from lessons.toolkit import quality

    rng = np.random.default_rng((config.seed, 16))
    pixels, labels = [], []
    for _ in range(copies):
        offsets = rng.integers(-config.shift, config.shift + 1, (len(train), 2))
        pixels.append(data.placed(train, config.side, offsets).reshape(len(train), -1))
        labels.append(split.train_labels)
    test = split.test_images.reshape(len(split.test_images), -1)
    found = quality.baselines_of_features(
        (np.concatenate(pixels), np.concatenate(labels)), (test, split.test_labels)
    )
    return found["linear/accuracy"], found["majority/accuracy"]
