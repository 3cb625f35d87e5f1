"""Judging trained networks: depth, accuracy of layers, and what early exits reach.

Everything is computed in float64 from the classifiers' and gates' logits, by NumPy;
nothing here calls `theory`, which the training computes with. Layers are counted from
1 in names, from 0 in arrays.
"""

import typing

import numpy as np

from lessons.memory.variable_depth import costs, ideal


class Answers(typing.NamedTuple):
    """What a network says about examples.

    Attributes:
        log_gates: logarithms of the layers' weights, shape (n, L), or (n, 1) where
            the last layer alone has a classifier.
        log_probs: of each layer's classifier, shape (n, L, classes) or (n, 1, classes).
        log_mixture: what the network answers, shape (n, classes).
    """

    log_gates: np.ndarray
    log_probs: np.ndarray
    log_mixture: np.ndarray


def answers(model, features):
    """`Answers` of a model about features, shape (n, features)."""
    found = model.predict(features, batch_size=4096, verbose=0)
    logits = np.asarray(found["logits"], np.float64)
    log_probs = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    gating = model.arguments["gating"]
    if gating == "cascade":
        falls = np.logaddexp(0, np.asarray(found["gate_logits"], np.float64))
        left = np.cumsum(np.pad(falls, ((0, 0), (1, 0))), axis=1)
        log_gates = -left
        log_gates[:, :-1] += np.asarray(found["gate_logits"], np.float64) - falls
    else:
        log_gates = np.asarray(found["log_gates"], np.float64)
    log_mixture = np.logaddexp.reduce(log_gates[..., None] + log_probs, axis=1)
    if gating == "act":
        mixed = np.sum(np.exp(log_gates)[..., None] * logits, axis=1)
        log_mixture = mixed - np.logaddexp.reduce(mixed, axis=-1, keepdims=True)
    return Answers(log_gates, log_probs, log_mixture)


def hard_rows(kinds):
    """Which examples are of a kind above 0; all where there is one kind only."""
    return kinds > 0 if kinds.max() > 0 else np.ones(len(kinds), bool)


def depth_of(log_gates):
    """Expected depth, from 1, shape (n,)."""
    return np.exp(log_gates) @ np.arange(1.0, log_gates.shape[1] + 1)


def entropy_of(log_gates):
    """Entropy of the gates in nats, shape (n,)."""
    return -np.sum(np.exp(log_gates) * log_gates, axis=1)


def exits_by_gates(log_gates, threshold):
    """First layer whose gates so far sum to the threshold, from 0; the last by rule."""
    sums = np.cumsum(np.exp(log_gates), axis=1) >= threshold - 1e-6
    sums[:, -1] = True
    if threshold == 1:
        sums[:, :-1] = False
    return sums.argmax(axis=1)


def exits_by_confidence(log_probs, threshold):
    """First layer whose greatest probability reaches the threshold, from 0."""
    sure = np.exp(log_probs.max(axis=-1)) >= threshold
    sure[:, -1] = True
    return sure.argmax(axis=1)


def taken(right, exits):
    """Whether each example is right at its exit, shape (n,); `right` is (n, L)."""
    return np.take_along_axis(right, exits[:, None], axis=1)[:, 0]


def fixed_at(right, depth):
    """Accuracy of always the same layer, or a mix of two, at a mean depth from 1."""
    layers = np.arange(1, right.shape[1] + 1)
    return float(np.interp(depth, layers, right.mean(axis=0)))


def exit_scores(right, exits, kinds, until, rng):
    """What a rule of exits reaches, with yardsticks.

    Args:
        right: whether each layer is right about each example, shape (n, L).
        exits: of each example, from 0.
        kinds: of the examples; kind 0 is the easy one where there are others.
        until: multiplications until each exit.
        rng: for shuffling.

    Returns:
        Numbers by name: `accuracy` and `hard`, that of the kinds above 0; `depth` and
        `depth_K` of each kind, `hard_depth`; `cost`, multiplications on average; and
        for the hard kinds `shuffled`, the same exits given to other examples among
        them, and `fixed`, a mix of two layers at the same mean depth.
    """
    at_exit, hard = taken(right, exits), hard_rows(kinds)
    numbers = {
        "accuracy": at_exit.mean(),
        "hard": at_exit[hard].mean(),
        "depth": exits.mean() + 1,
        "hard_depth": exits[hard].mean() + 1,
        "cost": np.asarray(until)[exits].mean(),
        "shuffled": taken(right[hard], rng.permutation(exits[hard])).mean(),
        "fixed": fixed_at(right[hard], exits[hard].mean() + 1),
    }
    for kind in np.unique(kinds):
        numbers[f"depth_{kind}"] = exits[kinds == kind].mean() + 1
    return {name: float(value) for name, value in numbers.items()}


def ranks_agree(first, second):
    """Spearman's correlation; 0 where one of the two does not vary."""
    from scipy.stats import spearmanr

    if np.ptp(first) < 1e-12 or np.ptp(second) < 1e-12:
        return 0.0
    return float(spearmanr(first, second).statistic)


