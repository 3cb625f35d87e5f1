"""Figures of a run."""


def all_of(report, sounds):
    return {}
