"""The commands that notebooks and guides suggest, and whether each of them starts."""

import re
import shlex
import unittest.mock
from pathlib import Path
from typing import NamedTuple

import keras
from keras import tree

from lessons.cli import parser
from lessons.cli.run import base_config
from lessons.toolkit import progress, resident, results, runtime, sweep
from lessons.toolkit.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ("README.md", "CONTRIBUTING.md", "course/*.md", "docs/*.md")
_FENCE = re.compile(r"```.*?\n(.*?)```", re.DOTALL)
_CODE = re.compile(r"`([^`]+)`")
_FIELD = re.compile(r"[a-z]\w*=[^\s`]+")
_SUGGESTS = re.compile(r"^#+ .*\b(try next|to try)\b", re.MULTILINE | re.IGNORECASE)


class Started(Exception):
    """The first step of a run was taken."""


class Suggestion(NamedTuple):
    """A command that a text suggests.

    Attributes:
        words: what stands after `lessons`.
        where: the text it stands in.
    """

    words: tuple[str, ...]
    where: str

    def __str__(self):
        return f"lessons {shlex.join(self.words)}  [{self.where}]"


def of_lesson(lesson):
    """Every command about a lesson, each once: its notebook's and those of guides."""
    notebook = ROOT / Path(lesson.notebook).with_suffix(".py")
    fields = lesson.module("config").Config.__dataclass_fields__
    found = find(prose(notebook), notebook.name, lesson.slug, fields)
    tour = ROOT / "notebooks" / "start_here.py"
    others = [path for pattern in GUIDES for path in sorted(ROOT.glob(pattern))]
    for path in others:
        found += find(path.read_text(encoding="utf-8"), path.name)
    found += find(prose(tour), tour.name)
    own = [suggestion for suggestion in found if lesson.slug in suggestion.words[1:2]]
    return list({suggestion.words: suggestion for suggestion in own}.values())


def prose(path):
    """The Markdown of a notebook's text source."""
    cells = re.split(r"^# %%", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    texts = [cell for cell in cells if cell.startswith(" [markdown]")]
    return "\n\n".join(re.sub(r"^# ?", "", text, flags=re.MULTILINE) for text in texts)


def find(text, where, slug=None, fields=()):
    """The commands in a Markdown text.

    Args:
        text: Markdown; commands stand in code.
        where: name of the text.
        slug: the lesson that a bare `--set FIELD=VALUE` or `--preset NAME` is meant
            for, a sweep if a field has several values; None where it means nothing.
        fields: fields of the lesson's configuration: where the text says what to try
            next, a bare `FIELD=VALUE` is a setting too.
    """
    found = []
    blocks = [line for block in _FENCE.findall(text) for line in _lines(block)]
    rest = _FENCE.sub("", text)
    inline = [" ".join(code.split()) for code in _CODE.findall(rest)]
    for code in (*blocks, *inline):
        if words := _command(code, slug):
            found.append(Suggestion(words, where))
    heading = _SUGGESTS.search(rest)
    if slug and heading:
        following = rest[heading.end() :].partition("\n## ")[0]
        for code in _CODE.findall(following):
            if _FIELD.fullmatch(code) and code.partition("=")[0] in fields:
                found.append(Suggestion(("run", slug, "--set", code), where))
    return found


def _lines(block):
    """Lines of a block of code, those that go on after a backslash put together."""
    return re.sub(r"\\\n\s*", " ", block).splitlines()


def _command(code, slug):
    """The words after `lessons` of a command, None if it is none."""
    try:
        words = shlex.split(code, comments=True)
    except ValueError:
        return None
    if words and words[0] in ("--set", "--preset") and len(words) > 1:
        command = "sweep" if any("|" in word for word in words) else "run"
        return (command, slug, *words) if slug else None
    for place, word in enumerate(words):
        if Path(word).name == "lessons" and words[place + 1 : place + 2] in (
            ["run"],
            ["sweep"],
        ):
            return tuple(words[place + 1 :]) if len(words) > place + 2 else None
    return None


def configurations(lesson, suggestion):
    """The configurations that a command runs, each once, whatever its seeds.

    Raises:
        UserError: the command line refuses it.
    """
    arguments = parser().parse_args(suggestion.words)
    base = base_config(lesson, arguments)
    if arguments.command == "run":
        return [base.override(arguments.set)]
    seeds = sweep.parse_seeds(arguments.seeds)
    return [job.config for job in sweep.plan(base, seeds[:1], arguments.set)]


def runs_elsewhere(lesson, config):
    """Whether runs of a configuration are recorded, or other tests take its step."""
    preset = lesson.module("config").PRESETS[config.preset]
    if config.preset.startswith("paper") and config == preset:
        return True  # `test_objects`
    return bool(results.matching(lesson.folder / "results.json", config))


def start(lesson, config):
    """Run a configuration up to its first step, and build all that it would train.

    Raises:
        UserError: it was refused.
    """
    experiment = lesson.module("experiment")
    with (
        unittest.mock.patch.object(keras.Model, "fit", _first_step),
        unittest.mock.patch.object(progress, "reporting", _FirstReport),
        unittest.mock.patch.object(resident, "suits", lambda *arguments: False),
    ):
        try:
            experiment.run(config)
        except Started:
            pass
    with runtime.session(config):
        for example in experiment.examples(config):
            example.build(run_eagerly=True, jit_compile=False)


def _first_step(model, x=None, y=None, batch_size=None, **options):
    """In place of `fit`: one step, not compiled, on the first batch."""
    model.run_eagerly, model.jit_compile = True, False
    weights = None
    if hasattr(x, "element_spec"):
        x, y, weights = keras.utils.unpack_x_y_sample_weight(next(iter(x)))
    else:
        rows = slice(batch_size or 32)
        x, y = tree.map_structure(lambda v: v if v is None else v[rows], (x, y))
    model.train_on_batch(x, y, weights)
    raise Started


class _FirstReport:
    """In place of `progress.reporting`: what reports has done a step."""

    def __init__(self, description, total):
        pass

    def __enter__(self):
        return self._update

    def __exit__(self, *error):
        return None

    def _update(self, step, text=""):
        raise Started


def lacks_data(error):
    """Whether a refusal says that a file or a data set is not here."""
    trace, names = error.__traceback__, []
    while trace:
        names.append(Path(trace.tb_frame.f_code.co_filename))
        trace = trace.tb_next
    return isinstance(error, UserError) and any(
        "data" in (name.stem, name.parent.name) for name in names[1:]
    )
