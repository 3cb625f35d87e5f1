"""Headlines: what a lesson's recorded runs show beside what the paper states.

A lesson's `paper.py` holds `HEADLINES`, the rows of its results table, and `EFFECT`,
the one sentence that the front page shows. Their numbers come from results.json.
"""

import dataclasses
import re

from lessons.toolkit import results
from lessons.toolkit.errors import UserError, unknown

REPRODUCES = ("yes", "partly", "no")
NOT_RECORDED = "not recorded"
_PLACE = re.compile(r"\{([^{}@]+)(?:@([^{}@]+))?\}")


@dataclasses.dataclass(frozen=True)
class Headline:
    """One row of the results table: one quantity.

    Attributes:
        label: what was measured; within a group, what tells its rows apart.
        metric: its key in `Report.metrics`.
        paper: the paper's value as text, "—" if it gives none.
        note: what does not reproduce at this size, and why.
        preset: whose recorded runs are meant.
        digits: digits after the point where all seeds give the same number.
        group: the quantity and unit that the rows of a group share; see `group`.
    """

    label: str
    metric: str
    paper: str = "—"
    note: str = ""
    preset: str = "laptop"
    digits: int = 2
    group: str = ""

    def __post_init__(self):
        for name in ("label", "metric", "paper", "preset"):
            _check_text(self, name)
        for name in ("note", "group"):
            _check_text(self, name, may_be_empty=True)
        if not isinstance(self.digits, int) or not 0 <= self.digits <= 12:
            raise UserError(
                "a headline's digits must be a whole number from 0 to 12, got "
                f"{self.digits!r}."
            )


def group(title, *headlines):
    """Rows that measure the same quantity.

    Args:
        title: the quantity, with its unit.
        *headlines: `Headline`s whose labels make sense below the title.

    Returns:
        The same headlines, which now know their group.
    """
    return tuple(dataclasses.replace(each, group=title) for each in headlines)


@dataclasses.dataclass(frozen=True)
class Effect:
    """The paper's main effect, there and here: the lesson's line on the front page.

    Attributes:
        paper: what the paper reports, with its numbers.
        here: the same as measured here; `{METRIC}` stands for the mean over the seeds
            of the preset "laptop", `{METRIC@PRESET}` for that of another preset.
        reproduces: "yes", "partly" or "no".
        reason: what does and what does not, in half a sentence.
    """

    paper: str
    here: str
    reproduces: str
    reason: str

    def __post_init__(self):
        for name in ("paper", "here", "reason"):
            _check_text(self, name)
        if self.reproduces not in REPRODUCES:
            raise UserError(
                f"an effect's reproduces must be one of {', '.join(REPRODUCES)}, got "
                f"{self.reproduces!r}."
            )


def _check_text(given, name, may_be_empty=False):
    value = getattr(given, name)
    if not isinstance(value, str) or not (value.strip() or may_be_empty):
        kind = type(given).__name__.lower()
        allowed = "a text" if may_be_empty else 'a text that is not empty, or "—"'
        raise UserError(f"{kind} {name}: got {value!r}. Allowed: {allowed}.")


def decimals(deviation):
    """Number of digits after the point that a mean deserves, given its spread.

    The deviation keeps one significant digit, two if it begins with 1; the number
    keeps the same places. Negative places round to tens, hundreds and so on.

    Args:
        deviation: a standard deviation above 0.
    """
    mantissa, exponent = f"{deviation:.1e}".split("e")
    return -int(exponent) + (float(mantissa) < 2)


def rounded(value, places):
    """A number with a given number of digits after the point, as text.

    Args:
        value: the number.
        places: digits after the point; -1 rounds to tens, -2 to hundreds.

    Returns:
        Thousands are set apart, and a negative number has a true minus sign.
    """
    text = f"{abs(round(value, places)):,.{max(places, 0)}f}"
    below_zero = value < 0 and any(digit in text for digit in "123456789")
    return "−" + text if below_zero else text


def with_spread(values, digits=2):
    """Mean and standard deviation of one number per seed, such as "21.3 ± 0.5".

    Args:
        values: one number per seed, at least one.
        digits: digits after the point where there is no spread.
    """
    mean, deviation = results.mean_and_deviation(values)
    if not _spreads(mean, deviation):
        return rounded(mean, digits)
    places = decimals(deviation)
    return f"{rounded(mean, places)} ± {rounded(deviation, places)}"


def mean_of(values, digits=2):
    """The mean of one number per seed, with the digits that its spread allows."""
    mean, deviation = results.mean_and_deviation(values)
    spreads = _spreads(mean, deviation)
    return rounded(mean, decimals(deviation) if spreads else digits)


def _spreads(mean, deviation):
    """Whether seeds differ by more than the rounding of floating-point numbers."""
    return bool(deviation) and deviation > 1e-12 * abs(mean)


def values(lesson, metric, preset="laptop"):
    """What the recorded runs of a preset, run as it is, found: one number per seed.

    Args:
        lesson: a row of the catalog.
        metric: its key in `Report.metrics`.
        preset: name of a preset.

    Returns:
        A list; empty where nothing was recorded.

    Raises:
        UserError: the lesson has no such preset, or its runs lack the metric.
    """
    presets = lesson.module("config").PRESETS
    if preset not in presets:
        raise unknown("preset", preset, presets)
    path = lesson.folder / "results.json"
    runs = [
        run
        for run in results.matching(path, presets[preset])
        if run["preset"] == preset
    ]
    known = {name for run in runs for name in run["metrics"]}
    if runs and metric not in known:
        raise unknown("metric", metric, sorted(known))
    return [run["metrics"][metric] for run in runs if metric in run["metrics"]]


def here(lesson, headline):
    """The value of a headline and the runs behind it, as two texts.

    Such as "21.3 ± 0.5" and "laptop, 5 seeds".
    """
    found = values(lesson, headline.metric, headline.preset)
    if not found:
        return NOT_RECORDED, f"{headline.preset}, no runs"
    seeds = f"{len(found)} seed{'s' * (len(found) > 1)}"
    return with_spread(found, headline.digits), f"{headline.preset}, {seeds}"


def effect_here(lesson):
    """What the lesson's `EFFECT` says of the measurements here, numbers filled in."""
    paper = lesson.module("paper")
    digits = {headline.metric: headline.digits for headline in paper.HEADLINES}

    def number(place):
        found = values(lesson, place[1], place[2] or "laptop")
        return mean_of(found, digits.get(place[1], 2)) if found else NOT_RECORDED

    return _PLACE.sub(number, paper.EFFECT.here)


def grouped(headlines):
    """(title, headlines) of every group; what the paper has a value for goes first.

    Groups with a value of the paper's precede the others, and so do rows within a
    group; otherwise the order stays.
    """
    groups = {}
    for headline in headlines:
        groups.setdefault(headline.group, []).append(headline)

    def unknown_to_the_paper(headline):
        return headline.paper == "—"

    ordered = sorted(
        groups.items(), key=lambda pair: all(map(unknown_to_the_paper, pair[1]))
    )
    return [(title, sorted(rows, key=unknown_to_the_paper)) for title, rows in ordered]
