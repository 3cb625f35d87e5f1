"""The game's sizes and steps, the two languages, files, settings, recorded runs."""

import numpy as np
import pytest
import tensorflow as tf

from lessons.language.word_translation import (
    config,
    data,
    evaluation,
    experiment,
    figures_theory,
    paper,
    refinement,
    retrieval,
    selection,
    theory,
    theory_routes,
)
from lessons.language.word_translation.layers import (
    StackedDiscriminators,
    StackedMappings,
)
from lessons.language.word_translation.model import MappingGame
from lessons.language.word_translation.variants import VARIANTS
from lessons.toolkit import results, runtime
from lessons.toolkit.errors import UserError

SMOKE, LAPTOP = config.PRESETS["smoke"], config.PRESETS["laptop"]


@pytest.fixture(scope="module")
def languages():
    return data.load(LAPTOP)


@pytest.mark.parametrize("preset", ["paper", "paper_code"])
def test_parameters_of_the_paper_s_presets(preset):
    settings = config.PRESETS[preset]
    model = experiment.build_model(settings, VARIANTS[settings.variants[0]])
    model.build((None, 300))
    parts = model.mappings, model.discriminators
    found = [sum(w.numpy().size for w in part.trainable_weights) for part in parts]
    assert found == [paper.PARAMETERS["mapping"], paper.PARAMETERS["discriminator"]]
    by_hand = 300 * 2048 + 2048 + 2048**2 + 2048 + 2048 + 1
    assert found[1] == by_hand
    assert runtime.num_parameters(model) == sum(found)


def test_restarts_do_not_see_each_other():
    x, y = np.random.default_rng(0).normal(size=(2, 16, 3, 4)).astype("float32")

    def trained(change):
        runtime.seed_everything(0)
        model = experiment.compiled(
            SMOKE.replace(embedding_dim=4), VARIANTS["adversarial"], 4, run_eagerly=True
        )
        kernel = model.mappings.kernel.numpy()
        kernel[1] += change
        model.mappings.kernel.assign(kernel)
        for _ in range(3):
            model.train_on_batch(x, y)
        return model.mappings.kernel.numpy()

    one, other = trained(0.0), trained(0.3)
    np.testing.assert_array_equal(one[0], other[0])
    assert np.abs(one[1] - other[1]).max() > 0.1


def test_a_step_is_the_gradient_then_the_orthogonality_step():
    settings = SMOKE.replace(discriminator_steps=1)
    model = experiment.compiled(settings, VARIANTS["adversarial"], 3, run_eagerly=True)
    x, y = np.random.default_rng(1).normal(size=(2, 9, 2, 3)).astype("float32")
    model.update_discriminators(x[:, 0], y[:, 0])  # as the step does first
    before = tf.convert_to_tensor(model.mappings.kernel.value)
    with tf.GradientTape() as tape:
        tape.watch(before)
        mapped = tf.einsum("nd,red->rne", x[:, 1], before)
        logits = model.discriminators(mapped)
        target = model.discriminators(np.repeat(y[None, :, 1], 2, axis=0))
        loss = tf.reduce_sum(theory.mapping_loss(logits, target, 0.1))
    slope = tape.gradient(loss, before)
    model.update_mappings(x[:, 1], y[:, 1])
    moved = model.mappings.kernel.numpy()
    np.testing.assert_allclose(moved, before - settings.rate * slope, atol=1e-5)
    again = experiment.compiled(settings, VARIANTS["adversarial"], 3, run_eagerly=True)
    again.train_on_batch(x, y)
    np.testing.assert_allclose(
        again.mappings.kernel.numpy(), theory.orthogonalize(moved, 0.05), atol=1e-4
    )


def test_what_is_exported_maps_words(tmp_path):
    model = experiment.compiled(SMOKE, VARIANTS["adversarial"], 3)
    model(np.zeros((1, 3), "float32"))  # what it is exported for
    model.export(str(tmp_path / "game"), verbose=False)
    archive = tf.saved_model.load(str(tmp_path / "game"))
    for size in (1, 5):
        words = np.random.default_rng(size).normal(size=(size, 3)).astype("float32")
        expected = np.einsum("nd,red->nre", words, model.mappings.kernel.numpy())
        np.testing.assert_allclose(archive.serve(words), expected, atol=1e-6)


def test_projected_games_stay_orthogonal_and_free_ones_do_not():
    x, y = np.random.default_rng(2).normal(size=(2, 32, 3, 3)).astype("float32")
    away = {}
    for name in ("hard", "free"):
        runtime.seed_everything(0)
        model = experiment.compiled(SMOKE, VARIANTS[name], 3, run_eagerly=True)
        for _ in range(3):
            logs = model.train_on_batch(x, y, return_dict=True)
        away[name] = float(logs["departure"])
    assert away["hard"] < 1e-8 < 1e-3 < away["free"]


