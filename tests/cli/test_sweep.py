"""`lessons sweep`, on local processes and on a Dask scheduler."""

import contextlib
import csv
import json
import socket
import statistics

import pytest

from lessons.cli import main
from lessons.toolkit import results


def metrics_of_single_run(seed, *settings):
    """What `lessons run` writes for the same seed: the independent route."""
    folder = f"single-{seed}-{'-'.join(settings)}"
    arguments = ["run", "toy", "--preset", "smoke", "--seed", str(seed)]
    for text in settings:
        arguments += ["--set", text]
    assert main([*arguments, "--out", folder]) == 0
    with open(f"{folder}/metrics.json") as file:
        return json.load(file)


@pytest.fixture
def swept(toy, capsys):
    """A sweep of two settings and three seeds of which one fails."""
    words = "sweep toy --preset smoke --seeds 0,1,5 --workers 2 --out sweep"
    settings = ["--set", "rate=0.5|1", "--set", "fails_at=5"]
    status = main([*words.split(), *settings])
    return status, capsys.readouterr()


def test_a_sweep_gives_the_numbers_of_single_runs_and_survives_a_failure(swept, capsys):
    status, output = swept
    with open("sweep/sweep.json") as file:
        record = json.load(file)

    # same numbers as single runs
    good = [run for run in record["runs"] if not run["error"]]
    assert [(run["setting"], run["seed"]) for run in good] == [
        ("rate=0.5", 0),
        ("rate=0.5", 1),
        ("rate=1", 0),
        ("rate=1", 1),
    ]
    for run in good:
        assert run["metrics"] == metrics_of_single_run(run["seed"], run["setting"])
        assert run["environment"]["threads"] == "1"  # set before TensorFlow starts

    # mean and deviation over the seeds, as printed and as stored
    noise = [run["metrics"]["noise"] for run in good[:2]]
    row = record["summary"][0]
    assert row["mean"] == pytest.approx(sum(noise) / 2)
    assert row["deviation"] == pytest.approx(statistics.stdev(noise))
    assert row["n"] == 2
    line = next(text for text in output.out.splitlines() if text.startswith("rate=0.5"))
    assert line.split()[1:] == [
        "noise",
        f"{statistics.mean(noise):.5g}",
        f"{statistics.stdev(noise):.5g}",
        "2",
    ]

    # the failed runs are named, one line each, and make the status 1
    assert status == 1
    assert output.err.splitlines() == [
        f"lessons: failed: rate={rate}, seed 5: "
        "RuntimeError: the toy broke as it was told to"
        for rate in ("0.5", "1")
    ]
    with open("sweep/sweep.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(r["noise"]) for r in rows if r["noise"]] == [
        run["metrics"]["noise"] for run in good
    ]


def test_a_process_that_dies_is_reported_and_the_others_go_on(toy, capsys):
    words = "sweep toy --preset smoke --seeds 0-2 --workers 1 --set dies_at=1 --out s"
    assert main(words.split()) == 1
    output = capsys.readouterr()
    assert len(output.err.splitlines()) == 1
    assert "seed 1: the process ended with status 9" in output.err
    with open("s/sweep.json") as file:
        runs = json.load(file)["runs"]
    assert [bool(run["metrics"]) for run in runs] == [True, False, True]


def test_record_replaces_runs_of_the_same_preset_seed_and_configuration(toy, capsys):
    path = toy.folder / "results.json"
    words = "sweep toy --preset smoke --workers 2 --record --seeds".split()
    assert main([*words, "0,1"]) == 0
    assert main([*words, "1,2"]) == 0
    runs = json.loads(path.read_text())["runs"]
    assert [run["seed"] for run in runs] == [0, 1, 2]
    assert set(runs[0]) == {
        "preset",
        "seed",
        "config",
        "metrics",
        "seconds",
        "commit",
        "environment",
        "date",
    }
    assert [p.name for p in toy.folder.iterdir() if p.name.startswith(".")] == []


def test_a_recording_that_is_stopped_keeps_the_runs_that_are_done(toy, monkeypatch):
    whole, done = results.record, []

    def stopped_at_the_third(path, runs):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.extend(run["seed"] for run in runs)
        whole(path, runs)

    monkeypatch.setattr(results, "record", stopped_at_the_third)
    words = "sweep toy --preset smoke --seeds 0-4 --workers 1 --record"
    with contextlib.suppress(KeyboardInterrupt):
        assert main(words.split()) != 0
    runs = json.loads((toy.folder / "results.json").read_text())["runs"]
    assert len(done) == 2
    assert [run["seed"] for run in runs] == sorted(done)


def test_two_sweeps_at_a_time_do_not_fight_for_a_port(toy, capsys):
    with socket.socket() as other:
        with contextlib.suppress(OSError):  # somebody else holds it: as good
            other.bind(("", 8787))  # Dask's default
            other.listen()
        words = "sweep toy --preset smoke --seeds 0 --workers 1 --out s"
        assert main(words.split()) == 0
    assert capsys.readouterr().err == ""


def test_a_sweep_runs_on_a_dask_scheduler(toy, tmp_path, capsys):
    import dask
    import distributed

    elsewhere = dask.config.set({"temporary-directory": str(tmp_path / "dask")})
    with (
        elsewhere,
        distributed.LocalCluster(
            n_workers=1,
            threads_per_worker=2,
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as cluster,
    ):
        address = cluster.scheduler_address
        words = f"sweep toy --preset smoke --seeds 0-3 --scheduler {address} --out s"
        assert main(words.split()) == 0
    with open("s/sweep.json") as file:
        runs = json.load(file)["runs"]
    # Two threads in one process share Python's seed; runs must not mix.
    for run in runs:
        assert run["metrics"] == metrics_of_single_run(run["seed"])
