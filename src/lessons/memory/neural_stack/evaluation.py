"""Judge a trained network on sequences it has not seen, also longer ones.

Nothing here uses the training loss: answers are compared with targets in NumPy.
"""

import numpy as np

from lessons.memory.neural_stack import data, signals
from lessons.memory.neural_stack.model import OWN_ANSWER
from lessons.toolkit import runtime

SOLVED = 0.5  # coarse accuracy at the greatest length trained
_TEST_SEED = 10**6  # test sequences differ from all of training, and are everyone's


def test_sequences(config, length):
    """The test sequences of one length; of a grammar, of all its lengths.

    Args:
        config: a `Config`.
        length: symbols of each source.
    """
    rng = np.random.default_rng((_TEST_SEED, length))
    return data.draw(config, rng, np.full(config.num_test, length))


def coarse_fine(answers, targets, mask):
    """Share of sequences that are right, and share of symbols before the first error.

    Args:
        answers, targets: classes, shape (batch, time).
        mask: 1 at the steps of the answer, shape (batch, time).

    Returns:
        (coarse, fine): two floats; fine is the mean over sequences of the length of
        the right beginning over the length of the target, 1 where nothing is asked.
    """
    asked = np.asarray(mask) > 0
    right = (np.asarray(answers) == np.asarray(targets)) | ~asked
    unbroken = np.cumprod(right, axis=1) * asked + (~asked.any(1, keepdims=True))
    wanted = np.where(asked.any(1), asked.sum(1), asked.shape[1])
    return float(right.all(1).mean()), float((unbroken.sum(1) / wanted).mean())


def answers(model, batch, config):
    """Classes that a network answers; with `feed="previous"` it reads its own.

    Args:
        model: a `Transducer`.
        batch: `Sequences`.
        config: a `Config`.
    """
    if config.feed == "blank":
        return np.asarray(model(batch.inputs)).argmax(-1)
    inputs, asked = batch.inputs.copy(), batch.mask > 0
    later = asked & np.roll(asked, 1, axis=1)  # not the first step of the answer
    inputs[later] = OWN_ANSWER
    return np.asarray(model.generate(inputs))


def evaluate(model, config):
    """Accuracies at every length of `config.test_lengths`, and the model's size.

    Args:
        model: a `Transducer`.
        config: a `Config`.

    Returns:
        Floats by name: `coarse_LENGTH` and `fine_LENGTH`; `parameters`; `solved`, 1 if
        more than half of the sequences of the greatest trained length are right, left
        out if that is no test length; and for one stack or queue trained on simple
        sequences those of `habits`.
    """
    found = {"parameters": float(runtime.num_parameters(model))}
    for length in config.test_lengths:
        batch = test_sequences(config, length)
        coarse, fine = coarse_fine(
            answers(model, batch, config), batch.targets, batch.mask
        )
        found |= {f"coarse_{length}": coarse, f"fine_{length}": fine}
        if length == max(config.train_lengths) and config.task in data.ORDERS:
            found["solved"] = float(coarse > SOLVED)
    if model.cell.num_ends == 1 and config.feed == "blank":
        found |= habits(model, config, max(config.test_lengths))
    return found


def habits(model, config, length):
    """How a structure is used, and what other signals would have done.

    Args:
        model: a `Transducer` with a stack or a queue.
        config: its `Config`.
        length: symbols of the sequences to look at.

    Returns:
        Floats by name: `net_push` and `net_pop` as `net_push_and_pop` gives them;
        `imbalance`, their distance; `pop_while_filling`, the mean pop of a step coming
        in, and `pop_while_filling_trained`, that at the greatest trained length;
        `push_in` and `pop_out`, means of d coming in and of u of an answer; and
        `coarse_NAME` and `fine_NAME`, accuracy with the signals of `signals`.
    """
    batch = test_sequences(config, length)
    trace = model.trace(batch.inputs)
    net_push, net_pop = signals.net_push_and_pop(trace, config, length)
    coming, going = signals.phases(config, length)
    longest = max(config.train_lengths)
    trained = model.trace(test_sequences(config, longest).inputs).pops
    filling, _ = signals.phases(config, longest)
    found = {
        "net_push": net_push,
        "net_pop": net_pop,
        "imbalance": abs(net_push - net_pop),
        "pop_while_filling": float(np.asarray(trace.pops)[:, coming].mean()),
        "pop_while_filling_trained": float(np.asarray(trained)[:, filling].mean()),
        "push_in": float(np.asarray(trace.pushes)[:, coming].mean()),
        "pop_out": float(np.asarray(trace.pops)[:, going].mean()),
    }
    kinds = (signals.other_signals, signals.EXTRA[model.cell.structure])
    for name, (pushes, pops) in (
        pair for kind in kinds for pair in kind(trace, config, length).items()
    ):
        logits = model.trace(batch.inputs, pushes=pushes, pops=pops).logits
        told = np.asarray(logits).argmax(-1)
        coarse, fine = coarse_fine(told, batch.targets, batch.mask)
        found |= {f"coarse_{name}": coarse, f"fine_{name}": fine}
    return found


def progress(losses, config):
    """How long training took.

    Args:
        losses: mean loss of every epoch in nats per symbol.
        config: a `Config`.

    Returns:
        `updates` made, `learned` (1 if an epoch's loss was below the limit, else 0) and
        the last `loss`, floats by name.
    """
    return {
        "updates": float(len(losses) * config.updates_per_epoch),
        "learned": float(min(losses) < config.learned_below),
        "loss": losses[-1],
    }


def remembers(config, length, known=6):
    """Accuracy of who knows the first `known` symbols and guesses the rest.

    Args:
        config: a `Config`.
        length: symbols of the answer.
        known: how many are right for sure.

    Returns:
        (coarse, fine), in closed form; `known=0` is chance.
    """
    chance = 1 / config.symbols
    rest = max(0, length - known)
    right = min(known, length) + sum(chance**k for k in range(1, rest + 1))
    return chance**rest, right / length


def baselines(config):
    """What needs no learning, at every test length: guessing, and knowing a part.

    Returns:
        `guess/coarse_LENGTH` and so on; `part/...` of who remembers as many symbols as
        the longest training sequence has, and guesses the rest.
    """
    found = {}
    for name, known in (("guess", 0), ("part", max(config.train_lengths))):
        for length in config.test_lengths:
            coarse, fine = remembers(config, length, known)
            found |= {f"{name}/coarse_{length}": coarse, f"{name}/fine_{length}": fine}
    return found
