"""Formats of drawings against their definitions, simplification against its promise."""

import numpy as np
import pytest

from lessons.toolkit.data import strokes
from lessons.toolkit.errors import UserError

SQUARE = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], float)


def walks(count, length=30):
    rng = np.random.default_rng(0)
    return [rng.normal(size=(length, 2)).cumsum(axis=0) for _ in range(count)]


def test_lines_and_strokes_are_the_same_drawing():
    lines = [np.array([(1.0, 2), (3, 5)]), np.array([(0.0, 0)]), SQUARE]
    found = strokes.from_lines(lines)
    assert found.dtype == np.float32
    expected = [(1, 2, 0), (2, 3, 1), (-3, -5, 1), (0, 0, 0), (1, 0, 0)]
    np.testing.assert_array_equal(found[:5], expected)
    assert found[:, 2].sum() == 3
    for line, back in zip(lines, strokes.to_lines(found), strict=True):
        np.testing.assert_array_equal(line, back)
    moved = strokes.to_lines(found, start=(5, 5))
    np.testing.assert_array_equal(moved[2], SQUARE + 5)
    assert strokes.to_lines(np.zeros((0, 3))) == []


def test_a_pen_that_is_never_lifted_draws_one_line():
    open_end = np.array([(1, 0, 0), (1, 0, 0)], np.float32)
    assert len(strokes.to_lines(open_end)) == 1
    rows = strokes.to_stroke5(open_end, 4)
    np.testing.assert_array_equal(rows[:, 2:].sum(axis=0), (2, 0, 2))
    np.testing.assert_array_equal(strokes.to_stroke3(rows), open_end)


@pytest.mark.parametrize("max_length", [5, 6, 40])
def test_stroke_5_and_back_loses_nothing(max_length):
    drawing = strokes.from_lines([SQUARE[:2], SQUARE[2:]])
    rows = strokes.to_stroke5(drawing, max_length)
    assert rows.shape == (max_length, 5) and rows.dtype == np.float32
    np.testing.assert_array_equal(rows[:, 2:].sum(axis=1), 1)
    assert np.all(rows[5:] == strokes.END)
    np.testing.assert_array_equal(strokes.to_stroke3(rows), drawing)


def test_a_drawing_that_is_too_long_is_cut_and_the_pen_lifted():
    rows = strokes.to_stroke5(strokes.from_lines([SQUARE]), 3)
    np.testing.assert_array_equal(rows[:, 3], (0, 0, 1))
    assert rows[:, 4].sum() == 0
    assert strokes.to_stroke3(np.tile(strokes.END, (3, 1))).shape == (0, 3)
    with pytest.raises(UserError, match="max_length must be at least 1"):
        strokes.to_stroke5(strokes.from_lines([SQUARE]), 0)
    with pytest.raises(UserError, match="Allowed: .rows, 5."):
        strokes.to_stroke3(np.zeros((3, 3)))


@pytest.mark.parametrize(
    "broken, message",
    [
        ([], "has shape .0,."),
        (np.zeros((0, 3)), "has shape .0, 3."),
        (np.zeros((4, 2)), "has shape .4, 2."),
        ([["a", "b", "c"]], "holds no numbers"),
        ([(0, 0, 0), (np.nan, 0, 1)], "not finite in row 1"),
        ([(0, 0, 0), (1, 0, 2)], "pen state 2 in row 1"),
    ],
)
def test_broken_drawings_are_refused(broken, message):
    with pytest.raises(UserError, match=message):
        strokes.check(broken)
    with pytest.raises(UserError, match="drawing 1 "):
        strokes.batch([[(1, 0, 1)], broken], 4)


def test_no_drawings_and_lines_without_points_are_refused():
    with pytest.raises(UserError, match="at least one drawing"):
        strokes.batch([], 4)
    for lines in ([], [np.zeros((0, 2))], [np.zeros((3, 3))], [np.zeros(2)]):
        with pytest.raises(UserError, match="lines must be arrays"):
            strokes.from_lines(lines)


def test_one_scale_for_both_directions():
    drawings = [np.array([(3, 0, 0), (-3, 1, 1)], np.float32)]
    factor = strokes.scale_factor(drawings)
    assert factor == pytest.approx(np.std([3, 0, -3, 1]))
    again = strokes.scaled(drawings, factor)
    assert strokes.scale_factor(again) == pytest.approx(1)
    np.testing.assert_array_equal(again[0][:, 2], (0, 1))
    with pytest.raises(UserError, match="never moves"):
        strokes.scale_factor([np.zeros((2, 3))])


def test_distances_are_those_of_a_fine_grid_on_the_segment():
    rng = np.random.default_rng(1)
    points, (start, end) = rng.normal(size=(40, 2)), rng.normal(size=(2, 2))
    grid = start + np.linspace(0, 1, 20_001)[:, None] * (end - start)
    expected = np.hypot(*(points[:, None] - grid).transpose(2, 0, 1)).min(axis=1)
    found = strokes.distances(points, start, end)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    same = strokes.distances(points, start, start)
    np.testing.assert_allclose(same, np.hypot(*(points - start).T))


def test_half_a_circle_needs_fewer_points_as_the_tolerance_grows():
    angles = np.linspace(0, np.pi, 181)
    arc = 100 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    counts = [len(strokes.kept_points(arc, e)) for e in (0.1, 0.5, 2, 10, 50, 150)]
    assert counts == [53, 21, 13, 5, 3, 2]


def test_points_left_out_lie_within_the_tolerance():
    for walk in walks(60):
        for tolerance in (0.3, 1.0, 2.0):
            kept = strokes.kept_points(walk, tolerance)
            pieces = [
                strokes.distances(walk, walk[a], walk[b])
                for a, b in zip(kept, kept[1:], strict=False)
            ]
            assert np.min(pieces, axis=0).max() <= tolerance + 1e-12
            again = strokes.kept_points(walk[kept], tolerance)
            assert len(again) == len(kept)
            wider = strokes.kept_points(walk, 1.5 * tolerance)
            assert set(wider) <= set(kept)


def test_the_endless_line_would_break_the_promise():
    hook = np.array([(0, 0), (4, 0.5), (1, 0)], float)
    assert len(strokes.kept_points(hook, 1)) == 3
    assert abs(hook[1, 1]) < 1  # its distance from the line through the ends


def test_closed_and_short_lines_are_simplified():
    np.testing.assert_array_equal(strokes.kept_points(SQUARE, 0.5), range(5))
    assert list(strokes.kept_points([(2, 3)], 1)) == [0]
    assert list(strokes.kept_points([(2, 3), (2, 3)], 1)) == [0, 1]
    tent = [(0, 0), (1, 1), (2, 0)]
    assert list(strokes.kept_points(tent, 1)) == [0, 2]  # height 1 is not above 1
    two = [np.linspace(0, 1, 5)[:, None] * (1, 1) + shift for shift in (0, 2)]
    assert [len(line) for line in strokes.simplified(two, 0.1)] == [2, 2]
    for points, tolerance in (([], 1), ([(0, 0)], -1), ([1, 2], 1)):
        with pytest.raises(UserError, match="simplification needs"):
            strokes.kept_points(points, tolerance)
