"""Train and compare: `run(config)`."""

import dataclasses
import functools

import keras
import numpy as np
import tensorflow as tf

from lessons.foundations.convnet_baseline import data, evaluation, figures
from lessons.foundations.convnet_baseline.model import ConvNet
from lessons.foundations.convnet_baseline.optimizers import (
    AdaptiveMoments,
    NesterovMomentum,
)
from lessons.foundations.convnet_baseline.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.callbacks import Watch
from lessons.toolkit.experiment import Example, fit, running

WATCHED = 1000  # training images whose accuracy is measured after each epoch


def build_model(config, variant):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    architecture = dataclasses.replace(
        config.architecture,
        batch_norm=config.architecture.batch_norm or variant.batch_norm,
        hidden_biases=variant.hidden_biases,
    )
    return ConvNet(
        config.image_shape,
        architecture,
        dropout=config.dropout if variant.dropout else 0.0,
        scale=None if variant.glorot else config.scale,
        flip=variant.flip,
        max_norm=config.max_norm,
        seed=config.seed,
    )


def make_optimizer(config, variant):
    """The optimizer of a variant.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    clip = {"global_clipnorm": config.clip_norm}
    if variant.optimizer == "adam":
        rate = config.adam_rate * variant.rate_factor
        return AdaptiveMoments(rate, variant.beta_1, epsilon=variant.epsilon, **clip)
    return NesterovMomentum(config.rate * variant.rate_factor, config.momentum, **clip)


def compiled(config, variant, **options):
    """The network of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant)
    optimizer = make_optimizer(config, variant)
    model.compile(optimizer, metrics=[model.accuracy_metric()], **options)
    return model


def gradient_sizes(config, variant, split, num_images=500):
    """Root mean square of the loss's gradient by each kernel, before training.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        split: `Pictures`.
        num_images: the first training images, all in one batch.

    Returns:
        Array, a number for each layer with a kernel, first to last.
    """
    model = compiled(config, variant)
    model.adapt(split.train_images)
    images, labels = split.train_images[:num_images], split.train_labels[:num_images]
    with tf.GradientTape() as tape:
        loss = model.compute_loss(y=labels, y_pred=model(images, training=True))
    gradients = tape.gradient(loss, [layer.kernel.value for layer in model.products])
    return np.array([float(tf.sqrt(tf.reduce_mean(g**2))) for g in gradients])


def train(config, variant, split):
    """Train one variant; returns a `Trained` with the weights of the best epoch.

    The history has, beside Keras's, `train_accuracy`: that of the first training
    images, measured after each epoch as the validation accuracy is, without dropout.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        split: `Pictures`.
    """
    if variant.shuffled:
        split = data.shuffled(split, config.seed)
    model = compiled(config, variant)
    model.adapt(split.train_images)
    seen = split.train_images[:WATCHED], split.train_labels[:WATCHED]
    watch = Watch(
        lambda model: {"train_accuracy": evaluation.evaluate(model, *seen)["accuracy"]}
    )
    stop = keras.callbacks.EarlyStopping(
        "val_loss", patience=config.patience, restore_best_weights=True, mode="min"
    )
    return fit(
        model,
        split.train_images,
        config,
        y=split.train_labels,
        description=variant.label,
        callbacks=[watch, stop],
        validation_data=(split.valid_images, split.valid_labels),
        validation_batch_size=250,
    )


def run(config):
    """Train every variant of a configuration and judge it on test pictures.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` on the
        test pictures and of `evaluation.of_history`, and `seconds_per_epoch`; for drawn
        pictures `without_ears`, the accuracy where dogs have a cat's ears; those of
        `evaluation.baselines`; `parameters`. The main model is the first variant's.
    """
    with running("convnet_baseline", config) as report:
        split = data.load(config)
        num_steps = -(-len(split.train_images) // config.batch_size)
        for name in config.variants:
            trained = train(config, VARIANTS[name], split)
            scores = evaluation.evaluate(
                trained.model, split.test_images, split.test_labels
            )
            scores |= evaluation.of_history(
                trained.history, num_steps, config.threshold
            )
            if config.source == "drawn":
                ears = evaluation.without(trained.model, config, "ears")
                scores["without_ears"] = ears
            report.add(name, trained, scores)
        report.main(config.variants[0])
        report.metrics |= evaluation.baselines(split)
        report.figures = figures.all_of(report)
    return report


def examples(config):
    """A small compiled network of every variant, with random images (`Example`s)."""
    rng = np.random.default_rng(0)
    images = rng.random((11, *config.image_shape), dtype=np.float32)
    labels = rng.integers(2, size=11)
    for name in config.variants:
        yield Example(
            name=name,
            build=functools.partial(compiled, config, VARIANTS[name]),
            x=images,
            y=labels,
        )
