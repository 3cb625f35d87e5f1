"""Train and compare OT-GAN and its baselines: `run(config)`."""

import functools

import keras
import numpy as np

from lessons.adversarial.ot_gan import (
    data,
    evaluation,
    figures,
    networks,
    networks_images,
)
from lessons.adversarial.ot_gan.model import OTGAN
from lessons.adversarial.ot_gan.model_clipped import ClippedWGAN
from lessons.adversarial.ot_gan.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.adversarial import GAN, PenalizedWGAN
from lessons.toolkit.callbacks import Watch
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Example, Trained, fit, running

_CURVE_POINTS = 500  # samples of the energy distance after each epoch


def build_networks(config, example_shape, num_classes=0, scalar=False):
    """(generator, critic) of a configuration.

    Args:
        config: a `Config`.
        example_shape: of one example.
        num_classes: classes of the side information, 0 for none.
        scalar: a critic with one output and zero biases, for the dual route.

    Raises:
        UserError: the networks do not fit the images.
    """
    if config.source == "images":
        return networks_images.build(
            config.latent_dim,
            config.generator_units,
            config.critic_units,
            example_shape,
        )
    generator = networks.dense_generator(
        config.latent_dim, config.generator_units, example_shape, num_classes
    )
    critic = networks.dense_critic(
        example_shape,
        config.critic_units,
        1 if scalar else config.feature_dim,
        num_classes=num_classes,
        bias_scale=0.0 if scalar else config.bias_scale,
        scale=0.5 if config.source == "eight_gaussians" else 2.0,
    )
    return generator, critic


def build_model(config, variant, example_shape, num_classes=0):
    """The model of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        example_shape: of one example.
        num_classes: classes of the side information, 0 for none.
    """
    is_dual = variant.loss != "matching"
    nets = build_networks(config, example_shape, num_classes, scalar=is_dual)
    common = {"average_decay": config.average_decay, "seed": config.seed}
    if variant.loss == "gan":
        return GAN(*nets, **common)
    if variant.loss == "wgan_gp":
        return PenalizedWGAN(*nets, penalty=config.penalty, **common)
    if variant.loss == "wgan_clip":
        return ClippedWGAN(*nets, clip=config.clip, **common)
    is_image = config.source == "images"  # codes and mirrors as in the paper
    return OTGAN(
        *nets,
        code_distribution="uniform" if is_image else "normal",
        mirrors=is_image,
        epsilon=config.epsilon,
        num_iterations=config.iterations,
        form=config.form,
        cost=variant.cost,
        matching=variant.matching,
        generator_updates=config.generator_updates,
        **common,
    )


