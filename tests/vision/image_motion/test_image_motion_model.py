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
    for options in ({"distance": "angle"}, {"middles": "white"}):
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
