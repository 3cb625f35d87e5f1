"""What experts reach who know the task, guess it, or read it from the final frame."""

import numpy as np

from lessons.control.one_shot_imitation import blocks, data, demonstrations, tasks
from lessons.control.one_shot_imitation.evaluation import horizon, test_set


def yardsticks(config, names, num_blocks):
    """What experts reach, on the worlds of `evaluate`.

    Args:
        config: a `Config`.
        names: of tasks.
        num_blocks: of the tasks.

    Returns:
        `expert`; `noisy`, with the noise of targets; `guess`, an expert that does one
        of all layouts; `read_out`, an expert that reads its task from the final frame
        of the demonstration.
    """
    worlds, chosen, stages, shown = test_set(config, names, num_blocks)
    rng = np.random.default_rng((config.seed, 46, num_blocks))
    num_stages = stages.shape[1]
    every = sum(data.task_split(config, num_stages, num_blocks), ())
    layouts = sorted({tuple(sorted(name.split())) for name in every})
    drawn = [" ".join(layouts[i]) for i in rng.integers(len(layouts), size=len(chosen))]
    steps = horizon(config, num_stages)

    def success(asked, **options):
        end = demonstrations.episodes(worlds, asked, steps, **options).worlds
        return float(blocks.success(end, stages).mean())

    return {
        "expert": success(stages),
        "noisy": success(stages, noise=config.noise, rng=rng),
        "guess": success(tasks.stages_of(drawn)),
        "read_out": success(read_layout(shown, num_stages)),
    }


def read_layout(shown, num_stages):
    """Stages from the final frame of demonstrations alone: who stands on whom.

    Args:
        shown: `Episodes`.
        num_stages: of the tasks.

    Returns:
        Shape (episodes, stages, 2); lower stages first. Where fewer are seen, the last
        one is repeated.
    """
    places = shown.positions[:, -1].astype(np.float64)
    count = len(places)
    still = blocks.Worlds(
        places, np.zeros((count, 3)), np.zeros(count, bool), np.full(count, -1)
    )
    stands = blocks.upon(still)
    stages = np.zeros((count, num_stages, 2), int)
    for row in range(count):
        pairs = np.argwhere(stands[row])
        pairs = pairs[np.argsort(places[row, pairs[:, 0], 2], kind="stable")]
        if not len(pairs):
            pairs = np.array([[0, 1]])
        for stage in range(num_stages):
            stages[row, stage] = pairs[min(stage, len(pairs) - 1)]
    return stages
