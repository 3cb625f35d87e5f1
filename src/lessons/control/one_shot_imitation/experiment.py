"""Train policies on pairs of demonstrations, and judge them: `run(config)`."""

import keras
import numpy as np

from lessons.control.one_shot_imitation import (
    baselines,
    blocks,
    dagger,
    data,
    demonstrations,
    evaluation,
    evaluation_reach,
    figures,
    tasks,
)
from lessons.control.one_shot_imitation.model import StackingPolicy
from lessons.control.one_shot_imitation.model_reach import ReachPolicy
from lessons.control.one_shot_imitation.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.callbacks import Watch
from lessons.toolkit.experiment import Example, fit, running

WORDS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}


def build_model(config, variant):
    """The policy of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    if variant.kind == "reach":
        return ReachPolicy(
            config.landmarks,
            kind=variant.reader,
            units=config.reach_units or variant.units,
            hidden=config.reach_hidden,
            seed=config.seed,
        )
    return StackingPolicy(
        units=config.units,
        dilations=config.dilations,
        steps=config.context_steps,
        heads=config.heads,
        start=config.start,
        hidden=config.hidden,
        seed=config.seed,
    )


def compiled(config, variant, steps=1, **options):
    """The policy of a variant, ready for `fit`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        steps: of the training; the rate of block policies falls to 0 over them.
        **options: for `compile`.
    """
    model = build_model(config, variant)
    model.build(model.input_shapes)
    rate = config.reach_rate or variant.rate
    if variant.kind != "reach":
        rate = keras.optimizers.schedules.CosineDecay(
            config.learning_rate, max(steps, 2)
        )
    model.compile(keras.optimizers.Adamax(rate), **{"jit_compile": False, **options})
    return model


def train_reach(config, variant):
    """Train a policy for particles; judged at `config.looks`. Returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant` of kind "reach".
    """
    runtime.seed_everything(config.seed)
    pairs = data.load(config)
    model = compiled(config, variant)
    looks = Watch(
        lambda model: evaluation_reach.evaluate_reach(model, config, controls=False),
        every=int(np.gcd.reduce(config.looks)),
    )
    return fit(
        model,
        [pairs.shown, pairs.states],
        config.replace(batch_size=config.reach_batch),
        y=pairs.actions,
        description=variant.label,
        callbacks=[looks],
    )


def train(config, variant, after_stage=None):
    """Train a policy for blocks, with one number of stages after the other.

    Adamax begins anew for each; the weights stay. Without a demonstration there is only
    the first.

    Args:
        config: a `Config`.
        variant: a `Variant` of kind "stack".
        after_stage: called with the model, and stages and blocks of the tasks that it
            was trained on last.

    Returns:
        A `Trained` of the last of these trainings.
    """
    runtime.seed_everything(config.seed)
    trained = None
    plan = list(zip(config.stages, config.blocks, config.stack_epochs, strict=True))
    if variant.conditioning == "none":
        plan = plan[:1]
    for stages, num_blocks, epochs in plan:
        names, _ = data.task_split(config, stages, num_blocks)
        rng = np.random.default_rng((config.seed, 21, num_blocks))
        noise = config.noise if variant.noise else 0.0
        pairs = data.draw_pairs(config, names, num_blocks, config.pairs, noise, rng)
        x, y = data.examples_of(config, pairs, variant.conditioning, config.pairs, rng)
        steps = epochs * -(-config.pairs // config.batch_size)
        model = compiled(config, variant, steps)
        if trained is not None:
            model.set_weights(trained.model.get_weights())
        trained = fit(
            model,
            x,
            config.replace(epochs=epochs),
            y=y,
            description=f"{variant.label}, {num_blocks} blocks",
        )
        if after_stage is not None:
            after_stage(model, stages, num_blocks)
    return trained


def train_clone(config, variant, teacher=None):
    """Train a policy for blocks from few pairs of demonstrations.

    All clones make the same number of steps, on examples drawn from their pairs.

    Args:
        config: a `Config`; its first number of stages is taken.
        variant: a `Variant` of kind "clone".
        teacher: the clone of the pairs alone, whose states DAGGER visits.
    """
    runtime.seed_everything(config.seed)
    pairs = dagger.pairs_of_clone(config, variant, teacher)
    rng = np.random.default_rng((config.seed, 24))
    x, y = data.examples_of(config, pairs, "full", config.pairs, rng)
    steps = config.clone_epochs * -(-config.pairs // config.batch_size)
    model = compiled(config, variant, steps)
    settings = config.replace(epochs=config.clone_epochs)
    return fit(model, x, settings, y=y, description=variant.label)


def run(config):
    """Train and judge every variant.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: `VARIANT/NAME` of particles (`evaluation_reach`), with
        `success_N` after N steps; `STAGES/VARIANT/NAME` of blocks (`evaluation`), where
        STAGES is a number in words; yardsticks are called `expert`. The main model is
        the first.
    """
    with running("one_shot_imitation", config) as report:
        kinds = {VARIANTS[name].kind for name in config.variants}
        if "reach" in kinds:
            add_reach(report, config)
        if kinds - {"reach"}:
            for stages, num_blocks in zip(config.stages, config.blocks, strict=True):
                _, names = data.task_split(config, stages, num_blocks)
                found = baselines.yardsticks(config, names, num_blocks)
                group = f"{WORDS.get(stages, stages)}/expert"
                report.metrics |= {f"{group}/{k}": v for k, v in found.items()}
        for name in config.variants:
            if VARIANTS[name].kind == "stack":
                add_stack(report, config, name)
        if "clone" in kinds:
            add_clones(report, config)
        report.figures = figures.all_of(report)
    return report


def add_reach(report, config):
    """Train and judge the policies for particles."""
    found = evaluation_reach.reach_yardsticks(config)
    report.metrics |= {f"expert/{key}": value for key, value in found.items()}
    steps = -(-config.reach_pairs // config.reach_batch)
    every = int(np.gcd.reduce(config.looks))
    for name in config.variants:
        variant = VARIANTS[name]
        if variant.kind != "reach":
            continue
        trained = train_reach(config, variant)
        scores = evaluation_reach.evaluate_reach(trained.model, config)
        for look in config.looks:
            if look <= config.epochs:
                success = trained.history["success"][look // every - 1]
                scores[f"success_{look * steps}"] = success
        scores["parameters"] = runtime.num_parameters(trained.model)
        report.add(name, trained, scores)


def add_stack(report, config, name):
    """Train and judge a policy for blocks, after each number of stages."""
    variant = VARIANTS[name]

    def judge(model, stages, num_blocks):
        _, names = data.task_split(config, stages, num_blocks)
        scores = evaluation.evaluate(model, config, variant, names, num_blocks)
        if variant.conditioning == "full" and stages == 1:
            scores |= evaluation.ensembles(model, config, names, num_blocks)
        group = f"{WORDS.get(stages, stages)}/{name}"
        report.metrics |= {f"{group}/{key}": value for key, value in scores.items()}

    trained = train(config, variant, judge)
    report.add(name, trained, {})


def add_clones(report, config):
    """Train and judge clones; DAGGER visits the states of the clone without extras."""
    stages, num_blocks = config.stages[0], config.blocks[0]
    _, names = data.task_split(config, stages, num_blocks)
    chosen = [name for name in config.variants if VARIANTS[name].kind == "clone"]
    teacher = None
    if any(VARIANTS[name].extra == "dagger" for name in chosen):
        teacher = train_clone(config, VARIANTS["clone_clean"])
    for name in chosen:
        variant = VARIANTS[name]
        if name == "clone_clean" and teacher is not None:
            trained = teacher
        else:
            trained = train_clone(config, variant, teacher and teacher.model)
        worlds, _, true, shown = evaluation.test_set(config, names, num_blocks)
        rng = np.random.default_rng((config.seed, 61))
        kept = data.kept_of(config, shown, "full", stages, rng)
        steps = evaluation.horizon(config, stages)
        acted = evaluation.acting.stack(trained.model, kept, worlds, true, steps)
        end = acted.episodes.worlds
        scores = {"success": blocks.success(end, true).mean()}
        report.add(name, trained, scores | evaluation.failures(end, true))


def examples(config):
    """Small compiled policies: one for blocks, and those for particles."""
    rng = np.random.default_rng(0)
    count = 11 if config.preset.startswith("smoke") else 2
    names = dict.fromkeys(config.variants)
    if config.preset.startswith("smoke"):
        names = dict.fromkeys((*names, "reach_plain", "reach_final"))
    kinds = set()
    for name in names:
        variant = VARIANTS[name]
        if variant.kind != "reach" and "blocks" in kinds:
            continue
        kinds.add("blocks" if variant.kind != "reach" else name)
        yield Example(
            name=name,
            build=lambda variant=variant, **options: compiled(
                config, variant, **options
            ),
            **_inputs(config, variant, count, rng),
        )


def _inputs(config, variant, count, rng):
    """Random inputs and targets in the shape of the configuration's data."""
    if variant.kind == "reach":
        width = 2 + 2 * config.landmarks
        frames = rng.normal(size=(count, config.reach_frames, width))
        states = rng.normal(size=(count, config.states, width))
        x = [frames.astype(np.float32), states.astype(np.float32)]
        return {"x": x, "y": rng.normal(size=(count, config.states, 2)).astype("f4")}
    num_blocks, stages = config.blocks[-1], config.stages[-1]
    worlds = blocks.start(2 * count, num_blocks, rng)
    asked = tasks.stages_of(data.task_split(config, stages, num_blocks)[0])
    asked = asked[rng.integers(len(asked), size=2 * count)]
    found = demonstrations.episodes(worlds, asked, data.length(stages))
    pairs = [
        demonstrations.Episodes(*(part[rows] for part in found[:4]), None)
        for rows in (slice(count), slice(count, None))
    ]
    kept = data.kept_of(config, pairs[0], "full", stages, rng)
    x, y = demonstrations.example_arrays(kept, pairs[1], config.states, rng)
    return {"x": x, "y": y}
