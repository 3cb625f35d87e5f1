"""Train MarrNet and its rivals, judge them, fine-tune on images: `run(config)`."""

import keras
import numpy as np

from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, Trained, fit, running
from lessons.vision.marrnet import data, evaluation, figures, refine
from lessons.vision.marrnet.model import MarrNet, ShapeNet, SketchNet, TwoHeads
from lessons.vision.marrnet.variants import TUNED, TUNINGS, VARIANTS

ONE_DEVICE = "Fine-tuning on one image"


def build_sketch_net(config):
    """MarrNet's first step, not compiled."""
    return SketchNet(
        config.size,
        config.network,
        config.inside_only,
        config.silhouette_weight,
        config.depth_weight,
    )


def build_shape_net(config, route="sketches"):
    """MarrNet's second step, or with route="image" the direct network, not compiled."""
    return ShapeNet(
        config.size,
        config.grid,
        config.code,
        route,
        config.network,
        config.positive_weight,
    )


def build_model(config, variant):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    if variant.apart:
        return MarrNet(build_sketch_net(config), build_shape_net(config))
    if variant.route == "image":
        return build_shape_net(config, variant.route)
    return TwoHeads(
        config.size,
        config.code,
        variant.route,
        variant.sketch_weight,
        config.positive_weight,
        config.network,
        config.inside_only,
        config.silhouette_weight,
        config.depth_weight,
    )


