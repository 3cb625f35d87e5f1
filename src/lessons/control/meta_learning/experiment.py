"""Train learners on chains of tasks and let them adapt: `run(config)`."""

import keras
import numpy as np

from lessons.control.meta_learning import (
    data,
    evaluation,
    figures,
    self_play,
)
from lessons.control.meta_learning.agent_settings import Settings
from lessons.control.meta_learning.model import ChainLearner, MetaLearner
from lessons.control.meta_learning.model_agent import Agent
from lessons.control.meta_learning.variants import AGENTS, KINDS, VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running

LOOKS = 20  # numbers of a history of an agent
BOUT_ROWS = 8  # rivals in a step of self-play
_NOT_RANDOM = {"same seed": "Start and rate begin at zero, whatever the seed."}


def build_model(config, variant):
    """The model of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    if variant.kind == "chain":
        return ChainLearner(matrix=variant.matrix)
    if variant.kind != "sinusoid":
        return Agent(agent_settings(config, variant), seed=config.seed)
    return MetaLearner(
        config.units,
        num_steps=config.num_inner if variant.adapts else 0,
        rate=config.inner_rate,
        learned_rates=variant.learned_rates,
        first_order=variant.first_order,
        first=variant.first,
        scale=variant.scale,
        seed=config.seed,
    )


def agent_settings(config, variant):
    """The `Settings` of the agent of a variant."""
    fights, lost = variant.kind == "sumo", variant.kind == "compass"
    return Settings(
        world="hurried" if variant.hurried else variant.kind,
        units=config.policy_units,
        lstm=config.lstm if variant.lstm else 0,
        recurrent=variant.recurrent,
        critic=config.critic,
        inner_steps=config.agent_inner if variant.adapts else 0,
        rate=config.compass_rate if lost else config.agent_rate,
        rate_unit=config.compass_unit if lost else 1.0,
        score=variant.score,
        num_trajectories=config.num_trajectories,
        num_steps=3 * config.num_steps // 2 if fights else config.num_steps,
        gamma=config.gamma_bouts if fights else config.gamma,
        decay=config.decay,
        clip=config.clip,
        passes=config.passes,
        versions=config.bouts_updates // config.pool_every + 1 if fights else 0,
    )


def compiled(config, variant, **options):
    """The model of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant)
    rates = {"sinusoid": config.learning_rate, "chain": config.chain_rate}
    rate = rates.get(variant.kind, config.policy_rate)
    optimizer = keras.optimizers.Adam(rate, clipvalue=config.gradient_limit)
    model.compile(optimizer, **options)
    return model


def train_sinusoids(config, variant):
    """Train a learner of sinusoids; returns a `Trained`."""
    tasks = data.sinusoids(
        config.num_tasks, config.num_shots, np.random.default_rng((config.seed, 11))
    )
    x, y = data.as_examples(tasks)
    return fit(compiled(config, variant), x, config, y=y, description=variant.label)


def train_chain(config, variant, pairs):
    """Train a step on pairs of a drifting target; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        pairs: a `data.Chain`.
    """
    changed = config.replace(epochs=config.chain_epochs, batch_size=1000)
    return fit(
        compiled(config, variant),
        pairs.estimates,
        changed,
        y=pairs.following,
        description=variant.label,
    )


