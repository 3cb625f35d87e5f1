"""The networks have the published sizes; shared pairs give what separate ones would."""

import keras
import numpy as np
import pytest

from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.vision.image_motion import (
    config,
    experiment,
    model,
    networks,
    paper,
    theory,
)
from lessons.vision.image_motion.variants import VARIANTS

FLOAT32 = 1e-5
RNG = np.random.default_rng(0)
CLIPS = RNG.random((3, 5, 8, 8, 1)).astype("float32")


def network(**options):
    return networks.MotionNetwork((8, 8, 1), (3, 4), features=5, units=(6,), **options)


@pytest.fixture(scope="module", params=["pairs", "frames"])
def learner(request):
    return model.GroupLearner(network(inputs=request.param))


def test_the_laptop_network_has_79_552_parameters():
    built = experiment.build_network(config.PRESETS["laptop"], VARIANTS["pairs"])
    assert runtime.num_parameters(built) == 79_552


def test_the_papers_two_lstm_layers_have_1_050_624_parameters():
    built = experiment.build_network(config.PRESETS["paper"], VARIANTS["pairs"])
    count = sum(runtime.num_parameters(lstm) for lstm in built.lstms)
    assert count == paper.PARAMETERS["lstm"] == 1_050_624
    # PyTorch and Torch have a second vector of biases.
    assert count + 2 * 4 * 256 == 1_052_672
    assert runtime.num_parameters(built) == paper.PARAMETERS["network"]


