"""How well policies for particles do, and what goes without any of them."""

import copy

import numpy as np

from lessons.control.one_shot_imitation import acting, demonstrations, particles


def evaluate_reach(model, config, controls=True):
    """Numbers of a policy for particles.

    Args:
        model: a `ReachPolicy`.
        config: a `Config`.
        controls: whether more is computed than `success`.

    Returns:
        `success`, within 0.15 of the target at the last step; `true` and `shown`, of
        the true and the demonstrated target where another one is demonstrated;
        `zeros`, without a demonstration; `shuffled`, where the landmarks come in
        another order than in the demonstration.
    """
    rng = np.random.default_rng((config.seed, 51))
    count, num_landmarks = config.num_tests, config.landmarks
    targets = rng.integers(num_landmarks, size=count)
    others = (targets + rng.integers(1, num_landmarks, size=count)) % num_landmarks
    start = particles.start(count, num_landmarks, rng)

    def frames(of):
        found, _ = demonstrations.particle_episodes(
            count, num_landmarks, of, config.reach_noise, rng
        )
        return demonstrations.thinned(found, config.reach_frames, rng)

    shown, wrong = frames(targets), frames(others)
    order = np.argsort(rng.random((count, num_landmarks)), axis=1)
    places = shown[:, :, 2:].reshape(*shown.shape[:2], num_landmarks, 2)
    mixed = np.take_along_axis(places, order[:, None, :, None], axis=2)
    mixed = np.concatenate(
        [shown[:, :, :2], mixed.reshape(places.shape[:2] + (-1,))], 2
    )
    ends = []
    for given in (shown, wrong, np.zeros_like(shown), mixed)[: 4 if controls else 1]:
        found = copy.deepcopy(start)
        acting.reach(model, given, found)
        ends.append(found)
    numbers = {"success": particles.reached(ends[0], targets)}
    if controls:
        numbers |= {
            "true": particles.reached(ends[1], targets),
            "shown": particles.reached(ends[1], others),
            "zeros": particles.reached(ends[2], targets),
            "shuffled": particles.reached(ends[3], targets),
        }
    return {name: float(values.mean()) for name, values in numbers.items()}


def reach_yardsticks(config):
    """Success of going to a random landmark, the nearest, the middle, nowhere; expert.

    Args:
        config: a `Config`.
    """
    rng = np.random.default_rng((config.seed, 52))
    count = 5 * config.num_tests
    targets = rng.integers(config.landmarks, size=count)
    start = particles.start(count, config.landmarks, rng)
    rows = np.arange(count)
    middle = particles.Particles(
        start.place, start.velocity, start.landmarks.mean(axis=1, keepdims=True)
    )
    found = {}
    for name, world, goal in (
        ("expert", start, targets),
        ("random", start, rng.integers(config.landmarks, size=count)),
        ("nearest", start, particles.nearest(start)),
        ("centroid", middle, np.zeros(count, int)),
        ("still", start, None),
    ):
        moved = copy.deepcopy(world)
        for _ in range(particles.STEPS if goal is not None else 0):
            particles.step(moved, particles.expert(moved, goal))
        gap = np.linalg.norm(start.landmarks[rows, targets] - moved.place, axis=1)
        found[name] = float((gap < particles.NEAR).mean())
    return found
