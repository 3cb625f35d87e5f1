"""Runs: presets, metrics, evaluation by another route, the effect on record."""

import re

import numpy as np
import pytest
from scipy import stats

from lessons.autoencoders.semi_supervised_vae import (
    config,
    data,
    evaluation,
    experiment,
    theory,
    theory_toy,
)
from lessons.autoencoders.semi_supervised_vae.variants import BASELINES, VARIANTS
from lessons.toolkit import quality, results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Trained
from lessons.toolkit.report import Report

SMOKE = config.PRESETS["smoke"]
NOTEBOOK = "notebooks/autoencoders/semi_supervised_vae.py"
LABELLED = ("clamped", "with_class_kl", "marginal", "m2", "m1_m2")


@pytest.fixture(scope="module")
def report():
    """A report of models that are not trained: its numbers obey the same rules."""
    task = data.load(SMOKE)
    judge = quality.Judge(task.split, seed=0)
    found = Report(slug="semi_supervised_vae", config=SMOKE)
    found.metrics |= evaluation.baselines(task)
    for name, variant in VARIANTS.items():
        m1 = found.models.get("m1")
        model = experiment.compiled(SMOKE, variant, *task.rows(2), m1=m1)
        scores = evaluation.evaluate(model, task, SMOKE, judge)
        found.add(name, Trained(model, {}, 0.0), scores)
    return found


def test_figures_are_of_every_variant_and_baseline(report):
    figures = experiment.figures.all_of(report, data.load(SMOKE))
    assert set(figures) == {
        *("accuracies", "cost_parts", "class_grid", "analogies", "classifier_maps")
    }
    for variant in (*VARIANTS.values(), *BASELINES.values()):
        assert variant.label in figures["accuracies"].alt
    few = Report("semi_supervised_vae", SMOKE, {"m1/accuracy": 0.5})
    assert set(experiment.figures.all_of(few, None)) == {"accuracies"}


def test_bound_is_the_sum_of_its_parts_and_costs_are_as_documented(report):
    m = report.metrics
    for name in LABELLED:
        parts = [m[f"{name}/{part}"] for part in ("nll", "kl_z", "kl_y")]
        assert m[f"{name}/bound"] == pytest.approx(sum(parts))
    clamped = m["clamped/soft_nll"] + m["clamped/kl_z"]
    assert m["clamped/cost"] == pytest.approx(clamped)
    repaired = [m[f"with_class_kl/{part}"] for part in ("soft_nll", "kl_z", "kl_y")]
    assert m["with_class_kl/cost"] == pytest.approx(sum(repaired))
    for name in ("marginal", "m2", "m1_m2"):
        assert m[f"{name}/cost"] == m[f"{name}/bound"]


def test_the_best_classifier_gives_the_least_bound(report):
    model, task = report.models["m2"], data.load(SMOKE)
    found = evaluation.bounds(model, task, 2, SMOKE.seed)
    nll, kl, _ = evaluation.draws(model, task.test_x, 2, SMOKE.seed)
    costs = (nll + kl).mean(axis=0) + np.log(10)  # L(x, y)
    best = float(np.mean(theory.best_unlabelled_bound(costs)))
    assert found["best_bound"] == pytest.approx(best, abs=1e-6)
    assert found["best_bound"] < found["bound"] - 1e-3


