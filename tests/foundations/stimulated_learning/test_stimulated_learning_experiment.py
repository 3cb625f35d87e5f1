"""Data, layouts, measures, and what is recorded."""

import numpy as np
import pytest

from lessons.foundations.stimulated_learning import (
    config,
    data,
    evaluation,
    experiment,
    layout,
    paper,
    theory,
)
from lessons.foundations.stimulated_learning.model import GridClassifier
from lessons.foundations.stimulated_learning.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.errors import UserError

SHORT = config.PRESETS["laptop"].replace(epochs=6, learning_rate=0.01)


@pytest.fixture(scope="module")
def features():
    return data.load(SHORT)


@pytest.fixture(scope="module")
def trained(features):
    return {
        name: experiment.train(SHORT, VARIANTS[name], features).model
        for name in ("plain", "stimulated")
    }


def test_a_stimulus_puts_classes_into_their_regions(trained, features):
    plain, stimulated = (
        experiment.judge(SHORT, trained[name], features)
        for name in ("plain", "stimulated")
    )
    assert stimulated["accuracy"] > plain["accuracy"] - 0.03 > 0.9
    assert stimulated["decode_2"] > 0.6 and plain["decode_2"] < 0.3
    assert stimulated["divergence_2"] < 0.5 * plain["divergence_2"]
    # The shuffled mask and another class's region do not do what the own one does.
    assert stimulated["own_drop"] > 0.2
    assert abs(stimulated["shuffled_drop"]) < 0.1
    assert abs(stimulated["far_drop"]) < 0.1


def test_laying_out_units_afterwards_localises_without_changing_the_function(
    trained, features
):
    plain = trained["plain"]
    x, stimuli = features.train_features, features.train_stimuli[:, 0]
    after = layout.laid_out(plain, x, stimuli)
    before_outputs, after_outputs = (
        m.predict(x, verbose=0)["logits"] for m in (plain, after)
    )
    np.testing.assert_allclose(before_outputs, after_outputs, atol=1e-4)
    scores = experiment.judge(SHORT, after, features)
    assert scores["decode_2"] > 0.6
    untouched = experiment.judge(SHORT, plain, features)
    for name in ("accuracy", "selectivity_2", "template_2"):  # know no layout
        assert scores[name] == pytest.approx(untouched[name], abs=0.01)


def test_the_assignment_is_the_best_of_all_orders():
    from itertools import permutations

    rng = np.random.default_rng(0)
    maps, targets = rng.random((3, 5)), rng.dirichlet(np.ones(5), 3)
    order = layout.place_units(maps, targets)
    apart = maps - maps.mean(axis=0)

    def gain(order):
        return np.sum(apart[:, list(order)] * (targets - targets.mean(axis=0)))

    assert gain(order) == pytest.approx(max(map(gain, permutations(range(5)))))


@pytest.mark.parametrize("method", layout.METHODS)
def test_centres_fill_the_grid_and_stay_inside(method):
    means = np.random.default_rng(1).normal(size=(10, 6))
    centres = layout.class_centres(means, 8, 12, method, seed=3)
    assert centres.shape == (10, 2)
    assert np.all(centres > 0) and np.all(centres < [11, 7])
    away = np.abs(centres - [5.5, 3.5]).max(axis=0)
    np.testing.assert_allclose(away, [0.9 * 5.5, 0.9 * 3.5], rtol=1e-6)
    np.testing.assert_array_equal(
        centres, layout.class_centres(means, 8, 12, method, seed=3)
    )


def test_pca_keeps_similar_classes_together_and_few_classes_are_refused():
    means = np.array([[0.0, 0], [0.1, 0], [5, 1], [5, 1.1], [9, -3]])
    centres = layout.class_centres(means, 12, 12, "pca")
    apart = np.linalg.norm(centres[:, None] - centres, axis=-1)
    assert apart[0, 1] < 1 and apart[2, 3] < 1 and apart[0, 2] > 3
    with pytest.raises(UserError, match="at least 3 classes"):
        layout.class_centres(means[:2], 12, 12, "tsne")
    with pytest.raises(UserError, match="centres"):
        layout.class_centres(means, 12, 12, "umap")


def test_class_means_are_means_and_an_absent_class_is_zero():
    values = np.array([[1.0, 2], [3, 4], [10, 0]])
    found = layout.class_means(values, np.array([2, 2, 0]), 4)
    np.testing.assert_array_equal(found, [[10, 0], [0, 0], [2, 3], [0, 0]])


