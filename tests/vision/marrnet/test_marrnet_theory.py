"""Rendering, re-projection losses and overlap, each by another route."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import ndimage

from lessons.vision.marrnet import theory, theory_routes, theory_solids

EXACT = 1e-12
DIFFERENCES = 1e-7  # of central differences with steps of 1e-5


def random_case(seed, size=6):
    """Soft voxels, depths with empty rays, and normals, some of them grazing."""
    rng = np.random.default_rng(seed)
    voxels = rng.random((size, size, size))
    depth = rng.integers(0, size, (size, size)).astype(float)
    depth[rng.random((size, size)) < 0.2] = np.inf
    normals = rng.normal(size=(size, size, 3))
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    normals[..., 2] = -np.abs(normals[..., 2])
    return voxels, depth, normals


def one(function, *arrays):
    """A function of batches for one example."""
    return np.asarray(function(*(a[None] for a in arrays)))[0]


def terms(depth, normals, size):
    return float(theory.num_normal_terms(depth[None], normals[None], size)[0])


def test_rendering_finds_the_first_voxel_or_nothing():
    voxels = np.random.default_rng(0).random((5, 4, 3)) * 0.8
    depth, silhouette = (np.asarray(a)[0] for a in theory.render(voxels[None]))
    expected = theory_routes.rendered(voxels)
    np.testing.assert_array_equal(depth, expected[0])
    np.testing.assert_array_equal(silhouette, expected[1])
    assert np.isinf(depth).any() and np.isfinite(depth).any()


@pytest.mark.parametrize("seed", range(3))
def test_depth_loss_and_its_gradient(seed):
    voxels, depth, _ = random_case(seed)
    loss, gradient = theory_routes.depth_terms(voxels, depth)
    assert one(theory.depth_loss, voxels, depth) == pytest.approx(loss, rel=EXACT)
    np.testing.assert_allclose(
        one(theory.depth_gradient, voxels, depth), gradient, atol=EXACT
    )
    quotients = theory_routes.difference_quotients(
        lambda v: theory_routes.depth_terms(v, depth)[0], voxels
    )
    np.testing.assert_allclose(gradient, quotients, atol=DIFFERENCES)


@pytest.mark.parametrize("seed", range(3))
def test_normal_loss_and_its_gradient(seed):
    voxels, depth, normals = random_case(seed)
    loss, gradient = theory_routes.normal_terms(voxels, depth, normals)
    count = len(theory_routes.targets(depth, normals, 6))
    assert terms(depth, normals, 6) == count > 10
    found = one(theory.normal_loss, voxels, depth, normals)
    assert found == pytest.approx(loss, rel=1e-10)
    found = one(theory.normal_gradient, voxels, depth, normals)
    np.testing.assert_allclose(found, gradient, atol=1e-10)
    quotients = theory_routes.difference_quotients(
        lambda v: theory_routes.normal_terms(v, depth, normals)[0], voxels
    )
    np.testing.assert_allclose(gradient, quotients, atol=DIFFERENCES)


def test_gradients_of_terms_that_meet_add_up():
    """Both neighbours of the middle pixel point at the same voxel."""
    depth = np.full((1, 3), 1.0)
    normals = np.tile([0.0, 0.0, -1.0], (1, 3, 1))
    voxels = np.full((1, 3, 3), 0.25)
    gradient = one(theory.normal_gradient, voxels, depth, normals)
    np.testing.assert_allclose(gradient[0, :, 1], [-1.5, -3.0, -1.5])
    assert np.count_nonzero(gradient) == 3


def test_gradients_equal_automatic_differentiation():
    cases = [random_case(seed) for seed in range(4)]
    voxels, depth, normals = (np.stack(parts) for parts in zip(*cases, strict=True))
    values = tf.constant(voxels)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(values)
        first = tf.reduce_sum(theory.depth_loss(values, depth))
        second = tf.reduce_sum(theory.normal_loss(values, depth, normals))
    for loss, gradient in (
        (first, theory.depth_gradient(voxels, depth)),
        (second, theory.normal_gradient(voxels, depth, normals)),
    ):
        np.testing.assert_allclose(tape.gradient(loss, values), gradient, atol=1e-12)
    for place in range(4):  # an example's loss is its own
        alone = one(theory.normal_loss, voxels[place], depth[place], normals[place])
        both = theory.normal_loss(voxels, depth, normals)
        assert float(both[place]) == pytest.approx(float(alone), rel=EXACT)


def test_infinite_depths_and_missing_normals_leave_no_nan():
    voxels = tf.constant(np.full((1, 3, 3, 3), 0.5, np.float32))
    depth = np.full((1, 3, 3), np.inf, np.float32)
    normals = np.zeros((1, 3, 3, 3), np.float32)
    with tf.GradientTape() as tape:
        tape.watch(voxels)
        loss = theory.reprojection_loss(voxels, depth, normals)
    assert float(loss[0]) == pytest.approx(27 * 0.25 / 9)
    np.testing.assert_allclose(
        tape.gradient(loss, voxels), np.full((1, 3, 3, 3), 1 / 9)
    )


def test_depth_loss_of_an_empty_ray_is_the_silhouette_s():
    voxels = np.full((1, 1, 4), 0.5)
    assert one(theory.depth_loss, voxels, np.array([[np.inf]])) == 1.0
    assert one(theory.depth_loss, voxels, np.array([[0.0]])) == 0.25
    assert one(theory.depth_loss, voxels, np.array([[2.0]])) == 0.75


@pytest.mark.parametrize(
    "slope_x, slope_y, offset, count",
    [(1, 0, 0, 960), (-1, 0, 15, 960), (0, 1, 0, 960), (0, -1, 15, 960)],
)
def test_planes_of_slope_one_have_no_loss(slope_x, slope_y, offset, count):
    voxels, depth, normals = theory_solids.half_space(16, slope_x, slope_y, offset)
    assert one(theory.depth_loss, voxels, depth) == 0
    assert one(theory.normal_loss, voxels, depth, normals) == pytest.approx(0, abs=1e-9)
    assert terms(depth, normals, 16) == count
    wrong = theory_solids.wrong_normals(normals)
    flipped = "sign of n_a" if slope_x else "sign of n_b"
    unseen = "sign of n_b" if slope_x else "sign of n_a"
    assert one(theory.normal_loss, voxels, depth, wrong[flipped]) == pytest.approx(224)
    assert terms(depth, wrong[flipped], 16) == 928
    swapped = wrong["n_a for n_b"]
    assert one(theory.normal_loss, voxels, depth, swapped) == pytest.approx(465)
    # A plane that is tilted in x alone does not see an error in n_b.
    assert one(theory.normal_loss, voxels, depth, wrong[unseen]) == pytest.approx(0)


def test_a_plane_tilted_both_ways_sees_both_signs_but_needs_unequal_slopes():
    for slope_y, offset, swapped_loss in ((1, 0, 0), (-1, 15, 238)):
        voxels, depth, normals = theory_solids.half_space(16, 1, slope_y, offset)
        wrong = theory_solids.wrong_normals(normals)
        loss = {k: one(theory.normal_loss, voxels, depth, n) for k, n in wrong.items()}
        assert one(theory.normal_loss, voxels, depth, normals) == pytest.approx(0)
        assert loss["sign of n_a"] == loss["sign of n_b"] == pytest.approx(119)
        assert loss["n_a for n_b"] == pytest.approx(swapped_loss)


def test_a_binary_plane_of_slope_half_cannot_be_exact_but_a_soft_one_is():
    voxels, depth, normals = theory_solids.half_space(16, 0.5)
    assert one(theory.normal_loss, voxels, depth, normals) == pytest.approx(60)
    rounded = theory_routes.normal_terms(voxels, depth, normals, rounding=True)[0]
    assert rounded == pytest.approx(128)
    # Occupancy that is linear across the surface, and 1 on it: every target lies on the
    # plane, and between voxels interpolation finds 1.
    x, z = np.meshgrid(np.arange(16), np.arange(16), indexing="ij")
    linear = np.tile(1.0 + z - 0.5 * x, (16, 1, 1))
    exact = np.tile(0.5 * np.arange(16), (16, 1))
    assert one(theory.normal_loss, linear, exact, normals) == pytest.approx(0)
    flipped = theory_solids.wrong_normals(normals)["sign of n_a"]
    assert one(theory.normal_loss, linear, exact, flipped) > 100


def test_a_sphere_is_not_without_loss():
    voxels, depth, normals, exact = theory_solids.sphere(32, 10)
    inside = np.isfinite(depth)
    assert voxels.sum() == 4224 and inside.sum() == 316
    assert abs(voxels.sum() / (4 / 3 * np.pi * 1000) - 1) < 0.01
    error = np.abs(depth[inside] - exact[inside]).max()
    assert error == pytest.approx(0.9498, abs=1e-4)
    assert one(theory.depth_loss, voxels, depth) == 0
    assert one(theory.normal_loss, voxels, depth, normals) == pytest.approx(
        188.815, abs=1e-3
    )
    assert terms(depth, normals, 32) == 1152
    wrong = theory_solids.wrong_normals(normals)
    worse = {k: one(theory.normal_loss, voxels, depth, n) for k, n in wrong.items()}
    assert min(worse.values()) > 260


def test_a_sphere_without_skipping_grazing_normals(monkeypatch):
    monkeypatch.setattr(theory, "LEAST_FACING", 1e-9)
    voxels, depth, normals, _ = theory_solids.sphere(32, 10)
    assert one(theory.normal_loss, voxels, depth, normals) == pytest.approx(
        213.720, abs=1e-3
    )
    assert terms(depth, normals, 32) == 1184


def test_tangents_are_orthogonal_to_the_normal():
    normals = np.random.default_rng(1).normal(size=(500, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    up, left, facing = map(np.asarray, theory.slopes(normals))
    a, b, c = normals[facing > 0].T
    assert 100 < facing.sum() < 500
    np.testing.assert_allclose(-b + up[facing > 0] * c, 0, atol=1e-15)
    np.testing.assert_allclose(-a + left[facing > 0] * c, 0, atol=1e-15)
    assert np.all(np.abs(c) >= theory.LEAST_FACING)
    assert np.all(up[facing == 0] == 0) and np.all(left[facing == 0] == 0)


def test_everything_behind_the_surface_has_no_depth_loss():
    voxels, depth, normals, _ = theory_solids.sphere(16, 5)
    solid = theory_solids.behind(depth, 16)
    shell = theory_solids.behind(depth, 16, 2)
    for values in (voxels, solid, shell):
        assert one(theory.depth_loss, values, depth) == 0
    loss = {
        name: one(theory.normal_loss, values, depth, normals)
        for name, values in (("truth", voxels), ("solid", solid), ("shell", shell))
    }
    # A ball has no part in front of another: filling it changes nothing. For boxes
    # it does, see `test_the_truth_is_beaten_by_a_solid`.
    assert loss["solid"] == pytest.approx(loss["truth"], rel=1e-6)
    assert loss["shell"] >= loss["truth"] * (1 - 1e-6)
    assert one(theory.normal_loss, np.ones((16, 16, 16)), depth, normals) == 0
    assert theory_routes.overlap(voxels, solid) < 0.7


def test_free_voxels_go_where_the_depth_loss_wants_them():
    start = np.random.default_rng(2).random((2, 2, 5))
    depth = np.array([[0.0, 2.0], [4.0, np.inf]])
    end = theory_routes.free_descent(start, depth, 0.1, 200)
    for y, x in np.ndindex(2, 2):
        for z in range(5):
            if z < depth[y, x]:
                assert abs(end[y, x, z]) < 1e-15
            elif z == depth[y, x]:
                assert abs(end[y, x, z] - 1) < 1e-12
            else:
                assert end[y, x, z] == start[y, x, z]
    # One step multiplies the distance by 1 - 2 rate: with rate 1 it only turns round.
    for steps in (1, 2, 7):
        end = theory_routes.free_descent(start, depth, 1.0, steps)
        assert abs(end[1, 1, 3]) == pytest.approx(start[1, 1, 3])


def test_overlap_of_cubes():
    for side, shift in ((4, 1), (5, 2), (3, 3), (4, 0)):
        pair = [theory_solids.cube(12, side, (2, 2, 2 + s)) for s in (0, shift)]
        expected = (side - shift) / (side + shift)
        assert one(theory.iou, *pair) == pytest.approx(expected, abs=1e-6)
        assert theory_routes.overlap(*pair) == pytest.approx(expected)
        for threshold in (0.01, 0.99):
            found = float(theory.iou(pair[0][None], pair[1][None], threshold)[0])
            assert found == pytest.approx(expected, abs=1e-6)


def test_overlap_at_its_edges():
    empty, full = np.zeros((1, 2, 2, 2)), np.ones((1, 2, 2, 2))
    assert float(theory.iou(empty, empty)[0]) == 1
    assert float(theory.iou(empty, full)[0]) == 0
    assert float(theory.iou(0.5 * full, full, 0.5)[0]) == 0  # strictly above
    assert float(theory.iou(0.5 * full, full, 0.49)[0]) == 1


def test_losses_of_training():
    rng = np.random.default_rng(3)
    logits, voxels = rng.normal(size=(2, 3, 3, 3)), rng.random((2, 3, 3, 3)) < 0.3
    probs = 1 / (1 + np.exp(-logits))
    terms_ = np.where(voxels, -4 * np.log(probs), -np.log(1 - probs))
    found = theory.voxel_loss(logits, voxels.astype(float), 4.0)
    np.testing.assert_allclose(found, terms_.mean(axis=(1, 2, 3)), rtol=1e-10)
    one_, other = rng.random((2, 2, 3, 3, 5))
    other[..., 4] = other[..., 4] > 0.5
    squares = (one_ - other) ** 2
    whole = (squares[..., :4].sum(-1) + 2 * squares[..., 4]).mean(axis=(1, 2))
    np.testing.assert_allclose(
        theory.sketch_loss(one_, other, silhouette_weight=2.0), whole, rtol=1e-10
    )
    inside = squares[..., :4].sum(-1) * other[..., 4] + squares[..., 4]
    np.testing.assert_allclose(
        theory.sketch_loss(one_, other, True), inside.mean(axis=(1, 2)), rtol=1e-10
    )
    deep = whole - squares[..., 4].mean(axis=(1, 2))  # weight 1 of the silhouette
    deep += 2 * squares[..., 3].mean(axis=(1, 2))
    np.testing.assert_allclose(
        theory.sketch_loss(one_, other, depth_weight=3.0), deep, rtol=1e-10
    )
    masked = np.asarray(theory.masked(other))
    assert masked.shape == (2, 3, 3, 4)
    assert np.all(masked[other[..., 4] == 0] == 0)


def test_moving_is_shifting_with_zeros():
    values = np.random.default_rng(4).random((1, 4, 5, 2))
    for rows, columns in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        found = np.asarray(theory.moved(values, rows, columns))
        expected = ndimage.shift(values, (0, -rows, -columns, 0), order=0)
        np.testing.assert_allclose(found, expected)
