"""Objects, canvases and what networks read of them."""

import numpy as np
import pytest

from lessons.toolkit.errors import UserError
from lessons.vision.crowding import conditions, config, data, inputs, stimuli
from lessons.vision.crowding.variants import VARIANTS

LAPTOP = config.PRESETS["laptop"]


@pytest.fixture(scope="module")
def objects():
    return data.load(LAPTOP)


def test_targets_are_even_and_flankers_odd_and_no_image_is_in_both_parts(objects):
    assert objects.size == 16
    assert set(objects.train_labels) == set(range(5)) == set(objects.test_labels)
    even = len(objects.train_targets) + len(objects.test_targets)
    odd = len(objects.train_flankers["odd"]) + len(objects.test_flankers["odd"])
    assert even + odd == 1797 and even == 891  # of scikit-learn's digits
    train = {image.tobytes() for image in objects.train_targets}
    test = [image.tobytes() for image in objects.test_targets]
    assert not train.intersection(test)


def test_dimmed_flankers_are_as_bright_as_what_they_imitate(objects):
    ink = data.ink(objects)
    assert ink["ink/bold_dimmed"] == pytest.approx(ink["ink/odd"], rel=1e-5)
    assert ink["ink/odd_dimmed"] == pytest.approx(ink["ink/thin"], rel=1e-5)
    assert ink["ink/thin"] < 0.6 * ink["ink/odd"] < ink["ink/odd"] < ink["ink/bold"]
    for kind in ("thin_brightened", "shuffled", "flat"):
        assert ink[f"ink/{kind}"] == pytest.approx(ink["ink/odd"], rel=1e-5)
    assert ink["ink/black"] == 0
    for name, kind in objects.test_flankers.items():
        assert kind.min() >= 0 and kind.shape[1:] == (16, 16)
        assert kind.max() <= 1 or name == "thin_brightened"


def test_shuffled_flankers_keep_their_pixels_and_flat_ones_their_sum(objects):
    odd, shuffled, flat = (
        objects.test_flankers[kind] for kind in ("odd", "shuffled", "flat")
    )
    assert np.array_equal(np.sort(shuffled.ravel()), np.sort(odd.ravel()))
    assert np.array_equal(np.sort(shuffled[0].ravel()), np.sort(odd[0].ravel()))
    assert not np.array_equal(shuffled[0], odd[0])
    assert np.ptp(flat, axis=(1, 2)).max() == 0
    assert np.allclose(flat.mean(axis=(1, 2)), odd.mean(axis=(1, 2)))


def test_configurations_place_flankers_where_their_letters_say():
    target, flanker = np.full((1, 4, 4), 0.5), np.full((1, 4, 4), 0.9)
    columns = {}
    for name in stimuli.CONFIGURATIONS:
        strip = stimuli.draw(target, flanker, name, 6, 5, 40)[0]
        lit = [np.flatnonzero(strip[0] == v).tolist() for v in (0.5, 0.9)]
        columns[name] = lit
    first = list(range(20 + 6 - 2, 20 + 6 + 2))
    assert all(lit[0] == first for lit in columns.values())
    right, left = [c + 5 for c in first], [c - 5 for c in first]
    assert [columns[n][1] for n in ("a", "ax", "xa", "xax")] == [
        [],
        right,
        left,
        left + right,
    ]


def test_a_target_at_an_end_has_both_flankers_on_one_side():
    target, flanker = np.full((1, 4, 4), 0.5), np.full((1, 4, 4), 0.9)
    for name, places in (("axx", (22, 27, 32)), ("xxa", (22, 17, 12))):
        row = stimuli.draw(target, flanker, name, 4, 5, 40)[0, 0]
        assert row[places[0] : places[0] + 4] == pytest.approx([0.5] * 4)
        for left in places[1:]:
            assert row[left : left + 4] == pytest.approx([0.9] * 4)
        assert np.count_nonzero(row) == 12


def test_ax_is_xa_seen_in_a_mirror():
    rng = np.random.default_rng(0)
    target, flanker = rng.random((2, 3, 6, 6)).astype(np.float32)
    one = stimuli.draw(target, flanker, "ax", 9, 8, 40)
    other = stimuli.draw(target[..., ::-1], flanker[..., ::-1], "xa", -9, 8, 40)
    assert np.array_equal(one, other[..., ::-1])
    both = stimuli.draw(target, flanker, "xax", 0, 8, 40)
    assert np.array_equal(both[..., 9:15], both[..., 25:31])  # one picture, twice
    pair = stimuli.draw(target, (flanker, target), "xax", 0, 8, 40)
    assert np.array_equal(pair[..., 9:15], flanker)
    assert np.array_equal(pair[..., 25:31], target)


