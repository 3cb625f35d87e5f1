"""Outlines of letters: closed, of the right size, at equal distances."""

import numpy as np
import pytest

from lessons.toolkit.data import outlines
from lessons.toolkit.errors import UserError


def test_resampled_points_are_equally_far_along_the_line():
    corner = np.array([(0, 0), (3, 0), (3, 4)], float)
    found = outlines.resampled(corner, 1.0)
    np.testing.assert_allclose(np.hypot(*np.diff(found, axis=0).T), 1)
    np.testing.assert_array_equal(found[[0, -1]], corner[[0, -1]])
    assert len(outlines.resampled(corner, 100)) == 2


def test_outlines_are_closed_and_as_high_as_the_font_says():
    lines = outlines.outlines("O H", "Sans")
    assert len(lines) == 3  # two of the O, one of the H
    for line in lines:
        np.testing.assert_allclose(line[0], line[-1], atol=1e-9)
    assert np.ptp(lines[2][:, 1]) == pytest.approx(0.729, abs=0.002)  # capitals
    assert lines[2][:, 0].min() > lines[0][:, 0].max() + 0.3  # a space lies between
    fine = outlines.outlines("O", step=0.05)
    gaps = np.hypot(*np.diff(fine[0], axis=0).T)
    assert gaps.max() < 0.055
    with pytest.raises(UserError, match="unknown font"):
        outlines.outlines("O", "Comic")
    with pytest.raises(UserError, match="leave ink"):
        outlines.outlines("  ")
    with pytest.raises(UserError, match="has no character"):
        outlines.outlines("\U0001f9ff")
