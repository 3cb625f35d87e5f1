"""How well tests and models find the SNPs that move a trait."""

import warnings

import numpy as np
from scipy import stats

from lessons.control.implicit_causal_model import association, data, genetics
from lessons.control.implicit_causal_model.interventions import effects
from lessons.control.implicit_causal_model.variants import VARIANTS

LOOK_AT = (0.25, 0.5, 0.75)  # x at which toys are judged
DRAWS = 8000
KNOB = ("uncorrected", "pca", "gcat")


def p_values(variant, study, config):
    """p-values of a test that is no model, shape (SNPs,).

    Args:
        variant: a `Variant` of kind "linear", "mixed" or "gcat".
        study: a `data.Study`.
        config: a `Config`.
    """
    x, y = study.genotypes, study.trait
    count = data.latent_dim(config, study.setting)
    if variant.kind == "mixed":
        return association.mixed_tests(x, y).p
    if variant.kind == "gcat":
        factors, _ = association.logistic_factors(x, count + 1)
        return association.gcat_tests(x, y, factors).p
    covariates = None
    if variant.adjust == "components":
        covariates = association.principal_components(x, count)
    elif variant.adjust == "random":
        rng = np.random.default_rng((config.seed, 41))
        covariates = rng.standard_normal((len(y), count))
    elif variant.adjust == "truth":
        groups = np.eye(data.NUM_GROUPS)[study.groups]
        covariates = np.column_stack([study.structure, groups])
    return association.linear_tests(x, y, covariates).p


def residuals(z, y, folds, seed):
    """The trait minus what a small network, fitted on others, says of it from z.

    Args:
        z: latents, shape (people, K).
        y: trait, shape (people,).
        folds: parts; each is predicted by a network that saw the others.
        seed: of parts and networks.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.model_selection import KFold
    from sklearn.neural_network import MLPRegressor

    z = (z - z.mean(axis=0)) / np.maximum(z.std(axis=0), 1e-9)
    rest = np.empty(len(y))
    parts = KFold(folds, shuffle=True, random_state=seed % 2**32)
    for fit, held in parts.split(z):
        network = MLPRegressor(
            hidden_layer_sizes=(16,),
            solver="lbfgs",
            alpha=1.0,
            max_iter=150,
            random_state=seed % 2**32,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            network.fit(z[fit], y[fit])
        rest[held] = y[held] - network.predict(z[held])
    return rest


def judge(p, study, config):
    """Numbers of a test.

    Args:
        p: p-values, shape (SNPs,).
        study: a `data.Study`.
        config: a `Config`; gives the threshold.

    Returns:
        Numbers by name: `inflation` and `rejected`, λ_GC and the part of p below 0.05
        over SNPs without effect; `ks`, their greatest distance from uniform;
        `selected`; and, where the truth is known, `true` ones among them, `precision`
        and `top_ten`, causal SNPs among the ten smallest p.
    """
    null, chosen = p[~study.causal], p < config.threshold
    numbers = {
        "inflation": genetics.genomic_inflation(null),
        "rejected": np.mean(null < 0.05),
        "ks": stats.kstest(null, "uniform").statistic,
        "selected": chosen.sum(),
    }
    if study.causal.any():
        numbers |= {
            "true": np.sum(chosen & study.causal),
            "precision": genetics.precision(chosen, study.causal),
            "top_ten": study.causal[np.argsort(p, kind="stable")[:10]].sum(),
        }
    return {name: float(value) for name, value in numbers.items()}


def over_shares(config, setting, shares, model):
    """Tests of the same people and SNPs while the confounder's share grows.

    Args:
        config: a `Config`.
        setting: one of `simulators.SETTINGS`.
        shares: of the confounder; the SNPs keep theirs, the noise has the rest.
        model: a `SnpModel` of these people, of the variant "lfa".

    Returns:
        (frames, inflation) for `figures.shares_knob`.
    """
    frames, inflation, frequencies = [], {}, model.frequencies()
    own = config.shares[0]
    for share in shares:
        study = data.load(config.replace(shares=(own, share, 1 - own - share)), setting)
        found = {n: p_values(VARIANTS[n], study, config) for n in KNOB}
        rest = residuals(model.z_mean.numpy(), study.trait, config.folds, config.seed)
        x = study.genotypes
        found["lfa"] = association.score_tests(x, frequencies, rest).p
        numbers = {name: judge(p, study, config) for name, p in found.items()}
        counts = {
            name: (int(n["true"]), int(n["selected"] - n["true"]))
            for name, n in numbers.items()
        }
        null = {name: p[~study.causal] for name, p in found.items()}
        frames.append((share, null, counts))
        inflation[share] = {name: n["inflation"] for name, n in numbers.items()}
    return frames, inflation


def explained(z, structure):
    """Part of the structure's variance that a linear map of z gives (R²)."""
    q = association.basis(len(z), z)
    rest = structure - structure.mean(axis=0)
    return float(1 - np.sum((rest - q @ (q.T @ rest)) ** 2) / np.sum(rest**2))


