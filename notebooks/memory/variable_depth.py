# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Variable-depth networks with output gates
#
# **In one hour you will build a network in which every layer may answer and gates decide which one
# does, find out what its loss really asks of the gates, and watch one story after the other about
# "easy inputs stop early" fall before something holds.**
#
# ![The picture that stands for this lesson](attachment:cover.png)
#
# > **Time.** About 50 minutes to read, about half a minute to run on two cores. No network.
# >
# > **Prerequisites.** Dense layers, softmax and cross-entropy (if you need them: section 3 of
# > [`convnet_baseline`](../foundations/convnet_baseline.ipynb)), `keras.Model`, `compile` and `fit`.
# >
# > **Source.** S. Tan and K. C. Sim, *Towards implicit complexity control using variable-depth
# > deep neural networks for automatic speech recognition*, ICASSP 2016. The paper was not at hand:
# > the equations follow the first author's public code of that time; names and grouping are ours.
#
# **You will be able to**
#
# * Break a stick over layers, in logarithms, so that a gate needs no layer above it.
# * Say what a Dirichlet prior on gates does to easy inputs (it makes them *uniform*), and compute
#   the gates that it wants.
# * Say what makes an input deep (layers that differ), and tell it from being hard and from not being
#   fitted yet.
# * Stop a network early for real, and count and measure what that saves.
# * Name the rivals that gates must be compared with.

# %% [markdown]
# <details><summary>Symbols</summary>
#
# | symbol | name in the code | shape | meaning |
# |---|---|---|---|
# | $h_l$ | `values` | (batch, units) | layer $l$ of $L$ |
# | $q_l$ | `seen` | (batch, slice) | the part of it that classifier and gate see |
# | $p_l(y)$ | `logits`, `log_right` | (batch, L, classes), (batch, L) | classifier of layer $l$; its probability of the right class |
# | $a_l$, $\pi_l$ | `gate_logits` | (batch, L - 1) | logit and probability to stop at $l$ if reached |
# | $g_l$ | `log_gates` | (batch, L) | probability to stop at layer $l$ |
# | $r_l$ | `responsibilities` | (batch, L) | part of layer $l$ in explaining the label |
# | $\alpha$ | `alpha` | number | weight of the prior on the gates |
# | $\lambda$ | `cost` | number | price of a layer |
# | $D$ | `depth` | (batch,) | expected depth, $\sum_l l\,g_l$ |
# | $\tau$ | `threshold` | number | sum of gates at which an input leaves |
#
# </details>

# %%
from lessons.toolkit.ledger import Ledger  # lessons first: it keeps TensorFlow quiet

# isort: split
import dataclasses

import numpy as np
import tensorflow as tf
import tensorflow_probability as tfp

from lessons.memory.variable_depth import (
    config,
    costs,
    data,
    evaluation,
    experiment,
    figures,
    figures_theory,
    ideal,
    lazy,
    model,
    paper,
    theory,
    theory_routes,
)
from lessons.memory.variable_depth.variants import VARIANTS
from lessons.toolkit import results, runtime, turning
from lessons.toolkit.figures import show
from lessons.toolkit.source import show_source

claims = Ledger()
rng = np.random.default_rng(0)
laptop = config.PRESETS["laptop"]
runs = results.recorded("variable_depth")
show(figures_theory.ladder())

# %% [markdown]
# **Figure 1.** Every layer has a classifier, and all but the last a gate. The gates share out a stick
# of length 1 from below. An input that leaves at layer 3 never computes what is grey.
#
# ## 1. Why should silence climb seven layers?
#
# A speech recogniser classifies frames, a hundred in a second, by a deep network. Many of them are
# silence, which a single layer could tell. One would like the network to stop there. Two things
# are asked of such a decision:
#
# * it must not need the layers that it is meant to spare: **a gate sees its own layer only**;
# * gates must **be a distribution over layers**, so that the network is one model with one likelihood.
#
# ## 2. Breaking a stick
#
# Let $\pi_l = \sigma(a_l)$ be the probability to stop at layer $l$ *if it is reached*. Then
#
# $$g_l = \pi_l \prod_{k<l} (1 - \pi_k) \quad (l < L), \qquad g_L = \prod_{k<L} (1 - \pi_k),$$
#
# which sums to 1 for any logits: each layer takes a part of what is left, and the last one takes the
# rest. Products of small numbers underflow, so we add logarithms.

# %%
show_source(theory.cascade, theory.log_left)

# %%
logits = rng.normal(0, 2, (200, 6))
log_gates = theory.cascade(logits).numpy()
claims.equal(
    "gates sum to 1, 200 random rows",
    np.exp(log_gates).sum(axis=1),
    1,
    tolerance=1e-12,
    control=(
        "no rest for the last layer",
        np.exp(log_gates[:, :-1]).sum(axis=1),
    ),
)
claims.equal(
    "gates from logarithms minus a stick broken in a loop, greatest",
    np.abs(np.exp(log_gates) - theory_routes.broken_stick(logits)).max(),
    0,
    tolerance=1e-12,
    control=(
        "softmax of the logits",
        np.abs(
            tf.nn.softmax(np.pad(logits, ((0, 0), (0, 1)))).numpy() - np.exp(log_gates)
        ).max(),
    ),
)
bijector = tfp.bijectors.IteratedSigmoidCentered()
shifted = theory.cascade(logits + theory_routes.uniform_logits(7)).numpy()
claims.equal(
    "TensorFlow Probability's stick minus ours with logits shifted, greatest",
    np.abs(bijector.forward(logits).numpy() - np.exp(shifted)).max(),
    0,
    tolerance=1e-7,
    control=(
        "without the shift",
        np.abs(bijector.forward(logits).numpy() - np.exp(log_gates)).max(),
    ),
)
extreme = theory.cascade(np.array([[-200.0, 200.0]], np.float32)).numpy()[0]
print("logits -200 and 200 in float32, log g:", *(extreme.round(3) + 0.0))

