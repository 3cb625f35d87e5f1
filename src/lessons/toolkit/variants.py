"""What a lesson compares, as data: how each variant is called and drawn."""

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant:
    """One of the things that a lesson compares.

    A lesson's `variants.py` subclasses it with what sets its variants apart, and gives
    the table `VARIANTS`, by name. Names are keys and are never taken apart.

    Attributes:
        label: its name in figures, tables and on the progress line.
        color: a name in `lessons.toolkit.figures.COLORS`, so that configurations load
            without matplotlib.
        line: matplotlib's line style.
        marker: matplotlib's marker, or "" for none.
    """

    label: str
    color: str = "blue"
    line: str = "-"
    marker: str = ""
