"""The compiled grid search: theorems, points, resuming, refusals."""

import json
import math

import numpy as np
import pytest
import tensorflow as tf

from lessons.foundations.self_normalizing import grid, theory
from lessons.toolkit.errors import UserError

COUNTS = (3, 5, 9, 5)  # for all domains, and as in the preset `smoke`: compiled once


@pytest.fixture(scope="module")
def found():
    return {
        name: grid.search(domain, COUNTS, grid.QUANTITIES)
        for name, domain in grid.DOMAINS.items()
    }


def test_theorem_1_the_image_lies_in_the_stated_box(found):
    one = found["theorem_1"]
    assert one.lowest["mean"].value == pytest.approx(-0.0310605, abs=1e-7)
    assert one.highest["mean"].value == pytest.approx(0.0677251, abs=1e-7)
    assert one.lowest["variance"].value > 0.80009
    assert one.highest["variance"].value < 1.48617
    assert one.lowest["second"].value == pytest.approx(0.8046765, abs=1e-7)
    assert one.highest["second"].value == pytest.approx(1.4861616, abs=1e-7)


def test_theorem_1_the_map_contracts(found):
    worst = found["theorem_1"].highest["norm_h"]
    assert worst.value == pytest.approx(0.897608, abs=1e-6)
    assert np.abs(worst.point) == pytest.approx((0.1, 0.1, 0.8, 1.1))


def test_the_papers_number_is_the_norm_of_j_at_larger_tau(found):
    worst = found["theorem_1_wide"].highest["norm_j"]
    assert worst.value == pytest.approx(0.9912524171058772, abs=1e-13)
    assert np.abs(worst.point) == pytest.approx((0.1, 0.1, 0.8, 1.25))
    assert worst.value + grid.PAPER_SLACK < 1


def test_the_misquoted_box_is_left(found):
    wrong = found["theorem_1_misquoted"]
    assert wrong.lowest["mean"].value == pytest.approx(-0.03448, abs=1e-5)
    assert wrong.lowest["variance"].value == pytest.approx(0.77014, abs=1e-5)


def test_theorem_2_variance_falls(found):
    two = found["theorem_2"].highest
    assert two["second_change"].value == pytest.approx(-0.0180173, abs=1e-7)
    assert two["variance_change"].value == pytest.approx(-0.11974, abs=1e-5)


def test_theorem_3_variance_grows(found):
    low = found["theorem_3_low"].lowest["variance_change"].value
    high = found["theorem_3_high"].lowest["variance_change"].value
    assert (low, high) == pytest.approx((0.0077361, 0.0110293), abs=1e-7)


def test_no_random_point_beats_the_grid(found):
    # The extremes lie at corners, which every grid holds.
    rng = np.random.default_rng(0)
    for name, domain in grid.DOMAINS.items():
        sides = np.array([domain.mu, domain.omega, domain.nu, domain.tau])
        points = rng.uniform(*sides.T, size=(5000, 4))
        values = dict(zip(grid.QUANTITIES, grid.evaluate(*points.T), strict=True))
        for quantity in ("mean", "norm_h", "norm_j", "second_change"):
            if name.startswith("theorem_3") and quantity == "second_change":
                continue  # its highest value lies inside
            highest = found[name].highest[quantity].value
            assert np.max(values[quantity]) <= highest + 1e-9, (name, quantity)


def test_extremes_in_blocks_are_those_of_plain_numpy(monkeypatch):
    domain, counts = grid.DOMAINS["theorem_1"], (3, 3, 11, 4)
    monkeypatch.setattr(grid, "_BLOCK_POINTS", 3 * 4 * 4)  # rows of nu: 4, 4, 3
    result = grid.search(domain, counts, ("variance", "norm_j"))
    points = np.meshgrid(*domain.axes(counts), indexing="ij")
    variance = np.asarray(theory.moment_map(*points).variance)
    norms = np.asarray(theory.largest_singular_value(theory.jacobians(*points)[0]))
    assert result.highest["norm_j"].value == pytest.approx(norms.max(), abs=1e-14)
    there, _ = theory.jacobians(*result.highest["norm_j"].point)
    assert float(theory.largest_singular_value(there)) == pytest.approx(norms.max())
    assert result.highest["variance"].value == pytest.approx(variance.max(), abs=1e-14)
    at = theory.moment_map(*result.lowest["variance"].point).variance
    assert float(at) == pytest.approx(variance.min(), abs=1e-14)
    assert result.points == result.total == math.prod(counts)


