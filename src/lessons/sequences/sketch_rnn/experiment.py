"""Train models of drawings and judge them: `run(config)`."""

import functools

import keras
import numpy as np
import tensorflow as tf

from lessons.sequences.sketch_rnn import data, evaluation, figures
from lessons.sequences.sketch_rnn.model import SketchRNN
from lessons.sequences.sketch_rnn.schedule import DecayToFloor
from lessons.sequences.sketch_rnn.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.callbacks import Watch
from lessons.toolkit.experiment import Example, fit, running


def build_model(config, variant, scale=1.0, num_classes=2):
    """The model of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        scale: what the drawings' offsets were divided by.
        num_classes: classes of the drawings.
    """
    decoder_cell = variant.cell or config.decoder_cell
    encoder_cell = variant.cell if variant.cell != "hyper" else "layer_norm"
    hyper = {"hyper_units": config.hyper_units, "embedding": config.embedding}
    floor = config.kl_floor if variant.kl_floor is None else variant.kl_floor
    return SketchRNN(
        config.max_length,
        config.encoder_units,
        config.decoder_units,
        config.latent_dim,
        config.num_mixtures,
        code=variant.code,
        num_classes=num_classes if variant.code == "class" else 0,
        encoder_cell=encoder_cell or config.encoder_cell,
        decoder_cell=decoder_cell,
        cell_options=hyper if decoder_cell == "hyper" else None,
        keep=config.keep,
        kl_weight=variant.kl_weight,
        kl_floor=floor,
        kl_start=config.kl_start,
        kl_rate=config.kl_rate,
        scale=scale,
        seed=config.seed,
    )


def compiled(config, variant, scale=1.0, num_classes=2, **options):
    """The model of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, scale, num_classes)
    rate = config.learning_rate
    if config.rate_decay < 1:
        rate = DecayToFloor(rate, config.rate_floor, config.rate_decay)
    clip = {"norm": "global_clipnorm", "value": "clipvalue"}[config.clip_by]
    optimizer = keras.optimizers.Adam(rate, **{clip: config.clip})
    classes = num_classes if variant.code == "class" else 0
    model.build((None, config.max_length, 5 + classes))
    model.compile(optimizer, **{"jit_compile": config.compiled} | options)
    return model


def train(config, variant, drawings, callbacks=()):
    """Train one variant; returns a `Trained`.

    The history holds the loss and its parts of each epoch, and `test_reconstruction`
    and `test_kl` after each `look_every` epochs.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        drawings: `data.Drawings`.
        callbacks: of Keras.
    """
    classes = variant.code == "class"
    model = compiled(config, variant, drawings.scale, len(drawings.class_names))
    rows = drawings.arrays("train", classes)
    test = drawings.arrays("test", classes)

    def look(network):
        found = evaluation.losses(network, test)
        return {f"test_{name}": found[name] for name in ("reconstruction", "kl")}

    return fit(
        model,
        stream(rows, config) if config.stretch or config.drop else rows,
        config,
        description=variant.label,
        callbacks=[Watch(look, config.look_every), *callbacks],
    )


def stream(rows, config):
    """A data set whose drawings are changed anew in every epoch.

    Args:
        rows: shape (drawings, N_max, columns).
        config: a `Config`, with `stretch` and `drop`.
    """
    rng = np.random.default_rng(config.seed)
    size = config.batch_size

    def batches():
        order = rng.permutation(len(rows))
        for first in range(0, len(order), size):
            chosen = rows[order[first : first + size]]
            changed = data.augmented(chosen[..., :5], rng, config.stretch, config.drop)
            yield np.concatenate([changed, chosen[..., 5:]], axis=-1)

    spec = tf.TensorSpec((None, *rows.shape[1:]), tf.float32)
    found = tf.data.Dataset.from_generator(batches, output_signature=spec)
    return found.apply(tf.data.experimental.assert_cardinality(-(-len(rows) // size)))


def run(config):
    """Train every variant of a configuration and judge it.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate`; for the
        yardsticks those of `evaluation.baselines` and `untrained`; `parameters`. The
        main model is the first variant's.
    """
    alone = "A model that is judged while it trains"
    with running("sketch_rnn", config, one_device=alone) as report:
        drawings = data.load(config)
        judge = evaluation.Judge(drawings, config.seed)
        for name in config.variants:
            trained = train(config, VARIANTS[name], drawings)
            scores = evaluation.evaluate(trained.model, drawings, judge)
            report.add(name, trained, scores)
        report.metrics |= evaluation.baselines(drawings, config)
        report.metrics |= untrained(config, drawings)
        report.figures = figures.all_of(report, drawings)
    return report


def untrained(config, drawings):
    """What is read from the codes of an encoder that was never trained.

    Args:
        config: a `Config`.
        drawings: `data.Drawings`.

    Returns:
        Dictionary of floats, those of `evaluation.readable` under `untrained/`.
    """
    runtime.seed_everything(config.seed)
    model = build_model(config, VARIANTS["weight_1"], drawings.scale)
    model.build((None, config.max_length, 5))
    found = evaluation.readable(model, drawings)
    return {f"untrained/{name}": value for name, value in found.items()}


def examples(config):
    """Small compiled models with random drawings (`Example`s).

    One with an encoder, which has all that the others have; of the paper's presets,
    whose cells are the others, a model for each code: weights of the divergence do not
    change what is built.
    """
    rng = np.random.default_rng(0)
    large = config.decoder_units >= 100
    config = config.replace(max_length=3)
    count = 2 if large else 7
    rows = rng.normal(size=(count, config.max_length, 5)).astype(np.float32)
    rows[..., 2:] = np.eye(3)[np.where(rng.random(rows.shape[:2]) < 0.7, 0, 1)]
    for i in range(count):  # of different lengths, one of them the greatest
        rows[i, config.max_length - i % 3 :] = (0, 0, 0, 0, 1)
    first = (
        "The numbers that shift the gates pass a matrix that begins at 0, as in the "
        "official code, so what comes before it moves from the second step on."
    )
    kinds = {VARIANTS[name].code: name for name in reversed(config.variants)}
    for name in kinds.values() if large else ("weight_quarter",):
        variant = VARIANTS[name]
        hyper = "hyper" in (variant.cell, config.decoder_cell)
        yield Example(
            name=name,
            build=functools.partial(compiled, config, variant),
            x=rows,
            exceptions={"every weight moves": first} if hyper else {},
        )
