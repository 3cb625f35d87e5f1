"""Train and compare chains of latents that complete images: `run(config)`."""

import pathlib
import time

import keras

from lessons.autoencoders.hierarchical_vae import data, evaluation, figures
from lessons.autoencoders.hierarchical_vae.config import PRESETS
from lessons.autoencoders.hierarchical_vae.model_conv import ConvChain
from lessons.autoencoders.hierarchical_vae.model_dense import DenseChain
from lessons.autoencoders.hierarchical_vae.model_parts import WarmUp
from lessons.toolkit import results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report, fit


def build_model(config, image_shape, variant="plain"):
    """The model a configuration and a variant describe, not compiled.

    Args:
        config: a `Config`.
        image_shape: (height, width, channels).
        variant: one of `config.VARIANTS`.

    Raises:
        UserError: the variant does not go with the family.
    """
    posteriors = {"deterministic": "none", "ladder": "ladder"}
    common = {
        "context": "top" if variant == "top" else config.context,
        "posterior": posteriors.get(variant, "bottom_up"),
        "output": config.output,
        "pixel_scale": config.pixel_scale,
        "free_bits": config.free_bits if variant == "free_bits" else 0.0,
        "seed": config.seed,
    }
    if config.family == "dense":
        latents = config.latents[:1] if variant == "single" else config.latents
        return DenseChain(image_shape, latents, config.hidden, **common)
    if variant == "single":
        raise UserError(
            "the variant single needs family=dense: a convolutional chain has one "
            "layer per size of its maps."
        )
    sizes = config.filters, config.units, config.top_dim
    return ConvChain(image_shape, *sizes, **common)


def train(config, variant, images, test=None):
    """Train one variant: (model, history, seconds of an epoch).

    With test images the history holds their bound too, as `val_bound`.
    """
    runtime.seed_everything(config.seed)
    model = build_model(config, images.shape[1:], variant)
    clip = config.clip_norm or None
    model.compile(
        keras.optimizers.Adam(config.learning_rate, clipnorm=clip),
        steps_per_execution=runtime.steps_per_execution(config),
    )
    options = {}
    if test is not None:
        options = {"validation_data": (test,), "validation_batch_size": len(test)}
    if variant == "warm_up":
        options["callbacks"] = [WarmUp(config.warm_up_epochs)]
    name = variant.replace("_", " ")
    _, history, seconds = fit(
        model, images, config, description=f"chain of latents, {name}", **options
    )
    return model, history, seconds


def run(config):
    """Train every variant of a configuration and judge it on held-out images.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `seconds_per_epoch`, prefixed with its name; the number of `parameters` of the
        main model (`main_variant`).
    """
    start = time.perf_counter()
    if not config.variants:
        raise UserError("variants must name at least one model to train, got none.")
    with runtime.session(config):
        images, test = data.load(config)
        test = test[: config.num_eval_images]
        metrics, history, models = {}, {}, {}
        for variant in config.variants:
            model, curves, seconds = train(config, variant, images, test)
            scores = evaluation.evaluate(
                model,
                images[: config.num_eval_images],
                test,
                config.num_eval_samples,
                config.seed,
            )
            scores["seconds_per_epoch"] = seconds
            metrics |= {f"{variant}/{name}": v for name, v in scores.items()}
            history |= {f"{variant}/{name}": v for name, v in curves.items()}
            models[variant] = model
        main = main_variant(config)
        metrics["parameters"] = float(models[main].count_params())
        pictures = figures.all_of(models, main, test, history, config.seed)
    return Report(
        slug="hierarchical_vae",
        config=config,
        metrics=metrics,
        history=history,
        figures=pictures,
        environment=runtime.environment(),
        seconds=time.perf_counter() - start,
        models={"model": models.pop(main), **models},
    )


def main_variant(config):
    """The variant whose pictures a run shows: the one that uses most layers."""
    for name in ("free_bits", "warm_up", "plain"):
        if name in config.variants:
            return name
    return config.variants[-1]


def recorded():
    """The recorded runs of the laptop preset, one per seed."""
    path = pathlib.Path(__file__).with_name("results.json")
    return results.matching(path, PRESETS["laptop"])
