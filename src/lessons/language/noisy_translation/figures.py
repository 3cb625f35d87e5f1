"""Figures of a run and of recorded runs; the notebook shows the same ones."""


def all_of(report):
    """The figures of a report, by name."""
    return {}
