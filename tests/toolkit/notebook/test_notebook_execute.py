"""`execute` shows what runs, writes whole files or none, and says what failed."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import nbformat
import pytest

from lessons.toolkit.notebook.__main__ import main


def tree(folder):
    """Every file below a folder with its content."""
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def out(tmp_path):
    """A folder to write to, not made yet."""
    return tmp_path / "out" / "sample"


def test_execute_shows_cells_and_epochs_and_writes_one_page(sample, out, capsys):
    sample.stored.write_text("the stored notebook")
    assert main(["execute", "sample", "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    lines = shown.splitlines()
    assert [line[:5] for line in lines[:8]] == [f"[{n}/8]" for n in range(1, 9)]
    assert "Training · training 3/3 loss 0.33" in lines[1]
    assert shown.count("2 claims verified") == 2  # the cell's title, and its output
    assert str(out / "sample.html") in lines[-1]
    names = {"sample.html", "sample.ipynb", *(f"sample_0{n}.png" for n in (1, 2, 3, 4))}
    assert set(tree(out)) == names
    notebook = nbformat.read(out / "sample.ipynb", as_version=4)
    counts = [c.execution_count for c in notebook.cells if c.cell_type == "code"]
    assert counts == list(range(1, 9))
    assert sample.stored.read_text() == "the stored notebook"


def test_a_failing_cell_is_named_and_leaves_only_the_failed_notebook(
    sample, out, capsys
):
    sample.replaced("assert epoch == 2", "assert epoch == 3, 'three epochs ran'")
    assert main(["execute", "sample", "--out", str(out)]) == 1
    shown = capsys.readouterr().out
    assert "Cell 6 failed (assert epoch == 3, 'three epochs ran')" in shown
    assert "    assert epoch == 3, 'three epochs ran'\n" in shown
    assert "AssertionError: three epochs ran" in shown
    assert "Traceback" not in shown
    assert set(tree(out)) == {"sample.failed.ipynb"}
    notebook = nbformat.read(out / "sample.failed.ipynb", as_version=4)
    assert notebook.cells[5].outputs[0].ename == "AssertionError"


def test_a_kernel_that_dies_is_reported_with_its_last_words(sample, out, capsys):
    sample.replaced(
        "assert epoch == 2", "import os; os.write(2, b'no memory'); os._exit(9)"
    )
    assert main(["execute", "sample", "--out", str(out)]) == 1
    shown = capsys.readouterr().out
    assert "DeadKernel: the kernel stopped" in shown and "no memory" in shown


def test_success_removes_what_an_earlier_run_left(sample, out, capsys):
    (out / "figures").mkdir(parents=True)
    for name in ("sample.failed.ipynb", "figures/sample_09.png", "figures/mine.png"):
        (out / name).write_text("old")
    assert main(["execute", "sample", "--out", str(out)]) == 0
    left = set(tree(out))
    assert "mine.png" in left
    assert not left & {"sample.failed.ipynb", "sample_09.png"}


def test_an_equation_that_cannot_be_shown_is_told_before_any_work(sample, out, capsys):
    sample.replaced(r"\lVert", r"\unheardof")
    assert main(["execute", "sample", "--out", str(out)]) == 2
    captured = capsys.readouterr()
    assert "\\unheardof" in captured.err
    assert captured.out == ""  # told before the first cell
    assert tree(out) == {}


@pytest.mark.parametrize("command", ["execute", "refresh", "check"])
def test_an_unknown_lesson_is_one_line_and_status_2(sample, command, capsys):
    assert main([command, "smaple"]) == 2
    message = capsys.readouterr().err
    assert message.startswith("error: unknown lesson 'smaple'.")
    assert message.count("\n") == 1


def test_a_missing_text_source_is_one_line_and_status_2(sample, out, capsys):
    sample.path.unlink()
    assert main(["execute", "sample", "--out", str(out)]) == 2
    assert capsys.readouterr().err.startswith("error: cannot read the text source")


def test_an_output_folder_that_is_a_file_is_refused_before_any_work(
    sample, tmp_path, capsys
):
    (tmp_path / "file").write_text("")
    assert main(["execute", "sample", "--out", str(tmp_path / "file")]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("error: cannot write to")
    assert captured.out == ""


DRIVER = """
import pathlib, sys
from lessons import catalog
from lessons.toolkit.notebook import source
from lessons.toolkit.notebook.__main__ import main

root = pathlib.Path(sys.argv[1])
lesson = catalog.Lesson("foundations", "sample", "A sample", "Nobody 2020")
catalog.find = lambda slug: lesson
source.root = lambda: root
sys.exit(main(sys.argv[2:]))
"""


def alive(pid):
    """Whether a process runs (a zombie does not)."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize(
    ("command", "number", "status", "word"),
    [
        ("execute", signal.SIGINT, 130, "Stopped"),
        ("refresh", signal.SIGINT, 130, "Stopped"),
        ("execute", signal.SIGTERM, 143, "Terminated"),
    ],
)
def test_a_signal_stops_the_kernel_and_leaves_nothing(
    sample, out, tmp_path, command, number, status, word
):
    note = tmp_path / "pid"
    code = f"""\
        import os, pathlib, time
        pathlib.Path({str(note)!r}).write_text(str(os.getpid()))
        time.sleep(60)"""
    sample.replaced("assert epoch == 2", textwrap.dedent(code))
    sample.stored.write_text("the stored notebook")
    before = tree(sample.path.parent)
    options = ["--out", str(out)] if command == "execute" else []
    root = sample.path.parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(root), command, "sample", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    deadline = time.monotonic() + 30
    while not (note.exists() and note.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    kernel = int(note.read_text())
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == status
    assert errors == f"{word}; no file is half-written.\n"
    assert not alive(kernel)
    assert tree(sample.path.parent) == before
    assert not out.exists() or tree(out) == {}
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("tmp")] == []