def test_the_bound_lies_above_the_estimate_of_minus_log_p(report):
    for name in LABELLED:
        bound = report.metrics[f"{name}/bound"]
        assert bound > -report.metrics[f"{name}/log_px"]


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "glyphs", "likelihood": "bernoulli", "weight_prior": True},
        {"style": "source", "batch_norm": True, "precision": "mixed_bfloat16"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_other_settings_run(changes):
    variants = ("marginal",) if "style" in changes else ("m1", "m1_m2")
    changes |= {"labels_per_class": 1, "epochs": 1, "variants": variants}
    report = experiment.run(SMOKE.replace(**changes))
    assert all(np.isfinite(value) for value in report.metrics.values())


def test_a_run_with_a_batch_of_one_has_a_labelled_image_in_each_of_the_classifiers():
    task = data.load(SMOKE.replace(num_train=40, labels_per_class=1))
    small = SMOKE.replace(batch_size=1, epochs=1)
    trained = experiment.train(small, VARIANTS["supervised"], task)
    assert trained.model.optimizer.iterations == 2 * 10  # each labelled image twice


class LinearModel:
    """p(x|y, z) = N(V_y + W z, v I) with the best diagonal posteriors."""

    num_classes = 3
    toy = theory_toy.SHEET

    def posterior(self, x):
        each = [self.toy.decoder_of(y).best_diagonal(x.numpy()) for y in np.eye(3)]
        means = np.stack([mean for mean, _ in each], axis=1)
        scales = np.broadcast_to(each[0][1], means.shape)  # the same in each class
        return means.astype("f4"), scales.astype("f4")

    def log_likelihood(self, x, codes):
        decoded = self.toy.class_means + codes.numpy() @ self.toy.weights.T
        density = stats.norm(decoded, self.toy.variance**0.5)
        return density.logpdf(x.numpy()[:, None]).sum(axis=-1).astype("f4")


def test_draws_of_a_linear_model_average_to_its_closed_forms(monkeypatch):
    monkeypatch.setattr(evaluation.tf, "function", lambda f: f)
    one = theory_toy.SHEET_X[None]
    x = np.repeat(one, 2000, axis=0).astype("f4")
    nll, kl, log_weights = evaluation.draws(LinearModel(), x, 2)
    costs = (nll + kl + np.log(3)).mean(axis=(0, 1))
    exact = theory_toy.SHEET.diagonal_bounds(one)[0]
    assert np.all(np.abs(costs - exact) < 4 * nll.std(axis=(0, 1)) / 4000**0.5)
    evidence = np.log(np.mean(np.exp(log_weights).sum(axis=2)))
    assert evidence == pytest.approx(theory_toy.SHEET.log_evidence(one)[0], abs=0.02)


def test_drawn_images_are_asked_for_every_class_alike(report):
    x, labels = evaluation.draw_classes(report.models["m2"], 4, seed=1)
    assert x.shape == (40, 64)
    np.testing.assert_array_equal(np.bincount(labels), np.full(10, 4))
    again, _ = evaluation.draw_classes(report.models["m2"], 4, seed=1)
    np.testing.assert_array_equal(x, again)


def test_the_recorded_effect_is_the_one_the_lesson_claims():
    runs = results.recorded("semi_supervised_vae")
    assert len(runs) >= 8
    mean = {name: runs[name, "accuracy"].mean() for name in VARIANTS}
    assert mean["m2"] - mean["supervised"] >= 0.03
    assert mean["m2"] - mean["clamped"] >= 0.02
    assert np.all(runs["clamped", "cost"] < runs["m2", "cost"] - 1.5)
    assert np.all(runs["clamped", "bound"] > runs["m2", "bound"])
    for name in ("clamped", "m2"):
        assert np.all(runs[name, "agreement"] > 0.8)


def test_what_the_notebook_suggests_can_be_run():
    text = (results.checkout() / NOTEBOOK).read_text(encoding="utf-8")
    text = text.replace("\n#", "")
    commands = re.findall(r"`lessons (?:run|sweep) semi_supervised_vae ([^`]*)`", text)
    commands += re.findall(r"`(--set [^`]*)`", text)
    assert len(commands) >= 6
    for command in commands:
        preset = re.search(r"--preset (\w+)", command)
        found = config.PRESETS[preset[1] if preset else "laptop"]
        found = found.override(re.findall(r"--set (\S+)", command))
        experiment.check_order(found.variants)
        first = None
        for name in found.variants:
            model = experiment.build_model(found, VARIANTS[name], 64, m1=first)
            first = model if name == "m1" else first
            assert runtime.num_parameters(model) > 0


def test_recorded_sweep_covers_the_label_counts_of_the_notebook():
    for count in (1, 3, 10):
        runs = results.recorded("semi_supervised_vae", labels_per_class=count)
        assert len(runs) >= 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"variants": ()}, "variants must name"),
        ({"variants": ("m1_m2", "m1")}, "m1 before m1_m2"),
        ({"weight_prior": True, "num_train": None}, "got num_train=none"),
        ({"labels_per_class": 50}, "labels_per_class=50 is too many"),
        ({"num_train": 1780}, "test_size"),
        ({"source": "mnist", "data_path": "/nowhere/mnist.npz"}, "mnist.npz"),
    ],
)
def test_impossible_settings_are_refused_before_training(changes, words):
    with pytest.raises(UserError, match=words):
        experiment.run(SMOKE.replace(**changes))
