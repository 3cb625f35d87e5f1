"""Play the game of mappings on two languages and judge what it finds: `run(config)`."""

import keras
import numpy as np
import tensorflow as tf

from lessons.language.word_translation import data, evaluation, figures, sentences
from lessons.language.word_translation.model import MappingGame
from lessons.language.word_translation.selection import Selection
from lessons.language.word_translation.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running

MOST_BYTES = 2**28  # larger draws of words are gathered batch by batch


def build_model(config, variant):
    """The game of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    return MappingGame(
        config.restarts,
        config.hidden,
        dropout=config.dropout,
        discriminator_steps=config.discriminator_steps,
        smoothing=config.smoothing,
        beta=variant.beta,
        project=variant.project,
        start=config.start,
        seed=config.seed,
    )


def compiled(config, variant, dim, **options):
    """The game of a variant for vectors of a size, ready for `fit`."""
    model = build_model(config, variant)
    model.build((None, dim))
    rate = config.discriminator_rate
    if config.discriminator_optimizer == "adam":
        optimizer = keras.optimizers.Adam(rate, beta_1=0.5)
    else:
        optimizer = keras.optimizers.SGD(rate)
    model.compile(keras.optimizers.SGD(config.rate), optimizer, **options)
    return model


def draws(config, languages):
    """Words for an epoch, drawn evenly from the frequent ones of each language.

    Both languages are drawn apart from each other: no row is a pair.

    Args:
        config: a `Config`.
        languages: `data.Languages`.

    Returns:
        (x, y): float32 arrays of shape (steps * batch, D + 1, d), or a
        `tf.data.Dataset` of such batches and None where they would be large.
    """
    rng = np.random.default_rng((config.seed, 7))
    shape = (config.steps * config.batch_size, config.discriminator_steps + 1)
    tables = [w[: config.game_words] for w in (languages.source, languages.target)]
    ranks = [rng.integers(len(table), size=shape) for table in tables]
    if 8 * np.prod(shape) * config.embedding_dim <= MOST_BYTES:
        return tuple(table[rows] for table, rows in zip(tables, ranks, strict=True))
    tables = [tf.constant(table) for table in tables]
    rows = tf.data.Dataset.from_tensor_slices(tuple(ranks)).batch(config.batch_size)
    return rows.map(lambda *r: tuple(map(tf.gather, tables, r))).prefetch(2), None


def train(config, variant, languages, callbacks=()):
    """Play the game of one variant; returns a `Trained`.

    Afterwards each restart has the mapping of its epoch with the highest criterion. The
    history holds the means of the model's training step and, for each restart r,
    `criterion_r` and `p1_r` after every epoch.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        languages: `data.Languages`.
        callbacks: of Keras.
    """
    runtime.seed_everything(config.seed)
    model = compiled(config, variant, languages.source.shape[1])
    x, y = draws(config, languages)
    selection = Selection(languages, config)
    return fit(
        model,
        x,
        config,
        y=y,
        description=variant.label,
        callbacks=[selection, *callbacks],
    )


def scores(config, trained, languages):
    """Numbers of a game that was played: `evaluation.game_scores`, and of sentences.

    `diverged` is the number of restarts whose weights were infinite at the end.

    Args:
        config: a `Config`.
        trained: a `Trained`.
        languages: `data.Languages`.
    """
    mappings = trained.model.mappings.kernel.numpy()
    found = evaluation.game_scores(mappings, languages, config)
    found["diverged"] = float(trained.history["diverged"][-1])
    if config.num_sentences and languages.meaning is not None:
        best = chosen_mapping(config, trained.model, languages)
        rng = np.random.default_rng((config.seed, 5))
        found |= sentences.judged(best, languages, config.num_sentences, rng)
    return found


def chosen_mapping(config, model, languages):
    """The mapping with the highest criterion, refined, float64 of shape (d, d)."""
    mappings = model.mappings.kernel.numpy()
    chosen = evaluation.best_by_criterion(mappings, languages, config)[0]
    return evaluation.refined(mappings[chosen], languages, config)


def run(config):
    """Play the game of every variant of a configuration and judge it.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `scores` and
        `seconds_per_epoch`; those of `evaluation.baselines`; `parameters`. The main
        model is the first variant's.
    """
    alone = "A game whose networks take turns within one step"
    with running("word_translation", config, one_device=alone) as report:
        languages = data.load(config)
        for name in config.variants:
            trained = train(config, VARIANTS[name], languages)
            report.add(name, trained, scores(config, trained, languages))
        report.metrics |= evaluation.baselines(languages, config)
        report.figures = figures.all_of(report, languages)
    return report


def examples(config):
    """A small compiled game of each kind, with random words (`Example`s)."""
    rng = np.random.default_rng(0)
    shape = (11, config.discriminator_steps + 1, config.embedding_dim)
    x, y = rng.normal(size=(2, *shape)).astype("float32")
    kinds = {name: config for name in config.variants}
    if config.preset == "smoke":  # the paper's discriminator has dropout and plain SGD
        kinds["adversarial_dropout"] = config.replace(
            dropout=0.1, discriminator_optimizer="sgd", start="identity"
        )
    for name, settings in kinds.items():

        def build(settings=settings, name=name, **options):
            runtime.seed_everything(settings.seed)
            variant = VARIANTS.get(name, VARIANTS["adversarial"])
            return compiled(settings, variant, settings.embedding_dim, **options)

        yield Example(
            name=name,
            build=build,
            x=x,
            y=y,
            exceptions={
                "export": "What is exported maps words of shape (n, d), not the draws "
                "of shape (n, D + 1, d) that a game is trained with."
            },
        )