# %% [markdown]
# The shift is $-\ln(L - l)$: our stick with zero logits is lopsided, theirs is uniform.

# %%
start = np.exp(theory.cascade(np.zeros((1, 6))).numpy())[0]
print("zero logits, seven layers:", *(f"{g:.4f}" for g in start))
claims.equal(
    "their expected depth",
    theory.expected_depth(np.log(start)[None]).numpy()[0],
    1.984375,
    tolerance=1e-12,
    digits=7,
)
poisoned = logits.copy()
poisoned[:, 3:] = np.nan
below = theory.cascade(poisoned).numpy()[:, :3]
claims.equal(
    "logits of layers 4 and up are NaN: change of g at 1 to 3, greatest",
    np.abs(np.exp(below) - np.exp(log_gates[:, :3])).max(),
    0,
    tolerance=1e-15,
    control=(
        "softmax of finite but other logits",
        np.abs(
            tf.nn.softmax(logits).numpy() - tf.nn.softmax(np.nan_to_num(poisoned))
        ).max(),
    ),
)

# %% [markdown]
# ## 3. One likelihood
#
# The network's answer is the mixture $p(y \mid x) = \sum_l g_l(x)\, p_l(y \mid x)$, and its loss
#
# $$-\log \sum_l g_l\, p_l(y).$$
#
# The average of the layers' losses, $-\sum_l g_l \log p_l(y)$, is *not* this loss but an upper bound of
# it (Jensen's inequality). The difference matters: under the average every layer with some $g_l$ has to be right;
# in the mixture it is enough that *one* is, as long as the gates find it.

# %%
show_source(theory.mixture_nll)
probs = rng.dirichlet(np.full(4, 0.7), (200, 7))
right = probs[..., 2]
loss = theory.mixture_nll(log_gates, np.log(right)).numpy()
bound = theory.mean_nll(log_gates, np.log(right)).numpy()
least = -np.log(right.max(axis=1))
first = f"{least[0]:.3f} ≤ {loss[0]:.3f} ≤ {bound[0]:.3f}"
print("first of 200 random rows: best layer ≤ mixture ≤ average:", first)
claims.true(
    "best layer ≤ mixture ≤ average, 200 rows",
    (least <= loss) & (loss <= bound),
    control=("the average in the place of the mixture", bound < loss),
)
nested = theory_routes.nested_mixture(logits, probs)[:, 2]
claims.equal(
    "loss minus that of the nested mixture, greatest",
    np.abs(loss + np.log(nested)).max(),
    0,
    tolerance=1e-10,
    control=("the average of losses", np.abs(bound + np.log(nested)).max()),
)

# %% [markdown]
# **What moves a gate?** Let $r_l = g_l p_l(y) / \sum_k g_k p_k(y)$ be the *responsibility* of layer
# $l$ for the label. Then
#
# $$\frac{\partial}{\partial a_l} \Big(-\log \sum_k g_k p_k(y)\Big) = -\Big( r_l (1 - \pi_l) - \pi_l
# \sum_{k>l} r_k \Big).$$
#
# And classifier $l$ learns from the example with weight $r_l$. A layer with a small $g_l$ has a small
# $r_l$, learns little, is right less often, and so its $g_l$ shrinks: **the rich get richer**, as in
# any mixture of experts (networks that share out the inputs among them by gates). This decides *which* layer
# wins. That *one* wins is decided before: inside the logarithm the loss is linear in $g$, so it is least at a
# corner, all of $g$ on the best layer.

# %%
show_source(theory_routes.gate_gradient)
tensor = tf.constant(logits)
with tf.GradientTape() as tape:
    tape.watch(tensor)
    total = tf.reduce_sum(theory.mixture_nll(theory.cascade(tensor), np.log(right)))
slopes = tape.gradient(total, tensor).numpy()
formula = theory_routes.gate_gradient(logits, right)
shares = theory.responsibilities(log_gates, np.log(right)).numpy()
stop = 1 / (1 + np.exp(-logits))
claims.equal(
    "slopes of the loss minus the formula, greatest",
    np.abs(slopes - formula).max(),
    0,
    tolerance=1e-10,
    control=(
        "without the layers above",
        np.abs(slopes + shares[:, :-1] * (1 - stop)).max(),
    ),
)

# %% [markdown]
# ## 4. What the prior wants
#
# Against the collapse onto one layer the code adds, for each example, $-\alpha \sum_l \log g_l$: up to a constant minus
# the log-density of a Dirichlet$(1 + \alpha)$, a distribution of probability vectors. It is least, $L \ln L$, for
# equal gates, and infinite where one of them is 0.

# %%
uniform = np.full((1, 7), -np.log(7))
claims.equal(
    "prior of equal gates, seven layers, over α",
    float(theory.prior_penalty(uniform)[0]),
    13.6214,
    tolerance=5e-5,
    control=("of the lopsided start", -np.log(start).sum()),
)
law = tfp.distributions.Dirichlet(np.full(7, 1.15))
sums = law.log_prob(np.exp(log_gates)).numpy()
claims.below(
    "log-density of Dirichlet(1.15) + 0.15 x prior: spread over 200 rows",
    np.ptp(sums + 0.15 * theory.prior_penalty(log_gates).numpy()),
    1e-6,
    control=(
        "0.30 x prior",
        np.ptp(sums + 0.30 * theory.prior_penalty(log_gates).numpy()),
    ),
)

# %% [markdown]
# Now forget the network for a moment: which gates are best for *one* example, given what its layers
# say? For fixed $r$ it is $g_l = (r_l + \alpha)/(1 + L\alpha)$. But $r$ depends on $g$. The whole,
# $-\log \sum_l g_l p_l(y) - \alpha \sum_l \log g_l$, is strictly convex in $g$, so there is exactly one best
# $g$, the fixed point of this formula. We iterate.

