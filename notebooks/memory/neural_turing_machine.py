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
# # Neural Turing machines
#
# **In one hour you will have built a network with a memory that it addresses by
# content and by position, proved what keeps its attention sharp, written a program for
# it by hand, and trained one that finds a program like it: it copies sequences twice as
# long as any it was shown, where an LSTM with fourteen times as many parameters gets
# four bits in ten wrong.**
#
# ![The picture that stands for this lesson](attachment:cover.png)
#
# > **Time.** About 60 minutes to read, about one minute to run on two cores. No
# > network.
# >
# > **Prerequisites.** Recurrent networks, the LSTM, entropy (lesson
# > [`lstm`](../foundations/lstm.ipynb)), softmax and cross-entropy; `compile` and `fit`.
# >
# > **Source.** A. Graves, G. Wayne and I. Danihelka, *Neural Turing Machines*, 2014
# > (arXiv:1410.5401), whose equation numbers we use; M. Collier and J. Beel,
# > *Implementing Neural Turing Machines*, ICANN 2018 (arXiv:1807.08518), on what makes
# > them trainable; and a blogger's list of questions about the paper, which found that
# > training is the hard part.
#
# **You will be able to**
#
# * Turn "read slot 7" into something with a gradient: weightings, blurred reads, erase
#   and add.
# * Write the four steps of addressing and say what each can and cannot do.
# * Prove that shifts blur and sharpening cures it, and compute how fast.
# * Read the heads of a trained machine like a program.
# * Say of which tricks ten seeds show that training needs them, and of which they do not.

# %% [markdown]
# <details><summary>Symbols</summary>
#
# | symbol | name in the code | shape | meaning |
# |---|---|---|---|
# | $M_t$ | `memory` | (batch, slots, width) | $N$ slots of width $M$ |
# | $w_t$ | `weights` | (batch, heads, slots) | weighting of a head: not negative, sums to 1 |
# | $k_t$ | `keys` | (batch, heads, width) | what a head looks for |
# | $\beta_t$ | `strengths` | (batch, heads) | how strictly, at least 0 |
# | $g_t$ | `gates` | (batch, heads) | weight of content against the last position |
# | $s_t$ | `shifts` | (batch, heads, 3) | distribution over moves by −1, 0, +1 |
# | $\gamma_t$ | `sharpness` | (batch, heads) | exponent of the sharpening, at least 1 |
# | $e_t$, $a_t$ | `erase`, `add` | (batch, write heads, width) | what a write removes and adds |
# | $r_t$ | `read` | (batch, read heads, width) | what was read |
# | $z_t$ | `z` | (batch, units) | output of the controller |
#
# </details>
#
# The whole machine, before we build it part by part:

# %%
from lessons.toolkit.ledger import Ledger  # lessons first: it keeps TensorFlow quiet

# isort: split
import numpy as np
import tensorflow as tf

from lessons.memory.neural_turing_machine import (
    cell,
    config,
    counts,
    data,
    dynamics,
    evaluation,
    experiment,
    figures,
    figures_machine,
    figures_theory,
    heads,
    model,
    ngrams,
    paper,
    programs,
    theory,
)
from lessons.memory.neural_turing_machine.variants import VARIANTS
from lessons.toolkit import results, turning
from lessons.toolkit.figures import show
from lessons.toolkit.source import show_source

claims = Ledger()
rng = np.random.default_rng(0)
show(figures_machine.wiring())

# %% [markdown]
# **Figure 1.** The controller is an ordinary network. It does not see the memory, only what
# the read head fetched one step ago; and it does not choose slots, it gives each head a few
# numbers that say where to look.

# %% [markdown]
# ## 1. The question
#
# An LSTM remembers by squeezing everything into one vector. A computer does not: it has
# a processor that stays small and a memory that can be as large as you like, and what
# the processor *knows* is where things are. Can a network learn to use such a memory?
#
# The obstacle is the address. "Read slot 7" is an integer, and integers have no
# gradient. The answer of the paper: a head does not choose a slot, it has a
# **weighting** $w_t$ over all of them, and reads a mixture (eq. 2):
#
# $$r_t = \sum_n w_t(n)\, M_t(n), \qquad w_t(n) \ge 0,\quad \sum_n w_t(n) = 1.$$
#
# If the weighting is sharp, this is a read of one slot; while it is not, gradients say
# where to look instead. Writing is done as in an LSTM, by first forgetting and then
# adding, but slot by slot and with a weighting (eqs. 3 and 4). With several write heads
# $j$, all erase and then all add:
#
# $$M_t(n) = M_{t-1}(n) \odot \prod_j \big(1 - w_t^j(n)\, e_t^j\big) + \sum_j w_t^j(n)\, a_t^j.$$

# %%
show_source(theory.read, theory.write)

# %%
memory = np.array([[1.0, 0], [0, 1], [1, 1], [-1, 0]])
sharp, nothing = np.eye(4)[[2]], np.zeros((1, 2))
written = np.asarray(theory.write(memory, sharp, nothing + 1, np.array([[5.0, 6.0]])))
expected = memory.copy()
expected[2] = 5, 6
claims.equal(
    "a sharp head with e = 1 overwrites a slot", written, expected, tolerance=0
)
claims.equal(
    "e = a = 0 leaves the memory as it is",
    theory.write(memory, np.full((1, 4), 0.25), nothing, nothing),
    memory,
    tolerance=0,
)
ones, adds = np.ones((2, 1)), np.array([[0.3], [0.4]])
both = np.asarray(theory.write(np.array([[0.5]]), ones, ones, adds))[0, 0]
summed = 0.5 * (1 - 2) + adds.sum()
turns = np.array([[0.5]])
for head in (0, 1):
    turns = np.asarray(theory.write(turns, ones[[head]], ones[[head]], adds[[head]]))
print(
    f"product rule {both:.1f}   summed erasures {summed:.1f}   in turns {turns[0, 0]:.1f}"
)
claims.equal(
    "two heads erase 0.5 and add 0.3 and 0.4",
    both,
    0.7,
    tolerance=1e-12,
    digits=2,
    control=[("summed erasures, 1 − 2 < 0", summed), ("in turns", turns[0, 0])],
)

