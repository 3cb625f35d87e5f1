"""Anytime prediction and budgeted batches: accuracy against what it costs.

Probabilities are arrays of shape (exits, examples, classes). Everything but
`probabilities` is computed from them, so that rules are compared on equal networks.
"""

import numpy as np

from lessons.efficiency.msdnet import lazy, theory


def probabilities(model, images, average=False):
    """Softmax outputs of every exit, float64, shape (exits, examples, classes).

    Args:
        model: a `model.MultiExit`.
        images: shape (examples, height, width, channels), in [0, 1].
        average: whether exit k gives the mean over exits 1 to k, as an ensemble does.
    """
    logits = model.predict(images, batch_size=500, verbose=0)
    found = lazy.softmax(logits).transpose(1, 0, 2)
    return averaged(found) if average else found


def averaged(found):
    """The mean of the probabilities of exits 1 to k, for each k; the same shape."""
    places = np.arange(1, len(found) + 1)
    return np.cumsum(found, axis=0) / places[:, None, None]


def right(found, labels):
    """Whether each exit is right about each example, booleans (exits, examples)."""
    return found.argmax(axis=-1) == labels


def static_at(costs, accuracies, cost):
    """Accuracy of a mix of two neighbouring exits that costs as much on average.

    An image takes the one or the other exit by chance; below the first exit there is
    nothing.

    Args:
        costs, accuracies: of each exit.
        cost: between the first and the last cost.
    """
    return float(np.interp(cost, costs, accuracies))


def anytime(found, labels, costs, budgets):
    """Accuracy at each budget per image; NaN where no exit is that cheap.

    Args:
        found: probabilities.
        labels: right classes.
        costs: of each exit.
        budgets: in the unit of the costs.
    """
    accuracies = right(found, labels).mean(axis=1)
    exits = [theory.anytime_exit(costs, budget) for budget in budgets]
    return np.array([accuracies[k] if k >= 0 else np.nan for k in exits])


def leave(is_right, exits, costs):
    """Accuracy and mean cost of examples that leave at exits.

    Args:
        is_right: booleans (exits, examples).
        exits: of each example, counted from 0.
        costs: of each exit.
    """
    rows = np.arange(len(exits))
    return float(is_right[exits, rows].mean()), float(np.asarray(costs)[exits].mean())


def dynamic_evaluate(validation, test, labels, costs, shares):
    """Budgeted batch classification: thresholds from validation, accuracy on test.

    Args:
        validation: confidences of validation examples, shape (exits, examples).
        test: probabilities of test examples.
        labels: of the test examples.
        costs: of each exit.
        shares: $q_k$ of the exits on the validation examples.

    Returns:
        (accuracy, cost, exits): of the test examples.
    """
    thresholds = theory.find_thresholds(validation, shares)
    exits = theory.choose_exits(lazy.confidence(test), thresholds)
    return *leave(right(test, labels), exits, costs), exits


def yardsticks(found, labels, costs, exits, rng):
    """What other rules reach with as many examples at each exit, so at the same cost.

    Args:
        found: probabilities of the test examples.
        labels: theirs.
        costs: of each exit.
        exits: what the rule chose.
        rng: for shuffling.

    Returns:
        Accuracies by name: `static`, a mix of two exits; `random`, each exit's share of
        examples by chance, its expectation; `shuffled`, the same exits given to other
        examples; `oracle`, where those leave first whom the exit gets right.
    """
    is_right = right(found, labels)
    accuracies = is_right.mean(axis=1)
    shares = np.bincount(exits, minlength=len(costs)) / len(exits)
    known = is_right + 1e-3 * rng.random(is_right.shape)
    best = theory.choose_exits(known, theory.find_thresholds(known, shares))
    return {
        "static": static_at(costs, accuracies, np.dot(shares, costs)),
        "random": float(shares @ accuracies),
        "shuffled": leave(is_right, rng.permutation(exits), costs)[0],
        "oracle": leave(is_right, best, costs)[0],
    }


def scores_of(found):
    """Confidences of exits that rules may rank by, by name, shape (exits, examples)."""
    ordered = np.sort(found, axis=-1)
    logs = np.log(np.maximum(found, 1e-30))
    return {
        "maximum": ordered[..., -1],
        "margin": ordered[..., -1] - ordered[..., -2],
        "entropy": np.sum(found * logs, axis=-1),
    }


def with_temperature(found, temperature):
    """Probabilities whose logits are divided by a temperature; any shape."""
    return lazy.softmax(np.log(np.maximum(found, 1e-300)) / temperature)


def evaluate(model, parts, costs, config, average=False):
    """Accuracies of exits and of leaving early.

    Args:
        model: a `model.MultiExit`.
        parts: a `data.Parts`.
        costs: multiplications until each exit.
        config: a `Config`; gives the ratios p of the shares.
        average: whether exits average what was said before (an ensemble).

    Returns:
        Two dictionaries. Numbers of the network: `exit_1`, `exit_2`, ... accuracies of
        exits; `averaged_1`, ... of the mean of the probabilities up to an exit, where
        exits do not average already; `cost_1`, ... And groups of numbers by name, for
        networks with several exits: `p_0.6` and so on (see `budgeted`), `rules` (see
        `rival_rules`) and `chosen` (see `frugal`).
    """
    split = parts.split
    validation = probabilities(model, parts.validation_images, average)
    test = probabilities(model, split.test_images, average)
    numbers = {}
    answers = {"exit": test}
    if not average:
        answers["averaged"] = averaged(test)
    for name, found in answers.items():
        accuracies = right(found, split.test_labels).mean(axis=1)
        numbers |= {f"{name}_{k}": float(a) for k, a in enumerate(accuracies, 1)}
    numbers |= {f"cost_{k}": float(cost) for k, cost in enumerate(costs, 1)}
    groups = {}
    if len(costs) > 1:
        for p in config.ratios:
            found = budgeted(validation, test, split, costs, p, config.seed)
            groups[f"p_{p:g}"] = found
        groups["rules"] = rival_rules(validation, test, parts, costs, 0.6)
        groups["chosen"] = frugal(validation, test, parts, costs)
    return numbers, groups


