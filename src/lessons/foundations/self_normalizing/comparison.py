"""Methods compared over tables: cross-validated accuracies and their mean ranks."""

import keras
import numpy as np
from scipy import stats
from sklearn import ensemble, svm

from lessons.foundations.self_normalizing import data, model
from lessons.toolkit import runtime
from lessons.toolkit.experiment import fit

CLASSICS = ("svm", "forest")


def networks(config, folds, methods, depths):
    """Train every method at every depth on all folds at once.

    Args:
        config: gives `table_width`, `table_steps`, `table_batch`, `table_rate`,
            `seed`.
        folds: `data.Folds`.
        methods, depths: what to train.

    Returns:
        (validation, test) accuracies, arrays of shape (methods, depths, members).
    """
    rows = config.table_steps * config.table_batch
    x, y = data.draw_batches(folds.train, rows, config.seed)
    validation, test = [], []
    for method in methods:
        for depth in depths:
            runtime.seed_everything(config.seed)
            network = model.build(
                method,
                x.shape[-1],
                max(folds.classes),
                depth,
                config.table_width,
                members=len(folds.names),
                fan_in=folds.fan_in,
                classes=folds.classes,
            )
            network.compile(
                keras.optimizers.SGD(config.table_rate),
                model.SummedCrossEntropy(),
                steps_per_execution=config.table_steps,
            )
            fit(
                network,
                x,
                config.replace(epochs=1, batch_size=config.table_batch),
                y=y,
                description=f"tables, {method}, depth {depth}",
                shuffle=False,
            )
            validation.append(model.accuracy(network, *folds.validation))
            test.append(model.accuracy(network, *folds.test))
    shape = (len(methods), len(depths), len(folds.names))
    return np.reshape(validation, shape), np.reshape(test, shape)


def classics(folds, seed):
    """Test accuracies of a support vector machine and a random forest.

    Returns:
        Array of shape (2, members), in the order of `CLASSICS`.
    """
    scores = []
    for make in (
        lambda: svm.SVC(),
        lambda: ensemble.RandomForestClassifier(100, random_state=seed),
    ):
        row = []
        for member, features in enumerate(folds.fan_in):
            (x, y), (test_x, test_y) = (
                (part[0][: part[2][member], member, :features], part[1][:, member])
                for part in (folds.train, folds.test)
            )
            classifier = make().fit(x, y[: len(x)])
            row.append(classifier.score(test_x, test_y[: len(test_x)]))
        scores.append(row)
    return np.array(scores)


def choose_depth(validation, test, names):
    """Test accuracy at the depth that is best on validation, for each table.

    Ties go to the deeper network, as in the paper.

    Args:
        validation, test: shape (methods, depths, members).
        names: table of each member.

    Returns:
        (accuracies, indices of the depths), each (methods, tables); tables in the
        order of their first member.
    """
    tables = list(dict.fromkeys(names))
    by_table = [np.array(names) == table for table in tables]
    validated, tested = (
        np.stack([part[..., rows].mean(-1) for rows in by_table], -1)
        for part in (validation, test)
    )
    last_best = validated.shape[1] - 1 - np.argmax(validated[:, ::-1], axis=1)
    chosen = np.take_along_axis(tested, last_best[:, None], axis=1)[:, 0]
    return chosen, last_best


def mean_ranks(accuracies):
    """Mean rank over tables, 1 the best; equal accuracies share their ranks.

    Args:
        accuracies: shape (methods, tables).

    Returns:
        Shape (methods,); their mean is (methods + 1) / 2.
    """
    return stats.rankdata(-np.asarray(accuracies), axis=0).mean(axis=1)
