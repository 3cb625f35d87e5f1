"""Figures of a run, and of recorded runs by variant."""

from lessons.foundations.stimulated_learning import evaluation, figures_maps
from lessons.foundations.stimulated_learning.layout import class_means
from lessons.foundations.stimulated_learning.variants import VARIANTS
from lessons.toolkit import charts, figures
from lessons.toolkit.figures import Figure


def variant_bars(panels):
    """Means and ranges over seeds by variant, a panel for each quantity.

    Args:
        panels: for each title the numbers over seeds by variant.
    """
    size = (7.5, 3.3)
    figure, axes = figures.new(1, len(panels), size=size, squeeze=False, sharey=True)
    texts = []
    for axis, (title, values) in zip(axes[0], panels.items(), strict=True):
        figures.bars(axis, values, VARIANTS, digits=2)
        axis.tick_params(axis="x", rotation=40, labelsize=8)
        for label in axis.get_xticklabels():
            label.set_horizontalalignment("right")
        axis.set_title(title)
        axis.grid(axis="x", visible=False)
        means = charts.means_in_words(values, VARIANTS, 2)
        texts.append(f"{title}: {means}")
    axes[0, 0].set_ylabel("accuracy lost")
    return Figure(
        figure,
        f"Bar charts of means over seeds. {'. '.join(texts)}. Thin lines give the "
        "range.",
        "Bars are means over seeds, black lines go from the lowest to the highest.",
    )


def maps_of(model, features, layer):
    """Mean activations of a hidden layer by class, on the held-out examples.

    Args:
        model: a `GridClassifier`.
        features: `data.Features`.
        layer: name, such as "hidden_2".

    Returns:
        Shape (stimuli, units).
    """
    outputs = evaluation.outputs_of(model, features.test_features)
    count = len(model.arguments["centres"])
    return class_means(outputs[layer], features.test_stimuli[:, 0], count)


def all_of(report, features):
    """Every figure of a run, by name.

    Args:
        report: a `Report` with its models.
        features: `data.Features`.
    """
    names = report.config.variants
    models = {**report.models, names[0]: report.models["model"]}
    grid = report.config.rows, report.config.columns
    last = f"hidden_{report.config.num_layers}"
    shown = {
        VARIANTS[name].label: maps_of(models[name], features, last)[:10]
        for name in names
    }
    judged = features.test_features, features.test_labels, features.test_stimuli[:, 0]
    matrices = {}
    for name in names[:4]:
        masks = 1 - evaluation.bumps(models[name], report.config.mask_spread)
        found = evaluation.damage_matrix(models[name], *judged, masks)
        matrices[VARIANTS[name].label] = found
    return {
        "accuracy": charts.accuracy_curves(
            report.history,
            VARIANTS,
            "All variants learn the classes; where their units respond is another "
            "matter.",
            examples="examples",
        ),
        "maps": figures_maps.class_maps(shown, *grid),
        "damage": figures_maps.damage(matrices),
    }
