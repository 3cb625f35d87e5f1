"""Figures say in words the numbers that they show."""

import numpy as np

from lessons.foundations.convnet_baseline import (
    animals,
    figures,
    figures_theory,
    networks,
)
from lessons.foundations.convnet_baseline.model import ConvNet
from lessons.foundations.convnet_baseline.networks import PUBLISHED

HISTORY = {
    "adam/val_accuracy": [0.5, 0.7, 0.8],
    "adam/train_accuracy": [0.5, 0.8, 0.9],
    "adam/val_loss": [0.7, 0.5, 0.6],
    "glorot/val_accuracy": [0.5, 0.6, 0.7],
    "glorot/train_accuracy": [0.5, 0.7, 0.7],
    "glorot/val_loss": [0.7, 0.6, 0.5],
}


def test_the_drawing_names_every_count_and_size():
    text = figures_theory.network_drawing(PUBLISHED["chung"]).alt
    for stage in networks.stages(PUBLISHED["chung"]):
        assert f"{stage.parameters:,}" in text
    assert "a map of 44 pixels and 64 channels, halved to 22" in text and "576" in text


def test_curves_mark_the_epoch_of_the_least_loss():
    figure = figures.learning_curves(HISTORY, ("adam", "glorot"))
    assert "Adam in epoch 2" in figure.alt and "Glorot in epoch 3" in figure.alt


def test_bars_and_normalisation_give_their_numbers():
    bars = figures.accuracy_bars({"adam": [0.7, 0.9], "glorot": [0.6]}, "a test")
    assert "Adam 0.800, Nesterov, Glorot 0.600" in bars.alt
    images, labels, _ = animals.draw(40, 0, 16)
    after = (images - images.mean(0)) / images.std(0)
    spread = images.std(0).mean(-1)
    assert f"from {spread.min():.2f} to" in figures.normalisation(images, after).alt
    grid = figures.pictures(images, labels, animals.CLASSES, 2, 2)
    assert "cats" in grid.alt and len(grid.figure.axes) == 2


def test_momentum_turns_and_says_how_far_each_method_comes():
    turned = figures_theory.momentum_turning((0.0, 0.9), num_steps=10)
    assert turned.labels == ("μ = 0", "μ = 0.9") and turned.start == 0
    parts = [
        part.split(" from")[0].split()[-1] for part in turned.alts[0].split(", ")[1:]
    ]
    assert len(set(parts)) == 1  # without momentum the three are one


def test_scales_turn_and_say_their_accuracy():
    accuracies = {"adam": np.array([[0.6, 0.8], [0.5, 0.5]])}
    starts = [[np.ones((2, 3)), np.arange(4.0)], [np.ones(2), np.zeros(2)]]
    turned = figures_theory.scale_turning((0.1, 0.2), accuracies, starts, 0)
    assert turned.labels == ("±0.1", "±0.2")
    assert "spread of 1;" in turned.alts[0] and "Adam 0.70" in turned.alts[0]


def test_filters_and_occlusions_are_drawn_for_any_network():
    model = ConvNet((16, 16, 3), PUBLISHED["tiny"])
    assert "The 4 kernels" in figures.filters(model).alt
    images, labels, _ = animals.draw(2, 0, 16)
    figure = figures.occlusions(model, images, labels, animals.CLASSES)
    assert figure.alt.startswith("2 pictures")
