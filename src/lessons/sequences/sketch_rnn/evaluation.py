"""How good a model of drawings is: losses with its own codes and with others, drawings.

Losses are computed by `theory_routes` from the decoder's numbers, not by the loss that
trained it.
"""

import numpy as np
import tensorflow as tf

from lessons.sequences.sketch_rnn import drawings as procedural
from lessons.sequences.sketch_rnn import latent, tasks, theory, theory_routes
from lessons.sequences.sketch_rnn.judge import Judge

__all__ = ["Judge", "baselines", "evaluate", "losses"]


def decoded(model, rows, code):
    """Numbers of every step with given codes, float32 (drawings, N_max, 6M + 3).

    Args:
        model: a `SketchRNN`.
        rows: stroke-5, shape (drawings, N_max, 5).
        code: shape (drawings, code_size).
    """
    graph = model.__dict__.setdefault(
        "_decoder_graph", tf.function(model.decode, autograph=False)
    )
    code = np.asarray(code, np.float32)
    numbers = graph(tf.constant(rows[..., :5]), tf.constant(code))
    return tf.cast(numbers, "float32").numpy()


def losses(model, rows, code=None, seed=0):
    """Losses of drawings, means over them.

    Args:
        model: a `SketchRNN`.
        rows: what the model takes, shape (drawings, N_max, columns).
        code: codes to use, shape (drawings, code_size); by default one draw for each
            drawing from what the encoder says, or the class.
        seed: of that draw.

    Returns:
        Dictionary of floats: `offset`, `pen`, `pen_real` (see `theory_routes.losses`),
        `reconstruction` ($L_R$), `kl` ($L_{KL}$, 0 without an encoder) and `nats` of
        a drawing.
    """
    kl = 0.0
    if model.arguments["code"] == "encoder":
        mean, log_var = latent.encoded(model, rows)
        kl = theory_routes.kl_divergence(mean, log_var).mean() / mean.shape[1]
        if code is None:
            noise = np.random.default_rng(seed).normal(size=mean.shape)
            code = mean + np.exp(log_var / 2) * noise
    elif code is None:
        code = rows[:, 0, 5:]
    numbers = decoded(model, rows, code)
    found = theory_routes.losses(numbers, rows, model.arguments["num_mixtures"])
    found = {name: float(values.mean()) for name, values in found.items()}
    found["reconstruction"] = found["offset"] + found["pen"]
    size = model.code_size if model.arguments["code"] == "encoder" else 0
    nats = theory.per_drawing(found["reconstruction"], kl, rows.shape[1], size)
    # Who is told the class has to be told it first.
    nats += np.log(max(1, model.arguments["num_classes"]))
    return found | {"kl": float(kl), "nats": float(nats)}


def evaluate(model, drawings, judge):
    """Judge a model.

    Args:
        model: a `SketchRNN`.
        drawings: `data.Drawings`.
        judge: a `Judge`.

    Returns:
        Dictionary of floats: those of `losses` on the test drawings;
        `train_reconstruction`; of models with an encoder those of `codes_held`,
        of `readable` and of `tasks.uses`; of all that need no class those of `samples`.
    """
    classes = model.arguments["code"] == "class"
    rows = drawings.arrays("test", classes)
    scores = losses(model, rows)
    train = drawings.arrays("train", classes)[: len(rows)]
    scores["train_reconstruction"] = losses(model, train)["reconstruction"]
    if not classes:
        scores |= samples(model, rows, judge)
    if model.arguments["code"] == "encoder":
        scores |= codes_held(model, drawings)
        scores |= readable(model, drawings)
        scores |= tasks.uses(model, drawings, judge)
    return scores


def samples(model, rows, judge):
    """Drawings out of nothing: how far from the test drawings, and do they end?"""
    drawn = model.generate(len(rows), temperature=tasks.TEMPERATURE)
    return {
        "sample_distance": judge.distance(drawn.rows, rows),
        "sample_finished": float(drawn.finished().mean()),
    }


