"""Train, compare and search: `run(config)`."""

import contextlib
import math
import time
from pathlib import Path

import keras
import numpy as np

from lessons.foundations.self_normalizing import (
    comparison,
    data,
    figures,
    grid,
    model,
)
from lessons.foundations.self_normalizing.config import PRESETS
from lessons.toolkit import results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report, fit


def build_model(config, method, depth, num_features, num_classes):
    """The network of the depth study that a configuration describes."""
    return model.build(
        method,
        num_features,
        num_classes,
        depth,
        config.width or num_features,
        members=config.members,
        form=config.form,
        dropout=config.dropout,
    )


def _networks(config):
    """(method, depth) of each network of the depth study."""
    pairs = [(method, depth) for method in config.methods for depth in config.depths]
    pairs += [(method, config.more_depth) for method in config.more_methods]
    return list(dict.fromkeys(pairs))


def train(config, method, depth, arrays):
    """Train one kind of network: (model, history, seconds of an epoch, accuracies).

    Args:
        config: a `Config`.
        method, depth: which network.
        arrays: train features and labels, test features and labels; flat images.

    Returns:
        The model, its history (losses are means over members), seconds of an epoch,
        and the test accuracy of each member.
    """
    runtime.seed_everything(config.seed)
    # The same rows for every member: they differ in their initial weights only.
    x, y, test_x, test_y = (
        np.repeat(part[:, None], config.members, axis=1) for part in arrays
    )
    num_classes = int(y.max()) + 1
    network = build_model(config, method, depth, x.shape[-1], num_classes)
    one_epoch = math.ceil(len(x) / config.batch_size)  # in one call from Python
    network.compile(
        keras.optimizers.SGD(config.learning_rate),
        model.SummedCrossEntropy(),
        steps_per_execution=runtime.steps_per_execution(config, one_epoch),
    )
    _, history, seconds = fit(
        network, x, config, y=y, description=f"{method}, {depth} layers"
    )
    history = {
        name: [value / config.members for value in values]
        for name, values in history.items()
    }
    return network, history, seconds, model.accuracy(network, test_x, test_y)


