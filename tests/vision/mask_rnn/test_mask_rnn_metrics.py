"""J, F and T against independent routes and hand-made cases."""

import math

import numpy as np
import pytest
from scipy import ndimage, spatial
from skimage.morphology import disk

from lessons.vision.mask_rnn import metrics, theory_routes


def square(left, side=20, size=64):
    mask = np.zeros((size, size), bool)
    mask[10 : 10 + side, left : left + side] = True
    return mask


def blobs(count, seed):
    noise = np.random.default_rng(seed).normal(size=(count, 24, 17))
    return ndimage.gaussian_filter(noise, (0, 2.5, 2.5)) > 0.05


def f_by_scipy(one, other, radius):
    """F by dilation with scikit-image's disk."""
    edges = [metrics.boundary(mask) for mask in (one, other)]
    near = [ndimage.binary_dilation(edge, disk(radius)) for edge in edges]
    p, r = (np.sum(edges[i] & near[1 - i]) / max(1, edges[i].sum()) for i in (0, 1))
    return 2 * p * r / (p + r) if p + r else 0.0


@pytest.mark.parametrize("d, j, f", [(1, 0.9048, 1), (2, 0.8182, 0.525)])
def test_a_shifted_square(d, j, f):
    assert metrics.boundary(square(20)).sum() == 80
    assert metrics.jaccard(square(20), square(20 + d)) == pytest.approx(j, abs=1e-4)
    assert metrics.boundary_f(square(20), square(20 + d)) == pytest.approx(f)


def test_the_tolerance_is_a_disk():
    there = np.roll(square(20), (1, 1), (0, 1))
    assert metrics.boundary_f(square(20), there, 1) == pytest.approx(0.9875)
    assert metrics.boundary_f(square(20), there, 2) == 1
    far = [metrics.boundary_f(square(20), square(20 + d), 2) for d in (2, 3)]
    np.testing.assert_allclose(far, [1, 0.55])
    assert metrics.boundary_f(square(20), square(25), 1) == pytest.approx(0.45)


def test_borders_and_empty_masks():
    full, none = np.ones((5, 9), bool), np.zeros((5, 9), bool)
    assert not metrics.boundary(full).any()
    corner = np.zeros((64, 64), bool)
    corner[:20, :20] = True
    assert metrics.boundary(corner).sum() == 39
    for measure in (metrics.jaccard, metrics.boundary_f):
        assert measure(none, none) == 1
        assert measure(full, full) == 1
    some = none.copy()
    some[2, 3:5] = True
    assert metrics.jaccard(none, some) == metrics.boundary_f(none, some) == 0
    assert metrics.boundary_f(full, some) == 0


@pytest.mark.parametrize("radius", [1, 2, 3])
def test_j_and_f_equal_other_implementations(radius):
    ones, others = blobs(8, 0), blobs(8, 1)
    found = metrics.boundary_f(ones, others, radius)
    for a, b, f in zip(ones, others, found, strict=True):
        assert f == pytest.approx(f_by_scipy(a, b, radius))
        assert f == pytest.approx(theory_routes.boundary_f_by_distance(a, b, radius))
        assert metrics.jaccard(a, b) == theory_routes.jaccard_by_sets(a, b)
    np.testing.assert_array_equal(found, metrics.boundary_f(others, ones, radius))


def warping_by_recursion(costs):
    """The cheapest path by trying all of them, with its length."""
    last = len(costs) - 1

    def best(i, j):
        if i == j == 0:
            return costs[0, 0], 1
        before = [(a, b) for a, b in ((i - 1, j - 1), (i - 1, j), (i, j - 1))]
        total, length = min(
            (best(a, b) for a, b in before if a >= 0 and b >= 0), key=lambda x: x[0]
        )
        return total + costs[i, j], length + 1

    total, length = best(last, last)
    return total / length


def test_time_warping_equals_all_paths():
    costs = np.random.default_rng(3).random((4, 5, 5))
    for one, found in zip(costs, metrics.warping_cost(costs), strict=True):
        shift = min(range(5), key=lambda s: sum(one[i, (i + s) % 5] for i in range(5)))
        turned = np.roll(one, -shift, axis=1)
        assert found == pytest.approx(warping_by_recursion(turned))


def test_shape_contexts_count_the_other_points():
    points = np.random.default_rng(4).random((9, 2))
    found = metrics.shape_contexts(points[None])[0]
    far = spatial.distance.cdist(points, points)
    mean = far.sum() / 72
    for i, histogram in enumerate(found):
        expected = np.zeros((5, 12))
        for k in range(9):
            if k != i:
                y, x = points[k] - points[i]
                ring = np.clip(math.log2(far[i, k] / mean * 8) / 0.8, 0, 4)
                turn = math.atan2(y, x) % (2 * math.pi)
                expected[int(ring), int(turn / (2 * math.pi) * 12)] += 1 / 8
        np.testing.assert_allclose(histogram, expected.ravel(), atol=1e-12)


def test_t_measures_the_change_of_the_outline_alone():
    still = np.stack([square(20)] * 3)
    moved = np.stack([square(left) for left in (10, 20, 31)])
    rough = square(20)
    rough[10:30:2, 39] = False
    tracks = np.stack([still, moved, [square(20), rough, square(20)]])
    found = metrics.instability(tracks)
    assert found.shape == (3, 2)
    np.testing.assert_allclose(found[:2], 0, atol=1e-12)
    assert found[2].min() > 0.01
    none = np.zeros_like(still[0])
    np.testing.assert_array_equal(
        metrics.instability(np.array([[none, none, square(20), none]])), [[0, 1, 1]]
    )


def test_statistics_of_frames():
    mean, recall, decay = metrics.statistics(np.linspace(1, 0, 9))
    assert (mean, recall) == (0.5, pytest.approx(4 / 9))
    assert decay == pytest.approx(0.75)  # means of frames 0 to 2 and of 6 to 8
    seven = metrics.statistics(np.array([9.0, 6, 3, 0, 0, 1, 3]))[2]
    assert seven == pytest.approx(6 - 2)  # frames 0 to 2 and 5 to 6, as DAVIS has it
    found = metrics.statistics(np.ones((2, 3, 5)))
    assert [each.shape for each in found] == [(2, 3)] * 3