# %% [markdown]
# ## 2. Where to look: four steps
#
# The controller does not emit the weighting itself: over a large memory it would have
# to learn every slot anew. It emits a *few* numbers per head, and a fixed pipeline
# makes a weighting of them and of the last one.
#
# **By content** (eqs. 5 and 6): look for slots that resemble the key,
# $w^c_t(n) \propto \exp\big(\beta_t \cos(k_t, M_t(n))\big)$.
#
# **The gate** (eq. 7): or stay where you were,
# $w^g_t = g_t\, w^c_t + (1 - g_t)\, w_{t-1}$.
#
# **The shift** (eq. 8): and move on, by a convolution around the circle of slots,
# $\tilde w_t(n) = \sum_m w^g_t(m)\, s_t(n - m \bmod N)$.
#
# **Sharpening** (eq. 9): and concentrate, $w_t(n) \propto \tilde w_t(n)^{\gamma_t}$.

# %%
show_source(
    theory.content_weights,
    theory.interpolate,
    theory.shift,
    theory.sharpen,
    theory.address,
)

# %% [markdown]
# An example with four slots. The head was at slot 1; its key is $(1, 0)$, with
# $\beta = 2$, $g = \frac12$, $s = (0.1, 0.8, 0.1)$, $\gamma = 2$.

# %%
before = np.eye(4)[[1]]
numbers = [[1, 0]], [2], [0.5], [[0.1, 0.8, 0.1]], [2]
head = heads.Address(*(np.array(value, float) for value in numbers))
content = np.asarray(theory.content_weights(memory, head.keys, head.strengths))
gated = np.asarray(theory.interpolate(content, before, head.gates))
shifted = np.asarray(theory.shift(gated, head.shifts))
final = np.asarray(theory.address(memory, before, head))
for name, found, expected in (
    ("content", content, [0.584686, 0.079129, 0.325476, 0.010709]),
    ("gate", gated, [0.292343, 0.539564, 0.162738, 0.005354]),
    ("all four steps", final, [0.239348, 0.655343, 0.098173, 0.007136]),
):
    claims.equal(f"worked example, {name}", found[0], expected, tolerance=5e-7)

# %%
parts = {
    "before": before,
    "content": content,
    "gate": gated,
    "shift": shifted,
    "sharpening": final,
}
show(figures_theory.stages({name: weights[0] for name, weights in parts.items()}))

# %% [markdown]
# **Figure 2.** Slot 0 is what the key asks for, slot 1 is where the head was, and the
# half-open gate wants both. What do the steps guarantee? That the result is always a
# weighting, whatever the controller says; and each has limits in which it does one
# thing only.

# %%
shape = (500, 2)
least, off = [], []
for beta, gamma in ((0.0, 1.0), (0.0, 50.0), (3.0, 2.0), (50.0, 50.0)):
    drawn = heads.Address(
        rng.normal(size=(*shape, 6)),
        np.full(shape, beta),
        rng.random(shape),
        rng.dirichlet(np.ones(3), shape),
        np.full(shape, gamma),
    )
    start = rng.dirichlet(np.ones(10), shape)
    after = np.asarray(theory.address(rng.normal(size=(500, 10, 6)), start, drawn))
    least.append(after.min())
    off.append(np.abs(after.sum(-1) - 1).max())
claims.true(
    "no weight is negative (4 × 1000 heads, β to 50, γ to 50)",
    np.array(least) >= 0,
    theorem="each step keeps the simplex",
)
claims.below("  and all sum to 1", off, 1e-6)

rows, keys = rng.normal(size=(6, 4)), rng.normal(size=(3, 4))
cosines = keys @ rows.T / np.linalg.norm(rows, axis=1)
claims.equal(
    "β = 0: uniform",
    theory.content_weights(rows, keys, np.zeros(3)),
    1 / 6,
    tolerance=1e-12,
)
claims.equal(
    "β → ∞: the slot with the best cosine",
    theory.content_weights(rows, keys, np.full(3, 1e6)),
    np.eye(6)[cosines.argmax(1)],
    tolerance=1e-12,
)
lengths = rng.uniform(0.5, 20, (6, 1))
claims.equal(
    "lengths of key and rows do not matter",
    theory.content_weights(lengths * rows, 5 * keys, np.full(3, 4.0)),
    theory.content_weights(rows, keys, np.full(3, 4.0)),
    tolerance=1e-7,
)
stay = heads.Address(keys[:1], np.ones(1), np.zeros(1), np.eye(3)[[1]], np.ones(1))
weights = rng.dirichlet(np.ones(6), 1)
claims.equal(
    "g = 0, s = δ₀, γ = 1: nothing changes",
    theory.address(rows, weights, stay),
    weights,
    tolerance=1e-10,
)
moves = np.eye(5)  # -2, ..., 2
claims.equal(
    "shifts add up, around the circle (25 pairs)",
    [
        theory.shift(np.asarray(theory.shift(weights, moves[[a]])), moves[[b]])
        for a in range(5)
        for b in range(5)
    ],
    [np.roll(weights, a + b - 4, axis=-1) for a in range(5) for b in range(5)],
    tolerance=1e-12,
)

# %% [markdown]
# ## 3. Why sharpening
#
# Convolution looks harmless. It is not: a shift is a product with a circulant matrix
# whose rows *and* columns sum to 1, and a doubly stochastic matrix never lowers
# entropy. A head that is 90 % sure of every step loses its place. Sharpening does the
# opposite: it multiplies logarithms of weights by $\gamma$, and never raises entropy.

# %%
by_shift, by_sharpening = dynamics.entropy_changes(rng, 2000)
claims.below(
    "2000 random shifts: entropy never falls (nats lost)",
    -by_shift,
    1e-12,
    control=("sharpenings", -by_sharpening.min()),
)
claims.below(
    "2000 random sharpenings: it never rises (nats gained)",
    by_sharpening,
    1e-9,
    control=("shifts", by_shift.max()),
)
matrix = dynamics.shift_matrix((0.1, 0.7, 0.2), 8)
claims.equal(
    "rows and columns of a shift sum to 1",
    [matrix.sum(0), matrix.sum(1)],
    1,
    tolerance=1e-12,
)

