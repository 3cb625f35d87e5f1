"""How good a model of drawings is: losses with its own codes and with others, drawings.

Losses are computed by `theory_routes` from the decoder's numbers, not by the loss that
trained it.
"""

import numpy as np
import tensorflow as tf

from lessons.sequences.sketch_rnn import drawings as procedural
from lessons.sequences.sketch_rnn import latent, theory, theory_routes
from lessons.sequences.sketch_rnn.judge import Judge
from lessons.toolkit.data import strokes

__all__ = ["Judge", "baselines", "evaluate", "losses"]

TEMPERATURE = 0.3  # of drawings that are judged


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
    return graph(tf.constant(rows[..., :5]), tf.constant(code)).numpy()


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
        `train_reconstruction`; of models with an encoder those of `codes_held` and of
        `uses`; of all that need no class those of `samples`.
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
        scores |= uses(model, drawings, judge)
    return scores


def samples(model, rows, judge):
    """Drawings out of nothing: how far from the test drawings, and do they end?"""
    drawn = model.generate(len(rows), temperature=TEMPERATURE)
    return {
        "sample_distance": judge.distance(drawn.rows, rows),
        "sample_finished": float(drawn.finished().mean()),
    }


def codes_held(model, drawings):
    r"""What is lost with other codes, and what a linear judge reads from them.

    Returns:
        Dictionary of floats: $L_R$ with the codes `exchanged` between test drawings,
        `exchanged_within` their classes, `zero` and drawn from the `prior`;
        `code_class` (and for each attribute `code_NAME`), the accuracy of a linear
        classifier of $\mu$; `code_norm`, the mean of $\|\mu\|$; `code_scale`, the mean
        of $\sigma$.
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
    train = latent.codes(model, drawings.arrays("train"))
    targets = {"class": (drawings.train_labels, drawings.test_labels)}
    for name, (seen, held_out) in (targets | drawings.attributes).items():
        found[f"code_{name}"] = _linear_accuracy(train, seen, mean, held_out)
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


def _linear_accuracy(codes, values, test_codes, test_values):
    from sklearn.linear_model import LogisticRegression

    if len(np.unique(values)) < 2:
        return 1.0
    scale = codes.std(axis=0) + 1e-9
    linear = LogisticRegression(max_iter=300).fit(codes / scale, values)
    return float(linear.score(test_codes / scale, test_values))


def uses(model, drawings, judge):
    """Reconstruction, interpolation and arithmetic, judged.

    Returns:
        Dictionary of floats: `kept_class` (and `kept_NAME`), the share of test
        drawings whose reconstruction is judged to be what they are; `kept_width`, the
        correlation of widths; `lerp_distance` and `slerp_distance`, of drawings
        half-way between two of different classes to the test drawings; where there
        are cats and faces, `two_eyes_kept`, `three_eyes_kept` and those of
        `analogies`.
    """
    rows = drawings.arrays("test")
    codes = latent.codes(model, rows)
    again = model.generate(code=codes, temperature=0.0).rows
    found = {"kept_class": judge.accuracy(again, drawings.test_labels)}
    for name, (_, values) in drawings.attributes.items():
        found[f"kept_{name}"] = judge.accuracy(again, values, name)
    widths = [np.ptp(np.cumsum(r[..., 0], axis=1), axis=1) for r in (rows, again)]
    found["kept_width"] = _correlation(*widths)
    first = np.flatnonzero(drawings.test_labels == 0)
    second = np.flatnonzero(drawings.test_labels == 1)
    if len(first) and len(second):
        pairs = list(zip(codes[first], codes[second], strict=False))
        for kind, along in (("lerp", theory.lerp), ("slerp", theory.slerp)):
            half = np.stack([along(a, b, 0.5) for a, b in pairs])
            drawn = model.generate(code=half, temperature=TEMPERATURE).rows
            found[f"{kind}_distance"] = judge.distance(drawn, rows)
    if drawings.class_names == ("cat", "face"):
        for count, name in ((2, "two"), (3, "three")):
            found[f"{name}_eyes_kept"] = eyes_kept(model, drawings, count)
        found |= analogies(model, drawings, judge)
    return found


def _correlation(first, second):
    """Correlation of two rows of numbers; 0 where one is constant."""
    spreads = np.std(first) * np.std(second)
    if spreads < 1e-9:
        return 0.0
    together = np.mean((first - first.mean()) * (second - second.mean()))
    return float(together / spreads)


def cats_with_eyes(drawings, num_eyes, count=100):
    """Cats without whiskers that have 2 or 3 eyes, stroke-5 (count, N_max, 5)."""
    rng = np.random.default_rng(3)
    found = [procedural.drawn("cat", False, rng, num_eyes) for _ in range(count)]
    scaled = strokes.scaled([each.strokes for each in found], drawings.scale)
    return strokes.batch(scaled, drawings.max_length)


def eyes_kept(model, drawings, num_eyes):
    """Share of such cats that come back with as many strokes as they have."""
    rows = cats_with_eyes(drawings, num_eyes)
    again = model.generate(code=latent.codes(model, rows), temperature=0.0).rows
    lifts = [(each[..., 3] > 0.5).sum(axis=1) for each in (rows, again)]
    return float(np.mean(lifts[0] == lifts[1]))


def analogies(model, drawings, judge):
    """Cat + (face with whiskers) - (face without): is it a cat with whiskers?

    Returns:
        Dictionary of floats: shares that are judged to have whiskers and to be cats,
        `analogy_whiskers` and `analogy_cat`; `plain_whiskers` of the same codes with
        nothing added, and `random_whiskers` with a random shift of the same length.
    """
    rows = drawings.arrays("test")
    codes = latent.codes(model, rows)
    whiskers = drawings.attributes["whiskers"][1]
    cat, face = (drawings.test_labels == label for label in (0, 1))
    base = codes[cat & ~whiskers]
    if min(map(len, (base, codes[face & whiskers], codes[face & ~whiskers]))) < 1:
        return {}
    moved = latent.analogy(base, codes[face & whiskers], codes[face & ~whiskers])
    length = np.linalg.norm(moved[0] - base[0])
    other = np.random.default_rng(0).normal(size=base.shape)
    other *= length / np.linalg.norm(other, axis=1, keepdims=True)
    found = {}
    sets = {"analogy": moved, "plain": base, "random": base + other}
    for name, code in sets.items():
        drawn = model.generate(code=code, temperature=0.0).rows
        found[f"{name}_whiskers"] = float(
            np.mean(judge.probabilities(drawn, "whiskers").argmax(axis=1) == 1)
        )
        if name == "analogy":
            found["analogy_cat"] = judge.accuracy(drawn, 0)
    return found


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
