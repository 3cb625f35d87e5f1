"""Rollouts of trained policies, many worlds at once."""

import typing

import numpy as np

from lessons.control.one_shot_imitation import blocks, demonstrations, particles


class Acted(typing.NamedTuple):
    """What a policy did in worlds.

    Attributes:
        episodes: `demonstrations.Episodes`; their actions are the expert's.
        temporal: weights of frames at each step, mean over blocks and heads,
            (worlds, steps, frames), or None.
        blocks: weights of the final queries, (worlds, steps, queries, blocks), or None.
    """

    episodes: demonstrations.Episodes
    temporal: typing.Any
    blocks: typing.Any


def stack(policy, kept, worlds, stages, steps, *, ensemble=1, watch=False, **options):
    """Let a `StackingPolicy` act, greedily.

    The demonstration is embedded once; its weights over frames are computed in every
    step from the present state.

    Args:
        policy: a `StackingPolicy`.
        kept: `demonstrations.Kept`, `ensemble` rows for each world, one world after the
            other; the actions of a world's rows are averaged.
        worlds: `blocks.Worlds`; they are not changed.
        stages: of the tasks, for what is written down, (worlds, stages, 2).
        steps: how many.
        ensemble: rows of a world.
        watch: whether weights are kept.
        **options: for `demonstrations.episodes`, such as `beta`.

    Returns:
        `Acted`.
    """
    count, num_blocks, _ = worlds.blocks.shape
    present = np.ones((count * ensemble, num_blocks), np.float32)
    embedded = policy.embed(kept.positions, kept.robot, kept.mask, present)
    seen = []

    def act(positions, robot):
        positions = np.repeat(positions, ensemble, axis=0)[:, None]
        robot = np.repeat(robot, ensemble, axis=0)[:, None]
        action, looked = policy.look(embedded, positions, robot)
        action = np.array(action, np.float32)[:, 0]
        if watch:
            weights = np.asarray(looked.temporal)[:, 0].mean(axis=(1, 2))
            seen.append((weights, np.asarray(looked.blocks)[:, 0]))
        action[:, 3] = 1 / (1 + np.exp(-action[:, 3]))
        return action.reshape(count, ensemble, -1).mean(axis=1)

    found = demonstrations.episodes(worlds, stages, steps, act, **options)
    if not watch:
        return Acted(found, None, None)
    temporal, of_blocks = (np.stack(part, axis=1) for part in zip(*seen, strict=True))
    return Acted(found, temporal, of_blocks)


def reach(policy, frames, found, steps=None):
    """Let a `ReachPolicy` push particles, in place; gives the path.

    Args:
        policy: a `ReachPolicy`.
        frames: demonstrations, (particles, frames, features).
        found: `particles.Particles`.
        steps: how many; those of a demonstration by default.

    Returns:
        Places, shape (particles, steps + 1, 2).
    """
    code = policy.read(frames)
    path = [found.place.copy()]
    for _ in range(steps or particles.STEPS):
        states = particles.observe(found)[:, None]
        particles.step(found, np.asarray(policy.act(code, states), np.float64)[:, 0])
        path.append(found.place.copy())
    return np.stack(path, axis=1)


def finish(worlds, stages, stage_steps=blocks.STEPS_PER_STAGE):
    """Whether the expert could still do the task from here, shape (worlds,).

    Args:
        worlds: `blocks.Worlds`; they are not changed.
        stages: (worlds, stages, 2).
        stage_steps: given to the expert for each stage, and once more.
    """
    steps = stage_steps * (stages.shape[1] + 1)
    after = demonstrations.episodes(worlds, stages, steps).worlds
    return blocks.success(after, stages)
