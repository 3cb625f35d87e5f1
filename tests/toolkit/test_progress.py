"""Progress goes where the work is watched, and nowhere else."""

import io
import json
import sys

import pytest

from lessons.toolkit import progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def test_a_file_gets_one_json_line_per_step(tmp_path, monkeypatch):
    path = tmp_path / "relay"
    monkeypatch.setenv("LESSONS_PROGRESS", str(path))
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_REPORTS", 0)
    with progress.reporting("training", 2) as update:
        update(1, "loss 3")
        update(2, "loss 2")
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"task": "training", "step": 1, "total": 2, "text": "loss 3"},
        {"task": "training", "step": 2, "total": 2, "text": "loss 2"},
    ]


def test_fast_steps_are_reported_rarely_and_the_last_one_always(tmp_path, monkeypatch):
    path = tmp_path / "relay"
    monkeypatch.setenv("LESSONS_PROGRESS", str(path))
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_REPORTS", 1e12)
    with progress.reporting("training", 1000) as update:
        for step in range(1, 1001):
            update(step)
    steps = [json.loads(line)["step"] for line in path.read_text().splitlines()]
    assert steps == [1000]


@pytest.mark.parametrize("setting", ["off", ""])
def test_without_a_watcher_nothing_is_written(setting, monkeypatch, capfd):
    monkeypatch.setenv("LESSONS_PROGRESS", setting)
    with progress.reporting("training", 1) as update:
        update(1, "done")
    assert capfd.readouterr() == ("", "")


def test_a_redirected_output_holds_no_progress(monkeypatch):
    monkeypatch.delenv("LESSONS_PROGRESS", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    output, terminal = io.StringIO(), Terminal()
    monkeypatch.setattr(sys, "stdout", output)
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.reporting("training", 1) as update:
        update(1, "loss 3")
    assert output.getvalue() == ""
    assert "training" in terminal.getvalue()


def test_the_report_ends_even_if_the_work_fails(monkeypatch):
    closed = []

    class Reporter:
        def update(self, step, text=""):
            pass

        def close(self):
            closed.append(True)

    monkeypatch.setattr(progress, "_reporter", lambda description, total: Reporter())
    with pytest.raises(RuntimeError), progress.reporting("training", 1):
        raise RuntimeError
    assert closed == [True]


def test_track_yields_every_item_in_order(tmp_path, monkeypatch):
    path = tmp_path / "relay"
    monkeypatch.setenv("LESSONS_PROGRESS", str(path))
    assert list(progress.track("abc", "letters")) == ["a", "b", "c"]
    last = json.loads(path.read_text().splitlines()[-1])
    assert (last["step"], last["total"]) == (3, 3)