# %%
show_source(ideal.ideal_gates)
alike = ideal.ideal_gates(np.full(5, 0.3), 0.01)
better = [ideal.one_better_layer(r, 0.01, 5) for r in (0.0, 0.5, 0.9, 0.96, 0.99)]
print("others' p(y) over the best layer's: 0, 0.5, 0.9, 0.96, 0.99")
print("ideal gate of the best, α = 0.01:  ", *(f"{g:.3f}" for g in better))
for alpha in (0.001, 0.01, 0.15, 1.0):
    low, high = ideal.depth_range(alpha, 5)
    print(f"α = {alpha:<6g} expresses depths from {low:.3f} to {high:.3f}")
claims.equal(
    "five layers alike: ideal depth, whatever α > 0",
    float(ideal.depth(alike)),
    3.0,
    tolerance=1e-6,
    control=(
        "layer 1 twice as good",
        float(ideal.depth(ideal.ideal_gates([1.0] + [0.5] * 4, 0.01))),
    ),
)
corner = ideal.ideal_gates([0.9, 0.8, 0.7, 0.95, 0.9], 1e-6)
mild = ideal.ideal_gates([0.9, 0.8, 0.7, 0.95, 0.9], 0.01)
print("p = 0.9 0.8 0.7 0.95 0.9, α near 0:", *(f"{g:.3f}" for g in corner))
print("                          α = 0.01:", *(f"{g:.3f}" for g in mild))
claims.above(
    "α near 0: ideal gate of the layer that is right with 0.95, not 0.9",
    float(corner[3]),
    0.99,
    digits=2,
    control=("α = 0.01", float(mild[3])),
)
claims.equal(
    "α = 0.15: least and greatest depth",
    ideal.depth_range(0.15, 5),
    (13 / 7, 29 / 7),
    tolerance=1e-9,
    control=("α = 0.01", ideal.depth_range(0.01, 5)),
)

# %%
for alpha in (0.001, 0.01, 0.15, 1.0):
    most = (1 + alpha) / (1 + 5 * alpha)
    half = (most + 1 / 5) / 2  # of the way from 1/L to the most that α allows
    share = half + alpha * (5 * half - 1)  # its responsibility, from the fixed point
    lead = np.log(share * (1 - half) / (half * (1 - share)))
    print(f"α = {alpha:<6g} half of the lead at {lead / (5 * alpha):.2f} Lα")
turning.show(figures_theory.prior_knob())

# %% [markdown]
# **Figure 2.** Turn α. The better layer has lost half of its lead over $1/L$ where its advantage,
# $\log p_\text{best} - \log p_\text{others}$, has fallen to one or two times $L \alpha$ (less where α is large).
#
# Two predictions follow, before anything is trained:
#
# 1. **Easy inputs become uniform, not shallow.** Where all layers are right, $r = g$, the likelihood says
#    nothing, and the prior makes the gates equal: $D = (L + 1)/2$. The loss contains no wish to be cheap.
# 2. **Depth is about differences between layers, not about difficulty.** An input moves away from the
#    middle only while some layer is better for it, by an advantage of the order of $L\alpha$.
#
# ## 5. Training
#
# **Data.** scikit-learn's digits with noise, 1,280 to train and 517 to test, and as many examples of
# "silence", $|N(0,1)|/10$ in each pixel. **Network.** $L = 5$ layers of 48 ReLUs. The gates begin with
# $a = 0$: half stop at layer 1, $D = 1.94$. That matters, as we will see. 600 updates of Adam.

# %%
show_source(model.VariableDepth.losses_of)

# %%
# NBVAL_IGNORE_OUTPUT
features = data.load(laptop)
trained = experiment.train(laptop, VARIANTS["little"], features)
network = trained.model
scores, groups = evaluation.evaluate(network, features, laptop)
print(f"digits right: {scores['hard']:.3f}, silence right: {scores['accuracy_0']:.3f}")
print(f"depth of silence {scores['depth_0']:.2f}, of digits {scores['depth_1']:.2f}")
claims.below(
    "α = 0.01: depth of silence minus 3, absolute, this run",
    abs(scores["depth_0"] - 3),
    0.2,
    varies=True,
    control=("before training", 3 - 1.9375),
)

# %%
print("digits right; depth of silence, of digits; entropy of gates (ln 5 = 1.609)")
for name in config.COMPARED:
    print(f"{VARIANTS[name].label}")
    print("   digits right:", results.in_words(runs[name, "hard"]))
    if name not in ("plain", "deep"):
        for kind, word in enumerate(("silence", "digits")):
            print(f"   depth, {word}:", results.in_words(runs[name, f"depth_{kind}"]))
        print("   entropy:     ", results.in_words(runs[name, "entropy"]))
majority = runs["majority/accuracy"].max()
print("linear model, all inputs:", results.in_words(runs["linear/accuracy"]))
print(f"always silence, all inputs: {majority:.3f}, digits: 0")

# %% [markdown]
# All networks get about 93 of 100 digits. (Half of all inputs are silence, so we look at digits
# alone: "always silence" gets half of everything right.) What differs is the depth.
#
# Prediction 1 holds: with a prior and no price, silence sits at 3, for α = 0.01 as for 0.15. (The pull is
# proportional to α: a smaller one takes more updates.) With a loud fixed pattern instead of silence as well, so
# it is ease and not quietness:

# %%
starts = results.recorded("variable_depth", "laptop_starts")
print("a loud pattern, 600 updates:", results.in_words(starts["pattern/depth_0"]))
claims.below(
    "α = 0.01 and 0.15: depth of silence minus 3, greatest of 8 seeds",
    np.abs([runs[n, "depth_0"] - 3 for n in ("little", "strong")]).max(),
    0.2,
    digits=2,
    control=[
        ("α = 0", np.abs(runs["free/depth_0"] - 3).max()),
        ("λ = 0.02", np.abs(runs["cost/depth_0"] - 3).max()),
    ],
)
claims.above(
    "entropy, α = 0.01 minus α = 0, each of 8 seeds",
    runs["little/entropy"] - runs["free/entropy"],
    0.5,
    digits=2,
    control=(
        "α = 0, uniform start minus zero start",
        starts["free_uniform/entropy"] - runs["free/entropy"],
    ),
)

