"""Train networks with exits and compare what they cost: `run(config)`."""

import dataclasses

import keras
import numpy as np

from lessons.efficiency.msdnet import clock, data, evaluation, figures, lazy, theory
from lessons.efficiency.msdnet.model import ExitAccuracy, MultiExit, MultiExitLoss
from lessons.efficiency.msdnet.plan import Plan
from lessons.efficiency.msdnet.variants import VARIANTS
from lessons.toolkit import quality, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Example, fit, running


def plan_of(config):
    """The `Plan` of the grid of a configuration."""
    shape, classes = data.shape_and_classes(config)
    return Plan(
        image_shape=shape,
        num_classes=classes,
        exits=theory.exit_layers(
            config.num_exits, config.base, config.step, config.step_mode
        ),
        num_scales=config.num_scales,
        channels=config.channels,
        growth=config.growth,
        growth_factors=config.growth_factors,
        bottleneck_factors=config.bottleneck_factors,
        reduction=config.reduction,
        compression=config.compression,
        stem=config.stem,
        head=config.head,
        pool=config.pool,
    )


def plans(config, variant):
    """The `Plan`s of a variant, more than one for an ensemble."""
    grid = plan_of(config)
    found = grid
    if not variant.dense:
        found = dataclasses.replace(found, dense=False, reduction="none")
    if not variant.scales:
        found = dataclasses.replace(
            found, num_scales=1, reduction="none", halve_at=grid.exits[:-1]
        )
    if variant.final_only or variant.members:
        found = dataclasses.replace(found, exits=grid.exits[-1:])
    members = max(1, variant.members)
    if variant.matched:
        found = matched(found, grid.costs("products")[-1] / members)
    return [found] * members


def matched(plan, cost, widths=range(2, 65)):
    """A plan of the same kind whose last exit costs at most as much as another's.

    Args:
        plan: the plan to widen or narrow: `growth` where maps are concatenated,
            `channels` where they are added.
        cost: multiplications until the last exit that are aimed at.
        widths: candidates; those that a plan cannot have are left out.

    Returns:
        A `Plan`, that with the greatest cost of those that cost no more; if all cost
        more, the cheapest.
    """
    field = "growth" if plan.dense else "channels"
    best = None
    for width in widths:
        try:
            found = dataclasses.replace(plan, **{field: width})
        except UserError:
            continue
        over = found.costs("products")[-1] - cost
        gap = over > 0, abs(over)
        if best is None or gap < best[0]:
            best = gap, found
    if best is None:
        raise UserError(f"no {field} among {list(widths)} is possible for {plan}.")
    return best[1]


def costs_of(model):
    """Multiplications until each exit of a model, counted from its built layers."""
    return np.cumsum([stage.products for stage in lazy.stages(model.graph)]).tolist()


def build_model(config, variant):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    means, deviations = data.STATISTICS[config.source]
    return MultiExit(
        plans(config, variant),
        means,
        deviations,
        augment=config.augment,
        momentum=config.bn_momentum,
        decay=config.decay,
        seed=config.seed,
    )


def make_optimizer(config, num_examples):
    """Adam or SGD with Nesterov's momentum; the rate falls by steps or as a cosine.

    Args:
        config: a `Config`.
        num_examples: of an epoch.
    """
    schedules = keras.optimizers.schedules
    steps = -(-num_examples // config.batch_size)
    if config.drop_epochs:
        rates = [
            config.rate * config.drop**n for n in range(len(config.drop_epochs) + 1)
        ]
        rate = schedules.PiecewiseConstantDecay(
            [steps * epoch for epoch in config.drop_epochs], rates
        )
    else:
        rate = schedules.CosineDecay(config.rate, steps * config.epochs)
    if config.optimizer == "adam":
        return keras.optimizers.Adam(rate)
    return keras.optimizers.SGD(rate, momentum=0.9, nesterov=True)


def compiled(config, model, num_examples, **options):
    """A network ready for `fit`; options go to `compile`."""
    count = model.num_exits
    weights = (1.0,) * count
    if config.exit_weights and count == len(config.exit_weights):
        weights = config.exit_weights
    model.compile(
        make_optimizer(config, num_examples),
        MultiExitLoss(weights),
        metrics=[ExitAccuracy(k, name=f"exit_{k + 1}") for k in range(count)],
        **options,
    )
    return model


def train(config, variant, split, callbacks=()):
    """Train the network of a variant; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        split: a `Split`.
        callbacks: of Keras.
    """
    runtime.seed_everything(config.seed)
    model = build_model(config, variant)
    return fit(
        compiled(config, model, len(split.train_images)),
        split.train_images,
        config,
        y=split.train_labels,
        description=variant.label,
        callbacks=callbacks,
    )


def run(config):
    """Train every variant of a configuration and judge it.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate`, such as
        `msdnet/exit_1` and `p_0.6/msdnet/gain`, those of `clock.walls` with
        thresholds for p = 0.6, `parameters`, `seconds_per_epoch`; those of
        `quality.baselines`; `ink_correlation` of pixels' variance and difficulty.
    """
    alone = "Evaluation that goes on from cached maps"
    with running("msdnet", config, one_device=alone) as report:
        parts = data.load(config)
        for name in config.variants:
            average = VARIANTS[name].members > 0
            trained = train(config, VARIANTS[name], parts.split)
            model = trained.model
            scores, groups = evaluation.evaluate(
                model, parts, costs_of(model), config, average
            )
            scores["parameters"] = runtime.num_parameters(model)
            if VARIANTS[name].timed:
                scores |= _walls(model, parts)
            report.add(name, trained, scores)
            for group, numbers in groups.items():
                report.metrics |= {
                    f"{group}/{name}/{key}": float(v) for key, v in numbers.items()
                }
        report.main(config.variants[0])
        timed = any(VARIANTS[name].timed for name in config.variants)
        if timed and config.source == "letters":
            report.metrics |= quality.baselines(parts.split)
            test = parts.split
            ink = np.corrcoef(
                test.test_images.var(axis=(1, 2, 3)), test.test_parameters["difficulty"]
            )
            report.metrics["ink_correlation"] = float(ink[0, 1])
        report.figures = figures.all_of(report)
    return report


def _walls(model, parts, p=0.6):
    """`clock.walls` on test images, with thresholds from validation images."""
    held = lazy.confidence(evaluation.probabilities(model, parts.validation_images))
    shares = theory.geometric_shares(p, model.num_exits)
    thresholds = theory.find_thresholds(held, shares)
    return clock.walls(model, parts.split.test_images[:500], thresholds)


def examples(config):
    """A small compiled network of each kind, with random images (`Example`s)."""
    shape, classes = data.shape_and_classes(config)
    rng = np.random.default_rng(0)
    count = 11 if config.preset.startswith("smoke") else 2
    images = rng.random((count, *shape), dtype=np.float32)
    labels = rng.integers(classes, size=count)
    for name in config.variants:

        def build(variant=VARIANTS[name], **options):
            runtime.seed_everything(config.seed)
            return compiled(config, build_model(config, variant), count, **options)

        yield Example(name=name, build=build, x=images, y=labels)
