"""Glyphs: seeds, splits, and parameters that are true."""

import numpy as np
import pytest
from scipy import ndimage

from lessons.toolkit import data
from lessons.toolkit.data import fonts, glyphs, warp
from lessons.toolkit.data.glyphs import NO_CHANGE, Strengths
from lessons.toolkit.errors import UserError

SUBPIXEL = 0.05  # pixels: thin strokes between two pixels lose a little ink
SANS = fonts.FONTS.index("Sans")


@pytest.fixture(scope="module")
def split():
    return data.load("glyphs", size=3000, test_size=1000)


def centre_of_mass(image):
    """(right, down) of the ink of a (28, 28, 1) image."""
    down, right = ndimage.center_of_mass(image[..., 0])
    return np.array([right, down])


def row_centres(image):
    """Height and horizontal centre of the ink of each full row of a bar."""
    ink = image[..., 0]
    rows = np.nonzero(ink.sum(axis=1) > 0.9 * ink.sum(axis=1).max())[0]
    columns = np.arange(28)
    return rows, (ink[rows] * columns).sum(axis=1) / ink[rows].sum(axis=1)


def test_images_have_the_promised_form(split):
    for images in (split.train_images, split.test_images):
        assert images.dtype == np.float32
        assert images.shape[1:] == (28, 28, 1)
        assert images.flags.c_contiguous
        assert images.min() == 0
        assert images.max() == 1
    assert split.train_labels.dtype == np.int64


def test_every_image_has_ink_and_none_touches_the_frame(split):
    for images in (split.train_images, split.test_images):
        assert images.sum(axis=(1, 2, 3)).min() > 20
        frame = np.ones((28, 28), bool)
        frame[1:-1, 1:-1] = False
        assert images[:, frame].max() == 0


def test_strong_transformations_stay_within_the_frame_too():
    strong = Strengths(angle=180, shear=0.5, scale=0.5, shift=10, elastic=1)
    images, _, _ = glyphs.generate(500, characters="WMQ0", strengths=strong)
    frame = np.ones((28, 28), bool)
    frame[1:-1, 1:-1] = False
    assert images[:, frame].mean() < 1e-3
    assert images.sum(axis=(1, 2, 3)).min() > 5


def test_same_seed_gives_the_same_numbers(split):
    again = data.load("glyphs", size=3000, test_size=1000)
    assert np.array_equal(again.train_images, split.train_images)
    assert np.array_equal(again.test_images, split.test_images)


def test_other_seed_gives_other_images(split):
    other = data.load("glyphs", seed=1, size=300, test_size=10)
    same = (other.train_images == split.train_images[:300]).all(axis=(1, 2, 3))
    assert not same.any()


def test_larger_request_begins_with_the_smaller_one(split):
    images, labels, parameters = glyphs.generate(301)
    assert np.array_equal(images, split.train_images[:301])
    assert np.array_equal(labels, split.train_labels[:301])
    for key, value in parameters.items():
        assert np.array_equal(value, split.train_parameters[key][:301])


def test_parts_drawn_apart_make_the_whole(split):
    # 240 and 270 lie within a chunk of 250, 770 beyond the next two
    stops = [0, 240, 270, 770, 1000]
    parts = [
        glyphs.generate(stop - start, start=start)[0]
        for start, stop in zip(stops[:-1], stops[1:], strict=True)
    ]
    assert np.array_equal(np.concatenate(parts), split.train_images[:1000])


def test_train_and_test_share_no_font(split):
    train, test = split.train_parameters["font"], split.test_parameters["font"]
    assert set(train) == {fonts.FONTS.index(name) for name in glyphs.TRAIN_FONTS}
    assert set(test) == {fonts.FONTS.index(name) for name in glyphs.TEST_FONTS}
    assert not set(train) & set(test)


def test_train_and_test_share_no_image_and_no_transformation(split):
    train = {image.tobytes() for image in split.train_images}
    test = {image.tobytes() for image in split.test_images}
    assert len(train) == 3000
    assert len(test) == 1000
    assert not train & test
    for key in ("angle", "shear"):
        both = np.intersect1d(split.train_parameters[key], split.test_parameters[key])
        assert len(both) < 5  # of 3000 x 1000 pairs, by chance in float32