# %% [markdown]
# (The entropy alone proves little: untrained uniform gates have the highest one of all.) Without the
# prior the gates collapse. Onto which layer?

# %%
show(figures.who_answers(runs, ("free", "little", "strong"), 5))

# %% [markdown]
# **Figure 3.** Left, α = 0: one layer answers for most inputs, or two share them, and which ones follows the
# first weights.
# Starting from uniform gates does not help against the collapse; a random start collapses too:

# %%
for name in ("free_uniform", "free_random"):
    print(VARIANTS[name].label)
    print("   depth, digits:", results.in_words(starts[name, "depth_1"]))
    print("   entropy:      ", results.in_words(starts[name, "entropy"]))

# %% [markdown]
# Is the collapse the work of starved layers? Then it must go where nobody starves. We give every layer a loss of
# its own besides, with full weight:

# %%
reasons = results.recorded("variable_depth", "laptop_reasons")
print(VARIANTS["free_supervised"].label)
print("   depth, digits:", results.in_words(reasons["free_supervised/depth_1"]))
print("   entropy:      ", results.in_words(reasons["free_supervised/entropy"]))
alone = [reasons[f"free_supervised/layer_{n}_1"].mean() for n in range(1, 6)]
print("   each layer alone, digits right:", *(f"{a:.2f}" for a in alone))
claims.below(
    "α = 0, a loss at every layer: entropy, greatest of 8 seeds",
    reasons["free_supervised/entropy"].max(),
    0.6,
    digits=2,
    control=("α = 0.01, a loss at every layer", reasons["supervised/entropy"].min()),
)

# %% [markdown]
# The gates collapse all the same, though every layer alone is good. So the collapse is what the likelihood wants
# (section 4); starving decides who wins, and makes the others bad.

# %% [markdown]
# ## 6. First story: "digits are deeper, for they are harder"
#
# With α = 0.01 digits are two thirds of a layer deeper than silence. It is tempting to say that the network has
# found out which inputs are hard. Three things to vary before we believe it: the first weights of the gates,
# the budget, and **the labels**. Permuted among the digits they can be learned by heart
# only, and "how hard is this digit" has lost its meaning.

# %%
long = results.recorded("variable_depth", "laptop_long")
looks = range(15, 121, 15)
names = config.STARTS
show(figures.gaps(long, names, looks, 20))

# %% [markdown]
# **Figure 4.** The depth of digits minus that of the easy class while training goes on.

# %%
for name in names:
    print(VARIANTS[name].label)
    for epochs in (15, 30, 60, 120):
        at = f"at_{epochs}"
        gap = long[at, name, "depth_1"] - long[at, name, "depth_0"]
        print(f"   {20 * epochs:5d} updates: gap", results.in_words(gap))
gap = {
    name: long["at_120", name, "depth_1"] - long["at_120", name, "depth_0"]
    for name in names
}
early = long["at_30/little/depth_1"] - long["at_30/little/depth_0"]
claims.above(
    "true labels: gap after 600 updates minus after 2,400, each of 8 seeds",
    early - gap["little"],
    0.2,
    digits=2,
    control=(
        "permuted labels",
        long["at_30/shuffled/depth_1"]
        - long["at_30/shuffled/depth_0"]
        - gap["shuffled"],
    ),
)
claims.above(
    "gap after 2,400 updates, permuted minus true labels, each of 8 seeds",
    gap["shuffled"] - gap["little"],
    0.5,
    digits=2,
    control=("uniform start minus zero start", gap["little_uniform"] - gap["little"]),
)

# %% [markdown]
# **With true labels the gap is a transient; with permuted ones it grows and stays.** Are permuted labels just
# not fitted? We look at *training* digits, and at what each layer alone can do. So that no layer is starved we
# give each its own loss here.

# %%
# NBVAL_IGNORE_OUTPUT
middle = laptop.replace(epochs=60, look_every=60)
fits, leads = {}, {}
for word, permuted in (("true labels", False), ("permuted labels", True)):
    variant = dataclasses.replace(VARIANTS["supervised"], shuffled=permuted)
    given = data.load(middle, variant)
    answers = evaluation.answers(
        experiment.train(middle, variant, given).model, given.train_features
    )
    digit = given.train_kinds > 0
    right = answers.log_probs.argmax(axis=2) == given.train_labels[:, None]
    whole = answers.log_mixture.argmax(axis=1) == given.train_labels
    depth = evaluation.depth_of(answers.log_gates)
    fits[word] = whole[digit].mean()
    leads[word] = depth[digit].mean() - depth[~digit].mean()
    print(f"{word}, 1,200 updates: training digits right {fits[word]:.3f}")
    print("   each layer alone:", *(f"{a:.2f}" for a in right[digit].mean(axis=0)))
    print(f"   depth of digits minus silence {leads[word]:.2f}")
claims.above(
    "permuted labels: training digits right, this run",
    fits["permuted labels"],
    0.95,
    varies=True,
    control=("layer 1 alone", right[digit].mean(axis=0)[0]),
)
claims.above(
    "and yet depth of digits minus silence, this run",
    leads["permuted labels"],
    1.0,
    varies=True,
    control=("true labels, fitted as well", leads["true labels"]),
)

# %% [markdown]
# Both networks have fitted their digits, and with permuted labels they are deep all the same. The difference is in
# the layers: a rule is learned by each of them, but to know labels *by heart* takes several. **Depth says how much better some
# layers are than others, whether the input is fitted or not.** That is prediction 2. True labels: in the end all
# layers get there, and the prior has its way. Permuted: only upper layers do, and the gap stays.
#
# How near are the gates to the best ones for their layers? We compute the *ideal* gates for what the layers say about
# each training example. (If depths agree, the gates are trained well; the reason for depth remains that layers differ.)

