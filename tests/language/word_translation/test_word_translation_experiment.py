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
    retrieval,
    selection,
    sentences,
    theory,
    vectors,
)
from lessons.language.word_translation.layers import StackedMappings
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


def test_the_languages_are_two_orders_of_the_same_concepts(languages):
    assert languages.source.shape == languages.target.shape == (600, 10)
    assert languages.source.dtype == np.float32
    assert np.mean(languages.source**2) == pytest.approx(1, rel=1e-3)
    columns = [min(languages.gold[i]) for i in range(600)]
    assert sorted(columns) == list(range(600))
    assert np.mean(np.arange(600) == columns) < 0.2
    assert np.all(np.diff(languages.frequency) <= 0)
    assert len(set(languages.source_words)) == len(set(languages.target_words)) == 600
    # No leak: without a mapping nothing is translated, with the right one all is.
    as_it_is = evaluation.accuracy(np.eye(10), languages, LAPTOP)
    assert (
        as_it_is
        < 5
        < 90
        < evaluation.accuracy(evaluation.ceiling(languages), languages, LAPTOP)
    )
    again = data.load(LAPTOP)
    np.testing.assert_array_equal(again.target, languages.target)


def test_settings_change_how_far_the_spaces_match(languages):
    best = evaluation.accuracy(evaluation.ceiling(languages), languages, LAPTOP)
    for change in (
        {"perturbation": 0.3},
        {"num_pairs": 200_000},
        {"shared_frequency": False},
        {"unrelated": True},
    ):
        settings = LAPTOP.replace(**change)
        other = data.load(settings)
        found = evaluation.accuracy(evaluation.ceiling(other), other, settings)
        assert found < best - 10, change
    assert found < 5


def test_embeddings_are_the_best_factor_of_log_ratios():
    counts = np.random.default_rng(0).poisson(30, size=(20, 20)).astype(float)
    rows, columns = counts.sum(1), counts.sum(0)
    ratios = np.log((counts + 1) * counts.sum() / np.outer(rows, columns))
    values, left = np.linalg.eigh(ratios @ ratios.T)
    expected = left[:, ::-1][:, :3] * values[::-1][:3] ** 0.25
    found = data.embed(counts, 3)
    gram, other = found @ found.T, expected @ expected.T
    np.testing.assert_allclose(
        gram / np.trace(gram), other / np.trace(other), atol=1e-9
    )


def test_sentences_are_bags_whose_translation_lost_words(languages):
    drawn = sentences.draw(languages, 50, np.random.default_rng(0))
    for one, other in zip(drawn.source, drawn.target, strict=True):
        meant = {min(languages.gold[int(w)]) for w in one}
        assert 2 <= len(other) < len(one) and set(other.tolist()) <= meant
    rare = sentences.inverse_document_frequency([np.array([0, 1]), np.array([0, 0])], 3)
    np.testing.assert_allclose(rare, [0, np.log(2), np.log(2)])
    words = np.eye(3)
    found = sentences.embedded([np.array([0, 1])], words, np.array([1.0, 3.0, 9.0]))
    np.testing.assert_allclose(found, [[0.25, 0.75, 0]])
    text = sentences.word_for_word([0, 1], evaluation.ceiling(languages), languages)
    assert len(text.split()) == 2


VEC = (
    b"5 3\nThe 1 2 3\nof 0.5 -1 2e-1\nnew york 1 1 1\nthe 9 9 9\ncut 1 2\n"
    b"bad 1 x 3\nnull 0 0 0\nnan nan 1 1\n\xff\xfe 1 2 3\n  1 2 3\nlast 4 5 6\n"
)


def test_vec_files_survive_malformed_lines(tmp_path):
    path = tmp_path / "a.vec"
    path.write_bytes(VEC)
    found = vectors.read(path)
    assert found.words == ("the", "of", "new york", "last")
    np.testing.assert_allclose(found.vectors[1], [0.5, -1, 0.2], rtol=1e-6)
    assert found.vectors.dtype == np.float32 and found.vectors.shape == (4, 3)
    assert found.skipped == {
        "a word again": 1,
        "too few numbers": 2,
        "not a number": 1,
        "all zeros": 1,
        "not finite": 1,
        "not UTF-8": 1,
    }
    assert vectors.read(path, limit=2).words == ("the", "of")
    assert vectors.read(path, lower=False).words[:1] == ("The",)
    path.write_bytes(b"one 1 2\ntwo 3 4\n")  # no header
    assert vectors.read(path).words == ("one", "two")
    path.write_bytes(b"100000000 300\nnothing\n")  # a header that lies
    with pytest.raises(UserError, match="no line of 'a.vec' is a word"):
        vectors.read(path)
    with pytest.raises(UserError, match="no file 'none'"):
        vectors.read(tmp_path / "none")
    with pytest.raises(UserError, match="limit"):
        vectors.read(path, limit=0)


def test_a_user_s_own_languages_are_played_with(tmp_path):
    rng = np.random.default_rng(0)
    table = rng.normal(size=(40, 3))
    for name in ("a", "b"):
        lines = [f"{name}{i} " + " ".join(map(str, row)) for i, row in enumerate(table)]
        (tmp_path / f"{name}.vec").write_text("\n".join(lines))
    (tmp_path / "dict").write_text(
        "a0 b0\na0 b1\na1\tb1\nnone b2\nA2 B2\nthree words x\n"
    )
    settings = SMOKE.replace(
        source="vec",
        source_path=str(tmp_path / "a.vec"),
        target_path=str(tmp_path / "b.vec"),
        dictionary_path=str(tmp_path / "dict"),
    )
    found = data.load(settings)
    assert found.gold == {0: {0, 1}, 1: {1}, 2: {2}} and found.meaning is None
    scores = evaluation.evaluate(np.eye(3), found, settings)
    assert scores["p1_csls"] == 100 and "similarity" not in scores
    with pytest.raises(UserError, match="needs source_path"):
        data.load(settings.replace(source_path=None))
    (tmp_path / "dict").write_text("x y\n")
    with pytest.raises(UserError, match="no line of 'dict' is a pair"):
        data.load(settings)
    (tmp_path / "b.vec").write_text("b0 1 2\n")
    with pytest.raises(UserError, match="same length"):
        data.load(settings)


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
    ],
)
def test_settings_that_cannot_work_are_refused(make, text):
    with pytest.raises(UserError, match=text):
        make()


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
    assert len(presets) == 12
    for preset in presets:
        assert len(results.recorded("word_translation", preset)) >= 8