def depth_study(config):
    """Train every network of the depth study.

    Returns:
        (metrics, history, main model): for `METHOD_DEPTH` the mean, lowest and
        highest test accuracy over members, the last training loss and the seconds
        of an epoch. The main model is the first method's deepest.
    """
    arrays = data.load_images(config)
    metrics, history, models = {}, {}, {}
    for method, depth in _networks(config):
        network, curves, seconds, scores = train(config, method, depth, arrays)
        name = f"{method}_{depth}"
        metrics |= {
            f"{name}/test_accuracy": float(scores.mean()),
            f"{name}/lowest": float(scores.min()),
            f"{name}/highest": float(scores.max()),
            f"{name}/loss": curves["loss"][-1],
            f"{name}/seconds_per_epoch": seconds,
        }
        history |= {f"{name}/{column}": values for column, values in curves.items()}
        models[method, depth] = network
    pairs = _networks(config)
    main = max((pair for pair in pairs if pair[0] == pairs[0][0]), key=lambda p: p[1])
    metrics["parameters"] = float(models[main].count_params() // config.members)
    return metrics, history, models[main]


def table_study(config):
    """Cross-validated accuracies on tables, and mean ranks.

    Returns:
        Metrics: `tables/METHOD/TABLE` (test accuracy, mean over folds),
        `tables/METHOD/rank` among the networks, `tables/METHOD/rank_of_all` with the
        classics, and `tables/METHOD/depth`, the mean depth chosen.
    """
    folds = data.make_folds(
        config.tables, config.num_folds, config.seed, config.table_path
    )
    scores, depths = comparison.choose_depth(
        *comparison.networks(config, folds, config.table_methods, config.table_depths),
        folds.names,
    )
    classics = comparison.classics(folds, config.seed)
    classics = classics.reshape(len(classics), len(config.tables), -1).mean(-1)
    everyone = np.concatenate([scores, classics])
    ranks = comparison.mean_ranks(scores)
    ranks_of_all = comparison.mean_ranks(everyone)
    metrics = {}
    for index, method in enumerate((*config.table_methods, *comparison.CLASSICS)):
        name = f"tables/{method}"
        for table, score in zip(config.tables, everyone[index], strict=True):
            metrics[f"{name}/{table}"] = float(score)
        metrics[f"{name}/rank_of_all"] = float(ranks_of_all[index])
        if index < len(ranks):
            metrics[f"{name}/rank"] = float(ranks[index])
            chosen = np.take(config.table_depths, depths[index])
            metrics[f"{name}/depth"] = float(chosen.mean())
    return metrics


def _counts(config, domain):
    if config.grid_scale is not None:
        return domain.counts(config.grid_scale)
    if len(config.grid_counts) != 4:
        raise UserError(
            "grid_counts must be four numbers (mu, omega, nu, tau), got "
            f"{config.grid_counts!r}."
        )
    return config.grid_counts


def theorem_study(config):
    """Search every domain of a configuration.

    Returns:
        Metrics: `DOMAIN/QUANTITY/lowest` and `/highest`, `DOMAIN/points`,
        `DOMAIN/share` (1 when the search was not cut short) and
        `DOMAIN/points_per_second`.
    """
    metrics = {}
    state = Path(config.grid_state) if config.grid_state else None
    if state is not None:
        with contextlib.suppress(FileExistsError):
            _make_folder(state)
    for name in config.searches:
        found = grid.search(
            grid.DOMAINS[name],
            _counts(config, grid.DOMAINS[name]),
            grid.QUANTITIES,
            state_path=state and state / f"{name}.json",
            most_seconds=config.grid_seconds or math.inf,
            description=name,
        )
        for side in ("lowest", "highest"):
            for quantity, extreme in getattr(found, side).items():
                metrics[f"{name}/{quantity}/{side}"] = extreme.value
        metrics[f"{name}/points"] = float(found.points)
        metrics[f"{name}/share"] = found.points / found.total
        metrics[f"{name}/points_per_second"] = found.points / found.seconds
    return metrics


def _make_folder(path):
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"cannot make the folder grid_state={str(path)!r}: {error.strerror}."
        ) from None


def run(config):
    """Run the parts of a configuration.

    Args:
        config: a `Config`.

    Returns:
        A `Report`; see `depth_study`, `table_study` and `theorem_study` for the
        metrics. The main model is the deepest of the first method.
    """
    start = time.perf_counter()
    if not config.parts:
        raise UserError("parts must name at least one part to run, got none.")
    if "depth" in config.parts and not _networks(config):
        raise UserError("methods and more_methods name no network to train.")
    if config.strategy != "none" and "depth" not in config.parts:
        raise UserError("strategy='mirrored' is for the part 'depth'.")
    metrics, history, models, pictures = {}, {}, {}, {}
    with runtime.session(config):
        if "theorems" in config.parts:
            metrics |= theorem_study(config)
        if "depth" in config.parts:
            scores, history, models["model"] = depth_study(config)
            metrics |= scores
            pictures["loss"] = figures.losses(history)
            pictures["accuracy"] = figures.accuracies(metrics)
        if "tables" in config.parts:
            metrics |= table_study(config)
            pictures["tables"] = figures.tables([metrics])
    return Report(
        slug="self_normalizing",
        config=config,
        metrics=metrics,
        history=history,
        figures=pictures,
        environment=runtime.environment(),
        seconds=time.perf_counter() - start,
        models=models,
    )


def recorded(preset, **changes):
    """Metrics of the recorded runs of one preset, one entry per seed.

    Args:
        preset: name of a preset.
        **changes: fields that differ from it.

    Returns:
        List of metrics, from the lesson's results.json.
    """
    config = PRESETS[preset].replace(**changes)
    return [metrics for _, metrics in results.metrics_by_seed(__file__, config)]
