"""The benchmark compares the same models and writes a correct table; nothing is timed.

A peer whose framework is not installed is left out.
"""

import importlib.util
import io

import pytest

from benchmarks import __main__ as command
from benchmarks import (
    growth,
    peers,
    plan,
    race,
    rows,
    settings,
    sinkhorn,
    sweeps,
    table,
    tracing,
    worker,
)
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
    if peer in row.left_out:
        pytest.skip(row.left_out[peer])
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
    """Rounds of (seconds, processor seconds) for epochs of 20 steps."""
    plain = race.Entry("plain", [0.4, 0.2, 0.3], [0.8, 0.4, 0.6], first=2.0)
    plain.base_seconds, plain.base_cpu = [0.1, 0.1, 0.2], [0.2, 0.1, 0.4]
    title = peers.PEERS["lessons"][2]
    ours = race.Entry(title, [0.1, 0.1, 0.2], [0.2, 0.1, 0.4], first=1.0)
    ours.base_seconds, ours.base_cpu = ours.seconds, ours.cpu
    other = race.Entry("other", missing="torch is not installed")
    entries = {"keras": plain, "lessons": ours, "torch": other}
    return race.Result(rows.ROWS["dense"], entries, peak=100e9)


def test_the_table_gives_least_medians_ratios_and_what_is_missing():
    plain, ours, other = table.row_table(make_result())[-3:]
    share = rows.ROWS["dense"].step_flops() / 100e9
    # Ratios of the rounds: 4, 2, 1.5 on the wall and 4, 4, 1.5 of processor time.
    assert plain == (
        "| plain | 10.00 | 15.00 | 20.00 | 30.00 | 2.00 (1.75-3.00) | 4.00 | "
        f"{share / 0.01:.0%} | 2.0 |"
    )
    assert ours == (
        f"| {peers.PEERS['lessons'][2]} | 5.00 | 5.00 | 5.00 | 10.00 | **1.00** | "
        f"1.00 | {share / 0.005:.0%} | 1.0 |"
    )
    assert other == "| other | torch is not installed | | | | | | | |"


def test_who_had_less_processor_time_than_time_on_the_wall_has_waited():
    result = make_result()
    plain = result.entries["keras"]
    assert not plain.waited()
    plain.base_cpu = [0.05, 0.05, 0.1]
    assert plain.waited()
    assert "| plain (waited) |" in "\n".join(table.row_table(result))


def test_every_line_of_a_table_has_the_same_number_of_cells():
    lines = [line for line in table.row_table(make_result()) if line.startswith("|")]
    assert {line.count("|") for line in lines} == {10}


class Answering:
    """In place of a worker: epochs of a fixed time, of which it waits a part."""

    def __init__(self, name, seconds, cpu, log):
        self.name, self.log = name, log
        self.times = {"seconds": seconds, "cpu": cpu}

    def awake_epoch(self):
        self.log.append(self.name)
        return self.times


def test_a_duel_is_fought_in_turns_and_again_if_somebody_waited():
    for cpu, fights in ((2.0, 1), (0.5, 1 + race.MOST_REPEATS)):
        log, entry = [], race.Entry("one")
        one, base = Answering("one", 1.0, cpu, log), Answering("base", 0.5, 0.6, log)
        race._duel(base, one, entry, 2)
        assert log == ["base", "one", "one", "base"] * fights
        assert entry.ratios()[0] == [2.0] * 2 * fights


def test_slow_duels_have_fewer_rounds(monkeypatch):
    monkeypatch.setattr(race, "MOST_SECONDS", -1)
    entry, log = race.Entry("one"), []
    worker = Answering("one", 1.0, 2.0, log)
    race._duel(worker, worker, entry, 12)
    assert len(entry.seconds) == race.LEAST_ROUNDS


def test_the_page_holds_machine_and_parts():
    lines = table.row_table(make_result()), table.fixed_table({"a start": 1.5})
    page = table.page(lines, {"processor": "abacus"})
    for text in ("- processor: abacus", "dense 784-400-20", "| a start | 1.50 |"):
        assert text in page


