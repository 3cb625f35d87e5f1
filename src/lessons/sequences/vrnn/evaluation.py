"""Judging models on held-out sequences, by densities of TensorFlow Probability.

Training computes densities with `toolkit.mixtures` and the KL divergence in closed
form. Here log densities come from another library and the divergence from samples, so
that a mistake in the loss cannot praise itself.
"""

import numpy as np
import tensorflow as tf
import tensorflow_probability as tfp
from scipy.special import logsumexp

from lessons.sequences.vrnn import distributions, yardsticks
from lessons.sequences.vrnn.data import PITCHES
from lessons.toolkit import runtime

tfd = tfp.distributions
_ROWS = 4000  # sequences in one pass, copies counted
_RIDGE = 1e-6  # of a line that reads the phase: z may be nothing but zeros
_SETTLED = 5  # steps after which pitch and amplitude are known


def log_densities(model, x, noise):
    """Log p(x|z), log p(z) and log q(z|x) of each step, by TensorFlow Probability.

    Args:
        model: an `OutputRNN` or a `VRNN`.
        x: shape (batch, time, channels).
        noise: standard normal draws (time, batch, latent).

    Returns:
        Three tensors (batch, time); 0 in padding. Of an RNN the last two are zeros.
    """
    x, mask = model.split(x)
    passed = model.passed(x, mask, noise=noise)
    truth, head = tf.transpose(x, (1, 0, 2)), model.arguments["head"]
    output = distributions.distribution(head, passed.output)
    if head == "symbol":
        log_prob = output.log_prob(truth[..., 0])
    elif head == "pen":
        pen = tfd.Bernoulli(logits=passed.output.pen)
        log_prob = output.log_prob(truth[..., :2]) + pen.log_prob(truth[..., 2])
    else:
        log_prob = output.log_prob(truth)
    parts = [log_prob, tf.zeros_like(log_prob), tf.zeros_like(log_prob)]
    if passed.z is not None:
        for place, law in ((1, passed.prior), (2, passed.posterior)):
            parts[place] = tfd.MultivariateNormalDiag(*law).log_prob(passed.z)
    parts = [tf.transpose(part) for part in parts]
    return [p if mask is None else tf.where(mask, p, 0.0) for p in parts]


