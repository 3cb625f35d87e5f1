"""What a lesson trains is a whole Keras object: saved, exported, compiled, weighted.

The checks are in `checks`; they run over `examples(config)` of every lesson. One test
takes a lesson whole, since its checks share models.
"""

import pytest

from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example
from tests.contract.checks import CHECKS, paper_step
from tests.contract.subject import Subject

PAPER_STEP = "paper step"
ROUNDING = ("every weight moves",)  # what is zero on paper may move by its rounding
LEAST_WORDS = 4  # of the reason for an exception


def presets(lesson, beginning):
    """Configurations of a lesson by the beginning of their names, on one device."""
    every = lesson.module("config").PRESETS.values()
    found = [c for c in every if c.preset.startswith(beginning)]
    return [config.replace(strategy="none", device="auto") for config in found]


def examples(lesson, config):
    """The examples of a configuration, each with a name of its own."""
    found = list(lesson.module("experiment").examples(config))
    assert found and len({example.name for example in found}) == len(found)
    for example in found:
        assert isinstance(example, Example)
        problems(example)
    return found


def problems(example):
    """Fail where an exception has no known check or no reason."""
    for name, reason in example.exceptions.items():
        assert name in {*CHECKS, PAPER_STEP}, f"{example.name}: no check {name!r}"
        assert len(reason.split()) >= LEAST_WORDS, f"{example.name}: {name}: why?"


def hold(check, name, subject):
    """Run a check; one that is excepted must fail, or the exception is stale."""
    if name in ROUNDING and name in subject.example.exceptions:
        return
    if name not in subject.example.exceptions:
        check(subject)
        return
    try:
        check(subject)
    except Exception:
        return
    pytest.fail(f"{name!r} is excepted, but holds")


def subjects(lesson, beginning, folder):
    """The examples of the presets, each in the session of its configuration."""
    for config in presets(lesson, beginning):
        with runtime.session(config):
            others = examples(lesson, config.replace(seed=config.seed + 1))
            pairs = zip(examples(lesson, config), others, strict=True)
            for number, (example, other) in enumerate(pairs):
                own = folder / f"{config.preset}_{number}"
                own.mkdir()
                first = (config.preset, number) == ("smoke", 0)
                yield Subject(example, config, own, other, first)


def test_every_kind_of_model_keeps_the_contract(lesson, tmp_path, subtests):
    for subject in subjects(lesson, "smoke", tmp_path):
        title = f"{subject.config.preset}/{subject.example.name}"
        with subtests.test(f"{title}: trains"):
            subject.twins  # noqa: B018 - made here, shared by the checks
            for name, check in CHECKS.items():
                with subtests.test(f"{title}: {name}"):
                    hold(check, name, subject)


def test_every_paper_preset_trains_a_step(lesson, tmp_path, subtests):
    for subject in subjects(lesson, "paper", tmp_path):
        title = f"{subject.config.preset}/{subject.example.name}"
        with subtests.test(title):
            hold(paper_step, PAPER_STEP, subject)
