"""Look for SNPs that move a trait, in every way, and compare: `run(config)`."""

import keras
import numpy as np

from lessons.control.implicit_causal_model import association, data, evaluation, figures
from lessons.control.implicit_causal_model.model import SnpModel
from lessons.control.implicit_causal_model.model_trait import TraitModel
from lessons.control.implicit_causal_model.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running


def build_model(config, variant, num_people, num_snps, latent_dim):
    """The model of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant` of kind "snp", "trait" or "toy".
        num_people, num_snps: sizes of the study.
        latent_dim: coordinates of z.
    """
    if variant.kind == "snp":
        return SnpModel(
            num_people,
            num_snps,
            latent_dim=latent_dim,
            units=config.snp_units if variant.neural else (),
            skip=config.skip or not variant.neural,
            batch_norm=config.batch_norm,
            snps_per_step=config.snps_per_step,
            seed=config.seed,
        )
    toy = variant.kind == "toy"
    # The data term of an implicit law is a log-ratio, of smaller size.
    lasso = config.lasso_implicit if variant.law == "implicit" else config.lasso
    return TraitModel(
        1 if toy else num_snps + latent_dim,
        num_snps=0 if toy else num_snps,
        num_people=num_people,
        law=variant.law,
        units=config.toy_units if toy else config.trait_units,
        noise_dim=config.noise_dim,
        lasso=0.0 if toy else lasso,
        ratio_units=config.toy_units if toy else config.trait_units,
        ratio_steps=config.ratio_steps,
        batch_norm=config.batch_norm and not toy,
        activation="tanh" if toy else "relu",
        seed=config.seed,
    )


def compiled(config, variant, sizes, steps=1, **options):
    """The model of a variant, ready for `fit`; options go to `compile`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        sizes: people, SNPs, coordinates of z.
        steps: of the training; the rate falls to 0 over them.
        **options: for `compile`.
    """
    runtime.seed_everything(config.seed)
    model = build_model(config, variant, *sizes)
    rates = config.learning_rate, config.trait_rate, config.toy_rate
    rate = dict(zip(("snp", "trait", "toy"), rates, strict=True))[variant.kind]
    if variant.law != "implicit":
        model.compile(_adam(rate, steps), **options)
        return model
    turns = steps * config.ratio_steps
    optimizers = _adam(rate, steps, 0.5), _adam(rate, turns, 0.5)
    model.compile(*optimizers, **options)
    return model


def _adam(rate, steps, memory=0.9):
    falling = keras.optimizers.schedules.CosineDecay(rate, max(steps, 2))
    return keras.optimizers.Adam(falling, beta_1=memory)