def test_what_was_measured_is_kept_after_an_interruption(monkeypatch, tmp_path):
    monkeypatch.setattr(plan, "FOLDER", tmp_path)
    done, said = [], []

    def part(name, fails=False):
        def lines():
            if fails:
                raise KeyboardInterrupt
            done.append(name)
            return [f"## {name}"]

        return plan.Part(name, lines, 60)

    with pytest.raises(KeyboardInterrupt):
        plan.measure([part("a"), part("b", fails=True)], ["key"], said.append)
    again = plan.measure([part("a"), part("b")], ["key"], said.append)
    assert again == [["## a"], ["## b"]] and done == ["a", "b"]
    assert "1 of 2 parts are kept" in said[-2] and "about 1 minutes" in said[-1]
    plan.measure([part("a")], ["another commit"], said.append)
    assert done == ["a", "b", "a"]


def test_patterns_are_rows():
    assert set(rows.PATTERNS) <= set(rows.ROWS)


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


def test_growth_shows_every_size_of_every_peer(tmp_path):
    times = {
        axis: {"lessons": dict.fromkeys(sizes, 2.0), "keras": dict.fromkeys(sizes, 4.5)}
        for axis, (_, sizes) in rows.GROWTH.items()
    }
    graded = 20.0, {1: 300.0, 2: 500.0, 4: 510.0}
    growth.draw(times, graded, tmp_path / "growth.png")
    assert (tmp_path / "growth.png").read_bytes().startswith(b"\x89PNG")
    text = "\n".join(growth.lines(times, graded, "growth.png"))
    assert text.startswith("![") and "](growth.png)" in text
    assert "| | 50 | 200 | 800 | 3200 |" in text and "| 20 | 300 | 500 | 510 |" in text
    assert text.count("4.50") == sum(len(sizes) for _, sizes in rows.GROWTH.values())


def test_rows_of_growth_differ_in_what_they_say():
    for axis, (_, sizes) in rows.GROWTH.items():
        flops = [row.step_flops() for row in sizes.values()]
        assert flops == sorted(set(flops)), axis
        assert all(rows.EVERY[row.name] is row for row in sizes.values())


def test_a_sweep_on_a_cluster_is_predicted_from_two_constants():
    start, run = sweeps.constants(12.0, 33.0, 1, 8)
    assert (start, run) == (9.0, 3.0)
    assert sweeps.predicted(start, run, 64, 16) == 9 + 4 * 3
    assert sweeps.predicted(start, run, 64, 5) == 9 + 13 * 3


def test_what_a_graph_costs_is_told_from_what_a_call_costs():
    import tensorflow as tf

    watch = tracing.Watch()
    watch.imported()

    @tf.function
    def inner(x):
        return x + 1

    @tf.function
    def double(x):
        return 2 * inner(x)

    def call(function, *arguments):
        return watch.call(function, type(function).__call__, arguments, {})

    for length in (1, 1, 2, 2):
        call(double, tf.zeros(length))
    call(tf.function(lambda: 1))
    found = watch.result()
    assert found["graphs"] == 3  # two shapes and the one called once; none for inner
    assert 0 < found["once"] < found["paid"] <= found["cpu"]
    named = [(name, number) for name, _, number in found["dearest"]]
    assert sorted(named) == [("<lambda>", 1), ("double", 2)]


def test_sinkhorns_table_compares_with_pot_of_the_same_dtype(monkeypatch):
    times = {
        "lessons log float32": [(2.0, 1.0)],
        "POT sinkhorn float32": [(4.0, 2.0)],
        "POT sinkhorn float64": [(0.5, 0.5)],
        "POT stabilized float64": [(0.1, 0.1)],
    }
    errors = dict.fromkeys(times, 1e-7) | {"POT stabilized float64": 1.0}
    monkeypatch.setattr(sinkhorn, "measure", lambda ways, rounds: (times, errors))
    monkeypatch.setattr(sinkhorn, "ours", lambda cost, epsilon: [])
    monkeypatch.setattr(sinkhorn, "pots", lambda cost, epsilon: [])
    lines = sinkhorn.table(4, 0.1, 1)[-4:]
    ratios = [line.split("|")[5].strip() for line in lines]
    assert ratios == ["0.50", "1.00", "1.00", "does not reach it"]