# %%
found = {
    (where, name, kind): (
        source[name, f"trained_depth_{kind}"],
        source[name, f"ideal_{kind}"],
    )
    for where, source, names_ in (
        ("600 updates", runs, ("little", "strong")),
        ("2,400 updates", long, names),
    )
    for name in names_
    for kind in (0, 1)
}
for (where, name, kind), (depth, wanted) in found.items():
    word = ("easy class", "digits")[kind]
    print(f"{where}, {VARIANTS[name].label}, {word}:")
    print("   depth", results.in_words(depth), " ideal", results.in_words(wanted))

# %%
digits = [(d, w) for (_, _, kind), (d, w) in found.items() if kind == 1]
depth, wanted = (np.concatenate(column) for column in zip(*digits, strict=True))
agree = np.corrcoef(depth, wanted)[0, 1]
moved = np.corrcoef(depth, np.roll(wanted, 8))[0, 1]
print(f"{len(depth)} runs: correlation of depth and ideal depth of digits {agree:.3f}")
claims.above(
    "depth of digits against the ideal one, correlation over all runs",
    agree,
    0.9,
    digits=2,
    control=("the ideal of another variant", moved),
)

# %% [markdown]
# **And within the digits?** If depth meant difficulty, digits with a greater loss would be deeper. Ranks of
# depth and of loss, among test digits:

# %%
for name in ("free", "little", "strong", "cost"):
    found_ = runs[name, "spearman"]
    print(f"{VARIANTS[name].label}: Spearman", results.in_words(found_))
for name in ("little_uniform", "little_random"):
    found_ = long[name, "spearman"]
    print(f"{VARIANTS[name].label}, 2,400 updates:", results.in_words(found_))

# %% [markdown]
# With the prior alone, and with a price alone, both signs occur: "hard digits are deep" is not seen. It *is* seen,
# weakly, with a price *and* a loss of its own for every layer (we come to that network in section 8). Without the
# price there is next to nothing of it:

# %%
found_ = runs["both", "spearman"]
print(f"{VARIANTS['both'].label}: Spearman", results.in_words(found_))
priceless = reasons["supervised/spearman"]
print(f"{VARIANTS['supervised'].label}: Spearman", results.in_words(priceless))
claims.above(
    "price and layers' losses: Spearman of depth and loss of digits, each of 8 seeds",
    found_,
    0.1,
    digits=2,
    control=[
        *((VARIANTS[n].label, runs[n, "spearman"]) for n in ("little", "dear")),
        (VARIANTS["supervised"].label, priceless),
    ],
)

# %% [markdown]
#
# ## 7. Second story: "the gates know where an input may leave"
#
# Leave at the first layer at which the gates so far sum to $\tau$, and answer with that layer's classifier. In
# logarithms: where $\sum_{k \le l} \log(1 - \pi_k) \le \log(1 - \tau)$. (Adding up gates in floating point
# fails at both ends: with a = (40, 0, 0) the sum is 1 at layer 1, and seven equal gates never sum to 1.)

# %%
show_source(theory.exit_layers)
sure = np.array([[40.0, 0.0, 0.0]])
seven = theory_routes.uniform_logits(7)[None]
naive = [
    int(np.sum(np.cumsum(np.exp(theory.cascade(a).numpy())) < 1)) + 1
    for a in (sure, seven)
]
exits = [int(theory.exit_layers(a, 1)[0]) for a in (sure, seven)]
print("τ = 1, adding up gates: layers", *naive, "of 4 and 7")
claims.true(
    "τ = 1 sends everybody to the last layer",
    np.array(exits) == (4, 7),
    control=("adding up gates", np.array(naive) == (4, 7)),
)

# %%
print("τ = 0.5: digits right at their exit; the same exits given to other digits;")
print("a fixed layer (or a mix of two) at the same mean depth; that depth")
for name in ("free", "little", "strong", "cost", "both"):
    print(VARIANTS[name].label)
    for key in ("hard", "shuffled", "fixed", "hard_depth"):
        print(f"   {key:11s}", results.in_words(runs["tau_0.5", name, key]))
print("layers alone, digits right, mean of 8 seeds")
for name in ("free", "little", "strong", "both", "deep"):
    alone = [runs[name, f"layer_{layer}_1"].mean() for layer in range(1, 6)]
    print(f"   {VARIANTS[name].label:48s}", *(f"{a:.2f}" for a in alone))

# %% [markdown]
# With α = 0.01 the exits look wise: given to other digits they cost a good tenth of the accuracy. But look
# at the layers alone. They are *bad*: trained through the mixture, each has learned the inputs that the
# gates give it and little else (α = 0.15 makes them better, but not good). **The exits must be right because
# the layers have divided the work**, not because some digits are easy. The network of section 5 shows it: which
# part of the digits that leave at a layer does each layer know?

# %%
# NBVAL_IGNORE_OUTPUT
seen = evaluation.answers(network, features.test_features)
ends = evaluation.exits_by_gates(seen.log_gates, 0.5)
known = seen.log_probs.argmax(axis=2) == features.test_labels[:, None]
for layer in range(5):
    rows = (ends == layer) & (features.test_kinds > 0)
    if rows.sum() >= 10:
        parts = known[rows].mean(axis=0)
        text = " ".join(f"{part:.2f}" for part in parts)
        print(
            f"leave at {layer + 1}: {rows.sum():3d} digits, layers 1 to 5 know {text}"
        )

# %% [markdown]
# Layers above the exit, which "could do more", know *fewer* of the digits that left below. The network without
# gates has a plain loss at every layer; each of its layers gets about 93 of 100 digits, the first one too. Where
# gates are trained on top of such layers, with the same prior and no price, they still send digits to different
# exits, but the exits can be given to other digits at next to no cost.