def train_walker(config, variant, start=None):
    """Train an agent to walk; returns a `Trained`.

    It keeps the weights with which it was fastest in training.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        start: an agent whose parameters it begins with, or None.
    """
    agent = compiled(config, variant)
    if start is not None:
        for value, first in zip(agent.theta, start.theta, strict=True):
            value.assign(first)
    updates = num_updates(config, variant)
    rng = np.random.default_rng((config.seed, 21))
    table, rows = data.stretches(variant, rng), config.batch_size
    looks = min(LOOKS, updates)
    chosen = rng.integers(len(table), size=updates // looks * rows)
    changed = config.replace(epochs=looks, batch_size=rows)
    best = {"mode": "max", "patience": looks, "restore_best_weights": True}
    callbacks = [keras.callbacks.EarlyStopping("after", **best)]
    kind = {"description": variant.label, "callbacks": callbacks}
    return fit(agent, table[chosen], changed, **kind)


def num_updates(config, variant):
    """How often an agent's parameters change."""
    if variant.lstm:
        return config.recurrent_updates
    if variant.kind == "compass":
        return config.compass_updates
    if variant.adapts or variant.further:
        return config.meta_updates
    return config.updates


class Remember(keras.callbacks.Callback):
    """After each epoch the agent's parameters join the pool of rivals."""

    def on_epoch_end(self, epoch, logs=None):
        """Keep this version."""
        self.model.remember()


def train_self_play(config, variant):
    """Train an agent against versions of itself; returns a `Trained`."""
    agent = compiled(config, variant)
    rng = np.random.default_rng((config.seed, 22))
    epochs = agent.settings.versions - 1
    # The newest version is a rival as often as all others together.
    chosen = rng.uniform(0, 2, (config.pool_every * BOUT_ROWS, 1, 1))
    return fit(
        agent,
        np.minimum(chosen, 1).astype(np.float32),
        config.replace(epochs=epochs, batch_size=BOUT_ROWS),
        description=variant.label,
        callbacks=[Remember()],
    )


def run(config):
    """Train every variant of a configuration, and let it adapt.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: `VARIANT/NAME` with the numbers of `evaluation.evaluate`,
        `evaluate_chain` and `self_play.evaluate`, `GROUP/VARIANT/NAME` with those of
        `evaluation.evaluate_walker`, and errors of `evaluation.yardsticks`, one word
        each. The main model is the first variant's.
    """
    device = "an agent that draws its own trajectories, or a chain of tasks,"
    with running("meta_learning", config, one_device=device) as report:
        chosen = {name: VARIANTS[name] for name in config.variants}
        compare_sinusoids(report, config, of_kind(chosen, "sinusoid"))
        compare_chains(report, config, of_kind(chosen, "chain"))
        compare_walkers(report, config, of_kind(chosen, "hexapod"))
        compare_walkers(report, config, of_kind(chosen, "compass"))
        compare_versions(report, config, of_kind(chosen, "sumo"))
        report.main(config.variants[0])
        report.figures = figures.all_of(report)
    return report


def of_kind(chosen, kind):
    """The variants of one kind, by name."""
    return {name: variant for name, variant in chosen.items() if variant.kind == kind}


def compare_sinusoids(report, config, chosen):
    """Train and judge learners of sinusoids."""
    for name, variant in chosen.items():
        trained = train_sinusoids(config, variant)
        report.add(name, trained, evaluation.evaluate(trained.model, config))
    if chosen:
        untrained = build_model(config, VARIANTS["maml"])
        report.metrics |= evaluation.yardsticks(config, untrained)


def compare_chains(report, config, chosen):
    """Learn a step on chains of drifting targets, and compare it to its formula."""
    for name, variant in chosen.items():
        law = {"angle": np.radians(variant.angle), "shuffled": variant.shuffled}
        pairs, judge = (
            data.chain(
                config.chain_pairs,
                config.correlation,
                variant.noise,
                np.random.default_rng((config.seed, number)),
                **law,
            )
            for number in (12, 13)
        )
        trained = train_chain(config, variant, pairs)
        report.add(name, trained, evaluation.evaluate_chain(trained.model, judge))


def compare_walkers(report, config, chosen):
    """Train agents to walk, and let them live through chains of tasks.

    A meta-learner that loses legs and its control begin with the parameters of the
    multi-task policy, which is trained for them where it is not compared itself.
    """
    base = None
    for name, variant in chosen.items():
        start = None
        begun = (variant.adapts and not variant.lstm) or variant.further
        if variant.kind == "hexapod" and begun:
            base = base or train_walker(config, VARIANTS["multitask"])
            start = base.model
        trained = train_walker(config, variant, start)
        base = trained if name == "multitask" else base
        report.add(name, trained, evaluation.learned_rates(trained.model))
        groups = evaluation.evaluate_walker(trained.model, config, variant)
        add_groups(report, name, groups)
    if any(variant.kind == "hexapod" for variant in chosen.values()):
        for name, numbers in evaluation.gaits(config).items():
            add_groups(report, name, {"held": numbers})


def add_groups(report, name, groups):
    """Enter numbers as GROUP/NAME/METRIC."""
    report.metrics |= {
        f"{group}/{name}/{key}": float(value)
        for group, numbers in groups.items()
        for key, value in numbers.items()
    }


def compare_versions(report, config, chosen):
    """Train by self-play, and let versions meet."""
    for name, variant in chosen.items():
        trained = train_self_play(config, variant)
        numbers, _ = self_play.evaluate(trained.model, config)
        report.add(name, trained, numbers)


def examples(config):
    """A small compiled model of each class, with random inputs (`Example`s)."""
    rng = np.random.default_rng(0)
    count = 11 if config.preset.startswith("smoke") else 3
    classes = {kind: kind for kind in KINDS} | dict.fromkeys(AGENTS, "agent")
    firsts = {classes[VARIANTS[n].kind]: n for n in reversed(config.variants)}
    for name in config.variants:
        variant = VARIANTS[name]
        if name not in firsts.values():  # an agent's world makes no other class
            continue
        if variant.kind == "sinusoid":
            x, y = data.as_examples(data.sinusoids(count, config.num_shots, rng))
        elif variant.kind == "chain":
            x, y = data.chain(count, 0.8, 0.0, rng)
        elif variant.kind == "sumo":
            x, y = rng.random((count, 1, 1), dtype=np.float32), None
        else:
            table = data.stretches(variant, rng)
            x, y = np.resize(table, (count, *table.shape[1:])), None
        yield Example(
            name=name,
            build=lambda variant=variant, **options: compiled(
                config, variant, **options
            ),
            x=x,
            y=y,
            exceptions=_NOT_RANDOM if variant.kind == "chain" else {},
        )
