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


def test_seeds_are_dots_above_their_variant_with_a_line_at_the_mean():
    _, axis = figures.new()
    charts.seed_dots(axis, {"two": [1.0, 3.0, 8.0], "one": [0.5]}, VARIANTS)
    dots = [(list(line.get_xdata()), list(line.get_ydata())) for line in axis.lines]
    assert dots == [([0, 0, 0], [1, 3, 8]), ([1], [0.5])]
    heights = [lines.get_segments()[0][:, 1].tolist() for lines in axis.collections]
    assert heights == [[4, 4], [0.5, 0.5]]


def test_bars_of_accuracy_leave_room_for_the_words_of_yardsticks():
    values = {"two": [0.5, 0.75], "one": [1.0, 1.0]}
    chart = charts.accuracy_bars(values, VARIANTS, "two seeds", [("chance", 0.25)])
    (axis,) = chart.figure.axes
    assert [bar.get_height() for bar in axis.patches] == [0.625, 1.0]
    alone = charts.accuracy_bars(values, VARIANTS, "two seeds").figure.axes[0]
    assert axis.get_xlim()[1] > 2 > alone.get_xlim()[1]
    assert "two seeds: the second 0.625, the first 1.000" in chart.alt
