"""A particle among landmarks, its expert; many particles are moved at once."""

import dataclasses

import numpy as np

STEPS, NEAR = 30, 0.15  # a landmark is reached within this distance
_PULL, _DRAG, _PUSH, _TIME = 4.0, 0.6, 0.3, 0.1


@dataclasses.dataclass
class Particles:
    """Several particles, each among its own landmarks.

    Attributes:
        place, velocity: shape (particles, 2).
        landmarks: shape (particles, landmarks, 2).
    """

    place: np.ndarray
    velocity: np.ndarray
    landmarks: np.ndarray


def start(count, num_landmarks, rng):
    """Particles at rest in the square [-1, 1]², among landmarks that are apart.

    Two landmarks nearer than twice `NEAR` would be drawn again: who reaches one of them
    must not have reached the other.

    Args:
        count: of particles.
        num_landmarks: of each.
        rng: a NumPy generator.
    """
    landmarks = np.empty((count, num_landmarks, 2))
    todo = np.arange(count)
    while len(todo):
        draw = rng.uniform(-1, 1, (len(todo), num_landmarks, 2))
        gaps = np.linalg.norm(draw[:, :, None] - draw[:, None], axis=-1)
        gaps += np.eye(num_landmarks) * 9
        fine = gaps.min(axis=(1, 2)) >= 2 * NEAR
        landmarks[todo[fine]] = draw[fine]
        todo = todo[~fine]
    return Particles(rng.uniform(-1, 1, (count, 2)), np.zeros((count, 2)), landmarks)


def step(particles, actions):
    """Push particles for one step, in place; actions are cut to [-1, 1]."""
    push = np.clip(actions, -1, 1)
    particles.velocity = _DRAG * particles.velocity + _PUSH * push
    particles.place = particles.place + _TIME * particles.velocity


def observe(particles):
    """What a policy sees: velocity, and landmarks relative to the particle.

    Returns:
        Shape (particles, 2 + 2 landmarks), float32.
    """
    relative = particles.landmarks - particles.place[:, None]
    rows = relative.reshape(len(relative), -1)
    return np.concatenate([particles.velocity, rows], axis=1).astype(np.float32)


def expert(particles, targets):
    """A spring towards the target, with damping, shape (particles, 2)."""
    goal = particles.landmarks[np.arange(len(targets)), targets]
    push = _PULL * (goal - particles.place) - particles.velocity
    return np.clip(push, -1, 1).astype(np.float32)


def reached(particles, targets):
    """Whether each particle is within `NEAR` of its target, shape (particles,)."""
    goal = particles.landmarks[np.arange(len(targets)), targets]
    return np.linalg.norm(goal - particles.place, axis=1) < NEAR


def nearest(particles):
    """Number of the landmark that is nearest, shape (particles,)."""
    gaps = np.linalg.norm(particles.landmarks - particles.place[:, None], axis=-1)
    return gaps.argmin(axis=1)
