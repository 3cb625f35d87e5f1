"""Play the counter-examples and train the networks of the paper: `run(config)`."""

import time

import keras
import numpy as np
from scipy import special

from lessons.foundations.amsgrad import (
    data,
    figures,
    games,
    model,
    optimizers,
    problems,
    theory,
)
from lessons.foundations.amsgrad.config import PRESETS
from lessons.toolkit import results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report, fit


def build_model(config, image_shape, num_classes=10):
    """The network a configuration describes, not compiled."""
    sizes = {}
    if config.family == "one_hidden_layer":
        sizes["units"] = config.hidden_units
    if config.family == "cifarnet":
        sizes["filters"] = config.filters
    return model.build(config.family, image_shape, num_classes, **sizes)


def make_optimizer(config, method):
    """The optimizer of a method, with the configuration's rate and schedule."""
    rate = config.learning_rate
    if config.schedule == "sqrt":
        rate = optimizers.InverseSquareRoot(rate)
    return optimizers.Adaptive(
        rate,
        method,
        config.beta_1,
        config.beta_2,
        decay=config.decay,
        bias_correction=config.bias_correction,
        epsilon=config.epsilon,
    )


def train(config, method, split):
    """Train one network with one method: (model, history, seconds of an epoch)."""
    runtime.seed_everything(config.seed)  # every method starts from the same weights
    network = build_model(config, split.train_images.shape[1:], len(split.class_names))
    network.compile(
        make_optimizer(config, method),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        steps_per_execution=runtime.steps_per_execution(config),
    )
    _, history, seconds = fit(
        network,
        split.train_images,
        config,
        y=split.train_labels,
        description=f"{config.family.replace('_', ' ')}, {method}",
    )
    return network, history, seconds


def evaluate(network, images, labels):
    """Mean loss in nats and share of right answers, apart from the training loss.

    Args:
        network: ends in logits.
        images: shape (n, height, width, channels).
        labels: shape (n,).

    Returns:
        (loss, accuracy).
    """
    parts = [network(images[i : i + 500]) for i in range(0, len(images), 500)]
    logits = np.concatenate(parts).astype(np.float64)
    right = special.log_softmax(logits, axis=1)[np.arange(len(labels)), labels]
    return float(-right.mean()), float(np.mean(logits.argmax(axis=1) == labels))


def play_games(config):
    """Both counter-examples with all methods of the configuration.

    Returns:
        (metrics, ends): floats by name, and the final points of the stochastic games
        by method, shape (num_replicates,).
    """
    metrics, ends = {}, {}
    spiked = problems.periodic(config.game_steps, 1010, -10, 101)
    drawn = problems.stochastic(
        config.draw_steps, config.num_replicates, seed=config.seed
    )
    for method in config.methods:
        path = games.play(spiked, method, beta_1=0.9, beta_2=0.99)
        average = theory.average_regret(path.points, path.gradients)[-1]
        metrics[f"periodic/{method}/average_regret"] = float(average)
        metrics[f"periodic/{method}/last"] = float(path.last)
        path = games.play(drawn, method, beta_1=0.0, beta_2=0.1)
        average = theory.average_regret(path.points, path.gradients)[-1]
        metrics[f"stochastic/{method}/average_regret"] = float(average.mean())
        metrics[f"stochastic/{method}/mean"] = float(path.last.mean())
        metrics[f"stochastic/{method}/least"] = float(path.last.min())
        metrics[f"stochastic/{method}/greatest"] = float(path.last.max())
        ends[method] = path.last
    return metrics, ends


def run(config):
    """Play the games, train every method, judge the networks on held-out images.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: those of `play_games`; for each method `train_loss`,
        `test_loss` (nats), `train_accuracy`, `test_accuracy` and `seconds_per_epoch`,
        prefixed with its name; the number of `parameters`. The main model is the first
        method's.
    """
    start = time.perf_counter()
    if not config.methods:
        raise UserError("methods must name at least one method, got none.")
    with runtime.session(config):
        split = data.load(config)
        metrics, ends = play_games(config)
        history, models = {}, {}
        for method in config.methods:
            network, curves, seconds = train(config, method, split)
            for part in ("train", "test"):
                images = getattr(split, f"{part}_images")
                labels = getattr(split, f"{part}_labels")
                loss, accuracy = evaluate(network, images, labels)
                metrics[f"{method}/{part}_loss"] = loss
                metrics[f"{method}/{part}_accuracy"] = accuracy
            metrics[f"{method}/seconds_per_epoch"] = seconds
            history |= {f"{method}/{name}": v for name, v in curves.items()}
            models[method] = network
        main = models.pop(config.methods[0])
        metrics["parameters"] = float(main.count_params())
        pictures = {
            "loss": figures.loss_curves(history),
            "ends": figures.final_points(ends),
        }
    return Report(
        slug="amsgrad",
        config=config,
        metrics=metrics,
        history=history,
        figures=pictures,
        environment=runtime.environment(),
        seconds=time.perf_counter() - start,
        models={"model": main, **models},
    )


def recorded(preset="laptop", **settings):
    """Metrics of the recorded runs of a preset, with some settings changed.

    Args:
        preset: name of the preset.
        **settings: the values of the fields that may differ from the preset's.

    Returns:
        List of metrics, one per seed.
    """
    config = PRESETS[preset].replace(**settings)
    return [metrics for _, metrics in results.metrics_by_seed(__file__, config)]
