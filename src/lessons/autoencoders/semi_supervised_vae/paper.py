"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Parameters of the published architectures, by preset and variant.
PAPER_PARAMETERS = {
    ("paper", "m1"): 1_754_084,
    ("paper", "m1_m2"): 115_110,
    ("paper_m2", "m2"): 1_268_394,
    ("paper_clamped", "clamped"): 1_901_626,
}

_MNIST = "(MNIST, 100 labels)"

HEADLINES = (
    *group(
        "Test accuracy with 30 labels of digits",
        Headline(
            "M2",
            "m2/accuracy",
            f"0.880 ± 0.017 {_MNIST}",
            "8x8 digits: no value here can be compared with MNIST's",
        ),
        Headline(
            "M1+M2",
            "m1_m2/accuracy",
            f"0.967 ± 0.001 {_MNIST}",
            "not better than M2 here: 64 pixels leave a first model little to do",
        ),
        Headline(
            "M1 features and an SVC",
            "m1/accuracy",
            "0.882 ± 0.003 (MNIST, 100 labels; transductive SVM)",
            "no better than an SVC on pixels here",
        ),
        Headline("label-clamped VAE", "clamped/accuracy"),
        Headline("labels only, same classifier", "supervised/accuracy"),
        Headline("SVC on pixels", "svc/accuracy"),
    ),
    *group(
        "Cost of an image without label (nats)",
        Headline("M2: a bound", "m2/cost"),
        Headline("clamped: not a bound", "clamped/cost"),
    ),
    *group(
        "Fraction of drawn images that a judge gives their label",
        Headline("M2", "m2/agreement"),
    ),
)

EFFECT = Effect(
    paper="accuracy with 100 labels of MNIST: M1+M2 0.967, M2 0.880, M1 0.882",
    here=(
        "with 30 labels of digits: M1+M2 {m1_m2/accuracy}, M2 {m2/accuracy}, M1 "
        "{m1/accuracy}, labels only {supervised/accuracy}"
    ),
    reproduces="partly",
    reason="M2 beats the labels alone; stacking M1 and M2 adds nothing here",
)