# %%
lost = runs["tau_0.5/little/hard"] - runs["tau_0.5/little/shuffled"]
claims.above(
    "gates, α = 0.01: exits given to other digits lose, each of 8 seeds",
    lost,
    0.05,
    digits=2,
    control=(
        "α = 0.01 and a loss at every layer",
        reasons["tau_0.5/supervised/hard"] - reasons["tau_0.5/supervised/shuffled"],
    ),
)
spread = [reasons[f"tau_0.5/supervised/{key}"] for key in ("hard", "shuffled")]
print("a loss at every layer: right", results.in_words(spread[0]))
print("   exits given to others   ", results.in_words(spread[1]))
depth = reasons["tau_0.5/supervised/hard_depth"]
print("   layers                  ", results.in_words(depth))
first = runs["deep/layer_1_1"] - runs["deep/layer_5_1"]
print("no gates, layer 1 minus layer 5:", results.in_words(first))
ahead = runs["deep/layer_1_1"] - runs["tau_0.5/little/hard"]
print("layer 1 of it minus gates, τ = 0.5:", results.in_words(ahead))
claims.above(
    "no gates: layer 1 alone minus layer 5, each of 8 seeds",
    first,
    -0.03,
    digits=2,
    control=("gates, α = 0.01", runs["little/layer_1_1"] - runs["little/layer_5_1"]),
)

# %% [markdown]
# So on these data there is nothing to decide: *always stop at layer 1* does as well, if only layer 1 was taught
# to answer. For gates to be of use, low layers have to fail on some inputs.
#
# ## 8. Inputs of known difficulty
#
# Take $u \in [0, 1)$ and fold it $k$ times, $u \leftarrow 1 - |1 - 2u|$; the label is whether the result is above
# one half. Along the line it changes $2^k$ times, $k = 0, 1, 2, 3$; the network is told $u$ and, as four more inputs,
# which $k$ it is. A layer of ReLUs folds, so layers help. Twelve units a layer, 2,400 updates. We train gates with a **price** on depth, $\lambda D$ with
# $\lambda = 0.1$, *and* the layers' own losses, so that each classifier is good for what can be known there.

# %%
show_source(data.folded)

# %%
# NBVAL_IGNORE_OUTPUT
folds = config.PRESETS["laptop_folds"]
lines = data.load(folds)
both = experiment.train(folds, VARIANTS["both"], lines).model
here, there = evaluation.evaluate(both, lines, folds)
depths = [here[f"depth_{kind}"] for kind in range(4)]
print("depth, by kind:", *(f"{d:.2f}" for d in depths))
claims.above(
    "depth of the most folded kind minus the least, this run",
    depths[3] - depths[0],
    0.5,
    varies=True,
    control=("layers that a fixed exit has", 0.0),
)

# %% tags=["cover"]
# NBVAL_IGNORE_OUTPUT
picture = figures.along_the_line(both, folds, lines.mean)
show(picture)
assert picture.alt

# %% [markdown]
# **Figure 5.** From above, 1, 2, 4 and 8 changes of the label: what the network answers along the line, and
# in colour which layer answered, with $\tau = 0.3$.

# %%
folded = results.recorded("variable_depth", "laptop_folds")
print("no gates, a loss at every layer: each layer alone, mean of 8 seeds")
for kind in range(4):
    alone = [folded["deep", f"layer_{layer}_{kind}"].mean() for layer in range(1, 6)]
    print(f"   changes {2**kind}:", *(f"{a:.3f}" for a in alone))
for name in ("free", "little", "dear", "both", "act"):
    print(f"{VARIANTS[name].label}; right:", results.in_words(folded[name, "hard"]))
    for kind in range(4):
        text = results.in_words(folded[name, f"depth_{kind}"])
        print(f"   depth, changes {2**kind}:", text)

# %%
rows = (
    ("little", "", "prior alone", "#0072B2"),
    ("dear", "", "prior and price", "#E69F00"),
    ("both", "", "prior, price, loss at every layer", "#CC79A7"),
    ("deep", "sure_0.95", "no gates, where sure (0.95)", "#000000"),
)
show(figures.needed(folded, rows, 4))

# %% [markdown]
# **Figure 6.** Expected depth, or for the network without gates the layer at which its greatest probability first
# reaches 0.95.

# %%
rise = {
    name: folded[name, "depth_3"] - folded[name, "depth_0"]
    for name in ("free", "both", "dear")
}
sure_rise = folded["sure_0.95/deep/depth_3"] - folded["sure_0.95/deep/depth_0"]
print(
    "8 changes minus 1: gates, price, loss at every layer",
    results.in_words(rise["both"]),
)
print("                   no gates, where sure", results.in_words(sure_rise))
claims.above(
    "folds: depth at 8 changes minus 1, price and layers' losses, each of 8 seeds",
    rise["both"],
    0.5,
    digits=2,
    control=("α = 0 without price", rise["free"]),
)
claims.above(
    "folds: where sure, no gates: exit at 8 changes minus 1, each of 8 seeds",
    sure_rise,
    0.5,
    digits=2,
    control=(
        "where sure (0.5)",
        folded["sure_0.5/deep/depth_3"] - folded["sure_0.5/deep/depth_0"],
    ),
)

# %% [markdown]
# The first layer alone knows one, two and nearly always four changes, the second most of eight, as the layers of
# the network without gates say; no input needs layer 4. With price and layers' losses the gates follow: about one layer
# and a half for one change, three for eight, on all eight seeds. Neither price nor losses make this *order*: the prior
# alone has it too, on each seed, since here layers do differ (prediction 2). But it saves nothing, for nothing is paid:
# even one change takes three layers. With a price but without the layers' own losses it depends on the seed. And the
# network without gates that leaves where it is sure does it too.
#
# **What do these gates know?** They are told the kind. We give exits to other inputs *of the same kind*:

# %%
# NBVAL_IGNORE_OUTPUT
print(
    "prior alone: 8 changes minus 1",
    results.in_words(folded["little/depth_3"] - folded["little/depth_0"]),
)
told = evaluation.answers(both, lines.test_features)
ends = evaluation.exits_by_gates(told.log_gates, 0.5)
known = told.log_probs.argmax(axis=2) == lines.test_labels[:, None]
order = np.random.default_rng(1)
within = ends.copy()
for kind in range(4):
    rows = np.flatnonzero(lines.test_kinds == kind)
    within[rows] = ends[order.permutation(rows)]
