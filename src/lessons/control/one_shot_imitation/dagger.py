"""DAGGER: the learner chooses the states, the expert the labels (Ross et al. 2011)."""

import numpy as np

from lessons.control.one_shot_imitation import acting, demonstrations


def joined(one, other):
    """Two sets of episodes, one below the other; worlds are left out.

    Args:
        one, other: `Episodes` of equally many steps and blocks.
    """
    parts = (np.concatenate(pair) for pair in zip(one[:4], other[:4], strict=True))
    return demonstrations.Episodes(*parts, None)


def dagger_round(dataset, policy, kept, worlds, stages, *, beta=0.0, rng=None):
    """One round: roll out, label, aggregate.

    In every step each world's action is the expert's with probability beta, else the
    learner's. Whatever is executed, the label of a state is what the expert would do
    there. The old episodes stay.

    Args:
        dataset: `Episodes` so far.
        policy: a `StackingPolicy`.
        kept: `Kept`, a demonstration for each world.
        worlds: `blocks.Worlds` to start from; they are not changed.
        stages: of the tasks, (worlds, stages, 2).
        beta: share of the expert's actions.
        rng: a NumPy generator, needed where beta is above 0.

    Returns:
        `Episodes`: those of `dataset`, then the new ones.
    """
    steps = dataset.robot.shape[1]
    new = acting.stack(policy, kept, worlds, stages, steps, beta=beta, rng=rng)
    return joined(dataset, new.episodes)