def paths(model, x, num_paths, rng):
    """Terms of sampled paths of many sequences, all paths of one folded into a batch.

    Args:
        model: an `OutputRNN` (one path is all there is) or a `VRNN`.
        x: shape (sequences, time, channels).
        num_paths: S, independent paths of each.
        rng: a NumPy generator, or noise of shape (sequences, S, time, latent).

    Returns:
        float64 arrays (log p(x|z), log p(z), log q(z|x)), shape (S, sequences, time).
    """
    latent = model.arguments.get("latent")
    num_paths = num_paths if latent else 1
    terms = tf.function(
        lambda x, noise: log_densities(model, x, noise), reduce_retracing=True
    )
    size, found = max(1, _ROWS // num_paths), []
    for first in range(0, len(x), size):
        part = x[first : first + size]
        shape = (len(part), num_paths, x.shape[1], latent or 1)
        given = not hasattr(rng, "normal")
        noise = rng[first : first + size] if given else rng.normal(size=shape)
        rows = np.repeat(part, num_paths, axis=0)  # the paths of one stand together
        noise = noise.reshape(-1, *shape[2:]).transpose(1, 0, 2)
        out = terms(tf.constant(rows), tf.constant(noise, "float32"))
        found.append([np.float64(o).reshape(*shape[:2], -1) for o in out])
    joined = (np.concatenate(part) for part in zip(*found, strict=True))
    return tuple(part.transpose(1, 0, 2) for part in joined)


def evaluate(model, sequences, config):
    """Judge a model on test sequences.

    Args:
        model: an `OutputRNN` or a `VRNN`.
        sequences: `data.Sequences`.
        config: a `Config`; gives the number of paths and the seed.

    Returns:
        Dictionary of floats, nats per sequence: `bound`, `estimate` (importance
        weighted; the bound's equal where there is no z), `divergence` and
        `first_divergence` (of the first step); `memory`, how much the bound falls when
        steps are exchanged between sequences; `parameters`. Of frames also `scale`, the
        mean standard deviation of a diagonal output, and `phase`, see `phase_in_z`;
        where `config.by_pitch`, the bound and the divergence of each pitch, and of
        generated sequences `generated_rest` and `generated_kept`, see
        `yardsticks.sinusoids`.
    """
    rng = np.random.default_rng((config.seed, 1))
    x = sequences.test
    latent = model.arguments.get("latent")
    log_prob, log_prior, log_posterior = paths(model, x, config.num_paths, rng)
    weights = (log_prob + log_prior - log_posterior).sum(axis=2)
    divergence = (log_posterior - log_prior).mean(axis=(0, 1))
    found = {
        "bound": weights.mean(),
        "estimate": np.mean(logsumexp(weights, axis=0) - np.log(len(weights))),
        "divergence": divergence.sum(),
        "first_divergence": divergence[0],
        "parameters": runtime.num_parameters(model),
    }
    if not sequences.masked:
        found["memory"] = exchange_loss(model, x, rng)
    if sequences.kind == "frame":
        found |= _of_frames(model, x)
        if latent and sequences.truth:
            found["phase"] = phase_in_z(model, sequences)
        if config.by_pitch and sequences.truth:
            rate = (log_posterior - log_prior).sum(axis=2)
            found |= by_pitch("bound", weights, sequences.truth["pitch"])
            found |= by_pitch("divergence", rate, sequences.truth["pitch"])
            found |= _of_generated(model, x, config.seed)
    return {name: float(value) for name, value in found.items()}


def by_pitch(name, values, pitch):
    """Means over the sequences of each pitch, as {NAME_pitch_0: number, ...}.

    Args:
        name: of the numbers.
        values: shape (S, sequences).
        pitch: index of each sequence's pitch, shape (sequences,).
    """
    return {
        f"{name}_pitch_{i}": values[:, pitch == i].mean()
        for i in range(len(PITCHES))
        if np.any(pitch == i)
    }


def _of_generated(model, x, seed):
    rest, kept = yardsticks.sinusoids(model.generate(*x.shape[:2], seed=seed))
    return {"generated_rest": rest, "generated_kept": kept}


def exchange_loss(model, x, rng):
    """Nats that a bound loses where each step comes from another sequence.

    Args:
        model: an `OutputRNN` or a `VRNN`; the noise goes along with the steps.
        x: shape (sequences, time, channels), without a mask.
        rng: a NumPy generator.
    """
    shape = (len(x), 1, x.shape[1], model.arguments.get("latent", 1))
    noise = rng.normal(size=shape)
    orders = np.stack([rng.permutation(len(x)) for _ in range(x.shape[1])], axis=1)
    steps = np.arange(x.shape[1])
    mixed = paths(model, x[orders, steps], 1, noise[orders, :, steps].swapaxes(1, 2))
    plain = paths(model, x, 1, noise)
    means = [np.mean((p + a - q).sum(axis=2)) for p, a, q in (plain, mixed)]
    return means[0] - means[1]


def _of_frames(model, x):
    if model.arguments["head"] not in ("gauss", "gmm"):
        return {}
    noise = np.zeros((x.shape[1], len(x), model.arguments.get("latent", 1)), "float32")
    passed = tf.function(lambda x, e: model.passed(x, noise=e).output.scale)(x, noise)
    return {"scale": np.mean(passed)}


def codes(model, x):
    """Posterior means of z, shape (sequences, time, latent)."""
    shape = (x.shape[1], len(x), model.arguments["latent"])
    passed = tf.function(lambda x, e: model.passed(x, noise=e).posterior.mean)(
        x, np.zeros(shape, "float32")
    )
    return np.transpose(passed, (1, 0, 2))


def phase_in_z(model, sequences):
    """How well a line reads the phase from z: R^2 on held-out frames, mean of pitches.

    The cosine and the sine of the true phase are fitted to the posterior means of one
    half of the test sequences and judged on the other, for each pitch, at steps by
    which pitch and amplitude are known. An untrained encoder does well, too.

    Args:
        model: a `VRNN`.
        sequences: `data.Sequences` with the truth.
    """
    return linear_phase(codes(model, sequences.test), sequences.truth)


def linear_phase(inputs, truth):
    """See `phase_in_z`.

    Args:
        inputs: shape (sequences, time, numbers).
        truth: a dictionary as in `data.Sequences`.
    """
    first = min(_SETTLED, inputs.shape[1] - 1)
    found = []
    for pitch in range(len(PITCHES)):
        chosen = truth["pitch"] == pitch
        z = inputs[chosen][:, first:]
        phase = truth["phase"][chosen][:, first:]
        half = len(z) // 2
        if half < 1 or len(z) - half < 2:
            continue
        z = np.concatenate([z, np.ones_like(z[..., :1])], axis=-1)
        goal = np.stack([np.cos(phase), np.sin(phase)], axis=-1)
        a, b = (v[:half].reshape(-1, v.shape[-1]) for v in (z, goal))
        squares = a.T @ a + _RIDGE * len(a) * np.eye(a.shape[1])
        map_ = np.linalg.solve(squares, a.T @ b)
        rest = goal[half:] - z[half:] @ map_
        spread = goal[half:] - goal[half:].mean(axis=(0, 1))
        found.append(1 - np.sum(rest**2) / np.sum(spread**2))
    return float(np.mean(found)) if found else 0.0


def baselines(sequences, config):
    """Yardsticks without a network, nats per test sequence in the models' units.

    Args:
        sequences: `data.Sequences`.
        config: a `Config`.

    Returns:
        Dictionary `NAME/bound` of floats. `one_full`, `one_gauss`: one Gaussian with
        all or no covariances, fitted to all training frames. Of synthetic frames also
        `exact`, `memoryless` (exact, each frame as if alone), `told_full` and
        `told_gauss` (Gaussians that are told pitch and amplitude), `told_all` (phases
        as well: only the noise is left). Of symbols `unigram`
        and `bigram`, of pens `one_pen`.
    """
    if sequences.kind == "symbol":
        return _symbol_yardsticks(sequences)
    if sequences.kind == "pen":
        return {"one_pen/bound": _one_pen(sequences)}
    train, test = (np.float64(a) for a in (sequences.train, sequences.test))
    rows = train.reshape(-1, train.shape[2])
    covariance = np.cov(rows, rowvar=False)
    found = {}
    for name, cov in (
        ("one_full", covariance),
        ("one_gauss", np.diag(np.diag(covariance))),
    ):
        flat = test.reshape(-1, test.shape[2])
        logs = yardsticks.gaussian_log_probs(flat, rows.mean(axis=0), cov)
        found[name] = logs.reshape(test.shape[:2]).sum(axis=1)
    if sequences.truth:
        found |= _exact(test * sequences.scale, sequences, config)
    return {f"{name}/bound": float(np.mean(v)) for name, v in found.items()}


def _exact(frames, sequences, config):
    jacobian = frames.shape[1] * frames.shape[2] * np.log(sequences.scale)
    truth, noise = sequences.truth, config.noise
    found = {
        "told_full": yardsticks.gaussian_given_truth(frames, truth, noise),
        "told_gauss": yardsticks.gaussian_given_truth(frames, truth, noise, True),
        "told_all": yardsticks.all_told(frames, truth, noise),
    }
    exact = yardsticks.independent_phases(frames, truth, noise)
    found["memoryless"] = exact["memoryless"]
    found["exact"] = exact["exact"]
    if config.phases == "continuous":
        found["exact"] = yardsticks.continuous_phases(frames, noise)
    return {name: values + jacobian for name, values in found.items()}


def _symbol_yardsticks(sequences):
    train, test = (a[..., 0].astype(int) for a in (sequences.train, sequences.test))
    pairs = np.ones((sequences.dim, sequences.dim))
    np.add.at(pairs, (train[:, :-1].ravel(), train[:, 1:].ravel()), 1)
    alone = np.bincount(train.ravel(), minlength=sequences.dim) + 1
    first = np.log(alone / alone.sum())
    after = np.log(pairs / pairs.sum(axis=1, keepdims=True))
    bigram = first[test[:, 0]] + after[test[:, :-1], test[:, 1:]].sum(axis=1)
    return {
        "unigram/bound": float(np.mean(first[test].sum(axis=1))),
        "bigram/bound": float(np.mean(bigram)),
    }


def _one_pen(sequences):
    """One correlated Gaussian for all offsets, one probability of lifting the pen."""
    train = np.float64(sequences.train)
    rows = train[train[..., 3] > 0.5]
    cov, mean = np.cov(rows[:, :2], rowvar=False), rows[:, :2].mean(axis=0)
    lifted = np.log([1 - rows[:, 2].mean(), rows[:, 2].mean()])
    test = np.float64(sequences.test)
    flat = test[test[..., 3] > 0.5]
    logs = yardsticks.gaussian_log_probs(flat[:, :2], mean, cov)
    return float(np.sum(logs + lifted[flat[:, 2].astype(int)]) / len(test))
