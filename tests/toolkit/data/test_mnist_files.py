"""MNIST from files: what is read, what is refused, and what a failure leaves."""

import dataclasses
import gzip
import hashlib
import importlib.util
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from lessons.toolkit import data
from lessons.toolkit.data import cache, mnist
from lessons.toolkit.errors import UserError

IDX_NAMES = list(mnist.FILES["mnist"].idx)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A user without any data; returns the data folder, which does not exist yet."""
    monkeypatch.setenv("LESSONS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "data"


@pytest.fixture(scope="module")
def arrays():
    """Arrays of MNIST's layout; each image holds its own number in two pixels."""
    made = {}
    for part, count in (("train", 60_000), ("test", 10_000)):
        images = np.zeros((count, 28, 28), np.uint8)
        images[:, 0, 0], images[:, 0, 1] = divmod(np.arange(count), 256)
        made[f"x_{part}"] = images
        made[f"y_{part}"] = (np.arange(count) % 10).astype(np.uint8)
    return made


@pytest.fixture(scope="module")
def npz(arrays, tmp_path_factory):
    path = tmp_path_factory.mktemp("npz") / "mnist.npz"
    np.savez_compressed(path, **arrays)
    return path


def write_idx(path, array):
    """Write the IDX format from its definition."""
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(header + array.tobytes())


@pytest.fixture(scope="module")
def idx_folder(arrays, tmp_path_factory):
    folder = tmp_path_factory.mktemp("idx")
    keys = ("x_train", "y_train", "x_test", "y_test")
    for name, key in zip(IDX_NAMES, keys, strict=True):
        write_idx(folder / name, arrays[key])
    return folder


@pytest.fixture
def published(npz, idx_folder, monkeypatch):
    """The fabricated files pass for the published ones."""
    sha256 = hashlib.sha256(npz.read_bytes()).hexdigest()
    md5 = {n: hashlib.md5((idx_folder / n).read_bytes()).hexdigest() for n in IDX_NAMES}
    for name, files in mnist.FILES.items():
        one = {"mnist.npz": sha256} if files.npz else {}
        files = dataclasses.replace(files, npz=one, idx=md5)
        monkeypatch.setitem(mnist.FILES, name, files)


def numbers(images):
    """The number that each fabricated image holds."""
    pixels = np.round(images * 255).astype(int)
    return 256 * pixels[:, 0, 0, 0] + pixels[:, 0, 1, 0]


