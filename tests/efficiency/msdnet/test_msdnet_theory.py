"""Shares, thresholds and costs, each by a second route."""

import dataclasses

import numpy as np
import pytest

from lessons.efficiency.msdnet import config, evaluation, experiment, paper, theory
from lessons.efficiency.msdnet.plan import Plan
from lessons.efficiency.msdnet.units import Unit
from lessons.efficiency.msdnet.variants import VARIANTS
from lessons.toolkit.errors import UserError

LAPTOP = config.PRESETS["laptop"]
CIFAR = experiment.plan_of(config.PRESETS["paper"])
BATCH = experiment.plan_of(config.PRESETS["paper_batch"])


def test_the_paper_s_networks_have_their_numbers_and_costs():
    for classes, count in zip((10, 100), paper.PARAMETERS["anytime"], strict=True):
        plan = dataclasses.replace(CIFAR, num_classes=classes)
        assert plan.num_parameters == count
    assert CIFAR.exits == tuple(range(4, 25, 2))
    found = np.array(CIFAR.costs()) / 1e6
    np.testing.assert_allclose(found, paper.ANYTIME_COSTS, atol=0.005)
    assert CIFAR.costs(lazy=False)[0] / 1e6 == pytest.approx(15.13, abs=0.005)
    for exits in (5, 7, 8):
        for classes, count in zip((10, 100), paper.PARAMETERS[exits], strict=True):
            given = config.PRESETS["paper_batch"].replace(
                num_exits=exits, num_classes=classes
            )
            assert experiment.plan_of(given).num_parameters == count
    lazy, full = BATCH.costs(), BATCH.costs(lazy=False)
    np.testing.assert_allclose(np.array(lazy) / 1e6, paper.BATCH_COSTS, atol=0.005)
    np.testing.assert_allclose(np.array(full) / 1e6, paper.BATCH_FULL_COSTS, atol=0.006)
    products = np.array(BATCH.costs("products", lazy=False)) / 1e6
    np.testing.assert_allclose(products, [6.78, 14.19, 27.25, 41.33, 58.03], atol=0.006)


