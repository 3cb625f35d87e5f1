"""Train and compare OT-GAN and its rivals: `run(config)`."""

import time

import keras
import numpy as np

from lessons.adversarial.ot_gan import data, evaluation, figures, networks
from lessons.adversarial.ot_gan.config import PRESETS
from lessons.adversarial.ot_gan.model import OTGAN
from lessons.adversarial.ot_gan.model_dual import GAN, ClippedWGAN, PenalizedWGAN
from lessons.toolkit import results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report, fit

_RIVALS = {"gan": GAN, "wgan_gp": PenalizedWGAN, "wgan_clip": ClippedWGAN}
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
        from lessons.adversarial.ot_gan import networks_images

        if scalar or num_classes:
            raise UserError(
                "source=images has networks for variants=ot_gan without classes only, "
                f"got variants={config.variants!r}, conditional={config.conditional}."
            )
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
    """The compiled model of one variant."""
    is_rival = variant in _RIVALS
    if is_rival and num_classes:
        raise UserError(
            "conditional=yes is algorithm 2 of OT-GAN. Allowed variants: ot_gan, "
            f"random_matching, fixed_cost; got {variant!r}."
        )
    nets = build_networks(config, example_shape, num_classes, scalar=is_rival)
    common = {"average_decay": config.average_decay, "seed": config.seed}
    if is_rival:
        own = {
            "wgan_gp": {"penalty": config.penalty},
            "wgan_clip": {"clip": config.clip},
        }
        model = _RIVALS[variant](*nets, **own.get(variant, {}), **common)
        rates = config.rival_rate, config.rival_rate
    else:
        model = OTGAN(
            *nets,
            epsilon=config.epsilon,
            num_iterations=config.iterations,
            form=config.form,
            cost="euclidean" if variant == "fixed_cost" else "cosine",
            matching="random" if variant == "random_matching" else "sinkhorn",
            generator_updates=config.generator_updates,
            **common,
        )
        rates = config.learning_rate, config.critic_rate
    adam = [keras.optimizers.Adam(rate, config.beta_1, 0.999) for rate in rates]
    model.compile(*adam, steps_per_execution=config.steps_per_execution)
    return model


class Watch(keras.callbacks.Callback):
    """After each epoch: samples, and their energy distance to held-out examples.

    Attributes:
        distances: one number per epoch.
        samples: one array per epoch.
    """

    def __init__(self, examples, labels=None):
        super().__init__()
        self.examples, self.labels = examples[:_CURVE_POINTS], labels
        self.distances, self.samples = [], []

    def on_epoch_end(self, epoch, logs=None):
        """Take samples from the same codes every time."""
        samples = self.model.sample(len(self.examples), seed=1, labels=self.labels)
        self.samples.append(samples)
        self.distances.append(evaluation.energy_distance(samples, self.examples))


def epochs_of(config, model):
    """Epochs with the same number of generator updates for every method."""
    cycle = model.critic_updates + model.generator_updates
    share = config.generator_updates / (config.generator_updates + 1)
    return max(1, round(config.epochs * share * cycle / model.generator_updates))


def train(config, variant, split):
    """Train one variant, freeze its critic, go on.

    Returns:
        (model, `Watch`, number of epochs before freezing, seconds of an epoch).
    """
    runtime.seed_everything(config.seed)
    examples, targets, labels = split.train, None, None
    num_classes = 0
    if config.conditional:
        num_classes = int(split.train_labels.max()) + 1
        targets = keras.utils.to_categorical(split.train_labels, num_classes)
        labels = np.eye(num_classes)[split.test_labels[:_CURVE_POINTS]]
    model = build_model(config, variant, examples.shape[1:], num_classes)
    if config.source == "images":
        from lessons.adversarial.ot_gan import networks_images

        networks_images.initialize_from_data(model, examples[: config.batch_size])
    watch = Watch(split.test, labels)
    epochs = epochs_of(config, model)
    name = variant.replace("_", " ")
    _, _, seconds = fit(
        model,
        examples,
        config.replace(epochs=epochs),
        description=f"{name}, training",
        y=targets,
        callbacks=[watch],
    )
    if config.frozen_epochs:
        model.freeze_critic()
        frozen = config.replace(epochs=config.frozen_epochs)
        text = f"{name}, critic frozen"
        fit(model, examples, frozen, description=text, y=targets, callbacks=[watch])
    return model, watch, epochs, seconds


def score(config, model, split):
    """Numbers of one trained model, by name."""
    test = split.test
    if config.conditional:
        labels = split.test_labels
        one_hot = np.eye(int(split.train_labels.max()) + 1)[labels]
        samples = model.sample(len(test), seed=2, labels=one_hot)
        accuracy, ceiling = evaluation.class_accuracy(samples, labels, split)
        scores = {"accuracy": accuracy, "real_accuracy": ceiling}
    else:
        samples, scores = model.sample(len(test), seed=2), {}
        if config.source == "eight_gaussians":
            scores["modes"] = evaluation.num_modes(samples)
    scores["energy_distance"] = evaluation.energy_distance(samples, test)
    return scores


def run(config):
    """Train every variant of a configuration and judge its samples.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics, each prefixed with the variant: `energy_distance`
        (squared, to held-out examples), `modes` (eight Gaussians), `accuracy`
        (conditional), the same after `trained/` for the moment before the critic was
        frozen, and `seconds_per_epoch`. The main model is the first variant's.
    """
    start = time.perf_counter()
    if not config.variants:
        raise UserError("variants must name at least one method, got none.")
    if config.strategy != "none":
        raise UserError(
            "a matching couples all examples of a batch, so a batch cannot be shared "
            f"by several devices. Allowed: strategy=none, got {config.strategy!r}."
        )
    with runtime.session(config):
        split = data.load(config)
        metrics, history, models, samples = {}, {}, {}, {}
        for variant in config.variants:
            model, watch, epochs, seconds = train(config, variant, split)
            metrics[f"{variant}/trained/energy_distance"] = watch.distances[epochs - 1]
            if config.source == "eight_gaussians":
                points = watch.samples[epochs - 1]
                metrics[f"{variant}/trained/modes"] = evaluation.num_modes(points)
            scores = score(config, model, split)
            metrics |= {f"{variant}/{name}": v for name, v in scores.items()}
            metrics[f"{variant}/seconds_per_epoch"] = seconds
            history[f"{variant}/energy_distance"] = watch.distances
            models[variant] = model
            samples[variant] = (watch.samples, epochs)
        pictures = figures.all_of(config, split, samples, history)
        main = models.pop(config.variants[0])
        metrics["parameters"] = float(
            main.generator.count_params() + main.critic.count_params()
        )
    return Report(
        slug="ot_gan",
        config=config,
        metrics=metrics,
        history=history,
        figures=pictures,
        environment=runtime.environment(),
        seconds=time.perf_counter() - start,
        models={"model": main, **models},
    )


def recorded(**changes):
    """Metrics of the recorded runs of the laptop preset with some fields changed.

    Returns:
        List of (seed, metrics), from the lesson's results.json.
    """
    config = PRESETS["laptop"].replace(**changes)
    return results.metrics_by_seed(__file__, config)
