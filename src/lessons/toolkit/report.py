"""What a run of a lesson gives back, and how it is written to disk."""

import csv
import dataclasses
import json
from pathlib import Path

import keras

from lessons.toolkit import files, results, runtime
from lessons.toolkit.config import RunConfig
from lessons.toolkit.figures import Figure


@dataclasses.dataclass
class Report:
    """The outcome of `experiment.run(config)`.

    Metrics are called VARIANT/METRIC, with a group in front where a lesson has several
    experiments: GROUP/VARIANT/METRIC. Numbers of the whole run have one word.

    Attributes:
        slug: the lesson.
        config: the configuration that was run.
        metrics: final numbers by name; flat, floats only.
        history: one value per epoch, by name.
        figures: pictures by name.
        environment: versions and hardware (`runtime.environment`).
        seconds: wall-clock time of the run.
        models: trained models by file name, without the ending; the main one is
            called "model".
    """

    slug: str
    config: RunConfig
    metrics: dict[str, float] = dataclasses.field(default_factory=dict)
    history: dict[str, list[float]] = dataclasses.field(default_factory=dict)
    figures: dict[str, Figure] = dataclasses.field(default_factory=dict)
    environment: dict = dataclasses.field(default_factory=dict)
    seconds: float = 0.0
    models: dict[str, keras.Model] = dataclasses.field(default_factory=dict)

    def add(self, name, trained, scores):
        """Take in one trained model: its scores, its history and the model itself.

        Args:
            name: VARIANT or GROUP/VARIANT, which goes in front of the names of its
                metrics and of its history; its model's file is called the same, with
                an underscore for the stroke.
            trained: a `lessons.toolkit.experiment.Trained`.
            scores: numbers by name, as `evaluation.evaluate` gives them.
        """
        scores = {**scores, "seconds_per_epoch": trained.seconds}
        self.metrics |= {f"{name}/{key}": float(v) for key, v in scores.items()}
        self.history |= {f"{name}/{key}": v for key, v in trained.history.items()}
        self.models[name.replace("/", "_")] = trained.model

    def main(self, name):
        """Make one of the models the main one, which is saved as model.keras.

        The metric `parameters` is the number of its trained parameters, unless the
        lesson has given another before.

        Args:
            name: as in `add`.
        """
        model = self.models.pop(name.replace("/", "_"))
        self.models = {"model": model, **self.models}
        self.metrics.setdefault("parameters", float(runtime.num_parameters(model)))

    def to_dict(self):
        """The numbers of the report as plain values, for JSON."""
        return {
            "slug": self.slug,
            "preset": self.config.preset,
            "seed": self.config.seed,
            "config": self.config.to_dict(),
            "metrics": self.metrics,
            "seconds": round(self.seconds, 3),
            "commit": results.commit(),
            "environment": self.environment,
        }

    def save(self, directory, overwrite=False):
        """Write metrics.json, history.csv, figures/ and the models, or nothing.

        Everything is written to a sibling folder first and put in place by one
        rename, so an interrupted run leaves no half-written report.

        Args:
            directory: the folder to make.
            overwrite: whether an earlier report may be replaced.

        Returns:
            The folder as a `Path`.

        Raises:
            UserError: the folder holds files or cannot be written.
        """
        files.check_folder(directory, overwrite=overwrite, marker="metrics.json")
        with files.new_folder(directory) as partial:
            self._write(partial)
        return Path(directory)

    def _write(self, folder):
        text = json.dumps(self.to_dict(), indent=2)
        (folder / "metrics.json").write_text(text + "\n", encoding="utf-8")
        with open(folder / "history.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["epoch", *self.history])
            for epoch, row in enumerate(_rows(self.history), start=1):
                writer.writerow([epoch, *row])
        if self.figures:
            (folder / "figures").mkdir()
            texts = {}
            for name, figure in self.figures.items():
                figure.save(folder / "figures" / f"{name}.png")
                texts[name] = {"alt": figure.alt, "caption": figure.caption}
            text = json.dumps(texts, indent=2, ensure_ascii=False)
            path = folder / "figures" / "figures.json"
            path.write_text(text + "\n", encoding="utf-8")
        for name, model in self.models.items():
            model.save(folder / f"{name}.keras")


def _rows(history):
    """The columns of a history as rows; shorter columns end in blanks."""
    length = max(map(len, history.values()), default=0)
    for index in range(length):
        yield [v[index] if index < len(v) else "" for v in history.values()]