def test_reduction_drops_numbers_and_costs_and_makes_transitions():
    whole = dataclasses.replace(CIFAR, reduction="none")
    count, full, lazy = paper.UNREDUCED
    assert whole.num_parameters == count
    assert whole.costs(lazy=False)[-1] / 1e6 == pytest.approx(full, abs=0.05)
    assert whole.costs()[-1] / 1e6 == pytest.approx(lazy, abs=0.05)

    def transitions(plan):
        units = {p: c.transition for p, c in plan.cells.items() if c.transition}
        return {
            p[0]: (u.inputs // 4, u.outputs // 4) for p, u in units.items() if p[1] == 3
        }

    assert transitions(CIFAR) == {9: (70, 35), 17: (83, 41)}
    assert transitions(BATCH) == {6: (52, 26), 11: (56, 28)}
    assert [len(CIFAR.kept(n)) for n in (0, 8, 9, 16, 17, 24)] == [3, 3, 2, 2, 1, 1]
    least = dataclasses.replace(CIFAR, reduction="min")
    needed = set().union(*(least.needed(layer) for layer in least.exits))
    assert {place for place in needed if place[0]} == set(least.cells)


def test_channels_follow_the_formula_between_transitions():
    plan = experiment.plan_of(LAPTOP)
    for (layer, scale), cell in plan.cells.items():
        assert cell.channels == (6 + 4 * layer) * (1, 2, 4)[scale - 1]
    assert plan.num_parameters == paper.LAPTOP_PARAMETERS
    assert tuple(plan.costs("products")) == paper.LAPTOP_COSTS


def test_the_cost_of_a_convolution():
    unit = Unit(3, 1, 8, 10, 16)
    images, kernel = np.ones((18, 18, 8)), np.ones((3, 3, 8, 10))
    count = sum(
        images[y : y + 3, x : x + 3].size * kernel.shape[-1]
        for y in range(16)
        for x in range(16)
    )
    assert unit.products == count
    assert Unit(3, 2, 8, 10, 8).products * 4 == count
    assert Unit(3, 1, 4, 5, 16).products * 4 == count


@pytest.mark.parametrize("layer, scales", [(1, 3), (3, 3), (6, 3), (4, 1), (2, 4)])
def test_needed_cells_are_those_found_by_going_back(layer, scales):
    plan = Plan(
        image_shape=(32, 32, 1),
        num_classes=3,
        exits=(layer,),
        num_scales=scales,
        growth_factors=(1, 2, 2, 2),
        bottleneck_factors=(1, 1, 1, 1),
        pool="global",
    )
    cells = theory.needed_cells(layer, scales)
    assert cells == plan.needed(layer)
    count = sum(at > 0 for at, _ in cells)
    if layer >= scales - 1:
        assert count == layer * scales - scales * (scales - 1) // 2
    assert (0, 1) in cells


def test_exits_come_at_even_or_growing_steps():
    assert theory.exit_layers(4, 1, 1, "lin_grow") == (1, 3, 6, 10)
    assert theory.exit_layers(3, 4, 2, "even") == (4, 6, 8)


def test_shares_of_exits():
    found = theory.exit_distribution(0.5, 5)
    expected = [0.516129, 0.258065, 0.129032, 0.064516, 0.032258]
    np.testing.assert_allclose(found, expected, atol=1e-6)
    for q, count in ((0.3, 4), (0.9, 7)):
        found = theory.exit_distribution(q, count)
        assert found.sum() == pytest.approx(1)
        np.testing.assert_allclose(found, theory.geometric_shares(1 - q, count))
        # Those who reach exit k leave with probability q: simulate it.
        rng = np.random.default_rng(0)
        first = rng.geometric(q, 200_000)
        first = first[first <= count]
        simulated = np.bincount(first, minlength=count + 1)[1:] / len(first)
        np.testing.assert_allclose(found, simulated, atol=0.004)


def test_budgets_are_met():
    assert theory.solve_q((1, 2, 4), 2) == pytest.approx(1 - np.sqrt(0.5), abs=1e-9)
    costs = np.array(BATCH.costs()) / 1e6
    q = theory.solve_q(costs, 20)
    assert q == pytest.approx(0.292731, abs=1e-5)
    spent = theory.expected_cost(theory.exit_distribution(q, 5), costs)
    assert spent == pytest.approx(20, abs=1e-9)
    late = theory.expected_cost(theory.geometric_shares(1.9, 5), costs)
    assert late == pytest.approx(43.87, abs=0.01) and late > costs.mean()
    assert theory.solve_p(costs, late) == pytest.approx(1.9, abs=1e-6)
    spent = [
        theory.expected_cost(theory.exit_distribution(q, 5), costs)
        for q in np.linspace(0.001, 0.999, 50)
    ]
    assert np.all(np.diff(spent) < 0)
    assert spent[0] == pytest.approx(costs.mean(), rel=1e-2)
    for budget in (costs[0], costs.mean(), 1.0):
        with pytest.raises(UserError, match="budget"):
            theory.solve_q(costs, budget)
    with pytest.raises(UserError, match="budget"):
        theory.solve_p(costs, costs[-1])
    with pytest.raises(UserError, match="rising"):
        theory.solve_p((3, 2), 2.5)


def test_thresholds_by_hand():
    confidence = np.array([[0.9, 0.8, 0.2, 0.1], [0.99, 0.98, 0.3, 0.4]])
    confidence = np.vstack([confidence, np.zeros(4)])
    found = theory.find_thresholds(confidence, (0.5, 0.25, 0.25))
    np.testing.assert_array_equal(found, [0.8, 0.4, -np.inf])
    np.testing.assert_array_equal(theory.choose_exits(confidence, found), [0, 0, 2, 1])
    found = theory.find_thresholds(confidence, (0.0, 0.5, 0.5))
    np.testing.assert_array_equal(found, [np.inf, 0.98, -np.inf])


def test_thresholds_give_the_shares_and_new_examples_nearly_so():
    rng = np.random.default_rng(1)
    shares = theory.geometric_shares(0.7, 4)
    held, new = rng.random((4, 1000)), rng.random((4, 20_000))
    thresholds = theory.find_thresholds(held, shares)
    there = np.bincount(theory.choose_exits(held, thresholds), minlength=4) / 1000
    assert np.abs(there - shares)[:-1].max() <= 1 / 1000
    assert abs(there[-1] - shares[-1]) <= 4 / 1000
    found = np.bincount(theory.choose_exits(new, thresholds), minlength=4) / 20_000
    error = np.sqrt(shares * (1 - shares) / 1000)
    assert np.all(np.abs(found - shares) < 4 * error)
    assert np.any(found != there)


def test_thresholds_with_ties_nans_and_too_few_left():
    ties = np.ones((2, 6))
    exits = theory.choose_exits(ties, theory.find_thresholds(ties, (0.5, 0.5)))
    assert np.all(exits == 0)
    confidence = np.array([[np.nan] * 3 + [0.5], [0.1, 0.2, 0.3, 0.4], [0.0] * 4])
    found = theory.find_thresholds(confidence, (0.75, 0.25, 0.0))
    assert found[0] == 0.5  # only one number may pass
    assert np.array_equal(theory.choose_exits(confidence, found), [2, 2, 1, 0])
    nobody = theory.find_thresholds(np.ones((3, 5)), (0.6, 0.2, 0.2))
    np.testing.assert_array_equal(nobody, [1, np.inf, -np.inf])
    hundred = np.linspace(0, 1, 100)[None].repeat(2, 0)
    found = theory.find_thresholds(hundred, (0.29, 0.71))
    assert np.sum(hundred[0] >= found[0]) == 29
    for shares in ((0.5, 0.6), (1.5, -0.5)):
        with pytest.raises(UserError, match="shares"):
            theory.find_thresholds(hundred, shares)
    with pytest.raises(UserError, match="confidence"):
        theory.find_thresholds(hundred, (0.2, 0.3, 0.5))


def test_independent_confidence_gives_the_random_exit():
    rng = np.random.default_rng(2)
    accuracies, n = np.array([0.5, 0.7, 0.9]), 100_000
    is_right = rng.random((3, n)) < accuracies[:, None]
    shares = theory.geometric_shares(0.6, 3)
    blind, knowing = rng.random((3, n)), is_right + rng.random((3, n))
    reached = []
    for confidence in (blind, knowing):
        thresholds = theory.find_thresholds(confidence, shares)
        exits = theory.choose_exits(confidence, thresholds)
        reached.append(evaluation.leave(is_right, exits, (1, 2, 4)))
    assert reached[0][0] == pytest.approx(shares @ accuracies, abs=0.005)
    assert reached[1][0] > shares @ accuracies + 0.1
    assert reached[0][1] == pytest.approx(theory.expected_cost(shares, (1, 2, 4)), 1e-3)


def test_the_joint_loss_is_the_weighted_sum():
    rng = np.random.default_rng(3)
    logits, labels = rng.normal(size=(5, 3, 4)), rng.integers(4, size=5)
    found = np.asarray(theory.multi_exit_loss(labels, logits, (1.0, 0.5, 2.0)))
    expected = np.zeros(5)
    for k, weight in enumerate((1.0, 0.5, 2.0)):
        for i in range(5):
            powers = np.exp(logits[i, k])
            expected[i] -= weight * np.log(powers[labels[i]] / powers.sum())
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_rivals_cost_at_most_as_much_as_the_grid():
    for name, variant in VARIANTS.items():
        found = experiment.plans(LAPTOP, variant)
        total = sum(plan.costs("products")[-1] for plan in found)
        if name == "final_only":
            saved = sum(
                experiment.plan_of(LAPTOP).head_total(layer, "products")
                for layer in (1, 3)
            )
            assert total == paper.LAPTOP_COSTS[-1] - saved
        else:
            assert 0.88 * paper.LAPTOP_COSTS[-1] < total <= paper.LAPTOP_COSTS[-1]
    cheap = experiment.matched(experiment.plan_of(LAPTOP), 1.0, widths=(5, 4, 6))
    assert cheap.growth == 4


@pytest.mark.parametrize(
    "change, text",
    [
        ({"exits": (3, 2)}, "exits"),
        ({"growth": 3, "growth_factors": (1, 1, 1)}, "even"),
        ({"image_shape": (18, 18, 1)}, "image_shape"),
        ({"num_scales": 4}, "growth_factors"),
        ({"halve_at": (1,)}, "halve_at"),
        ({"dense": False, "reduction": "max"}, "reduction"),
        ({"num_scales": 0}, "num_scales"),
    ],
)
def test_plans_that_cannot_be_are_refused(change, text):
    with pytest.raises(UserError, match=text):
        dataclasses.replace(experiment.plan_of(LAPTOP), **change)
    with pytest.raises(UserError, match="growth"):
        experiment.matched(experiment.plan_of(LAPTOP), 1e6, widths=(-1,))


def test_anytime_takes_the_last_exit_that_is_paid_for():
    assert [theory.anytime_exit((1, 2, 4), b) for b in (0.5, 1, 3, 4, 9)] == [
        -1,
        0,
        1,
        2,
        2,
    ]
    found = np.zeros((2, 4, 3))
    found[0, :, 0], found[1, :, 1] = 1, 1
    labels = np.array([1, 1, 1, 0])
    reached = evaluation.anytime(found, labels, (1, 2), (0.5, 1.5, 2))
    np.testing.assert_array_equal(reached, [np.nan, 0.25, 0.75])