# %% [markdown]
# How fast? A head that starts at one slot and moves with $s = (0, 0.1, 0.9)$ is, after
# $n$ steps, spread like the number of successes in $n$ draws: a binomial.

# %%
path = dynamics.repeated((0, 0.1, 0.9), 1.0, 50)
for steps, peak in ((10, 0.3874), (20, 0.2852), (50, 0.1849)):
    print(f"after {steps} steps the largest weight is {path[steps].max():.4f}")
    claims.equal(
        f"largest weight after {steps} steps: the binomial's mode",
        [path[steps].max(), dynamics.binomial_peak(0.9, steps)],
        peak,
        tolerance=5e-5,
    )
for gamma, peak in ((1.5, 0.8190), (2.0, 0.9594), (5.0, 0.99994)):
    held = dynamics.repeated((0.1, 0.8, 0.1), gamma, 300)
    claims.equal(
        f"γ = {gamma:g} holds the largest weight at",
        held[-1].max(),
        peak,
        tolerance=5e-5,
        digits=4,
        control=("γ = 1", dynamics.repeated((0.1, 0.8, 0.1), 1.0, 300)[-1].max()),
    )

# %%
turning.show(figures_machine.sharpening())

# %% [markdown]
# **Figure 3** (turn the knob). Without sharpening the largest weight of a head that is 90 %
# sure of each step has sunk to 0.29 after twenty steps; with $\gamma = 2$ it stays at 0.98.
# The less sure the move, the more sharpening it takes, and a large weight alone does not
# say that the head kept its *place*: at 70 % and $\gamma = 3$ the largest weight swings
# between 0.53 and 0.92 (steps 10 to 45), and at the end it stands four slots behind a head
# that is sure (slot 9, not 13). With $\gamma = 5$ it is on time. A practical note: as eq. 9
# is written, $\tilde w^\gamma$ underflows. We compute the softmax of
# $\gamma \log \tilde w$ instead.

# %%
flat, harsh = np.full((1, 128), 1 / 128, np.float32), np.array([22.0], np.float32)
lost = np.asarray(theory.sharpen_by_power(flat, harsh))
claims.true(
    "powers: 128 equal weights, γ = 22, float32 gives 0/0",
    np.isnan(lost),
    control=("float64", np.isnan(theory.sharpen_by_power(flat.astype(float), harsh))),
)
claims.equal(
    "logarithms: the same stays uniform",
    theory.sharpen(flat, harsh),
    1 / 128,
    tolerance=1e-6,
)

# %% [markdown]
# ## 4. A program without learning
#
# Are these instructions enough to compute with? Copying needs: put the first vector
# somewhere, the next one beside it, and so on; then go back to the start and read.
# Both heads begin at slot $N - 1$ and never look at content ($g = 0$). While vectors
# arrive, the write head moves one slot on ($s = \delta_{+1}$), erases ($e = 1$) and adds
# the vector ($a = x_t$). After the end flag, the read head does the same.

# %%
show_source(programs.copy)

# %%
print("length   wrong bits   largest error   (32 slots)")
for length in (1, 10, 32, 33):
    batch = data.copy(np.random.default_rng(length), [length] * 4)
    wrong, worst = programs.bit_errors(*batch, num_slots=32)
    print(f"{length:6d} {wrong:12.4f} {worst:15.1f}")
    expected = float(length > 32)
    claims.equal(
        f"hand-made copy of length {length}, 32 slots: largest error",
        worst,
        expected,
        tolerance=1e-9,
    )

# %%
batch = data.copy(np.random.default_rng(1), [8])
show(figures_theory.programmed(batch, *programs.copy(batch.inputs, 12)))

# %% [markdown]
# **Figure 4.** Two diagonals, one after the other. At length 33 the circle is closed
# and the last vector overwrites the first: a copy of more than $N$ vectors cannot
# work, which is why generalisation must be judged at lengths up to $N$. The program
# does not depend on the length: a machine that *finds* it can copy up to $N$ vectors, as
# far as its own shifts stay sharp. An LSTM keeps everything in one vector and has no slots
# to walk over; whether it generalises all the same, section 7 measures.
#
# ## 5. The machine
#
# A controller (one tanh layer, or an LSTM) sees the input and what was read one step
# ago; an affine map of its $z_t$ gives all head parameters, squashed into their ranges:
# tanh for keys and adds, softplus, $\log(1 + e^x)$, for $\beta$ and $\gamma - 1$, sigmoid
# for gates and erasures, softmax for shifts. **The order of a step** is a choice that the
# paper leaves open and public codes make differently (some read before they write, one lets
# the read head continue from the *write* head's position). Ours: controller, write into
# $M_{t-1}$, read from $M_t$, output from $[z_t; r_t]$.

# %%
show_source(heads.parse, cell.NTMCell.control, cell.NTMCell.step)

# %% [markdown]
# Is the gradient of such a step right? We differentiate everything (memory, 24 head
# parameters, last weightings) and compare with finite differences in float64.


# %%
def one_step(memory, raw, last):
    do = heads.parse(raw[None], 1, 1, 3, 1)
    w = theory.address(memory[None], last[None], do.address.heads(0, 2))
    return theory.read(theory.write(memory[None], w[:, :1], do.erase, do.add), w[:, 1:])


start = [
    tf.constant(rng.normal(size=(5, 3))),
    tf.constant(rng.normal(size=heads.size(1, 1, 3, 1))),
    tf.constant(rng.dirichlet(np.ones(5), 2)),
]
exact, numeric = tf.test.compute_gradient(one_step, start, delta=1e-5)
worst = max(
    np.abs(a - b).max() / np.abs(a).max() for a, b in zip(exact, numeric, strict=True)
)
claims.below("gradient of a step against finite differences (relative)", worst, 1e-5)

