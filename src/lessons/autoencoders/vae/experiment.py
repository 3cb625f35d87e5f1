"""Train and compare variational autoencoders: `run(config)`."""

import time
from pathlib import Path

from lessons.autoencoders.vae import evaluation, figures, normalization, optimizers
from lessons.autoencoders.vae.config import PRESETS
from lessons.autoencoders.vae.model import DenseVAE
from lessons.autoencoders.vae.model_conv import ConvVAE
from lessons.toolkit import data, results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report, fit


def make_data(config):
    """The data set: a `lessons.toolkit.data.Split` of images in [0, 1].

    Raises:
        UserError: the data set is not there, or is smaller than asked for.
    """
    return data.load(
        config.source, seed=config.seed, size=config.num_train, path=config.data_path
    )


def build_model(config, image_shape, batch_norm=True):
    """The model a configuration describes, not compiled.

    Args:
        config: a `Config`.
        image_shape: (height, width, channels).
        batch_norm: whether affine maps are normalised.
    """
    common = {
        "variance": config.variance,
        "beta": config.beta,
        "batch_norm": batch_norm,
        "weight_range": config.weight_range,
        "norm_momentum": config.norm_momentum,
        "norm_epsilon": config.norm_epsilon,
        "output": config.output,
        "seed": config.seed,
    }
    if config.family == "dense":
        return DenseVAE(
            image_shape,
            config.latent_dim,
            config.encoder_units,
            config.decoder_units,
            **common,
        )
    if len(config.encoder_units) != 1 or config.decoder_units:
        raise UserError(
            "family=conv has one dense block: encoder_units must hold one width and "
            f"decoder_units none, got {config.encoder_units!r} and "
            f"{config.decoder_units!r}."
        )
    return ConvVAE(
        image_shape,
        config.latent_dim,
        config.filters,
        config.encoder_units[0],
        **common,
    )


def make_optimizer(config, variant):
    """The optimizer of a variant such as "bn_sgd"."""
    kinds = {
        "sgd": optimizers.NesterovSGD,
        "rmsprop": optimizers.RescalingRMSprop,
    }
    return kinds[variant.partition("_")[2]](config.learning_rate, config.momentum)


def train(config, variant, images):
    """Train one variant: (model, history, seconds of an epoch).

    Batch statistics are estimated anew after training (`normalization`).
    """
    runtime.seed_everything(config.seed)
    batch_norm = variant.startswith("bn_")
    model = build_model(config, images.shape[1:], batch_norm)
    steps = runtime.steps_per_execution(config)
    model.compile(make_optimizer(config, variant), steps_per_execution=steps)
    name = {"dense": "dense VAE", "conv": "convolutional VAE"}[config.family]
    history, seconds = fit(model, images, config, description=f"{name}, {variant}")
    normalization.estimate_statistics(model, images, config.batch_size)
    return model, history, seconds


def run(config):
    """Train every variant of a configuration and judge it on held-out images.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `seconds_per_epoch`, prefixed with its name; the baselines; the number of
        `parameters` that are trained. The main model is the first variant's.
    """
    start = time.perf_counter()
    if not config.variants:
        raise UserError("variants must name at least one model to train, got none.")
    with runtime.session(config):
        split = make_data(config)
        images = split.train_images
        metrics, history, models = {}, {}, {}
        for variant in config.variants:
            model, curves, seconds = train(config, variant, images)
            scores = evaluation.evaluate(
                model, split.test_images, config.num_eval_samples, config.seed
            )
            scores["seconds_per_epoch"] = seconds
            metrics |= {f"{variant}/{name}": v for name, v in scores.items()}
            history |= {f"{variant}/{name}": v for name, v in curves.items()}
            models[variant] = model
        main = models.pop(config.variants[0])
        baselines = evaluation.baselines(
            images, split.test_images, config.variance, config.latent_dim
        )
        metrics |= baselines
        metrics["parameters"] = float(sum(w.size for w in trainable_arrays(main)))
        pictures = figures.all_of(
            main, split.test_images, history, baselines, config.seed
        )
    return Report(
        slug="vae",
        config=config,
        metrics=metrics,
        history=history,
        figures=pictures,
        environment=runtime.environment(),
        seconds=time.perf_counter() - start,
        models={"model": main, **models},
    )


def trainable_arrays(model):
    """The trained weights of a model as NumPy arrays."""
    return [weight.numpy() for weight in model.trainable_weights]


def recorded_rates():
    """The recorded sweep over learning rates of the laptop preset.

    Returns:
        List of (learning rate, metrics), from the lesson's results.json.
    """
    laptop = PRESETS["laptop"].to_dict()
    recorded = []
    for entry in results.load(Path(__file__).with_name("results.json")):
        rate = entry["config"]["learning_rate"]
        same = results.settings({**laptop, "learning_rate": rate})
        if results.settings(entry["config"]) == same:
            recorded.append((rate, entry["metrics"]))
    return recorded
