"""One step of the amsgrad lesson's optimizer against Keras's own.

    python -m benchmarks.amsgrad_step [--rounds 60] [--threads 1]

The same network, batch and compiled step; the optimizers take turns in one process,
and the median of the ratios within a turn is given. `Adaptive` is measured twice: with
the bias correction and epsilon of Keras, where both compute the same numbers, and as
the paper has it.
"""

import argparse
import dataclasses
import pathlib
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from lessons import _quiet  # noqa: E402

_quiet.install()  # before TensorFlow is imported

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from lessons.foundations.amsgrad import model, optimizers  # noqa: E402

BATCH_SIZE = 128
STEPS_PER_TURN = 5
BASE = "Keras's Adam(amsgrad=True)"
OPTIMIZERS = {
    BASE: lambda: keras.optimizers.Adam(1e-3, amsgrad=True),
    "ours, same numbers": lambda: optimizers.Adaptive(
        1e-3, bias_correction=True, epsilon=1e-7
    ),
    "ours, as in the paper": lambda: optimizers.Adaptive(1e-3),
}


@dataclasses.dataclass(frozen=True)
class Case:
    """What is compared: a network of the paper, and what of its step.

    Attributes:
        family: of `model.FAMILIES`.
        image_shape: (height, width, channels).
        whole: the whole training step, or only the optimizer's part of it.
        jit_compile: whether XLA compiles the step.
    """

    family: str
    image_shape: tuple[int, int, int]
    whole: bool
    jit_compile: bool

    @property
    def title(self):
        """The case in a few words."""
        part = "training step" if self.whole else "optimizer alone"
        return f"{self.family}, {part}{', XLA' if self.jit_compile else ''}"


CASES = (
    Case("one_hidden_layer", (28, 28, 1), whole=True, jit_compile=False),
    Case("one_hidden_layer", (28, 28, 1), whole=True, jit_compile=True),
    Case("one_hidden_layer", (28, 28, 1), whole=False, jit_compile=False),
    Case("cifarnet", (32, 32, 3), whole=False, jit_compile=False),
    Case("cifarnet", (32, 32, 3), whole=False, jit_compile=True),
)


def compiled_step(case, optimizer):
    """A function that makes one step, and the weights that it moves.

    Every call of this function starts from the same weights and uses the same batch.
    """
    keras.utils.set_random_seed(0)
    network = model.build(case.family, case.image_shape, 10)
    weights = network.trainable_variables
    optimizer.build(weights)
    generator = np.random.default_rng(0)
    images = generator.random((BATCH_SIZE, *case.image_shape), dtype=np.float32)
    images, labels = (
        tf.constant(images),
        tf.constant(generator.integers(0, 10, BATCH_SIZE)),
    )
    gradients = [
        tf.constant(generator.standard_normal(w.shape, dtype=np.float32))
        for w in weights
    ]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function(jit_compile=case.jit_compile)
    def step():
        found = gradients
        if case.whole:
            with tf.GradientTape() as tape:
                value = loss(labels, network(images, training=False))
            found = tape.gradient(value, weights)
        optimizer.apply(found, weights)
        return weights[-1][0]

    return step, weights


def measure(case, num_rounds=60):
    """Race the optimizers on one case.

    Args:
        case: a `Case`.
        num_rounds: turns of `STEPS_PER_TURN` steps each.

    Returns:
        (seconds, ratios): by optimizer, the median seconds of a step and the median
        over turns of its time over that of Keras's own in the same turn.
    """
    steps = {name: compiled_step(case, make())[0] for name, make in OPTIMIZERS.items()}
    for step in steps.values():
        step()
    times = {name: [] for name in steps}
    names = list(steps)
    for turn in range(num_rounds):
        # The order rotates: nobody always runs after the same neighbour.
        for name in names[turn % 3 :] + names[: turn % 3]:
            times[name].append(_seconds(steps[name]))
    seconds = {name: statistics.median(values) for name, values in times.items()}
    ratios = {
        name: statistics.median(np.array(values) / np.array(times[BASE]))
        for name, values in times.items()
    }
    return seconds, ratios


def _seconds(step):
    start = time.perf_counter()
    for _ in range(STEPS_PER_TURN):
        last = step()
    last.numpy()  # wait for it
    return (time.perf_counter() - start) / STEPS_PER_TURN


def table(measured):
    """Lines of a Markdown table.

    Args:
        measured: case -> what `measure` returned.
    """
    lines = [f"| | {' | '.join(OPTIMIZERS)} |", "|---" + "|--:" * 3 + "|"]
    for case, (seconds, ratios) in measured.items():
        cells = [f"{1e3 * seconds[n]:.2f} ms ({ratios[n]:.2f})" for n in OPTIMIZERS]
        lines.append(f"| {case.title} | {' | '.join(cells)} |")
    return lines


def main(argv=None):
    """Measure all cases and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.amsgrad_step")
    parser.add_argument("--rounds", type=int, default=60, help="turns per case")
    parser.add_argument("--threads", type=int, default=1, help="of TensorFlow")
    arguments = parser.parse_args(argv)
    if arguments.rounds < 1 or arguments.threads < 1:
        parser.error("rounds and threads must be at least 1")
    tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    measured = {case: measure(case, arguments.rounds) for case in CASES}
    print("\n".join(table(measured)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
