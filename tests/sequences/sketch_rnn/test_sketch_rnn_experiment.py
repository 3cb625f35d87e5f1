"""Drawings of three sources, judges with known answers, presets and recorded runs."""

import io
import pickle
import zipfile

import numpy as np
import pytest

from lessons.sequences.sketch_rnn import (
    config,
    data,
    drawings,
    evaluation,
    experiment,
    judge,
    latent,
    paper,
    tasks,
    theory_routes,
)
from lessons.sequences.sketch_rnn.variants import VARIANTS
from lessons.toolkit import results, runtime
from lessons.toolkit.data import strokes
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]
MIDDLE = {name: sum(ends) / 2 for name, ends in drawings.RANGES.items()}


@pytest.fixture(scope="module")
def few():
    return data.load(SMOKE.replace(num_train=60, num_test=30))


@pytest.fixture(scope="module")
def model():
    runtime.seed_everything(0)
    made = experiment.build_model(SMOKE, VARIANTS["weight_small"])
    made.build((None, SMOKE.max_length, 5))
    for dense in (made.to_mean, made.to_log_var):  # codes that differ
        dense.kernel.assign(1000 * dense.kernel)
    return made


def test_drawings_have_the_points_that_they_should():
    head, eyes, mouth, ears, whiskers = 9, 4, 3, 6, 4
    for kind, more in (("cat", ears), ("face", 0)):
        for has in (False, True):
            found = sum(map(len, drawings.lines(kind, has, MIDDLE)))
            assert found == head + eyes + mouth + more + whiskers * has
    assert drawings.longest(("cat", "face")) + 1 == 27 == SMOKE.max_length
    assert len(drawings.lines("cat", False, MIDDLE, 3)) == 7
    first = drawings.lines("face", False, MIDDLE)[0]
    np.testing.assert_allclose(first[0], first[-1], atol=1e-9)  # a closed head


def test_noise_has_the_deviation_it_says():
    rng = np.random.default_rng(0)
    spread = [drawings.drawn("face", False, rng).strokes for _ in range(400)]
    # Both ends of the head are the same place: their distance is noise alone.
    gaps = [strokes.to_lines(each)[0][[0, -1]] for each in spread]
    deviation = np.std([a - b for a, b in gaps]) / np.sqrt(2)
    assert deviation == pytest.approx(drawings.JITTER, rel=0.06)


def test_the_oracle_is_the_gaussian_of_the_noise():
    rng = np.random.default_rng(1)
    noise = rng.normal(0, drawings.JITTER, (20_000, 2))
    cov = drawings.JITTER**2 * np.eye(2)
    logs = theory_routes.gaussian_log_density(noise, 0 * noise, cov[None])
    expected = -logs.mean() * 7 - 7 * 2 * np.log(0.5)
    assert drawings.oracle_nats(7, 0.5) == pytest.approx(expected, abs=0.15)
    # An error of a tenth in the noise would be 7 times 2 ln 1.1 = 1.33 nats.


def test_the_parts_of_a_source_share_one_scale(few):
    offsets = np.concatenate([each[:, :2] for each in few.train])
    assert np.std(offsets) == pytest.approx(1, abs=1e-5)
    assert few.arrays("train").shape == (60, 27, 5)
    told = few.arrays("test", classes=True)
    assert told.shape == (30, 27, 7)
    np.testing.assert_array_equal(told[:, 5, 5:].argmax(axis=1), few.test_labels)
    other = data.load(SMOKE.replace(num_train=60, num_test=30, seed=1))
    assert not np.array_equal(few.train[0], other.train[0])
    assert not np.array_equal(few.train[0], few.test[0])


def test_letters_are_outlines_of_all_fonts():
    settings = config.PRESETS["laptop_letters"].replace(num_train=60, num_test=10)
    found = data.load(settings)
    assert found.class_names == tuple(data.LETTERS) and not found.attributes
    for each in found.train:
        assert len(each) <= settings.max_length
        line = strokes.to_lines(each)[0]
        reach = np.hypot(*(np.ptp(line, axis=0)))
        assert np.hypot(*(line[0] - line[-1])) < 0.2 * reach  # closed, but for noise


