"""CIFAR-10 from a file, and clear words when it cannot be read."""

import io
import tarfile

import numpy as np
import pytest

from lessons.foundations.amsgrad import config, data
from lessons.toolkit.errors import UserError

NAMES = [f"data_batch_{number}.bin" for number in range(1, 6)] + ["test_batch.bin"]


def write(path, records, leave_out=(), cut=0):
    with tarfile.open(path, "w:gz") as archive:
        for name, rows in records.items():
            if name in leave_out:
                continue
            content = rows.tobytes()
            content = content[: len(content) - cut]
            info = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


@pytest.fixture
def records():
    rng = np.random.default_rng(0)
    rows = {name: rng.integers(0, 256, (4, 3073), dtype=np.uint8) for name in NAMES}
    for table in rows.values():
        table[:, 0] %= 10
    return rows


def test_images_come_out_with_their_labels_and_colours(records, tmp_path):
    split = data.load_cifar10(write(tmp_path / "c.tar.gz", records))
    assert split.train_images.shape == (20, 32, 32, 3)
    assert split.test_images.dtype == np.float32
    row = records["test_batch.bin"][1]
    assert split.test_labels[1] == row[0]
    # Record: label, 1024 red, 1024 green, 1024 blue; rows of 32 pixels.
    assert split.test_images[1, 2, 5, 1] == np.float32(row[1 + 1024 + 2 * 32 + 5]) / 255
    labels = np.concatenate([records[name][:, 0] for name in NAMES[:5]])
    np.testing.assert_array_equal(np.sort(split.train_labels), np.sort(labels))


def test_the_seed_chooses_which_images_are_taken(records, tmp_path):
    path = write(tmp_path / "c.tar.gz", records)
    one, same = (data.load_cifar10(path, 1, 5).train_images for _ in range(2))
    np.testing.assert_array_equal(one, same)
    assert np.any(one != data.load_cifar10(path, 2, 5).train_images)


def test_a_configuration_names_the_file(records, tmp_path):
    path = write(tmp_path / "c.tar.gz", records)
    settings = config.PRESETS["paper_cifarnet"].replace(data_path=str(path))
    assert data.load(settings).name == "cifar10"


def test_without_a_file_it_says_what_to_do():
    for path in (None, "nowhere.tar.gz"):
        with pytest.raises(UserError, match="needs the file cifar-10-binary.tar.gz"):
            data.load_cifar10(path)


def test_a_damaged_file_is_refused(records, tmp_path):
    missing = write(tmp_path / "a.tar.gz", records, leave_out=NAMES[2:3])
    with pytest.raises(UserError, match="data_batch_3.bin"):
        data.load_cifar10(missing)
    short = write(tmp_path / "b.tar.gz", records, cut=1)
    with pytest.raises(UserError, match="no multiple of 3073"):
        data.load_cifar10(short)
    records["test_batch.bin"][0, 0] = 10
    with pytest.raises(UserError, match="holds the label 10"):
        data.load_cifar10(write(tmp_path / "c.tar.gz", records))
    text = tmp_path / "d.tar.gz"
    text.write_text("not an archive")
    with pytest.raises(UserError, match="cannot read"):
        data.load_cifar10(text)
