"""Figures of a run and of recorded runs; the notebook shows the same ones."""


def all_of(report):
    return {}
