"""Train and compare models that see few labels: `run(config)`."""

import time

import keras

from lessons.autoencoders.semi_supervised_vae import data, evaluation, figures, theory
from lessons.autoencoders.semi_supervised_vae.config import PRESETS
from lessons.autoencoders.semi_supervised_vae.model import M1, M2
from lessons.autoencoders.semi_supervised_vae.model_clamped import ClampedVAE
from lessons.autoencoders.semi_supervised_vae.model_parts import Tower, encoder_layers
from lessons.autoencoders.semi_supervised_vae.model_stacked import StackedM2
from lessons.toolkit import quality, results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report, fit


def build_model(
    config, method, num_inputs, num_classes=10, *, label_weight=1.0, m1=None
):
    """The model of a method, not compiled.

    Args:
        config: a `Config`.
        method: one of `METHODS`.
        num_inputs: pixels of an image.
        num_classes: K.
        label_weight: see `theory.label_weight`.
        m1: a trained `M1`, for "m1_m2".
    """
    penalty = 1.0 / config.num_train if config.weight_prior else 0.0
    common = {
        "likelihood": config.likelihood,
        "variance": config.variance,
        "weight_penalty": penalty,
        "seed": config.seed,
    }
    if method == "m1":
        return M1(num_inputs, config.m1_dim, config.m1_units, config.m1_units, **common)
    if method == "supervised":
        x = keras.Input((num_inputs,))
        hidden = encoder_layers(config.classifier_units, config.style)
        return keras.Model(x, Tower((num_inputs,), hidden, _logits(num_classes))(x))
    common |= {
        "num_classes": num_classes,
        "latent_dim": config.latent_dim,
        "label_weight": label_weight,
        "weight_scale": config.weight_scale,
        "style": config.style,
    }
    if method == "m1_m2":
        units = ("classifier_units", "encoder_units", "decoder_units")
        widths = dict.fromkeys(units, config.stacked_units)
        return StackedM2(m1, **widths, **common)
    common |= {
        "num_inputs": num_inputs,
        "encoder_units": config.encoder_units,
        "decoder_units": config.decoder_units,
    }
    if method == "m2":
        return M2(classifier_units=config.classifier_units, **common)
    return ClampedVAE(objective=method, batch_norm=config.batch_norm, **common)


def _logits(num_classes):
    return {"logits": (num_classes, "linear")}


def train(config, method, task, m1=None):
    """Train one model on a task: (model, history, seconds of an epoch).

    Args:
        config: a `Config`.
        method: one of `METHODS`.
        task: a `data.Task`.
        m1: a trained `M1`, for "m1_m2".
    """
    runtime.seed_everything(config.seed)
    x, labels = task.rows(config.label_repeats)
    known = labels != theory.MISSING
    weight = theory.label_weight(config.alpha, len(labels), int(known.sum()))
    model = build_model(
        config, method, x.shape[1], task.num_classes, label_weight=weight, m1=m1
    )
    loss, options = None, {"x": x, "y": labels}
    if method == "m1":
        options["y"] = None
    if method == "supervised":
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        # The labelled rows alone, in as many steps.
        share = config.batch_size * known.mean()
        config = config.replace(batch_size=max(1, round(share)))
        options = {"x": x[known], "y": labels[known]}
    model.compile(
        keras.optimizers.Adam(config.learning_rate),
        loss,
        steps_per_execution=runtime.steps_per_execution(config),
    )
    _, history, seconds = fit(
        model, config=config, description=method.replace("_", " "), **options
    )
    return model, history, seconds


def judge_model(config, method, model, task, judge):
    """Scores of a trained model on the test images, floats by name."""
    if method == "supervised":
        answers = model.predict(task.test_x, verbose=0).argmax(axis=1)
        return {"accuracy": evaluation.accuracy(answers, task.test_labels)}
    if method == "m1":
        return {"accuracy": evaluation.feature_accuracy(model, task)}
    scores = evaluation.evaluate(model, task, config.num_eval_samples, config.seed)
    x, labels = evaluation.draw_classes(model, config.num_draws, config.seed)
    return scores | {"agreement": judge.accuracy(task.images(x), labels)}


def run(config):
    """Train every method of a configuration and judge it on held-out images.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: `accuracy` of each method and baseline; for the models
        with labels those of `evaluation.evaluate`, `agreement` (share of drawn images
        that a judge gives the label they were drawn for) and `parameters`;
        `seconds_per_epoch`; all prefixed with the method. The main model is M2, or the
        first method where M2 is not trained.

    Raises:
        UserError: no method, or "m1_m2" without "m1" before it.
    """
    start = time.perf_counter()
    _check_methods(config.methods)
    with runtime.session(config):
        task = data.load(config)
        judge = quality.Judge(task.split, seed=config.seed)
        metrics = {"judge/accuracy": judge.accuracy(task.test_x, task.test_labels)}
        metrics |= evaluation.baselines(task)
        history, models = {}, {}
        for method in config.methods:
            model, curves, seconds = train(config, method, task, models.get("m1"))
            scores = judge_model(config, method, model, task, judge)
            scores["seconds_per_epoch"] = seconds
            scores["parameters"] = float(count_parameters(model))
            metrics |= {f"{method}/{name}": v for name, v in scores.items()}
            history |= {f"{method}/{name}": v for name, v in curves.items()}
            models[method] = model
        pictures = figures.all_of(models, task, metrics, config.seed)
    main = "m2" if "m2" in models else config.methods[0]
    return Report(
        slug="semi_supervised_vae",
        config=config,
        metrics=metrics,
        history=history,
        figures=pictures,
        environment=runtime.environment(),
        seconds=time.perf_counter() - start,
        models={"model": models.pop(main), **models},
    )


def count_parameters(model):
    """Number of parameters that are trained."""
    return sum(weight.numpy().size for weight in model.trainable_weights)


def _check_methods(methods):
    if not methods:
        raise UserError("methods must name at least one model to train, got none.")
    if "m1_m2" in methods and "m1" not in methods[: methods.index("m1_m2")]:
        raise UserError(
            f"methods must name m1 before m1_m2, which is built upon it, got {methods}."
        )


def recorded(**settings):
    """Metrics of the recorded laptop runs with some settings changed, one per seed."""
    config = PRESETS["laptop"].replace(**settings)
    return [metrics for _, metrics in results.metrics_by_seed(__file__, config)]
