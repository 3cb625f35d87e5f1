"""The race of optimizers is fair, and its table says who ran; nothing is timed."""

import numpy as np

from benchmarks import amsgrad_step

SMALL = amsgrad_step.Case("logistic", (4, 4, 1), whole=True, jit_compile=False)


def test_same_numbers_means_the_same_numbers():
    ends = {}
    for name, make in amsgrad_step.OPTIMIZERS.items():
        step, weights = amsgrad_step.compiled_step(SMALL, make())
        for _ in range(3):
            step()
        ends[name] = weights[0].numpy()
    keras_own, same, paper = ends.values()
    np.testing.assert_allclose(same, keras_own, atol=1e-6)
    assert np.abs(paper - keras_own).max() > 1e-4


def test_every_case_compares_all_optimizers_and_is_in_the_table():
    measured = {SMALL: amsgrad_step.measure(SMALL, num_rounds=1)}
    seconds, ratios = measured[SMALL]
    assert seconds.keys() == ratios.keys() == amsgrad_step.OPTIMIZERS.keys()
    assert ratios[amsgrad_step.BASE] == 1.0
    lines = amsgrad_step.table(measured)
    assert lines[-1].startswith("| logistic, training step |")
    assert len({len(line.split("|")) for line in lines}) == 1


def test_cases_differ():
    titles = [case.title for case in amsgrad_step.CASES]
    assert len(set(titles)) == len(titles)
