"""Train, cut, fine-tune and compare: `run(config)`."""

import typing

import keras
import numpy as np

from lessons.efficiency.channel_pruning import (
    cuts,
    data,
    evaluation,
    figures,
    networks,
    surgery,
)
from lessons.efficiency.channel_pruning.model import GatedClassifier
from lessons.efficiency.channel_pruning.optimizer import ISTA, gate_penalties
from lessons.efficiency.channel_pruning.variants import VARIANTS
from lessons.toolkit import quality, runtime
from lessons.toolkit.callbacks import Watch
from lessons.toolkit.experiment import Example, Trained, fit, running


class Outcome(typing.NamedTuple):
    """A finished variant.

    Attributes:
        first: the network before the cut, its statistics settled.
        trained: a `Trained` with the cut and fine-tuned network.
        scores: numbers by name.
    """

    first: keras.Model
    trained: Trained
    scores: dict[str, float]


def build_model(config, variant, image_shape, num_classes=10, widths=None):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`; one with its penalty in the loss has regularizers.
        image_shape: (height, width, channels).
        num_classes: classes.
        widths: channels of each gate; by default the configuration's.
    """
    model = GatedClassifier(
        image_shape,
        num_classes,
        config.network,
        config.widths if widths is None else widths,
        standardise=config.standardise,
        augment=config.augment,
        momentum=config.bn_momentum,
        seed=config.seed,
    )
    if variant.penalty != "loss":
        return model
    rho = config.rho * variant.rho
    factors = [rho * penalty for penalty in networks.penalties(model)]
    return GatedClassifier(**model.arguments | {"loss_penalties": factors})


def make_optimizer(config, variant, model, num_examples):
    """SGD, within `ISTA` where the variant shrinks gates.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        model: a built `GatedClassifier`, whose size gives the penalties.
        num_examples: of an epoch.
    """
    sgd = _sgd(config, config.rate)
    if variant.penalty != "ista":
        return sgd
    rho = config.rho * variant.rho
    if config.warm_epochs and not variant.start:
        steps = -(-num_examples // config.batch_size)
        rho = keras.optimizers.schedules.PiecewiseConstantDecay(
            [config.warm_epochs * steps], [config.warm_rho, rho]
        )
    return ISTA(sgd, gate_penalties(model), rho)


def _sgd(config, rate, **options):
    """SGD whose weight decay, if any, leaves batch normalisation alone."""
    if not config.weight_decay:
        return keras.optimizers.SGD(rate, **options)
    sgd = keras.optimizers.SGD(rate, weight_decay=config.weight_decay, **options)
    sgd.exclude_from_weight_decay(var_names=["gamma", "beta"])
    return sgd


def compiled(model, optimizer, **options):
    """A network ready for `fit`; options go to `compile`."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    accuracy = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    model.compile(optimizer, loss, metrics=[accuracy], **options)
    return model


def train(config, variant, split, model=None, callbacks=()):
    """The first training of a variant, with its penalty; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        split: a `Split`.
        model: the network to train further; by default a new one.
        callbacks: of Keras.
    """
    runtime.seed_everything(config.seed)
    images = split.train_images
    if model is None:
        classes = len(split.class_names)
        model = build_model(config, variant, images.shape[1:], classes)
    surgery.rescale(model, variant.alpha)
    limits = cuts.thresholds(config, variant, model)
    watch = Watch(lambda network: evaluation.near_zero(network, limits))
    trained = fit(
        compiled(model, make_optimizer(config, variant, model, len(images))),
        images,
        config.replace(epochs=config.epochs * variant.rounds),
        y=split.train_labels,
        description=variant.label,
        callbacks=[watch, *callbacks],
    )
    surgery.rescale(model, 1 / variant.alpha)
    return trained


def fine_tune(config, variant, split, model):
    """Train a network without a penalty at the smaller rate; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        split: a `Split`.
        model: the network after the cut.
    """
    averaged = {"use_ema": True, "ema_momentum": config.average}
    sgd = _sgd(config, config.fine_rate, **averaged if config.average else {})
    return fit(
        compiled(model, sgd),
        split.train_images,
        config.replace(epochs=config.fine_epochs, warm_epochs=0),
        y=split.train_labels,
        description=f"{variant.label}, fine-tuning",
    )


def prune(config, name, split, found):
    """Train, cut and fine-tune one variant, and those that it needs before.

    Args:
        config: a `Config`.
        name: a key of `VARIANTS`.
        split: a `Split`.
        found: `Outcome`s by name; the new ones join them.

    Returns:
        An `Outcome`.
    """
    if name in found:
        return found[name]
    variant = VARIANTS[name]
    for other in {variant.like, variant.source, variant.start} - {""}:
        prune(config, other, split, found)
    history, first = _first(config, variant, split, found)
    small, scores = cuts.cut(config, variant, split, first, found)
    trained = fine_tune(config, variant, split, small)
    for column, values in trained.history.items():
        history[column] = [*history.get(column, []), *values]
    scores |= evaluation.evaluate(trained.model, split.test_images, split.test_labels)
    found[name] = Outcome(first, trained._replace(history=history), scores)
    return found[name]


def _first(config, variant, split, found):
    """History and network before the cut."""
    if variant.source:
        return {}, found[variant.source].first
    model = None
    if variant.small:
        widths = found[variant.like].trained.model.arguments["widths"]
        runtime.seed_everything(config.seed)
        shape, classes = split.train_images.shape[1:], len(split.class_names)
        model = build_model(config, variant, shape, classes, widths)
    elif variant.start:
        model = surgery.copy(found[variant.start].trained.model)
    history = {}
    if variant.rounds:
        model, history, _ = train(config, variant, split, model)
    cuts.settle(model, split.train_images, config.batch_size)
    return history, model


def run(config):
    """Make the network of every variant of a configuration and judge it.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and of
        `cut`, where `zeros` and `near` count gates that are 0 or within two thresholds
        of 0 before the cut and `shared` is the part of the channels that the variant
        `like` keeps too; `seconds_per_epoch`, and `seconds_per_batch` of inference;
        those of `quality.baselines`; `parameters`. The main model is the first one's.
    """
    alone = "Batch normalisation whose statistics are folded"
    with running("channel_pruning", config, one_device=alone) as report:
        split = data.load(config)
        found = {}
        for name in config.variants:
            outcome = prune(config, name, split, found)
            report.add(name, outcome.trained, outcome.scores)
        models = {name: found[name].trained.model for name in config.variants}
        times = evaluation.seconds(models, split.test_images)
        report.metrics |= {f"{n}/seconds_per_batch": s for n, s in times.items()}
        report.main(config.variants[0])
        report.metrics |= quality.baselines(split)
        report.figures = figures.all_of(report)
    return report


def examples(config):
    """A small compiled network of each kind, with random images (`Example`s)."""
    shape, classes = data.shape_and_classes(config)
    rng = np.random.default_rng(0)
    images = rng.random((11, *shape), dtype=np.float32)
    labels = rng.integers(classes, size=11)
    kinds = {VARIANTS[name].penalty: name for name in reversed(config.variants)}
    for name in kinds.values():

        def build(variant=VARIANTS[name], **options):
            runtime.seed_everything(config.seed)
            model = build_model(config, variant, shape, classes)
            optimizer = make_optimizer(config, variant, model, len(images))
            return compiled(model, optimizer, **options)

        yield Example(name=name, build=build, x=images, y=labels)
