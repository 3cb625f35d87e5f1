"""Variants compared over tables: classics, the choice of depth and mean ranks."""

import numpy as np
from scipy import stats
from sklearn import ensemble, svm


def classics(folds, seed):
    """Test accuracies of a support vector machine and a random forest.

    Args:
        folds: `data.Folds`.
        seed: of the forest.

    Returns:
        Array of shape (2, members), in the order of `variants.CLASSICS`.
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
        validation, test: shape (variants, depths, members).
        names: table of each member.

    Returns:
        (accuracies, indices of the depths), each (variants, tables); tables in the
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
        accuracies: shape (variants, tables).

    Returns:
        Shape (variants,); their mean is (variants + 1) / 2.
    """
    return stats.rankdata(-np.asarray(accuracies), axis=0).mean(axis=1)
