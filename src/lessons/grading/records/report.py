"""The instructor's page: scores, questions, time and memory, and what went wrong."""

import collections
import html

from lessons.grading.records import neutral, similar
from lessons.grading.records.results import STATES
from lessons.toolkit import files

_MOST_SENTENCES = 40
_LONGEST = 20_000  # characters of an answer that are shown
_STYLE = """
:root { color-scheme: light dark; --bar: #0072b2; --line: #8886; --bad: #b33c00; }
@media (prefers-color-scheme: dark) { :root { --bar: #56b4e9; --bad: #ff9d5c; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem;
  padding: 0 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .75rem;
  text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.bar { background: var(--bar); display: inline-block; height: .8rem; min-width: 1px; }
pre { font-size: .85rem; margin: 0; white-space: pre-wrap; }
.bad { color: var(--bad); font-weight: 600; }
"""


def write(path, assignment, rows, isolated, models=None):
    """Write the page, and beside it one of answers that are nearly the same.

    Args:
        path: of the HTML file.
        assignment: its name.
        rows: results of all submissions.
        isolated: whether students' code was walled in.
        models: model answers by question; see `similar`.
    """
    pairs = similar.pairs(rows, models)
    files.write_text(path.with_name("similar.html"), _alike(assignment, pairs))
    parts = [
        f"<h1>{_text(assignment)}: {len(rows)} submissions</h1>",
        ""
        if isolated
        else "<p class=bad>Not isolated: submissions ran with the "
        "grader's own rights.</p>",
        _tiers(rows),
        _states(rows),
        "<h2>Questions</h2>",
        _questions(rows),
        "<h2>What tests said</h2>",
        _sentences(rows),
        "<h2>Submissions</h2>",
        _submissions(rows),
        "<h2>What to look at</h2>",
        _suspicious(rows, models),
        f'<p><a href="similar.html">{len(pairs)} pairs of answers</a> are nearly '
        "the same and like no model answer.</p>",
        "<h2>What went wrong</h2>",
        _failures(rows),
    ]
    files.write_text(path, _page(assignment, parts))


def _alike(assignment, pairs):
    """Pairs of answers side by side."""
    parts = [
        f"<h1>{_text(assignment)}: answers that are nearly the same</h1>",
        "<p>Compared without comments, docstrings and names of variables. A reason to "
        "look, no proof. Short answers and those like a model answer are left out.</p>",
    ]
    for pair in pairs:
        parts.append(f"<h2>{_text(pair.question)}: {100 * pair.share:.0f} %</h2>")
        codes = [f"<pre>{_text(source[:_LONGEST])}</pre>" for source in pair.sources]
        parts.append(_table([_text(name) for name in pair.students], [codes]))
    return _page(assignment, parts if pairs else [*parts, "<p>There are none.</p>"])


def _page(title, parts):
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        "<body>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def _text(value):
    return html.escape(neutral.plain(str(value)))


def _table(head, rows, numbers=()):
    def line(cells, tag):
        made = [
            f"<{tag}{' class=number' if place in numbers else ''}>{cell}</{tag}>"
            for place, cell in enumerate(cells)
        ]
        return "<tr>" + "".join(made) + "</tr>"

    body = "\n".join(line(row, "td") for row in rows)
    return f'<div class="wide"><table>\n{line(head, "th")}\n{body}\n</table></div>'


def _states(rows):
    counts = {state: sum(row["state"] == state for row in rows) for state in STATES}
    said = [f"{count} {STATES[state]}" for state, count in counts.items() if count]
    return f"<p>{_text('; '.join(said) or 'nothing was handed in')}</p>"


def _tiers(rows):
    """What held the limit of memory; it is not the same on all machines."""
    found = sorted({row["memory_held_by"] for row in rows} - {None})
    return f"<p>Memory was limited by {_text(' or '.join(found))}.</p>" if found else ""


def _scores(row):
    for notebook in row["notebooks"].values():
        yield from notebook["scores"].items()


def _questions(rows):
    """The mean of each question, and as bars how many got how much."""
    names = list(dict.fromkeys(name for row in rows for name, _ in _scores(row)))
    lines = []
    for name in names:
        given = [row["book"]["questions"].get(name) for row in rows]
        given = [score for score in given if score]
        waiting = sum(score["waiting"] for score in given)
        shares = [s["score"] / (s["points"] or 1) for s in given if not s["waiting"]]
        counts = [
            sum(share <= 0 for share in shares),
            sum(0 < share < 1 for share in shares),
            sum(share >= 1 for share in shares),
            waiting,
        ]
        bars = [
            f'{count} <span class="bar" style="width:'
            f'{8 * count / max(len(given), 1):.2f}rem">'
            "</span>"
            for count in counts
        ]
        points = given[0]["points"] if given else 0
        mean = f"{points * sum(shares) / len(shares):.2f}" if shares else ""
        lines.append([_text(name), f"{points:g}", mean, *bars])
    head = ["question", "points", "mean", "none", "some", "all", "to be marked"]
    return _table(head, lines, numbers={1, 2})


def _sentences(rows):
    """The sentences of failed tests, by question, and how many students got each.

    Where no sentence of the instructor's is in what was said, its kind is counted.
    """
    counts = collections.Counter(
        (name, score.get("sentence") or score["error"].split("\n")[0][:200])
        for row in rows
        for name, score in _scores(row)
        if score["error"]
    )
    lines = [
        [_text(name), f"{count}", _text(said)]
        for (name, said), count in counts.most_common(_MOST_SENTENCES)
    ]
    head = ["question", "students", "what was said"]
    return _table(head, lines, numbers={1}) if lines else "<p>Nothing.</p>"


def _submissions(rows):
    lines = [
        [
            _text(row["student"]),
            _text(STATES[row["state"]]),
            f"{row['book']['score']:g} / {row['max_score']:g}",
            f"{row['book']['waiting']:g}",
            f"{row['book']['late'] / 3600:.1f}" if row["book"]["late"] else "",
            f"{row['book']['penalty']:g}" if row["book"]["penalty"] else "",
            f"{row['seconds']:.1f}",
            f"{row['memory'] / 2**20:.0f}",
        ]
        for row in rows
    ]
    head = ["student", "state", "points", "to be marked", "hours late"]
    head += ["penalty", "seconds", "MB"]
    return _table(head, lines, numbers=set(range(2, 8)))


def _suspicious(rows, models):
    """Cells that were edited, processes that ended, answers handed in twice."""
    words = ("was edited", "was deleted", "ended", "longer than", "more memory")
    words += (
        "stands there twice",
        "two runs gave",
        "please look",
        "see the submission",
    )
    lines = [
        [_text(row["student"]), _text(note)]
        for row in rows
        for note in row["notes"]
        if any(word in note for word in words)
    ]
    for name, students in similar.groups(rows, models):
        lines.append([_text(", ".join(students)), f"the same answer to {_text(name)}"])
    return _table(["who", "what"], lines) if lines else "<p>Nothing.</p>"


def _failures(rows):
    """Reasons, remarks and failed tests, by student."""
    lines = []
    for row in rows:
        said = [row["reason"]] if row["reason"] else []
        said += row["notes"]
        said += [
            f"{name}: {score['error']}"
            for name, score in _scores(row)
            if score["error"] and not score["trouble"]
        ]
        said = "<br>".join(_text(line[:500]) for line in said)
        if said:
            lines.append([_text(row["student"]), said])
    return _table(["student", "what"], lines) if lines else "<p>Nothing.</p>"
