"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Of the authors' code for TIMIT: 440 inputs, six layers of 32 x 32 units; the softmax
# over 1,945 tied states depends on the alignment. The regulariser adds none.
HIDDEN_STACK = 5_699_584
PAPER_PARAMETERS = {"paper": 7_693_209}

# Phone error in percent on TIMIT without the constraint, from the authors' repository;
# the paper's own tables were not available.
PHONE_ERRORS = {"dev": 19.6, "test": 21.1}

HEADLINES = (
    *group(
        "Accuracy on digits",
        Headline("plain (η = 0)", "plain/accuracy", digits=3),
        Headline(
            "stimulated (η = 0.5)",
            "stimulated/accuracy",
            "no loss",
            "less than 1 % lost on each seed, no gain; a linear model does as well",
            digits=3,
        ),
        Headline("η = 20", "stronger/accuracy", digits=3),
        Headline("linear model", "linear/accuracy", digits=3),
    ),
    *group(
        "Digits named by the place of the activity in layer 2",
        Headline("plain", "plain/decode_2"),
        Headline(
            "plain, units sorted after training",
            "sorted/plain/decode_2",
            note="a layout after training localises without any stimulus",
        ),
        Headline("stimulated", "stimulated/decode_2"),
        Headline("shuffled stimuli", "shuffled/decode_2"),
        Headline("adjacency (0.1)", "adjacency/decode_2"),
    ),
    *group(
        "Accuracy lost by a class when its region is muted",
        Headline("plain", "plain/own_drop"),
        Headline("plain, units sorted after training", "sorted/plain/own_drop"),
        Headline("stimulated", "stimulated/own_drop", "its own phone suffers most"),
        Headline("stimulated: the other classes", "stimulated/other_drop"),
        Headline(
            "plain, units sorted: the other classes",
            "sorted/plain/other_drop",
            note="the same mask hurts more there; see the next rows",
        ),
    ),
    *group(
        "Accuracy lost by the others where a muted class loses one half",
        Headline("plain", "plain/other_at_half"),
        Headline("plain, units sorted after training", "sorted/plain/other_at_half"),
        Headline("stimulated", "stimulated/other_at_half"),
        Headline("η = 5", "strong/other_at_half"),
    ),
    *group(
        "Class selectivity of the units in layer 2",
        Headline("plain", "plain/selectivity_2"),
        Headline("stimulated", "stimulated/selectivity_2"),
        Headline("shuffled stimuli", "shuffled/selectivity_2"),
    ),
)

EFFECT = Effect(
    paper="phones get visible regions without loss; muting one hurts its phone most",
    here="decoded by place {stimulated/decode_2} (plain {plain/decode_2}), a muted "
    "class loses {stimulated/own_drop}, others {stimulated/other_drop}",
    reproduces="yes",
    reason="but a plain network passes the same checks once its units are sorted",
)
