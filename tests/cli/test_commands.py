"""`lessons list`, `show` and `run`, and how the command ends."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from lessons import catalog
from lessons.cli import main, tables

NUMBER_OF_LESSONS = 34


def lines_of(words, capsys):
    assert main(words.split()) == 0
    output = capsys.readouterr()
    assert output.err == ""
    return output.out.splitlines()


def test_list_has_every_lesson_once(capsys):
    lines = lines_of("list", capsys)[2:]
    assert len(lines) == NUMBER_OF_LESSONS
    for line, lesson in zip(lines, catalog.LESSONS, strict=True):
        assert f" {lesson.slug} " in line
        assert lesson.title in line


def test_show_puts_the_presets_side_by_side(toy, capsys):
    lines = lines_of("show toy --all", capsys)
    assert lines[:2] == ["A toy", "Nobody 1900"]
    rows = [line.split() for line in lines]
    assert ["field", "smoke", "laptop", "paper"] in rows
    assert ["epochs", "1", "2", "100"] in rows
    assert ["hidden", "8,4", "8,4", "500,500"] in rows
    assert any("step size (above 0)" in line for line in lines)
    assert not any("exercise" in line for line in lines)  # it has none


def test_show_is_short_and_names_only_what_is_there(toy, capsys):
    lines = lines_of("show toy", capsys)
    rows = [line.split() for line in lines]
    assert ["epochs", "1", "2", "100"] in rows
    assert not any(row[:1] == ["seed"] for row in rows)
    assert "measured" in str(rows)
    assert lines[-1] == "all fields and recorded numbers: lessons show toy --all"
    lines = lines_of("show vae", capsys)
    assert "exercise: lessons practice vae" in lines
    assert len(lines) < 50


def test_show_gives_recorded_results_by_configuration(toy, capsys):
    runs = [
        {"preset": "smoke", "seed": seed, "config": {"rate": rate}, "metrics": metrics}
        for seed, rate, metrics in [
            (0, 0.5, {"noise": 1.0}),
            (1, 0.5, {"noise": 3.0}),
            (0, 2.0, {"noise": 7.5}),
        ]
    ]
    (toy.folder / "results.json").write_text(json.dumps({"runs": runs}))
    rows = [line.split() for line in lines_of("show toy --all", capsys)]
    # mean of 1 and 3 is 2; the squared deviations add up to 2, over n - 1 = 1
    assert ["smoke", "rate=0.5", "noise", "2", "1.4142", "2"] in rows
    assert ["smoke", "rate=2.0", "noise", "7.5", "1"] in rows


def test_run_writes_where_it_says_and_repeats_itself(toy, tmp_path, capsys):
    lines = lines_of("run toy --seed 3 --set rate=1", capsys)
    written = tmp_path / "runs" / "toy" / "laptop-seed3" / "metrics.json"
    first = json.loads(written.read_text())
    assert "0.2 seconds. Written to runs/toy/laptop-seed3:" in lines
    assert lines[2].split() == ["noise", f"{first['noise']:.5g}"]
    lines_of("run toy --seed 3 --set rate=1 --overwrite", capsys)
    assert json.loads(written.read_text()) == first


def test_a_run_that_diverges_ends_with_one_line_and_status_1(toy, tmp_path, capsys):
    assert main("run toy --set rate=1e9 --out out".split()) == 1
    assert capsys.readouterr().err == (
        "lessons: the run failed: toy: the loss is nan after 1 epochs.\n"
    )
    assert not (tmp_path / "out").exists()


def test_a_mistake_in_our_own_code_is_not_hidden(toy):
    with pytest.raises(RuntimeError, match="the toy broke"):
        main("run toy --set fails_at=0".split())


START = """
import os, pathlib, sys
from lessons import catalog

class Toy(catalog.Lesson):
    package = "toy_lesson"
    folder = pathlib.Path(os.environ["TOY_SITE"], "toy_lesson")

lesson = Toy("autoencoders", "toy", "A toy", "Nobody")
catalog.LESSONS += (lesson,)
catalog._BY_SLUG["toy"] = lesson
from lessons.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize("command", ["run", "sweep --workers 2"])
def test_ctrl_c_ends_with_status_130_and_writes_nothing(command, toy, tmp_path):
    words = [*command.split(), "toy", "--set", "seconds=600"]
    environment = os.environ | {"TOY_SITE": str(toy.root), "TMPDIR": str(tmp_path)}
    before = sorted(tmp_path.iterdir())
    process = subprocess.Popen(
        [sys.executable, "-c", START, *words],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    started = toy.folder / "experiment.py.started"
    deadline = time.monotonic() + 30
    while not started.exists():  # it is interrupted while it computes
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert error == "lessons: interrupted, nothing was written\n"
    assert process.returncode == 130
    assert sorted(tmp_path.iterdir()) == before


def test_a_reader_that_leaves_early_is_no_error():
    command = f"{sys.executable} -m lessons list | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.startswith("unit")


def test_python_m_lessons_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "lessons", "show", "nothing"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("lessons: unknown lesson 'nothing'. Allowed: ")


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    for command in ("list", "show", "run", "sweep", "results", "data"):
        assert f"\n    {command} " in text


def test_listing_and_bad_input_do_not_start_tensorflow():
    program = (
        "import sys; from lessons.cli import main; main(['list']); "
        "main(['run', 'x']); "
        "heavy = {'tensorflow', 'keras', 'matplotlib', 'sklearn', 'distributed'}; "
        "sys.exit(sorted(heavy & set(sys.modules)) != [])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert done.returncode == 0


def test_plain_tables_are_aligned():
    text = tables.plain(("a", "n"), [("long name", "5"), ("x", "1,000")], right="n")
    assert text.splitlines() == [
        "a              n",
        "---------  -----",
        "long name      5",
        "x          1,000",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1896496.0, "1,896,496"),
        (0.0, "0"),
        (-2.0, "-2"),
        (3.14159265, "3.1416"),
        (1.5e-7, "1.5e-07"),
        (1e20, "1e+20"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
    ],
)
def test_counts_are_written_in_full_and_other_numbers_with_five_digits(value, text):
    assert tables.number(value) == text
