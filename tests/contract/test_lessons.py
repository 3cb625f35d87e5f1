"""The contract every written lesson keeps, as far as a program can check it."""

import ast
import collections
import dataclasses
import importlib
import inspect
import json
import pathlib
import pkgutil
import re

import pytest

from lessons.catalog import LESSONS
from lessons.toolkit import config as toolkit_config
from lessons.toolkit import headlines, results
from lessons.toolkit.errors import UserError
from lessons.toolkit.variants import Variant

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROLES = ("__init__", "config", "paper", "theory", "experiment", "figures")
# What `experiment` offers in every lesson, beside `train` (or one for each experiment).
STEPS = ("build_model", "run", "examples")
# First words of a text that leans on another one.
LEANING = ("its", "it", "of", "for", "likewise", "same", "also", "their", "them")
LONGEST_FILE = 300  # lines; a reader opens files of 60 to 250


def sources(lesson):
    return sorted(lesson.folder.glob("*.py"))


def modules(lesson):
    names = [name for _, name, _ in pkgutil.iter_modules([str(lesson.folder)])]
    return [importlib.import_module(f"{lesson.package}.{name}") for name in names]


def public(module):
    """Functions and classes a module defines and does not hide."""
    for name, thing in vars(module).items():
        own = getattr(thing, "__module__", None) == module.__name__
        if own and not name.startswith("_") and callable(thing):
            yield name, thing


