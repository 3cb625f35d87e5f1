"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Sizes of the bodies, and of networks with 64 units: observations, actions, policy of
# dense layers, policy and values with an LSTM. The paper gives none; computed.
BODIES = {
    "Ant": (120, 8, 12_432, 41_296, 40_833),
    "Bug": (164, 12, 15_512, 44_376, 43_649),
    "Spider": (208, 16, 18_592, 47_456, 46_465),
}
# Win rates in the last 25 of 100 rounds, %: RL^2, LSTM with tracking, meta-learned.
WIN_RATES = {
    ("Ant", "Ant"): (24.9, 30.0, 44.0),
    ("Ant", "Bug"): (21.0, 15.6, 34.6),
    ("Ant", "Spider"): (24.8, 27.6, 35.1),
    ("Bug", "Ant"): (33.5, 26.6, 39.5),
    ("Bug", "Bug"): (28.6, 21.2, 43.7),
    ("Bug", "Spider"): (45.8, 42.6, 52.0),
    ("Spider", "Ant"): (40.3, 48.0, 45.3),
    ("Spider", "Bug"): (38.4, 43.9, 48.4),
    ("Spider", "Spider"): (33.9, 42.2, 46.7),
}

_WALK, _LOST, _SUMO = "laptop_hexapod", "laptop_compass", "laptop_sumo"

HEADLINES = (
    *group(
        "Squared error on new sinusoids, ten points of each",
        Headline("mean function, no adaptation", "mean_function"),
        Headline("MAML, one step", "maml/after_1"),
        Headline("MAML, five steps", "maml/after_5"),
        Headline("MAML of first order, one step", "first_order/after_1"),
        Headline("MAML with learned rates, one step", "learned/after_1"),
        Headline("joint training, one step, rate tuned", "joint/tuned_1"),
        Headline(
            "Gaussian process",
            "gaussian_process",
            note="needs no meta-training",
        ),
    ),
    *group(
        "Speed of the robot, two legs of held-out pairs without torque",
        Headline(
            "specialist for the whole robot", "held/specialist/speed_7", preset=_WALK
        ),
        Headline("multi-task policy", "held/multitask/speed_7", preset=_WALK),
        Headline(
            "gait by hand", "held/tripod/speed_7", preset=_WALK, note="no learning"
        ),
    ),
    *group(
        "Mean speed over tasks 2 to 7, held-out pairs",
        Headline("multi-task policy", "held/multitask/mean", preset=_WALK),
        Headline("the same, trained on", "held/multitask_further/mean", preset=_WALK),
        Headline("tracking", "tracking/multitask/mean", preset=_WALK),
        Headline("meta-learner", "held/meta/mean", preset=_WALK),
        Headline(
            "meta-learner, no step",
            "still/meta/mean",
            preset=_WALK,
            note="a step adds little here; in the paper it is what wins",
        ),
    ),
    *group(
        "Speed in an unknown direction over tasks 2 to 7",
        Headline("no adaptation", "held/compass_all/mean", preset=_LOST),
        Headline(
            "tracking, direction stays", "tracking/compass_all/mean", preset=_LOST
        ),
        Headline(
            "tracking, direction flips", "tracking_flips/compass_all/mean", preset=_LOST
        ),
        Headline("meta-learner, direction stays", "fresh/compass/mean", preset=_LOST),
        Headline(
            "meta-learner, direction flips", "fresh/compass_flips/mean", preset=_LOST
        ),
        Headline(
            "the same with algorithm 2",
            "held/compass_flips/mean",
            preset=_LOST,
            note="importance weights lose every second step",
        ),
    ),
    *group(
        "Bouts of sumo between versions of self-play, share",
        Headline("15 updates win against 0", "self_play/win_v15_v0", preset=_SUMO),
        Headline("60 updates win against 15", "self_play/win_v60_v15", preset=_SUMO),
        Headline("120 updates win against 60", "self_play/win_v120_v60", preset=_SUMO),
        Headline(
            "120 updates draw with themselves",
            "self_play/draw_v120_v120",
            preset=_SUMO,
        ),
        Headline(
            "the same where draws cost 5",
            "self_play_hurried/draw_v120_v120",
            preset=_SUMO,
            note="the price of a draw is not why they draw",
        ),
    ),
)

EFFECT = Effect(
    paper="meta-learned agents adapt best to lost legs and to opponents: 35 to 52 % of "
    "late rounds won, RL² 21 to 46 %, tracking 16 to 48 %",
    here="one step on ten points of a sinusoid: {maml/after_1} after MAML, "
    "{joint/tuned_1} after joint training; a robot that is not told where to walk: "
    "{fresh/compass_flips/mean@laptop_compass} units/s after one step, "
    "{held/compass_all/mean@laptop_compass} without; with weak legs: "
    "{held/meta/mean@laptop_hexapod} with the step, "
    "{still/meta/mean@laptop_hexapod} without",
    reproduces="partly",
    reason="learned steps adapt to functions and directions; with weak legs as many "
    "updates without a step do more; importance weights lose every second step; no "
    "agent was meta-trained in sumo",
)