def test_starts_are_orthogonal_and_every_second_one_is_a_reflection():
    layer = StackedMappings(4, seed=3)
    layer.build((None, 6))
    found = layer.kernel.numpy()
    np.testing.assert_allclose(np.linalg.det(found), [1, -1, 1, -1], atol=1e-5)
    words = np.random.default_rng(0).normal(size=(5, 6)).astype("float32")
    expected = np.stack([words @ w.T for w in found])
    np.testing.assert_allclose(layer.stacked(words), expected, atol=1e-5)
    np.testing.assert_allclose(layer(words), np.swapaxes(expected, 0, 1), atol=1e-5)


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda: SMOKE.replace(embedding_dim=61), "embedding_dim must be at most"),
        (lambda: SMOKE.replace(game_words=61), "game_words"),
        (lambda: SMOKE.replace(smoothing=0.6), "smoothing"),
        (lambda: SMOKE.replace(variants=("lies",)), "variants"),
        (lambda: MappingGame(1, (4,), discriminator_steps=0), "discriminator_steps"),
        (lambda: MappingGame(1, (4,), smoothing=0.7), "smoothing"),
        (lambda: MappingGame(0, (4,)), "restarts"),
        (lambda: MappingGame(1, (4,), start="zero"), "start"),
        (lambda: StackedDiscriminators(0, ()), "restarts"),
        (lambda: StackedDiscriminators(1, (4, 0)), "hidden units"),
        (lambda: StackedDiscriminators(1, (4,), dropout=1.0), "dropout"),
    ],
)
def test_settings_that_cannot_work_are_refused(make, text):
    with pytest.raises(UserError, match=text):
        make()


def test_words_and_draws_of_another_shape_are_refused():
    layer = StackedDiscriminators(3, (5,))
    for build in (False, True):  # refused when it is built, and afterwards
        if build:
            assert layer(np.ones((3, 2, 4))).shape == (3, 2)
        with pytest.raises(UserError, match=r"shape \(3, batch, d\), got \(2, 1, 4\)"):
            layer(np.ones((2, 1, 4)))
    model = experiment.compiled(SMOKE, VARIANTS["adversarial"], 3)
    x = np.ones((5, 3, 3), "float32")
    for name, draws in (
        ("x", (x[:, :1], x)),  # one draw would serve both players
        ("y", (x, x[:, :2])),
        ("x", (x[:, 0], x)),
        ("y", (x, None)),
    ):
        with pytest.raises(UserError, match=f"{name} must hold D \\+ 1 = 3 draws"):
            model.fit(*draws, batch_size=5, verbose=0)


def test_discriminators_without_hidden_units_are_linear():
    layer = StackedDiscriminators(2, ())
    one, other = np.random.default_rng(0).normal(size=(2, 2, 6, 4))
    found = layer(one + 2 * other) - layer(one) - 2 * layer(other)
    np.testing.assert_allclose(found, np.zeros((2, 6)), atol=1e-5)


def test_the_criterion_asked_after_refinement_chooses_among_refined_ones(languages):
    right = evaluation.ceiling(languages)
    rough = right + 0.8 * np.random.default_rng(1).normal(size=right.shape) / 10**0.5
    wrong = theory_routes.flipped(right, languages.source, 9)
    found = evaluation.game_scores(np.stack([rough, wrong]), languages, LAPTOP)
    assert found["criterion_1"] > found["criterion_0"]  # the rough one is right,
    assert found["refined_p1_csls"] < 80 < 90 < found["late_p1"]  # once refined
    assert found["late_criterion"] > found["refined_criterion"]


def test_the_best_epoch_of_every_restart_is_kept(languages):
    class Stand:
        pass

    model = Stand()
    model.mappings = StackedMappings(2)
    model.mappings.build((None, 10))
    right = evaluation.ceiling(languages).astype("float32")
    watch = selection.Selection(languages, LAPTOP.replace(halving=True, rate_decay=1.0))
    watch.set_model(model)
    watch.on_train_begin()
    seen = []
    for maps in ((np.eye(10), right), (right, np.eye(10)), (-right, np.eye(10))):
        model.mappings.kernel.assign(np.stack(maps))
        seen.append(watch._look(model))
    assert seen[0]["p1_1"] > 90 > 10 > seen[0]["p1_0"]
    watch.on_train_end()
    np.testing.assert_allclose(model.mappings.kernel.numpy(), [right, right])
    assert watch.rate == LAPTOP.rate  # the first drop changes nothing yet
    watch._next_rate(0.0)
    assert watch.rate == LAPTOP.rate / 2


