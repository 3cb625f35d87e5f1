"""How well policies do in worlds and with tasks that they have not seen."""

import numpy as np

from lessons.control.one_shot_imitation import (
    acting,
    blocks,
    data,
    demonstrations,
    tasks,
)

RARE = 0.95  # temporal dropout of the paper, where ensembles are compared
VOTES = 10  # of an ensemble


def test_set(config, names, num_blocks, key=41):
    """Worlds, tasks and demonstrations to judge with.

    Args:
        config: a `Config`.
        names: of tasks.
        num_blocks: in a world.
        key: of the draw.

    Returns:
        (worlds, names, stages, shown): `blocks.Worlds`; a task for each; their stages;
        `Episodes` of the same tasks from other starts.
    """
    rng = np.random.default_rng((config.seed, key, num_blocks))
    chosen = rng.choice(names, config.num_tests)
    stages = tasks.stages_of(chosen)
    shown = demonstrations.episodes(
        blocks.start(len(chosen), num_blocks, rng),
        stages,
        data.length(stages.shape[1]),
        noise=config.demonstration_noise,
        rng=rng,
    )
    return blocks.start(len(chosen), num_blocks, rng), chosen, stages, shown


def horizon(config, stages):
    """Steps that a policy has, slack included."""
    return (blocks.STEPS_PER_STAGE + config.slack) * stages


