"""Networks have the published sizes; the recurrence is the step, again and again."""

import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.vision.mask_rnn import (
    baselines,
    boxes,
    config,
    data,
    evaluation,
    experiment,
    fine_tuning,
    model,
    networks,
    paper,
    samples,
    theory,
    trials,
)
from lessons.vision.mask_rnn.localiser import Localiser
from lessons.vision.mask_rnn.variants import VARIANTS

SMOKE = config.PRESETS["smoke"]


@pytest.fixture(scope="module")
def videos():
    return data.load(SMOKE)[1]


@pytest.fixture
def net():
    return experiment.build_model(SMOKE, VARIANTS["full"])


def test_the_sizes_of_the_networks():
    laptop = config.PRESETS["laptop"]
    counts = {
        name: runtime.num_parameters(experiment.build_model(laptop, VARIANTS[name]))
        for name in ("rgb", "mask", "full", "foreign")
    }
    assert counts == {"rgb": 14_841, "mask": 14_949, "full": 29_790, "foreign": 29_790}
    big = experiment.build_model(config.PRESETS["paper"], VARIANTS["full"])
    found = [runtime.num_parameters(stream) for stream in big.trunks]
    assert found == [paper.PARAMETERS["appearance"], paper.PARAMETERS["flow"]]
    assert sum(found) == paper.PARAMETERS["streams"] == 29_835_714


def test_the_size_of_the_papers_localiser(net):
    chosen = config.PRESETS["paper"]
    sizes = [chosen.bins**2 * chosen.filters[-1], *chosen.box_units, 4]
    pairs = list(zip(sizes, sizes[1:], strict=False))
    assert sum(a * b + b for a, b in pairs) == paper.PARAMETERS["localiser"]
    small = Localiser(net, (5, 7), bins=2)
    assert runtime.num_parameters(small) == 4 * 6 * 5 + 5 + 5 * 7 + 7 + 7 * 4 + 4


@pytest.mark.parametrize("size", [(16, 20), (15, 9), (4, 5)])
def test_upsampling_equals_tensorflows(size):
    maps = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype("float32")
    found = networks.BilinearUpsampling(*size)(maps)
    np.testing.assert_allclose(found, tf.image.resize(maps, size), atol=1e-5)


def test_streams_see_their_channels_alone(net):
    x = np.random.default_rng(1).random((2, 16, 20, 6), dtype="float32")
    whole = np.asarray(net(x))
    flat = [
        np.asarray(trunk(x[..., c])[0])[..., 0]
        for trunk, c in zip(net.trunks, ([0, 1, 2, 5], [3, 4, 5]), strict=True)
    ]
    np.testing.assert_allclose(whole, sum(flat), atol=1e-5)
    single = experiment.build_model(SMOKE, VARIANTS["rgb"])
    other = x.copy()
    other[..., 3:] = 0
    np.testing.assert_array_equal(single(x), single(other))


def test_evaluation_does_what_the_recurrence_does(videos, net):
    clips, labels = samples.whole(videos)
    logits = ops.convert_to_numpy(model.MaskRNN(net)(clips))
    soft = evaluation.segment(net, videos)
    assert soft.shape == videos.masks[:, 1:].shape
    expected = 1 / (1 + np.exp(-logits))
    np.testing.assert_allclose(soft[1, :, 1], expected[3], atol=1e-5)
    binary = evaluation.segment(net, videos, feedback="binary")
    np.testing.assert_allclose(binary[:, 0], soft[:, 0], atol=1e-6)
    perfect = evaluation.judge(videos.masks[:, 1:], videos)[0]
    assert perfect["j"] == perfect["f"] == perfect["j_last"] == 1
    assert labels.shape == (8, 3, 16, 20)


@pytest.mark.parametrize(
    "truncate, zero", [(0, False), (1, True), (2, True), (3, False)]
)
def test_gradients_are_cut_where_they_should_be(videos, net, truncate, zero):
    clips = tf.Variable(samples.whole(videos)[0][:2])
    rnn = model.MaskRNN(net, truncate=truncate)
    with tf.GradientTape() as tape:
        logits = rnn(clips)
        last = tf.reduce_sum(logits[:, -1])
    first_mask = tape.gradient(last, clips)[:, 0, ..., 7].numpy()
    assert np.all(first_mask == 0) == zero
    np.testing.assert_array_equal(logits, model.MaskRNN(net)(clips))


def test_a_localiser_leaves_its_streams_alone(videos, net):
    rng = np.random.default_rng(2)
    tracks = samples.draw_tracks(videos, 8, 3, rng)
    x, y = samples.static(videos, tracks, SMOKE, rng)
    deltas = boxes.targets(x, y)
    proposals = boxes.true_boxes(x[..., 5])
    decoded = theory.decode(deltas, proposals)
    np.testing.assert_allclose(decoded, boxes.true_boxes(y), atol=1e-4)
    box = Localiser(net, (6,), bins=2)
    before = [w.numpy() for w in net.weights]
    assert len(box.trainable_weights) == 4
    x[0, ..., 5] = 0
    found, refined = (ops.convert_to_numpy(b) for b in box.boxes(x))
    np.testing.assert_allclose(refined[0], [9.5, 7.5, 20, 16])
    np.testing.assert_allclose(refined, found, rtol=0.3, atol=2)
    for one, other in zip(before, net.weights, strict=True):
        np.testing.assert_array_equal(one, other.numpy())


