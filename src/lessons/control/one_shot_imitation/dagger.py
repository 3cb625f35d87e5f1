"""DAGGER: the learner chooses the states, the expert the labels (Ross et al. 2011)."""

import numpy as np

from lessons.control.one_shot_imitation import acting, blocks, data, demonstrations


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


def pairs_of_clone(config, variant, teacher=None):
    """What a clone is trained on, `data.Pairs`.

    Args:
        config: a `Config`; its first number of stages is taken.
        variant: a `Variant` of kind "clone".
        teacher: the clone of the pairs alone, whose states DAGGER visits.
    """
    num_blocks, count = config.blocks[0], config.clone_pairs
    names, _ = data.task_split(config, config.stages[0], num_blocks)
    noise = config.noise if variant.noise else 0.0
    rng = np.random.default_rng((config.seed, 22))
    pairs = data.draw_pairs(config, names, num_blocks, count, noise, rng)
    if variant.extra:
        rng = np.random.default_rng((config.seed, 23))
        more = data.draw_pairs(config, names, num_blocks, count, noise, rng)
        if variant.extra == "dagger":
            kept = data.kept_of(config, more.shown, "full", config.stages[0], rng)
            worlds = blocks.start(count, num_blocks, rng)
            states = dagger_round(
                pairs.states, teacher, kept, worlds, more.stages, rng=rng
            )
        else:
            states = joined(pairs.states, more.states)
        stages = np.concatenate([pairs.stages, more.stages])
        pairs = data.Pairs(joined(pairs.shown, more.shown), states, stages)
    return pairs
