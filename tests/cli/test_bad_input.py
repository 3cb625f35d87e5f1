"""Bad input: one line on standard error, status 2, and nothing left behind."""

import pytest

from lessons.cli import main

RUN = "run toy --preset smoke --out out"
SWEEP = "sweep toy --preset smoke --out out"

# What is typed, what the line must name, what it must offer.
CASES = [
    ("", "COMMAND", "--help"),
    ("frobnicate", "frobnicate", "'run'"),
    ("run", "SLUG", "--help"),
    ("run toy --bogus", "--bogus", "--help"),
    ("run toyy", "toyy", "Did you mean 'toy'"),
    ("show nothing", "nothing", "toy"),
    ("run not_yet", "not_yet", "planned"),
    ("run toy --preset huge", "huge", "smoke, laptop, paper"),
    (f"{RUN} --set epoch=3", "epoch", "Did you mean 'epochs'"),
    (f"{RUN} --set epochs", "epochs", "FIELD=VALUE"),
    (f"{RUN} --set epochs=many", "many", "int"),
    (f"{RUN} --set epochs=1.5", "1.5", "int"),
    (f"{RUN} --set hidden=4,x", "4,x", "tuple[int, ...]"),
    (f"{RUN} --set deterministic=perhaps", "perhaps", "bool"),
    (f"{RUN} --set batch_size=0", "batch_size", "at least 1"),
    (f"{RUN} --set hidden=4,0", "hidden", "at least 1"),
    (f"{RUN} --set rate=nan", "nan", "finite"),
    (f"{RUN} --set rate=inf", "inf", "finite"),
    (f"{RUN} --set rate=0", "rate", "above 0"),
    (f"{RUN} --set preset=paper", "preset", "--preset"),
    (f"{RUN} --seed -1", "seed", "at least 0"),
    (f"{RUN} --seed x", "x", "int"),
    (f"{RUN} --device tpu", "tpu", "auto, cpu, gpu"),
    (f"{RUN} --precision float8", "float8", "mixed_bfloat16"),
    (f"{RUN} --strategy several", "several", "none, mirrored"),
    (f"{SWEEP} --seeds 4-0", "4-0", "0-4"),
    (f"{SWEEP} --seeds one", "one", "0-4"),
    (f"{SWEEP} --seeds 0-99999999999", "100,000,000,000", "10,000"),
    (f"{SWEEP} --set seed=1|2", "seed", "--seeds"),
    (f"{SWEEP} --set rate=1|x", "x", "float"),
    (f"{SWEEP} --set rate=1|", "rate", "float"),
    (f"{SWEEP} --set rate=1 --set rate=2", "rate", "once"),
    (f"{SWEEP} --workers 0", "0", "at least 1"),
    (f"{SWEEP} --workers 1 --scheduler a", "--scheduler", "--workers"),
    (f"{SWEEP} --scheduler nowhere", "nowhere", "tcp://"),
    ("data show imagenet", "imagenet", "digits, glyphs, photos, mnist"),
    ("data fetch imagenet", "imagenet", "digits, glyphs, photos, mnist"),
    ("data show digits --picture a.jpg", "a.jpg", ".png"),
    ("results --root absent", "absent", "README.md"),
]


def contents(folder):
    return {
        path: path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if "__pycache__" not in path.parts
    }


def refuse(words, capsys):
    """The one line that a command which must fail with status 2 writes."""
    status = main(words)
    output = capsys.readouterr()
    assert status == 2
    assert output.out == ""
    lines = output.err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("lessons: ")
    return lines[0]


@pytest.mark.parametrize(("words", "named", "offered"), CASES)
def test_one_line_names_what_was_given_and_what_is_allowed(
    words, named, offered, toy, tmp_path, capsys
):
    before = contents(tmp_path)
    line = refuse(words.split(), capsys)
    assert named in line
    assert offered in line
    assert contents(tmp_path) == before


@pytest.mark.parametrize("command", [RUN, SWEEP])
@pytest.mark.parametrize(
    ("out", "reason"),
    [
        ("thesis.txt", "it is a file"),
        ("thesis.txt/below", "Not a directory"),
        ("/proc/below", "/proc/below"),  # refused even to the administrator
        ("/proc", "not empty"),
        ("full", "not empty"),
        ("dangling", "it is a file"),
    ],
)
def test_a_folder_that_cannot_be_written_is_refused_before_training(
    command, out, reason, toy, tmp_path, capsys
):
    (tmp_path / "thesis.txt").write_text("years of work")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    (tmp_path / "dangling").symlink_to("nowhere")
    before = contents(tmp_path)
    words = [out if word == "out" else word for word in command.split()]
    # A run that started would take longer than any test may.
    line = refuse([*words, "--set", "seconds=3600"], capsys)
    assert repr(out) in line
    assert reason in line
    assert contents(tmp_path) == before


@pytest.mark.parametrize("command", [RUN, SWEEP])
def test_overwrite_replaces_results_and_nothing_else(command, toy, tmp_path, capsys):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    words = [*command.split(), "--overwrite"]
    assert "left alone" in refuse(words, capsys)
    assert (folder / "thesis.txt").read_text() == "years of work"


def test_a_damaged_results_file_is_refused_before_training(toy, capsys):
    (toy.folder / "results.json").write_text('{"runs": [{"seed": 0}]}')
    line = refuse([*SWEEP.split(), "--record"], capsys)
    assert "results.json" in line
    assert "preset" in line


def test_a_message_of_several_lines_becomes_one(toy, capsys):
    line = refuse(["show", "no\nsuch\nlesson"], capsys)
    assert "lesson" in line