def glance(found, labels, kinds):
    """The few numbers that are looked at during training.

    Args:
        found: `Answers`.
        labels, kinds: of the examples.

    Returns:
        Numbers by name: `hard`, accuracy on the kinds above 0; `entropy` of the gates;
        `depth_K` of each kind.
    """
    hard = hard_rows(kinds)
    right = found.log_mixture.argmax(axis=1) == labels
    numbers = {
        "hard": right[hard].mean(),
        "entropy": entropy_of(found.log_gates).mean(),
    }
    depth = depth_of(found.log_gates)
    for kind in np.unique(kinds):
        numbers[f"depth_{kind}"] = depth[kinds == kind].mean()
    return {name: float(value) for name, value in numbers.items()}


def evaluate(model, features, config):
    """Numbers of a trained model on test examples.

    Args:
        model: a `VariableDepth`.
        features: `data.Features`.
        config: a `Config`; gives the thresholds.

    Returns:
        Two dictionaries. Numbers of the network: those of `glance`; `accuracy` of the
        mixture and `accuracy_K` of each kind; `nll_K`, its loss in nats; `layer_L_K`,
        accuracy of layer L on kind K; with weighted layers also `gate_L_K`, their mean
        weight, `spearman`, the correlation of depth and loss among the hard kinds; with
        a prior and no cost `trained_depth_K` and `ideal_K`, of the training examples:
        depth, and depth of the ideal gates for what the layers say. And groups of
        numbers by name, those of `exit_scores`: `tau_0.5` for summed gates, `sure_0.9`
        for the greatest probability.
    """
    labels, kinds = features.test_labels, features.test_kinds
    found = answers(model, features.test_features)
    numbers = glance(found, labels, kinds)
    right = found.log_mixture.argmax(axis=1) == labels
    loss = -np.take_along_axis(found.log_mixture, labels[:, None], axis=1)[:, 0]
    layers = found.log_probs.argmax(axis=-1) == labels[:, None]
    numbers["accuracy"] = right.mean()
    depth, weights = depth_of(found.log_gates), np.exp(found.log_gates)
    for kind in np.unique(kinds):
        here = kinds == kind
        numbers[f"accuracy_{kind}"] = right[here].mean()
        numbers[f"nll_{kind}"] = loss[here].mean()
        for place in range(layers.shape[1]):
            numbers[f"layer_{place + 1}_{kind}"] = layers[here, place].mean()
            numbers[f"gate_{place + 1}_{kind}"] = weights[here, place].mean()
    groups = {}
    if layers.shape[1] > 1:
        hard = hard_rows(kinds)
        numbers["spearman"] = ranks_agree(depth[hard], loss[hard])
        groups = early(model, found, layers, kinds, config)
    given = model.arguments
    if given["gating"] == "cascade" and given["alpha"] and not given["cost"]:
        numbers |= prior_depths(model, features)
    return {name: float(value) for name, value in numbers.items()}, groups


def early(model, found, layers, kinds, config):
    """`exit_scores` at every threshold of a configuration, by group.

    Args:
        model: a `VariableDepth`.
        found: `Answers` about the test examples.
        layers: whether each layer is right, shape (n, L).
        kinds: of the examples.
        config: a `Config`.

    Returns:
        Groups; ACT has "halted", how many layers it runs: it answers with a mix, not
        with a layer.
    """
    sizes, groups = costs.Sizes.of(model), {}
    rng = np.random.default_rng((config.seed, 8))
    for sure in config.sureness:
        exits = exits_by_confidence(found.log_probs, sure)
        until = costs.until_exits(sizes, "confidence")
        groups[f"sure_{sure:g}"] = exit_scores(layers, exits, kinds, until, rng)
    if model.arguments["gating"] == "cascade":
        until = costs.until_exits(sizes, "gates")
        for tau in config.taus:
            exits = exits_by_gates(found.log_gates, tau)
            groups[f"tau_{tau:g}"] = exit_scores(layers, exits, kinds, until, rng)
    if model.arguments["gating"] == "act":
        ends = (found.log_gates > -50).cumsum(axis=1).argmax(axis=1)
        until = costs.until_exits(sizes, "mixture")
        scores = exit_scores(layers, ends, kinds, until, rng)
        halted = {k: v for k, v in scores.items() if "depth" in k or k == "cost"}
        groups["halted"] = halted
    return groups


def prior_depths(model, features):
    """Depth of the training examples, and of the ideal gates for them.

    The ideal gates know the right class; they are the best gates for what the layers'
    classifiers say, with the prior of the model and without a cost of depth.

    Args:
        model: a `VariableDepth` with a prior.
        features: `data.Features`.
    """
    found = answers(model, features.train_features)
    rows = features.train_labels[:, None, None]
    right = np.exp(np.take_along_axis(found.log_probs, rows, axis=-1)[..., 0])
    wanted = ideal.depth(ideal.ideal_gates(right, model.arguments["alpha"]))
    depth, numbers = depth_of(found.log_gates), {}
    for kind in np.unique(features.train_kinds):
        here = features.train_kinds == kind
        numbers[f"trained_depth_{kind}"] = depth[here].mean()
        numbers[f"ideal_{kind}"] = wanted[here].mean()
    return numbers