def compiled(config, model, epochs=1, count=1, **options):
    """A model ready for `fit`.

    Args:
        config: a `Config`.
        model: not compiled.
        epochs: of the training; the rate ends with them.
        count: training examples.
        **options: for `compile`.
    """
    rate = config.learning_rate
    if config.optimizer == "adam":
        steps = epochs * -(-count // config.batch_size)
        schedule = keras.optimizers.schedules.CosineDecay(rate, max(steps, 1))
        optimizer = keras.optimizers.Adam(schedule)
    else:
        optimizer = keras.optimizers.SGD(rate, momentum=0.9)
    model.compile(optimizer, **options)
    return model


def train(config, variant, part):
    """Train one variant; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        part: the training shapes, a `data.Part`.
    """
    runtime.seed_everything(config.seed)
    model = build_model(config, variant)
    if variant.apart:
        return _train_apart(config, variant, model, part)
    if variant.route == "image":
        y, epochs = part.voxels, config.direct_epochs
    else:
        y = np.concatenate([part.sketches, part.voxels], axis=-1)
        epochs = config.joint_epochs
    return _fitted(config, model, part.pictures, y, epochs, variant.label)


def _train_apart(config, variant, model, part):
    """Step 1 on images; step 2 on true sketches, which need no image."""
    first = _fitted(
        config,
        model.sketch_net,
        part.pictures,
        part.sketches,
        config.sketch_epochs,
        f"{variant.label}, sketches",
    )
    second = _fitted(
        config,
        model.shape_net,
        part.sketches,
        part.voxels,
        config.epochs,
        f"{variant.label}, shape",
    )
    history = {**second.history, "sketch_loss": first.history["loss"]}
    return Trained(model, history, first.seconds + second.seconds)


def _fitted(config, model, x, y, epochs, description):
    compiled(config, model, epochs, len(x))
    settings = config.replace(epochs=epochs)
    return fit(model, x, settings, y=y, description=description)


def run(config):
    """Train every variant, judge it in every domain, and fine-tune MarrNet on images.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: of each variant `threshold` and `validation`; by domain
        those of `evaluation.scores`, such as `same/marrnet/iou`; by threshold
        `tau_0.5/marrnet/iou`; rows of `variants.YARDSTICKS`, such as `same/shell/iou`
        and `shell_true/iou`; those of `tune`, such as `tune_true/fixed/iou_change`.
    """
    with running("marrnet", config, one_device=ONE_DEVICE) as report:
        parts = data.load(config)
        occupancies = {}
        for name in config.variants:
            trained = train(config, VARIANTS[name], parts.train)
            numbers, groups = evaluation.evaluate(trained.model, parts, config)
            report.add(name, trained, numbers)
            for group, values in groups.items():
                _enter(report, f"{group}/{name}", values)
            for domain, images in parts.test.images.items():
                found = evaluation.predicted(trained.model, images, config.batch_size)
                occupancies[domain, name] = found, numbers["threshold"]
        report.main(config.variants[0])
        marrnet = _marrnet_of(report, config)
        rows = evaluation.baselines(parts, marrnet, config)
        for row, values in rows.items():
            _enter(report, row, values)
        if marrnet is not None:
            rows = evaluation.controls(marrnet, parts, config)
            for (domain, row), values in rows.items():
                _enter(report, f"{domain}/{row}", values)
            report.metrics |= _ahead(occupancies, parts.test, config)
            if config.tune_images:
                report.metrics |= tune(marrnet, parts, config)
        report.figures = figures.all_of(report, parts)
    return report


def _enter(report, name, values):
    report.metrics |= {f"{name}/{key}": float(v) for key, v in values.items()}


def _marrnet_of(report, config):
    """The trained MarrNet of a run, or None."""
    if "marrnet" not in config.variants:
        return None
    return report.models["model" if config.variants[0] == "marrnet" else "marrnet"]


def _ahead(occupancies, part, config):
    """On which part of the shapes MarrNet is ahead of each rival, in each domain."""
    found = {}
    for (domain, name), (other, level) in occupancies.items():
        if name != "marrnet":
            own, threshold = occupancies[domain, "marrnet"]
            key = f"{domain}/{name}/marrnet_ahead"
            found[key] = evaluation.ahead(own, other, part, (threshold, level))
    return found


def tune(model, parts, config):
    """Fine-tune on test images, each by itself, in the ways of `variants.TUNED`.

    Args:
        model: a trained `MarrNet`.
        parts: `data.Shapes`.
        config: a `Config`; gives images, updates, rate and the weight of the normals.

    Returns:
        Metrics: for each `TUNED` group and way those of `evaluation.tuning_scores`,
        such as `tune_predicted/fixed/iou_change`; where all is free also
        `iou_at_equal_loss`, at the loss that the fixed decoder reached.
    """
    count = min(config.tune_images, len(parts.test.sketches))
    truth, true = parts.test.voxels[:count], parts.test.sketches[:count]
    threshold = evaluation.evaluate_threshold(
        model.shape_net, model, parts.validation, config.batch_size
    )
    given = {"true": (true, None), "other": (true, data.swapped(true))}
    for group, domain in (("predicted", "same"), ("shifted", "shifted")):
        if domain in parts.test.images:
            images = parts.test.images[domain][:count]
            sketches = model.sketch_net.predict(images, verbose=0)
            given[group] = sketches, None
    found, refiners = {}, {}
    for group, (sketches, targets) in given.items():
        courses = {}
        for way in TUNED[group]:
            tuning = TUNINGS[way]
            moving = tuning.encoder, tuning.decoder  # one graph for each pair
            if moving not in refiners:
                refiners[moving] = refine.Refiner(
                    model.shape_net, tuning, config.tune_rate
                )
            courses[way] = refiners[moving].tune(
                sketches,
                truth,
                threshold,
                config.tune_steps,
                targets,
                config.normal_weight if tuning.with_normals else 0.0,
            )
            values = evaluation.tuning_scores(courses[way])
            if way == "free" and "fixed" in courses:
                reached = courses["fixed"].loss[:, -1]
                equal = refine.at_equal_loss(courses[way], reached).mean()
                values["iou_at_equal_loss"] = equal
            found |= {f"tune_{group}/{way}/{k}": float(v) for k, v in values.items()}
    return found


def examples(config):
    """A small compiled network of every kind, with random inputs (`Example`s)."""
    rng = np.random.default_rng(0)
    count = 9 if config.preset.startswith("smoke") else 1
    size, grid = config.size, config.grid
    images = rng.random((count, size, size, 3), np.float32)
    sketches = rng.random((count, size, size, 5), np.float32)
    voxels = (rng.random((count, grid, grid, grid)) < 0.1).astype(np.float32)
    both = None
    if size == grid:
        both = np.concatenate([sketches, voxels], axis=-1)

    def example(name, make, x, y):
        def build(**options):
            runtime.seed_everything(config.seed)
            return compiled(config, make(), count=count, **options)

        return Example(name=name, build=build, x=x, y=y)

    for name in config.variants:
        variant = VARIANTS[name]
        if variant.apart:
            yield example("sketch", lambda: build_sketch_net(config), images, sketches)
            yield example("shape", lambda: build_shape_net(config), sketches, voxels)
        else:
            yield example(
                name,
                lambda variant=variant: build_model(config, variant),
                images,
                voxels if variant.route == "image" else both,
            )