def test_neighbours_come_from_the_same_sequence():
    labels, sequences = np.array([5, 6, 7, 8, 9]), np.array([0, 0, 0, 1, 1])
    found = data.with_neighbours(labels, sequences)
    expected = [[5, -1, 6], [6, 5, 7], [7, 6, -1], [8, -1, 9], [9, 8, -1]]
    np.testing.assert_array_equal(found, expected)
    phones, names = np.array([1, 1, 2, 2, 2, 1, 1, 3]), np.array([4] * 6 + [7] * 2)
    found = data.with_neighbours(phones, names, merge=True)
    expected = [[1, -1, 2]] * 2 + [[2, 1, 1]] * 3 + [[1, 2, -1], [1, -1, 3], [3, 1, -1]]
    np.testing.assert_array_equal(found, expected)


def test_a_file_of_frames_is_read_and_checked(tmp_path):
    rng = np.random.default_rng(0)
    arrays = {
        "features": rng.normal(size=(40, 440)).astype(np.float32) + 3,
        "states": rng.integers(0, 5, 40),
        "phones": np.repeat([0, 1, 2, 1], 10),
        "utterances": np.repeat([3, 8], 20),
    }
    path = tmp_path / "frames.npz"
    np.savez(path, **arrays)
    settings = config.PRESETS["paper"].replace(
        data_path=str(path), num_states=5, num_phones=3
    )
    found = data.load(settings)
    assert found.train_features.shape == (20, 440)
    np.testing.assert_allclose(found.train_features.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_array_equal(found.test_stimuli[0], [2, -1, 1])
    assert (found.num_classes, found.num_stimuli) == (5, 3)
    with pytest.raises(UserError, match="states must be whole numbers from 0 to 2"):
        data.load(settings.replace(num_states=3))
    np.savez(path, **{**arrays, "features": arrays["features"][:, :39]})
    with pytest.raises(UserError, match="440"):
        data.load(settings)
    np.savez(path, features=arrays["features"])
    with pytest.raises(UserError, match="cannot read"):
        data.load(settings)
    with pytest.raises(UserError, match="needs data_path"):
        data.load(settings.replace(data_path=None))
    with pytest.raises(UserError, match="no file"):
        data.load(settings.replace(data_path=str(tmp_path / "none.npz")))


def test_digits_are_centred_and_their_neighbours_stimulate_with_context():
    plain = data.load(config.PRESETS["smoke"])
    context = data.load(config.PRESETS["smoke_context"])
    np.testing.assert_allclose(plain.train_features.mean(axis=0), 0, atol=1e-6)
    assert plain.train_stimuli.shape[1] == 1 and context.train_stimuli.shape[1] == 3
    np.testing.assert_array_equal(
        context.train_stimuli[1:, 1], context.train_labels[:-1]
    )
    assert context.train_stimuli[0, 1] == -1 == context.test_stimuli[-1, 2]
    assert data.sizes(config.PRESETS["smoke"]) == (64, 10, 10)


def test_large_parts_are_thinned_evenly():
    found = data.load(config.PRESETS["smoke"])
    thin = data.thinned(found, 100)
    assert len(thin.train_labels) == len(thin.train_stimuli) == 86  # 256 by threes
    np.testing.assert_array_equal(thin.train_features, found.train_features[::3])
    same = data.thinned(found, 10_000)
    np.testing.assert_array_equal(same.test_labels, found.test_labels)


def model_of(rows=3, columns=5):
    centres = [(0.5, 0.2), (4.0, 1.0), (1.5, 2.0)]
    return GridClassifier(4, 3, centres, rows=rows, columns=columns, spread=1.1)


def test_bumps_are_the_targets_and_masks_of_the_theory():
    model, points = model_of(), theory.grid_points(3, 5)
    centres = model.arguments["centres"]
    targets = np.exp(theory.log_target(points, centres, 1.1))
    np.testing.assert_allclose(evaluation.targets_of(model), targets, rtol=1e-9)
    masks = theory.mute_mask(points, centres, 0.7)
    np.testing.assert_allclose(1 - evaluation.bumps(model, 0.7), masks, atol=1e-12)


def test_divergences_are_taken_from_each_target_to_each_surface():
    from scipy.special import rel_entr

    rng = np.random.default_rng(2)
    p, q = rng.dirichlet(np.ones(6), 3), rng.dirichlet(np.ones(6), 4)
    expected = [[rel_entr(a, b).sum() for a in p] for b in q]
    np.testing.assert_allclose(evaluation.divergences(p, q), expected, rtol=1e-9)


def test_neighbour_correlation_of_smooth_rough_and_constant_maps():
    rng = np.random.default_rng(3)
    row, column = np.mgrid[:12, :12]
    smooth = np.stack([np.sin(row / 4 + k) * np.cos(column / 4) for k in range(5)])
    flat = smooth.reshape(5, -1)
    assert evaluation.neighbour_correlation(flat, 12, 12) > 0.9
    shuffled = flat[:, rng.permutation(144)]
    assert abs(evaluation.neighbour_correlation(shuffled, 12, 12)) < 0.15
    board = np.stack([(-1.0) ** (row + column + k) for k in (0, 1)]).reshape(2, -1)
    assert evaluation.neighbour_correlation(board, 12, 12) == pytest.approx(-1)
    assert evaluation.neighbour_correlation(np.ones((3, 144)), 12, 12) == 0
    # What all classes share does not count.
    common = shuffled + 5 * flat[:1]
    assert evaluation.neighbour_correlation(common, 12, 12) == pytest.approx(
        evaluation.neighbour_correlation(shuffled, 12, 12)
    )


def test_selectivity_of_units_by_hand():
    maps = np.array([[1.0, 0.4], [0.0, 0.4], [0.0, 0.1]])
    second = (0.4 - 0.25) / (0.4 + 0.25)
    assert evaluation.selectivity(maps) == pytest.approx((1 + second) / 2)


def test_damage_is_rows_for_regions_and_columns_for_classes():
    class Scripted:
        arguments = {"centres": [[0, 0]] * 2}

        def __call__(self, features, gains=None):
            answers = np.array([0, 0, 1, 1])
            if gains is not None and gains[0] == 0:
                answers = np.array([1, 0, 1, 1])
            if gains is not None and gains[1] == 0:
                answers = np.array([0, 0, 0, 0])
            return {"logits": np.eye(2)[answers]}

    labels = np.array([0, 0, 1, 1])
    masks = np.array([[0.0, 1], [1, 0], [1, 1]])
    found = evaluation.damage_matrix(
        Scripted(), np.zeros((4, 1)), labels, labels, masks
    )
    np.testing.assert_array_equal(found, [[0.5, 0], [0, 1], [0, 0]])
    assert evaluation.drops(found[:2]) == (0.75, 0.0)


def test_the_other_drop_is_read_where_the_own_one_is_half():
    own, other = np.array([0.0, 0.2, 0.1, 0.8]), np.array([0.0, 0.1, 0.1, 0.3])
    # From 0.2 (the maximum so far, 0.1) to 0.8 (0.3) a half lies in the middle.
    assert evaluation.at_half(own, other) == pytest.approx(0.2)


def test_baselines_are_those_of_scikit_learn(features):
    found = evaluation.baselines(features)
    assert 0.9 < found["linear/accuracy"] < 1
    assert 0.05 < found["majority/accuracy"] < 0.15


def test_headlines_and_claims_stand_on_eight_seeds():
    for preset in ("laptop", "laptop_kinds", "laptop_circle"):
        assert len(results.recorded("stimulated_learning", preset)) >= 8
    for headline in paper.HEADLINES:
        assert headline.preset in config.PRESETS


def test_recorded_runs_hold_what_the_lesson_says():
    runs = results.recorded("stimulated_learning")
    stimulated, plain = (
        {name: runs[variant, name] for name in ("accuracy", "decode_2", "own_drop")}
        for variant in ("stimulated", "plain")
    )
    assert np.all(np.abs(stimulated["accuracy"] - plain["accuracy"]) < 0.01)
    assert np.all(runs["stronger/accuracy"] < plain["accuracy"])
    assert stimulated["decode_2"].min() > 0.75 > 0.25 > plain["decode_2"].max()
    assert stimulated["own_drop"].min() > 0.3 > 0.1 > plain["own_drop"].max()
    # Decoding comes long before damage.
    assert runs["weak/decode_2"].min() > 0.3 and runs["weak/own_drop"].max() < 0.1
    # Smooth without meaning.
    assert runs["adjacency/neighbours_2"].min() > 0.6
    assert runs["adjacency/decode_2"].max() < 0.3
    # A layout after training does what the stimulus does, at equal damage too.
    assert runs["sorted/plain/decode_2"].min() > 0.6
    assert runs["sorted/plain/own_drop"].min() > 0.6
    apart = runs["stimulated/other_at_half"] - runs["sorted/plain/other_at_half"]
    assert apart.min() < -0.02 and apart.max() > 0.02 and abs(apart.mean()) < 0.01
    # What training changed.
    for name in ("selectivity_2", "neighbours_2"):
        assert np.all(runs["stimulated", name] - runs["sorted/plain", name] > 0.1)
        assert np.all(runs["shuffled", name] < runs["sorted/plain", name])


def test_places_matter_in_the_recorded_runs_of_both_networks():
    runs, kinds, circle = (
        results.recorded("stimulated_learning", preset)
        for preset in ("laptop", "laptop_kinds", "laptop_circle")
    )
    for name in ("sorted/plain", "stimulated"):
        far = circle[name, "other_at_half"] - runs[name, "other_at_half"]
        assert np.all(far < 0)
    assert kinds["last_layer/decode_2"].min() > 0.75
    assert kinds["last_layer/own_drop"].max() < 0.15 < kinds["raw/own_drop"].min()
    for name in ("reverse", "symmetric"):
        assert np.all(kinds[name, "accuracy"] < runs["plain/accuracy"])
