"""Recorded runs of the laptop presets as one table, seed by seed."""

from lessons.toolkit import results

PRESETS = ("laptop", "laptop_pooling", "laptop_flanked")


class Table:
    """Metrics by key, arrays over seeds, of runs that have different networks.

    Args:
        *runs: as of `results.recorded`; they must have the same seeds, so that numbers
            of two networks can be compared seed by seed.
    """

    def __init__(self, *runs):
        if len({found.seeds for found in runs}) != 1:
            raise ValueError(
                f"runs must have the same seeds, got {[r.seeds for r in runs]}."
            )
        if not all(map(len, runs)):
            raise ValueError("runs must be recorded first, got none.")
        self.runs = runs
        self._where = {}
        for found in runs:
            for key in set.intersection(*map(set, found.metrics)):
                self._where.setdefault(key, found)

    def __contains__(self, key):
        return "/".join(key) in self._where

    def __getitem__(self, key):
        return self._where["/".join(key)]["/".join(key)]

    def learned(self, name):
        """Which runs of a network tell targets alone better than 0.5, booleans."""
        return self[name, "a"] > 0.5

    def __len__(self):
        return len(self.runs[0])


def table():
    """What all seeds of the laptop presets found."""
    return Table(*(results.recorded("crowding", preset) for preset in PRESETS))


def longer():
    """What "late_long" found, perhaps with fewer seeds: the first ones of `table`."""
    return Table(results.recorded("crowding", "laptop_long"))
