"""Pairs of demonstrations of one task: the first is shown, the second gives states."""

import typing

import numpy as np

from lessons.control.one_shot_imitation import blocks, demonstrations, particles, tasks

MOST_TASKS = 183  # of the paper: 140 to train on and 43 to test with


class Pairs(typing.NamedTuple):
    """Pairs of episodes of the same tasks, row by row.

    Attributes:
        shown: `demonstrations.Episodes`.
        states: `demonstrations.Episodes`; their actions are the targets.
        stages: of the tasks, (pairs, stages, 2).
    """

    shown: demonstrations.Episodes
    states: demonstrations.Episodes
    stages: np.ndarray


def task_split(config, stages, num_blocks):
    """Tasks to train on and to test with; drawn, not listed, where there are many.

    Args:
        config: a `Config`.
        stages, num_blocks: of the tasks.
    """
    if num_blocks <= 5:
        names = tasks.every_task(num_blocks, stages)
    else:
        rng = np.random.default_rng((config.seed, 12, stages, num_blocks))
        names = sorted({_draw(num_blocks, stages, rng) for _ in range(MOST_TASKS)})
    return tasks.split(names, config.train_part, config.seed)


def _draw(num_blocks, stages, rng):
    """A task at random."""
    order = [tasks.LETTERS[i] for i in rng.permutation(num_blocks)]
    cuts = rng.permutation(num_blocks - 1)[: num_blocks - stages - 1] + 1
    parts = np.split(order, np.sort(cuts))
    return " ".join("".join(part) for part in parts)


def length(stages):
    """Steps of a demonstration."""
    return blocks.STEPS_PER_STAGE * stages


def draw_pairs(config, names, num_blocks, count, noise, rng):
    """Pairs of tasks drawn from `names`.

    Args:
        config: a `Config`.
        names: of tasks, all with as many stages.
        num_blocks: of the tasks.
        count: how many pairs.
        noise: of the second episodes.
        rng: a NumPy generator.
    """
    stages = tasks.stages_of(rng.choice(names, count))
    steps = length(stages.shape[1])
    found = [
        demonstrations.episodes(
            blocks.start(count, num_blocks, rng), stages, steps, noise=size, rng=rng
        )
        for size in (config.demonstration_noise, noise)
    ]
    return Pairs(*found, stages)


def examples_of(config, pairs, conditioning, count, rng):
    """Inputs and targets of a `StackingPolicy`; rows repeat where pairs are few.

    Args:
        config: a `Config`.
        pairs: `Pairs`.
        conditioning: see `demonstrations.keep`.
        count: how many examples.
        rng: a NumPy generator.
    """
    total = len(pairs.stages)
    rows = np.arange(count) if count == total else rng.integers(total, size=count)
    shown, states = (
        demonstrations.Episodes(*(part[rows] for part in found[:4]), None)
        for found in pairs[:2]
    )
    kept = kept_of(config, shown, conditioning, pairs.stages.shape[1], rng)
    return demonstrations.example_arrays(kept, states, config.states, rng)


def kept_of(config, shown, conditioning, stages, rng, p=None):
    """What a policy sees of demonstrations, see `demonstrations.keep`.

    Args:
        config: a `Config`.
        shown: `Episodes`.
        conditioning: see `demonstrations.keep`.
        stages: of the tasks.
        rng: a NumPy generator.
        p: probability that a frame is dropped; the configuration's by default.
    """
    p = config.dropout if p is None else p
    return demonstrations.keep(shown, conditioning, p, config.frames * stages, rng)


class ReachPairs(typing.NamedTuple):
    """Pairs of episodes of particles.

    Attributes:
        shown: thinned demonstrations, (pairs, frames, features).
        states, actions: of the second episodes, (pairs, states, ...).
        targets: numbers of landmarks, (pairs,).
    """

    shown: np.ndarray
    states: np.ndarray
    actions: np.ndarray
    targets: np.ndarray


def load(config):
    """Pairs of episodes of particles to train on, `ReachPairs`."""
    rng = np.random.default_rng((config.seed, 31))
    count = config.reach_pairs
    targets = rng.integers(config.landmarks, size=count)
    parts = [
        demonstrations.particle_episodes(
            count, config.landmarks, targets, config.reach_noise, rng
        )
        for _ in range(2)
    ]
    shown = demonstrations.thinned(parts[0][0], config.reach_frames, rng)
    order = rng.random((count, particles.STEPS))
    steps = np.argsort(order, axis=1)[:, : config.states]
    rows = np.arange(count)[:, None]
    return ReachPairs(
        shown, parts[1][0][rows, steps], parts[1][1][rows, steps], targets
    )
