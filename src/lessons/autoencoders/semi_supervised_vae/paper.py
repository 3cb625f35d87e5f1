"""What the paper states, and the rows of the results table."""

from lessons.toolkit.results import Headline

# Parameters of the published architectures, by preset and method.
PAPER_PARAMETERS = {
    ("paper", "m1"): 1_754_084,
    ("paper", "m1_m2"): 115_110,
    ("paper_m2", "m2"): 1_268_394,
    ("paper_clamped", "clamped"): 1_901_626,
}

HEADLINES = (
    Headline(
        "test accuracy, M2",
        "m2/accuracy",
        "0.880 ± 0.017 (MNIST, 100 labels)",
        digits=3,
        note="30 labels of 8x8 digits here; nothing of these rows can be compared "
        "with MNIST in value",
    ),
    Headline(
        "test accuracy, M1+M2",
        "m1_m2/accuracy",
        "0.967 ± 0.001 (MNIST, 100 labels)",
        digits=3,
        note="not better than M2 here: 64 pixels leave a first model little to do",
    ),
    Headline(
        "test accuracy, M1 features and an SVC",
        "m1/accuracy",
        "0.882 ± 0.003 (MNIST, 100 labels; transductive SVM)",
        digits=3,
        note="no better than an SVC on pixels here",
    ),
    Headline("test accuracy, label-clamped VAE", "clamped/accuracy", "—", digits=3),
    Headline(
        "test accuracy, labels only, same classifier",
        "supervised/accuracy",
        "—",
        digits=3,
    ),
    Headline("test accuracy, SVC on pixels", "svc/accuracy", "—", digits=3),
    Headline("cost without labels, M2: a bound (nats)", "m2/cost", "—", digits=1),
    Headline(
        "cost without labels, clamped: not a bound (nats)",
        "clamped/cost",
        "—",
        digits=1,
    ),
    Headline(
        "drawn images that a judge gives their label, M2", "m2/agreement", "—", digits=2
    ),
)