# %% [markdown]
# **How many parameters?** With $I$ input channels, $O$ output bits, $R$ read and $W$ write
# heads, controller width $H$ and $T = (R + W)(M + 6) + 2WM$ numbers for the heads (three
# shifts each), a feed-forward machine has
# $(I + RM + 1) H + (H + 1) T + (H + RM + 1) O$, plus the learned start. The paper's own
# totals (17,162 and 67,561 for copy) cannot be reproduced from what it says. Its LSTM
# networks can, four of five **exactly**: every layer sees the input, every layer feeds the
# output, the first $h$ and $c$ are learned. (This wiring, $I$ and $O$ are inferred: they
# are what makes the numbers agree.) For copy this takes nine outputs, where the task has
# eight bits (`PRESETS["paper"]`, with eight, has 1,352,200 parameters); the fifth, priority
# sort, comes out with two digits of the paper's number swapped.

# %%
for preset, (published, sizes) in paper.PAPER_LSTM.items():
    network = model.LSTMBaseline(sizes["units"], 3, sizes["num_bits"])
    network.build((None, None, sizes["channels"]))
    claims.equal(
        f"LSTM, {preset.removeprefix('paper').strip('_') or 'copy'}: parameters",
        network.count_params(),
        published,
        tolerance=0.5,
        digits=7,
        control=(
            "first h and c not learned",
            network.count_params() - 6 * sizes["units"],
        ),
    )
claims.equal(
    "  copy with eight outputs",
    counts.lstm(10, 8, 256, num_layers=3),
    1_352_200,
    tolerance=0,
    digits=7,
)
claims.equal(
    "LSTM, priority sort (the paper prints 384,424)",
    counts.lstm(10, 8, 128, num_layers=3),
    348_424,
    tolerance=0,
    digits=7,
    control=("the paper's number", 384_424),
)
for preset, (published, ours) in paper.PAPER_NTM.items():
    settings = config.PRESETS[preset]
    network = experiment.build_model(settings, VARIANTS["ntm"])
    print(
        f"{settings.controller} machine: {ours:,} parameters (the paper says {published:,})"
    )
    claims.equal(
        f"NTM for copy, {settings.controller} controller",
        [network.count_params(), counts.ntm_of(settings, *data.channels(settings))],
        ours,
        tolerance=0.5,
    )

# %% [markdown]
# ## 6. Five tasks, and one with a known optimum
#
# `data` draws the paper's tasks: copy, repeat copy, associative recall, dynamic n-grams
# and priority sort; each as inputs, targets and a mask of the steps that are asked for.
# All but one have a right answer. Of n-grams one can only guess the next bit: every
# sequence has its own table of probabilities, drawn from Beta(½, ½), one for each context
# of five bits. The best one can do is count and take the posterior mean (eq. 10):
#
# $$P(1 \mid c) = \frac{N_1(c) + \frac12}{N_1(c) + N_0(c) + 1}.$$

# %%
show_source(ngrams.optimal_probability)

# %%
optimal = ngrams.optimal_probability(3, 1)
claims.equal("after 3 ones and 1 zero", optimal, 0.7, tolerance=1e-12, digits=2)
chance = rng.beta(0.5, 0.5, 200_000)
seen = rng.binomial(4, chance) == 3
claims.equal(
    "mean probability among draws that gave 3 of 4",
    chance[seen].mean(),
    optimal,
    tolerance=0.01,
    digits=2,
    control=("counted frequency", 0.75),
)
batch = data.ngrams(np.random.default_rng(4), 200)
bits = np.concatenate([batch.inputs[..., 0], batch.targets[:, -1:, 0]], axis=1)
print("rule                 bits per sequence of 195 predictions")
costs = {}
for name, prior in (("prior 1/10", 0.1), ("prior 1/2, optimal", 0.5), ("prior 2", 2.0)):
    rule = lambda ones, zeros, p=prior: (ones + p) / (ones + zeros + 2 * p)  # noqa: E731
    costs[prior] = ngrams.cost(bits[:, 5:], ngrams.predict(bits, 5, rule)).mean()
    print(f"{name:20s} {costs[prior]:8.1f}")
counted = ngrams.cost(bits[:, 5:], ngrams.predict(bits, 5, ngrams.frequency))
print(f"counted frequencies  {counted.mean():8.1f}   (a sure prediction that fails)")
claims.below(
    "prior 1/2: bits per sequence fewer than with the better of the others",
    costs[0.5] - min(costs[0.1], costs[2.0]),
    0,
    digits=2,
    control=[
        (f"prior {prior:g}", costs[prior] - min(set(costs.values()) - {costs[prior]}))
        for prior in (0.1, 2.0)
    ],
)
claims.true(
    "counted frequencies cost infinity",
    np.isinf(counted.mean()),
    control=("prior 1/10", np.isinf(costs[0.1])),
)

# %%
table, draw = np.array([0.35, 0.7, 0.25, 0.8]), np.random.default_rng(2)
sequence = [0, 1]
for _ in range(58):
    chance = table[2 * sequence[-2] + sequence[-1]]
    sequence.append(int(draw.random() < chance))
sequence = np.array(sequence)
rules = {"optimal": ngrams.optimal_probability, "counted": ngrams.frequency}
lines = {
    name: ngrams.predict(sequence[None], 2, rule)[0] for name, rule in rules.items()
}
truth = table[2 * sequence[:-2] + sequence[1:-1]]
show(figures_theory.ngram_predictions(sequence, lines, truth, 2))

# %% [markdown]
# **Figure 5.** The same rule with a context of two bits, so that it has something to
# see within sixty positions. The dots are never quite sure; the crosses are, after a
# single observation. The gap between a network's cost and the optimal one
# (`lessons run neural_turing_machine --preset paper_ngrams` reports both) is what the
# network did not learn.
#
# ## 7. Learning to copy
#
# Now nothing is programmed. Vectors of 4 bits, lengths 1 to 5, a memory of 16 slots of
# width 8, a feed-forward controller of 48 units, one head of each kind. All lengths are
# padded to one number of steps and the loss counts the steps of the answer only: one
# compiled loop trains on all of them. The same 1,000 updates of 32 fresh sequences, the
# same Adam, for three networks: the machine, an LSTM of 100 units, and an LSTM with as
# many parameters as the machine.