def test_the_papers_grid_has_a_billion_points():
    counts = grid.DOMAINS["theorem_1"].counts()
    assert counts == (31, 243, 732, 206)
    assert math.prod(counts) == 1_135_916_136
    assert math.prod(grid.DOMAINS["theorem_2"].counts()) > 5e11
    for axis, step in zip(
        grid.DOMAINS["theorem_1"].axes(counts), grid.PAPER_STEPS, strict=True
    ):
        assert np.max(np.diff(axis)) <= step  # at least as fine as the paper's


def test_an_interrupted_search_goes_on_where_it_was(tmp_path):
    domain, counts, path = grid.DOMAINS["theorem_1"], (3, 5, 4, 3), tmp_path / "s.json"
    first = grid.search(domain, counts, state_path=path, most_seconds=0)
    assert not first.complete
    assert 0 < first.points < first.total
    steps = []
    state = json.loads(path.read_text())["done"]
    while not (
        second := grid.search(domain, counts, state_path=path, most_seconds=0)
    ).complete:
        steps.append(json.loads(path.read_text())["done"])
    assert [state, *steps] == list(range(1, 5))
    assert second.highest == grid.search(domain, counts).highest


def test_another_searchs_state_is_refused(tmp_path):
    path = tmp_path / "s.json"
    grid.search(grid.DOMAINS["theorem_1"], (3, 3, 4, 3), state_path=path)
    with pytest.raises(UserError, match="another search"):
        grid.search(grid.DOMAINS["theorem_1"], (3, 3, 5, 3), state_path=path)
    path.write_text("no json")
    with pytest.raises(UserError, match="cannot read"):
        grid.search(grid.DOMAINS["theorem_1"], (3, 3, 4, 3), state_path=path)


@pytest.mark.parametrize(
    ("counts", "quantities", "words"),
    [
        ((3, 3, 3), ("norm_h",), "four"),
        ((3, 1, 3, 3), ("norm_h",), "at least 2"),
        ((3, 3, 3, 3), ("norm",), "norm_h"),
    ],
)
def test_impossible_searches_are_refused(counts, quantities, words):
    with pytest.raises(UserError, match=words):
        grid.search(grid.DOMAINS["theorem_1"], counts, quantities)


def test_a_value_that_is_no_number_is_not_lost_among_others(monkeypatch):
    # Under XLA a greatest value forgets NaN; the search must not.
    def broken(mu, omega, nu, tau):
        value = mu + omega + nu + tau
        return (tf.where(value > 2.6, value * np.nan, value),) * len(grid.QUANTITIES)

    monkeypatch.setattr(grid, "evaluate", broken)
    grid.block_extremes.cache_clear()
    try:
        with pytest.raises(ArithmeticError, match="norm_h is nan"):
            grid.search(grid.DOMAINS["theorem_1"], (3, 3, 3, 3))
    finally:
        grid.block_extremes.cache_clear()


def test_the_image_of_the_box_and_its_corners(found):
    one, box = found["theorem_1"], grid.DOMAINS["theorem_1"]
    assert grid.distance_to_the_sides(one) == pytest.approx(0.00371, abs=1e-5)
    assert grid.distance_to_the_sides(found["theorem_1_misquoted"]) < 0
    assert grid.at_a_corner(one.highest["norm_h"].point, box)
    assert not grid.at_a_corner((0.1, 0.1, 0.8, 1.0), box)