def quickdraw(path, *, parts=None, drawing=None):
    drawn = np.array([(3, 4, 0), (-2, 1, 1)], np.int16) if drawing is None else drawing
    counts = {"train": 9, "valid": 2, "test": 4} if parts is None else parts
    arrays = {}
    for name, count in counts.items():
        arrays[name] = np.empty(count, object)
        for i in range(count):
            arrays[name][i] = np.array(drawn)
    np.savez(path, **arrays)
    return str(path)


def test_a_users_quickdraw_is_read_like_the_embedded_source(tmp_path):
    paths = [quickdraw(tmp_path / f"{name}.npz") for name in ("cat", "pig")]
    settings = SMOKE.replace(
        source="quickdraw", data_path=",".join(paths), num_train=16, num_test=8
    )
    found = data.load(settings)
    assert found.class_names == ("cat", "pig") and len(found.train) == 16
    embedded = data.load(SMOKE)
    assert {k: type(v) for k, v in vars(found).items()} == {
        k: type(v) for k, v in vars(embedded).items()
    }
    ratio = found.train[0][0, 1] / found.train[0][0, 0]
    assert ratio == pytest.approx(4 / 3)
    with pytest.raises(UserError, match="hold 18 drawings where 19"):
        data.load(settings.replace(num_train=19))


def test_without_a_file_the_message_says_what_to_do(tmp_path):
    with pytest.raises(
        UserError, match="needs data_path.*copy it from another machine"
    ):
        SMOKE.replace(source="quickdraw")
    with pytest.raises(UserError, match="needs data_path"):
        data.load(config.PRESETS["paper"])
    absent = SMOKE.replace(source="quickdraw", data_path=str(tmp_path / "no.npz"))
    with pytest.raises(UserError, match="no file"):
        data.load(absent)


class _Harmful:
    def __reduce__(self):
        return (io.open, ("/tmp/touched_by_pickle", "w"))


def test_broken_and_empty_files_are_refused(tmp_path):
    path = tmp_path / "cat.npz"
    settings = SMOKE.replace(source="quickdraw", data_path=str(path))
    path.write_bytes(b"no archive")
    with pytest.raises(UserError, match="cannot read"):
        data.load(settings)
    path.write_bytes(b"")
    with pytest.raises(UserError, match="cannot read"):
        data.load(settings)
    quickdraw(path, parts={"train": 3, "test": 3})
    with pytest.raises(UserError, match="valid"):
        data.load(settings)
    quickdraw(path, parts={"train": 0, "valid": 1, "test": 1})
    with pytest.raises(UserError, match="`train` of .* holds no drawing"):
        data.load(settings)
    for drawing, word in (
        (np.zeros((0, 3)), "shape .0, 3."),
        (np.zeros((2, 2)), "shape .2, 2."),
        (np.array([(1, 2, 5)]), "pen state 5"),
        (np.array([(np.nan, 2, 1)]), "not finite"),
    ):
        quickdraw(path, drawing=drawing)
        with pytest.raises(UserError, match=f"drawing 0 of `train`.*{word}"):
            data.load(settings)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="cannot read"):
        data.load(settings)


def test_a_file_that_would_run_a_program_is_refused(tmp_path):
    path = tmp_path / "cat.npz"
    quickdraw(path)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|O", "fortran_order": False, "shape": (1,)}
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("train.npy", header.getvalue() + pickle.dumps(_Harmful()))
    with pytest.raises(UserError, match="it asks for"):
        data.load(SMOKE.replace(source="quickdraw", data_path=str(path)))


def test_augmentation_stretches_and_thins(few):
    rows = few.arrays("train")
    stretched = data.augmented(rows, np.random.default_rng(0), 0.1)
    real = rows[..., 4] < 0.5
    ratios = stretched[real][:, :2] / rows[real][:, :2]
    assert ratios.min() >= 0.9 - 1e-5 and ratios.max() <= 1.1 + 1e-5
    np.testing.assert_array_equal(stretched[..., 2:], rows[..., 2:])
    thinned = data.augmented(rows, np.random.default_rng(0), 0.0, 0.5)
    assert (thinned[..., 4] < 0.5).sum() < real.sum()
    for before, after in zip(rows, thinned, strict=True):  # ends of strokes stay
        ends = [np.cumsum(r[:, :2], axis=0)[r[:, 3] > 0.5] for r in (before, after)]
        np.testing.assert_allclose(ends[0], ends[1], atol=1e-5)
    stream = experiment.stream(rows, SMOKE.replace(stretch=0.1))
    shapes = [tuple(batch.shape) for batch in stream]
    assert shapes == [(12, 27, 5)] * 5 and len(stream) == 5


