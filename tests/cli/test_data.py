"""`lessons data`: what there is, and fetching only because the user asked."""

import matplotlib.image
import pytest

from lessons.cli import main
from lessons.toolkit import data
from lessons.toolkit.data import cache, mnist
from lessons.toolkit.errors import UserError


@pytest.fixture(autouse=True)
def empty_data_folder(tmp_path, monkeypatch):
    """No data on this machine, and no network."""
    monkeypatch.setenv("LESSONS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))

    def refuse(address, path):
        raise OSError("no network in tests")

    monkeypatch.setattr(cache, "retrieve", refuse)


@pytest.mark.parametrize("words", ["data", "data list"])
def test_list_says_where_each_data_set_is(words, capsys):
    assert main(words.split()) == 0
    lines = capsys.readouterr().out.splitlines()[2:]
    assert [line.split()[0] for line in lines] == [s.name for s in data.catalog()]
    by_name = {line.split()[0]: line for line in lines}
    assert "with the package" in by_name["digits"]
    assert "lessons data fetch mnist" in by_name["mnist"]


def test_show_draws_the_first_images(tmp_path, capsys):
    path = tmp_path / "pictures" / "digits.png"
    assert main(["data", "show", "digits", "--picture", str(path)]) == 0
    assert "(1500, 8, 8, 1)" in capsys.readouterr().out
    picture = matplotlib.image.imread(path)
    assert picture[..., :3].std() > 0.1  # not blank
    assert [p.name for p in path.parent.iterdir()] == ["digits.png"]


def test_show_of_an_absent_data_set_does_not_look_for_a_network(capsys):
    assert main(["data", "show", "mnist"]) == 0
    assert "not on this machine" in capsys.readouterr().out


def test_fetch_without_a_network_is_one_clear_line(capsys):
    assert main(["data", "fetch", "mnist"]) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert "no network in tests" in error
    assert mnist.locate("mnist") is None


@pytest.mark.parametrize("option", [[], ["--path", "elsewhere"]])
def test_fetch_puts_files_where_they_are_then_found(
    option, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    downloads = []

    def download(folder, base, files):
        folder.mkdir(parents=True)
        for name in files:
            (folder / name).write_bytes(b"")
            downloads.append(name)

    monkeypatch.setattr(cache, "download", download)
    assert main(["data", "fetch", "mnist", *option]) == 0
    folder = "elsewhere" if option else str(tmp_path / "data" / "mnist")
    assert capsys.readouterr().out == f"mnist is now in {folder}\n"
    assert main(["data", "fetch", "mnist", *option]) == 0
    assert "here already" in capsys.readouterr().out
    assert downloads == ["mnist.npz"]


def test_what_comes_with_the_package_is_not_fetched(capsys):
    assert main(["data", "fetch", "glyphs"]) == 0
    assert "nothing to fetch" in capsys.readouterr().out


def test_the_message_for_an_absent_file_names_a_command_that_exists(capsys):
    with pytest.raises(UserError, match="`lessons data fetch mnist`"):
        data.load("mnist")
