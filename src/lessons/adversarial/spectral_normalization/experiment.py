"""Train and compare critics and GANs under all regularisers: `run(config)`."""

import functools

import keras
import numpy as np

from lessons.adversarial.spectral_normalization import (
    data,
    evaluation,
    figures,
    networks,
    networks_images,
    plane,
)
from lessons.adversarial.spectral_normalization.config import SETTINGS
from lessons.adversarial.spectral_normalization.model import RegularizedGAN
from lessons.adversarial.spectral_normalization.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Example, fit, running

ARCHITECTURES = {  # (generator, critic)
    "dense": (networks.dense_generator, networks.dense_critic),
    "cnn": (networks_images.cnn_generator, networks_images.cnn_critic),
    "resnet": (networks_images.resnet_generator, networks_images.resnet_critic),
}
_SHOWN = 32  # samples of each model in a figure
# Between them these have what a variant can switch on, but for clipping.
_KINDS = ("batch_norm", "orthonormal", "spectral_gain")


def build_networks(config, variant, shape, num_classes=0):
    """(generator, critic) of a configuration.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        shape: of one example.
        num_classes: classes of the side information, 0 for none.

    Raises:
        UserError: the architecture does not take labels or images of this shape.
    """
    generator, critic = ARCHITECTURES[config.architecture]
    wide = config.latent_dim, config.generator_units, shape
    if config.architecture != "cnn":
        return generator(*wide, num_classes), critic(
            shape, config.critic_units, variant, num_classes, config.head
        )
    if num_classes:
        raise UserError(
            "architecture=cnn takes no labels. Allowed with conditional=yes: "
            "architecture=dense, resnet."
        )
    return generator(*wide), critic(shape, config.critic_units, variant)


def epochs_of(config, setting):
    """Passes over the data such that generators get as many updates everywhere."""
    return round(config.epochs * (setting.critic_updates + 1) / 2)


def build_model(config, variant, setting, shape, num_classes=0):
    """The model of a variant under a setting, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        setting: a `Setting`.
        shape: of one example.
        num_classes: classes of the side information, 0 for none.
    """
    return RegularizedGAN(
        *build_networks(config, variant, shape, num_classes),
        critic_updates=setting.critic_updates,
        generator_batches=config.generator_batches,
        seed=config.seed,
        **variant.options(config, config.clip),
    )


def _optimizer(setting, decay_steps):
    """Adam of a setting; the rate decreases to 0 in `decay_steps`, if given."""
    rate = setting.rate
    if decay_steps:
        rate = keras.optimizers.schedules.PolynomialDecay(rate, decay_steps, 0.0)
    return keras.optimizers.Adam(rate, setting.beta_1, setting.beta_2)


def compiled(
    config, variant, setting, shape, *, num_classes=0, num_examples=1, **options
):
    """The model of a variant under a setting, ready for `fit`.

    Args:
        config, variant, setting, shape, num_classes: as for `build_model`.
        num_examples: training examples, for rates that decrease.
        **options: for `compile`.
    """
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, setting, shape, num_classes)
    updates = config.epochs * -(-num_examples // config.batch_size) // 2
    steps = updates if config.decay else 0
    model.compile(
        _optimizer(setting, steps),
        _optimizer(setting, steps * setting.critic_updates),
        **options,
    )
    return model


def train_plane(config, variant):
    """Train one critic in the plane; returns a `Trained` whose model is the critic."""
    trained = fit(
        plane.compiled(config, variant),
        plane.points(plane.NUM_POINTS, 1, config.seed),
        config.replace(epochs=config.plane_epochs, batch_size=64),
        description=f"plane, {variant.label}",
    )
    return trained._replace(model=trained.model.critic)


def train(config, variant, name, split):
    """Train one variant under one setting; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        name: of the setting, a key of `SETTINGS`.
        split: the images, a `Split`.
    """
    num_classes, targets = 0, None
    if config.conditional:
        num_classes = len(split.class_names)
        targets = keras.utils.to_categorical(split.train_labels, num_classes)
    model = compiled(
        config,
        variant,
        SETTINGS[name],
        split.train_images.shape[1:],
        num_classes=num_classes,
        num_examples=len(split.train_images),
    )
    return fit(
        model,
        data.scaled(split.train_images),
        config.replace(epochs=epochs_of(config, SETTINGS[name])),
        description=f"setting {name}, {variant.label}",
        y=targets,
    )


def draw(config, model, split):
    """Samples to judge a model by, as many as there are training images, up to a limit.

    Args:
        config: the configuration; `conditional` asks for the classes of the data.
        model: a trained GAN.
        split: the data, as a `Split`.

    Returns:
        Images in [0, 1], and the classes that were asked for or None.
    """
    labels, one_hot = None, None
    count = min(len(split.train_images), evaluation.JUDGED)
    if config.conditional:
        labels = split.train_labels[:count]
        one_hot = np.eye(len(split.class_names), dtype=np.float32)[labels]
    return data.unscaled(model.sample(count, seed=1, labels=one_hot)), labels


def run(config):
    """Train critics in the plane, then GANs under every setting and regulariser.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: `plane/VARIANT/METRIC` as `plane.evaluate` lists them;
        `SETTING/VARIANT/METRIC` as `evaluation.evaluate` does; `seconds_per_epoch` of
        each; `parameters`. The main model is that of the variant "spectral", or of the
        first variant where that is left out, under the last setting.
    """
    with running(
        "spectral_normalization",
        config,
        lists=("variants", "settings"),
        one_device="networks that take turns",
    ) as report:
        split = data.load(config)
        for name in config.plane_variants:
            trained = train_plane(config, VARIANTS[name])
            scores = plane.evaluate(trained.model, config.seed)
            report.add(f"plane/{name}", trained, scores)
        judge, samples = evaluation.judge_of(split), {}
        for setting in config.settings:
            for name in config.variants:
                trained = train(config, VARIANTS[name], setting, split)
                samples[name], labels = draw(config, trained.model, split)
                scores = evaluation.evaluate(
                    trained.model, samples[name], split, judge, labels
                )
                report.add(f"{setting}/{name}", trained, scores)
        drawn = {name: images[:_SHOWN] for name, images in samples.items()}
        report.figures = figures.all_of(report, drawn)
        subject = "spectral" if "spectral" in config.variants else config.variants[0]
        report.main(f"{config.settings[-1]}/{subject}")
    return report


def examples(config):
    """A small compiled model of each kind, with random examples (`Example`s)."""
    rng = np.random.default_rng(0)
    side = {"digits": 8, "glyphs": 32, "images": 32}[config.source]
    shape = (side, side, 3 if config.source == "images" else 1)
    # A power of two: then the weights of a mean add up to exactly one.
    images = rng.uniform(-1, 1, (4 if side > 8 else 8, *shape)).astype(np.float32)
    setting = SETTINGS[config.settings[0]]
    for name in [n for n in _KINDS if n in config.variants] or config.variants[:1]:
        yield Example(
            name=name,
            build=functools.partial(compiled, config, VARIANTS[name], setting, shape),
            x=images,
            exceptions=_exceptions(config, VARIANTS[name]),
        )
    for name in [n for n in config.plane_variants if n == "spectral"]:
        yield Example(
            name=f"plane_{name}",
            build=functools.partial(plane.compiled, config, VARIANTS[name]),
            x=plane.points(8, 1, config.seed),
            exceptions=_exceptions(config, VARIANTS[name]),
        )


def _exceptions(config, variant):
    if (variant.loss or config.loss) != "wasserstein":
        return {}
    reason = "The dual value does not depend on the critic's last bias."
    return {"every weight moves": reason}
