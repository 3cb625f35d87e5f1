"""The judge finds what is in a code, and nothing in a code that holds nothing."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from lessons.vision.image_motion import (
    baselines,
    config,
    data,
    evaluation,
    networks,
    readouts,
    saliency,
    strangers,
    theory,
)

RNG = np.random.default_rng(0)


def clips_of(count, seed):
    """Clips of a spot of light that moves by whole pixels."""
    rng = np.random.default_rng(seed)
    poses = np.zeros((count, 5, 3))
    poses[:, 0, 1:] = rng.integers(-2, 3, (count, 2))
    step = rng.integers(-1, 2, (count, 1, 2))
    poses[:, 1:, 1:] = poses[:, :1, 1:] + step * np.arange(1, 5)[:, None]
    y, x = np.mgrid[:17, :17] - 8.0
    away = (x - poses[..., 1, None, None]) ** 2 + (y - poses[..., 2, None, None]) ** 2
    frames = np.exp(-away / 2).astype("float32")[..., None]
    motion = poses[:, -1] - poses[:, 0]
    return data.Clips(frames, motion, rng.integers(10, size=count), poses)


@pytest.fixture(scope="module")
def spots():
    return clips_of(120, 0), clips_of(80, 1)


@pytest.fixture(scope="module")
def network():
    return networks.MotionNetwork((17, 17, 1), (4,), features=5, units=(6,))


def test_a_ridge_reads_what_is_there_and_nothing_else():
    codes, other = RNG.normal(size=(2, 300, 6))
    weights = RNG.normal(size=(6, 2))
    noise = RNG.normal(size=(300, 1))
    targets = np.append(codes @ weights, noise, axis=1)
    truth = np.append(other @ weights, RNG.normal(size=(300, 1)), axis=1)
    found = readouts.linear(codes, targets, other, truth)
    assert found[:2] == pytest.approx([1, 1], abs=1e-3) and abs(found[2]) < 0.1
    scaled = readouts.linear(1e-3 * codes + 5, targets, 1e-3 * other + 5, truth)
    assert scaled == pytest.approx(found, abs=1e-6)  # scale and place do not count
    constant = np.ones((300, 1))
    assert np.isnan(readouts.linear(codes, constant, other, constant))[0]
    named = readouts.by_name(codes, targets, other, truth, ("a", "b", "c"))
    assert named == pytest.approx({"r2_a": 1, "r2_b": 1, "r2_c": found[2]}, abs=1e-3)


def test_neighbours_find_a_length_that_a_line_cannot():
    angle, length = RNG.uniform(0, 2 * np.pi, 1500), RNG.uniform(0, 1, 1500)
    codes = np.stack([np.cos(angle), np.sin(angle)], axis=1) * length[:, None]
    parts = codes[:1000], length[:1000, None], codes[1000:], length[1000:, None]
    assert readouts.linear(*parts)[0] < 0.1
    assert readouts.speed(parts[0], length[:1000], parts[2], length[1000:]) > 0.9


def test_a_kernel_reads_what_is_curved_and_nothing_else():
    codes = RNG.normal(size=(500, 3))
    targets = np.column_stack(
        [np.hypot(codes[:, 0], codes[:, 1]), RNG.normal(size=500), np.ones(500)]
    )
    parts = codes[:400], targets[:400], codes[400:], targets[400:]
    found, line = readouts.curved(*parts), readouts.linear(*parts)
    assert found[0] > 0.9 and line[0] < 0.1
    assert abs(found[1]) < 0.15 and np.isnan(found[2])
    scaled = readouts.curved(
        9 + 1e-3 * codes[:400], targets[:400], *(9 + 1e-3 * codes[400:], targets[400:])
    )
    assert scaled[:2] == pytest.approx(found[:2], abs=1e-6)
    keys = readouts.named("curved", "abc", found)
    assert set(keys) == {"curved_a", "curved_b"}  # what does not vary has no number


def test_a_translation_of_lucas_and_kanade_is_found_and_undone():
    rng = np.random.default_rng(3)
    y, x = np.mgrid[:31, :31] - 15.0
    for right, down in rng.uniform(-0.1, 0.1, (5, 2)):  # it is right to first order
        spots = [
            np.exp(-((x - a) ** 2 + (y - b) ** 2) / 50)
            for a, b in ((0, 0), (right, down))
        ]
        before, after = (spot[None, ..., None] for spot in spots)
        there = readouts.translation(before, after)
        assert there[0] == pytest.approx([right, down], abs=2e-3)
    one, other = rng.random((2, 6, 15, 15, 1))  # the way back, whatever they show
    there, back = readouts.translation(one, other), readouts.translation(other, one)
    assert there == pytest.approx(-back) and np.abs(there).max() > 1e-3
    film = np.stack([one, other, one], axis=1)
    assert readouts.translations(film, (0, 1, 2)) == pytest.approx(np.zeros((6, 2)))


def test_a_table_of_differences_is_told_from_others():
    rng = np.random.default_rng(8)
    numbers, others = rng.normal(size=(2, 12))
    first, second = np.meshgrid(numbers, numbers, indexing="ij")
    assert strangers.two_way(second - first) == pytest.approx((1, -1))
    assert strangers.two_way(second + first) == pytest.approx((1, 1))
    share, correlation = strangers.two_way(numbers[:, None] + 0 * second + others)
    assert share == pytest.approx(1) and abs(correlation) < 0.9  # no common number
    turned = rng.normal(size=(12, 12))
    share, correlation = strangers.two_way(turned - turned.T)  # antisymmetric only
    assert share < 0.5 and correlation == pytest.approx(-1)
    assert strangers.two_way(np.ones((4, 4))) == (0, 0)


def test_a_code_of_one_number_of_each_image_says_it_of_strangers_as_well(spots):
    found = strangers.evaluate(baselines.centre, *spots)
    assert found["additive"] > 0.999 and found["opposite"] < -0.999
    assert found["light_strangers"] > 0.9
    count = len(np.unique(spots[1].labels))
    assert strangers.images_of(spots[1]).shape == (count, 17, 17, 1)


def test_the_nearest_clip_is_never_the_clip_itself():
    codes = np.repeat(RNG.normal(size=(6, 3)), 2, axis=0)
    found = readouts.nearest(codes, "euclidean")
    assert np.array_equal(found, np.arange(12) ^ 1)


def test_moments_and_centroids_follow_a_spot(spots):
    train, _ = spots
    assert readouts.centroids(train.frames) == pytest.approx(train.shift, abs=0.02)
    mass = train.frames.mean(axis=(1, 2, 3, 4))[:, None]
    assert readouts.light(train.frames) == pytest.approx(train.shift * mass, abs=0.01)


def test_flow_of_scikit_image_points_where_a_spot_goes():
    train = clips_of(30, 2)
    found = readouts.flow(train.frames[:, :2])
    assert found.shape == (30, 2 * readouts.FLOW_CELLS**2)
    down, right = found.reshape(30, 2, -1).mean(axis=2).T
    step = train.shift / 4
    assert np.corrcoef(right, step[:, 0])[0, 1] > 0.9
    assert np.corrcoef(down, step[:, 1])[0, 1] > 0.9


def test_the_true_motion_as_a_code_passes_every_test(spots):
    # A homomorphism of translations with a code of its own for standing still.
    train, test = spots

    def embedded(frames, order):
        moved = readouts.centroids(frames[:, [order[0], order[-1]]])
        extra = np.zeros(len(frames))
        for one, other in zip(order[:-1], order[1:], strict=True):
            step = readouts.centroids(frames[:, [one, other]])
            extra += np.linalg.norm(step, axis=1)
        still = np.linalg.norm(moved, axis=1) < 0.1
        return np.column_stack([moved, 9.0 * still, 0.02 * extra])

    codes = [embedded(c.frames, (0, 2, 4)) for c in (train, test)]
    found = evaluation.contents(codes, train, test)
    assert found["r2_x"] > 0.99 and found["r2_y"] > 0.99 and found["speed"] > 0.99
    assert "r2_rotation" not in found
    moving = np.linalg.norm(test.shift, axis=1) > 0
    group = evaluation.consistency(embedded, test.frames[moving])
    assert group["loss"] < 0.01 and group["ordered"] == 1
    between = evaluation.interpolation(embedded, test.frames[moving])
    assert between["true"] < 1e-12 < 1e-6 < between["out"] and "ratio" not in between
    assert between["out_share"] > 0.7


def test_consistency_is_the_loss_of_training(spots, network):
    _, test = spots

    def embedded(frames, order):
        return evaluation.embed(network, frames, order)

    found = evaluation.consistency(embedded, test.frames)
    paths = theory.six_subsequences(1, 3, 4).values()
    stacked = np.stack([embedded(test.frames, p) for p in paths], axis=1)
    distances = theory.group_distances(stacked)
    expected = np.mean(theory.group_loss(distances))
    assert found["loss"] == pytest.approx(expected, rel=1e-5)
    assert found["positive"] == pytest.approx(np.mean(distances.positive), rel=1e-5)
    assert found["negative"] == pytest.approx(np.mean(distances.negative), rel=1e-5)


def test_the_sign_of_the_light_is_a_group_and_tells_no_length(spots):
    train, test = spots
    moving = test.shift[:, 0] != 0
    frames = test.frames[moving]
    found = evaluation.consistency(baselines.light_sign, frames)
    assert found["loss"] == 0 and found["ordered"] == 1
    # It "moves" between films that have no motion in common, as a difference does.
    # (A sign cuts the difference off, so that the table is no exact sum.)
    table = strangers.evaluate(baselines.light_sign, train, test)
    assert table["opposite"] < -0.99 and 0.5 < table["additive"] < 0.99


def test_who_obeys_the_laws_need_not_see_the_middle(spots):
    frames = spots[1].frames[np.abs(spots[1].shift).max(axis=1) > 0]
    found = evaluation.interpolation(baselines.centre, frames)
    assert max(abs(found["true"]), abs(found["out"])) < 1e-12 and "ratio" not in found
    assert evaluation.consistency(baselines.centre, frames)["loss"] < 1e-3


def test_a_code_that_is_surprised_passes_the_interpolation_without_motion(spots):
    frames = spots[1].frames[spots[1].shift[:, 0] != 0]
    found = evaluation.interpolation(baselines.surprise, frames)
    assert found["ratio"] > 1 and found["true"] > 0
    loops = baselines.surprise(frames, (0, 2, 0))
    assert np.array_equal(loops, np.tile([0, 1, 0], (len(frames), 1)))


def test_a_constant_code_with_a_hair_of_light_orders_nothing(spots):
    def hair(frames, order):
        return 1 + 1e-3 * baselines.centre(frames, order)

    assert evaluation.consistency(hair, spots[1].frames)["ordered"] == 0


def test_twins_are_told_from_each_other_by_their_way(spots):
    _, test = spots
    both = dataclasses.replace(test, twins=test.frames[:, ::-1])
    found = evaluation.elsewhere(baselines.centre, both)  # the twin goes the other way
    assert found["elsewhere"] > 0.9 and found["elsewhere_ordered"] == 0
    assert evaluation.elsewhere(baselines.centre, test) == {}


def test_interpolation_of_pixels_by_hand():
    frames = np.zeros((2, 5, 1, 1, 1))
    frames[0, :, 0, 0, 0] = [0, 1, 2, 3, 4]
    frames[1, :, 0, 0, 0] = [10, 11, 12, 13, 14]
    found = baselines.pixel_interpolation(frames)
    # True middles are 2 from either end; the foreign ones 8 (12 to 4) and 8 (2 to 10).
    assert found["true"] == 2 and found["out"] == 8 and found["ratio"] == 4
    squared = baselines.pixel_interpolation(frames, 2)
    assert squared["true"] == 4 and squared["ratio"] == 16
    # Between 0 and 3 lies 2 at a distance of 1; frame 4 is 1 away from 3 as well.
    assert found["in_true"] == found["in"] == 1 and found["in_share"] == 0


def test_baselines_tell_what_each_code_holds(spots):
    train, test = spots
    found = baselines.of(train, test, config.PRESETS["smoke"].replace(flow=False))
    assert found["pixels/r2_x"] > 0.9 and found["centroid/r2_x"] > 0.99
    assert 0.3 < found["direction/r2_x"] < found["centroid/r2_x"] - 0.01
    assert found["chance/nn_shift"] > 3 > found["centroid/nn_shift"]
    assert not any(name.startswith("flow") for name in found)


def test_saliency_is_the_gradient_of_differences(spots, network):
    rng = np.random.default_rng(1)
    sequences = rng.random((2, 2, 17, 17, 1), dtype="float32")  # no kink at 0
    direction = np.arange(6.0)
    found = saliency.maps(network, sequences, direction)
    assert found.shape == sequences.shape
    step = rng.normal(size=sequences.shape).astype("float32")

    def response(size):
        return float(np.sum(np.asarray(network(sequences + size * step)) @ direction))

    slope = (response(1e-3) - response(-1e-3)) / 2e-3
    assert slope == pytest.approx(float(np.sum(found * step)), rel=0.02)


def test_lobes_of_a_difference_of_one_linear_number(spots):
    weights = tf.constant(np.random.default_rng(4).normal(size=(289, 3)), tf.float32)

    def difference(sequences, training=False):  # phi(last) - phi(first)
        flat = tf.reshape(sequences, (len(sequences), -1, 289))
        return tf.matmul(flat[:, -1] - flat[:, 0], weights)

    found = saliency.lobes(difference, spots[1].frames)
    assert found == pytest.approx({"lobes": -1, "lobes_alike": 1}, abs=1e-5)


def test_the_main_direction_is_that_of_the_greatest_spread():
    codes = np.random.default_rng(2).normal(size=(200, 3)) * [0.1, 5.0, 1.0]
    assert np.abs(saliency.main_direction(codes)) == pytest.approx([0, 1, 0], abs=0.05)
