"""What is known of the paper, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Weights of the three networks with D = 64, four dilations, four steps, two heads and
# eight actions, computed from the listings; the paper states no count.
DEMONSTRATION_PARAMETERS = 138_240
CONTEXT_PARAMETERS = 653_376
MANIPULATION_PARAMETERS = 71_688
PARAMETERS = 863_304
ACTIONS = 8
# A plain LSTM of 512 units on the 10 numbers of four landmarks.
LSTM_PARAMETERS = 1_071_104

_REACH, _SLOW = "laptop_particles", "laptop_particles_slow"

HEADLINES = (
    *group(
        "Particles, success after 1,600 steps (4 landmarks)",
        Headline("plain LSTM", "reach_plain/success", preset=_REACH),
        Headline("LSTM with attention", "reach_attention/success", preset=_REACH),
        Headline("final frame with attention", "reach_final/success", preset=_REACH),
        Headline(
            "plain LSTM, an eighth of the rate",
            "reach_plain/success",
            preset=_SLOW,
            note="so most of the gap between architectures is one of rate and steps",
        ),
        Headline(
            "LSTM with attention, another landmark shown, at the true one",
            "reach_attention/true",
            preset=_REACH,
        ),
        Headline("a random landmark", "expert/random", preset=_REACH),
    ),
    *group(
        "Block stacking, one stage, success",
        Headline(
            "full demonstration",
            "one/full/success",
            paper="0.991",
            note="four of eight seeds hover above the block; paper: tasks of training",
        ),
        Headline("final frame", "one/final/success", paper="0.988"),
        Headline(
            "full demonstration, twice the steps",
            "one/full/success",
            preset="laptop_long",
        ),
        Headline(
            "final frame, twice the steps", "one/final/success", preset="laptop_long"
        ),
        Headline(
            "full demonstration, targets without noise",
            "one/full/success",
            preset="laptop_quiet",
        ),
        Headline("no demonstration", "one/blind/success"),
    ),
    *group(
        "Block stacking, two stages, success",
        Headline(
            "full demonstration, one tower of three",
            "two/full/one_tower",
            paper="0.959",
            note="paper: all tasks of two stages, cloning with noise",
        ),
        Headline("full demonstration, two towers of two", "two/full/more_towers"),
        Headline(
            "final frame, one tower of three",
            "two/final/one_tower",
            paper="0.941",
            note="the frame holds all: the expert that reads it never fails",
        ),
        Headline("final frame, two towers of two", "two/final/more_towers"),
        Headline("expert that reads the final frame", "two/expert/read_out"),
        Headline("full, another layout shown, at the true one", "two/full/true"),
        Headline("full, another layout shown, at that one", "two/full/shown"),
    ),
)

EFFECT = Effect(
    paper="one demonstration of an unseen task suffices: 0.949 on two stages, close to "
    "the scripted policy",
    here="two stages from one demonstration: {two/full/one_tower} for one tower, "
    "{two/full/more_towers} for two; a wrong demonstration: {two/full/true} at the "
    "true layout, {two/full/shown} at the one that is shown",
    reproduces="partly",
    reason="the policy does what it is shown, but after the short training half of the "
    "seeds hover above the block (with twice the steps one of eight); no shape of "
    "tower is new, and for two towers the full demonstration does worse than its final "
    "frame",
)