def compiled(config, variant, example_shape, num_classes=0, **options):
    """The model of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, example_shape, num_classes)
    rates = config.learning_rate, config.critic_rate
    if variant.loss != "matching":
        rates = config.baseline_rate, config.baseline_rate
    adam = [keras.optimizers.Adam(rate, config.beta_1, 0.999) for rate in rates]
    model.compile(*adam, **options)
    return model


def epochs_of(config, model):
    """Epochs with the same number of generator updates for every method."""
    cycle = model.critic_updates + model.generator_updates
    fraction = config.generator_updates / (config.generator_updates + 1)
    return max(1, round(config.epochs * fraction * cycle / model.generator_updates))


def train(config, variant, split, frames):
    """Train one variant, freeze its critic, go on.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        split: the `Examples`.
        frames: a list, which takes samples after each epoch, from the same codes.

    Returns:
        A `Trained` of both parts. Its history has the `loss`, and `energy_distance`:
        squared, of those samples to held-out examples.
    """
    targets, labels, num_classes = None, None, 0
    if config.conditional:
        num_classes = int(split.train_labels.max()) + 1
        targets = keras.utils.to_categorical(split.train_labels, num_classes)
        labels = np.eye(num_classes)[split.test_labels[:_CURVE_POINTS]]
    model = compiled(config, variant, split.train.shape[1:], num_classes)
    if config.source == "images":
        networks_images.initialize_from_data(model, split.train[: config.batch_size])
    held_out = split.test[:_CURVE_POINTS]

    def look(model):
        frames.append(model.sample(len(held_out), seed=1, labels=labels))
        return {"energy_distance": evaluation.energy_distance(frames[-1], held_out)}

    def go_on(epochs, text):
        return fit(
            model,
            split.train,
            config.replace(epochs=epochs),
            description=f"{variant.label}, {text}",
            y=targets,
            callbacks=[watch],
        )

    watch = Watch(look)
    trained = go_on(epochs_of(config, model), "training")
    if not config.frozen_epochs:
        return trained
    model.freeze_critic()
    frozen = go_on(config.frozen_epochs, "critic frozen")
    losses = trained.history["loss"] + frozen.history["loss"]
    return Trained(model, {**frozen.history, "loss": losses}, trained.seconds)


def _check(config):
    """Refuse what the dual route cannot do, before anything is trained."""
    dual = [name for name in config.variants if VARIANTS[name].loss != "matching"]
    if dual and (config.conditional or config.source == "images"):
        primal = [name for name, v in VARIANTS.items() if v.loss == "matching"]
        raise UserError(
            "conditional=yes and source=images are for methods that match batches. "
            f"Allowed variants: {', '.join(primal)}; got {dual[0]!r}."
        )
    if config.conditional and config.source == "images":
        raise UserError(
            "the networks of source=images take no class. Allowed: conditional=no."
        )


def run(config):
    """Train every variant of a configuration and judge its samples.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `seconds_per_epoch`; for the moment before its critic was frozen
        `trained/VARIANT/energy_distance`, `trained/VARIANT/quality` and
        `trained/VARIANT/modes`; those of `evaluation.yardsticks`; `parameters`. The
        main model is the first variant's.
    """
    with running("ot_gan", config, one_device="networks that take turns") as report:
        split = data.load(config)
        _check(config)
        frames = {name: [] for name in config.variants}
        for name in config.variants:
            trained = train(config, VARIANTS[name], split, frames[name])
            report.add(name, trained, evaluation.evaluate(trained.model, split, config))
            last = -1 - config.frozen_epochs  # before the critic was frozen
            distances = trained.history["energy_distance"]
            report.metrics[f"trained/{name}/energy_distance"] = distances[last]
            if config.source == "eight_gaussians":
                before = evaluation.mode_metrics(frames[name][last])
                report.metrics |= {f"trained/{name}/{k}": v for k, v in before.items()}
        if config.source == "eight_gaussians":
            report.metrics |= evaluation.yardsticks(split, config.seed)
        report.main(config.variants[0])
        report.figures = figures.all_of(report, split, frames)
    return report


def examples(config):
    """A small compiled model of every variant, with random examples (`Example`s)."""
    shapes = {"eight_gaussians": (2,), "digits": (8, 8, 1), "images": (32, 32, 3)}
    shape, rng = shapes[config.source], np.random.default_rng(0)
    # A power of two: then the weights of a mean add up to exactly one.
    count, labels, num_classes = 8, None, 0
    if config.source == "images":
        count = 4
    if config.conditional:
        num_classes = 10
        labels = np.eye(10, dtype=np.float32)[rng.integers(10, size=count)]
    for name in config.variants:
        variant, exceptions = VARIANTS[name], {}
        if variant.cost == "euclidean":
            exceptions["every weight moves"] = (
                "A fixed cost leaves the critic untrained."
            )
        elif variant.loss in ("wgan_gp", "wgan_clip"):
            exceptions["every weight moves"] = (
                "The dual value does not depend on the critic's last bias."
            )
        yield Example(
            name=name,
            build=functools.partial(compiled, config, variant, shape, num_classes),
            x=rng.random((count, *shape), dtype=np.float32),
            y=labels,
            exceptions=exceptions,
        )
