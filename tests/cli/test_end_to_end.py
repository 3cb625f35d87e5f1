"""A real lesson through the command line, trained as little as possible."""

import csv
import json

import pytest

from lessons.cli import main

# Sums of float32 numbers may be taken in another order by another number of threads.
FLOAT32 = 1e-4

WORDS = "--preset smoke --set variants=bn_sgd --set epochs=1".split()


@pytest.mark.slow
def test_run_writes_a_whole_report_and_a_sweep_gives_its_numbers(
    tmp_path, capsys, monkeypatch
):
    import keras

    # After half a minute, as on a busy machine, progress would be a line on stderr.
    monkeypatch.setenv("LESSONS_PROGRESS", "off")
    single, many = tmp_path / "single", tmp_path / "many"
    assert main(["run", "vae", *WORDS, "--seed", "3", "--out", str(single)]) == 0
    record = json.loads((single / "metrics.json").read_text())
    assert record["config"]["variants"] == ["bn_sgd"]
    with open(single / "history.csv", newline="") as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["1"]
    texts = json.loads((single / "figures" / "figures.json").read_text())
    pictures = sorted(path.stem for path in (single / "figures").glob("*.png"))
    assert sorted(texts) == pictures != []
    keras.saving.load_model(single / "model.keras")

    assert main(["sweep", "vae", *WORDS, "--seeds", "3", "--out", str(many)]) == 0
    (run,) = json.loads((many / "sweep.json").read_text())["runs"]
    timeless = {k: v for k, v in record["metrics"].items() if "seconds" not in k}
    swept = {k: v for k, v in run["metrics"].items() if "seconds" not in k}
    assert swept == pytest.approx(timeless, rel=FLOAT32)
    assert capsys.readouterr().err == ""