def test_the_judge_knows_cats_from_faces_and_noise_from_drawings(few):
    one = judge.Judge(few)
    rows = few.arrays("test")
    assert one.accuracy(rows, few.test_labels) > 0.9
    assert one.accuracy(rows, 1 - few.test_labels) < 0.1
    noise = rows.copy()
    noise[..., :2] = np.random.default_rng(0).normal(0, 1.5, rows[..., :2].shape)
    near = one.distance(few.arrays("train"), rows)
    assert near < 2 < one.distance(noise, rows)


def test_measures_are_those_of_a_square():
    line = np.array([(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)], float)
    rows = strokes.batch([strokes.from_lines([line])], 7)
    expected = (5, 1, 2, 2, 8, 0.8, 0.8, 4)  # of its 5 points, 2 lie at x = 2
    np.testing.assert_allclose(judge.measures(rows)[0], expected)
    empty = judge.rows_of([np.zeros((0, 3), np.float32)], 7)
    assert np.all(np.isfinite(judge.measures(empty)))
    inside = judge.pictures(rows, 3.0)[0].reshape(judge.SIDE, judge.SIDE)
    assert inside[7, 7] > 0.1 and inside[3, 3] == 0


def test_losses_with_a_code_are_those_of_the_training_loss(few, model):
    rows = few.arrays("test")
    model.compile("adam")
    mean, _ = latent.encoded(model, rows)
    found = evaluation.losses(model, rows, mean)
    logs = model.evaluate(rows, verbose=0, return_dict=True, batch_size=30)
    assert found["reconstruction"] == pytest.approx(logs["reconstruction"], rel=1e-4)
    assert found["kl"] == pytest.approx(logs["kl"], rel=1e-3)
    nats = 27 * found["reconstruction"] + 3 * found["kl"]
    assert found["nats"] == pytest.approx(nats)
    other = evaluation.losses(model, rows, mean + 3.0)
    assert abs(other["reconstruction"] - found["reconstruction"]) > 1e-4


def test_a_class_is_paid_for(few):
    runtime.seed_everything(0)
    told = experiment.build_model(SMOKE, VARIANTS["class_only"])
    rows = few.arrays("test", classes=True)
    told.build(rows.shape)
    found = evaluation.losses(told, rows)
    assert found["nats"] == pytest.approx(27 * found["reconstruction"] + np.log(2))


def test_neighbours_are_others_of_the_same_class():
    labels = np.array([0, 1, 0, 1, 0])
    found = evaluation._neighbours(labels)
    np.testing.assert_array_equal(labels[found], labels)
    assert np.all(found != np.arange(5))


def test_by_step_is_beaten_by_the_oracle_and_beats_nothing(few):
    found = evaluation.baselines(few, SMOKE)
    assert found["oracle/reconstruction"] < found["by_step/reconstruction"] - 1
    assert found["by_step/reconstruction"] < np.log(2 * np.pi) + 1


def test_arithmetic_and_endings(few, model):
    base, plus, minus = np.eye(3)[:1], 2 * np.ones((4, 3)), np.ones((2, 3))
    np.testing.assert_allclose(latent.analogy(base, plus, minus), base + 1)
    assert latent.path(base[0], plus[0], 5).shape == (5, 3)
    found = latent.finish(model, few.test[0][:4], 3)
    for each in found:
        np.testing.assert_allclose(each[:4], few.test[0][:4], atol=1e-6)
    with pytest.raises(UserError, match="beginning has shape"):
        latent.finish(model, np.zeros((0, 3)), 2)
    eyes = tasks.cats_with_eyes(few, 3, 5)
    np.testing.assert_array_equal((eyes[..., 3] > 0.5).sum(axis=1), 7)


def test_impossible_settings_are_refused():
    with pytest.raises(UserError, match="kinds must name"):
        SMOKE.replace(kinds=("cat", "cat"))
    with pytest.raises(UserError, match="kl_start"):
        SMOKE.replace(kl_start=2.0)


def test_headlines_stand_on_eight_seeds():
    for preset in {headline.preset for headline in paper.HEADLINES}:
        assert len(results.recorded("sketch_rnn", preset)) >= 8
