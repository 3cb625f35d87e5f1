"""The grid searches of a run: theorems 1 to 3, the part `theorems`."""

import contextlib
import math
from pathlib import Path

from lessons.foundations.self_normalizing import grid
from lessons.toolkit.errors import UserError


def counts(config, domain):
    """Grid points along mu, omega, nu and tau of a domain (a `grid.Domain`).

    Raises:
        UserError: `grid_counts` are not four numbers.
    """
    if config.grid_scale is not None:
        return domain.counts(config.grid_scale)
    if len(config.grid_counts) != 4:
        raise UserError(
            "grid_counts must be four numbers (mu, omega, nu, tau), got "
            f"{config.grid_counts!r}."
        )
    return config.grid_counts


def theorem_study(config):
    """Search every domain of a configuration.

    Returns:
        Metrics: `DOMAIN/QUANTITY/lowest` and `/highest`, `DOMAIN/points`,
        `DOMAIN/fraction` of the grid (1 when the search was not cut short) and
        `DOMAIN/points_per_second`.
    """
    metrics = {}
    state = Path(config.grid_state) if config.grid_state else None
    if state is not None:
        with contextlib.suppress(FileExistsError):
            _make_folder(state)
    for name in config.searches:
        found = grid.search(
            grid.DOMAINS[name],
            counts(config, grid.DOMAINS[name]),
            grid.QUANTITIES,
            state_path=state and state / f"{name}.json",
            most_seconds=config.grid_seconds or math.inf,
            description=name,
        )
        for side, extremes in (("lowest", found.lowest), ("highest", found.highest)):
            for quantity, extreme in extremes.items():
                metrics[f"{name}/{quantity}/{side}"] = extreme.value
        metrics[f"{name}/points"] = float(found.points)
        metrics[f"{name}/fraction"] = found.points / found.total
        metrics[f"{name}/points_per_second"] = found.points / found.seconds
    return metrics


def _make_folder(path):
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"cannot make the folder grid_state={str(path)!r}: {error.strerror}."
        ) from None
