"""Runs: presets, metrics, evaluation by another route."""

import numpy as np
import pytest
from scipy import stats

from lessons.autoencoders.vae import (
    config,
    evaluation,
    experiment,
    figures_codes,
    theory_linear,
)
from lessons.autoencoders.vae.model import DenseVAE
from lessons.toolkit import data, results, runtime
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]


def test_a_run_reports_its_variant_and_both_baselines():
    # Convolutions, another source, another precision, and a last batch of 8.
    changes = {"source": "glyphs", "precision": "mixed_bfloat16", "batch_size": 64}
    report = experiment.run(config.PRESETS["smoke_conv"].replace(epochs=2, **changes))
    names = {name.partition("/")[0] for name in report.metrics}
    assert names == {"plain_rmsprop", "mean_image", "ppca", "parameters"}
    losses = report.history["plain_rmsprop/loss"]
    assert len(losses) == 2 and losses[-1] < losses[0]
    assert set(report.figures) == {"cost", "reconstructions", "samples", "path"}


def test_evaluation_of_a_linear_model_is_the_closed_form():
    # Weights set to the best linear VAE: its bound is tight, so ELBO = log p.
    images = data.load_for(config.PRESETS["laptop"]).test_images
    pixels = images.reshape(len(images), -1).astype(np.float64)
    linear = theory_linear.fit_linear(pixels, 0.1, 3)
    model = DenseVAE(
        (8, 8, 1), 3, (), (), variance=0.1, batch_norm=False, output="linear"
    )
    _, scale = linear.best_diagonal(pixels[:1])
    _, covariance = linear.posterior(pixels[:1])
    recognise = linear.weights @ covariance / 0.1
    model.encoder.get_layer("mean").set_weights([recognise, -linear.bias @ recognise])
    raw = np.log(np.expm1(scale))  # softplus backwards
    model.encoder.get_layer("scale").set_weights([np.zeros((64, 3)), raw])
    model.decoder.get_layer("output").set_weights([linear.weights.T, linear.bias])
    scores = evaluation.evaluate(model, images, 400)
    exact = linear.log_marginal(pixels)
    assert scores["elbo"] == pytest.approx(exact.mean(), abs=0.1)
    assert scores["iwae"] == pytest.approx(exact.mean(), abs=0.01)
    assert scores["active_units"] == 3


def test_baselines_are_densities_by_scipy():
    random = np.random.default_rng(0)
    train, test = random.random((50, 2, 2, 1)), random.random((20, 2, 2, 1))
    flat, held = train.reshape(50, 4), test.reshape(20, 4)
    scores = evaluation.baselines(train, test, 0.01, 4)
    constant = 2 * np.log(2 * np.pi * 0.01)
    mean = stats.norm(flat.mean(axis=0), 0.1).logpdf(held).sum(axis=1).mean()
    assert scores["mean_image/test_cost"] == pytest.approx(-mean - constant)
    # All four directions vary more than v: the model is the empirical Gaussian.
    density = stats.multivariate_normal(flat.mean(axis=0), np.cov(flat.T, bias=True))
    expected = -density.logpdf(held).mean() - constant
    assert scores["ppca/test_cost"] == pytest.approx(expected)


def test_recorded_sweeps_cover_the_rates_and_first_weights_of_the_notebook():
    for rate in (1e-4, 3e-4, 1e-3, 3e-3, 1e-2):
        assert len(results.recorded("vae", learning_rate=rate)) >= 2
    for weights in (0.05, 0.1, 0.15, 0.2, 0.3):
        assert len(results.recorded("vae", weight_range=weights)) >= 2


def test_the_effects_hold_in_every_recorded_run():
    runs = results.recorded("vae")
    assert len(runs) >= 8
    assert np.all(runs["bn_rmsprop", "test_cost"] < runs["ppca", "test_cost"])
    assert np.all(runs["plain_sgd", "test_cost"] > 45)
    # The collapse is one of small first weights: twice as large, and SGD trains.
    wider = results.recorded("vae", weight_range=0.2)
    assert np.all(wider["plain_sgd", "test_cost"] < 35)


def test_a_walk_through_the_code_plane_turns():
    model = DenseVAE((4, 4, 1), 2, (6,), (6,), seed=0)
    images = np.random.default_rng(0).random((10, 4, 4, 1), dtype=np.float32)
    made = figures_codes.code_plane(model, images, np.arange(10), num_steps=2)
    assert made.labels == ("0°", "180°")
    assert made.frames[0] != made.frames[1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"variants": ()}, "variants"),
        ({"num_train": 5000}, "1796"),
        ({"family": "conv"}, "encoder_units"),
        ({"device": "gpu"}, "no GPU"),
        ({"source": "mnist", "data_path": "/nowhere/mnist.npz"}, "mnist.npz"),
    ],
)
def test_impossible_settings_are_refused_before_training(changes, words):
    if changes.get("device") == "gpu" and runtime.gpus():
        changes = {"strategy": "mirrored", "batch_size": 7}
        words = "multiple"
    with pytest.raises(UserError, match=words):
        experiment.run(SMOKE.replace(**changes))
