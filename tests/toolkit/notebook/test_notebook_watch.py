"""Progress is read while it is written, and shown for terminals and logs."""

import io
import json
import time

import pytest
from rich.console import Console

from lessons.toolkit.notebook import source, watch


def line(step, text=""):
    report = {"task": "training", "step": step, "total": 9, "text": text}
    return json.dumps(report) + "\n"


def test_only_whole_lines_are_read_and_the_newest_wins(tmp_path):
    path = tmp_path / "reports"
    reports = watch.ProgressFile(path)
    assert reports.newest() is None  # no file yet
    path.write_text(line(1) + line(2) + line(3)[:20])
    assert reports.newest()["step"] == 2
    assert reports.newest() is None
    with open(path, "a") as file:
        file.write(line(3)[20:])
    assert reports.newest()["step"] == 3


def test_a_damaged_line_is_passed_over(tmp_path):
    path = tmp_path / "reports"
    path.write_text(line(4) + "{{{\n")
    assert watch.ProgressFile(path).newest()["step"] == 4


@pytest.fixture
def reports(tmp_path):
    return watch.ProgressFile(tmp_path / "reports")


def console(terminal):
    return Console(file=io.StringIO(), force_terminal=terminal, width=120)


def shown_while(watcher, output, words):
    """Wait until the watcher's output holds all words; the output."""
    deadline = time.monotonic() + 5
    while not all(word in output.getvalue() for word in words):
        assert time.monotonic() < deadline, output.getvalue()
        time.sleep(0.02)
    return output.getvalue()


def test_a_long_cell_gives_signs_of_life_in_a_log(sample, reports):
    notebook, log = source.build(sample.path), console(terminal=False)
    watcher = watch.Lines(notebook, reports, log, quiet_seconds=0.3)
    with watcher:
        watcher.started(4)
        reports.path.write_text(line(2, "loss 1.5"))
        text = shown_while(watcher, log.file, ["s… Training · training 2/9 loss 1.5"])
    assert text.startswith("[2/8]")


def test_the_terminal_shows_cell_section_and_epoch_live(sample, reports):
    notebook, terminal = source.build(sample.path), console(terminal=True)
    watcher = watch.watcher(notebook, reports.path, terminal)
    assert isinstance(watcher, watch.Live)
    with watcher:
        watcher.started(4)
        reports.path.write_text(line(2, "loss 1.5"))
        shown_while(watcher, terminal.file, ["[2/8] Training", "2/9", "loss 1.5"])
        watcher.finished(4, 1.25)
    assert "1.2 s  Training · training 2/9 loss 1.5" in terminal.file.getvalue()


def test_a_log_gets_plain_lines(sample, reports):
    notebook = source.build(sample.path)
    watcher = watch.watcher(notebook, reports.path, console(terminal=False))
    assert type(watcher) is watch.Lines


def test_cells_are_named_by_their_section_then_by_their_first_line(sample):
    titles = source.titles(source.build(sample.path))
    assert titles[2] == "A sample lesson"  # the first code cell after the opening
    assert titles[4] == "Training"
    assert titles[5] == "assert epoch == 2"
