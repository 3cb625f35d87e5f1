"""Drawings of three sources: noise, scale, formats, broken files."""

import io
import pickle
import zipfile

import numpy as np
import pytest

from lessons.sequences.sketch_rnn import (
    config,
    data,
    drawings,
    experiment,
    theory_routes,
)
from lessons.toolkit.data import strokes
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]
MIDDLE = {name: sum(ends) / 2 for name, ends in drawings.RANGES.items()}


@pytest.fixture(scope="module")
def few():
    return data.load(SMOKE.replace(num_train=60, num_test=30))


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


def test_drawings_that_would_be_cut_are_refused():
    with pytest.raises(UserError, match="max_length=26 leaves no row.*at least 27"):
        data.load(SMOKE.replace(num_train=60, max_length=26))
    with pytest.raises(UserError, match="max_length=27 leaves no row"):
        data.load(SMOKE.replace(num_train=200, source="letters"))
    for part in ("train", "test"):
        assert np.all(data.load(SMOKE).arrays(part)[:, -1, 4] == 1)