def test_a_restart_that_diverges_neither_wins_nor_disturbs_the_others(languages):
    settings = SMOKE.replace(restarts=3, embedding_dim=10, num_concepts=600)
    found = {}
    for name, scale in (("calm", 1.0), ("wild", 1e9)):
        runtime.seed_everything(0)
        model = experiment.compiled(settings, VARIANTS["adversarial"], 10)
        kernel = model.mappings.kernel.numpy()
        first = kernel.copy()
        kernel[1] *= scale
        model.mappings.kernel.assign(kernel)
        watch = selection.Selection(languages, settings)
        x, y = experiment.draws(settings, languages)
        history = model.fit(x, y, batch_size=8, epochs=2, verbose=0, callbacks=[watch])
        assert np.all(np.isfinite(history.history["loss"]))
        assert watch.history["diverged"] == [float(name == "wild")] * 2
        found[name] = model.mappings.kernel.numpy(), watch
    (calm, _), (wild, watch) = found.values()
    np.testing.assert_array_equal(wild[[0, 2]], calm[[0, 2]])
    np.testing.assert_allclose(wild[1], 1e9 * first[1])  # what it had before
    assert watch.history["criterion_1"] == [-1.0] * 2 and watch.best[1] == -1.0
    lost = np.full((10, 10), np.nan)
    right = evaluation.ceiling(languages)
    chosen, criteria = evaluation.best_by_criterion([lost, right], languages, LAPTOP)
    assert chosen == 1 and criteria[0] == -1.0
    model.mappings.kernel.assign(np.full((3, 10, 10), np.inf))
    assert np.isnan(model.train_on_batch(x, y, return_dict=True)["loss"])


def test_turning_axes_finds_the_mapping_and_counts_its_refinements():
    settings = SMOKE.replace(
        num_concepts=150, num_pairs=3_000_000, perturbation=0.03, rounds=4
    )
    languages = data.load(settings)
    found, path, made = evaluation.axis_search(languages, settings)
    assert made == 3 + 3 * len(path) and np.all(np.diff(path) > 0)
    np.testing.assert_allclose(found @ found.T, np.eye(3), atol=1e-9)
    scores = evaluation.by_search(languages, settings)
    assert scores["search/made"] == made and scores["search/criterion"] == path[-1]
    one, other = (
        evaluation.accuracy(w, languages, settings)
        for w in (found, evaluation.ceiling(languages))
    )
    assert one > 0.8 * other > 5


def test_large_draws_become_a_data_set(languages, monkeypatch):
    x, y = experiment.draws(SMOKE, languages)
    assert x.shape == y.shape == (32, 3, 10)
    monkeypatch.setattr(experiment, "MOST_BYTES", 0)
    batches, none = experiment.draws(SMOKE, languages)
    assert none is None
    first = next(iter(batches))
    np.testing.assert_allclose(first[0], x[:8])
    np.testing.assert_allclose(first[1], y[:8])


def test_a_mapping_to_one_line_beats_the_criterion_of_the_right_one():
    settings = LAPTOP.replace(seed=5)  # the notebook has seed 0
    spaces = data.load(settings)
    lines = [np.outer(y, spaces.source.mean(axis=0)) for y in spaces.target[:200:5]]
    chosen, criteria = evaluation.best_by_criterion(lines, spaces, settings)
    line = evaluation.evaluate(lines[chosen], spaces, settings)
    right = evaluation.evaluate(evaluation.ceiling(spaces), spaces, settings)
    assert criteria[chosen] > right["criterion"] + 0.003
    assert round(600 * line["distinct"]) == 2 and line["p1_csls"] < 1
    assert right["distinct"] > 0.9 and right["p1_csls"] > 90


@pytest.mark.parametrize("start", [30, 40, 70, 130])
def test_refinement_in_the_plane_stops_near_its_start(start):
    source, target = figures_theory.plane_clouds()
    turn = theory_routes.rotation(np.radians(start))
    found = refinement.refine(turn, source, target, 20, k=3)
    assert abs(np.degrees(np.arctan2(found[1, 0], found[0, 0])) - start) < 8
    top = theory_routes.rotation(np.radians(140))
    reached, most = (refinement.criterion(w, source, target, k=3) for w in (found, top))
    assert reached < most - 0.002


def test_the_knob_has_its_top_at_the_true_angle():
    source, target = figures_theory.plane_clouds()
    angles = np.arange(0, 360, 10)
    found = [
        retrieval.precision_at_k(
            retrieval.csls(retrieval.cosines(source @ turn.T, target), 3),
            {i: {i} for i in range(len(source))},
        )
        for turn in map(figures_theory.theory_routes.rotation, np.radians(angles))
    ]
    assert angles[np.argmax(found)] == 140 and max(found) > 75 > 2 * sorted(found)[-2]


def test_headlines_and_claims_stand_on_eight_seeds():
    presets = {headline.preset for headline in paper.HEADLINES}
    assert len(presets) == 13
    for preset in presets:
        assert len(results.recorded("word_translation", preset)) >= 8
