"""Train and compare models that see few labels: `run(config)`."""

import time
from pathlib import Path

import keras

from lessons.autoencoders.semi_supervised_vae import data, evaluation, figures, theory
from lessons.autoencoders.semi_supervised_vae.config import PRESETS
from lessons.autoencoders.semi_supervised_vae.model import M1, M2
from lessons.autoencoders.semi_supervised_vae.model_clamped import ClampedVAE
from lessons.autoencoders.semi_supervised_vae.model_parts import Tower, encoder_layers
from lessons.autoencoders.semi_supervised_vae.model_stacked import StackedM2
from lessons.toolkit import quality, results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report, fit

CLAMPED = ("clamped", "with_class_kl", "marginal")


def build_model(config, method, num_inputs, num_classes=10, *, label_weight=1.0, m1=None):
    """The model of a method, not compiled.

    Args:
        config: a `Config`.
        method: one of `METHODS`.
        num_inputs: pixels of an image.
        num_classes: K.
        label_weight: see `theory.label_weight`.
        m1: a trained `M1`, for "m1_m2".
    """
    penalty = 1.0 / config.num_train if config.weight_prior else 0.0
    common = {
        "likelihood": config.likelihood,
        "variance": config.variance,
        "weight_penalty": penalty,
        "seed": config.seed,
    }
    if method == "m1":
        return M1(num_inputs, config.m1_dim, config.m1_units, config.m1_units, **common)
    if method == "supervised":
        x = keras.Input((num_inputs,))
        hidden = encoder_layers(config.classifier_units, config.style)
        return keras.Model(x, Tower((num_inputs,), hidden, _logits(num_classes))(x))
    common |= {
        "num_classes": num_classes,
        "latent_dim": config.latent_dim,
        "label_weight": label_weight,
        "weight_scale": config.weight_scale,
        "style": config.style,
    }
    if method == "m1_m2":
        units = ("classifier_units", "encoder_units", "decoder_units")
        widths = dict.fromkeys(units, config.stacked_units)
        return StackedM2(m1, **widths, **common)
    common |= {
        "num_inputs": num_inputs,
        "encoder_units": config.encoder_units,
        "decoder_units": config.decoder_units,
    }
    if method == "m2":
        return M2(classifier_units=config.classifier_units, **common)
    objective = "clamped" if method == "clamped" else method
    return ClampedVAE(objective=objective, batch_norm=config.batch_norm, **common)


def _logits(num_classes):
    return {"logits": (num_classes, "linear")}


def train(config, method, task, m1=None):
    """Train one model: (model, history, seconds of an epoch)."""
    runtime.seed_everything(config.seed)
    x, labels = task.rows(config.label_repeats)
    weight = theory.label_weight(config.alpha, len(labels), (labels >= 0).sum())
    model = build_model(
        config,
        method,
        x.shape[1],
        task.num_classes,
        label_weight=float(weight),
        m1=m1,
    )
    if method == "supervised":  # the labelled examples alone, as many steps
        known = labels >= 0
        x, labels = x[known], labels[known]
    loss = None
    if method == "supervised":
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(
        keras.optimizers.Adam(config.learning_rate),
        loss,
        steps_per_execution=runtime.steps_per_execution(config),
    )
    history, seconds = fit(model, x, config, y=labels, description=method)
    return model, history, seconds
