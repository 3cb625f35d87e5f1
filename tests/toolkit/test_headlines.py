"""Headlines check themselves, and numbers get the digits that their spread allows."""

import pytest

from lessons.toolkit import headlines
from lessons.toolkit.errors import UserError
from lessons.toolkit.headlines import Effect, Headline, group


@pytest.mark.parametrize(
    ("deviation", "places"),
    [
        (0.46, 1),  # one significant digit
        (0.0136, 3),  # two, since it begins with 1
        (0.0196, 2),  # 0.020: it begins with 2 once it is rounded
        (0.0194, 3),
        (0.096, 2),
        (0.0996, 2),  # 0.10
        (1.0, 1),
        (2.0, 0),
        (9.1, 0),
        (12.0, 0),
        (23.0, -1),
        (123.0, -1),
        (1e-8, 9),
    ],
)
def test_a_deviation_says_how_many_places_count(deviation, places):
    assert headlines.decimals(deviation) == places


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([21.0, 21.6], "21.3 ± 0.4"),
        ([0.1, 0.4], "0.2 ± 0.2"),  # 0.25 rounds to even
        ([1.0, 3.0], "2.0 ± 1.4"),
        ([1000.0, 2500.0], "1,800 ± 1,100"),
        ([400.0, 850.0], "600 ± 300"),
        ([-13.0, -13.4], "−13.2 ± 0.3"),
        ([-0.00101, 0.001], "0.0000 ± 0.0014"),  # no negative zero
        ([2.5, 2.5, 2.5], "2.50"),  # no spread: the digits asked for
        ([0.1 + 0.2, 0.3], "0.30"),  # rounding of the computer is no spread
        ([7.0], "7.00"),
    ],
)
def test_mean_and_deviation_share_their_places(values, text):
    assert headlines.with_spread(values) == text
    assert headlines.mean_of(values) == text.partition(" ± ")[0]


@pytest.mark.parametrize("digits", [0, 3])
def test_without_spread_the_digits_are_those_asked_for(digits):
    assert headlines.with_spread([1234.5678], digits) == f"{1234.5678:,.{digits}f}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("label", None),
        ("label", " "),
        ("metric", 3),
        ("paper", None),
        ("paper", ""),
        ("note", None),
        ("preset", None),
        ("digits", "3"),
        ("digits", -1),
        ("group", 7),
    ],
)
def test_a_headline_names_the_field_that_is_wrong(field, value):
    fields = {"label": "accuracy", "metric": "a", field: value}
    with pytest.raises(UserError, match=field) as error:
        Headline(**fields)
    assert repr(value) in str(error.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [("paper", None), ("here", ""), ("reason", None), ("reproduces", "maybe")],
)
def test_an_effect_names_the_field_that_is_wrong(field, value):
    fields = {"paper": "a", "here": "b", "reproduces": "no", "reason": "c"}
    with pytest.raises(UserError, match=field) as error:
        Effect(**fields | {field: value})
    assert repr(value) in str(error.value)


def test_what_the_paper_has_a_value_for_goes_first():
    rows = (
        *group("only here", Headline("a", "a"), Headline("b", "b")),
        *group("both", Headline("c", "c"), Headline("d", "d", "1.5")),
        Headline("alone", "e", "2"),
    )
    found = [(t, [row.label for row in rows]) for t, rows in headlines.grouped(rows)]
    assert found == [("both", ["d", "c"]), ("", ["alone"]), ("only here", ["a", "b"])]