def train_snps(config, variant, study):
    """Fit a model of SNPs; the trait is not looked at. Returns a `Trained`.

    Its history holds `r2_start`, what z tells of the structure before training.

    Args:
        config: a `Config`.
        variant: a `Variant` of kind "snp".
        study: a `data.Study`.
    """
    x = study.genotypes
    if variant.permuted:
        rng = np.random.default_rng((config.seed, 71))
        x = rng.permuted(x, axis=0)
    steps = config.epochs * -(-len(x) // config.batch_size)
    model = first(config, variant, study, x, steps)
    ids = np.arange(len(x), dtype=np.int32)[:, None]
    return fit(model, [ids, x], config, description=variant.label)


def first(config, variant, study, x=None, steps=1):
    """A model of SNPs as it starts: frequencies at the means, z as the variant says.

    Args:
        config: a `Config`.
        variant: a `Variant` of kind "snp".
        study: a `data.Study`.
        x: genotypes in the place of the study's, shape (people, SNPs).
        steps: of the training.
    """
    x = study.genotypes if x is None else x
    latent_dim = data.latent_dim(config, study.setting)
    model = compiled(config, variant, (*x.shape, latent_dim), steps)
    z = None
    if variant.start == "components":
        z = association.principal_components(x, latent_dim)
    model.start_at(z, np.clip(x.mean(axis=0) / 2, 1e-3, 1 - 1e-3))
    return model


def train_trait(config, variant, features, y, toy=False):
    """Fit a network of the trait, or of a toy's y; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant` of kind "trait" or "toy".
        features: shape (people, SNPs + K), or (people, 1) of a toy.
        y: shape (people,).
        toy: whether it is a toy.
    """
    latent_dim = 0 if toy else features.shape[1] - config.num_snps
    size = len(features), features.shape[1] - latent_dim, latent_dim
    epochs = config.toy_epochs if toy else config.trait_epochs
    batch = max(1, len(y) // 10) if toy else config.batch_size
    steps = epochs * -(-len(y) // batch)
    model = compiled(config, variant, size, steps)
    settings = config.replace(epochs=epochs, batch_size=batch)
    return fit(model, features, settings, y=y, description=variant.label)


def run(config):
    """Let every variant look for the SNPs of every setting, and fit the toys.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: `SETTING/VARIANT/NAME` with the numbers of
        `evaluation.judge`, `evaluate`, `evaluate_trait` and `yardsticks`, and
        `TOY/VARIANT/NAME` with those of `evaluate_toy`. The main model is the first.
    """
    device = "a table of latents, a row for each person,"
    with running("implicit_causal_model", config, one_device=device) as report:
        kinds = {VARIANTS[name].kind for name in config.variants}
        shown = {}
        for setting in config.settings if kinds - {"toy"} else ():
            study = data.load(config, setting)
            shown = compare(report, config, study)
        for toy in config.toys if "toy" in kinds else ():
            compare_toys(report, config, toy)
        report.figures = figures.all_of(report, shown)
    return report


def compare(report, config, study):
    """Judge every variant on one study; returns p-values by variant."""
    chosen = {name: VARIANTS[name] for name in config.variants}
    latents, shown, scores = None, {}, {}
    for name, variant in chosen.items():
        key = f"{study.setting}/{name}"
        if variant.kind == "snp":
            if variant.trained:
                trained = train_snps(config, variant, study)
                model = trained.model
                report.add(key, trained, evaluation.evaluate(model, study, config))
            else:
                model = first(config, variant, study)
                scores[name] = evaluation.evaluate(model, study, config)
            latents = model.z_mean.numpy() if name == "neural" else latents
        elif variant.kind in ("linear", "mixed", "gcat"):
            shown[name] = evaluation.p_values(variant, study, config)
            scores[name] = evaluation.judge(shown[name], study, config)
    for name, variant in chosen.items():
        if variant.kind == "trait":
            if latents is None:
                latents = train_snps(config, VARIANTS["neural"], study).model
                latents = latents.z_mean.numpy()
            features = features_of(study, latents)
            trained = train_trait(
                config.replace(num_snps=study.genotypes.shape[1]),
                variant,
                features,
                study.trait.astype(np.float32),
            )
            numbers = evaluation.evaluate_trait(
                trained.model, features, study, config.seed
            )
            report.add(f"{study.setting}/{name}", trained, numbers)
    if study.structure is not None:
        for name, numbers in evaluation.yardsticks(study, config).items():
            if name in scores:
                scores[name] |= numbers
    report.metrics |= {
        f"{study.setting}/{name}/{key}": value
        for name, numbers in scores.items()
        for key, value in numbers.items()
    }
    return shown


def features_of(study, latents):
    """What networks of the trait see: centred SNPs and latents, float32."""
    x = study.genotypes.astype(np.float32)
    z = (latents - latents.mean(axis=0)) / np.maximum(latents.std(axis=0), 1e-9)
    return np.concatenate([x - x.mean(axis=0), z.astype(np.float32)], axis=1)


def compare_toys(report, config, toy):
    """Fit the variants of kind "toy" to one toy, and judge them."""
    x, y = data.toy(toy, config.toy_size, np.random.default_rng((config.seed, 81)))
    for name in config.variants:
        if VARIANTS[name].kind == "toy":
            trained = train_trait(config, VARIANTS[name], x, y, toy=True)
            scores = evaluation.evaluate_toy(trained.model, toy, config.seed)
            report.add(f"{toy}/{name}", trained, scores)


def examples(config):
    """Small compiled models of SNPs, of a trait with a density and of one without."""
    rng = np.random.default_rng(0)
    count = 11 if config.preset.startswith("smoke") else 3
    latent_dim = data.latent_dim(config, config.settings[0])
    sizes = config.num_people, config.num_snps, latent_dim
    y = rng.standard_normal(count, dtype=np.float32)
    x = rng.integers(3, size=(count, config.num_snps)).astype(np.float32)
    ids = np.arange(count, dtype=np.float32)[:, None]  # as an exported model has them
    features = rng.standard_normal((count, config.num_snps + latent_dim), np.float32)
    for name in dict.fromkeys((*config.variants, "lasso")):
        variant = VARIANTS[name]
        if name not in ("neural", "lasso", "implicit"):
            continue
        yield Example(
            name=name,
            build=lambda variant=variant, **options: compiled(
                config, variant, sizes, **options
            ),
            x=[ids, x] if variant.kind == "snp" else features,
            y=None if variant.kind == "snp" else y,
        )
