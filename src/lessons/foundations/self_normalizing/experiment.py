"""Train, compare and search: `run(config)`."""

import functools
import math

import keras
import numpy as np

from lessons.foundations.self_normalizing import (
    comparison,
    data,
    evaluation,
    figures,
    grid,
    model,
    searches,
)
from lessons.foundations.self_normalizing.variants import (
    CLASSICS,
    VARIANTS,
    depth_group,
)
from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running


def build_model(config, name, depth, num_features, num_classes):
    """A network of the depth study, not compiled.

    Args:
        config: a `Config`.
        name: key of `VARIANTS`.
        depth: hidden layers.
        num_features, num_classes: sizes of input and output.
    """
    return model.build(
        name,
        num_features,
        num_classes,
        depth,
        config.width or num_features,
        members=config.members,
        form=config.form,
        dropout=config.dropout,
    )


def compiled(config, name, depth, num_features, num_classes, **options):
    """A network of the depth study, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    network = build_model(config, name, depth, num_features, num_classes)
    optimizer = model.OPTIMIZERS[config.optimizer](config.learning_rate)
    network.compile(optimizer, model.SummedCrossEntropy(), **options)
    return network


def compiled_for_tables(config, name, depth, folds, **options):
    """A network for tables, a member for each fold; options go to `compile`."""
    runtime.seed_everything(config.seed)
    network = model.build(
        name,
        max(folds.fan_in),
        max(folds.classes),
        depth,
        config.table_width,
        members=len(folds.names),
        fan_in=folds.fan_in,
        classes=folds.classes,
    )
    optimizer = keras.optimizers.SGD(config.table_rate)
    network.compile(optimizer, model.SummedCrossEntropy(), **options)
    return network


def train(config, name, depth, features, labels):
    """Train one kind of network; returns a `Trained` with losses per member.

    All members see the same rows: they differ in their initial weights only.

    Args:
        config: a `Config`.
        name: key of `VARIANTS`.
        depth: hidden layers.
        features: shape (rows, features).
        labels: shape (rows,).
    """
    x, y = (
        np.repeat(part[:, None], config.members, axis=1) for part in (features, labels)
    )
    trained = fit(
        compiled(config, name, depth, x.shape[-1], int(y.max()) + 1),
        x,
        config,
        y=y,
        description=f"{VARIANTS[name].label}, {depth} layers",
    )
    history = {
        column: [value / config.members for value in values]
        for column, values in trained.history.items()
    }
    return trained._replace(history=history)


def depth_study(config, parts, report):
    """Train every network of the depth study and put it into the report.

    Args:
        config: a `Config`.
        parts: `data.Features`.
        report: the `Report` to fill.

    Metrics: for GROUP/VARIANT, the group being `depth_group`, those of
    `evaluation.evaluate`, the last training `loss` (nats, mean over members) and
    `seconds_per_epoch`. The main model, the only one kept, is the first variant's
    deepest; `parameters` counts one of its members.
    """
    networks = config.networks()
    for name, depth in networks:
        trained = train(config, name, depth, parts.train_features, parts.train_labels)
        scores = evaluation.evaluate(
            trained.model, parts.test_features, parts.test_labels
        )
        scores["loss"] = trained.history["loss"][-1]
        report.add(f"{depth_group(depth)}/{name}", trained, scores)
    first = networks[0][0]
    deepest = max(depth for name, depth in networks if name == first)
    report.main(f"{depth_group(deepest)}/{first}")
    report.models = {"model": report.models["model"]}
    report.metrics["parameters"] /= config.members


def train_on_tables(config, folds, names, depths):
    """Train every variant at every depth on all folds at once.

    Args:
        config: a `Config`; gives the `table_` settings and the `seed`.
        folds: `data.Folds`.
        names: keys of `VARIANTS`.
        depths: hidden layers.

    Returns:
        (validation, test) accuracies, arrays of shape (variants, depths, members).
    """
    rows = config.table_steps * config.table_batch
    x, y = data.draw_batches(folds.train, rows, config.seed)
    once = config.replace(epochs=1, batch_size=config.table_batch)
    # `fit` keeps the order of the rows, so it does not choose the steps of a call.
    steps = runtime.steps_per_execution(config, config.table_steps)
    validation, test = [], []
    for name in names:
        for depth in depths:
            network = compiled_for_tables(
                config, name, depth, folds, steps_per_execution=steps
            )
            text = f"tables, {VARIANTS[name].label}, depth {depth}"
            fit(network, x, once, y=y, description=text, shuffle=False)
            validation.append(evaluation.accuracy(network, *folds.validation))
            test.append(evaluation.accuracy(network, *folds.test))
    shape = (len(names), len(depths), len(folds.names))
    return np.reshape(validation, shape), np.reshape(test, shape)


def table_study(config, folds):
    """Cross-validated accuracies on tables, and mean ranks.

    Args:
        config: a `Config`.
        folds: `data.Folds`.

    Returns:
        Metrics: `tables/VARIANT/TABLE` (test accuracy, mean over folds),
        `tables/VARIANT/rank` among the networks, `tables/VARIANT/rank_of_all` with
        the classics, and `tables/VARIANT/depth`, the mean depth chosen.
    """
    names, choices = config.table_variants, config.table_depths
    scores, depths = comparison.choose_depth(
        *train_on_tables(config, folds, names, choices), folds.names
    )
    classics = comparison.classics(folds, config.seed)
    classics = classics.reshape(len(classics), len(config.tables), -1).mean(-1)
    everyone = np.concatenate([scores, classics])
    ranks, ranks_of_all = map(comparison.mean_ranks, (scores, everyone))
    metrics = {}
    for index, name in enumerate((*names, *CLASSICS)):
        for table, score in zip(config.tables, everyone[index], strict=True):
            metrics[f"tables/{name}/{table}"] = float(score)
        metrics[f"tables/{name}/rank_of_all"] = float(ranks_of_all[index])
        if index < len(ranks):
            metrics[f"tables/{name}/rank"] = float(ranks[index])
            chosen = np.take(choices, depths[index])
            metrics[f"tables/{name}/depth"] = float(chosen.mean())
    return metrics


def prepare(config):
    """The data of a run; refuses what cannot be run before anything is computed.

    Args:
        config: a `Config`.

    Returns:
        (`data.Features` of the depth study, `data.Folds` of the tables), None for a
        part that the run does not have.

    Raises:
        UserError: a network cannot have the form asked for, or the data or the grid
            are impossible.
    """
    images = folds = None
    if "theorems" in config.parts:
        for name in config.searches:
            searches.counts(config, grid.DOMAINS[name])
    if "depth" in config.parts:
        for name, _ in config.networks():
            model.check_form(name, config.form)
        images = data.load(config)
    if "tables" in config.parts:
        folds = data.make_folds(
            config.tables, config.num_folds, config.seed, config.table_path
        )
    return images, folds


def run(config):
    """Run the parts of a configuration.

    Args:
        config: a `Config`.

    Returns:
        A `Report`; see `depth_study`, `table_study` and `searches.theorem_study` for
        the metrics.
    """
    deep = "depth" in config.parts
    lists = ["parts", "variants"] if deep else ["parts"]
    alone = "" if deep else "A run without the part 'depth'"
    with running("self_normalizing", config, lists=lists, one_device=alone) as report:
        images, folds = prepare(config)
        if "theorems" in config.parts:
            report.metrics |= searches.theorem_study(config)
        if deep:
            depth_study(config, images, report)
        if "tables" in config.parts:
            report.metrics |= table_study(config, folds)
        report.figures = figures.all_of(report)
    return report


def examples(config):
    """The deepest network of each variant, and one for tables (`Example`s)."""
    rng, members = np.random.default_rng(0), config.members
    num_features = math.prod(data.image_shape(config.source))
    x = rng.standard_normal((11, members, num_features), dtype=np.float32)
    y = rng.integers(0, 10, (11, members))
    if "depth" in config.parts:
        for name, depth in sorted(dict(sorted(config.networks())).items()):
            yield Example(
                name=name,
                build=functools.partial(
                    compiled, config, name, depth, num_features, 10
                ),
                x=x,
                y=y,
            )
    if "tables" in config.parts:
        folds = data.Folds(("a", "b"), (2, 3), (2, 3), (), (), ())
        yield Example(
            name="tables",
            build=functools.partial(
                compiled_for_tables, config, config.table_variants[0], 2, folds
            ),
            x=x[:, :2, :3] * np.array([[1, 1, 0], [1, 1, 1]], np.float32),
            y=y[:, :1] % 2 + np.array([0, 1]),
        )
