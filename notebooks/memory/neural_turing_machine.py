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
# it by hand, and trained one that finds the same program: it copies sequences twice as
# long as any it was shown, where an LSTM with fourteen times as many parameters gets
# four bits in ten wrong.**
#
# ![The picture that stands for this lesson](attachment:cover.png)
#
# > **Time.** About 60 minutes to read, about one minute to run on two cores. No
# > network.
# >
# > **Prerequisites.** Recurrent networks, the LSTM (lesson `lstm`), softmax and
# > cross-entropy; `compile` and `fit`.
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
# * Say which tricks make training reliable, from runs over many seeds.

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
    figures_theory,
    heads,
    model,
    ngrams,
    paper,
    programs,
    theory,
)
from lessons.memory.neural_turing_machine.variants import VARIANTS
from lessons.toolkit import results
from lessons.toolkit.figures import show
from lessons.toolkit.source import show_source

claims = Ledger()
rng = np.random.default_rng(0)

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
claims.equal("two heads erase 0.5 and add 0.3 and 0.4", both, 0.7, tolerance=1e-12)
claims.equal("with summed erasures (wrong: 1 − 2 < 0)", summed, 0.2, tolerance=1e-12)
claims.equal("one head after the other (wrong)", turns[0, 0], 0.4, tolerance=1e-12)

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
# **Figure 1.** Slot 0 is what the key asks for, slot 1 is where the head was, and the
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
    "no weight is negative (4 × 1000 heads, β to 50, γ to 50)", np.array(least) >= 0
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
claims.above("2000 random shifts: entropy never falls (nats)", by_shift, -1e-12)
claims.below("2000 random sharpenings: it never rises", by_sharpening, 1e-9)
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
    )

# %%
show(figures_theory.blur())

# %% [markdown]
# **Figure 2.** Without sharpening a head forgets where it is within twenty steps; with
# $\gamma = 2$ the blur of every step is undone in the same step. Position can be kept
# for ever, as long as each move is more sure than not. A practical note: as eq. 9 is
# written, $\tilde w^\gamma$ underflows. We compute the softmax of
# $\gamma \log \tilde w$ instead.