# %%
show_source(model.NTM.call, model.SequenceModel.compute_loss)

# %%
# NBVAL_IGNORE_OUTPUT
settings = config.PRESETS["laptop"]
report = experiment.run(settings)
m = report.metrics
print(
    "                parameters   wrong bits: length 5    10     15   bits/sequence: 5"
)
for name in settings.variants:
    errors = "  ".join(f"{m[f'{name}/bit_error_{n}']:5.3f}" for n in (5, 10, 15))
    cost = m[f"{name}/bits_per_sequence_5"]
    print(
        f"{VARIANTS[name].label:24s} {m[f'{name}/parameters']:7,.0f}   {errors}   {cost:8.3f}"
    )
assert m["ntm/bit_error_5"] < 0.02

# %%
claims.equal("parameters of the machine", m["ntm/parameters"], 3144, tolerance=0.5)
base = results.recorded("neural_turing_machine", preset="laptop")
wrong = {
    name: {n: base[name, f"bit_error_{n}"] for n in (3, 4, 5, 6, 10, 15)}
    for name in VARIANTS
}
claims.below(
    "machine: wrong bits at length 5, the longest trained",
    m["ntm/bit_error_5"],
    0.02,
    recorded=wrong["ntm"][5],
    control=("LSTM of equal size", wrong["lstm_equal"][5].mean()),
)
claims.below(
    "machine: wrong bits at length 10, never seen",
    m["ntm/bit_error_10"],
    0.1,
    recorded=wrong["ntm"][10],
    control=[
        ("LSTM of 100 units", m["lstm/bit_error_10"]),
        ("LSTM of equal size", m["lstm_equal/bit_error_10"]),
    ],
)
for name, label in (
    ("lstm", "LSTM of 100 units"),
    ("lstm_equal", "LSTM of equal size"),
):
    claims.above(
        f"{label}: wrong bits at length 10",
        m[f"{name}/bit_error_10"],
        0.25,
        recorded=wrong[name][10],
        control=("the machine", m["ntm/bit_error_10"]),
    )

# %%
# NBVAL_IGNORE_OUTPUT
show(report.figures["learning"])
assert m["ntm/loss"] < m["lstm/loss"]

# %%
# NBVAL_IGNORE_OUTPUT
show(report.figures["errors"])
assert m["ntm/bit_error_8"] < m["lstm/bit_error_8"]

# %% [markdown]
# **Figures 6 and 7.** What the ten recorded runs say of both figures:

# %%
print("fraction of wrong bits, mean and range of the recorded seeds, by length")
for name, variant in VARIANTS.items():
    for n in (3, 4, 5, 6, 10, 15):
        print(f"{variant.label:24s} {n:3d}  {results.in_words(wrong[name][n])}")

# %% [markdown]
# The small LSTM has not learned even all the lengths it sees. The large one has nearly (at
# length 5 three of its ten seeds miss the line of 2 %), and does worse at each greater length
# of the table. The machine goes on: at twice the length no recorded machine has two bits in a
# hundred wrong. At three times the length, with 15 of the 16 slots in use, it depends on the
# seed. (All have one rate and 1,000 updates: nine of the ten machines have a loss below 0.004
# by then, no LSTM has. What more updates or another rate would make of the LSTMs we have not
# tried.) What did the machine learn?

# %% tags=["cover"]
# NBVAL_IGNORE_OUTPUT
batch = evaluation.test_sequences(settings, 10, longest=10)
trace = report.models["model"].trace(batch.inputs[:1])
show(figures.head_maps(trace, batch))
writing = np.asarray(trace.write_weights)[0, 1:11, 0].argmax(-1)
reading = np.asarray(trace.read_weights)[0, 12:22, 0].argmax(-1)
print("write head, largest weight while the input arrives ", writing)
print("read head, largest weight while the answer is given", reading)
print(f"read head, weight of content at the end flag: {trace.gates[0, 11, 1]:.2f}")
assert len(set(writing[:5].tolist())) == 5


# %%
# NBVAL_IGNORE_OUTPUT
untrained = experiment.build_model(settings, VARIANTS["ntm"]).trace(batch.inputs[:1])
claims.above(
    "vectors 1 to 5: share read in order, each from a slot of its own",
    evaluation.in_order(trace, 10),
    0.7,
    varies=True,
    control=("an untrained machine", evaluation.in_order(untrained, 10)),
)

# %% [markdown]
# **Figure 8.** Twice the length of any sequence in training, and the two diagonals of
# figure 4 are back. Is it *the* program that we wrote by hand? One machine is one story,
# so here are ten: what the heads of the recorded machines do with sequences of length 10,
# and those of the program written by hand. How much content decides where the read head
# goes when the end flag comes; how many slots it moves in that step (mean of 20
# sequences); which way the write head walks (+1 is forwards); and which share of the
# vectors is fetched one step before they are said.

# %%
print("seed  content at the end flag  slots moved  walk  read ahead")
habits = {
    key: base["ntm", key] for key in ("gate_at_end", "jump", "walk", "reads_ahead")
}
line = "{:>4} {:24.2f} {:12.1f} {:5.1f} {:11.2f}"
for seed, *numbers in zip(base.seeds, *habits.values(), strict=True):
    print(line.format(seed, *numbers))
by_hand = evaluation.program(programs.ByHand(settings.num_slots), settings)
print(line.format("hand", *(by_hand[key] for key in habits)))
claims.above(
    "ten machines: share of vectors read one step ahead, least of the seeds",
    habits["reads_ahead"],
    0.8,
    digits=2,
    control=("the hand-made program", by_hand["reads_ahead"]),
)
far, near = habits["jump"] > 2, habits["jump"] <= 1
claims.above(
    f"  the {far.sum()} that move by more than 2 slots: weight of content, least",
    habits["gate_at_end"][far],
    0.6,
    digits=2,
    control=(
        f"the {near.sum()} that move by at most 1, least",
        habits["gate_at_end"][near].min(),
    ),
)
claims.above(
    "  machines that write backwards, of ten",
    (habits["walk"] < 0).sum(),
    2,
    digits=2,
    control=("ten like the hand-made program", 10 * float(by_hand["walk"] < 0)),
)