def distance(frequencies, study):
    """Root mean squared error of allele frequencies."""
    return float(np.sqrt(np.mean((frequencies - study.frequencies) ** 2)))


def evaluate(model, study, config):
    """Numbers of a model of SNPs, and those of `judge` for its test of the trait.

    The test: a small network predicts the trait from z, fitted on other people; its
    residuals are held against those of each SNP (`association.score_tests`).

    Args:
        model: a `SnpModel`.
        study: a `data.Study`.
        config: a `Config`.

    Returns:
        Numbers by name; `r2`, `rmse` of frequencies (where the truth is known) and
        `sd_z`, the mean deviation of q(z).
    """
    z, frequencies = model.z_mean.numpy(), model.frequencies()
    rest = residuals(z, study.trait, config.folds, config.seed)
    tested = association.score_tests(study.genotypes, frequencies, rest)
    numbers = judge(tested.p, study, config)
    numbers["sd_z"] = float(np.exp(model.z_log_sd.numpy()).mean())
    if study.structure is not None:
        numbers["r2"] = explained(z, study.structure)
        numbers["rmse"] = distance(frequencies, study)
    return numbers


def evaluate_trait(model, features, study, seed):
    """Numbers of a network from SNPs and z to the trait.

    Args:
        model: a `TraitModel`.
        features: shape (people, SNPs + K).
        study: a `data.Study`.
        seed: of the people and of the noise that effects are averaged over.

    Returns:
        Numbers by name: `top_ten` and `top_norm`, causal SNPs among the ten of
        greatest effect and of greatest weights; `zeroed`, part of the SNPs whose
        weights have a norm below 0.001; `largest`, the greatest effect in deviations
        of the trait; `fit`, correlation of the prediction with the trait.
    """
    centre = study.genotypes.mean(axis=0)
    found = effects(model, features, study.causal.size, seed, centre=centre)
    found = np.abs(found)
    kernel = model.network.trainable_weights[0].numpy()[: study.causal.size]
    norms = np.linalg.norm(kernel, axis=1)
    told = np.mean([np.asarray(model(features))[:, 0] for _ in range(10)], axis=0)
    numbers = {
        "top_ten": study.causal[np.argsort(-found, kind="stable")[:10]].sum(),
        "top_norm": study.causal[np.argsort(-norms, kind="stable")[:10]].sum(),
        "zeroed": np.mean(norms < 1e-3),
        "largest": found.max(),
        "fit": np.corrcoef(told, study.trait)[0, 1] if told.std() > 1e-9 else 0.0,
    }
    return {name: float(value) for name, value in numbers.items()}


def evaluate_toy(model, toy, seed):
    """Numbers of a model of y given x.

    Args:
        model: a `TraitModel` of one feature.
        toy: name of the toy.
        seed: of the draws from the truth.

    Returns:
        Numbers by name: `var_X`, variance at x = X; `error`, the greatest relative
        error of these; `ks`, the greatest distance between the distribution functions
        of model and truth at one of the X; `gap`, part of the draws with |y| below
        half of the lower mode at X = 0.5.
    """
    rng, numbers, errors, distances = np.random.default_rng((seed, 51)), {}, [], []
    for x in LOOK_AT:
        drawn = np.asarray(model(np.full((DRAWS, 1), x, np.float32)))[:, 0]
        truth = data.toy_given(toy, np.full(DRAWS, x), rng)
        numbers[f"var_{x:g}"] = drawn.var()
        errors.append(abs(drawn.var() / data.toy_variance(toy, x) - 1))
        distances.append(stats.ks_2samp(drawn, truth).statistic)
        if x == 0.5:
            numbers["gap"] = np.mean(np.abs(drawn) < 0.5)
    numbers |= {"error": max(errors), "ks": max(distances)}
    return {name: float(value) for name, value in numbers.items()}


def yardsticks(study, config):
    """Errors of allele frequencies without a model, by variant.

    Args:
        study: a `data.Study` whose truth is known.
        config: a `Config`.

    Returns:
        `{variant: {"rmse": ..., "r2": ...}}`: "uncorrected", each SNP's mean; "pca",
        the fit of its components; "oracle", least squares on the true structure; and
        of "gcat" the part of the SNPs that its factors were made from, `kept`.
    """
    x = study.genotypes.astype(np.float64)
    parts = association.principal_components(x, data.latent_dim(config, study.setting))
    found = {"uncorrected": {"rmse": distance(x.mean(axis=0) / 2, study)}}
    for name, covariates in (("pca", parts), ("oracle", study.structure)):
        q = association.basis(len(x), covariates)
        fitted = np.clip(q @ (q.T @ x) / 2, 0, 1)
        found[name] = {"rmse": distance(fitted, study)}
    found["pca"]["r2"] = explained(parts, study.structure)
    _, kept = association.logistic_factors(x, parts.shape[1] + 1)
    found["gcat"] = {"kept": float(kept.mean())}
    return found