def test_classes_are_balanced(split):
    assert np.array_equal(np.bincount(split.train_labels), [300] * 10)
    counts = np.bincount(glyphs.generate(107, characters="digits+letters")[1])
    assert len(counts) == 36
    assert counts.max() - counts.min() <= 1


def test_zero_strengths_give_the_base_glyph():
    images, labels, parameters = glyphs.generate(
        30, fonts="Serif", strengths=NO_CHANGE, characters="letters"
    )
    base = glyphs.render(labels, {"font": parameters["font"]}, "letters")
    assert np.array_equal(images, base)


@pytest.mark.parametrize("character", ["0", "4", "8", "B", "H"])
def test_base_glyph_has_the_area_of_the_fonts_outline(character):
    from matplotlib import get_data_path
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    face = FontProperties(fname=f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf")
    path = TextPath((0, 0), character, size=18 / 0.729, prop=face)
    area = 0.0
    for polygon in path.to_polygons():
        x, y = polygon.T
        area += 0.5 * np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])  # holes count negative
    drawn = glyphs.render([0], {"font": [SANS]}, character).sum()
    assert drawn == pytest.approx(abs(area), rel=0.03)


def test_images_are_those_of_their_parameters(split):
    labels, parameters = split.test_labels[:50], split.test_parameters
    parameters = {key: value[:50] for key, value in parameters.items()}
    again = glyphs.render(labels, parameters)
    assert np.array_equal(again, split.test_images[:50])


def test_parameters_stay_within_their_strengths(split):
    strengths, parameters = Strengths(), split.train_parameters
    for key in ("angle", "shear", "weight", "shift"):
        most = np.abs(parameters[key]).max()
        assert 0.95 * getattr(strengths, key) < most <= getattr(strengths, key)
    log_scale = np.log(parameters["scale"])
    assert 0.95 * strengths.scale < np.abs(log_scale).max() <= strengths.scale + 1e-6


def test_a_shift_moves_the_centre_of_mass_by_as_many_pixels():
    shift = np.array([[2.5, -1.25]], np.float32)
    for label in range(10):
        before = glyphs.render([label], {})[0]
        after = glyphs.render([label], {"shift": shift})[0]
        moved = centre_of_mass(after) - centre_of_mass(before)
        assert np.abs(moved - shift[0]).max() < SUBPIXEL


def test_a_shift_by_whole_pixels_moves_the_array():
    base = glyphs.render(np.arange(10), {})
    shift = np.tile(np.array([3, -2], np.float32), (10, 1))
    moved = glyphs.render(np.arange(10), {"shift": shift})
    assert np.allclose(moved, np.roll(base, (-2, 3), axis=(1, 2)), atol=1e-5)


@pytest.mark.parametrize("angle", [-40.0, 15.0, 90.0])
def test_rotation_agrees_with_scipy(angle):
    for label in (2, 4, 7):
        base = glyphs.render([label], {})[0, ..., 0]
        ours = glyphs.render([label], {"angle": [angle]})[0, ..., 0]
        theirs = ndimage.rotate(base, angle, reshape=False, order=1)
        mirrored = ndimage.rotate(base, -angle, reshape=False, order=1)
        # scipy blurs the outline, so pixels at edges differ; the shape does not
        assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.98
        assert np.corrcoef(ours.ravel(), mirrored.ravel())[0, 1] < 0.95


def test_shear_leans_a_bar_to_the_right():
    bar = glyphs.render([0], {"shear": [0.3]}, "I")[0]
    rows, centres = row_centres(bar)
    slope = np.polyfit(rows, centres, 1)[0]
    assert slope == pytest.approx(-0.3, abs=0.01)  # upwards is to the right


def test_scale_multiplies_the_area_by_its_square():
    base = glyphs.render([0, 3, 8], {}).sum(axis=(1, 2, 3))
    larger = glyphs.render([0, 3, 8], {"scale": [1.3] * 3}).sum(axis=(1, 2, 3))
    assert np.allclose(larger / base, 1.3**2, rtol=0.02)


