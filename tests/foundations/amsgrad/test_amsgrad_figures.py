"""Figures say what they show: the knob's positions, and the drawing's boxes."""

import io

from PIL import Image

from lessons.foundations.amsgrad import figures_theory, games, problems, theory


def test_each_position_of_the_knob_says_its_moves_and_end():
    turning = figures_theory.settled_periods(10, (0.5, 0.9, 0.99), num_steps=2000)
    assert turning.labels == ("0.5", "0.9", "0.99") and turning.start == 1
    gradients = problems.periodic(2000, 10, -1.0, 10)
    for beta_2, alt in zip((0.5, 0.9, 0.99), turning.alts, strict=True):
        moves = theory.settled_moves(10, beta_2)
        end = games.play(gradients, "adam", beta_2=beta_2).last
        assert f"moves Adam by {moves[0]:.2f}" in alt
        assert f"by {moves[1:].sum():+.2f} together" in alt
        assert f"Adam is at {end:+.2f}" in alt
    sizes = {Image.open(io.BytesIO(frame)).size for frame in turning.frames}
    assert len(sizes) == 1


def test_the_drawing_names_every_part_of_the_method():
    drawing = figures_theory.generic_method()
    written = {text.get_text() for text in drawing.figure.axes[0].texts}
    for part in (r"$\phi_t$: where to go", r"$\psi_t$: how far", "max so far"):
        assert part in written
    assert "AMSGrad" in drawing.alt
