"""Shapes, their voxels, and what the camera sees of them."""

import numpy as np
import pytest

from lessons.toolkit.errors import UserError
from lessons.vision.marrnet import (
    camera,
    config,
    data,
    evaluation,
    shapes,
    theory_routes,
    theory_solids,
)


@pytest.fixture(scope="module")
def part():
    return data.make(30, 32, (0, 2), tuple(camera.DOMAINS))


def test_the_distance_to_boxes_is_that_of_brute_force():
    rng = np.random.default_rng(0)
    centres, halves = rng.uniform(-0.3, 0.3, (3, 3)), rng.uniform(0.1, 0.3, (3, 3))
    points = rng.uniform(-1, 1, (60, 3))
    found = shapes.distance(points, centres, halves)
    for point, value in zip(points, found, strict=True):
        each = []
        for centre, half in zip(centres, halves, strict=True):
            nearest = np.clip(point, centre - half, centre + half)
            outside = np.linalg.norm(point - nearest)
            inside = np.min(half - np.abs(point - centre))
            each.append(outside if outside > 0 else -inside)
        assert value == pytest.approx(min(each), abs=1e-12)


def test_voxels_are_where_the_distance_says():
    rng = np.random.default_rng(1)
    for category in shapes.CATEGORIES:
        centres, halves = shapes.boxes(category, rng)
        turn = shapes.rotation(0.7, 0.4)
        found = shapes.voxelised(centres, halves, turn, 12)
        along = shapes.axis_of(12)
        for y, x, z in rng.integers(0, 12, (200, 3)):
            point = np.array([along[x], along[y], along[z]])
            distance = shapes.distance((point @ turn)[None], centres, halves)[0]
            if abs(distance - shapes.MARGIN) > 1e-5:
                assert found[y, x, z] == (distance <= shapes.MARGIN)
    with pytest.raises(UserError, match="category"):
        shapes.boxes("sofa", rng)


def test_rotations_keep_lengths_and_show_the_top():
    turn = shapes.rotation(0.5, 0.3)
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-12)
    up = np.array([0.0, -1.0, 0.0]) @ turn.T  # of the shape, seen in the world
    assert up[1] < 0 and up[2] < 0  # upwards, and towards the camera


def test_sketches_belong_to_their_voxels(part):
    for sketch, voxels in zip(part.sketches, part.voxels, strict=True):
        depth, silhouette = theory_routes.rendered(voxels)
        np.testing.assert_array_equal(sketch[..., 4], silhouette)
        found = data.depths(sketch, 32)
        np.testing.assert_array_equal(found, depth)
        normals = sketch[silhouette > 0][:, :3]
        np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-5)
        assert np.all(sketch[silhouette == 0] == 0)
    normals = part.sketches[part.sketches[..., 4] > 0][:, :3]
    assert np.mean(normals[:, 2] < 0) > 0.99  # towards the camera, but for some edges


def test_normals_are_those_of_the_faces():
    """One box, turned: wherever no edge is near, one of three normals."""
    centres, halves = np.zeros((1, 3)), np.full((1, 3), 0.4)
    turn = shapes.rotation(0.5, 0.4)
    voxels = shapes.voxelised(centres, halves, turn, 32)
    sketch = camera.sketch(centres, halves, turn, voxels)
    normals = sketch[sketch[..., 4] > 0][:, :3]
    faces = np.concatenate([np.eye(3), -np.eye(3)]) @ turn.T
    nearest = np.max(normals @ faces.T, axis=1)
    assert np.mean(nearest > 0.9999) > 0.85
    shown = np.unique(np.argmax(normals @ faces.T, axis=1))
    assert len(shown) == 3 and np.all(faces[shown, 2] < 0)


def test_shapes_fill_as_much_as_the_lesson_says(part):
    assert part.voxels.mean() == pytest.approx(0.045, abs=0.01)
    assert part.sketches[..., 4].mean() == pytest.approx(0.26, abs=0.04)
    assert np.all(np.bincount(part.categories) == 10)
    depth = data.depths(part.sketches, 32)
    truth = part.voxels

    def mean(solid):
        return np.mean(evaluation.overlap(solid > 0, truth > 0))

    solid, surface = (theory_solids.behind(depth, 32, k) for k in (None, 1))
    extruded = theory_solids.extruded(part.sketches[..., 4], 32)
    found = [mean(grids) for grids in (solid, surface, extruded)]
    np.testing.assert_allclose(found, [0.30, 0.19, 0.18], atol=0.04)


def test_domains_show_the_same_shapes_otherwise(part):
    same = part.images["same"]
    inside = part.sketches[..., 4] > 0
    for domain, images in part.images.items():
        assert images.shape == (30, 32, 32, 3) and images.dtype == np.float32
        assert images.min() >= 0 and images.max() <= 1
        if domain != "same":
            assert not np.array_equal(images, same)
    np.testing.assert_array_equal(part.images["light"][~inside], same[~inside])
    np.testing.assert_array_equal(part.images["texture"][~inside], same[~inside])
    shifted = part.images["shifted"]
    np.testing.assert_array_equal(shifted[~inside], part.images["photo"][~inside])
    assert np.abs(part.images["light"][inside] - same[inside]).mean() > 0.05


def test_parts_are_drawn_apart_and_again_alike():
    smoke = config.PRESETS["smoke"]
    first, again = data.load(smoke), data.load(smoke)
    np.testing.assert_array_equal(first.train.voxels, again.train.voxels)
    np.testing.assert_array_equal(first.test.pictures, again.test.pictures)
    assert not np.array_equal(first.validation.voxels, first.test.voxels)
    assert set(first.train.images) == {"same"}
    assert set(first.test.images) == set(camera.DOMAINS)
    other = data.load(smoke.replace(seed=1))
    assert not np.array_equal(first.train.voxels, other.train.voxels)


def test_depths_are_whole_numbers_inside_the_grid():
    sketch = np.zeros((1, 1, 4, 5))
    sketch[..., 3] = [0.5, 1.2, -0.1, 0.51]
    sketch[..., 4] = [1, 1, 0.6, 0.4]
    np.testing.assert_array_equal(data.depths(sketch, 8)[0, 0], [4, 7, 0, np.inf])
    np.testing.assert_array_equal(data.swapped(np.arange(3)), [2, 0, 1])


def test_files_of_renderings(tmp_path):
    part = data.make(10, 16, 0)
    path = tmp_path / "chairs.npz"
    arrays = {
        "images": part.pictures,
        "sketches": part.sketches,
        "voxels": part.voxels,
    }
    np.savez(path, **arrays)
    settings = config.PRESETS["smoke"].replace(source="file", data_path=str(path))
    found = data.load(settings)
    assert [len(p.voxels) for p in found] == [8, 1, 1]
    np.testing.assert_array_equal(found.train.pictures, part.pictures[:8])
    np.testing.assert_array_equal(found.test.voxels, part.voxels[9:])
    with pytest.raises(UserError, match="size"):
        data.load(settings.replace(size=32, grid=32))
    with pytest.raises(UserError, match="data_path"):
        data.load(settings.replace(data_path=None))


@pytest.mark.parametrize(
    "change, text",
    [
        ({"size": 32, "grid": 24}, "multiple of grid"),
        ({"size": 48}, "source=file"),
        ({"network": "resnet18"}, "network='small'"),
        ({"positive_weight": 0.0}, "positive_weight"),
    ],
)
def test_settings_that_cannot_work_are_refused_before_training(change, text):
    with pytest.raises(UserError, match=text):
        config.PRESETS["laptop"].replace(**change)