def test_the_brighter_pixel_is_seen_on_black_and_the_patch_on_a_picture():
    strips = np.full((1, 4, 12), 0.3, np.float32)
    patch = np.array([[[0.1, 0.9]] * 2] * 1).repeat(2, axis=1)[:, :4].repeat(2, axis=2)
    stimuli.place(strips, patch, 0)
    assert strips[0, 0, 4:8] == pytest.approx([0.3, 0.3, 0.9, 0.9])
    picture = np.full((12, 12), 0.3, np.float32)
    found = stimuli.on_picture(patch, picture, 2)[0]
    assert found[4, 6:10] == pytest.approx([0.1, 0.1, 0.9, 0.9])
    assert found[3].tolist() == pytest.approx([0.3] * 12)


def test_what_overlaps_or_leaves_the_canvas_is_refused():
    patch = np.ones((1, 4, 4))
    stimuli.draw(patch, patch, "xax", 0, 4, 12)  # touching is allowed
    with pytest.raises(UserError, match="overlap"):
        stimuli.draw(patch, patch, "ax", 0, 3, 12)
    with pytest.raises(UserError, match="canvas"):
        stimuli.draw(patch, patch, "ax", 1, 4, 12)
    with pytest.raises(UserError, match="configuration"):
        stimuli.draw(patch, patch, "xx", 0, 4, 12)
    with pytest.raises(UserError, match="fit"):
        stimuli.random_eccentricities(np.random.default_rng(0), 1, 12, 4, 5)


def test_places_in_training_are_uniform_and_leave_room_for_flankers():
    rng = np.random.default_rng(0)
    for reach, most in ((0, 40), (16, 24)):
        places = stimuli.random_eccentricities(rng, 4000, 96, 16, reach)
        assert places.min() == -most and places.max() == most
        assert abs(places.mean()) < 4 * most / np.sqrt(3 * 4000)


def test_training_stimuli_are_the_same_for_every_network(objects):
    short = LAPTOP.replace(num_stimuli=40)
    crops, labels = inputs.training(objects, short, VARIANTS["late"])
    single, same = inputs.training(objects, short, VARIANTS["end"])
    assert crops.shape == (40, 5, 24, 24, 1) and single.shape == (40, 1, 24, 24, 1)
    assert np.array_equal(labels, same) and np.bincount(labels).tolist() == [8] * 5
    assert np.allclose(crops[:, -1], single[:, 0])  # the largest crop is all of it
    flanked, _ = inputs.training(objects, short, VARIANTS["end_flanked"])
    assert flanked.sum() > 2 * single.sum()


def test_normalised_and_shifted_inputs(objects):
    strips = stimuli.draw(objects.test_targets[:3], None, "a", 0, 0, 96)
    crops = inputs.crops(strips, LAPTOP, VARIANTS["late_normalised"])
    powers = LAPTOP.ratio ** (-2.0 * np.arange(4, -1, -1))
    assert np.allclose(crops.max(axis=(2, 3, 4)), powers, rtol=1e-5)
    moved = inputs.crops(strips, LAPTOP.replace(shift=0.5), VARIANTS["end"])
    plain = inputs.crops(strips, LAPTOP, VARIANTS["end"])
    assert np.allclose(moved, plain - 0.5)
    chevron = inputs.crops(strips, LAPTOP, VARIANTS["late_chevron"])
    assert not chevron[:, 3:].any() and chevron[:, 1].any()


def test_every_condition_can_be_drawn(objects):
    found = conditions.every(LAPTOP)
    names = [(c.group, c.name) for c in found]
    assert len(set(names)) == len(names)
    assert ("eccentricity", "ax_20") in names and ("eccentricity", "xa_40") in names
    assert ("eccentricity", "ax_24") not in names  # it would leave the canvas
    black = {}
    for condition in found:
        shown = conditions.shown(condition, objects, LAPTOP)
        assert shown.shape[0] == len(objects.test_targets)
        assert shown.shape[1:] == ((96, 96) if condition.picture else (16, 96))
        black[condition.group, condition.name] = shown.sum()
    assert black["flankers", "black"] == black["spacing", "a"]
    assert black["flankers", "thin"] < black["spacing", "xax_16"]
    assert black["places", "axx"] == pytest.approx(black["spacing", "xax_16"], rel=1e-5)
    assert black["places", "far_ax"] == pytest.approx(
        black["spacing", "ax_16"], rel=1e-5
    )
    alone = black["flankers", "alone"] + black["spacing", "a"]
    assert alone == pytest.approx(black["spacing", "xax_16"], rel=1e-5)


def test_no_unit_of_a_dcnn_sees_a_far_flanker_and_its_target():
    assert conditions.far_spacing(LAPTOP) == 48  # (4 + 8) of its pixels, 4 px each
    far = [c for c in conditions.every(LAPTOP) if c.name.startswith("far")]
    assert [(c.eccentricity, c.spacing) for c in far] == [(-24, 48)] * 2
