"""Drawn pictures have what they should and no more; a real folder is only read."""

import hashlib

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

from lessons.foundations.convnet_baseline import animals, config, data, folder
from lessons.toolkit.data import photos
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]


def test_pictures_are_balanced_reproducible_and_in_range():
    images, labels, known = animals.draw(51, 3, 20)
    assert images.shape == (51, 20, 20, 3) and images.dtype == np.float32
    assert labels.dtype == np.int64 and labels.sum() == 25
    assert images.min() >= 0 and images.max() <= 1
    again, same, _ = animals.draw(51, 3, 20)
    np.testing.assert_array_equal(again, images)
    np.testing.assert_array_equal(same, labels)
    other, _, _ = animals.draw(51, 4, 20)
    assert np.abs(other - images).mean() > 0.05
    assert all(len(values) == 51 for values in known.values())


def test_heads_are_where_the_parameters_say_and_move():
    images, _, known = animals.draw(300, 0, 32)
    centre = known["centre"]
    assert centre.min() > 0.27 * 32 and centre.max() < 0.73 * 32
    assert centre.std(axis=0).min() > 3
    rows, columns = np.floor(centre[:, ::-1]).astype(int).T
    at = images[np.arange(300), rows, columns]
    # A pixel at the centre has the head's colour, but for noise (eyes are above it).
    assert np.abs(at - known["colour"]).mean() < 0.04
    assert np.abs(np.roll(at, 1, axis=0) - known["colour"]).mean() > 0.1
    middle = animals.draw(300, 0, 32, centred=True)[2]
    assert np.ptp(middle["centre"]) == 0 and np.ptp(middle["tilt"]) == 0


def test_what_is_hidden_or_made_the_same_changes_nothing_else():
    images, labels, known = animals.draw(80, 1, 32)
    for options in ({"hide": ("ears",)}, {"same": ("ears",)}, {"hide": ("nose",)}):
        changed, same, _ = animals.draw(80, 1, 32, **options)
        np.testing.assert_array_equal(same, labels)
        touched = np.any(np.abs(changed - images) > 1e-6, axis=-1).mean(axis=(1, 2))
        assert touched.max() < 0.5
        if options.get("same"):
            assert touched[labels == 0].max() == 0 < touched[labels == 1].min()
        elif options["hide"] == ("ears",):
            assert np.mean(touched > 0.01) > 0.9
        else:
            assert touched.max() < 0.05
    with pytest.raises(UserError, match="ears, nose"):
        animals.draw(4, hide=("tail",))


def test_both_classes_draw_the_same_parameters_and_no_colour_tells_them_apart():
    _, labels, known = animals.draw(4000, 5, 16)
    for name in ("centre", "radius", "tilt", "colour", "head", "dark", "photo"):
        values = known[name].astype(float).reshape(4000, -1)
        apart = values[labels == 1].mean(axis=0) - values[labels == 0].mean(axis=0)
        error = values.std(axis=0) * 2 / np.sqrt(4000)
        assert np.abs(apart / error).max() < 4, name
    colours = known["colour"]
    fitted = LogisticRegression().fit(colours[:3000], labels[:3000])
    assert fitted.score(colours[3000:], labels[3000:]) < 0.56


def test_backgrounds_of_the_two_parts_share_no_pixel_and_can_be_plain():
    images, _, known = animals.draw(60, 2, 16, plain=True, hide=("ears", "nose"))
    corner = images[:, 0, 0]
    assert np.abs(corner - 0.5).max() < 0.2  # grey with noise
    assert np.abs(animals.draw(60, 2, 16)[0][:, 0, 0] - 0.5).mean() > 0.15
    split = photos.load(size=5, test_size=5, patch_size=16, channels=3)
    assert split.train_images.shape[1:] == (16, 16, 3)
    train, _, _ = animals.draw(60, 2, 16, part=0)
    test, _, _ = animals.draw(60, 2, 16, part=1)
    assert np.abs(train - test).mean() > 0.05
    assert 0.2 < known["photo"].mean() < 0.8


def test_load_gives_three_parts_and_shuffling_keeps_the_pictures():
    split = data.load(SMOKE)
    sizes = [
        len(x) for x in (split.train_images, split.valid_images, split.test_images)
    ]
    assert sizes == [128, 64, 64]
    assert split.class_names == ("cat", "dog")
    for labels in (split.train_labels, split.valid_labels, split.test_labels):
        assert 0.3 < labels.mean() < 0.7
    mixed = data.shuffled(split, 0)
    assert mixed.train_images is split.train_images
    assert sorted(mixed.train_labels) == sorted(split.train_labels)
    assert 0.3 < np.mean(mixed.train_labels != split.train_labels) < 0.7
    np.testing.assert_array_equal(mixed.valid_labels, split.valid_labels)


