"""Demonstrations of the experts, what is kept of them, and examples for training."""

import typing

import numpy as np

from lessons.control.one_shot_imitation import blocks, particles, theory


class Episodes(typing.NamedTuple):
    """Episodes of equal length, one row each.

    Attributes:
        positions: blocks relative to the gripper, (episodes, steps, blocks, 3).
        robot: shape (episodes, steps, 2).
        actions: what the expert would do there, (episodes, steps, 4).
        done: number of stages done before each step, (episodes, steps).
        worlds: `blocks.Worlds` after the last step.
    """

    positions: np.ndarray
    robot: np.ndarray
    actions: np.ndarray
    done: np.ndarray
    worlds: blocks.Worlds


def episodes(worlds, stages, steps, act=None, *, noise=0.0, beta=0.0, rng=None):
    """Let the expert, or a policy that the expert watches, act in worlds.

    Args:
        worlds: `blocks.Worlds`; they are not changed.
        stages: of the tasks, (worlds, stages, 2).
        steps: how many.
        act: a function of (positions, robot) that gives actions; None for the expert.
        noise: standard deviation of what is added to the moves that are executed, not
            to the actions that are written down.
        beta: probability that the expert's action is executed in the policy's place,
            drawn for each world and step.
        rng: a NumPy generator, for noise and beta.
    """
    worlds, rows = worlds.copy(), []
    for _ in range(steps):
        seen, wanted = blocks.observe(worlds), blocks.expert(worlds, stages)
        rows.append((*seen, wanted, blocks.done(worlds, stages).sum(axis=1)))
        action = wanted if act is None else act(*seen)
        if beta:
            by_expert = rng.random(len(action)) < beta
            action = np.where(by_expert[:, None], wanted, action)
        if noise:
            action = action.astype(np.float64)
            action[:, :3] += noise * rng.standard_normal((len(action), 3))
        blocks.step(worlds, action)
    parts = (np.stack(part, axis=1) for part in zip(*rows, strict=True))
    return Episodes(*parts, worlds)


class Kept(typing.NamedTuple):
    """What is kept of demonstrations, padded to one number of frames.

    Attributes:
        positions, robot: as of `Episodes`, zeros where padded.
        mask: 1 where a frame is, (episodes, frames), float32.
        frames: which step each frame is, (episodes, frames).
    """

    positions: np.ndarray
    robot: np.ndarray
    mask: np.ndarray
    frames: np.ndarray


def keep(found, conditioning, p, most, rng):
    """What a policy sees of demonstrations.

    Args:
        found: `Episodes`.
        conditioning: "full", what temporal dropout leaves; "snapshot", the last frame
            of each stage; "final", the last frame; "none", nothing.
        p: probability that a frame is dropped.
        most: frames kept at most; if more are left, some are dropped at random.
        rng: a NumPy generator.
    """
    count, length = found.robot.shape[:2]
    chosen = []
    for row in range(count):
        if conditioning == "full":
            frames = theory.temporal_dropout(length, p, rng)
            if len(frames) > most:
                frames = np.sort(rng.choice(frames, most, replace=False))
        elif conditioning == "snapshot":
            frames = snapshots(found.done[row])
        else:
            frames = np.array([length - 1])
        chosen.append(frames)
    if conditioning == "full":
        width = most
    else:
        width = max(map(len, chosen))
    frames = np.zeros((count, width), int)
    mask = np.zeros((count, width), np.float32)
    for row, kept in enumerate(chosen):
        frames[row, : len(kept)] = kept
        mask[row, : len(kept)] = conditioning != "none"
    rows = np.arange(count)[:, None]
    return Kept(
        found.positions[rows, frames] * mask[:, :, None, None],
        found.robot[rows, frames] * mask[:, :, None],
        mask,
        frames,
    )


def snapshots(done):
    """The steps at which stages are seen done first, and the last step.

    Args:
        done: stages done before each step of an episode, (steps,).
    """
    most = int(done.max())
    first = [int(np.argmax(done >= stage)) for stage in range(1, most + 1)]
    return np.unique([*first[:-1], len(done) - 1])


def example_arrays(kept, states, count, rng):
    """Inputs and targets of a `StackingPolicy`.

    Args:
        kept: `Kept`, of demonstrations.
        states: `Episodes` of the same tasks, row by row.
        count: states drawn from each episode.
        rng: a NumPy generator.

    Returns:
        (x, y): six arrays, see `model.StackingPolicy`, and actions.
    """
    total, length = states.robot.shape[:2]
    rows = np.arange(total)[:, None]
    steps = np.argsort(rng.random((total, length)), axis=1)[:, : min(count, length)]
    present = np.ones((total, states.positions.shape[2]), np.float32)
    x = [
        kept.positions,
        kept.robot,
        kept.mask,
        present,
        states.positions[rows, steps],
        states.robot[rows, steps],
    ]
    return x, states.actions[rows, steps]


def particle_episodes(count, num_landmarks, targets, noise, rng):
    """Episodes of the particles' expert.

    Args:
        count: how many.
        num_landmarks: of each.
        targets: numbers of landmarks, (count,).
        noise: standard deviation of what is added to the pushes that are executed.
        rng: a NumPy generator.

    Returns:
        (observations, actions): (count, steps, 2 + 2 landmarks) and (count, steps, 2).
    """
    found, seen, actions = particles.start(count, num_landmarks, rng), [], []
    for _ in range(particles.STEPS):
        seen.append(particles.observe(found))
        actions.append(particles.expert(found, targets))
        pushed = actions[-1] + noise * rng.standard_normal((count, 2))
        particles.step(found, pushed)
    return np.stack(seen, axis=1), np.stack(actions, axis=1)


def thinned(observations, frames, rng):
    """Some frames of particles' demonstrations, always with the last.

    Args:
        observations: shape (count, steps, features).
        frames: how many are kept.
        rng: a NumPy generator.
    """
    count, steps, _ = observations.shape
    order = np.argsort(rng.random((count, steps - 1)), axis=1)[:, : frames - 1]
    last = np.full((count, 1), steps - 1)
    chosen = np.sort(np.concatenate([order, last], axis=1), axis=1)
    return observations[np.arange(count)[:, None], chosen]
