"""Judging trained networks on held-out data, apart from their training losses."""

import numpy as np
import tensorflow as tf

from lessons.foundations.lstm import data, programs, tasks, theory, units
from lessons.foundations.lstm.layers import LSTM
from lessons.toolkit import runtime

NUM_TEST = 1000  # sequences that judge a network on the task with a lag
TOLERANCE = 0.04  # largest error of the adding problem that counts as solved


class Reader:
    """Reads held-out text and measures bits per character.

    Args:
        network: a built `model.CharModel`.
        ids: the text, ints of shape (length,).
        num_streams: number of contiguous parts it is cut into, read side by side.
        longest: number of characters to read of each part; None reads all.
        jit_compile: whether to compile with XLA.
    """

    def __init__(self, network, ids, num_streams=16, longest=None, jit_compile=False):
        steps = (len(ids) - 1) // num_streams
        inputs, targets = data.streams(ids, num_streams, steps)
        self.inputs, self.targets = inputs[:, :longest], targets[:, :longest]
        self._run = tf.function(
            lambda ids: network.unroll(ids)[0], jit_compile=jit_compile, autograph=False
        )

    def bits(self):
        """Mean bits per character, the state carried from end to end of each part."""
        return theory.bits_per_character(self._run(self.inputs), self.targets)

    def bits_by_position(self, window):
        """Bits by position in windows that start from the first state, and carried.

        Args:
            window: characters in a window.

        Returns:
            (fresh, carried): shape (window,) each, means over the same characters.
        """
        count = self.inputs.shape[1] // window
        cut = count * window
        ids = self.inputs[:, :cut].reshape(-1, window)
        targets = self.targets[:, :cut].reshape(-1, window)
        fresh = self._run(ids).numpy()
        carried = self._run(self.inputs).numpy()[:, :cut].reshape(fresh.shape)
        later = np.arange(len(ids)) % count > 0  # windows that have a past
        return tuple(
            np.array(
                [
                    theory.bits_per_character(logits[later, t], targets[later, t])
                    for t in range(window)
                ]
            )
            for logits in (fresh, carried)
        )


def lag_score(task, answers, targets):
    """Fraction of sequences answered right.

    Args:
        task: its name; "adding" counts errors below 0.04, the others the class.
        answers: what the network gives, shape (n, outputs).
        targets: as `tasks` gives them.
    """
    answers = np.asarray(answers)
    if task == "adding":
        return float(np.mean(np.abs(answers - targets) < TOLERANCE))
    return float(np.mean(answers.argmax(axis=1) == targets))


def evaluate_lag(network, config):
    """Fraction of new sequences of the task with a lag that are answered right.

    Args:
        network: as from `model.lag_network`.
        config: the `Config` it was trained by.

    Returns:
        `score`; for an LSTM on the latch also `growth`.
    """
    inputs, targets = tasks.draw(
        config.lag_task, NUM_TEST, config.lag, 2 * config.seed + 1
    )
    answers = network.predict(inputs, batch_size=NUM_TEST, verbose=0)
    found = {"score": lag_score(config.lag_task, answers, targets)}
    core = network.get_layer("core")
    if config.lag_task == "latch" and isinstance(core, LSTM):
        found["growth"] = growth(core, inputs[:300], targets[:300])
    return found


def growth(core, inputs, symbols):
    """By what factor the symbols' contents move apart between step 1 and the last.

    A carousel that holds what was written at step 0 has a factor of at most 1; a larger
    one means that the cells amplify each other's contents through U.

    Args:
        core: a built `layers.LSTM` of a network trained on `tasks.latch`.
        inputs: shape (sequences, T, m).
        symbols: the symbol to remember, shape (sequences,).
    """
    zero = np.zeros((len(inputs), core.cell.units))
    _, contents, _ = theory.lstm_forward(
        inputs.transpose(1, 0, 2), zero, zero, core.cell.parameters()
    )
    spread = programs.spread(contents, symbols)
    return float(spread[-1] / spread[1])


def evaluate(network, corpus):
    """How well a language model reads the held-out text.

    Args:
        network: a `model.CharModel`.
        corpus: a `data.Corpus`.

    Returns:
        `bpc`, bits per character, the number of trained `parameters`, and what
        `units.followed` finds.
    """
    return {
        "bpc": Reader(network, corpus.valid).bits(),
        "parameters": float(runtime.num_parameters(network)),
        **units.followed(network, corpus),
    }
