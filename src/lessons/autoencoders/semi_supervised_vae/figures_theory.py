"""Figures of the theory and of recorded runs, for the notebook."""

import numpy as np

from lessons.autoencoders.semi_supervised_vae import theory
from lessons.autoencoders.semi_supervised_vae.variants import VARIANTS
from lessons.toolkit import figures
from lessons.toolkit.figures import BLACK, BLUE, COLORS, GREEN, ORANGE, Figure


def toy_costs(toy, x):
    """U and the clamped cost of the toy as the classifier moves to its answer.

    Args:
        toy: a `theory_toy.LabelledGaussian` of three classes.
        x: one example, shape (pixels,).
    """
    x = np.atleast_2d(x)
    bounds = -toy.log_joint(x)
    confidence = np.linspace(1e-4, 1 - 1e-4, 400)
    probs = np.stack([confidence, 1 - confidence, np.full(400, 1e-12)], axis=1)
    unlabelled = theory.unlabelled_bound(np.repeat(bounds, 400, 0), np.log(probs))
    clamped = toy.clamped_cost(np.repeat(x, 400, axis=0), probs)
    missing = theory.missing_term(np.full(400, -1), np.log(probs))
    truth, best = -toy.log_evidence(x)[0], toy.posterior(x)[0, 0]
    figure, axis = figures.new(size=(7.0, 3.8))
    axis.plot(confidence, unlabelled, color=BLUE, label="U: labels summed outside")
    axis.plot(confidence, clamped, color=ORANGE, label="clamped cost")
    axis.plot(
        confidence,
        clamped + np.asarray(missing),
        "--",
        color=ORANGE,
        label="clamped cost + KL of the class",
    )
    axis.axhline(truth, color=BLACK, linewidth=1, linestyle=":")
    axis.annotate("−log p(x)", (0.01, truth), (0, 4), textcoords="offset points")
    axis.axvline(best, color=GREEN, linewidth=1, linestyle=":")
    axis.annotate("p(y=1|x)", (best, 6.6), (-52, 0), textcoords="offset points")
    axis.set_xlabel("probability that the classifier gives to class 1 (rest: class 2)")
    axis.set_ylabel("cost (nats)")
    axis.set_ylim(2.2, 7)
    axis.legend(loc="upper center", fontsize=9)
    return Figure(
        figure,
        "Cost against the classifier's probability of class 1. The bound U touches the "
        "dotted line of minus log p(x) at the posterior; the clamped cost runs below "
        "that line for most classifiers, and still does so near one half when the KL "
        "of the class is added.",
        "A bound may not go below the dotted line. The clamped cost does, and its "
        "cheapest classifier is an undecided one.",
    )


def estimator(values, probs, num_draws=4000, seed=0):
    """Gradients from single labels against the enumerated one."""
    rng = np.random.default_rng(seed)
    exact = np.asarray(theory.enumerated_gradient(values, probs))
    counts = np.unique(np.logspace(0, np.log10(num_draws), 40).astype(int))
    figure, axis = figures.new(size=(6.4, 3.4))
    for _ in range(20):
        labels = rng.choice(len(probs), num_draws, p=probs)
        samples = np.asarray(theory.score_function_gradient(values, probs, labels))
        running = np.cumsum(samples, axis=0) / np.arange(1, num_draws + 1)[:, None]
        error = np.linalg.norm(running - exact, axis=1)[counts - 1]
        axis.loglog(counts, error, color=ORANGE, alpha=0.35, linewidth=1)
    variance = probs @ np.sum((_each(values, probs) - exact) ** 2, axis=1)
    axis.loglog(counts, np.sqrt(variance / counts), color=BLACK, label="√(1.17 / n)")
    axis.axvline(len(probs), color=BLUE, label="enumeration: exact after K = 3")
    axis.set_xlabel("labels drawn, n")
    axis.set_ylabel("distance from the exact gradient")
    axis.set_ylim(1e-3, 4)
    axis.legend(fontsize=9, loc="lower left", bbox_to_anchor=(0.18, 0))
    return Figure(
        figure,
        "Twenty error curves of a gradient estimated from drawn labels, falling like "
        "one over the root of the number of draws, beside a vertical line at three "
        "evaluations, where enumeration has no error.",
        "Drawing labels costs thousands of evaluations for two digits; enumerating "
        "costs K and is exact.",
    )


def _each(values, probs):
    labels = np.arange(len(probs))
    return np.asarray(theory.score_function_gradient(values, probs, labels))


def label_counts(runs, variants=("supervised", "m1", "clamped", "m2")):
    """Test accuracy against the number of labels, a dot per split.

    Args:
        runs: `results.Runs` by labels per class.
        variants: names of those to show.
    """
    figure, axis = figures.new(size=(7.0, 3.8))
    counts = sorted(runs)
    for index, name in enumerate(variants):
        color, label = COLORS[VARIANTS[name].color], VARIANTS[name].label
        shift = 1.04 ** (index - (len(variants) - 1) / 2)
        values = [100 * runs[count][name, "accuracy"] for count in counts]
        places = np.array(counts) * 10 * shift
        axis.plot(places, [np.mean(v) for v in values], color=color, label=label)
        for place, dots in zip(places, values, strict=True):
            axis.plot(np.full(len(dots), place), dots, "o", color=color, ms=4)
    axis.set_xscale("log")
    axis.set_xticks([10 * c for c in counts], [str(10 * c) for c in counts])
    axis.minorticks_off()
    axis.set_xlabel("labelled images, of 1297")
    axis.set_ylabel("test images classified right (%)")
    axis.legend(fontsize=9)
    return Figure(
        figure,
        "Test accuracy against the number of labels, 10, 30 and 100, for four methods "
        "with a dot for each split. M2 is above the three others; all come closer as "
        "labels are added.",
        "What M2 gains over its own classifier is what it learned from images without "
        "labels.",
    )
