"""Which channels go, the network without them, and what the cut did."""

import numpy as np

from lessons.efficiency.channel_pruning import evaluation, networks, surgery
from lessons.toolkit.errors import unknown

SETTLING = 2  # passes over the training images


def thresholds(config, variant, model):
    r"""The shrinkage $\mu\rho\lambda$ of one step, of each gate."""
    size = config.rate * config.rho * variant.rho
    return [size * penalty for penalty in networks.penalties(model)]


def chosen(model, rule, counts=None, threshold=None, seed=0):
    """Which channels a rule keeps.

    Args:
        model: the network.
        rule: "zeros" keeps gates that are not 0; "threshold" those further from 0 than
            `threshold`; "random", "norm" (L1 norm of filters) and "gamma" (size of the
            gate) keep as many as `counts` says.
        counts: channels to keep of each gate.
        threshold: of each gate.
        seed: of the random choice.

    Returns:
        Of each gate, booleans of shape (channels,).
    """
    sizes = [np.abs(values) for values in surgery.gammas(model)]
    if rule == "zeros":
        return [size > 0 for size in sizes]
    if rule == "threshold":
        return [size > t for size, t in zip(sizes, threshold, strict=True)]
    rng = np.random.default_rng(seed)
    scores = {
        "random": lambda: [rng.random(len(size)) for size in sizes],
        "norm": lambda: surgery.filter_norms(model),
        "gamma": lambda: sizes,
    }
    if rule not in scores:
        raise unknown("cut", rule, ("zeros", "threshold", *scores))
    kept = []
    for score, count in zip(scores[rule](), counts, strict=True):
        keep = np.zeros(len(score), bool)
        keep[np.argsort(-score, kind="stable")[:count]] = True
        kept.append(keep)
    return kept


def settle(model, images, batch_size):
    """Let the moving statistics of a network reach its weights; nothing is trained.

    Args:
        model: a `GatedClassifier`.
        images: training images.
        batch_size: of a pass.
    """
    for _ in range(SETTLING):
        for start in range(0, len(images), batch_size):
            model(images[start : start + batch_size], training=True)


def cut(config, variant, split, first, found):
    """The network without the channels that a variant's rule takes, and its scores.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        split: a `Split`; the test images are for the scores.
        first: the network before the cut.
        found: the `Outcome`s that the variant needs.

    Returns:
        (network, scores): `first_accuracy` before the cut, and where there is one, the
        numbers of `_cut_scores`.
    """
    scores = {
        "first_accuracy": evaluation.accuracy(
            first, split.test_images, split.test_labels
        )
    }
    if variant.cut == "none":
        return surgery.copy(first), scores
    limits = [2 * limit for limit in thresholds(config, variant, first)]
    counts, like = None, None
    if variant.like:
        like = chosen(found[variant.like].first, "zeros")
        counts = found[variant.like].trained.model.arguments["widths"]
    kept = chosen(first, variant.cut, counts, limits, config.seed)
    closed = surgery.close(first, kept)
    small = surgery.fold(closed)
    scores |= _cut_scores(closed, small, split)
    scores |= evaluation.near_zero(first, limits)
    if like:
        both = sum(np.sum(a & b) for a, b in zip(kept, like, strict=True))
        scores["shared"] = float(both / max(1, sum(map(np.sum, kept))))
    settle(small, split.train_images, config.batch_size)
    scores["settled_accuracy"] = evaluation.accuracy(
        small, split.test_images, split.test_labels
    )
    return small, scores


def _cut_scores(closed, small, split):
    """What folding does.

    `cut_accuracy` of the smaller network, `dropped_accuracy` if no constant is folded,
    `folding` and `dropping` (greatest difference of their logits from those of the
    network with closed gates), `constants` (closed channels that send more than 0).
    """
    images, labels = split.test_images, split.test_labels
    dropped = surgery.fold(closed, drop=True)
    before, after, without = (
        model.predict(images, batch_size=512, verbose=0)
        for model in (closed, small, dropped)
    )
    lit = [
        np.sum((gamma == 0) & (closed.get_layer(gate.norm).beta.numpy() > 0))
        for gate, gamma in zip(closed.gates, surgery.gammas(closed), strict=True)
    ]
    return {
        "cut_accuracy": float(np.mean(after.argmax(axis=-1) == labels)),
        "dropped_accuracy": float(np.mean(without.argmax(axis=-1) == labels)),
        "folding": float(np.abs(after - before).max()),
        "dropping": float(np.abs(without - before).max()),
        "constants": float(sum(lit)),
    }
