"""Train capsule networks and their baseline: `run(config)`."""

import functools

import keras

from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running
from lessons.vision.capsules import data, evaluation, figures
from lessons.vision.capsules.model import CapsNet, check_size
from lessons.vision.capsules.model_cnn import SceneConvNet
from lessons.vision.capsules.variants import chosen


def build_model(config, variant, image_shape, max_shift=0, exclusive=False):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`, as from `variants.chosen`.
        image_shape: (height, width, 1).
        max_shift: how far digits move at training.
        exclusive: whether a scene holds exactly one digit.

    Raises:
        UserError: the kernels do not fit into the image.
    """
    common = {"max_shift": max_shift, "seed": config.seed}
    if not variant.routing:
        # The paper's has a softmax where there is one digit; the small one never.
        exclusive = exclusive and config.cnn == "mnist"
        return SceneConvNet(
            image_shape, network=config.cnn, exclusive=exclusive, **common
        )
    routing = {
        "iterations": variant.iterations,
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
        reconstruction_weight=config.reconstruction_weight if variant.decoder else 0,
        official_init=config.official_init,
        routing=routing,
        **common,
    )


def make_optimizer(config, variant, num_examples):
    """Adam with a rate that decays smoothly."""
    rate = config.learning_rate if variant.routing else config.cnn_learning_rate
    steps_per_epoch = -(-num_examples // config.batch_size)
    steps = max(1, round(config.decay_epochs * steps_per_epoch))
    schedule = keras.optimizers.schedules.ExponentialDecay(rate, steps, config.decay)
    return keras.optimizers.Adam(schedule)


def compiled(config, variant, task, **options):
    """The network of a variant, ready to fit a `Task`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    exclusive = task.labels.shape[1] == 1
    model = build_model(config, variant, task.image_shape, task.max_shift, exclusive)
    model.compile(make_optimizer(config, variant, len(task.scenes)), **options)
    return model


def train(config, variant, task):
    """Train one network on one `Task`; returns a `Trained`."""
    model = compiled(config, variant, task)
    about = f"{task.name}, {variant.label}"
    return fit(model, task.scenes, config, y=task.labels, description=about)


def run(config):
    """Train every network on every task and judge it on held-out scenes.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each task and network those of `evaluation.evaluate`
        and `seconds_per_epoch`, as TASK/NETWORK/METRIC; the trained `parameters` of
        each network. The main model is the first network on the first task.
    """
    lists = ("tasks", "variants", "iterations")
    with running("capsules", config, lists=lists) as report:
        networks, tasks = chosen(config), data.load(config)
        if any(variant.routing for variant in networks.values()):
            shape = (config.canvas, config.canvas, 1)
            check_size(shape, config.kernel_size, config.primary_kernel)
        for task in tasks.values():
            for name, variant in networks.items():
                trained = train(config, variant, task)
                scores = evaluation.evaluate(trained.model, task)
                report.add(f"{task.name}/{name}", trained, scores)
                count = runtime.num_parameters(trained.model)
                report.metrics[f"{name}/parameters"] = float(count)
        report.figures = figures.all_of(report, tasks)
    return report


def examples(config):
    """A small compiled network of every kind, on scenes of noise (`Example`s)."""
    config = config.replace(iterations=config.iterations[:1])
    task = data.noise(config, 3 if config.jit_routing else 11)
    for name, variant in chosen(config).items():
        yield Example(
            name=name,
            build=functools.partial(compiled, config, variant, task),
            x=task.scenes,
            y=task.labels,
        )