@pytest.mark.parametrize(("side", "count"), [(65, 4), (0, 4), (32, 0)])
def test_impossible_sizes_are_refused(side, count):
    with pytest.raises(UserError):
        animals.draw(count, 0, side)


@pytest.fixture
def real(tmp_path):
    """A folder like Kaggle's: cats are dark, dogs are light, sizes differ."""
    rng = np.random.default_rng(0)
    for name, level in (("cat", 60), ("dog", 180)):
        for number in range(8):
            size = (int(rng.integers(50, 90)), int(rng.integers(50, 90)), 3)
            pixels = np.clip(level + rng.normal(0, 5, size), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / f"{name}.{number}.jpg")
    return tmp_path


def state(path):
    return {
        file.name: (
            hashlib.sha256(file.read_bytes()).hexdigest(),
            file.stat().st_mtime_ns,
        )
        for file in sorted(path.iterdir())
    }


def test_a_folder_is_read_and_left_as_it_is(real):
    before = state(real)
    images, labels = folder.read(real)
    assert state(real) == before
    assert images.shape == (16, 48, 48, 3) and images.dtype == np.float32
    assert labels.sum() == 8
    dark = images.mean(axis=(1, 2, 3)) < 0.5
    np.testing.assert_array_equal(dark, labels == 0)  # the name says the class
    again, _ = folder.read(real)
    np.testing.assert_array_equal(again, images)
    settings = config.PRESETS["paper"].replace(data_path=str(real))
    split = data.load(settings)
    assert len(split.train_images) == 14 and len(split.test_images) == 1
    assert split.name == "folder"


def test_pictures_are_resized_by_the_nearest_neighbour_and_cut_in_the_middle(real):
    pixels = np.zeros((128, 128, 3), np.uint8)
    pixels[16:112, 16:112] = (255, 0, 0)  # a middle of 48 of 64
    path = real / "cat.0.jpg"
    Image.fromarray(pixels).save(path, quality=100, subsampling=0)
    images, labels = folder.read(real)
    red = images[..., 0].mean(axis=(1, 2)) > 0.95
    assert red.sum() == 1 and labels[red][0] == 0
    assert images[red][0, ..., 1:].max() < 0.1


def test_grey_pictures_and_names_in_capitals_are_read(real):
    Image.new("L", (70, 60), 60).save(real / "cat.100.JPG", format="JPEG")
    images, labels = folder.read(real)
    assert len(images) == 17 and (labels == 0).sum() == 9


def test_other_names_broken_pictures_and_a_missing_class_are_refused(real):
    for name in ("puppy.jpg", "cat.jpg", "readme.txt", "cat.1.png"):
        (real / name).write_bytes(b"x")
        with pytest.raises(UserError, match=name):
            folder.read(real)
        (real / name).unlink()
    whole = (real / "dog.3.jpg").read_bytes()
    for broken in (b"", b"no picture", whole[: len(whole) // 2]):
        (real / "dog.3.jpg").write_bytes(broken)
        with pytest.raises(UserError, match="dog.3.jpg"):
            folder.read(real)
    (real / "dog.3.jpg").write_bytes(whole)
    (real / ".DS_Store").write_bytes(b"x")
    assert len(folder.read(real)[0]) == 16
    for number in range(8):
        (real / f"dog.{number}.jpg").unlink()
    with pytest.raises(UserError, match="none of a dog"):
        folder.read(real)


def test_an_absent_empty_or_small_folder_is_refused(real, tmp_path):
    with pytest.raises(UserError, match="data_path"):
        folder.read(None)
    with pytest.raises(UserError, match="no folder"):
        folder.read(tmp_path / "nothing")
    for number in range(4):
        (real / f"dog.{number}.jpg").unlink()
        (real / f"cat.{number}.jpg").unlink()
    with pytest.raises(UserError, match="at least 10"):
        folder.read(real)
    nested = tmp_path / "outer"
    nested.mkdir()
    (nested / "train").mkdir()
    with pytest.raises(UserError, match="train"):
        folder.read(nested)


def test_a_limit_that_leaves_one_class_is_refused(real):
    with pytest.raises(UserError, match="of one class"):
        folder.read(real, 1)