def test_affine_parameters_compose_as_documented():
    angle, shear, scale, shift = 25.0, -0.3, 1.2, np.array([1.5, -0.5])
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    rotation = np.array([[cos, sin], [-sin, cos]])  # (right, down), down is down
    forward = scale * rotation @ np.array([[1, -shear], [0, 1]])
    back = np.linalg.inv(forward)[::-1, ::-1]  # scipy's coordinates are (down, right)
    offset = 13.5 - back @ (13.5 + shift[::-1])
    for label in (2, 4, 7):
        base = glyphs.render([label], {})[0, ..., 0]
        theirs = ndimage.affine_transform(base, back, offset, order=1)
        chosen = {"angle": [angle], "shear": [shear], "scale": [scale]}
        ours = glyphs.render([label], {**chosen, "shift": [shift]})[0, ..., 0]
        assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.97


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.4])
def test_weight_moves_both_edges_of_a_stroke(scale):
    thin = glyphs.render([0], {"scale": [scale]}, "I")[0, 14].sum()
    bold = glyphs.render([0], {"scale": [scale], "weight": [0.4]}, "I")[0, 14].sum()
    assert bold - thin == pytest.approx(0.8, abs=SUBPIXEL)


def test_elastic_field_has_the_stated_root_mean_square():
    strength = Strengths(elastic=0.5)
    _, _, parameters = glyphs.generate(4000, strengths=strength)
    field = warp.displacement(parameters["elastic"])
    # 4000 independent fields: the relative standard error at a pixel is 1.1 %
    assert np.allclose(field.std(axis=0), 0.5, rtol=0.06)


def test_elastic_field_moves_ink_as_scipy_does():
    control = np.random.default_rng(0).standard_normal((1, 2, 5, 5), np.float32)
    base = glyphs.render([5], {})[0, ..., 0]
    ours = glyphs.render([5], {"elastic": control})[0, ..., 0]
    right, down = warp.displacement(control)[0]
    rows, columns = np.mgrid[:28, :28]
    places = [rows - down, columns - right]
    theirs = ndimage.map_coordinates(base, places, order=1)
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.97
    assert np.corrcoef(ours.ravel(), base.ravel())[0, 1] < 0.9


def test_linear_classifier_generalises_to_unseen_fonts(split):
    from sklearn.linear_model import RidgeClassifier

    model = RidgeClassifier(alpha=30.0)
    model.fit(split.train_images.reshape(3000, -1), split.train_labels)
    accuracy = model.score(split.test_images.reshape(1000, -1), split.test_labels)
    # chance is 0.1, with a standard error of 0.01
    assert accuracy > 0.75


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"characters": ""}, "string with one character per class"),
        ({"characters": "digitz"}, "'i' more than once"),
        ({"characters": "A\u4e00"}, "draws nothing for the character"),
        ({"characters": "A "}, "draws nothing for the character ' '"),
        ({"fonts": "Sans-Bald"}, "Did you mean 'Sans-Bold'"),
        ({"fonts": ()}, "fonts must name at least one"),
        ({"fonts": ("Sans", "Serif-Bold")}, "must not overlap, both hold Serif-Bold"),
        ({"strengths": 0.5}, r"must be a Strengths\(...\), got 0.5"),
        ({"size": 0}, "size must be a whole number of at least 1, got 0"),
        ({"test_size": 2.5}, "test_size must be a whole number"),
        ({"seed": None}, "seed must be a whole number of at least 0, got None"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(UserError, match=message):
        data.load("glyphs", **options)


@pytest.mark.parametrize("value", [-1, float("nan"), "big", True])
def test_bad_strengths_are_refused(value):
    with pytest.raises(UserError, match=r"Strengths.shear must be from 0 to 1, got"):
        Strengths(shear=value)


@pytest.mark.parametrize(
    ("labels", "parameters", "message"),
    [
        ([10], {}, "labels must be whole numbers from 0 to 9"),
        ([0.5], {}, "labels must be whole numbers from 0 to 9"),
        ([], {}, "labels must be whole numbers from 0 to 9"),
        ([1], {"font": [12]}, "font must be whole numbers from 0 to 11"),
        ([1], {"angle": [1.0, 2.0]}, r"'angle' must have shape \(1,\)"),
        ([1], {"angel": [1.0]}, "Did you mean 'angle'"),
    ],
)
def test_bad_parameters_are_refused(labels, parameters, message):
    with pytest.raises(UserError, match=message):
        glyphs.render(labels, parameters)
