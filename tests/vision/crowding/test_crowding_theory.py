"""Crops, scale codes, maps and what a unit sees: each by another route."""

import numpy as np
import pytest
import tensorflow as tf

from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.vision.crowding import layers, paper, probes, theory
from lessons.vision.crowding.model import ScaleNet

PAPER_SIDES = theory.crop_sides(1920, 60, 11)


def test_sides_of_the_paper_grow_by_the_root_of_two_and_end_exactly():
    assert PAPER_SIDES[0] == 60 and PAPER_SIDES[-1] == 1920
    assert np.allclose(PAPER_SIDES[1:] / PAPER_SIDES[:-1], 2**0.5, rtol=0, atol=1e-12)
    assert np.allclose(PAPER_SIDES[::2], [60, 120, 240, 480, 960, 1920], atol=1e-9)
    linear = theory.crop_sides(1920, 60, 11, "linear")
    assert linear[0] == 60 and linear[-1] == 1920 and np.allclose(np.diff(linear), 186)
    assert theory.crop_sides(96, 24, 1).tolist() == [96]


def test_how_many_crops_see_a_target():
    counts = [theory.seen_whole(PAPER_SIDES, 120, e).sum() for e in (0, 240, 720)]
    assert counts == [9, 4, 1]
    free = theory.seen_whole(PAPER_SIDES, 120, 0, 120)
    assert np.flatnonzero(free).tolist() == [2]  # the third, of 120 pixels
    # By counting pixels: objects of ones, squares cut out of the canvas.
    for e, other in ((0, 120), (240, 120), (240, 360), (480, 600), (60, 300)):
        canvas = np.zeros((2, 1920))
        canvas[0, 960 + e - 60 : 960 + e + 60] = 1
        canvas[1, 960 + other - 60 : 960 + other + 60] = 1
        columns = np.arange(1920) + 0.5 - 960
        inside = [np.abs(columns) <= side / 2 for side in PAPER_SIDES]
        expected = [
            canvas[0, w].sum() == 120 and canvas[1, w].sum() == 0 for w in inside
        ]
        found = theory.seen_whole(PAPER_SIDES, 120, e, other)
        assert found.tolist() == expected


def test_crops_are_area_averages_about_the_middle():
    rng = np.random.default_rng(0)
    images = rng.random((3, 96, 96)).astype(np.float32)
    sides = theory.crop_sides(96, 24, 5)
    matrices = theory.crop_matrices(96, 24, sides)
    crops = theory.multiscale_crops(images, matrices)
    assert crops.shape == (3, 5, 24, 24)
    assert np.allclose(crops[:, 0], images[:, 36:60, 36:60], atol=1e-6)
    for scale, cut in ((2, slice(24, 72)), (4, slice(0, 96))):
        resized = tf.image.resize(images[:, cut, cut, None], (24, 24), "area")
        assert np.allclose(crops[:, scale], resized[..., 0], atol=1e-5)
    flipped = theory.multiscale_crops(images[:, :, ::-1], matrices)
    assert np.allclose(flipped, crops[..., ::-1], atol=1e-6)
    strips = np.zeros_like(images)
    strips[:, 40:56] = images[:, 40:56]
    whole = theory.multiscale_crops(strips, matrices)
    part = theory.multiscale_crops(images[:, 40:56], matrices)
    assert np.allclose(whole, part, atol=1e-6) and not np.allclose(whole, crops)


def test_a_chevron_blackens_what_a_smaller_crop_sees():
    sides = theory.crop_sides(96, 24, 5)
    matrices = theory.crop_matrices(96, 24, sides)
    inner = theory.chevron_matrices(96, 24, sides, 2)
    white = np.ones((1, 96, 96), np.float32)
    crops = theory.multiscale_crops(white, matrices, inner)[0]
    assert np.allclose(crops[:2], 1)
    kept = 1 - (sides[:-2] / sides[2:]) ** 2  # areas of the squares taken away
    assert np.allclose(crops[2:].mean(axis=(1, 2)), kept, atol=1e-5)
    assert np.allclose(crops[4][6:18, 6:18], 0, atol=1e-6) and crops[4][0, 0] == 1


def test_normalised_crops_have_maxima_of_powers_of_two():
    images = np.zeros((2, 1920, 1920), np.float32)
    images[:, 955:965, 955:965] = 0.7
    images[0, 0] = 0.2  # a line at the edge, in the largest crop only
    crops = theory.multiscale_crops(images, theory.crop_matrices(1920, 60, PAPER_SIDES))
    found = theory.area_normalised(crops, 2**0.5)
    powers = 2.0 ** np.arange(-10, 1)
    assert np.allclose(found.max(axis=(2, 3)), powers, rtol=1e-6)
    assert powers[0] == 1 / 1024 == (60 / 1920) ** 2
    plain = found[1, 3] / found[1, 3].max()
    assert np.allclose(plain, crops[1, 3] / crops[1, 3].max(), atol=1e-6)
    black = theory.area_normalised(np.zeros((1, 3, 4, 4), np.float32), 2.0)
    assert not black.any()


