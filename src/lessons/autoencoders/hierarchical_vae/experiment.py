"""Train and compare chains of latents that complete images: `run(config)`."""

import functools

import keras
import numpy as np

from lessons.autoencoders.hierarchical_vae import data, evaluation, figures
from lessons.autoencoders.hierarchical_vae.model_conv import ConvChain
from lessons.autoencoders.hierarchical_vae.model_dense import DenseChain
from lessons.autoencoders.hierarchical_vae.model_parts import WarmUp
from lessons.autoencoders.hierarchical_vae.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Example, fit, running

_MAIN = ("free_bits", "warm_up", "plain")  # the main model: the first that is trained
_EXAMPLES = ("deterministic", "ladder")  # between them they use everything


def build_model(config, variant, image_shape):
    """The model of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        image_shape: (height, width, channels).

    Raises:
        UserError: the variant does not go with the family.
    """
    check_family(config, variant)
    common = {
        "context": "top" if variant.is_top_only else config.context,
        "posterior": variant.posterior,
        "output": config.output,
        "pixel_scale": config.pixel_scale,
        "free_bits": config.free_bits if variant.has_free_bits else 0.0,
        "seed": config.seed,
    }
    if config.family == "dense":
        latents = config.latents[:1] if variant.is_single else config.latents
        return DenseChain(image_shape, latents, config.hidden, **common)
    sizes = config.filters, config.units, config.top_dim
    return ConvChain(image_shape, *sizes, **common)


def check_family(config, variant):
    """Raise `UserError` if the configuration's family has no such variant."""
    if variant.is_single and config.family != "dense":
        raise UserError(
            "the variant single needs family=dense: a convolutional chain has one "
            "layer per size of its maps."
        )


def compiled(config, variant, image_shape, **options):
    """The model of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, image_shape)
    clip = config.clip_norm or None
    model.compile(keras.optimizers.Adam(config.learning_rate, clipnorm=clip), **options)
    return model


def train(config, variant, images, test=None):
    """Train one variant; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        images: shape (batch, height, width, channels), in [0, 1].
        test: test images; the history holds their bound too, as `val_bound`.
    """
    model = compiled(config, variant, images.shape[1:])
    options = {"description": f"chain of latents, {variant.label}"}
    if test is not None:
        options |= {"validation_data": (test,), "validation_batch_size": len(test)}
    if variant.has_warm_up:
        options["callbacks"] = [WarmUp(config.warm_up_epochs)]
    return fit(model, images, config, **options)


def run(config):
    """Train every variant of a configuration and judge it on held-out images.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `seconds_per_epoch`; `parameters` of the main model, which is the one that uses
        most layers.
    """
    for name in config.variants:
        check_family(config, VARIANTS[name])
    with running("hierarchical_vae", config) as report:
        split = data.load(config)
        images, test = split.train_images, split.test_images[: config.num_eval_images]
        shown = images[: config.num_eval_images]
        for name in config.variants:
            trained = train(config, VARIANTS[name], images, test)
            scores = evaluation.evaluate(
                trained.model, shown, test, config.num_eval_samples, config.seed
            )
            report.add(name, trained, scores)
        main = main_variant(config.variants)
        report.figures = figures.all_of(report, main, test)
        report.main(main)
    return report


def main_variant(variants):
    """The name of the variant that uses most layers, or else the last."""
    return next((name for name in _MAIN if name in variants), variants[-1])


def examples(config):
    """Small compiled models, without noise and with it, and images (`Example`s)."""
    shape = data.image_shape(config)
    size = 11 if max(shape) < 64 else 2
    images = np.random.default_rng(0).random((size, *shape), dtype=np.float32)
    names = [name for name in _EXAMPLES if name in config.variants]
    for name in names or config.variants[:1]:
        variant, exceptions = VARIANTS[name], {}
        if variant.posterior != "none":
            exceptions["every weight moves"] = (
                "Heads start at zero weights, which hide from the first step what lies "
                "behind them; the lesson's own test takes more steps."
            )
        yield Example(
            name=name,
            build=functools.partial(compiled, config, variant, shape),
            x=images,
            exceptions=exceptions,
        )