# %% [markdown]
# All ten machines read one step *ahead* (at least nine vectors in ten): a vector is fetched
# while the one before is said, and goes to the output by way of the controller. In everything
# else they differ. Four (seeds 1, 7, 8 and 9) go back to the first vector by 3 to 5 slots in
# one step, with most of the weight on content. Shifts by at most 1 cannot move a sharp head
# so far: these heads find the start by content, as the paper's machine does. (To be sure one
# would shut the gate in this step and see the jump fail.) Four others (2, 3, 4 and 5) look
# little at content and move by a slot at most: the read head waits near the start and walks,
# as in our program. In the last two (0 and 6) content decides, but the head has only a slot or
# two to go: much weight on content does not make a jump. Half of the ten write forwards, half
# backwards. All of them copy.
#
# ## 8. What makes it trainable
#
# Neural Turing machines have a name for failing to train. Ten seeds of the run above
# are stored with the lesson (`lessons sweep neural_turing_machine --preset laptop
# --seeds 0-9 --record`), and so are runs in which one measure was changed at a time:
#
# ```
# lessons sweep neural_turing_machine --preset laptop --set variants=ntm --seeds 0-9 \
#     --set "weight_start=first|uniform" --record
# ```

# %%
solved = base["ntm", "solved"]
print(
    f"copy learned (under 2 % wrong bits at length 5): {sum(solved):.0f} of {len(base)} seeds"
)
learned_after = base["ntm", "updates_to_learn"]
print("updates until the loss is below 0.004 nats:", results.in_words(learned_after))
claims.equal("recorded seeds that learn to copy", sum(solved), len(base), tolerance=0)

# %%
changed = {
    "as above": None,
    "a curriculum over the first 200 updates": {"curriculum_updates": 200},
    "weightings start at slot 0": {"weight_start": "first"},
    "weightings start equal": {"weight_start": "uniform"},
    "first weightings less sharp (logits of deviation 1)": {"start_spread": 1.0},
    "first read vector zero": {"learned_read": False},
    "memory starts random": {"memory_start": "random"},
    "first memory learned": {"memory_start": "learned"},
    "no clipping of the gradient": {"clip_norm": None},
    "head parameters not bounded": {"limit": None},
    "exponential in place of softplus": {"positive": "exp"},
    "powers in place of logarithms": {"sharpening": "power"},
    "the last four together": {
        "clip_norm": None,
        "limit": None,
        "positive": "exp",
        "sharpening": "power",
    },
    "LSTM controller": {"controller": "lstm"},
}
# Seeds 0 to 9, or 0 to 4; a run whose loss becomes NaN fails and leaves no record.
fewer = {
    "a curriculum over the first 200 updates": 5,
    "first memory learned": 5,
    "LSTM controller": 5,
}
outcome, losses = {}, {}
print(f"{'what is changed':52s}  learned  none  updates  wrong at 10")
for label, changes in changed.items():
    found = base
    if changes:
        found = results.recorded(
            "neural_turing_machine", preset="laptop", variants=("ntm",), **changes
        )
    tried = fewer.get(label, 10)
    learned, failed = int(found["ntm", "solved"].sum()), tried - len(found)
    outcome[label] = learned, failed
    losses[label] = found["ntm", "loss"]
    updates = np.median(found["ntm", "updates_to_learn"])
    error = found["ntm", "bit_error_10"].mean()
    print(
        f"{label:52s} {learned:2d} of {tried:2d} {failed:5d} {updates:8.0f} {error:12.3f}"
    )

same = results.recorded(
    "neural_turing_machine",
    preset="laptop",
    variants=("ntm",),
    weight_start="uniform",
)
by_length = [f"{same['ntm', f'bit_error_{n}'].mean():.2f}" for n in (1, 2, 5, 10)]
print("equal first weightings, wrong bits at lengths 1, 2, 5, 10:", *by_length)
claims.below(
    "equal first weightings: seeds of ten that learn",
    outcome["weightings start equal"][0],
    0.5,
    digits=2,
    control=("as above", outcome["as above"][0]),
)
claims.equal(
    "without the bound of the head parameters: losses of ten seeds as with it",
    losses["head parameters not bounded"],
    losses["as above"],
    tolerance=1e-9,
    control=("powers in place of logarithms", losses["powers in place of logarithms"]),
)
claims.above(
    "without the four safeguards: runs of ten that leave no record",
    outcome["the last four together"][1],
    4,
    digits=2,
    control=[
        (f"without one: {label}", outcome[label][1]) for label in list(changed)[8:12]
    ],
)

# %% [markdown]
# *Learned* counts seeds with less than 2 % wrong bits at length 5; *updates* is the median
# number until an epoch's loss is below 0.004 nats per bit (1,000: never, or in the last
# epoch; the line above the table has the mean of the same numbers, 400); *none* counts the
# runs that left no record; *wrong at 10* is the mean over the others. Ten seeds are few
# (three rows have five), and those of the first row alone spread from 150 to 1,000 updates: a
# difference of one seed, or of a hundred or two updates, is none. The rows of five are to be
# compared with the same five seeds of the first row, whose median is 500. So most rows say
# nothing: not that a learned first memory is worse than the constant one, not that a start at
# slot 0 is safer than a blurred one, not that **the curriculum** (short sequences first)
# helps or hurts at these lengths. Nor does the last column rank them: no row without NaN is
# better than the first, but a single seed can make a mean (of 0.095 with exponentials, one
# seed's 0.48 is half). Without the bound of the head parameters all numbers are those of
# the first row: no run reached it. A random first memory seems slower (in nine of ten
# seeds; the median is 725 updates, not 275), as Collier and Beel found over more runs; of a
# dozen rows one may look so by chance. Two rows do speak. **Equal first weightings** do not
# learn the task with any seed. And **the safeguards matter together**: with any one of them
# gone at least nine of ten seeds still learn, with all four gone eight runs end in NaN.
# Which two or three of them would do it we have not tried.
#
# Why equal first weightings can *never* use the memory as one is a proof of one line:
# with a constant memory and equal weights nothing tells one slot from another, every
# operation treats all slots alike, so they stay alike for ever (and if the first
# weightings are learned, so are the gradients of their logits). Sixteen slots that are
# alike are one slot: what is left is a recurrent network with a state of eight numbers.
# Such a network is not helpless: all ten recorded ones copy a single vector without an
# error. Of two vectors they get 0.17 of the bits wrong, of five 0.30, of ten 0.46. That
# slots stay alike any machine shows, whatever its weights:

