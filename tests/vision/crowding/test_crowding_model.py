"""Layers and networks as building blocks."""

import keras
import numpy as np
import pytest

from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.vision.crowding import analysis, config, experiment, layers, theory
from lessons.vision.crowding.model import ScaleNet
from lessons.vision.crowding.variants import VARIANTS

LAPTOP = config.PRESETS["laptop"]


def test_networks_of_the_laptop_have_equally_many_numbers():
    sizes = {}
    for name in ("end", "progressive", "late", "early", "gradual"):
        model = experiment.build_model(LAPTOP, VARIANTS[name])
        sizes[name] = runtime.num_parameters(model)
        plan, maps = theory.geometry(
            32, 3, VARIANTS[name].layout, LAPTOP.kernel, LAPTOP.window
        )
        code = LAPTOP.code(VARIANTS[name])
        assert sizes[name] == theory.num_parameters(plan, maps, code, LAPTOP.filters)
    assert set(sizes.values()) == {120 + 2 * 1308 + 65}
    none = experiment.build_model(LAPTOP, VARIANTS["none"])
    assert runtime.num_parameters(none) == 120 + 2 * 1308 + (23**2 * 12 + 1) * 5


def test_first_weights_are_those_of_the_paper_or_he_s():
    net = ScaleNet(60, (1, 1, 1, 1), "end", deviation=0.1, seed=0)
    kernel = net.get_layer("conv_2").kernel.numpy()
    # A normal of deviation 0.1 that is cut at two deviations keeps 0.88 of it.
    assert kernel.std() == pytest.approx(0.088, rel=0.02)
    assert np.abs(kernel).max() <= 0.2
    he = ScaleNet(60, (1, 1, 1, 1), "end", deviation=0.0, seed=0)
    deviation = (2 / (25 * 32)) ** 0.5
    found = he.get_layer("conv_2").kernel.numpy().std()
    assert found == pytest.approx(deviation, rel=0.03)
    for layer in ("conv_1", "conv_3", "logits"):
        assert np.allclose(net.get_layer(layer).bias, 0.1)


def test_crops_are_a_layer_in_front_of_a_network():
    images = np.random.default_rng(0).random((2, 96, 96, 1)).astype(np.float32)
    inputs = keras.Input((96, 96, 1))
    crops = layers.MultiScaleCrops(96, 24, 5, chevron=2)(inputs)
    assert crops.shape == (None, 5, 24, 24, 1)
    net = ScaleNet(24, (5, 5, 1), "end", 4, 3, 2)
    model = keras.Model(inputs, net(crops))
    copy = keras.Model.from_config(model.get_config())
    copy.set_weights(model.get_weights())
    assert np.allclose(copy(images), model(images), atol=1e-6)
    sides = theory.crop_sides(96, 24, 5)
    expected = theory.multiscale_crops(
        images[..., 0],
        theory.crop_matrices(96, 24, sides),
        theory.chevron_matrices(96, 24, sides, 2),
    )
    layer = layers.MultiScaleCrops(96, 24, 5, chevron=2)
    assert np.allclose(layer(images)[..., 0], expected, atol=1e-5)


def test_what_cannot_be_built_is_refused():
    with pytest.raises(UserError, match="layout"):
        ScaleNet(24, (1, 1), "middle")
    with pytest.raises(UserError, match="scale code"):
        ScaleNet(24, (1, 2), "end")
    with pytest.raises(UserError, match="labels"):
        ScaleNet(24, (1, 1), "end").check_labels(np.array([0, 5]))
    for crop, field in ((9, 8), (0, 8)):
        with pytest.raises(UserError, match="crop"):
            theory.crop_sides(field, crop, 3)


def test_features_are_what_the_linear_layer_reads_and_widening_keeps_them():
    net = ScaleNet(24, (1, 1, 1), "end", 4, 3, 2, margin=2, seed=1)
    images = np.zeros((2, 1, 24, 24, 1), np.float32)
    images[:, :, 8:16, 8:16] = np.random.default_rng(0).random((2, 1, 8, 8, 1))
    features = net.features(images).numpy()
    last = net.get_layer("logits")
    assert np.allclose(
        features @ last.kernel.numpy() + last.bias.numpy(), net(images), atol=1e-5
    )
    wide = analysis.widened(net, 8)
    assert wide.maps[0] == 40 and np.allclose(wide(images), net(images), atol=1e-5)


def test_winners_say_which_scale_holds_the_greatest_value():
    net = ScaleNet(12, (3, 3, 1), "end", 4, 3, 2, seed=0)
    net.set_weights([np.abs(weight) for weight in net.get_weights()])
    crops = np.random.default_rng(0).random((5, 3, 12, 12, 1)).astype(np.float32)
    crops[:, 1] += 2  # all weights are positive: the brightest crop wins everything
    assert analysis.winners(net, crops).tolist() == [0, 1, 0]
