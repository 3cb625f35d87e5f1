"""`lessons list` and `lessons show SLUG`."""

from lessons import catalog, further
from lessons.cli import tables
from lessons.toolkit import headlines, results
from lessons.toolkit.errors import UserError


def add_to(commands):
    """Add the two commands to the parser."""
    listing = commands.add_parser(
        "list", help="every lesson, ready or planned", allow_abbrev=False
    )
    listing.set_defaults(do=_list)
    one = commands.add_parser(
        "show",
        help="one lesson: presets and headlines",
        allow_abbrev=False,
    )
    one.add_argument("slug", metavar="SLUG", help="a lesson of `lessons list`")
    text = "every field and every recorded number as well"
    one.add_argument("--all", action="store_true", help=text)
    one.set_defaults(do=_show)


def _list(arguments):
    rows = [
        (
            catalog.UNITS[lesson.unit],
            lesson.slug,
            "ready" if lesson.ready else "planned",
            lesson.title,
            ", ".join(lesson.prerequisites),
        )
        for lesson in catalog.LESSONS
    ]
    tables.show(("unit", "slug", "state", "title", "read first"), rows)


def _show(arguments):
    lesson = catalog.find(arguments.slug)
    presets = lesson.module("config").PRESETS
    print(lesson.title)
    print(lesson.paper)
    for name, value in _facts(lesson).items():
        print(f"{name}: {value}")
    if arguments.all:
        print("\nFields (change one with --set FIELD=VALUE)\n")
        tables.show(*_fields(presets))
    title = "Presets" if arguments.all else "Presets, where they differ"
    print(f"\n{title}\n")
    tables.show(*_presets(presets, all_fields=arguments.all))
    if arguments.all:
        print("\nRecorded results\n")
        recorded = results.load(lesson.folder / "results.json")
        if recorded:
            tables.show(*_recorded(recorded), right=("mean", "sd", "n"))
        else:
            print("none; `lessons sweep --record` records runs")
        return
    print("\nHeadlines\n")
    tables.show(*_headlines(lesson))
    print(f"\nall fields and recorded numbers: lessons show {lesson.slug} --all")


def _facts(lesson):
    """What there is of a lesson; files only where they are, such as in a checkout."""
    facts = {
        "unit": catalog.UNITS[lesson.unit],
        "read first": ", ".join(lesson.prerequisites) or "nothing",
    }
    papers = further.after(lesson.slug)
    if papers:
        facts["prepares for"] = "; ".join(paper.title for paper in papers)
    try:
        root = results.checkout()
    except UserError:
        return facts
    if (root / lesson.notebook).is_file():
        facts["notebook"] = lesson.notebook
    if (root / lesson.exercise).is_file():
        facts["exercise"] = f"lessons practice {lesson.slug}"
    return facts


def _headlines(lesson):
    """One row per headline: what was measured, in the paper and here."""
    found = lesson.module("paper").HEADLINES
    rows = []
    for title, group in headlines.grouped(found):
        for row in group:
            label = f"{title}: {row.label}" if title else row.label
            value, runs = headlines.here(lesson, row)
            rows.append((label, row.paper, value, runs))
    return ("measured", "paper", "here", "runs"), rows


def _fields(presets):
    """One row per field: its type, and what it is."""
    kind = type(next(iter(presets.values())))
    rows = [row for row in kind.describe() if row[0] != "preset"]
    return ("field", "type", "what it is"), rows


def _presets(presets, all_fields):
    """One row per field, or per field that differs: its value in each preset."""
    rows = [
        (name, *(_value(getattr(config, name)) for config in presets.values()))
        for name, *_ in _fields(presets)[1]
    ]
    rows = [row for row in rows if all_fields or len(set(row[1:])) > 1]
    return ("field", *presets), rows


def _value(value):
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool | None) else str(value)


def _recorded(runs):
    """One row per preset, configuration and metric."""
    groups = {}
    for run in runs:
        settings = {k: v for k, v in run["config"].items() if k != "seed"}
        key = run["preset"], tuple((k, str(v)) for k, v in settings.items())
        groups.setdefault(key, []).append(run)
    rows = []
    for (preset, settings), group in groups.items():
        label = preset + _difference(groups, preset, dict(settings))
        for metric in group[0]["metrics"]:
            values = [r["metrics"][metric] for r in group if metric in r["metrics"]]
            mean, deviation = results.mean_and_deviation(values)
            sd = "" if deviation is None else tables.number(deviation)
            rows.append((label, metric, tables.number(mean), sd, str(len(values))))
    return ("preset", "metric", "mean", "sd", "n"), rows


def _difference(groups, preset, settings):
    """The fields in which this group differs from others of its preset, as text."""
    others = [dict(key[1]) for key in groups if key[0] == preset]
    different = {
        name: value
        for name, value in settings.items()
        if any(other.get(name) != value for other in others)
    }
    return "".join(f" {name}={value}" for name, value in different.items())
