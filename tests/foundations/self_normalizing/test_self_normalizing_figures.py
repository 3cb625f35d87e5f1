"""Figures of stacks: what each position of the knob says, and the drawing's parts."""

import numpy as np

from lessons.foundations.self_normalizing import figures_depth, propagation, theory


def test_each_position_of_the_knob_says_where_the_cloud_is():
    inputs = np.random.default_rng(0).standard_normal((20, 16))
    knob = (0, 1, 3)
    stacks = {"N(0, 1)": propagation.propagate("SELU, 1/n", inputs, 3, keep=knob)}
    turning = figures_depth.layer_by_layer(stacks, knob)
    assert turning.labels == ("0", "1", "3") and turning.start == 2
    corner = theory.orbit(1.0, 8.0, 3)[1]
    for layer, alt in zip(knob, turning.alts, strict=True):
        assert f"After {layer} layers" in alt
        assert f"and {corner[layer]:.3g}," in alt  # the largest variance of all


def test_the_input_itself_can_be_kept():
    inputs = np.ones((3, 4))
    _, _, kept = propagation.propagate("tanh, 1/n", inputs, 2, keep=(0, 2))
    np.testing.assert_array_equal(kept[0], inputs)
    assert set(kept) == {0, 2}


def test_the_drawing_names_what_is_followed():
    drawing = figures_depth.network()
    written = {text.get_text() for text in drawing.figure.axes[0].texts}
    assert {"SELU", r"$\omega, \tau$", "moment map $g$", "$L$ layers"} <= written
