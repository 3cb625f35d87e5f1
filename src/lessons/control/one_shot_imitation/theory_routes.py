"""What follows from the equations, by other routes: NumPy, loops, exact recursions."""

import numpy as np


def probability_lost(p, frames):
    """Probability that temporal dropout keeps no frame of a stage: $p^n$.

    Args:
        p: probability that a frame is dropped.
        frames: n, of the stage.
    """
    return np.asarray(p, float) ** frames


def kept_frames(p, frames):
    """Mean and standard deviation of the number of frames that are kept.

    Args:
        p: probability that a frame is dropped.
        frames: of the demonstration.
    """
    return (1 - p) * frames, np.sqrt(p * (1 - p) * frames)


def receptive_field(dilations, kernel=2):
    """How many inputs an output of stacked dilated convolutions depends on.

    $$1 + (k - 1) \\sum_a a$$

    Args:
        dilations: one for each layer.
        kernel: k.
    """
    return 1 + (kernel - 1) * sum(dilations)


def cloning_cost(epsilon, steps):
    """Expected number of bad steps of a clone that never finds back.

    $$\\sum_{t=1}^T 1 - (1 - \\epsilon)^t$$

    Args:
        epsilon: probability of a mistake per step on the expert's path.
        steps: T, a number or an array of them.
    """
    steps = np.asarray(steps, float)
    keep = 1 - epsilon
    return steps - keep * (1 - keep**steps) / epsilon


def recovering_cost(epsilon, steps, recovery):
    """The same where, after each step off the path, a coin may bring it back.

    The mistake itself costs 1 and leads off the path; every step there costs 1 more,
    and the coin is tossed after it: $c_t = b + (1 - b) \\epsilon$ and
    $b' = (1 - r) b + (1 - b) \\epsilon$. A mistake costs 1 + 1/r steps on average.

    Args:
        epsilon: probability of a mistake per step on the path.
        steps: T.
        recovery: r.
    """
    off, cost = 0.0, 0.0
    for _ in range(int(steps)):
        mistake = (1 - off) * epsilon
        cost += off + mistake
        off = (1 - recovery) * off + mistake
    return cost


def simulated_cost(epsilon, steps, recovery, count, rng):
    """The same by drawing `count` walks.

    Args:
        epsilon, steps, recovery: as for `recovering_cost`; 0 never finds back.
        count: of walks.
        rng: a NumPy generator.
    """
    off, cost = np.zeros(count, bool), 0
    for _ in range(int(steps)):
        mistake = ~off & (rng.random(count) < epsilon)
        cost += (off | mistake).mean()
        off = (off & (rng.random(count) >= recovery)) | mistake
    return cost


def attention_by_loops(query, context, memory, scale):
    """Soft attention of one query, entry by entry.

    Args:
        query: shape (features,).
        context: shape (entries, features).
        memory: shape (entries, values).
        scale: shape (features,).
    """
    scores = [float(scale @ np.tanh(query + entry)) for entry in context]
    top = max(scores)
    parts = [np.exp(score - top) for score in scores]
    weights = np.array([part / sum(parts) for part in parts])
    return sum(w * m for w, m in zip(weights, memory, strict=True)), weights


def trials_range(probability, trials, experiments, draws, rng):
    """Greatest minus least of several success counts, if nothing differs.

    Args:
        probability: of success, the same for all.
        trials: of each experiment.
        experiments: how many success counts are compared.
        draws: how often the comparison is drawn.
        rng: a NumPy generator.

    Returns:
        Shape (draws,), in successes.
    """
    found = rng.binomial(trials, probability, (draws, experiments))
    return found.max(axis=1) - found.min(axis=1)
