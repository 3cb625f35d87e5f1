"""The seed's replay buffer, as the order in which a stream's sequences are trained on.

Not in the paper. The buffer keeps whole sequences, not hidden states, which would be
stale. On a fixed data set it equals more epochs; it can matter for a stream alone,
where a sequence comes once. What is drawn is decided before training: an array of rows.
"""

import numpy as np

STREAMS = ("once", "replay", "repeat")


def order(num_sequences, batch_size, stream, capacity, rng, extra=3):
    """Rows of each training step.

    Args:
        num_sequences: of the stream, in the order in which they come; a rest that
            fills no batch is dropped.
        batch_size: fresh rows at a time.
        stream: "once": the fresh batches alone; "replay": after each, `extra` batches
            drawn uniformly from a first-in first-out buffer, which holds the fresh one
            too; "repeat": the fresh batch `extra` times again.
        capacity: sequences that the buffer holds.
        rng: a NumPy generator.
        extra: batches after each fresh one.

    Returns:
        Integers of shape (steps, batch_size).
    """
    steps = []
    for first in range(0, num_sequences - batch_size + 1, batch_size):
        fresh = np.arange(first, first + batch_size)
        steps.append(fresh)
        if stream == "repeat":
            steps += [fresh] * extra
        if stream == "replay":
            oldest = max(0, first + batch_size - capacity)
            steps += list(rng.integers(oldest, first + batch_size, (extra, batch_size)))
    return np.array(steps)
