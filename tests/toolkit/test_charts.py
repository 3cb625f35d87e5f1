"""Charts that several lessons draw alike."""

from lessons.toolkit import charts, figures
from lessons.toolkit.variants import Variant

VARIANTS = {
    "one": Variant(label="the first", color="blue"),
    "two": Variant(label="the second", color="orange"),
}


def test_curves_of_accuracy_name_the_variants_that_were_trained():
    history = {"two/accuracy": [0.1, 0.9], "two/loss": [2.0, 1.0]}
    chart = charts.accuracy_curves(
        history, VARIANTS, "Only one of them learns.", "frames"
    )
    assert "training frames" in chart.alt and "the second." in chart.alt
    assert "the first" not in chart.alt and chart.caption == "Only one of them learns."
    (line,) = chart.figure.axes[0].lines
    assert list(line.get_ydata()) == [0.1, 0.9]


def test_yardsticks_stand_at_their_numbers_with_their_labels():
    _, axis = figures.new()
    charts.yardsticks(axis, [("chance", 0.1), ("linear", 0.9)], 2.5)
    assert [line.get_ydata()[0] for line in axis.lines] == [0.1, 0.9]
    assert [text.get_text() for text in axis.texts] == ["chance", "linear"]


def test_means_are_given_with_their_labels():
    words = charts.means_in_words({"two": [1, 2], "one": [0.25]}, VARIANTS, 2)
    assert words == "the second 1.50, the first 0.25"