def contents(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def keras_source(name):
    """The text of a module of keras.datasets, without importing Keras."""
    folder = importlib.util.find_spec("keras").submodule_search_locations[0]
    return (Path(folder) / "src" / "datasets" / f"{name}.py").read_text()


def test_address_and_checksum_are_those_of_keras():
    files = mnist.FILES["mnist"]
    assert files.npz["mnist.npz"] in keras_source("mnist")
    assert files.base in keras_source("mnist")
    assert mnist.FILES["fashion_mnist"].base in keras_source("fashion_mnist")
    for name in mnist.FILES["fashion_mnist"].idx:
        assert name in keras_source("fashion_mnist")


def test_npz_is_read_in_the_promised_form(npz, published):
    split = data.load("mnist", path=npz, size=500, test_size=200)
    assert split.train_images.shape == (500, 28, 28, 1)
    assert split.test_images.shape == (200, 28, 28, 1)
    assert split.train_images.dtype == np.float32
    assert split.train_images.flags.c_contiguous
    assert split.train_labels.dtype == np.int64
    assert split.train_images.max() == 1  # pixel 255 of the image with number 255


def test_images_keep_their_labels_and_are_taken_by_seed(npz, published):
    split = data.load("mnist", path=npz, size=500, test_size=200, seed=4)
    assert np.array_equal(numbers(split.train_images) % 10, split.train_labels)
    assert np.array_equal(numbers(split.test_images) % 10, split.test_labels)
    assert len(set(numbers(split.train_images))) == 500
    other = data.load("mnist", path=npz, size=500, test_size=200, seed=5)
    assert not np.array_equal(numbers(other.train_images), numbers(split.train_images))


def test_without_seed_the_first_images_are_taken(npz, published):
    split = data.load("mnist", path=npz, size=300, test_size=20, seed=None)
    assert np.array_equal(numbers(split.train_images), np.arange(300))
    assert np.array_equal(numbers(split.test_images), np.arange(20))


def test_idx_files_hold_the_same_as_npz(npz, idx_folder, published):
    one = data.load("mnist", path=npz, size=300, test_size=100)
    four = data.load("mnist", path=idx_folder, size=300, test_size=100)
    assert np.array_equal(one.train_images, four.train_images)
    assert np.array_equal(one.test_labels, four.test_labels)


def test_fashion_mnist_reads_idx_files(idx_folder, published):
    split = data.load("fashion_mnist", path=idx_folder, size=10, test_size=10)
    assert split.class_names[9] == "ankle boot"


def test_data_folder_is_found_before_kerass_own(npz, home, tmp_path, published):
    keras_folder = tmp_path / "keras" / "datasets"
    for folder in (keras_folder, home / "mnist"):
        folder.mkdir(parents=True)
        (folder / "mnist.npz").symlink_to(npz)
        assert data.find("mnist").where() == str(folder / "mnist.npz")
    assert len(data.load("mnist", size=5, test_size=5).train_labels) == 5


def test_without_file_the_message_says_what_to_do(home):
    assert data.find("mnist").where() == ""
    with pytest.raises(UserError) as error:
        data.load("mnist")
    for text in (
        "lessons data fetch mnist",
        "download=True",
        "mnist.npz",
        str(home),
        "path=",
    ):
        assert text in str(error.value)
    assert "\n" not in str(error.value)
    assert not home.exists()


def test_a_path_without_file_is_refused_even_with_download(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "retrieve", lambda *_: pytest.fail("downloaded"))
    with pytest.raises(UserError, match="no MNIST at path=.*mnist.npz or train-images"):
        data.load("mnist", path=tmp_path / "nowhere", download=True)


def test_wrong_checksum_is_refused(npz):
    with pytest.raises(UserError, match="not the published MNIST file: its SHA256"):
        data.load("mnist", path=npz)


def test_wrong_checksum_of_one_idx_file_is_refused(idx_folder, published, monkeypatch):
    files = mnist.FILES["mnist"]
    wrong = files.idx | {IDX_NAMES[3]: "0" * 32}
    changed = dataclasses.replace(files, idx=wrong)
    monkeypatch.setitem(mnist.FILES, "mnist", changed)
    with pytest.raises(UserError, match="t10k-labels.*MD5 is not 0000"):
        data.load("mnist", path=idx_folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x_train": np.zeros((5, 28, 28), np.uint8)}, r"\(60000, 28, 28\), got"),
        ({"y_test": np.zeros((10_000, 1), np.uint8)}, r"shape \(10000,\), got uint8"),
        ({"y_test": np.full(10_000, 10, np.uint8)}, "from 0 to 9, got 10 to 10"),
        ({"y_test": np.zeros(10_000)}, "must hold whole numbers"),
        ({"y_test": None}, "lacks the arrays y_test"),
    ],
)
def test_right_layout_with_wrong_content_is_refused(arrays, tmp_path, change, message):
    # broadcast zeros instead of real images keep the file small and quick to write
    content = {**arrays, "x_train": np.zeros((60_000, 28, 28), np.uint8), **change}
    content = {key: value for key, value in content.items() if value is not None}
    np.savez_compressed(tmp_path / "own.npz", **content)
    with pytest.raises(UserError, match=message):
        data.load("mnist", path=tmp_path / "own.npz", verify=False)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    (tmp_path / "mnist.npz").write_bytes(content)
    with pytest.raises(UserError, match="not a readable .npz file"):
        data.load("mnist", path=tmp_path, verify=False)


def test_a_bare_array_is_refused(tmp_path):
    np.save(tmp_path / "x.npy", np.zeros(3))
    with pytest.raises(UserError, match="not a readable .npz file"):
        data.load("mnist", path=tmp_path / "x.npy", verify=False)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not gzipped", "cannot unpack"),
        (gzip.compress(b"\0\0\x08\x01\0\0\0\x05abcde")[:-9], "cannot unpack"),
        (gzip.compress(b"\0\0\x0d\x01\0\0\0\x01abcd"), "not an IDX file"),
        (gzip.compress(b"\0\0"), "not an IDX file"),
        (gzip.compress(b"\0\0\x08\x01\0\0\0\x05abcd"), r"shape \(5,\), got 4"),
    ],
    ids=["plain", "cut off", "other type", "too short", "wrong count"],
)
def test_damaged_idx_files_are_refused(tmp_path, content, message):
    for name in IDX_NAMES:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=message):
        data.load("mnist", path=tmp_path, verify=False)