def test_scale_codes_and_their_windows():
    codes = {p: theory.scale_code(p, 11, 4) for p in theory.POOLINGS}
    assert codes["late"] == (11, 11, 11, 11, 1)
    assert codes["early"] == (11, 1, 1, 1, 1)
    assert codes["gradual"] == (11, 7, 5, 3, 1)
    assert codes["single"] == (1, 1, 1, 1, 1)
    assert theory.scale_windows(codes["gradual"]) == (5, 3, 3, 3)
    assert theory.scale_windows(codes["late"]) == (1, 1, 1, 11)
    for wrong in ((3,), (3, 4, 1), (3, 0)):
        with pytest.raises(UserError, match="scale code"):
            theory.scale_windows(wrong)


@pytest.mark.parametrize(
    ("layout", "count", "maps"),
    [
        ("none", 3, (60, 54, 48, 42)),
        ("progressive", 3, (60, 27, 11, 1)),
        ("end", 3, (60, 54, 48, 1)),
        ("end", 4, (60, 54, 48, 42, 1)),
    ],
)
def test_maps_and_parameters_of_the_paper(layout, count, maps):
    plan, found = theory.geometry(60, count, layout)
    assert found == maps
    pooling = "single" if layout != "end" or count == 3 else "late"
    name = "late" if pooling == "late" else layout
    expected = paper.PAPER_PARAMETERS[name, count]
    sizes = set()
    for pooling in ("single", "late", "early"):
        code = theory.scale_code(pooling, 11, count)
        sizes.add(theory.num_parameters(plan, maps, code, 32))
        if pooling != "early":
            net = ScaleNet(60, code, layout)
            assert runtime.num_parameters(net) == expected
            assert net.maps == maps
    assert sizes == {expected}  # the number of scales is not in it


def test_a_small_map_gets_kernels_of_one_pixel():
    plan, maps = theory.geometry(8, 4, "none", kernel=5, window=3)
    assert maps == (8, 2, 1, 1, 1)
    assert plan == ((5, 3, 1), (1, 2, 1), (1, 1, 1), (1, 1, 1))


def test_receptive_fields_by_lighting_one_pixel_at_a_time():
    expected = {("end", 3): (17, 1), ("end", 4): (23, 1), ("progressive", 3): (35, 4)}
    for (layout, count), (side, jump) in expected.items():
        plan, _ = theory.geometry(60, count, layout)
        assert theory.receptive_field(plan) == (side, jump)
        net = ScaleNet(60, (1,) * (count + 1), layout, filters=2)
        assert probes.seen_columns(net) == side


def test_pooling_at_the_end_does_not_see_where_an_object_is():
    shifts = (1, 2, 3, 4, 5, 6, 8)
    assert probes.shift_changes(probes.integer_net("end"), shifts) == [0.0] * 7
    moved = probes.shift_changes(probes.integer_net("progressive"), (1, 2, 3))
    assert min(moved) > 0
    assert min(probes.shift_changes(probes.integer_net("none"), shifts)) > 0
    # At the border pooling at the end sees it as well: units are missing.
    edge = probes.shift_changes(probes.integer_net("end"), (1, 2), left=0)
    assert max(edge) > 0


def test_beyond_the_receptive_field_two_objects_are_the_greater_of_the_two():
    net = probes.integer_net("end", size=76)
    far = probes.additivity_gaps(net, (24, 26, 31, 36))
    near = probes.additivity_gaps(net, (8, 9, 10, 12))
    assert far == [0.0] * 4 and min(near) > 0
    assert theory.free_spacing(8, 76, 76, 17) == 24


def test_shared_kernels_are_three_dimensional_ones_and_their_gradients_add_up():
    layer = layers.SharedConv2D(6, 5, seed=3)
    inputs = np.random.default_rng(0).normal(size=(4, 5, 12, 11, 3)).astype(np.float32)
    layer.build(inputs.shape)
    difference, gradient = probes.shared_and_deep(layer, inputs)
    assert difference < 1e-5 and gradient < 1e-4


def test_maxima_over_space_and_scales_change_places_unless_a_kernel_lies_between():
    rng = np.random.default_rng(0)
    maps = rng.normal(size=(2, 5, 9, 9, 3)).astype(np.float32)
    space, scales = layers.SpatialMaxPool(3), layers.ScaleMaxPool(3)
    one, other = scales(space(maps)), space(scales(maps))
    assert np.array_equal(one, other)
    kernel = layers.SharedConv2D(3, 3, seed=1)
    between = kernel(scales(maps)), scales(kernel(maps))
    assert np.abs(between[0] - between[1]).max() > 0.1


def test_scale_pooling_takes_overlapping_windows_of_neighbours():
    values = np.arange(6, dtype=np.float32).reshape(1, 6, 1, 1, 1)
    assert np.ravel(layers.ScaleMaxPool(4)(values)).tolist() == [2, 3, 4, 5]
    assert np.ravel(layers.ScaleMaxPool(6)(values)).tolist() == list(range(6))
    assert np.ravel(layers.ScaleMaxPool(1)(-values)).tolist() == [0]
    with pytest.raises(UserError, match="num_scales"):
        layers.ScaleMaxPool(7)(values)


def test_free_spacing_counts_crop_pixels():
    assert theory.free_spacing(16, 96, 24, 9) == 48
    assert theory.free_spacing(120, 1920, 60, 17) == (4 + 16) * 32
