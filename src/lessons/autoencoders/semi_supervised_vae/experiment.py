"""Train and compare models that see few labels: `run(config)`."""

import keras
import numpy as np

from lessons.autoencoders.semi_supervised_vae import data, evaluation, figures, theory
from lessons.autoencoders.semi_supervised_vae.model import M1, M2
from lessons.autoencoders.semi_supervised_vae.model_clamped import ClampedVAE
from lessons.autoencoders.semi_supervised_vae.model_parts import Tower, encoder_layers
from lessons.autoencoders.semi_supervised_vae.model_stacked import StackedM2
from lessons.autoencoders.semi_supervised_vae.variants import VARIANTS
from lessons.toolkit import quality, runtime
from lessons.toolkit.data import find
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Example, fit, running


def build_model(
    config, variant, num_inputs, num_classes=10, *, label_weight=1.0, m1=None
):
    """The model of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        num_inputs: pixels of an image.
        num_classes: K.
        label_weight: see `theory.label_weight`.
        m1: a trained `M1`, for a stacked model.

    Raises:
        UserError: the prior on weights needs the number of training images.
    """
    if config.weight_prior and config.num_train is None:
        raise UserError(
            "weight_prior=yes weighs the prior by 1 / num_train, got num_train=none. "
            "Allowed: the number of training images."
        )
    penalty = 1.0 / config.num_train if config.weight_prior else 0.0
    common = {
        "likelihood": config.likelihood,
        "variance": config.variance,
        "weight_penalty": penalty,
        "seed": config.seed,
    }
    if variant.kind == "m1":
        return M1(num_inputs, config.m1_dim, config.m1_units, config.m1_units, **common)
    if variant.kind == "supervised":
        x = keras.Input((num_inputs,))
        hidden = encoder_layers(config.classifier_units, config.style)
        logits = {"logits": (num_classes, "linear")}
        return keras.Model(x, Tower((num_inputs,), hidden, logits)(x))
    common |= {
        "num_classes": num_classes,
        "latent_dim": config.latent_dim,
        "label_weight": label_weight,
        "weight_scale": config.weight_scale,
        "style": config.style,
    }
    if variant.kind == "stacked":
        units = ("classifier_units", "encoder_units", "decoder_units")
        widths = dict.fromkeys(units, config.stacked_units)
        return StackedM2(m1, **widths, **common)
    common |= {
        "num_inputs": num_inputs,
        "encoder_units": config.encoder_units,
        "decoder_units": config.decoder_units,
    }
    if variant.kind == "m2":
        return M2(classifier_units=config.classifier_units, **common)
    return ClampedVAE(
        objective=variant.objective, batch_norm=config.batch_norm, **common
    )


def compiled(config, variant, x, labels, num_classes=10, m1=None, **options):
    """The model of a variant, ready for `fit`; options go to `compile`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        x: the examples of an epoch, shape (n, pixels).
        labels: their labels, shape (n,), -1 where missing.
        num_classes: K.
        m1: a trained `M1`, for a stacked model.
        **options: for `compile`.
    """
    runtime.seed_everything(config.seed)
    known = int(np.sum(labels != theory.MISSING))
    weight = theory.label_weight(config.alpha, len(labels), known)
    model = build_model(
        config, variant, x.shape[1], num_classes, label_weight=weight, m1=m1
    )
    loss = None
    if variant.kind == "supervised":
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(config.learning_rate), loss, **options)
    return model


def train(config, variant, task, m1=None):
    """Train one variant on a task; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        task: a `data.Task`.
        m1: a trained `M1`, for a stacked model.
    """
    x, labels = task.rows(config.label_repeats)
    model = compiled(config, variant, x, labels, task.num_classes, m1)
    if variant.kind == "m1":
        labels = None
    if variant.kind == "supervised":
        # The labelled rows alone, in as many steps.
        known = labels != theory.MISSING
        batch_size = max(1, round(config.batch_size * known.mean()))
        x, labels = x[known], labels[known]
        config = config.replace(batch_size=batch_size)
    return fit(model, x, config, y=labels, description=variant.label)


def run(config):
    """Train every variant of a configuration and judge it on held-out images.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate`,
        `seconds_per_epoch` and `parameters`; those of `evaluation.baselines`;
        `judge/accuracy` of the classifier that judges drawn images. The main model is
        M2, or the first variant where M2 is not trained.

    Raises:
        UserError: no variant, or "m1_m2" without "m1" before it.
    """
    check_order(config.variants)
    with running("semi_supervised_vae", config) as report:
        task = data.load(config)
        judge = quality.Judge(task.split, seed=config.seed)
        report.metrics["judge/accuracy"] = judge.accuracy(task.test_x, task.test_labels)
        report.metrics |= evaluation.baselines(task)
        for name in config.variants:
            trained = train(config, VARIANTS[name], task, report.models.get("m1"))
            scores = evaluation.evaluate(trained.model, task, config, judge)
            scores["parameters"] = runtime.num_parameters(trained.model)
            report.add(name, trained, scores)
        report.figures = figures.all_of(report, task)
        report.main("m2" if "m2" in config.variants else config.variants[0])
    return report


def check_order(variants):
    """Raise `UserError` unless an M1 is named before the model built upon it."""
    if "m1_m2" in variants and "m1" not in variants[: variants.index("m1_m2")]:
        raise UserError(
            "variants must name m1 before m1_m2, which is built upon it, got "
            f"{variants}."
        )


def examples(config):
    """A small compiled model of each kind, with random images (`Example`s)."""
    rng = np.random.default_rng(0)
    source = find(config.source)
    x = rng.random((11, int(np.prod(source.shape))), dtype=np.float32)
    labels = np.arange(11, dtype=np.int32) % source.classes
    hidden = np.where(labels % 3, labels, theory.MISSING).astype(np.int32)
    kinds = {VARIANTS[name].kind: name for name in config.variants}
    for kind, name in kinds.items():
        y = {"supervised": labels, "m1": None}.get(kind, hidden)
        yield Example(name=name, build=_builder(config, name, x, hidden), x=x, y=y)


def _builder(config, name, x, labels):
    def build(**options):
        m1 = None
        if VARIANTS[name].kind == "stacked":
            m1 = compiled(config, VARIANTS["m1"], x, labels)
        return compiled(config, VARIANTS[name], x, labels, m1=m1, **options)

    return build