def test_download_puts_the_file_into_the_data_folder(home, npz, published, monkeypatch):
    asked = []

    def copy(address, path):
        asked.append(address)
        path.write_bytes(npz.read_bytes())

    monkeypatch.setattr(cache, "retrieve", copy)
    data.load("mnist", size=5, test_size=5, download=True)
    data.load("mnist", size=5, test_size=5, download=True)
    assert contents(home) == ["mnist", "mnist/mnist.npz"]
    assert len(asked) == 1  # the second time it is there


def test_fetch_puts_the_files_where_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "matches", lambda *_: True)
    monkeypatch.setattr(cache, "retrieve", lambda _, path: path.write_bytes(b"data"))
    place = mnist.fetch("fashion_mnist", tmp_path / "mine" / "clothes")
    assert place == tmp_path / "mine" / "clothes"
    assert contents(place) == sorted(IDX_NAMES)


def test_a_download_that_breaks_off_leaves_the_folder_as_it_was(
    home, idx_folder, published, monkeypatch
):
    (home / "fashion_mnist").mkdir(parents=True)
    (home / "fashion_mnist" / IDX_NAMES[0]).write_bytes(b"old")
    before = contents(home)

    def break_off(address, path):
        whole = (idx_folder / path.name).read_bytes()
        if path.name == IDX_NAMES[2]:
            path.write_bytes(whole[: len(whole) // 2])
            raise ConnectionResetError("connection reset by peer")
        path.write_bytes(whole)

    monkeypatch.setattr(cache, "retrieve", break_off)
    with pytest.raises(UserError, match="cannot download .*reset by peer.*Nothing was"):
        data.load("fashion_mnist", download=True)
    assert contents(home) == before
    assert (home / "fashion_mnist" / IDX_NAMES[0]).read_bytes() == b"old"


def test_keras_downloader_writes_the_file_it_is_told(npz, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    cache.retrieve(npz.as_uri(), folder / "copy.npz")
    assert (folder / "copy.npz").read_bytes() == npz.read_bytes()
    assert contents(folder) == ["copy.npz"]


def test_keras_downloader_without_network_gives_one_line(home, tmp_path, monkeypatch):
    nowhere = dataclasses.replace(mnist.FILES["mnist"], base=f"{tmp_path.as_uri()}/no/")
    monkeypatch.setitem(mnist.FILES, "mnist", nowhere)
    with pytest.raises(UserError, match="cannot download file:.*Nothing was") as error:
        data.load("mnist", download=True)
    assert "\n" not in str(error.value)
    assert contents(home) == []


def test_an_interrupted_download_leaves_nothing(home, monkeypatch):
    def interrupt(address, path):
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(cache, "retrieve", interrupt)
    with pytest.raises(KeyboardInterrupt):
        data.load("mnist", download=True)
    assert contents(home) == []


def test_a_damaged_download_is_refused_and_not_kept(home, monkeypatch):
    monkeypatch.setattr(cache, "retrieve", lambda _, path: path.write_bytes(b"spam"))
    with pytest.raises(UserError, match="download of .*mnist.npz is damaged"):
        data.load("mnist", download=True)
    assert contents(home) == []


def test_a_data_folder_that_cannot_be_made_is_reported(home):
    home.write_text("a file where the folder should be")
    with pytest.raises(UserError, match="cannot write to the data folder.*LESSONS_DA"):
        data.load("mnist", download=True)


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", None, ".local/share/lessons"),
        ("linux", "XDG_DATA_HOME", "elsewhere/lessons"),
        ("darwin", None, "Library/Application Support/lessons"),
        ("win32", "LOCALAPPDATA", "elsewhere/lessons"),
    ],
)
def test_data_folder_is_where_the_platform_keeps_data(
    tmp_path, monkeypatch, platform, variable, expected
):
    monkeypatch.delenv("LESSONS_DATA")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "platform", platform)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "elsewhere"))
    assert cache.folder() == tmp_path / expected
