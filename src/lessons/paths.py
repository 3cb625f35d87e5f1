"""Reading paths: what to read, in which order, for one who wants one thing."""

import dataclasses

from lessons import catalog
from lessons.toolkit.errors import unknown


@dataclasses.dataclass(frozen=True)
class Path:
    """A path through the lessons.

    Attributes:
        name: one word.
        question: what somebody asks who should take it.
        goals: slugs of the lessons it leads to, in order.
    """

    name: str
    question: str
    goals: tuple[str, ...]

    @property
    def lessons(self):
        """The lessons to read, each after those that it builds on."""
        slugs = []
        for goal in self.goals:
            slugs += [slug for slug in read_first(goal) if slug not in slugs]
            slugs += [goal] if goal not in slugs else []
        return tuple(map(catalog.row, slugs))


PATHS = (
    Path(
        "theory",
        "Why do networks train, and why does a training method fail?",
        ("self_normalizing", "amsgrad", "vae", "ot_gan", "spectral_normalization"),
    ),
    Path(
        "generation",
        "How does a network learn to make what it has seen?",
        ("vae", "wasserstein_autoencoder", "ot_gan", "ambient_gan", "hierarchical_vae"),
    ),
    Path(
        "sequences",
        "How does a network remember, write and speak?",
        ("lstm", "neural_turing_machine", "waveform_rnn", "vrnn", "sketch_rnn"),
    ),
    Path(
        "efficiency",
        "How much of a network is needed, and in how many bits?",
        ("convnet_baseline", "wage", "channel_pruning", "msdnet"),
    ),
)


def find(name):
    """The path of a name; an unknown one is a `UserError`."""
    for path in PATHS:
        if path.name == name:
            return path
    raise unknown("path", name, [path.name for path in PATHS])


def read_first(slug):
    """Slugs of all that a lesson builds on, directly or not, in teaching order."""
    needed, waiting = set(), list(catalog.row(slug).prerequisites)
    while waiting:
        name = waiting.pop()
        needed.add(name)
        waiting += catalog.row(name).prerequisites
    return tuple(lesson.slug for lesson in catalog.LESSONS if lesson.slug in needed)


def table():
    """The paths as Markdown, as the syllabus shows them."""
    lines = ["| path | for one who asks | read in this order |", "|---|---|---|"]
    for path in PATHS:
        names = ", ".join(f"`{lesson.slug}`" for lesson in path.lessons)
        lines.append(f"| {path.name} | {path.question} | {names} |")
    return "\n".join(lines)


def needs():
    """What each lesson builds on as Markdown, for those that build on something."""
    lines = ["| lesson | read first |", "|---|---|"]
    for lesson in catalog.LESSONS:
        if found := read_first(lesson.slug):
            names = ", ".join(f"`{slug}`" for slug in found)
            lines.append(f"| `{lesson.slug}` | {names} |")
    return "\n".join(lines)
