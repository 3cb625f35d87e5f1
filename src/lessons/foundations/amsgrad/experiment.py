"""Play the counter-examples and train the networks of the paper: `run(config)`."""

import functools

import keras
import numpy as np

from lessons.foundations.amsgrad import (
    data,
    evaluation,
    figures,
    games,
    model,
    optimizers,
    problems,
    theory,
)
from lessons.foundations.amsgrad.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running


def build_model(config, image_shape, num_classes=10):
    """The network of a configuration, not compiled; the same for every variant.

    Args:
        config: a `Config`.
        image_shape: (height, width, channels).
        num_classes: number of logits.
    """
    sizes = {}
    if config.family == "one_hidden_layer":
        sizes["units"] = config.hidden_units
    if config.family == "cifarnet":
        sizes["filters"] = config.filters
    return model.build(config.family, image_shape, num_classes, **sizes)


def make_optimizer(config, name):
    """The optimizer of a variant, with the configuration's rate and schedule.

    Args:
        config: a `Config`.
        name: key of `VARIANTS`.
    """
    rate = config.learning_rate
    if config.schedule == "sqrt":
        rate = optimizers.InverseSquareRoot(rate)
    return optimizers.Adaptive(
        rate,
        name,
        config.beta_1,
        config.beta_2,
        decay=config.decay,
        bias_correction=config.bias_correction,
        epsilon=config.epsilon,
    )


def compiled(config, name, image_shape, num_classes=10, **options):
    """The network with a variant's optimizer; options go to `compile`.

    Every variant starts from the same weights.
    """
    runtime.seed_everything(config.seed)
    network = build_model(config, image_shape, num_classes)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(make_optimizer(config, name), loss, **options)
    return network


def train(config, name, split):
    """Train one network with one variant; returns a `Trained`.

    Args:
        config: a `Config`.
        name: key of `VARIANTS`.
        split: a `lessons.toolkit.data.Split`.
    """
    shape, num_classes = split.train_images.shape[1:], len(split.class_names)
    return fit(
        compiled(config, name, shape, num_classes),
        split.train_images,
        config,
        y=split.train_labels,
        description=f"{config.family.replace('_', ' ')}, {VARIANTS[name].label}",
    )


def play_games(config):
    """Both counter-examples, played by all variants of the configuration.

    Args:
        config: a `Config`.

    Returns:
        (metrics, ends): floats by name, and the final points of the stochastic games
        by variant, shape (num_replicates,).
    """
    metrics, ends = {}, {}
    spiked = problems.periodic(config.game_steps, 1010, -10, 101)
    drawn = problems.stochastic(
        config.draw_steps, config.num_replicates, seed=config.seed
    )
    for name in config.variants:
        path = games.play(spiked, name, beta_1=0.9, beta_2=0.99)
        average = theory.average_regret(path.points, path.gradients)[-1]
        metrics[f"periodic/{name}/average_regret"] = float(average)
        metrics[f"periodic/{name}/last"] = float(path.last)
        path = games.play(drawn, name, beta_1=0.0, beta_2=0.1)
        average = theory.average_regret(path.points, path.gradients)[-1]
        metrics[f"stochastic/{name}/average_regret"] = float(average.mean())
        metrics[f"stochastic/{name}/mean"] = float(path.last.mean())
        metrics[f"stochastic/{name}/least"] = float(path.last.min())
        metrics[f"stochastic/{name}/greatest"] = float(path.last.max())
        ends[name] = path.last
    return metrics, ends


def run(config):
    """Play the games, train with every variant, judge the networks on both parts.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: those of `play_games`; for each variant those of
        `evaluation.evaluate` and `seconds_per_epoch`; `parameters`. The main model is
        the first variant's.
    """
    with running("amsgrad", config) as report:
        split = data.load(config)
        metrics, ends = play_games(config)
        report.metrics |= metrics
        for name in config.variants:
            trained = train(config, name, split)
            report.add(name, trained, evaluation.evaluate(trained.model, split))
        report.main(config.variants[0])
        report.figures = figures.all_of(report, ends)
    return report


def examples(config):
    """A small compiled network of every variant, with random images (`Example`s)."""
    shape, rng = data.image_shape(config.source), np.random.default_rng(0)
    images = rng.random((11, *shape), dtype=np.float32)
    labels = rng.integers(0, 10, 11)
    for name in config.variants:
        yield Example(
            name=name,
            build=functools.partial(compiled, config, name, shape),
            x=images,
            y=labels,
        )
