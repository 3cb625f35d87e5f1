"""What the papers state, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# The papers give no numbers of parameters; these follow from their sizes. The class
# network's are our reading of a course project whose table is lost.
PARAMETERS = {
    ("paper", "paper_attention"): 959_467,
    ("paper", "paper_none"): 2_749_400,
    ("paper_svhn", "paper_attention"): 11_285_442,
    ("paper_clutter", "glimpses"): 414_479,
    ("paper_hdram", "attention"): 24_257_004,
    ("paper_hdram", "convnet"): 864_130,
    ("laptop", "attention"): 80_593,
    ("laptop", "none"): 217_850,
}
# Nats per image of binarised MNIST, upper bounds (not checked against the PDF).
BOUNDS = {"attention": 80.97, "none": 87.40}

HEADLINES = group(
    "Bound, nats per image",
    Headline("attention", "attention/bound", paper="80.97", digits=1),
)
EFFECT = Effect(
    paper="attention lowers the bound on MNIST from 87.40 to 80.97 nats",
    here="{attention/accuracy}",
    reproduces="partly",
    reason="to be written",
)
