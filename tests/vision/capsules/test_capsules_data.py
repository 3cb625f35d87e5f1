"""Scenes, shifts, affine maps and the affNIST file."""

import numpy as np
import pytest
from scipy import io

from lessons.toolkit.errors import UserError
from lessons.vision.capsules import affnist, data
from lessons.vision.capsules.config import PRESETS

SMOKE = PRESETS["smoke"]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_paste_keeps_the_image_in_the_middle(rng):
    images = rng.random((2, 3, 3, 1), dtype=np.float32)
    pasted = data.paste(images, 7)
    np.testing.assert_array_equal(pasted[:, 2:5, 2:5], images)
    assert pasted.sum() == pytest.approx(images.sum())
    with pytest.raises(UserError, match="canvas=2"):
        data.paste(images, 2)


def test_what_leaves_the_canvas_does_not_come_back():
    image = np.zeros((1, 4, 4, 1), np.float32)
    image[0, 0, 3] = 1
    moved = data.shift(image, [(1, -2)])
    assert moved[0, 1, 1, 0] == 1 and moved.sum() == 1
    assert data.shift(image, [(-1, 0)]).sum() == 0
    assert data.shift(image, [(0, 1)]).sum() == 0


def test_no_pair_shares_a_class_and_every_digit_comes_from_the_images(rng):
    images = rng.random((30, 2, 2, 1), dtype=np.float32)
    labels = np.repeat(np.arange(3), 10)
    scenes, kinds = data.pairs(images, labels, 500, rng)
    assert scenes.shape == (500, 2, 2, 2, 1) and kinds.shape == (500, 2)
    assert np.all(kinds[:, 0] != kinds[:, 1])
    known = {
        image.tobytes(): label for image, label in zip(images, labels, strict=True)
    }
    for digit, kind in zip(scenes.reshape(-1, 4), kinds.ravel(), strict=True):
        assert known[digit.tobytes()] == kind


def test_pairs_of_one_class_are_refused(rng):
    with pytest.raises(UserError, match="two classes"):
        data.pairs(np.zeros((4, 2, 2, 1)), np.ones(4), 3, rng)


def test_test_digits_are_never_seen_in_training():
    tasks = data.load(SMOKE.replace(pair_shift=0))
    for task in tasks.values():
        digits = task.scenes.reshape(-1, 144)
        seen = {digit.tobytes() for digit in digits}
        held = task.tests["test"][0].reshape(-1, 144)
        assert not seen & {digit.tobytes() for digit in held}


def test_overlays_are_sums_clipped_at_one(rng):
    scenes = rng.random((5, 2, 3, 3, 1), dtype=np.float32)
    images = data.images_of(scenes)
    expected = np.clip(scenes[:, 0] + scenes[:, 1], 0, 1)
    np.testing.assert_array_equal(images, expected)


def test_the_affine_map_of_no_change_changes_nothing(rng):
    images = rng.random((2, 9, 9, 1), dtype=np.float32)
    same = data.affine(images, rng, rotation=0, shear=0, scale=(1, 1))
    np.testing.assert_allclose(same, images, atol=1e-6)


def test_affine_scale_changes_the_area_and_rotation_does_not(rng):
    image = np.zeros((1, 41, 41, 1), np.float32)
    image[:, 12:29, 16:25] = 1
    larger = data.affine(image, rng, rotation=0, shear=0, scale=(1.2, 1.2))
    assert larger.sum() / image.sum() == pytest.approx(1.44, rel=0.03)
    turned = data.affine(image, rng, rotation=20, shear=0.2, scale=(1, 1))
    assert turned.sum() / image.sum() == pytest.approx(1, rel=0.02)
    assert np.abs(turned - image).max() > 0.5


def test_same_seed_same_scenes_other_seed_others():
    first, again = (data.load(SMOKE)["pairs"] for _ in range(2))
    other = data.load(SMOKE.replace(seed=1))["pairs"]
    np.testing.assert_array_equal(first.scenes, again.scenes)
    assert not np.array_equal(first.scenes, other.scenes)


@pytest.fixture
def matlab(tmp_path, rng):
    """Writes a file like affNIST's; its images are upright when read."""
    images = rng.integers(0, 256, (12, 40, 40), dtype=np.uint8)
    fields = {"image": images.reshape(12, 1600).T, "label_int": np.arange(12) % 10}

    def write(name="affNISTdata", **changes):
        path = tmp_path / "test.mat"
        io.savemat(path, {name: {**fields, **changes}})
        return path

    return write, images


def test_affnist_is_read_upright_and_scaled(matlab):
    write, images = matlab
    read, labels = affnist.load(write())
    np.testing.assert_allclose(read[..., 0], images / 255, atol=1e-7)
    np.testing.assert_array_equal(labels, np.arange(12) % 10)
    assert read.dtype == np.float32 and labels.dtype == np.int64
    assert len(affnist.load(write(), size=5)[0]) == 5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "other"}, "lacks the structure affNISTdata"),
        ({"image": np.zeros((784, 12), np.uint8)}, "1600"),
        ({"image": np.zeros((1600, 3), np.uint8)}, "1600"),
        ({"label_int": np.full(12, 10)}, "labels from 0 to 9"),
        ({"image": np.full((1600, 12), 256)}, "pixels from 0 to 255"),
        ({"label_int": "words"}, "must hold numbers"),
    ],
)
def test_other_matlab_files_are_refused(matlab, changes, words):
    write, _ = matlab
    with pytest.raises(UserError, match=words):
        affnist.load(write(**changes))


def test_a_matlab_file_without_the_fields_is_refused(tmp_path):
    path = tmp_path / "test.mat"
    for contents in (np.zeros(3), {"image": np.zeros((1600, 1))}):
        io.savemat(path, {"affNISTdata": contents})
        with pytest.raises(UserError, match="label_int"):
            affnist.load(path)


def test_files_that_are_absent_or_something_else_are_refused(tmp_path):
    with pytest.raises(UserError, match="no file at"):
        affnist.load(tmp_path / "absent.mat")
    path = tmp_path / "text.mat"
    path.write_text("not MATLAB")
    with pytest.raises(UserError, match="not a readable .mat file"):
        affnist.load(path)


def test_affnist_needs_its_file_and_its_canvas(matlab):
    with pytest.raises(UserError, match="affnist_path=FILE"):
        data.load(SMOKE.replace(tasks=("affnist",)))
    settings = SMOKE.replace(tasks=("affnist",), affnist_path=str(matlab[0]()))
    with pytest.raises(UserError, match="canvas=12"):
        data.load(settings)
    task = data.load(settings.replace(canvas=40, shift=6))["affnist"]
    assert task.tests["affine"][0].shape == (12, 1, 40, 40, 1)
    assert task.max_shift == 6
