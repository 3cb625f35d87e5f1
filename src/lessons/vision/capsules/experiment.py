"""Train capsule networks and their baselines: `run(config)`."""

import time

import keras
import numpy as np

from lessons.toolkit import results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report, fit
from lessons.vision.capsules import evaluation, figures
from lessons.vision.capsules.config import PRESETS
from lessons.vision.capsules.data import make_data
from lessons.vision.capsules.model import CapsNet
from lessons.vision.capsules.model_cnn import ConvNet


def build_model(config, name, image_shape, max_shift=0, exclusive=False):
    """The network of a name such as "r3", "r1_plain" or "cnn", not compiled.

    Args:
        config: a `Config`.
        name: one of `config.MODELS`.
        image_shape: (height, width, 1).
        max_shift: how far digits move at training.
        exclusive: whether a scene holds exactly one digit.
    """
    common = {"max_shift": max_shift, "seed": config.seed}
    if name == "cnn":
        # The paper's has a softmax where there is one digit; the small one never.
        exclusive = exclusive and config.cnn == "mnist"
        return ConvNet(image_shape, network=config.cnn, exclusive=exclusive, **common)
    iterations, _, plain = name.removeprefix("r").partition("_")
    routing = {
        "iterations": int(iterations),
        "weight_scale": config.weight_scale,
        "detach": config.detach,
        "use_bias": config.use_bias,
        "learn_priors": config.learn_priors,
        "orphan": config.orphan,
        "jit_routing": config.jit_routing,
    }
    return CapsNet(
        image_shape,
        filters=config.filters,
        kernel_size=config.kernel_size,
        primary_types=config.primary_types,
        primary_dim=config.primary_dim,
        primary_kernel=config.primary_kernel,
        primary_stride=config.primary_stride,
        class_dim=config.class_dim,
        decoder_units=config.decoder_units,
        reconstruction_weight=0 if plain else config.reconstruction_weight,
        official_init=config.official_init,
        routing=routing,
        **common,
    )


def make_optimizer(config, name, num_examples):
    """Adam with a rate that decays smoothly, and never below 1e-6."""
    rate = config.cnn_learning_rate if name == "cnn" else config.learning_rate
    steps_per_epoch = -(-num_examples // config.batch_size)
    steps = max(1, round(config.decay_epochs * steps_per_epoch))
    schedule = keras.optimizers.schedules.ExponentialDecay(rate, steps, config.decay)
    return keras.optimizers.Adam(schedule)


def train(config, name, task, description):
    """Train one network on one `Task`: (model, history, seconds of an epoch)."""
    runtime.seed_everything(config.seed)
    exclusive = task.labels.shape[1] == 1
    model = build_model(config, name, task.image_shape, task.max_shift, exclusive)
    model.compile(
        make_optimizer(config, name, len(task.scenes)),
        steps_per_execution=runtime.steps_per_execution(config),
    )
    _, history, seconds = fit(
        model, task.scenes, config, y=task.labels, description=description
    )
    return model, history, seconds


def judge(model, task):
    """Accuracies on the tests of a task, and whether the decoder separates digits.

    Returns:
        Dictionary of floats in percent: `percent` on the main test, `NAME_percent` on
        the others, and `separated_percent` for pairs and networks with a decoder.
    """
    scores = {}
    for name, (scenes, labels) in task.tests.items():
        key = "percent" if name == "test" else f"{name}_percent"
        scores[key] = 100 * evaluation.accuracy(model, scenes, labels)
    if task.labels.shape[1] == 2 and getattr(model, "decoder", None) is not None:
        share = evaluation.separated(model, *task.tests["test"])
        scores["separated_percent"] = 100 * share
    return scores


def run(config):
    """Train every network on every task and judge it on held-out scenes.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each task and network those of `judge` and
        `seconds_per_epoch`, as `TASK/NETWORK/NAME`; the trained `parameters` of each
        network. The main model is the first network on the first task; the others are
        called `TASK_NETWORK`.
    """
    start = time.perf_counter()
    for field in ("tasks", "models"):
        if not getattr(config, field):
            raise UserError(f"{field} must name at least one, got none.")
    metrics, history, models = {}, {}, {}
    with runtime.session(config):
        tasks = make_data(config)
        for task_name, task in tasks.items():
            for name in config.models:
                about = f"{task_name}, {name}"
                model, curves, seconds = train(config, name, task, about)
                scores = judge(model, task) | {"seconds_per_epoch": seconds}
                prefix = f"{task_name}/{name}"
                metrics |= {f"{prefix}/{key}": v for key, v in scores.items()}
                history |= {f"{prefix}/{key}": v for key, v in curves.items()}
                models[f"{task_name}_{name}"] = model
                metrics[f"{name}/parameters"] = float(num_trained(model))
        pictures = figures.all_of(models, tasks, metrics)
    first = next(iter(models))
    return Report(
        slug="capsules",
        config=config,
        metrics=metrics,
        history=history,
        figures=pictures,
        environment=runtime.environment(),
        seconds=time.perf_counter() - start,
        models={"model": models.pop(first), **models},
    )


def num_trained(model):
    """How many numbers training changes."""
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


def recorded(preset):
    """The metrics of the recorded runs of a preset, one dictionary per seed."""
    found = results.metrics_by_seed(__file__, PRESETS[preset])
    return [metrics for _, metrics in found]