anywhere = ends[order.permutation(len(ends))]
own, same, other = (evaluation.taken(known, e).mean() for e in (ends, within, anywhere))
print(f"right at their exits {own:.3f}, within kinds {same:.3f}, anywhere {other:.3f}")
claims.below(
    "folds: exits exchanged within kinds lose, this run",
    own - same,
    0.02,
    varies=True,
    control=("exchanged among all", own - other),
)

# %% [markdown]
# Nearly all that the gates know is the kind: they have learned *a depth for each kind*. That is worth something, but
# it is not a look at the single input.
#
# ## 9. Accuracy against depth
#
# The rival of gates is no gate at all: a loss at every layer, and leave where the greatest probability
# reaches a threshold. (A convolutional network that does so is [`msdnet`](../efficiency/msdnet.ipynb).)

# %%
panels = (
    ("digits", runs, ("little", "dear", "both")),
    ("folds", folded, ("little", "dear", "both")),
)
show(figures.frontier(panels, laptop.taus, laptop.sureness))

# %% [markdown]
# **Figure 7.** Accuracy on digits, and on folds with 2 changes or more, against the layers that these inputs
# need on average.

# %%
for title, source, names_ in (
    ("digits", runs, ("little", "strong", "cost", "dear", "both")),
    ("folds", folded, ("little", "dear", "both")),
):
    print(title)
    for name in names_:
        at = source["tau_0.5", name, "hard_depth"], source["tau_0.5", name, "hard"]
        print(f"  {VARIANTS[name].label}, τ = 0.5")
        print(
            "     layers",
            *map(results.in_words, at[:1]),
            " right",
            results.in_words(at[1]),
        )
    for sure_ in (0.8, 0.95):
        at = source[f"sure_{sure_:g}", "deep", "hard_depth"]
        print(f"  no gates, where sure ({sure_:g})")
        print(
            "     layers",
            results.in_words(at),
            " right",
            results.in_words(source[f"sure_{sure_:g}/deep/hard"]),
        )
gain = folded["sure_0.8/deep/hard"] - folded["sure_0.8/deep/shuffled"]
claims.above(
    "folds, no gates, where sure (0.8): exits given to others lose, each of 8 seeds",
    gain,
    0.01,
    digits=2,
    control=("digits", runs["sure_0.8/deep/hard"] - runs["sure_0.8/deep/shuffled"]),
)

# %% [markdown]
# On digits nothing is clearly ahead of a fixed first layer (mind the axis: all of it is a point and a half). On folds
# leaving early is worth something: where it is sure, the network without gates reaches its last layer's accuracy with less
# than half of the layers, and at two layers it has more right than a fixed layer, or a mix of two, on each seed. **Gates
# with price and layers' losses are as good**: at about two layers, τ = 0.3 and sureness 0.8, the difference is half a point
# on average and has both signs. At $\tau = 0.5$ they are not ahead of a mix of fixed layers on every seed.

# %%
ahead = folded["tau_0.3/both/hard"] - folded["sure_0.8/deep/hard"]
deeper = folded["tau_0.3/both/hard_depth"] - folded["sure_0.8/deep/hard_depth"]
print("folds, gates (τ = 0.3) minus no gates (0.8): right", results.in_words(ahead))
print("                                             layers", results.in_words(deeper))
over = {
    "no gates, where sure (0.8)": ("sure_0.8", "deep"),
    "gates, τ = 0.3": ("tau_0.3", "both"),
    "gates, τ = 0.5": ("tau_0.5", "both"),
}
for label, key in over.items():
    gain = folded[(*key, "hard")] - folded[(*key, "fixed")]
    print(f"{label}, over a mix of layers at the same depth:", results.in_words(gain))

# %% [markdown]
# **Adaptive computation time** (Graves 2016) is the other way to let a network choose. Halting units $h_l$
# add up to $1 - \epsilon$, the last step takes the remainder, and *logits* are averaged with these weights.
# Steps cost $\tau(N + R)$; the slope comes from $R$ alone.

# %%
show_source(theory.act_weights)
ponder = theory.act_weights(np.array([[0.3, 0.4, 0.25, 0.2, 0.9], [0.1] * 5]))
print("weights:", *ponder[0].numpy()[0].round(2), "and", *ponder[0].numpy()[1].round(2))
claims.equal(
    "N + R of both examples",
    (ponder[1] + ponder[2]).numpy(),
    (4.05, 5.6),
    tolerance=1e-9,
    control=("h of the last step in the place of R", (4.2, 5.1)),
)
for title, source, count in (("digits", runs, 2), ("folds", folded, 4)):
    print(f"{title}, right:", results.in_words(source["act/hard"]))
    for kind in range(count):
        ends = source[f"halted/act/depth_{kind}"]
        print(f"   layers run, kind {kind}:", results.in_words(ends))

# %% [markdown]
# On digits ACT has silence at 1.0 by weights, and yet runs 1.8 layers for it: a step counts until the sum has reached
# 0.99. On folds it orders the kinds less clearly than gates with price and layers' losses, and it gets fewer right; we
# did not look for its best $\tau$.
#
# ## 10. What is really saved
#
# **Counted.** A gate is one output, a classifier is 2,000 in the speech network. A network that leaves by gates
# needs one classifier, that of the exit. One that leaves where it is sure has to ask *every* classifier on the
# way. Here is what gates are for, if there are many classes: with the two classes of the folds the same network
# multiplies *less* when it leaves where it is sure. And this is also what the slice does, $q_l$: half of the
# units feed classifier and gate, so that classifiers cost half.

