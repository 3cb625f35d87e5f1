"""The benchmark compares the same models and writes a correct table; nothing is timed.

A peer whose framework is not installed is left out.
"""

import importlib.util
import io

import pytest

from benchmarks import __main__ as command
from benchmarks import peers, race, rows, settings, table, worker
from benchmarks.vae.rows import Row
from lessons.autoencoders.vae.paper import PAPER_PARAMETERS

HERE = [
    name
    for name, (_, _, _, packages) in peers.PEERS.items()
    if all(importlib.util.find_spec(package) for package in packages)
]


@pytest.mark.parametrize("row", rows.ROWS.values(), ids=rows.ROWS)
@pytest.mark.parametrize("peer", HERE)
def test_the_model_of_each_peer_has_the_rows_parameters(peer, row):
    build, _ = peers.load(peer, row)
    assert build(row).num_parameters == row.num_parameters()


def test_the_paper_row_has_the_papers_size():
    assert rows.ROWS["paper"].num_parameters() == PAPER_PARAMETERS["paper"]


def test_flops_of_a_small_dense_model_are_counted_right():
    row = Row("x", "x", 2, encoder_units=(3,), decoder_units=(5,))
    # Weights: 784x3, 3x4, 2x5, 5x784; two operations per weight and image; thrice,
    # but twice for the first.
    products = 2 * 128 * (3 * (12 + 10 + 3920) + 2 * 2352)
    assert row.step_flops() == products


class Epochs:
    """A turn that lets a training function do a number of epochs."""

    def __init__(self, count):
        self.count, self.steps, self.ended = count, 0, 0

    def begin(self):
        if self.ended == self.count:
            raise SystemExit

    def step_done(self, wait=None):
        self.steps += 1

    def end(self):
        self.ended += 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("peer", HERE)
def test_each_peer_trains_for_the_epochs_it_is_asked_for(peer, monkeypatch):
    monkeypatch.setattr(settings, "NUM_STEPS", 2)
    row = Row("x", "x", 2, encoder_units=(3,), decoder_units=(5,))
    build, train = peers.load(peer, row)
    turn = Epochs(2)
    with pytest.raises(SystemExit):
        train(build(row), row.data(), turn)
    assert turn.ended == 2
    assert turn.steps >= 2


def make_result():
    entries = {
        "keras": race.Entry("plain", [0.4, 0.2, 0.3], 2.0),
        "lessons": race.Entry("ours", [0.1, 0.15, 0.9], 1.0),
        "torch": race.Entry("other", missing="torch is not installed"),
    }
    return race.Result(rows.ROWS["dense"], entries, peak=100e9)


def test_the_table_gives_medians_ratios_and_what_is_missing():
    lines = table.row_table(make_result())
    plain, ours, other = lines[-3:]
    share = rows.ROWS["dense"].step_flops() / 100e9
    # medians 0.3 and 0.15 s per epoch of 20 steps
    assert plain == f"| plain | 15.00 | 1.00 | 2.00 | {share / 0.015:.0%} | 2.0 |"
    assert ours == f"| ours | **7.50** | 0.50 | 1.00 | {share / 0.0075:.0%} | 1.0 |"
    assert other == "| other | torch is not installed | | | | |"


def test_every_line_of_a_table_has_the_same_number_of_cells():
    lines = [line for line in table.row_table(make_result()) if line.startswith("|")]
    assert {line.count("|") for line in lines} == {7}


def test_the_page_holds_machine_rows_and_fixed_costs():
    page = table.page([make_result()], {"a start": 1.5}, {"processor": "abacus"})
    for text in ("- processor: abacus", "dense 784-400-20", "| a start | 1.50 |"):
        assert text in page


def test_an_unknown_row_is_refused_in_one_line(capsys):
    assert command.main(["--rows", "dense,pears"]) == 2
    message = capsys.readouterr().err
    assert "pears" in message and "paper" in message
    assert message.count("\n") == 1


def test_too_many_threads_are_refused(capsys, tmp_path):
    out = str(tmp_path / "results.md")
    assert command.main(["--threads", "1000000", "--out", out]) == 2
    assert "1000000" in capsys.readouterr().err


def test_a_worker_without_its_framework_says_so(monkeypatch):
    def missing(peer, row):
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    monkeypatch.setattr(peers, "load", missing)
    answers = io.StringIO()
    worker.serve("torch", "dense", answers)
    assert answers.getvalue() == '{"missing": "torch"}\n'
