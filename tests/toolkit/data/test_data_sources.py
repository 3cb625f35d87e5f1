"""The registry, the embedded digits, and checks of arrays that users pass."""

import subprocess
import sys

import numpy as np
import pytest

from lessons.toolkit import data
from lessons.toolkit.errors import UserError

PRINTED = 6e-6  # half a unit of the fifth digit that the lesson's sheet prints


def test_catalog_says_what_load_gives():
    for source in data.catalog():
        if not source.offline:
            continue
        split = data.load(source.name)
        for images, count in (
            (split.train_images, source.train),
            (split.test_images, source.test),
        ):
            assert images.shape == (count, *source.shape)
        assert len(split.class_names) == source.classes
        assert bool(split.train_parameters) == (source.kind == "procedural")
        assert source.where() == "with the package"


def test_every_source_takes_a_test_size():
    for source in data.catalog():
        assert "test_size" in source.options()
        assert "seed" not in source.options()


def test_unknown_source_is_refused_with_the_names():
    with pytest.raises(UserError, match="unknown data set 'minst'.*'mnist'.*digits"):
        data.load("minst")


def test_unknown_option_is_refused_with_the_names():
    with pytest.raises(UserError, match="'charaters'.*Did you mean 'characters'"):
        data.load("glyphs", charaters="letters")


def test_a_path_for_a_source_without_file_is_refused():
    with pytest.raises(UserError, match="'digits' reads no file, got path='x.npz'"):
        data.load("digits", path="x.npz")


def test_importing_the_registry_imports_nothing_heavy():
    code = (
        "import sys, lessons.toolkit.data as d; d.catalog(); "
        "d.find('glyphs').options(); d.find('mnist').options(); "
        "heavy = {'tensorflow', 'keras', 'sklearn', 'scipy', 'matplotlib'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_drawing_glyphs_does_not_import_pyplot():
    code = (
        "import sys, lessons.toolkit.data as d; "
        "d.load('glyphs', size=1, test_size=1, characters='A'); "
        "print({'tensorflow', 'matplotlib.pyplot'} & set(sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "set()"


def test_digits_have_the_promised_form():
    split = data.load("digits")
    assert split.train_images.shape == (1500, 8, 8, 1)
    assert split.test_images.shape == (297, 8, 8, 1)
    for images in (split.train_images, split.test_images):
        assert images.dtype == np.float32
        assert images.flags.c_contiguous
        assert images.min() == 0
        assert images.max() == 1
        assert np.array_equal(images * 16, np.round(images * 16))
    assert repr(split) == (
        "Split(digits: 1500 train + 297 test images of 8x8x1, 10 classes)"
    )


def test_all_digits_have_the_eigenvalues_of_the_vae_sheet():
    images, labels = data.load("digits", seed=3).everything()
    flat = images.reshape(1797, 64).astype(np.float64)
    eigenvalues = np.linalg.eigvalsh(np.cov(flat.T, bias=True))[::-1]
    assert np.allclose(
        eigenvalues[:4], [0.69886, 0.63917, 0.55355, 0.39470], atol=PRINTED
    )
    assert eigenvalues.sum() == pytest.approx(4.69328, abs=PRINTED)
    assert len(labels) == 1797


def test_take_keeps_the_test_part_and_shortens_all_that_is_of_training():
    split = data.load("glyphs", size=30, test_size=10)
    few = split.take(12)
    assert np.array_equal(few.train_images, split.train_images[:12])
    assert np.array_equal(few.train_labels, split.train_labels[:12])
    assert {len(value) for value in few.train_parameters.values()} == {12}
    assert few.test_images is split.test_images
    assert split.take(None) is split


def test_take_refuses_more_than_there_is():
    with pytest.raises(UserError, match="from 1 to 30, got 31"):
        data.load("glyphs", size=30, test_size=10).take(31)


def test_digits_parts_are_a_partition_for_every_seed():
    whole = np.sort(data.load("digits", seed=None).everything()[0].sum(axis=(1, 2, 3)))
    for seed in (0, 1):
        ink = data.load("digits", seed=seed).everything()[0].sum(axis=(1, 2, 3))
        assert np.array_equal(np.sort(ink), whole)


def test_digits_seed_decides_the_split():
    first, again = data.load("digits", seed=5), data.load("digits", seed=5)
    other = data.load("digits", seed=6)
    assert np.array_equal(first.train_images, again.train_images)
    assert not np.array_equal(first.test_labels, other.test_labels)


def test_digits_without_seed_keep_the_order_of_the_file():
    from sklearn.datasets import load_digits

    split = data.load("digits", seed=None, size=1400, test_size=397)
    target = load_digits().target
    assert np.array_equal(split.train_labels, target[:1400])
    assert np.array_equal(split.test_labels, target[1400:])


def test_every_digit_is_in_both_parts():
    split = data.load("digits")
    assert np.bincount(split.train_labels, minlength=10).min() > 100
    assert np.bincount(split.test_labels, minlength=10).min() > 15


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 1797}, "size must be a whole number from 1 to 1796, got 1797"),
        ({"size": True}, "size must be a whole number from 1 to 1796, got True"),
        ({"size": 1700, "test_size": 98}, "test_size .* from 1 to 97, got 98"),
        ({"seed": -1}, "seed must be .* None for the order of the file, got -1"),
    ],
)
def test_impossible_digits_are_refused(options, message):
    with pytest.raises(UserError, match=message):
        data.load("digits", **options)


def test_check_images_returns_good_images_as_they_are():
    images = np.zeros((2, 4, 4, 1), np.float32)
    assert data.check_images(images) is images


def test_check_images_converts_to_contiguous_float32():
    images = np.ones((2, 5, 4, 3)).transpose(0, 2, 1, 3)
    checked = data.check_images(images, shape=(4, 5, 3))
    assert checked.dtype == np.float32
    assert checked.flags.c_contiguous


def spoiled(value, *index):
    images = np.full((3, 4, 4, 1), 0.5)
    images[index] = value
    return images


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((3, 4, 4)), r"shape \(n, height, 4, 1\), got \(3, 4, 4\)"),
        (np.zeros((3, 4, 5, 1)), r"shape \(n, height, 4, 1\), got \(3, 4, 5, 1\)"),
        (np.zeros((0, 4, 4, 1)), "at least one image"),
        (np.zeros((3, 0, 4, 1)), "at least one image"),
        (
            spoiled(np.nan, 1, 2),
            r"finite, got 4 NaN .* of 48, the first at index \(1, 2, 0, 0\)",
        ),
        (spoiled(np.inf, 0, 0, 0, 0), r"got 1 NaN or infinite .*index \(0, 0, 0, 0\)"),
        (spoiled(1.5, 0), r"lie in \[0, 1\], got values from 0.5 to 1.5"),
        (spoiled(-0.25, 0), r"lie in \[0, 1\], got values from -0.25 to 0.5"),
        (np.full((3, 4, 4, 1), "a"), "real numbers, got dtype <U1"),
        (np.zeros((3, 4, 4, 1), complex), "real numbers, got dtype complex128"),
        ([[1.0], [1.0, 2.0]], "got a ragged list"),
    ],
)
def test_check_images_says_what_is_wrong(array, message):
    with pytest.raises(UserError, match=f"^photos must .*{message}"):
        data.check_images(array, "photos", shape=(None, 4, 1))