# %%
flat, harsh = np.full((1, 128), 1 / 128, np.float32), np.array([22.0], np.float32)
lost = np.asarray(theory.sharpen_by_power(flat, harsh))
claims.true("powers: 128 equal weights, γ = 22, float32 gives 0/0", np.isnan(lost))
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
# **Figure 3.** Two diagonals, one after the other. At length 33 the circle is closed
# and the last vector overwrites the first: a copy of more than $N$ vectors cannot
# work, which is why generalisation must be judged at lengths up to $N$. The program
# does not depend on the length, so a machine that *finds* it will generalise; an LSTM
# that memorises in one vector has nothing like it to find.
#
# ## 5. The machine
#
# A controller (one tanh layer, or an LSTM) sees the input and what was read one step
# ago; an affine map of its $z_t$ gives all head parameters, squashed into their ranges:
# tanh for keys and adds, softplus for $\beta$ and $\gamma - 1$, sigmoid for gates and
# erasures, softmax for shifts. **The order of a step** is a choice that the paper leaves
# open and public codes make differently (some read before they write, one lets the read
# head continue from the *write* head's position). Ours: controller, write into
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
# **How many parameters?** With $R$ read and $W$ write heads, controller width $H$ and
# $T = (R + W)(M + 6) + 2WM$ numbers for the heads, a feed-forward machine has
# $(I + RM + 1) H + (H + 1) T + (H + RM + 1) O$, plus the learned start. The paper's own
# totals (17,162 and 67,561 for copy) cannot be reproduced from what it says. Its LSTM
# networks can, **exactly**: every layer sees the input, every layer feeds the output,
# the first $h$ and $c$ are learned.

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
# Four of them have an answer. The fourth is a guess: every sequence of bits has its own
# table of probabilities, drawn from Beta(½, ½), one for each context of five bits. The
# best one can do is count and take the posterior mean (eq. 10):
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
    digits=1,
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
claims.true("1/2 is the best of the three", costs[0.5] < min(costs[0.1], costs[2.0]))
claims.true("counted frequencies cost infinity", np.isinf(counted.mean()))

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
# **Figure 4.** The same rule with a context of two bits, so that it has something to
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
claims.below("machine: wrong bits at length 5", m["ntm/bit_error_5"], 0.02)
claims.below(
    "machine: wrong bits at length 10, never seen", m["ntm/bit_error_10"], 0.25
)
claims.below(
    "  relative to the LSTM of 100 units",
    m["ntm/bit_error_10"] / m["lstm/bit_error_10"],
    0.6,
)
claims.above("LSTM of 100 units: wrong bits at length 10", m["lstm/bit_error_10"], 0.25)
claims.above(
    "LSTM of equal size: wrong bits at length 10", m["lstm_equal/bit_error_10"], 0.25
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
# **Figures 5 and 6.** The LSTMs do learn the lengths they see, the larger one nearly as
# well; one step beyond them they fall apart. The machine goes on, and fails slowly: its
# heads drift a little at every step that training never asked for. What did it learn?

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
written = np.asarray(trace.write_weights)[0, 1:6, 0]
unit = written / np.linalg.norm(written, axis=1, keepdims=True)
read = np.asarray(trace.read_weights)[0, :, 0]
read = read / np.linalg.norm(read, axis=1, keepdims=True)
cosines = [(unit * read[start : start + 5]).sum(1).min() for start in (11, 12)]
claims.above(
    "vectors 1 to 5 are read where they were written, in order (least cosine)",
    max(cosines),
    0.5,
)

# %% [markdown]
# **Figure 7.** Twice the length of any sequence in training, and the two diagonals of
# figure 3 are back: the machine found the program that we wrote by hand, walking by
# shifts. Two details are its own. It reads one step *ahead*: the vector it will say next
# is fetched while the last one is said, so that the controller sees it in time. And
# look at the read head at the end flag: it comes back to the first slot in *one* step,
# which shifts by at most 1 cannot do. It finds the start by content, as the
# paper's machine does.
#
# ## 8. What makes it trainable
#
# Neural Turing machines have a name for failing to train. Ten seeds of the run above
# are stored with the lesson (`lessons sweep neural_turing_machine --preset laptop
# --seeds 0-9 --record`), and so are runs in which one measure was changed at a time:
#
# ```
# lessons sweep neural_turing_machine --preset laptop --set variants=ntm --seeds 0-4 \
#     --set "weight_start=first|uniform" --record
# ```

# %%
base = results.recorded("neural_turing_machine", preset="laptop")
solved = base["ntm", "solved"]
print(
    f"copy learned (under 2 % wrong bits at length 5): {sum(solved):.0f} of {len(base)} seeds"
)
print("mean over the seeds: wrong bits at length   5      10      15")
for name, variant in VARIANTS.items():
    errors = [base[name, f"bit_error_{n}"].mean() for n in (5, 10, 15)]
    print(f"{variant.label:38s}" + "".join(f"{error:8.3f}" for error in errors))
claims.true("all ten recorded seeds learn to copy", [*solved, len(base) == 10])
claims.below(
    "machine: wrong bits at length 10, mean of ten seeds",
    base["ntm", "bit_error_10"].mean(),
    0.02,
)
claims.above(
    "LSTMs: wrong bits at length 10, least of twenty runs",
    [base["lstm", "bit_error_10"], base["lstm_equal", "bit_error_10"]],
    0.3,
)

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
tried = 5  # seeds 0 to 4; a run whose loss becomes NaN fails and leaves no record
outcome, errors = {}, {}
print(f"{'what is changed':52s} learned  NaN  updates  wrong at 10")
for label, changes in changed.items():
    found = base
    if changes:
        found = results.recorded(
            "neural_turing_machine", preset="laptop", variants=("ntm",), **changes
        )
    learned = int(found["ntm", "solved"][:tried].sum())
    failed = tried - len(found["ntm", "solved"][:tried])
    outcome[label] = learned, failed
    updates = np.median(found["ntm", "updates_to_learn"][:tried])
    errors[label] = found["ntm", "bit_error_10"][:tried].mean()
    counted = f"{learned} of {tried} {failed:4d}"
    print(f"{label:52s}  {counted} {updates:8.0f} {errors[label]:12.3f}")

claims.true("the run above, seeds 0 to 4: all learn", outcome["as above"][0] == tried)
claims.true(
    "equal first weightings: none learns", outcome["weightings start equal"] == (0, 0)
)
claims.above(
    "without the four safeguards: runs that end in NaN",
    outcome["the last four together"][1],
    2,
)

# %% [markdown]
# *Learned* counts seeds with less than 2 % wrong bits at length 5; *updates* is the
# median number until an epoch's loss is below 0.004 nats per bit (1,000: never);
# *wrong at 10* is the mean over the seeds that did not end in NaN. Five seeds are few:
# a difference of one is none.
# But some rows speak. **The start of the weightings decides**: equal ones cannot learn
# at all, and sharp ones (at slot 0, or random logits of deviation 3) are safer than
# blurred ones. **The safeguards matter together**: with any one of them
# gone at least four of five seeds still learn, with all four gone most runs end in NaN. **A random
# memory** learns more slowly than the constant, as Collier and Beel found. And **the
# curriculum**, which every recipe recommends, does not help at these lengths (a possible
# reason: a program that is right for the short sequences shown first need not be the
# one that works for all).
#
# Why equal first weightings can *never* learn is a proof of one line: with a constant
# memory and equal weights nothing tells one slot from another, every operation treats
# all slots alike, so they stay alike for ever, and so do the gradients of the first
# weightings. Any machine, whatever its weights, shows it:

# %%
equal = settings.replace(weight_start="uniform")
uniform = experiment.build_model(equal, VARIANTS["ntm"])
for weights in uniform.cell.trainable_variables:
    weights.assign(rng.normal(size=weights.shape))
trace = uniform.trace(evaluation.test_sequences(settings, 10, longest=10).inputs[:8])
claims.below(
    "equal start: largest difference between two slots in 22 steps",
    np.ptp(trace.memory, axis=2),
    1e-5,
)
claims.equal(
    "  and every weight stays 1/16", trace.read_weights, 1 / 16, tolerance=1e-5
)

# %% [markdown]
# And why the memory starts with $10^{-6}$ and not with 0: the cosine of a zero row has
# no gradient of its own. What one gets is the size of the constant that guards the
# division.

# %%
key, largest = tf.constant([[1.0, 2.0]]), {}
for value in (0.0, 1e-6):
    rows = tf.fill((3, 2), value)
    with tf.GradientTape() as tape:
        tape.watch(rows)
        cosine = theory.cosine_similarity(rows, key)[0, 0]
    largest[value] = float(np.abs(tape.gradient(cosine, rows)).max())
    print(f"memory of {value:g}: largest gradient of the cosine {largest[value]:.2g}")
claims.above("zero memory: gradient of the cosine", largest[0.0], 1e8)
claims.below("memory of 1e-6", largest[1e-6], 2e5)

# %% [markdown]
# ## 9. What does not reproduce here
#
# * **Lengths of 120 after training on 20** (figures 4 and 5 of the paper): a memory of
#   128 slots and a million sequences, hours on a processor. Here: 16 slots, lengths to 5,
#   32,000 sequences. Beyond twice the length errors grow, at 16 (all slots in use) they
#   are many.
# * **Repeat copy, associative recall, n-grams, sorting**: the generators and the presets
#   with the published sizes are here and tested (`lessons show neural_turing_machine`),
#   the training is not run.
# * **The paper's parameter counts of its own machine**: its wiring is not specified.
# * The LSTM of 100 units is *not* bad at the lengths it is trained on; in seven of ten
#   seeds it passes the same 2 %. What it lacks is not capacity but the program.
#
# ## 10. What to try next
#
# * `lessons run neural_turing_machine --set controller=lstm`: does an LSTM controller
#   learn faster, and does it generalise as far?
# * `lessons run neural_turing_machine --set num_slots=32 --set max_length=8`: how much of
#   the memory can a trained machine use?
# * `lessons run neural_turing_machine --set task=repeat_copy --set max_repeats=3 --set
#   max_length=3 --set epochs=100`: does it count?
# * Compare figure 3 with figure 7: where do the trained heads wait, and does the read
#   head jump (content) or walk (shift) to the start?
#
# **Exercise.** `lessons practice neural_turing_machine`: six functions and one
# question. You will write the addressing step by step, a write of several heads and a
# task; the question asks for a program.
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
print(f"the machine learned in {sum(solved):.0f} of {len(solved)} seeds")

# %% tags=["summary"]
claims.table()
