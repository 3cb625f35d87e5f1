"""A toy lesson, so that the tools are tested without training anything."""

import importlib
import sys
import textwrap

import pytest

from lessons import catalog

CONFIG = """
    import dataclasses

    from lessons.toolkit.config import RunConfig, setting


    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Config(RunConfig):
        rate: float = setting(0.5, "step size", above=0)
        hidden: tuple[int, ...] = setting((8, 4), "units per layer", minimum=1)
        fails_at: int = setting(-1, "seed at which the run fails")
        dies_at: int = setting(-1, "seed at which the process dies")
        seconds: float = setting(0.0, "time to take", minimum=0)


    PRESETS = {
        "smoke": Config(preset="smoke"),
        "laptop": Config(preset="laptop", epochs=2),
        "paper": Config(preset="paper", epochs=100, hidden=(500, 500)),
    }
"""

PAPER = """
    from lessons.toolkit.headlines import Effect, Headline, group

    HEADLINES = (
        *group("Noise (nats)", Headline("toy", "noise", "0.5", "a | b")),
        Headline("parameters", "parameters", digits=0),
        Headline("parameters, paper", "parameters", preset="paper", digits=0),
    )
    EFFECT = Effect("0.5", "{noise} nats, {noise@paper} in full", "partly", "by half")
"""

EXPERIMENT = """
    import dataclasses
    import json
    import os
    import random
    import time


    @dataclasses.dataclass
    class Report:
        config: object
        metrics: dict
        seconds: float
        environment: dict

        def save(self, directory, overwrite=False):
            directory.mkdir(parents=True, exist_ok=overwrite)
            (directory / "metrics.json").write_text(json.dumps(self.metrics))


    def run(config):
        random.seed(config.seed)
        first = random.random()
        if config.seconds:
            open(f"{__file__}.started", "w").close()
            time.sleep(config.seconds)
        if config.seed == config.fails_at:
            raise RuntimeError("the toy broke\\nas it was told to")
        if config.seed == config.dies_at:
            os._exit(9)
        if config.rate > 1e6:
            raise FloatingPointError("toy: the loss is nan after 1 epochs.")
        noise = first + random.random() * config.rate
        metrics = {"noise": noise, "parameters": 1896496.0}
        environment = {"threads": os.environ.get("TF_NUM_INTRAOP_THREADS", "")}
        return Report(config, metrics, 0.25, environment)
"""


class Toy(catalog.Lesson):
    """A lesson that lives outside the package."""

    root = None

    @property
    def package(self):
        return "toy_lesson"

    @property
    def folder(self):
        return self.root / "toy_lesson"


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """The toy lesson, in the catalog as "toy"; its worker processes find it too.

    Beside it stands "not_yet", which nobody has written.
    """
    root = tmp_path / "site"
    folder = root / "toy_lesson"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    texts = {"config": CONFIG, "paper": PAPER, "experiment": EXPERIMENT}
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text))
    for name in [name for name in sys.modules if name.startswith("toy_lesson")]:
        del sys.modules[name]
    monkeypatch.syspath_prepend(root)
    monkeypatch.setenv("PYTHONPATH", str(root), prepend=":")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    importlib.invalidate_caches()
    lesson = Toy("autoencoders", "toy", "A toy", "Nobody 1900", ("vae",))
    monkeypatch.setattr(Toy, "root", root)
    planned = catalog.Lesson("vision", "not_yet", "A planned lesson", "Nobody 1900")
    added = {"toy": lesson, "not_yet": planned}
    monkeypatch.setattr(catalog, "LESSONS", (*catalog.LESSONS, *added.values()))
    monkeypatch.setattr(catalog, "_BY_SLUG", catalog._BY_SLUG | added)
    monkeypatch.chdir(tmp_path)
    return lesson
