"""Train networks that look and draw, and judge them: `run(config)`."""

import functools

import keras
import numpy as np

from lessons.sequences.draw import data, evaluation, figures
from lessons.sequences.draw.cell import DRAWCell
from lessons.sequences.draw.model import DRAW
from lessons.sequences.draw.networks import GlimpseReader, PlacedClassifier, convnet
from lessons.sequences.draw.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running

EPOCHS = (10, 15, 20, 30, 40)  # whose accuracy on training images is noted


def build_model(config, variant):
    """The network of a variant, built and not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    options = {"shift": config.shift, "seed": config.seed}
    if variant.network == "convnet":
        body = convnet(
            config.image_shape,
            config.filters,
            config.dense,
            config.classes,
            config.dropout,
        )
        model = PlacedClassifier(body, config.classes, **options)
    elif variant.network == "glimpses":
        body = GlimpseReader(
            config.units, config.read_size, config.steps, config.classes
        )
        model = PlacedClassifier(body, config.classes, **options)
    else:
        model = DRAW(
            _cell(config, variant),
            variant.steps or config.steps,
            labels=variant.labels,
            target=variant.target,
            class_weight=variant.classified * config.alpha * config.batch_size,
            generative_weight=variant.generative,
            learned_canvas=config.learned_canvas,
            **options,
        )
    model.build((None, *config.image_shape))
    return model


def _cell(config, variant):
    return DRAWCell(
        config.image_shape,
        config.units,
        config.latent_dim,
        read_size=config.read_size,
        write_size=config.write_size,
        classes=config.classes,
        reader=variant.reader,
        evidence=variant.evidence,
        sequential=variant.prior == "sequential",
        hidden=config.units if variant.hidden else 0,
        real=config.real,
    )


def compiled(config, variant, **options):
    """The network of a variant, ready for `fit`; options go to `compile`."""
    model = build_model(config, variant)
    optimizer = keras.optimizers.Adam(
        config.learning_rate, global_clipnorm=config.clip_norm
    )
    drawing = variant.network == "draw" and config.strategy == "none"
    model.compile(optimizer, **{"jit_compile": config.compiled and drawing} | options)
    return model


def train(config, variant, split):
    """Train one variant; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        split: a `Split` of `data.load`.
    """
    runtime.seed_everything(config.seed)
    labels = split.train_labels if config.classes else None
    if variant.target == "shuffled":
        labels = np.random.default_rng(config.seed).permutation(labels)
    return fit(
        compiled(config, variant),
        split.train_images,
        config,
        y=labels,
        description=variant.label,
    )


def scores(config, variant, trained, split, judge):
    """Numbers of a trained variant, floats by name.

    Those of `evaluation.evaluate` and, with classes, `jump`, the epoch in which more
    than half of the training images were named right, and `learned_e`, their share in
    epoch e (of a network that is told labels in training both are too high: what it
    was told comes back through its reading and its codes); of a network that draws
    digits at random places also those of `evaluation.steering`; if the variant's
    `parts` are judged, those of `evaluation.evidence`, and `legible`. Of a classifier
    `accuracy`, `jump` and `learned_e` alone.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        trained: a `Trained`.
        split: a `Split`.
        judge: a `NearestDigit`, or None.
    """
    model, images, labels = trained.model, split.test_images, split.test_labels
    found = {}
    if config.classes:
        learned = trained.history["accuracy"]
        found["jump"] = evaluation.epoch_of(learned)
        found |= {f"learned_{e}": learned[e - 1] for e in EPOCHS if e <= len(learned)}
    if not isinstance(model, DRAW):
        logits = model.predict(images, batch_size=200, verbose=0)
        return found | {"accuracy": float(np.mean(logits.argmax(axis=1) == labels))}
    found |= evaluation.evaluate(model, images, labels)
    if judge is not None:
        found |= evaluation.steering(model, judge, config.num_samples, config.seed)
    if variant.parts and config.classes:
        found |= evaluation.evidence(model, images, labels)
    if variant.parts and judge is not None:
        found["legible"] = evaluation.legible(model, judge, images, labels)
    return found


def run(config):
    """Train every variant of a configuration and judge it on held-out images.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `scores`; yardsticks as of
        `evaluation.baselines` where digits lie at random places; `parameters`. The
        main model is the first variant's.
    """
    with running("draw", config) as report:
        split = data.load(config)
        judge = None
        if config.shift and config.classes:
            judge = data_judge(config, split)
        for name in config.variants:
            variant = VARIANTS[name]
            trained = train(config, variant, split)
            report.add(name, trained, scores(config, variant, trained, split, judge))
        if judge is not None:
            report.metrics |= evaluation.baselines(judge.digits, split, config, judge)
        report.figures = figures.all_of(report, split)
    return report


def data_judge(config, split):
    """The `NearestDigit` that knows the training digits of a configuration.

    Args:
        config: a `Config` with a shift.
        split: a `Split`, whose training images lie in the middle.
    """
    inside = slice(config.shift, config.image_shape[0] - config.shift)
    digits = split.train_images[:, inside, inside]
    return evaluation.NearestDigit(
        digits, split.train_labels, config.image_shape[0], config.shift
    )


def examples(config):
    """A small compiled network of each kind, with random images (`Example`s)."""
    large = config.preset.startswith("paper")
    count = 2 if large else 7
    if large:  # no network depends on the number of glimpses
        config = config.replace(steps=2)
    rng = np.random.default_rng(0)
    images = rng.random((count, *config.image_shape)).astype("float32")
    labels = rng.integers(0, config.classes, count) if config.classes else None
    for name in reversed(
        config.variants
    ):  # the convnet first: XLA has it ready soonest
        yield Example(
            name=name,
            build=functools.partial(_fresh, config, VARIANTS[name]),
            x=images,
            y=labels,
        )


def _fresh(config, variant, **options):
    runtime.seed_everything(config.seed)
    return compiled(config, variant, **options)