# %%
batch = evaluation.test_sequences(settings, 10, longest=10)
different, weightings = {}, {}
for start in ("uniform", "learned"):
    any_machine = experiment.build_model(
        settings.replace(weight_start=start), VARIANTS["ntm"]
    )
    traces = []
    for scale in (0.1, 0.3, 1.0):
        for weights in any_machine.cell.trainable_variables:
            weights.assign(scale * rng.normal(size=weights.shape))
        traces.append(any_machine.trace(batch.inputs[:4]))
    different[start] = max(np.ptp(trace.memory, axis=2).max() for trace in traces)
    weightings[start] = np.stack([trace.read_weights for trace in traces])
claims.below(
    "equal start: largest difference between two slots in 22 steps",
    different["uniform"],
    1e-5,
    control=("weightings that start apart", different["learned"]),
)
claims.equal(
    "  and every weight stays 1/16",
    weightings["uniform"],
    1 / 16,
    tolerance=1e-5,
    control=("weightings that start apart", weightings["learned"]),
)

# %% [markdown]
# And why the memory starts with $10^{-6}$ and not with 0: the cosine of a zero row has
# no gradient of its own. What one gets is the size of the constant that guards the
# division. (This is a property of the formula; that training fails from 0 we have not tried.)

# %%
key, largest = tf.constant([[1.0, 2.0]]), {}
for value in (0.0, 1e-6):
    rows = tf.fill((3, 2), value)
    with tf.GradientTape() as tape:
        tape.watch(rows)
        cosine = theory.cosine_similarity(rows, key)[0, 0]
    largest[value] = float(np.abs(tape.gradient(cosine, rows)).max())
    print(f"memory of {value:g}: largest gradient of the cosine {largest[value]:.2g}")
claims.equal(
    "zero memory: gradient of the cosine, times the constant",
    largest[0.0] * theory.TINY_NORM,
    2,
    tolerance=1e-3,
    digits=3,
    control=("memory of 1e-6", largest[1e-6] * theory.TINY_NORM),
)

# %% [markdown]
# ## 9. Counting and looking up
#
# Copying needs one pass over the memory. Two more of the paper's tasks, as small as they
# can be and still ask for something else. **Repeat copy**: up to three vectors of four
# bits, then a number from 1 to 4; they are to be said that often, and then an end marker:
# the network has to count. **Associative recall**: two or three items of six bits, then one
# of them again; the answer is the item that came after it: the network has to find a place
# by content. (Of two items only the first can be asked for, so the answer is the last one;
# three are the least that leave a choice.) Both networks get the same sequences and updates
# (2,500 and 3,000); the machine's controller is an LSTM of 64 units, which might do without
# the memory what the LSTM of 100 units beside it does. The number of
# repeats comes on one channel, with mean 0 and variance 1 over 1 to 4 as in the paper; so
# the greatest number must be even, or the one in the middle would be shown as 0, like no
# number at all. Recorded with ten seeds (`lessons sweep neural_turing_machine --preset
# laptop_repeat --seeds 0-9` and `--preset laptop_recall`):

# %%
others = {
    title: (results.recorded("neural_turing_machine", name), config.PRESETS[name])
    for title, name in (
        ("repeat copy", "laptop_repeat"),
        ("associative recall", "laptop_recall"),
    )
}
rules = {"always 0": evaluation.zeros_error, "last item": evaluation.last_item_error}
for title, (runs, asked) in others.items():
    print(
        f"{title}: fraction of wrong bits by length, trained on up to {asked.max_length}"
    )
    for name in asked.variants:
        learned = int(runs[name, "solved"].sum())
        size = runs[name, "parameters"][0]
        print(
            f"  {VARIANTS[name].label}, {size:,.0f} parameters: {learned} of {len(runs)} "
            f"seeds learn (less than 2 % wrong at length {asked.max_length})"
        )
        for n in asked.test_lengths:
            print(f"  {n:5d}  {results.in_words(runs[name, f'bit_error_{n}'])}")
    for rule in list(rules)[: 1 + (asked.task == "associative_recall")]:
        errors = [rules[rule](asked, n) for n in asked.test_lengths]
        print(f"  {rule}:", "  ".join(f"{error:.2f}" for error in errors))
repeat, recall = (runs for runs, _ in others.values())
for name in ("ntm", "lstm"):
    needed = results.in_words(repeat[name, "updates_to_learn"])
    print(f"repeat copy, {VARIANTS[name].label}, updates to learn: {needed}")
    twice = repeat[name, "bit_error_twice_the_repeats"]
    print(
        f"repeat copy, 3 vectors 8 times, {VARIANTS[name].label}:",
        results.in_words(twice),
    )

# %%
show(figures_machine.errors_of_recorded(others))

# %%
for title, (runs, asked) in others.items():
    n = asked.max_length
    rule = "last item" if asked.task == "associative_recall" else "always 0"
    claims.below(
        f"{title}: wrong bits at length {n}, both networks, greatest of the seeds",
        [runs[name, f"bit_error_{n}"] for name in ("ntm", "lstm")],
        0.05,
        digits=2,
        control=(rule, rules[rule](asked, n)),
    )
