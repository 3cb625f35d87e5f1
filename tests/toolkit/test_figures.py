"""Helpers that draw what lessons share: curves, bars with their spread, ellipses."""

import numpy as np
import pytest
from matplotlib import patches

from lessons.toolkit import figures
from lessons.toolkit.variants import Variant

VARIANTS = {
    "new": Variant(label="new way", color="green", line="--", marker="o"),
    "old": Variant(label="old way"),
    "absent": Variant(label="not trained"),
}


def test_curves_are_drawn_for_the_variants_that_have_them():
    _, axis = figures.new()
    history = {"old/loss": [3.0, 2.0], "new/loss": [1.0], "new/kl": [7.0]}
    assert figures.curves(axis, history, "loss", VARIANTS, every=50) == ["new", "old"]
    new, old = axis.get_lines()
    assert new.get_color() == figures.GREEN and new.get_linestyle() == "--"
    assert [line.get_label() for line in (new, old)] == ["new way", "old way"]
    np.testing.assert_array_equal(old.get_xydata(), [[50, 3], [100, 2]])


def test_bars_show_the_mean_and_the_range():
    _, axis = figures.new()
    figures.bars(axis, {"new": [1.0, 2.0, 6.0], "old": 4.0}, VARIANTS, digits=1)
    assert [bar.get_height() for bar in axis.patches] == [3.0, 4.0]
    (segment,) = axis.collections[0].get_segments()
    np.testing.assert_array_equal(segment, [[0, 1], [0, 6]])
    assert [label.get_text() for label in axis.get_xticklabels()] == [
        "new way",
        "old way",
    ]
    assert [text.get_text() for text in axis.texts] == ["3.0", "4.0"]


def test_an_ellipse_lies_at_its_number_of_deviations():
    covariance = np.array([[2.0, 0.7], [0.7, 0.5]])
    _, axis = figures.new()
    figures.ellipse(axis, (1.0, -1.0), covariance, deviations=2, fill=False)
    (ellipse,) = axis.patches
    assert isinstance(ellipse, patches.Ellipse)
    angles = np.linspace(0, 2 * np.pi, 9)
    circle = np.stack([np.cos(angles), np.sin(angles)]) / 2
    # From the patch's own unit circle to the plane, then back by the covariance.
    turn = np.deg2rad(ellipse.angle)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    points = rotation @ (circle * [[ellipse.width], [ellipse.height]])
    squared = np.sum(points * np.linalg.solve(covariance, points), axis=0)
    assert squared == pytest.approx(np.full(9, 4.0))


def test_a_look_can_be_changed():
    assert figures.look(VARIANTS["new"], label=None)["label"] is None
    assert set(figures.COLORS) >= {"blue", "orange", "green", "grey"}


def test_means_and_ranges_of_rows_are_what_error_bars_take():
    rows = {"a": [1.0, 2.0, 6.0], "b": np.array([4.0])}
    means, spans = figures.mean_and_range(rows.values())
    np.testing.assert_array_equal(means, [3, 4])
    np.testing.assert_array_equal(spans, [[2, 0], [3, 0]])
