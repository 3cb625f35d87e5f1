"""The plan of a sweep, and what is made of its outcomes."""

import dataclasses
import json

import pytest

from lessons.toolkit import sweep
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    rate: float = setting(0.5, "step size", above=0)
    hidden: tuple[int, ...] = setting((8,), "units per layer", minimum=1)


BASE = Config(preset="smoke")


@pytest.mark.parametrize(
    ("text", "seeds"),
    [
        ("0", (0,)),
        ("0-4", (0, 1, 2, 3, 4)),
        ("0,3,7", (0, 3, 7)),
        ("5,0-2,1", (5, 0, 1, 2)),
        ("3-3", (3,)),
    ],
)
def test_seeds_are_ranges_and_lists_without_repetition(text, seeds):
    assert sweep.parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "a", "-1", "1-", "2-1", "0,,1", "0-2-4", "1.5"])
def test_other_seeds_are_refused(text):
    with pytest.raises(UserError, match="cannot read the seeds"):
        sweep.parse_seeds(text)


def test_every_setting_meets_every_seed():
    jobs = sweep.plan(BASE, (0, 1), ["rate=0.1|0.2", "epochs=3", "hidden=4|4,4"])
    found = [(j.config.rate, j.config.hidden, j.config.seed) for j in jobs]
    assert found == [
        (rate, hidden, seed)
        for rate in (0.1, 0.2)
        for hidden in ((4,), (4, 4))
        for seed in (0, 1)
    ]
    assert {job.config.epochs for job in jobs} == {3}
    assert jobs[0].setting == "rate=0.1 hidden=4"  # what all share is not repeated


def test_without_a_grid_the_setting_is_the_preset():
    assert [job.setting for job in sweep.plan(BASE, (0,), ["epochs=3"])] == ["smoke"]


def test_a_repeated_value_is_run_once():
    assert len(sweep.plan(BASE, (0,), ["rate=1|2|1"])) == 2


def test_a_grid_that_is_too_large_is_refused_before_it_is_made():
    values = "|".join(map(str, range(1, 1001)))
    with pytest.raises(UserError, match="1,000,000 runs are too many"):
        sweep.plan(BASE, (0,), [f"epochs={values}", f"batch_size={values}"])


def outcome(setting, seed, metrics=None, error=""):
    job = sweep.Job(setting, BASE.replace(seed=seed))
    return sweep.Outcome(job, metrics or {}, 1.5, {"cores": 2}, error)


OUTCOMES = [
    outcome("a", 0, {"x": 1.0, "y": 5.0}),
    outcome("a", 1, {"x": 2.0}),
    outcome("a", 2, {"x": 6.0}),
    outcome("b", 0, {"x": 7.0}),
    outcome("b", 1, error='it "broke", badly'),
]


def test_the_summary_is_mean_and_sample_deviation_of_what_succeeded():
    # 1, 2, 6: mean 3, squared deviations 4 + 1 + 9 = 14, over n - 1 = 2
    assert sweep.summarise(OUTCOMES) == [
        ("a", "x", 3.0, pytest.approx(7**0.5), 3),
        ("a", "y", 5.0, None, 1),
        ("b", "x", 7.0, None, 1),
    ]


def test_csv_has_a_line_per_run_and_a_column_per_metric():
    assert sweep.to_csv(OUTCOMES).splitlines() == [
        "setting,seed,seconds,error,x,y",
        "a,0,1.5,,1.0,5.0",
        "a,1,1.5,,2.0,",
        "a,2,1.5,,6.0,",
        "b,0,1.5,,7.0,",
        'b,1,1.5,"it ""broke"", badly",,',
    ]


def test_json_keeps_everything_that_is_needed_to_repeat_a_run():
    record = json.loads(sweep.to_json("toy", OUTCOMES))
    assert record["slug"] == "toy"
    assert record["commit"]
    assert [run["seed"] for run in record["runs"]] == [0, 1, 2, 0, 1]
    assert record["runs"][4]["error"] == 'it "broke", badly'
    first = record["runs"][0]
    assert first["error"] is None
    assert Config(**first["config"] | {"hidden": (8,)}) == BASE