def evaluate(model, config, variant, names, num_blocks):
    """Numbers of a block policy on tasks of one size.

    Success means that every stage is done at the last step and nothing is held.

    Args:
        model: a `StackingPolicy`.
        config: a `Config`.
        variant: a `Variant`; gives the conditioning.
        names: of tasks, held back from training.
        num_blocks: of the tasks.

    Returns:
        Numbers by name: `success`; `one_tower` and `more_towers`, the same by what was
        to be built, where both occur; `wrong_move`, `recoverable`, `irrecoverable`,
        shares of all episodes that fail in this way (`failures`); `stacked`, share with
        a stack at the end, and `source_right`, `target_right` among them, of tasks of
        one stage; `true` and `shown`, success at the true and at the demonstrated task
        where another one is demonstrated; `reversed`, success where the frames come in
        the opposite order; `current` and its yardsticks (`attention_on_stage`).
    """
    worlds, chosen, stages, shown = test_set(config, names, num_blocks)
    count, num_stages = stages.shape[:2]
    rng = np.random.default_rng((config.seed, 42, num_blocks))
    kept = data.kept_of(config, shown, variant.conditioning, num_stages, rng)
    steps = horizon(config, num_stages)
    watch = variant.conditioning == "full" and num_stages > 1
    acted = acting.stack(model, kept, worlds, stages, steps, watch=watch)
    end = acted.episodes.worlds
    fine = blocks.success(end, stages)
    numbers = {"success": fine.mean(), **failures(end, stages)}
    tower = np.array([max(tasks.shape(name)) == num_stages + 1 for name in chosen])
    if tower.any() and not tower.all():
        numbers["one_tower"] = fine[tower].mean()
        numbers["more_towers"] = fine[~tower].mean()
    if num_stages == 1:
        numbers |= which_pair(end, stages)
    if variant.conditioning != "none":
        half = np.arange(max(count // 2, 1))
        numbers |= other_demonstrations(
            model, config, variant, (worlds.take(half), chosen[half], num_blocks)
        )
    if variant.conditioning == "full":
        backwards = kept._replace(
            positions=_backwards(kept.positions, kept.mask),
            robot=_backwards(kept.robot, kept.mask),
        )
        part = [array[half] for array in backwards]
        turned = acting.stack(
            model, demonstrations.Kept(*part), worlds.take(half), stages[half], steps
        )
        numbers["reversed"] = blocks.success(
            turned.episodes.worlds, stages[half]
        ).mean()
    if watch:
        numbers |= attention_on_stage(acted, kept, shown, num_stages)
    return {name: float(value) for name, value in numbers.items()}


def _backwards(values, mask):
    """The frames that are present in the opposite order."""
    length = mask.sum(axis=1).astype(int)[:, None]
    places = np.arange(mask.shape[1])[None]
    order = np.where(places < length, length - 1 - places, places)
    return values[np.arange(len(values))[:, None], order]


def other_demonstrations(model, config, variant, test):
    """Success at the true and at the shown task, where these differ.

    Args:
        model: a `StackingPolicy`.
        config: a `Config`.
        variant: a `Variant`.
        test: (worlds, names of the true tasks, number of blocks).
    """
    worlds, chosen, num_blocks = test
    true = tasks.stages_of(chosen)
    num_stages = true.shape[1]
    rng = np.random.default_rng((config.seed, 43, num_blocks))
    every = sum(data.task_split(config, num_stages, num_blocks), ())
    others = [tasks.another(name, every, rng) for name in chosen]
    stages = tasks.stages_of(others)
    shown = demonstrations.episodes(
        blocks.start(len(others), num_blocks, rng),
        stages,
        data.length(num_stages),
        noise=config.demonstration_noise,
        rng=rng,
    )
    kept = data.kept_of(config, shown, variant.conditioning, num_stages, rng)
    steps = horizon(config, num_stages)
    end = acting.stack(model, kept, worlds, stages, steps).episodes.worlds
    return {
        "true": blocks.success(end, true).mean(),
        "shown": blocks.success(end, stages).mean(),
    }


def failures(end, stages):
    """Shares of all episodes that fail, by how.

    Args:
        end: `blocks.Worlds` after the last step.
        stages: of the tasks.

    Returns:
        `wrong_move`: some block stands on one that the task does not put it on;
        `recoverable`: else, the scripted expert could still do the task from here;
        `irrecoverable`: else.
    """
    bad = ~blocks.success(end, stages)
    stands = blocks.upon(end)
    asked = np.zeros_like(stands)
    rows = np.arange(len(stages))[:, None]
    asked[rows, stages[:, :, 0], stages[:, :, 1]] = True
    wrong = bad & (stands & ~asked).any(axis=(1, 2))
    rest = bad & ~wrong
    could = np.zeros(len(bad), bool)
    if rest.any():
        where = np.flatnonzero(rest)
        could[where] = acting.finish(end.take(where), stages[where])
    return {
        "wrong_move": wrong.mean(),
        "recoverable": (rest & could).mean(),
        "irrecoverable": (rest & ~could).mean(),
    }


def which_pair(end, stages):
    """Of episodes that end with a stack: are the upper and the lower block right?

    Args:
        end: `blocks.Worlds`.
        stages: of tasks of one stage, (worlds, 1, 2).
    """
    stands = blocks.upon(end)
    some = stands.any(axis=(1, 2))
    above = stands.any(axis=2).argmax(axis=1)
    below = stands.any(axis=1).argmax(axis=1)
    right = [above == stages[:, 0, 0], below == stages[:, 0, 1]]
    source, target = (r[some].mean() if some.any() else 0.0 for r in right)
    return {"stacked": some.mean(), "source_right": source, "target_right": target}


def attention_on_stage(acted, kept, shown, num_stages):
    """Share of the weights over frames that lies on the stage that the policy is in.

    A frame belongs to the stage that is under way in the demonstration there, or to the
    last one where all is done; a step of the policy to the stage under way in its
    world. Steps after the last stage are left out.

    Args:
        acted: `acting.Acted` with weights.
        kept: `demonstrations.Kept`.
        shown: `Episodes`, what was kept of.
        num_stages: of the tasks.

    Returns:
        `current`; `uniform`, the same for equal weights; `clock`, for all weight on the
        frame that is as far through the demonstration as the policy is through its
        steps; `finished` and `finished_uniform`, weights of frames in which all stages
        are done.
    """
    rows = np.arange(len(kept.frames))[:, None]
    stage = np.minimum(shown.done[rows, kept.frames], num_stages - 1)
    now = acted.episodes.done
    busy = now < num_stages
    same = (stage[:, None] == now[:, :, None]) * kept.mask[:, None]
    current = (acted.temporal * same).sum(axis=2)
    uniform = same.sum(axis=2) / kept.mask.sum(axis=1)[:, None]
    through = np.arange(now.shape[1]) / now.shape[1] * shown.done.shape[1]
    gap = np.abs(kept.frames[:, None] - through[None, :, None])
    gap = np.where(kept.mask[:, None] > 0, gap, np.inf)
    clock = np.take_along_axis(same, gap.argmin(axis=2)[..., None], axis=2)[..., 0]
    found = {"current": current, "uniform": uniform, "clock": clock}
    last = (shown.done[rows, kept.frames] == num_stages) * kept.mask
    found["finished"] = (acted.temporal * last[:, None]).sum(axis=2)
    share = last.sum(axis=1) / kept.mask.sum(axis=1)
    found["finished_uniform"] = np.broadcast_to(share[:, None], now.shape)
    return {name: values[busy].mean() for name, values in found.items()}


def attention_of(model, config, stages, num_blocks, count):
    """`attention_on_stage` of a policy that watches the expert, untrained or not.

    Args:
        model: a `StackingPolicy`.
        config: a `Config`.
        stages, num_blocks: of the tasks.
        count: of worlds.
    """
    _, names = data.task_split(config, stages, num_blocks)
    test = test_set(config.replace(num_tests=count), names, num_blocks)
    worlds, _, asked, shown = test
    rng = np.random.default_rng((config.seed, 47))
    kept = data.kept_of(config, shown, "full", stages, rng)
    steps = data.length(stages)
    acted = acting.stack(
        model, kept, worlds, asked, steps, watch=True, beta=1.0, rng=rng
    )
    return attention_on_stage(acted, kept, shown, stages)


def ensembles(model, config, names, num_blocks):
    """Success with the paper's rare frames: one draw, several, the same several times.

    Args:
        model: a `StackingPolicy` that was trained with full demonstrations.
        config: a `Config`.
        names: of tasks.
        num_blocks: of the tasks.

    Returns:
        `rare_one`, `rare_ten` and `rare_same`.
    """
    worlds, _, stages, shown = test_set(config, names, num_blocks, key=44)
    half = np.arange(max(len(stages) // 2, 1))
    worlds, stages = worlds.take(half), stages[half]
    shown = demonstrations.Episodes(*(part[half] for part in shown[:4]), None)
    rng = np.random.default_rng((config.seed, 45))
    num_stages = stages.shape[1]
    draws = [
        data.kept_of(config, shown, "full", num_stages, rng, p=RARE)
        for _ in range(VOTES)
    ]
    # One world's draws stand below each other.
    several = demonstrations.Kept(
        *(
            np.stack(parts, axis=1).reshape(-1, *parts[0].shape[1:])
            for parts in zip(*draws, strict=True)
        )
    )
    same = demonstrations.Kept(*(np.repeat(part, VOTES, axis=0) for part in draws[0]))
    steps = horizon(config, num_stages)
    found = {}
    for name, kept, votes in (
        ("rare_one", draws[0], 1),
        ("rare_ten", several, VOTES),
        ("rare_same", same, VOTES),
    ):
        acted = acting.stack(model, kept, worlds, stages, steps, ensemble=votes)
        found[name] = float(blocks.success(acted.episodes.worlds, stages).mean())
    return found