gained = {
    title: runs["ntm", key].mean() - runs["lstm", key].mean()
    for title, runs, key in (
        ("copy, length 10", base, "bit_error_10"),
        ("repeat copy, 5 vectors", repeat, "bit_error_5"),
        ("repeat copy, 8 times", repeat, "bit_error_twice_the_repeats"),
        ("recall, 4 items", recall, "bit_error_4"),
        ("recall, 5 items", recall, "bit_error_5"),
    )
}
for title, difference in list(gained.items())[1:]:
    claims.above(
        f"{title}: the machine's wrong bits minus the LSTM's, mean",
        difference,
        -0.1,
        digits=2,
        control=("copy, length 10", gained["copy, length 10"]),
    )

# %% [markdown]
# **Figure 9.** At the lengths they see, both networks learn both tasks: repeat copy with all
# ten seeds, recall with nine of ten, and the tenth machine and the tenth LSTM miss the line
# of 2 % by little. In the paper the machine is the faster one at repeat copy, and its LSTM
# does not learn recall in a million sequences; ours learns both, repeat copy even sooner
# than the machine (a loss below 0.004 after 1,445 updates, against 1,985 with one of the ten
# machines counted as 2,500 that never got there; means over seeds). At recall neither network
# gets there with any seed: 3,000 updates are not the end of learning.
#
# Beyond these lengths **the machine is not ahead as it was at copying**. Three vectors eight
# times instead of four: 0.25 of the bits are wrong, and 0.26 with the LSTM. (Zeros would have
# 0.38; but to say the vectors four times, set the end marker and fall silent would have 0.20,
# so on average neither counts on.) Recall of four and five items: 0.24 and 0.37, against 0.24
# and 0.38; with four this is better than to say the last item (0.34), with five it is about
# as good (0.39). Repeat copy of four and five vectors: here the machine is ahead, by 0.03 and
# 0.04, where it was ahead by 0.37 at copying. With four all its seeds are better than an
# answer of zeros, with five it is about as good, and the LSTM is worse than zeros with every
# seed. Having a memory is not yet using it by a program that goes on; whether the machines
# use it at all here, or leave the work to the LSTM in the controller, we have not looked. The
# paper's machines went on, to twice the repeats and twice the items; they had longer
# sequences to learn from, ten times as many, and a larger memory, and we have not tried which
# of these it takes.
#
# ## 10. What does not reproduce here
#
# * **Lengths of 120 after training on 20** (figures 4 and 5 of the paper): a memory of
#   128 slots and a million sequences, hours on a processor. Here: 16 slots, lengths to 5,
#   32,000 sequences. Beyond twice the length errors grow; at 16 (all slots in use) 0.26 of
#   the bits are wrong, from 0.03 to 0.48 by seed.
# * **Repeat copy and associative recall beyond the trained lengths** (figures 8 and 11 of
#   the paper): both are learned here at a small size, by the LSTM as well, and neither
#   network goes on (section 9). At the paper's size (ten vectors, ten repeats; six items of
#   three vectors) they are not run.
# * **N-grams and sorting**: the generators and the presets with the published sizes are here
#   and tested (`lessons show neural_turing_machine`), the training is not run.
# * **The paper's parameter counts of its own machine**: its wiring is not specified.
# * The LSTM of 100 units is *not* bad at the lengths it is trained on: one or two bits in a
#   hundred are wrong at length 5 (section 7). It is the lengths beyond that it does not do.
#
# ## 11. What to try next
#
# * `lessons run neural_turing_machine --set controller=lstm`: does an LSTM controller
#   learn faster, and does it generalise as far?
# * `lessons run neural_turing_machine --set num_slots=32 --set max_length=8 --set
#   test_lengths=8,16,24,32`: how much of the memory can a trained machine use?
# * `lessons run neural_turing_machine --preset laptop_repeat --set controller=feedforward`:
#   can it count without an LSTM in the controller?
# * `lessons run neural_turing_machine --preset laptop_recall --set max_length=4 --set
#   epochs=100`: one item more.
# * Compare figure 4 with figure 8: where do the trained heads wait, and does the read
#   head jump (content) or walk (shift) to the start?
#
# **Exercise.** `lessons practice neural_turing_machine`: six functions and one
# question. You will write the addressing step by step, a write of several heads and a
# task; the question asks for a program.
#
# **Read next.** [`neural_stack`](neural_stack.ipynb): a memory without addresses.
#
# ## References
#
# * A. Graves, G. Wayne, I. Danihelka. *Neural Turing Machines*. 2014. arXiv:1410.5401
# * M. Collier, J. Beel. *Implementing Neural Turing Machines*. ICANN 2018.
#   arXiv:1807.08518
# * A. Graves. *Generating sequences with recurrent neural networks*. 2013.
#   arXiv:1308.0850 (the optimizer and the clipping)
# * S. Hochreiter, J. Schmidhuber. *Long short-term memory*. Neural Computation, 1997
# * H. T. Siegelmann, E. D. Sontag. *On the computational power of neural nets*. JCSS,
#   1995

# %% [markdown]
# ## Results and claims verified

# %% tags=["summary"]
print("copying vectors of 4 bits, trained on lengths 1 to 5; ten recorded seeds")
print("mean fraction of wrong bits at length   5      10      15   parameters")
for name, variant in VARIANTS.items():
    errors = [base[name, f"bit_error_{n}"].mean() for n in (5, 10, 15)]
    numbers = "".join(f"{error:8.3f}" for error in errors)
    size = base[name, "parameters"][0]
    print(f"  {variant.label:32s}{numbers} {size:10,.0f}")
for name, variant in VARIANTS.items():
    print(f"{variant.label}, length 10: {results.in_words(wrong[name][10])}")
print(
    "seeds that learn (under 2 % of the bits wrong at the longest trained)   NTM   LSTM"
)
for title, runs in (
    ("copy", base),
    ("repeat copy", repeat),
    ("associative recall", recall),
):
    learned = [int(runs[name, "solved"].sum()) for name in ("ntm", "lstm")]
    counts_of = "".join(f"{count:3d} of {len(runs)}" for count in learned)
    print(f"  {title:64s}{counts_of}")

# %% tags=["summary"]
claims.table()
