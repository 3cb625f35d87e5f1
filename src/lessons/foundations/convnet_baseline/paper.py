"""What the two projects state, and the rows of the results table.

J. Chung and K. Kastner kept public blogs of the course IFT6266 (Montréal, winter 2015)
and released their code (`jych/ift6266h15`, `kastnerkyle/ift6266h15`).
"""

from lessons.toolkit.headlines import Effect, Headline, group

# Trainable parameters of 48x48x3 images, by architecture; the blogs give none. They
# follow from the layers. `kastner_bn` counts biases before batch normalisation, which
# change nothing; no moving statistics are counted.
PARAMETERS = {
    "chung": 731_521,
    "chung_april": 551_265,
    "chung_deep": 757_377,
    "kastner": 116_098,
    "kastner_bn": 110_546,
    "laptop": 20_993,
}
CHUNG_LAYERS = (4_864, 102_464, 65_600, 295_424, 262_656, 513)
CHUNG_MAPS = ((44, 22), (18, 9), (6, 3))

# Kastner's log, 5000 validation images: epoch -> (training, validation) accuracy.
KASTNER_RUNS = {
    "half size, epoch 11": (0.8740, 0.8020),
    "momentum .95, epoch 10": (0.87505, 0.8138),
    "momentum .95, epoch 36": (0.96765, 0.8158),
    "momentum .95, epoch 96": (0.9921, 0.8220),
}
KASTNER_VALID = 5000

_PHOTOS = "0.80 to 0.82 (photographs)"

HEADLINES = (
    *group(
        "Accuracy after 5 epochs from first weights in ±0.08",
        Headline("Nesterov", "nesterov/accuracy", digits=3),
        Headline("Nesterov, 5 times the rate", "nesterov_fast/accuracy", digits=3),
        Headline("Adam", "adam/accuracy", digits=3),
        Headline("Nesterov, batch normalisation", "nesterov_bn/accuracy", digits=3),
        Headline("Nesterov, Glorot's start", "glorot/accuracy", digits=3),
        Headline("logistic regression on pixels", "logistic/accuracy", digits=3),
    ),
    *group(
        "Accuracy of the best of 10 epochs",
        Headline(
            "Adam, Glorot's start",
            "glorot_adam/accuracy",
            _PHOTOS,
            "drawn animals of 32x32 pixels, a small network",
            preset="laptop_long",
            digits=3,
        ),
        Headline(
            "the same, dropout",
            "glorot_dropout/accuracy",
            preset="laptop_long",
            digits=3,
        ),
        Headline(
            "Nesterov, batch normalisation",
            "glorot_bn/accuracy",
            _PHOTOS,
            preset="laptop_long",
            digits=3,
        ),
        Headline(
            "shuffled labels",
            "glorot_shuffled/accuracy",
            preset="laptop_long",
            digits=3,
        ),
    ),
)

EFFECT = Effect(
    paper="photographs of cats and dogs: 80 % with Adam, 82 % with batch normalisation "
    "and momentum",
    here="drawn ones, small first weights: {nesterov/accuracy} with momentum, "
    "{adam/accuracy} with Adam, {nesterov_bn/accuracy} with batch normalisation",
    reproduces="partly",
    reason="the networks learn; the photographs are not here, and the best recipe "
    "depends on the start and the number of epochs",
)
