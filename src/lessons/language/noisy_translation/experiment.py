"""Train translators on clean and on noisy sentences and judge them: `run(config)`."""

import functools

import keras
import numpy as np
import tensorflow as tf

from lessons.language.noisy_translation import data, evaluation, figures
from lessons.language.noisy_translation.layers import (
    CharCNN,
    CharSegments,
    MeanChar,
    PieceReader,
)
from lessons.language.noisy_translation.model import Translator
from lessons.language.noisy_translation.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running


def build_reader(config, variant, num_read):
    """The layer that reads what a variant reads.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        num_read: how many numbers of letters or pieces there are.
    """
    size, highways = config.filters, config.highways
    if variant.reader == "char_cnn":
        return CharCNN(num_read, config.letter_dim, size, config.width, highways)
    if variant.reader == "mean_char":
        return MeanChar(num_read, size, size, highways)
    if variant.reader == "pieces":
        return PieceReader(num_read, size)
    return CharSegments(
        num_read, config.letter_dim, config.segment_filters, config.stride, highways
    )


def build_model(config, variant, coding):
    """The translator of a variant, built but not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        coding: a `coding.Coding`.
    """
    model = Translator(
        build_reader(config, variant, coding.num_read(variant.reads)),
        len(coding.symbols(variant.writes)),
        kind=config.kind,
        encoder_units=config.encoder_units,
        directions=config.directions,
        units=config.units,
        num_layers=config.num_layers,
        target_dim=config.target_dim,
        feeding=config.feeding,
        show_words=config.show_words,
        dropout=config.dropout,
        seed=config.seed,
    )
    model.build()
    if config.first_weights:
        start = keras.initializers.RandomUniform(
            -config.first_weights, config.first_weights, seed=config.seed
        )
        for number, weight in enumerate(model.trainable_weights):
            start.seed = 1000 * config.seed + number
            weight.assign(start(weight.shape))
    return model


def compiled(config, variant, corpus, **options):
    """The translator of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, corpus.coding)
    steps = config.epochs * (len(corpus.train) // config.batch_size)
    if config.optimizer == "sgd":
        kind, rate = keras.optimizers.SGD, config.learning_rate
    else:
        kind = keras.optimizers.Adam
        rate = keras.optimizers.schedules.CosineDecay(config.learning_rate, steps)
    if config.halve_after:
        rate = config.learning_rate
    model.compile(kind(rate, global_clipnorm=config.clip_norm), **options)
    model.optimizer.build(model.trainable_variables)
    return model


def again(model, config, variant, coding):
    """Put a trained model back to its first weights, and its optimizer too.

    A model that is trained again needs no new graph: variants that differ in their
    sentences only share one.

    Args:
        model: what `compiled` gave for a variant with the same reader.
        config, variant, coding: as for `build_model`.
    """
    runtime.seed_everything(config.seed)
    model.set_weights(build_model(config, variant, coding).get_weights())
    for variable in model.optimizer.variables:
        variable.assign(keras.ops.zeros_like(variable))
    if not callable(model.optimizer._learning_rate) or config.halve_after:
        model.optimizer.learning_rate = config.learning_rate
    return model


def train(config, variant, corpus, model=None):
    """Train one variant; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        corpus: a `data.Corpus`.
        model: what `compiled` gave for a variant with the same reader, to train it
            again from its first weights; None makes one.
    """
    steps = len(corpus.train) // config.batch_size
    if model is None:
        execution = runtime.steps_per_execution(config, min(steps, 50))
        model = compiled(
            config,
            variant,
            corpus,
            steps_per_execution=execution,
            jit_compile=config.compiled and variant.reads != "pieces",
        )
    else:
        again(model, config, variant, corpus.coding)
    callbacks = []
    if config.halve_after:

        def rate(epoch, _):
            halvings = max(0, epoch + 1 - config.halve_after)
            return config.learning_rate * 0.5**halvings

        callbacks = [keras.callbacks.LearningRateScheduler(rate)]
    return fit(
        model,
        stream(config, corpus, variant),
        config,
        description=variant.label,
        callbacks=callbacks,
        steps_per_epoch=steps,
        shuffle=False,
    )


def stream(config, corpus, variant):
    """The batches of `data.batches` as a `tf.data.Dataset`."""
    (source, before), targets = next(data.batches(config, corpus, variant))
    open_ended = variant.reads == "pieces"  # as long as the longest of a batch

    def spec(array, open_ended=False):
        shape = (config.batch_size, None) if open_ended else array.shape
        return tf.TensorSpec(shape, array.dtype)

    signature = ((spec(source, open_ended), spec(before)), spec(targets))
    draw = functools.partial(data.batches, config, corpus, variant)
    batches = tf.data.Dataset.from_generator(draw, output_signature=signature)
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = (
        tf.data.experimental.AutoShardPolicy.DATA
    )
    return batches.prefetch(4).with_options(options)


def kept(model, config, variant, coding):
    """A copy of a trained model, since the model itself is trained again."""
    copy = build_model(config, variant, coding)
    copy.set_weights(model.get_weights())
    return copy


def run(config):
    """Train every variant of a configuration and judge it under every noise.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate`, the last
        epoch's `loss` (nats per sentence) and `seconds_per_epoch`; those of
        `evaluation.baselines`. The main model is the first variant's.
    """
    with running("noisy_translation", config) as report:
        corpus = data.load(config)
        tests = evaluation.test_sets(config, corpus)
        models = {}
        for name in config.variants:
            variant = VARIANTS[name]
            trained = train(config, variant, corpus, models.get(variant.reader))
            model = models.setdefault(variant.reader, trained.model)
            scores = evaluation.evaluate(model, variant, tests, corpus, config)
            scores["loss"] = trained.history["loss"][-1]
            copy = kept(model, config, variant, corpus.coding)
            report.add(name, trained._replace(model=copy), scores)
        report.metrics |= evaluation.baselines(tests, corpus, config)
        report.figures = figures.all_of(report)
    return report


def examples(config):
    """A small compiled model of each kind of reader, with sentences (`Example`s)."""
    settings = config
    if config.source == "text" or config.num_train > 100:
        settings = config.replace(source="grammar", num_train=100, num_test=2)
    corpus = data.load(settings)
    size = 2 if config.units >= 400 else 11
    pairs = corpus.train[:size]
    kinds = {VARIANTS[name].reader: name for name in reversed(config.variants)}
    for name in kinds.values():
        variant = VARIANTS[name]
        targets = corpus.coding.target([t for _, t in pairs], variant.writes)
        source = corpus.coding.source([s for s, _ in pairs], variant.reads)
        before = np.concatenate([np.full((size, 1), 2, np.int32), targets[:, :-1]], 1)
        yield Example(
            name=name,
            build=functools.partial(compiled, config, variant, corpus),
            x=(source, before),
            y=targets,
        )
