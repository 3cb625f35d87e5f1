"""What the paper states, and the rows of the results table."""

from lessons.toolkit.results import Headline

# Trainable parameters of the published networks on 28x28 images; the last one's is on
# 36x36.
PAPER_PARAMETERS = {
    "capsnet": 8_215_568,
    "capsnet_plain": 6_804_224,
    "cnn_mnist": 35_445_522,
    "cnn_multimnist": 24_563_978,
}

# Test error in percent, the paper's table 1: (routing iterations, reconstruction).
PAPER_ERRORS = {
    "cnn": (0.39, 8.1),
    "r1_plain": (0.34, None),
    "r1": (0.29, 7.5),
    "r3_plain": (0.35, None),
    "r3": (0.25, 5.2),
}

_PAIRS_NOTE = "8x8 digits on 12x12, ten epochs: errors are ten times the paper's"

HEADLINES = (
    Headline(
        "pairs, both right, CapsNet r = 3 (%)",
        "pairs/r3/percent",
        "94.8",
        1,
        _PAIRS_NOTE,
    ),
    Headline("pairs, both right, CapsNet r = 1 (%)", "pairs/r1/percent", "92.5", 1),
    Headline(
        "pairs, both right, CNN (%)",
        "pairs/cnn/percent",
        "91.9",
        1,
        "level for as many epochs; for as many seconds (laptop_cnn) the CNN is ahead",
    ),
    Headline(
        "pairs, both digits reconstructed closer to their own (%)",
        "pairs/r3/separated_percent",
        "—",
        1,
    ),
    Headline("one digit, CapsNet r = 3 (%)", "single/r3/percent", "99.75", 1),
    Headline("one digit, CNN (%)", "single/cnn/percent", "99.61", 1),
    Headline(
        "affine digits, CapsNet r = 3 (%)",
        "single/r3/affine_percent",
        "79 (affNIST)",
        1,
        "here the CNN is ahead",
    ),
    Headline("affine digits, CNN (%)", "single/cnn/affine_percent", "66 (affNIST)", 1),
)
