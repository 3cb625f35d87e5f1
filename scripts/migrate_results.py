"""Bring recorded runs to the names of today, without recording them again.

    python scripts/migrate_results.py [SLUG ...] [--check]

Fields of configurations and keys of metrics have been renamed. `CHANGES` says how, a
lesson at a time; a results.json that is up to date stays as it is, byte for byte. Use
it on results of your own that an older version of the lessons recorded.
"""

import argparse
import json
import pathlib
import re
import sys

from lessons import catalog
from lessons.toolkit import files
from lessons.toolkit.errors import UserError

# For each lesson: `fields` maps the old name of a field to the new one, or to None if
# the field is gone; `metrics` lists (pattern, replacement) pairs of `re.sub` for whole
# keys; `values` maps a field (by its new name) to the new names of its entries;
# `derived` is a function of the old configuration that returns further fields.
CHANGES = {
    # ambient_gan
    "ambient_gan": {"fields": {"modes": "variants", "steps_per_execution": None}},
    # amsgrad
    "amsgrad": {"fields": {"methods": "variants", "steps_per_execution": None}},
    # capsules
    "capsules": {
        "fields": {"models": None, "steps_per_execution": None},
        "derived": lambda config: _capsules_networks(**config),
        "metrics": [
            (r"(|.*/)r(\d+)/(\w+)", r"\1capsnet_\2/\3"),
            (r"(|.*/)r(\d+)_plain/(\w+)", r"\1capsnet_plain_\2/\3"),
        ],
    },
    # hierarchical_vae
    "hierarchical_vae": {"fields": {"steps_per_execution": None}},
    # lstm
    "lstm": {"fields": {"lag_cells": "variants", "valid_share": "valid_fraction"}},
    # neural_turing_machine
    "neural_turing_machine": {
        "fields": {"models": "variants"},
        "metrics": [(r"(\w+)/(bit_error|bits_per_sequence)/(\d+)", r"\1/\2_\3")],
    },
    # ot_gan
    "ot_gan": {
        "fields": {"rival_rate": "baseline_rate", "steps_per_execution": None},
        "metrics": [(r"(\w+)/trained/(\w+)", r"trained/\1/\2")],
    },
    # self_normalizing
    "self_normalizing": {
        "fields": {
            "methods": "variants",
            "more_methods": "more_variants",
            "table_methods": "table_variants",
        },
        "metrics": [
            (r"(theorem_\w+)/share", r"\1/fraction"),
            (r"(?!theorem)([a-z_]+)_(\d+)/(\w+)", r"depth_\2/\1/\3"),
        ],
        "derived": lambda config: {} if "optimizer" in config else {"optimizer": "sgd"},
    },
    # semi_supervised_vae
    "semi_supervised_vae": {
        "fields": {"methods": "variants", "steps_per_execution": None}
    },
    # spectral_normalization
    "spectral_normalization": {
        "fields": {"steps_per_execution": None},
        "metrics": [(r"(\w+/\w+)/stable_rank/(\d+)", r"\1/stable_rank_\2")],
    },
    # vae
    "vae": {"fields": {"steps_per_execution": None}},
    # wasserstein_autoencoder
    "wasserstein_autoencoder": {"fields": {"steps_per_execution": None}},
}


def migrated(run, changes):
    """A recorded run with the names of today.

    Args:
        run: as `lessons.toolkit.results.entry` makes it.
        changes: a value of `CHANGES`.

    Raises:
        UserError: two metrics or two fields would get the same name.
    """
    fields, values = changes.get("fields", {}), changes.get("values", {})
    config = {}
    for name, value in run["config"].items():
        name = fields.get(name, name)
        if name is not None:
            _add(config, name, _renamed(value, values.get(name, {})))
    for name, value in changes.get("derived", lambda config: {})(run["config"]).items():
        _add(config, name, value)
    metrics = {}
    for name, value in run["metrics"].items():
        for pattern, replacement in changes.get("metrics", ()):
            if re.fullmatch(pattern, name):
                name = re.sub(pattern, replacement, name)
                break
        _add(metrics, name, value)
    return {**run, "config": config, "metrics": metrics}


def _add(table, name, value):
    if name in table:
        raise UserError(f"two entries would be called {name!r}.")
    table[name] = value


def _renamed(value, names):
    if isinstance(value, list):
        return [names.get(entry, entry) for entry in value]
    return names.get(value, value) if isinstance(value, str) else value


def _capsules_networks(models=None, **others):
    """Networks were called "cnn", "r3" and "r3_plain": a name held the iterations."""
    if models is None:
        return {}
    found = [re.fullmatch(r"r(\d+)(_plain)?", name) for name in models]
    variants = [f"capsnet{m[2] or ''}" if m else "cnn" for m in found]
    iterations = [int(m[1]) for m in found if m] or [3, 1]
    return {
        "variants": list(dict.fromkeys(variants)),
        "iterations": list(dict.fromkeys(iterations)),
    }


def migrate(path, changes):
    """The text that a results.json should have.

    Args:
        path: of a results.json.
        changes: a value of `CHANGES`.
    """
    runs = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))["runs"]
    content = {"runs": [migrated(run, changes) for run in runs]}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main(arguments=None):
    """Read the command line and migrate; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("slug", nargs="*", help="lessons (default: all)")
    parser.add_argument("--check", action="store_true", help="only say what is old")
    options = parser.parse_args(arguments)
    old = []
    for slug in options.slug or CHANGES:
        path = catalog.find(slug).folder / "results.json"
        text = migrate(path, CHANGES.get(slug, {}))
        if text != path.read_text(encoding="utf-8"):
            old.append(slug)
            if not options.check:
                files.write_text(path, text)
    print(f"{'old' if options.check else 'migrated'}: {', '.join(old) or 'none'}")
    return int(options.check and bool(old))


if __name__ == "__main__":
    sys.exit(main())