# %%
show_source(costs.until_exits)
speech = experiment.build_model(config.PRESETS["paper"], VARIANTS["strong"])
sizes = costs.Sizes.of(speech)
claims.equal(
    "trained numbers of the speech network (7 x 2,048)",
    runtime.num_parameters(speech),
    paper.PARAMETERS,
    tolerance=0.5,
    digits=9,
    control=("without gates and slices", paper.PLAIN_PARAMETERS),
)
for text, key in (("gates, τ = 0.5", "tau_0.5"), ("where sure, 0.8", "sure_0.8")):
    spent, right = (folded[key, "both", name] for name in ("cost", "hard"))
    print(
        f"folds, {text}: multiplications {spent.mean():.0f}, right {right.mean():.3f}"
    )
for rule in ("fixed", "gates", "confidence"):
    parts = costs.until_exits(sizes, rule) / sizes.plain
    print(f"{rule:11s} part of the plain network:", *(f"{p:.3f}" for p in parts))
claims.above(
    "all classifiers up to exit 6 over the whole plain network",
    (costs.until_exits(sizes, "confidence") / sizes.plain)[5],
    1.1,
    digits=3,
    control=("gates", (costs.until_exits(sizes, "gates") / sizes.plain)[5]),
)

# %% [markdown]
# **Executed.** `EarlyExit` computes a layer with its gate for the rows that are still there, and the
# classifier for those that leave. To prove that nothing above an exit is touched, we put NaN there.

# %%
show_source(lazy.EarlyExit.predict)

# %%
executor = lazy.EarlyExit(both)
classes, exits = executor.predict(lines.test_features, 0.5)
assert executor.computed[0] == len(lines.test_features)
both.gates[3].bias.assign([np.nan])
for head in both.heads[3:]:
    head.bias.assign(np.full(2, np.nan))
again, _ = executor.predict(lines.test_features, 0.5)
low = exits <= 3
whole = both.log_mixture(both(lines.test_features)).numpy()[low]
claims.true(
    "gate 4, classifiers 4 and 5 are NaN: who left before gets the same class",
    np.append(classes[low] == again[low], low.any()),
    control=("the whole network: answers are numbers", np.isfinite(whole)),
)

# %%
wide = results.recorded("variable_depth", "laptop_wide")
part = wide["cost/seconds_early"] / wide["cost/seconds_full"]
print("five layers of 1,024, τ = 0.5, 4,000 rows, digits and silence:")
print("   multiplications, part of all:", results.in_words(wide["cost/work_early"]))
print("   processor's seconds, part:   ", results.in_words(part))
print("   rows with the rule's exit:   ", results.in_words(wide["cost/same_exits"]))
print("   digits right there:          ", results.in_words(wide["tau_0.5/cost/hard"]))
claims.below(
    "seconds of early exit over those of all layers, each of 8 seeds",
    part,
    0.75,
    digits=2,
    control=("all layers", np.ones(8)),
)

# %% [markdown]
# ## 11. What does not reproduce here
#
# * **Word error rates, speech frames.** None of the paper's numbers was at hand, and there is no
#   speech here. `lessons run variable_depth --preset paper --set data_path=FILE.npz` is the code's recipe
#   (sigmoids, zero classifiers and gates, rate 0.5 halved, α = 0.15); each preset takes a step of training in our tests.
# * **"Implicit" control.** Likelihood and prior do not prefer cheap answers. Savings come from the threshold, or
#   from a price λ that is paid explicitly.
# * **Hard digits deep.** Not seen with the prior or the price alone; weakly, where every layer has its own loss.
# * **A small price on depth in the place of the prior** (α = 0, λ = 0.02) collapses as well: silence onto layer 1 or 2,
#   digits onto some layer.
#
# ## 12. What to try next
#
# * `--preset laptop_folds --set kinds=5`: sixteen changes. Which layers learn them, and are they deeper than eight?
# * `--set num_layers=8`: where does silence sit now?
# * `--preset laptop_folds --set units=8`: narrower layers need more of themselves.
#
# **Exercise.** `lessons practice variable_depth`: five functions and one question. You will write the stick for
# gates that say who goes on, a mixture where some layers are mute, the gates of a prior with weights of its own,
# an exit that answers with all layers so far, and halting for examples of different lengths.
#
# ## References
#
# * S. Tan, K. C. Sim. *Towards implicit complexity control using variable-depth deep neural networks for
#   automatic speech recognition*. ICASSP 2016.
# * A. Graves. *Adaptive computation time for recurrent neural networks*. 2016. arXiv:1603.08983
# * C.-Y. Lee, S. Xie, P. Gallagher, Z. Zhang, Z. Tu. *Deeply-supervised nets*. AISTATS 2015. arXiv:1409.5185
# * S. Teerapittayanon, B. McDanel, H. T. Kung. *BranchyNet: fast inference via early exiting from deep neural
#   networks*. ICPR 2016. arXiv:1709.01686

# %% [markdown]
# ## Results and claims verified

# %% tags=["summary"]
print("recorded runs: mean (lowest to highest)")
for label, source, key in (
    ("digits right, last layer only", runs, "plain/hard"),
    ("digits right, no gates, layer 1", runs, "deep/layer_1_1"),
    ("digits right, gates, α = 0.01, τ = 0.5", runs, "tau_0.5/little/hard"),
    ("depth of silence, α = 0.01", runs, "little/depth_0"),
    ("depth of digits, 600 updates", long, "at_30/little/depth_1"),
    ("depth of digits, 2,400 updates", long, "at_120/little/depth_1"),
    ("the same, permuted labels", long, "at_120/shuffled/depth_1"),
    ("folds right, gates and price, τ = 0.5", folded, "tau_0.5/both/hard"),
    ("   layers", folded, "tau_0.5/both/hard_depth"),
    ("folds right, no gates, where sure (0.95)", folded, "sure_0.95/deep/hard"),
    ("   layers", folded, "sure_0.95/deep/hard_depth"),
):
    print(f"  {label:42s}", results.in_words(source[key]))

# %% tags=["summary"]
claims.table()