def imported(path):
    """Dotted names a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_role_has_its_file(lesson):
    present = {path.stem for path in sources(lesson)}
    assert set(ROLES) <= present
    assert any(name.startswith(("model", "optimizers")) for name in present)


def test_the_experiment_has_the_same_steps_in_every_lesson(lesson):
    experiment = lesson.module("experiment")
    for name in STEPS:
        assert callable(getattr(experiment, name, None)), name
    trains = [name for name, _ in public(experiment) if name.startswith("train")]
    assert trains, "no function trains"


def test_what_is_compared_is_data(lesson):
    fields = {f.name for f in dataclasses.fields(lesson.module("config").Config)}
    others = {"methods", "modes", "models", "cells"} & fields
    assert not others, f"{others} should be called variants"
    if "variants" in fields:
        table = lesson.module("variants").VARIANTS
        assert all(isinstance(each, Variant) for each in table.values())
        for preset in lesson.module("config").PRESETS.values():
            assert set(preset.variants) <= set(table)


def test_everything_beside_the_package_is_there(lesson):
    for path in (
        ROOT / lesson.notebook,
        (ROOT / lesson.notebook).with_suffix(".py"),
        ROOT / "course" / "exercises" / f"{lesson.slug}.py",
        lesson.folder / "results.json",
    ):
        assert path.is_file(), path.relative_to(ROOT)
    assert list((ROOT / "tests" / lesson.unit / lesson.slug).glob("test_*.py"))
    answers = ROOT / "course" / "answers" / lesson.slug
    assert len(list(answers.glob("right_*.py"))) >= 2
    assert len(list(answers.glob("wrong_*.py"))) >= 6


def test_presets_are_complete_and_named(lesson):
    config = lesson.module("config")
    assert set(toolkit_config.PRESET_NAMES) <= set(config.PRESETS)
    for name, preset in config.PRESETS.items():
        assert isinstance(preset, toolkit_config.RunConfig)
        assert type(preset).__dataclass_params__.frozen
        assert preset.preset == name


def test_help_texts_can_be_understood_alone(lesson):
    # They stand in a table of `lessons show`, each without the one above it.
    for field in dataclasses.fields(lesson.module("config").Config):
        words = field.metadata.get("help", "").split()
        assert len(words) >= 2, f"{field.name}: {' '.join(words)!r}"
        assert words[0].lower() not in LEANING, f"{field.name}: {' '.join(words)!r}"
        assert "likewise" not in words, field.name


def test_unknown_and_impossible_values_are_refused(lesson):
    smoke = lesson.module("config").PRESETS["smoke"]
    with pytest.raises(UserError, match="Allowed"):
        smoke.override(["no_such_field=1"])
    with pytest.raises(UserError, match="epochs"):
        smoke.override(["epochs=0"])
    with pytest.raises(UserError, match="seed"):
        smoke.override(["seed=minus one"])


def test_run_takes_a_configuration(lesson):
    parameters = inspect.signature(lesson.module("experiment").run).parameters
    assert list(parameters)[0] == "config"
    others = list(parameters.values())[1:]
    assert all(p.default is not inspect.Parameter.empty for p in others)


def test_public_things_are_documented(lesson):
    for module in modules(lesson):
        assert module.__doc__, module.__name__
        for name, thing in public(module):
            assert inspect.getdoc(thing), f"{module.__name__}.{name}"


def test_theory_states_arguments_and_source(lesson):
    theory = lesson.module("theory")
    for name, thing in public(theory):
        if inspect.isfunction(thing) and len(inspect.signature(thing).parameters) > 2:
            text = inspect.getdoc(thing)
            assert "Args:" in text or "$" in text, name
    assert re.search(r"arXiv|[A-Z][a-z]+ (&|et al|19|20)", theory.__doc__)


def test_files_are_short_enough_to_read(lesson):
    for path in sources(lesson):
        count = len(path.read_text(encoding="utf-8").splitlines())
        assert count <= LONGEST_FILE, f"{path.name} has {count} lines"


def test_a_lesson_imports_only_lessons_it_builds_on(lesson):
    before = {one.slug: one.package for one in LESSONS}
    allowed = ("lessons.toolkit", lesson.package)
    allowed += tuple(before[slug] for slug in lesson.prerequisites)
    for path in sources(lesson):
        for name in imported(path):
            if name.startswith("lessons."):
                assert name.startswith(allowed), f"{path.name} imports {name}"


def test_only_the_experiment_writes_or_prints(lesson):
    for path in sources(lesson):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
        names = {f.id for f in calls if isinstance(f, ast.Name)}
        if path.stem != "experiment":
            assert not names & {"print", "open"}, path.name


def test_recorded_runs_feed_every_headline(lesson):
    config, paper = lesson.module("config"), lesson.module("paper")
    path = lesson.folder / "results.json"
    same = results.matching(path, config.PRESETS["laptop"])
    assert len({run["seed"] for run in same}) >= 2
    assert paper.HEADLINES
    assert headlines.NOT_RECORDED not in headlines.effect_here(lesson)
    for headline in paper.HEADLINES:
        found = headlines.values(lesson, headline.metric, headline.preset)
        assert found, headline.label
        assert headline.group, headline.label


def test_metric_keys_keep_the_grammar(lesson):
    # VARIANT/METRIC or GROUP/VARIANT/METRIC; one word for the whole run.
    for run in results.load(lesson.folder / "results.json"):
        for key in run["metrics"]:
            assert re.fullmatch(r"[\w.-]+(/[\w.-]+){0,2}", key), key


def test_recorded_runs_hold_no_path_of_a_machine(lesson):
    text = (lesson.folder / "results.json").read_text(encoding="utf-8")
    for run in json.loads(text)["runs"]:
        paths = [v for v in run["config"].values() if isinstance(v, str)]
        assert not any(value.startswith(("/", "~")) for value in paths)


def test_the_toolkit_imports_no_lesson():
    from lessons.catalog import UNITS

    folder = ROOT / "src" / "lessons"
    for part in ("toolkit", "grading"):
        for path in sorted((folder / part).rglob("*.py")):
            for name in imported(path):
                unit = name.removeprefix("lessons.").partition(".")[0]
                assert not (name.startswith("lessons.") and unit in UNITS), path.name


def test_no_two_classes_are_registered_under_one_name():
    """Keras keeps the last of them, and loads models of the others as that one."""
    places = collections.defaultdict(list)
    for path in sorted((ROOT / "src" / "lessons").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for decorator in getattr(node, "decorator_list", ()):
                if "register_keras_serializable" in ast.unparse(decorator):
                    called = f"{node.name}, {ast.unparse(decorator)}"
                    places[called].append(str(path.relative_to(ROOT)))
    assert len(places) > 50
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert not twice