def test_further_training_is_on_the_same_frames(videos):
    labels = {
        name: experiment.further_examples(SMOKE, VARIANTS[name], videos)
        for name in ("bptt", "static", "warped")
    }
    clips, frames = labels["bptt"]
    steps = SMOKE.unroll
    assert clips.shape[:2] == (SMOKE.num_clips, steps + 1)
    flat = frames.reshape(-1, *frames.shape[2:])
    x, y = labels["warped"]
    np.testing.assert_array_equal(labels["static"][1], flat)
    np.testing.assert_array_equal(y[:, 0], flat)
    np.testing.assert_array_equal(x[:, 1, ..., :3], labels["static"][0][..., :3])
    np.testing.assert_array_equal(x[1::steps, 0, ..., 7], flat[::steps])
    sizes = {
        n: experiment.further_batch(SMOKE, VARIANTS[n]) * frames
        for n, frames in {
            "bptt": steps,
            "static": 1,
            "warped": 1,
            "foreign_bptt": steps,
        }.items()
    }
    assert set(sizes.values()) == {SMOKE.clip_batch * steps}


def test_boxes_on_the_way(videos, net):
    tuned = Localiser(net, (6,), bins=2)
    proposed, refined = trials.boxes_on_the_way(net, tuned, videos)
    assert 0 < proposed <= 1 and 0 < refined <= 1

    def perfect(inputs):
        return 20 * inputs[..., 5] - 10

    still = videos.take(slice(1))
    still = type(still)(
        **{
            **vars(still),
            "backward": 0 * still.backward,
            "masks": np.repeat(still.masks[:, :1], 4, axis=1),
        }
    )
    assert trials.boxes_on_the_way(perfect, tuned, still)[0] == pytest.approx(1)


def test_gates(videos, net):
    truth = videos.masks[:, 1:]

    def everywhere(inputs):
        return np.full(inputs.shape[:3], 9.0, "float32")

    oracle = boxes.oracle_gate(videos, factor=1.0)
    found = evaluation.segment(everywhere, videos, gate=oracle) > 0.5
    np.testing.assert_array_equal(found, baselines.filled_boxes(videos) > 0.5)
    wide = boxes.oracle_gate(videos, factor=100.0)
    plain = evaluation.segment(net, videos)
    np.testing.assert_allclose(evaluation.segment(net, videos, gate=wide), plain)
    late = boxes.oracle_gate(videos, trials.DELAY, 1.0)
    assert np.any(evaluation.segment(everywhere, videos, gate=late)[truth] < 0.5)


def test_a_still_camera_gives_the_objects_away():
    still, _ = data.load(SMOKE.replace(drift=0.0, jitter=0.0))
    moving = baselines.gates(still)["moving"][:, 1:]
    assert moving[still.masks[:, 1:].any(axis=2)].mean() > 0.8
    assert not moving[~still.masks[:, 1:].any(axis=2)].any()
    shaken, _ = data.load(SMOKE)
    found = baselines.gates(shaken)
    background = ~shaken.masks[:, 1:].any(axis=2)
    assert found["moving"][:, 1:][background].mean() > 0.5
    assert not found["other_flow"][:, 1:][background].any()


def test_fine_tuning_begins_anew_with_each_object(videos, net):
    tuner = fine_tuning.FineTuner(SMOKE, net)
    before = [w.numpy().copy() for w in net.weights]
    tuner.fit(videos, 0, 0)
    once = [w.numpy().copy() for w in net.weights]
    tuner.fit(videos, 1, 1)
    tuner.fit(videos, 0, 0)
    assert any(np.any(a != b) for a, b in zip(before, once, strict=True))
    for one, again in zip(once, net.weights, strict=True):
        np.testing.assert_array_equal(one, again.numpy())
    tuner.reset()
    for one, again in zip(before, net.weights, strict=True):
        np.testing.assert_array_equal(one, again.numpy())


def test_gains_are_of_the_same_videos():
    rng = np.random.default_rng(3)
    ours, theirs = rng.random((2, 30, 7))
    found = evaluation.gain(ours, theirs)
    each = (ours - theirs).mean(axis=1)
    assert found["j"] == pytest.approx(each.mean())
    assert found["j_half"] == pytest.approx(1.96 * each.std(ddof=1) / np.sqrt(30))
    assert found["j_last"] == pytest.approx((ours - theirs)[:, -1].mean())
    assert evaluation.half_width(each[:1]) == 0


@pytest.mark.parametrize(
    "change, word",
    [
        ({"radius": (3.0, 2.0)}, "least and the greatest"),
        ({"radius": (3.0, 9.0)}, "too large"),
        ({"depths": (1,)}, "each stage"),
        ({"first_side": 2}, "number of stages"),
        ({"unroll": 4}, "unroll"),
        ({"variants": ("bptt",)}, "begins with 'full'"),
        ({"online": ("mask",)}, "online must name"),
        ({"variants": ("foreign",), "online": ("foreign",)}, "their own flow"),
    ],
)
def test_impossible_settings_are_refused(change, word):
    with pytest.raises(UserError, match=word):
        SMOKE.replace(**change)


def test_the_tolerance_is_that_of_davis():
    assert config.PRESETS["paper"].tolerance == 8
    assert config.PRESETS["laptop"].tolerance == 1
    assert SMOKE.main == "bptt"