def codes_held(model, drawings):
    r"""What is lost with other codes than a drawing's own.

    Returns:
        Dictionary of floats: $L_R$ with the codes `exchanged` between test drawings,
        `exchanged_within` their classes, `zero` and drawn from the `prior`;
        `code_norm`, the mean of $\|\mu\|$; `code_scale`, the mean of $\sigma$.
    """
    rows = drawings.arrays("test")
    mean, log_var = latent.encoded(model, rows)
    rng = np.random.default_rng(0)
    own = mean + np.exp(log_var / 2) * rng.normal(size=mean.shape)
    others = {
        "exchanged": np.roll(own, 1, axis=0),
        "exchanged_within": own[_neighbours(drawings.test_labels)],
        "zero": np.zeros_like(own),
        "prior": rng.normal(size=mean.shape),
    }
    found = {k: losses(model, rows, v)["reconstruction"] for k, v in others.items()}
    found["code_norm"] = float(np.linalg.norm(mean, axis=1).mean())
    found["code_scale"] = float(np.exp(log_var / 2).mean())
    return found


def _neighbours(labels):
    """For each drawing the next one of its class, in a ring."""
    order = np.arange(len(labels))
    for label in np.unique(labels):
        same = np.flatnonzero(labels == label)
        order[same] = np.roll(same, 1)
    return order


def readable(model, drawings):
    r"""What logistic regression reads from codes, accuracies on the test drawings.

    A mean that says next to nothing can still be told apart once it is standardised,
    even an untrained encoder's. So what counts is read from *drawn* codes
    $\mu + \sigma\epsilon$, as the decoder gets them in training.

    Args:
        model: a `SketchRNN` with an encoder.
        drawings: `data.Drawings`.

    Returns:
        Dictionary of floats: `read_class` and `read_NAME` of attributes, from drawn
        codes; `mean_class`, `mean_NAME` from standardised means.
    """
    rng = np.random.default_rng(0)
    codes = {"read": [], "mean": []}
    for part in ("train", "test"):
        mean, log_var = latent.encoded(model, drawings.arrays(part))
        noise = np.exp(log_var / 2) * rng.normal(size=mean.shape)
        codes["read"].append(mean + noise)
        codes["mean"].append(mean)
    targets = {"class": (drawings.train_labels, drawings.test_labels)}
    return {
        f"{kind}_{name}": _accuracy(*parts, *values)
        for kind, parts in codes.items()
        for name, values in (targets | drawings.attributes).items()
    }


def _accuracy(train, test, seen, asked):
    """Accuracy of a logistic regression on standardised inputs."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if len(np.unique(seen)) < 2:
        return 1.0
    reader = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
    return float(reader.fit(train, seen).score(test, asked))


def baselines(drawings, config):
    """Numbers of yardsticks that no gradient trained.

    Args:
        drawings: `data.Drawings`.
        config: a `Config`.

    Returns:
        Dictionary of floats: `by_step/reconstruction`, of a Gaussian and pen
        frequencies for each step and class; `train/sample_distance`, of training
        drawings to the test drawings; for procedural drawings `oracle/reconstruction`,
        of somebody who knows every drawing's proportions.
    """
    train, test = drawings.arrays("train"), drawings.arrays("test")
    judge = Judge(drawings, config.seed)
    half = train[: len(test)]
    found = {
        "by_step/reconstruction": by_step(drawings, train, test),
        "train/sample_distance": judge.distance(half, test),
        "judge/kept_class": judge.accuracy(test, drawings.test_labels),
    }
    if config.source == "faces":
        lengths = np.array([len(each) for each in drawings.test])
        nats = procedural.oracle_nats(lengths, drawings.scale).mean()
        found["oracle/reconstruction"] = float(nats / drawings.max_length)
    return found


def by_step(drawings, train, test):
    r"""$L_R$ of a Gaussian of the offset and frequencies of the pen, by step and class.

    Args:
        drawings: `data.Drawings`.
        train, test: stroke-5.
    """
    total, length = 0.0, train.shape[1]
    for label in range(len(drawings.class_names)):
        seen = train[drawings.train_labels == label].astype(float)
        asked = test[drawings.test_labels == label].astype(float)
        for i in range(length):
            points = seen[seen[:, i, 4] < 0.5, i, :2]
            pen = (seen[:, i, 2:].sum(axis=0) + 0.5) / (len(seen) + 1.5)
            total -= np.sum(asked[:, i, 2:] * np.log(pen))
            real = asked[asked[:, i, 4] < 0.5, i, :2]
            if len(points) > 2 and len(real):
                cov = np.cov(points.T) + 1e-4 * np.eye(2)
                total -= theory_routes.gaussian_log_density(
                    real, points.mean(axis=0), np.broadcast_to(cov, (len(real), 2, 2))
                ).sum()
    return float(total / len(test) / length)
