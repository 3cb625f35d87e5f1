"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Weights of the published networks; there are no biases. The second is also printed in
# the log of the authors' code. For LeNet their log has 581,408: no padding there.
PAPER_PARAMETERS = {"paper_lenet": 1_662_752, "paper": 12_973_440}

# Scales alpha of the layers, by the limit sqrt(6/n) of the text and by sqrt(3/n) of the
# code; the log of the code prints the latter for VGG7, and 2, 16, 16, 8 for a LeNet
# without padding.
ALPHAS = {
    "lenet": {"paper": (2, 8, 16, 8), "code": (2, 16, 32, 8)},
    "vgg7": {
        "paper": (2, 8, 8, 16, 16, 16, 32, 8),
        "code": (2, 16, 16, 16, 16, 32, 32, 16),
    },
}

# Test error in percent (table 1, section 4).
ERRORS = {"MNIST": 0.40, "SVHN": 1.92, "CIFAR-10": 6.78}
# CIFAR-10: test error by gamma (table 3) and by bits of gradients (table 4).
GAMMA_ERRORS = {1: 6.78, 2: 7.31, 4: 8.08, 8: 16.92}
GRADIENT_ERRORS = {
    **{2: 54.22, 3: 51.57, 4: 28.22, 5: 18.01, 6: 11.48, 7: 7.61},
    **{8: 6.78, 9: 6.63, 10: 6.43, 11: 6.55, 12: 6.57},
}

# Picojoules of a multiplication and of an addition (table 5).
ENERGY = {
    "8-bit integers": (0.2, 0.03),
    "16-bit floats": (1.1, 0.4),
    "32-bit floats": (3.7, 0.9),
}

_CIFAR = "93.2 % (CIFAR-10)"

HEADLINES = (
    *group(
        "Accuracy on digits",
        Headline(
            "2-8-8-8, whole numbers",
            "wage/accuracy",
            _CIFAR,
            "one percent below real numbers here; a linear model does as well",
            digits=3,
        ),
        Headline("real numbers, momentum", "float_momentum/accuracy", digits=3),
        Headline("real numbers, momentum, BN", "vanilla/accuracy", digits=3),
        Headline("2-8-8-8, last layer only", "last_layer/accuracy", digits=3),
        Headline("2-8-8-8, nearest rounding", "nearest/accuracy", digits=3),
        Headline("2-8-8-8, nearest, rate/8", "nearest_slow/accuracy", digits=3),
        Headline("linear model", "linear/accuracy", digits=3),
    ),
    *group(
        "Accuracy on odd or even digits",
        Headline("2-8-8-8", "wage/accuracy", preset="laptop_parity", digits=3),
        Headline(
            "real numbers, momentum",
            "float_momentum/accuracy",
            preset="laptop_parity",
            digits=3,
        ),
        Headline("linear model", "linear/accuracy", preset="laptop_parity", digits=3),
    ),
    *group(
        "Accuracy on digits with 2 bits of gradient",
        Headline(
            "rate/64",
            "g2/accuracy",
            "45.8 % (CIFAR-10)",
            preset="laptop_bits",
            digits=3,
        ),
        Headline("full rate", "g2_fast/accuracy", preset="laptop_bits", digits=3),
        Headline(
            "8 bits at rate/64", "g8_slow/accuracy", preset="laptop_bits", digits=3
        ),
    ),
)

EFFECT = Effect(
    paper="CIFAR-10: 6.78 % errors with 2-8-8-8 bits; 54 % with 2 bits of gradient",
    here="digits: {wage/accuracy} right with 2-8-8-8, {g2/accuracy@laptop_bits} with 2 "
    "bits of gradient; real numbers {float_momentum/accuracy}",
    reproduces="partly",
    reason="few bits of gradient and cut errors hurt; here whole numbers lose 1 %",
)