def test_the_papers_frames_are_seen_at_an_eighth_of_their_side():
    chosen = config.PRESETS["paper"]
    built = experiment.build_network(chosen, VARIANTS["pairs"])
    side = built.convolutions.get_layer("relu_4").output.shape[1:3]
    assert side == (chosen.height // 8, chosen.width // 8)


def test_the_six_embeddings_are_those_of_the_six_sequences(learner):
    # Eight pairs are computed once; here all twelve are, sequence by sequence.
    together = np.asarray(learner(CLIPS))
    for place, path in enumerate(theory.six_subsequences(1, 3, 4).values()):
        alone = np.asarray(learner.network(CLIPS[:, list(path)]))
        assert together[:, place] == pytest.approx(alone, abs=FLOAT32)


def test_a_sequence_may_have_any_length(learner):
    found = [np.asarray(learner.network(CLIPS[:, :n])) for n in (2, 3, 5)]
    assert all(each.shape == (3, 6) for each in found)
    predicted = [learner.network.predict(CLIPS[:, :n], verbose=0) for n in (2, 3, 5)]
    assert np.allclose(found, predicted, atol=FLOAT32)
    with pytest.raises(UserError, match="at least 2 frames"):
        learner.network(CLIPS[:, :1])


def test_a_clip_does_not_depend_on_its_batch(learner):
    assert np.allclose(learner(CLIPS)[:1], learner(CLIPS[:1]), atol=FLOAT32)


def test_pairs_know_the_order_and_single_frames_are_one_each():
    both = CLIPS[:, :2]
    pairs, single = network(), network(inputs="frames")
    assert not np.allclose(pairs(both), pairs(both[:, ::-1]), atol=1e-3)
    described = np.asarray(single.describe(CLIPS[:, 0], None))
    assert described.shape == (3, 5)
    assert np.allclose(described, single.describe(CLIPS[:, 0], CLIPS[:, 1]))


def test_times_are_in_order_and_all_of_them_are_drawn(learner):
    clips = np.zeros((400, 5, 8, 8, 1), "float32")
    drawn = np.asarray(learner.times(clips, training=True))
    assert np.all(np.diff(drawn, axis=1) > 0) and np.all(drawn[:, 0] == 0)
    assert {tuple(row) for row in drawn.tolist()} == {
        (0, 1, 2, 3),
        (0, 1, 2, 4),
        (0, 1, 3, 4),
        (0, 2, 3, 4),
    }
    with pytest.raises(UserError, match="at least 4 frames"):
        learner.times(clips[:, :3])


def test_controls_replace_the_middles_and_keep_the_ends():
    own = np.asarray(model.GroupLearner(network()).key_frames(CLIPS))
    for middles in ("foreign", "black"):
        learner = model.GroupLearner(network(), middles=middles)
        found = np.asarray(learner.key_frames(CLIPS))
        assert np.array_equal(found[:, [0, 3]], own[:, [0, 3]])
        wanted = np.roll(own[:, 1:3], 1, axis=0) if middles == "foreign" else 0.0
        assert np.array_equal(found[:, 1:3], np.broadcast_to(wanted, (3, 2, 8, 8, 1)))


def test_one_ramp_is_shared_by_the_paths_and_fresh_ones_are_not():
    # An LSTM of single frames shows what each place of each path sees.
    grey = np.full((2, 5, 8, 8, 1), 0.5, "float32")
    seen = {}
    for ramps in model.RAMPS:
        learner = model.GroupLearner(network(inputs="frames"), ramps=ramps)
        described = []

        def note(firsts, *_, described=described):
            described.append(np.asarray(firsts))
            return keras.ops.zeros((len(firsts), 5))

        learner.network.describe = note
        learner(grey, training=True)
        learner(grey)
        seen[ramps] = described[0].reshape(2, -1, 64)
        assert np.all(described[1] == 0.5)  # when judging there are none
    assert np.all(seen["none"] == 0.5) and seen["none"].shape[1] == 4
    assert seen["one"].shape[1] == 4 and seen["fresh"].shape[1] == 18
    for each in (seen["one"], seen["fresh"]):
        assert each.mean(axis=-1) == pytest.approx(0.5)  # as bright as before
        assert len(np.unique(each[..., 0].round(5))) == each.shape[0] * each.shape[1]
        image = each[0, 0].reshape(8, 8)
        assert np.ptp(np.diff(image, axis=0)) < 1e-5  # even slopes


@pytest.mark.parametrize("inputs", ["pairs", "frames"])
def test_second_ways_show_the_twin(inputs):
    films = np.concatenate([CLIPS[:2], 1 + CLIPS[1:]], axis=1)  # the second is brighter
    learner = model.GroupLearner(network(inputs=inputs), twins=True)
    times = np.asarray(learner.times(films, training=True))
    learner.times = lambda *_: times
    together = np.asarray(learner(films, training=True))
    for clip, chosen in enumerate(times):
        paths = theory.six_subsequences(*chosen[1:]).items()
        for place, (name, path) in enumerate(paths):
            frames = films[clip, 5:] if name[1] == "2" else films[clip, :5]
            alone = np.asarray(learner.network(frames[None, list(path)]))[0]
            assert together[clip, place] == pytest.approx(alone, abs=FLOAT32)
    again = model.GroupLearner.from_config(learner.get_config())
    assert again.twins and again.ramps == "none"


def test_the_loss_of_a_learner_is_that_of_its_embeddings(learner):
    learner.compile("sgd")
    found = learner.evaluate(CLIPS, verbose=0, return_dict=True)
    distances = theory.group_distances(learner(CLIPS))
    expected = np.mean(theory.group_loss(distances))
    assert found["loss"] == pytest.approx(expected, rel=1e-4)
    assert found["positive"] == pytest.approx(np.mean(distances.positive), rel=1e-4)
    assert found["negative"] == pytest.approx(np.mean(distances.negative), rel=1e-4)


def test_other_arguments_are_refused():
    for options in ({"inputs": "video"}, {"dilations": (1,)}):
        with pytest.raises(UserError):
            network(**options)
    for options in ({"distance": "angle"}, {"middles": "white"}, {"ramps": "two"}):
        with pytest.raises(UserError, match="Allowed"):
            model.GroupLearner(network(), **options)


def test_the_embedding_fits_into_another_model():
    images = keras.Input((3, 8, 8, 1))
    outputs = keras.layers.Dense(2)(network()(images))
    larger = keras.Model(images, outputs)
    larger.compile("adam", "mse", run_eagerly=True)
    before = [w.numpy() for w in larger.trainable_weights]
    larger.fit(CLIPS[:, :3].astype("float64"), np.ones((3, 2)), verbose=0)
    moved = [
        not np.array_equal(w, b)
        for w, b in zip(larger.trainable_weights, before, strict=True)
    ]
    assert all(moved)
