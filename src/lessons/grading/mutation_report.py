"""What `mutation` finds: printed, and the counts of whole runs stored."""

import json

_RECORD = "mutation.json"  # in course/answers


def record(subject, outcome):
    """Store the counts of a whole run that left nothing to do."""
    path = subject.course / "answers" / _RECORD
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known[subject.slug] = {
        "mutants": outcome.mutants,
        "killed": outcome.killed,
        "equivalent": outcome.equivalent,
        "digest": subject.digest(),
    }
    text = json.dumps(dict(sorted(known.items())), indent=2) + "\n"
    path.write_text(text, encoding="utf-8")


def recorded(course):
    """The counts of the last whole runs, by exercise."""
    path = course / "answers" / _RECORD
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def table(subject, outcome):
    """The outcome as lines of text: survivors with file, line, before and after."""
    lines = [
        f"{subject.slug}: {outcome.mutants} mutants, {outcome.killed} killed "
        f"({outcome.late} by the limit on time), {outcome.equivalent} equivalent, "
        f"{len(outcome.survivors)} survive"
    ]
    for mutant in outcome.survivors:
        where = f"course/answers/{subject.slug}/{mutant.answer}.py:{mutant.line}"
        lines.append(f"  {where} ({', '.join(mutant.questions)})")
        lines += [f"    - {mutant.before}", f"    + {mutant.after}"]
    for answer, before, after in outcome.stale:
        lines.append(f"  listed as equivalent, but killed or not made: {answer}")
        lines += [f"    - {before}", f"    + {after}"]
    return "\n".join(lines)
