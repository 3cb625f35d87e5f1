"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Trained numbers with 32 channels, computed; the paper states none. By variant and
# number of convolutions.
PAPER_PARAMETERS = {
    ("none", 3): 334_341,
    ("progressive", 3): 52_261,
    ("end", 3): 52_261,
    ("late", 3): 52_261,
    ("late", 4): 77_893,
    ("early", 4): 77_893,
}

HEADLINES = (
    *group(
        "Accuracy on even digits, trained on targets alone",
        Headline("DCNN, target alone", "end/a", digits=3),
        Headline("DCNN, one flanker at 16 px", "end/one", digits=3),
        Headline("DCNN, two flankers at 16 px", "end/two", digits=3),
        Headline("multi-scale, target alone", "late/a", digits=3),
        Headline("multi-scale, two flankers at 16 px", "late/two", digits=3),
        Headline(
            "multi-scale, two flankers at 40 px",
            "spacing/late/xax_40",
            note="in the middle, where small crops see the target alone",
            digits=3,
        ),
        Headline(
            "multi-scale, normalised, two flankers at 40 px",
            "spacing/late_normalised/xax_40",
            digits=3,
        ),
        Headline("one class always", "majority", digits=3),
    ),
    *group(
        "Accuracy with an inner flanker 20 px away, multi-scale",
        Headline("target in the middle", "eccentricity/late/xa_0", digits=3),
        Headline("target 24 px off", "eccentricity/late/xa_24", digits=3),
    ),
    *group(
        "Accuracy with two flankers at 16 px, DCNN",
        Headline("odd digits", "spacing/end/xax_16", digits=3),
        Headline("bold letters", "flankers/end/bold", digits=3),
        Headline("thin letters", "flankers/end/thin", digits=3),
        Headline(
            "odd digits as dark as thin letters",
            "flankers/end/odd_dimmed",
            note="thin letters are harmless because they are faint",
            digits=3,
        ),
        Headline(
            "thin letters as bright as odd digits",
            "flankers/end/thin_brightened",
            digits=3,
        ),
        Headline(
            "grey squares as bright as odd digits",
            "flankers/end/flat",
            note="brightness is not all either",
            digits=3,
        ),
        Headline(
            "trained on two flankers",
            "end_flanked/two",
            preset="laptop_flanked",
            digits=3,
        ),
    ),
    *group(
        "Accuracy on photographs, target in the middle",
        Headline(
            "multi-scale",
            "late/photographs_full_0",
            note="hardly above chance; a plain grey does as much harm",
            digits=3,
        ),
        Headline(
            "multi-scale, dimmed to a quarter", "late/photographs_dim_0", digits=3
        ),
    ),
)

EFFECT = Effect(
    paper="networks that know digits alone fail beside flankers; one that sees the "
    "middle sharply resists there",
    here="digits: alone {end/a}, between two others {end/two}; sharp in the middle and "
    "flankers 40 px away {spacing/late/xax_40}",
    reproduces="partly",
    reason="crowding, spacing and the middle do; photographs hardly, early pooling is "
    "not worst, and thin letters are harmless because they are faint",
)