def budgeted(validation, test, split, costs, p, seed=0):
    """Budgeted classification at one ratio p, with its yardsticks.

    Args:
        validation, test: probabilities.
        split: a `Split`; of its parameters, those of each group are averaged.
        costs: of each exit.
        p: ratio of the shares of neighbouring exits.
        seed: of what is shuffled.

    Returns:
        Numbers by name: `accuracy`, `cost`; those of `yardsticks`; `gain` over the
        static mix, and `shuffled_gain`; `validation_gap`, the greatest difference of a
        share on the validation images from $q_k$; and for each exit that somebody
        leaves by: `share_1`, `last_error_1` (the error of the last exit there),
        `difficulty_1` and other parameters, `shuffled_difficulty_1`.
    """
    shares = theory.geometric_shares(p, len(costs))
    held = lazy.confidence(validation)
    labels = split.test_labels
    accuracy, cost, exits = dynamic_evaluate(held, test, labels, costs, shares)
    rng = np.random.default_rng((seed, 7))
    others = yardsticks(test, labels, costs, exits, rng)
    numbers = {"accuracy": accuracy, "cost": cost, **others}
    numbers["gain"] = accuracy - others["static"]
    numbers["shuffled_gain"] = others["shuffled"] - others["static"]
    there = theory.choose_exits(held, theory.find_thresholds(held, shares))
    found = np.bincount(there, minlength=len(costs)) / len(there)
    numbers["validation_gap"] = float(np.abs(found - shares).max())
    is_right = right(test, labels)
    mixed = rng.permutation(exits)
    for k in range(len(costs)):
        here = exits == k
        numbers[f"share_{k + 1}"] = float(here.mean())
        if not here.any():
            continue
        numbers[f"last_error_{k + 1}"] = float(1 - is_right[-1, here].mean())
        for name, values in split.test_parameters.items():
            numbers[f"{name}_{k + 1}"] = float(values[here].mean())
            numbers[f"shuffled_{name}_{k + 1}"] = float(values[mixed == k].mean())
    return numbers


def frugal(validation, test, parts, costs, loss=0.005):
    """The least p that keeps the last exit's accuracy on validation images, and tests.

    Args:
        validation, test: probabilities.
        parts: a `data.Parts`.
        costs: of each exit.
        loss: how much accuracy on validation images may be lost.

    Returns:
        Numbers by name: `p`; `accuracy` and `cost` on test images; `static`, the
        accuracy of a mix of exits that costs as much. Nothing where no p up to 2 keeps
        the accuracy.
    """
    held = lazy.confidence(validation)
    last = right(validation, parts.validation_labels)[-1].mean()
    for p in np.arange(0.2, 2.01, 0.1):
        shares = theory.geometric_shares(p, len(costs))
        reached = dynamic_evaluate(
            held, validation, parts.validation_labels, costs, shares
        )[0]
        if reached >= last - loss:
            break
    else:
        return {}
    labels = parts.split.test_labels
    accuracy, cost, _ = dynamic_evaluate(held, test, labels, costs, shares)
    static = static_at(costs, right(test, labels).mean(axis=1), cost)
    return {"p": float(p), "accuracy": accuracy, "cost": cost, "static": static}


def rival_rules(validation, test, parts, costs, p):
    """Gains over the static mix at one ratio p of other things to rank examples by.

    Args:
        validation, test: probabilities.
        parts: a `data.Parts`.
        costs: of each exit.
        p: ratio of the shares.

    Returns:
        Gains by name: `maximum`, `margin`, `entropy`; `temperature_0.5`, `_2` of the
        maximum; `ink`, the variance of the pixels (little of it leaves first);
        `chance`.
    """
    labels = parts.split.test_labels
    shares = theory.geometric_shares(p, len(costs))
    held, seen = scores_of(validation), scores_of(test)
    for temperature in (0.5, 2.0):
        name = f"temperature_{temperature:g}"
        held[name] = lazy.confidence(with_temperature(validation, temperature))
        seen[name] = lazy.confidence(with_temperature(test, temperature))
    rng = np.random.default_rng(11)
    for scores, images in (
        (held, parts.validation_images),
        (seen, parts.split.test_images),
    ):
        ink = -images.var(axis=(1, 2, 3))
        scores["ink"] = np.tile(ink, (len(costs), 1))
        scores["chance"] = rng.random(ink.shape + (len(costs),)).T
    is_right = right(test, labels)
    accuracies = is_right.mean(axis=1)
    gains = {}
    for name, score in seen.items():
        thresholds = theory.find_thresholds(held[name], shares)
        exits = theory.choose_exits(score, thresholds)
        accuracy, cost = leave(is_right, exits, costs)
        gains[name] = accuracy - static_at(costs, accuracies, cost)
    return gains
