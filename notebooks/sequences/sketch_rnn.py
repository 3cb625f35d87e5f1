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
# # A neural representation of sketch drawings
#
# **In one hour you will teach a network to draw cats and faces line by line, squeeze a drawing into eight
# numbers and draw it again from them, try to give a cat the whiskers of a face by arithmetic, and measure
# whether those numbers are read at all.**
#
# ![The picture that stands for this lesson](attachment:cover.png)
#
# > **Time.** About 50 minutes to read, about a minute to run on two cores. No network.
# >
# > **Prerequisites.** LSTM (lesson [`lstm`](../foundations/lstm.ipynb)), the evidence lower bound (ELBO) and the
# > reparameterisation trick (lesson [`vae`](../autoencoders/vae.ipynb)), Gaussians in two dimensions.
# >
# > **Source.** D. Ha and D. Eck, *A neural representation of sketch drawings*, ICLR 2018
# > (arXiv:1704.03477), "the paper" here, and its official code, whose sizes and schedules are presets.
#
# **You will be able to**
#
# * Write a drawing as stroke-3 and stroke-5, and simplify it with a promise that holds.
# * Compute a mixture of bivariate Gaussians and three pen states in log space, and its loss.
# * Build LSTM, layer-norm and HyperLSTM cells, and say what dropout of the candidate leaves alone.
# * Sample at a temperature, and say what of it is a theorem and what is not.
# * Tell a code that is read from a lower loss that has another reason.

# %% [markdown]
# <details><summary>Symbols</summary>
#
# | symbol | name in the code | shape | meaning |
# |---|---|---|---|
# | $S_i = (\Delta x, \Delta y, p_1, p_2, p_3)$ | `rows` | (batch, N_max, 5) | stroke-5: offset, pen down, lifted, finished |
# | $N_s$, $N_{max}$ | `len(drawing)`, `max_length` | numbers | real points, rows |
# | $h_\to, h_\gets$ | `encoders` | (batch, 32) | last states of the encoder |
# | $\mu, \hat\sigma$ | `mean`, `log_var` | (batch, N_z) | the code's mean, logarithm of its variance |
# | $z$, $N_z$ | `code`, `latent_dim` | (batch, N_z) | the code |
# | $y_i$ | `numbers` | (batch, N_max, 6M + 3) | what the decoder gives in a step |
# | $\Pi_j, \mu_j, \sigma_j, \rho_j$, $M$ | `theory.Step`, `num_mixtures` | (..., M) | the mixture of the offset |
# | $q_k$ | `pen_logits` | (..., 3) | probabilities of the pen's states |
# | $L_s, L_p, L_R, L_{KL}$ | `offset`, `pen`, `reconstruction`, `kl` | nats | losses |
# | $w_{KL}, KL_{min}, \eta_t, R$ | `kl_weight`, `kl_floor`, `annealed`, `kl_rate` | numbers | weight, floor, annealing |
# | $\tau$ | `temperature` | number | how much is left to chance |
#
# </details>

# %%
from lessons.toolkit.ledger import Ledger  # lessons first: it keeps TensorFlow quiet

# isort: split
import numpy as np
from scipy import stats

from lessons.sequences.sketch_rnn import (
    cells,
    config,
    data,
    drawings,
    evaluation,
    experiment,
    figures,
    figures_points,
    figures_theory,
    latent,
    model,
    paper,
    sampling,
    tasks,
    theory,
    theory_routes,
)
from lessons.sequences.sketch_rnn.variants import VARIANTS
from lessons.toolkit import mixtures, results, runtime, turning
from lessons.toolkit.data import strokes
from lessons.toolkit.figures import show
from lessons.toolkit.source import show_source

claims = Ledger()
rng = np.random.default_rng(0)
laptop = config.PRESETS["laptop"]

# %% [markdown]
# ## 1. A drawing is a sequence
#
# Pixels say where ink is. A *drawing* also says in which order it came there. In **stroke-3** a point is
# $(\Delta x, \Delta y, q)$: how far the pen moves, and whether it is lifted afterwards. **Stroke-5** replaces
# $q$ by three states, of which just one is 1: *down* ($p_1$: a line is drawn to the next point), *lifted*
# ($p_2$), *finished* ($p_3$). After the end all rows are $(0, 0, 0, 0, 1)$, up to a fixed length $N_{max}$.
#
# The paper's 70,000 cats and pigs of "Quick, Draw!" have to be downloaded. We draw cats and faces ourselves: a head
# of nine points, eyes, a mouth, two ears (if it is a cat) and whiskers (by the toss of a coin), in this order; ten
# proportions are random, and each point is moved by Gaussian noise. So we know *every* number behind a drawing.

# %%
show_source(strokes.to_stroke5)
sketches = data.load(laptop)
lengths = np.array([len(each) for each in sketches.train])
print(f"{len(sketches.train)} drawings, {lengths.min()} to {lengths.max()} points, mean {lengths.mean():.2f}")  # fmt: skip
print(f"offsets were divided by {sketches.scale:.4f}, their deviation, for train and test alike")  # fmt: skip
rows = sketches.arrays("test")
back = [strokes.to_stroke3(each) for each in rows]
claims.true(
    "stroke-3 to stroke-5 and back, 200 drawings: the same numbers",
    [np.array_equal(a, b) for a, b in zip(back, sketches.test, strict=True)],
    control=(
        "with one row too few",
        np.array_equal(strokes.to_stroke3(rows[6, :20]), sketches.test[6]),
    ),
)

# %%
show(figures_theory.format_figure(sketches.test[0], 27))

# %% [markdown]
# **Figure 1.** A cat without whiskers: 22 points, then five rows that say *finished*. A line ends in an orange point.
# $N_{max}$ is 27 here, one more than the longest drawing has points, so that every drawing has a row that ends it.
#
# **Simplification.** People draw with a hundred points where ten would do. Ramer, Douglas and Peucker keep both ends and, if
# the point farthest from the segment between them is farther than $\varepsilon$, that point too, and go on in both
# halves. The promise: *every point that is left out lies within $\varepsilon$ of the simplified line*. It holds for the distance to
# the **segment**; many descriptions say "line", and then it does not:

# %%
show_source(strokes.distances, strokes.kept_points)
angles = np.linspace(0, np.pi, 181)
arc = 100 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
counts = [len(strokes.kept_points(arc, e)) for e in (0.1, 0.5, 2, 10, 50, 150)]
print("half a circle of radius 100, 181 points, ε = 0.1, 0.5, 2, 10, 50, 150:", *counts)
walks = rng.normal(size=(180, 30, 2)).cumsum(axis=1)
worst = [theory_routes.left_out(w, list(strokes.kept_points(w, 1.0))) for w in walks]
endless = [theory_routes.left_out(w, theory_routes.simplified(w, 1.0, endless=True)) for w in walks]  # fmt: skip
print(f"walks that break the promise: {np.sum(np.array(worst) > 1)} with the segment, {np.sum(np.array(endless) > 1)} with the line")  # fmt: skip
claims.below(
    "180 random walks, ε = 1: farthest point that was left out",
    max(worst),
    1 + 1e-12,
    digits=3,
    control=("distance to the endless line", max(endless)),
)

# %%
show(figures_theory.simplification())

# %% [markdown]
# **Figure 2.** Outlines of a letter from matplotlib's fonts, simplified. `--preset laptop_letters` trains on such outlines.
#
# ## 2. What the next point may be
#
# In each step the decoder gives $6M + 3$ numbers: three logits of the pen and, for $M$ Gaussians, weight logits, two means,
# two log deviations and a raw correlation. With $\sigma = e^{\hat\sigma}$, $\Pi = \mathrm{softmax}$, and
# $\rho = 0.99 \tanh\hat\rho$ (the paper has $\tanh$ alone, which is 1 in float32 from 9.1 on),
#
# $$p(\Delta x, \Delta y) = \sum_{j=1}^M \Pi_j\, N(\Delta x, \Delta y \mid \mu_j, \sigma_j, \rho_j).$$

# %%
show_source(theory.step_of, mixtures.bivariate_log_prob)
raw = np.arctanh(0.6 / theory.CORRELATION_LIMIT)
one = np.array([[0, 0, 0, 0, 0.3, -0.2, np.log(0.8), np.log(0.5), raw]])
row = np.array([[0.5, 0.1, 1, 0, 0]])
density = float(np.exp(-theory.offset_losses(theory.step_of(one, 1), row)[0]))
cov = np.array([[0.64, 0.24], [0.24, 0.25]])
claims.equal(
    "density at (0.5, 0.1) against scipy's",
    density,
    stats.multivariate_normal((0.3, -0.2), cov).pdf((0.5, 0.1)),
    tolerance=1e-9,
    digits=8,
    control=("without the root of 1 - ρ²", density * np.sqrt(1 - 0.36)),
)
numbers = rng.normal(size=(200, 27, 33))
loss = np.asarray(theory.reconstruction_loss(theory.step_of(numbers, 5), rows.astype(float)))  # fmt: skip
other = theory_routes.losses(numbers, rows, 5)
claims.equal(
    "loss of 200 drawings against covariance matrices, greatest difference",
    np.abs(loss - other["offset"] - other["pen"]).max(),
    0,
    tolerance=1e-9,
)

# %% [markdown]
# **The loss** adds up two things, and treats the padding differently:
#
# $$L_s = -\frac{1}{N_{max}} \sum_{i \le N_s} \log p(\Delta x_i, \Delta y_i), \qquad
#   L_p = -\frac{1}{N_{max}} \sum_{i \le N_{max}} \sum_{k=1}^3 p_{k,i} \log q_{k,i}, \qquad L_R = L_s + L_p.$$
#
# Two traps. A density may exceed 1, so **negative losses are normal**, and *their zero is arbitrary*: where all drawings are
# scaled by $c$, the same model has $2 \ln c$ nats more for each *real* point, that is $2 \ln c \cdot N_s / N_{max}$ more
# in $L_R$. And everything is divided by $N_{max}$, so that a longer padding makes a smaller loss.

# %%
scaled = rows.astype(float)
scaled[..., :2] *= 3
moved = numbers.copy()
moved[..., 8:18] *= 3
moved[..., 18:28] += np.log(3)
after = np.asarray(theory.reconstruction_loss(theory.step_of(moved, 5), scaled))
share = (rows[..., 4] < 0.5).mean(axis=1)
print(f"2 ln 3 = {2 * np.log(3):.4f}; mean of N_s / N_max = {share.mean():.4f}")
claims.equal(
    "scaling by 3 adds to L_R, mean over 200 drawings",
    (after - loss).mean(),
    2 * np.log(3) * share.mean(),
    tolerance=1e-9,
    control=("2 ln 3 for every row", 2 * np.log(3)),
)
start = experiment.compiled(laptop, VARIANTS["decoder_only"])
first = evaluation.losses(start, rows)
offsets = rows[rows[..., 4] < 0.5][:, :2]
guess = share.mean() * (np.log(2 * np.pi) + np.mean(offsets**2)) + np.log(3)
claims.equal(
    "L_R before training: a unit Gaussian and three equal pen states",
    first["reconstruction"],
    guess,
    tolerance=0.2,
    digits=2,
    control=("as if padding had points", np.log(2 * np.pi) + 1 + np.log(3)),
)

# %% [markdown]
# ## 3. The networks

# %%
show(figures_theory.network_drawing())

# %% [markdown]
# **Figure 3.** Two LSTMs read the whole drawing, one of them backwards **from the last real point** (a mask leaves the padding out).
# Their last states give $\mu$ and $\hat\sigma$, and $z = \mu + e^{\hat\sigma/2} \epsilon$. The decoder starts from
# $\tanh(W_z z + b_z)$ and reads $[S_{i-1}; z]$ in each step. Without encoder and $z$ it is the *decoder-only* model.

# %%
show_source(model.SketchRNN.encode, model.SketchRNN.decode)
for name, preset, variant in (
    ("laptop", laptop, "weight_1"),
    ("laptop, decoder only", laptop, "decoder_only"),
    ("paper_code", config.PRESETS["paper_code"], "weight_half"),
):
    built = experiment.build_model(preset, VARIANTS[variant])
    built.build((None, preset.max_length, 5))
    claims.equal(f"parameters, {name}", runtime.num_parameters(built), paper.PARAMETERS[name], tolerance=0.5, digits=8)  # fmt: skip

# %% [markdown]
# **Cells.** *Recurrent dropout without memory loss* drops the candidate alone, $c \leftarrow \sigma(f+1) c + \sigma(i)\, d \odot \tanh j$,
# so a mask never erases what is remembered; Keras's `recurrent_dropout` drops $h$. The *layer-norm LSTM* normalises, over
# the units of one example, each of the four blocks and the memory where it is shown. In the *HyperLSTM* a smaller LSTM scales
# every unit of every block.

# %%
show_source(cells.PenLSTMCell.updated, cells.normalised, cells.HyperLSTMCell.factors)
parts = theory_routes.hyper_parameters(5 + 128, 2048, 256, 32)
for part, count in parts.items():
    print(f"{part:28s}{count:>12,d}")
claims.equal("parameters of the paper's HyperLSTM decoder", sum(parts.values()), paper.HYPER_DECODER, tolerance=0.5, digits=8)  # fmt: skip

# %% [markdown]
# At the start each block is multiplied by exactly $E \cdot 0.1 / E = 0.1$. "Layer normalisation then removes the factor" is nearly
# right, and $\epsilon = 10^{-3}$ decides how nearly. A block of variance $v$ comes out with deviation
# $0.1 \sqrt v / \sqrt{0.01 v + \epsilon}$:

# %%
for variance in (1.0, 0.12, 0.02):
    block = rng.normal(size=(1, 100_000)) * np.sqrt(variance)
    out = cells.normalised((0.1 * block).astype("float32"), 1.0, 0.0, 1)
    expected = 0.1 * np.sqrt(variance) / np.sqrt(0.01 * variance + cells.EPSILON)
    claims.equal(
        f"deviation after a tenth of a block of variance {variance}",
        float(np.std(out)),
        expected,
        tolerance=3e-3,
        digits=2,
        control=("removed altogether", 1.0),
    )

# %% [markdown]
# **One thing the first weights decide for ever.** In the official code $W_z = 0$, $b_z = 1$ and all entries of $W_d$ are equal. Then
# the $E$ numbers of an embedding are equal, their gradients are equal, and an optimizer that treats entries alike
# keeps them equal: the embedding of 32 numbers acts as *one*. Our cell has `spread` to break the tie (0, as in the code, by default);
# a test trains both.
#
# ## 4. The code's price
#
# $$L_{KL} = -\frac{1}{2 N_z} \sum (1 + \hat\sigma - \mu^2 - e^{\hat\sigma}), \qquad
#   L = L_R + w_{KL}\, \eta_t \max(L_{KL}, KL_{min}), \qquad \eta_t = 1 - (1 - \eta_{min}) R^t.$$
#
# Below the floor the gradient of the last term is *zero*, not small, so a divergence that stays at the floor is as intended.
# (Such a floor is also called *free bits*: [`hierarchical_vae`](../autoencoders/hierarchical_vae.ipynb), section 5.)

# %%
show_source(theory.kl_loss, theory.annealed, theory.kl_term)
mean, log_var = np.array([[0.5, -1, 0, 2]]), np.array([[0, -1, 0.5, -2]])
claims.equal(
    "L_KL of a code of four numbers, sum by the other route over 4",
    float(theory.kl_loss(mean, log_var)[0]),
    theory_routes.kl_divergence(mean, log_var)[0] / 4,
    tolerance=1e-12,
    control=[
        ("σ̂ as log σ", float(theory.kl_loss(mean, 2 * log_var)[0])),
        ("the sum", theory_routes.kl_divergence(mean, log_var)[0]),
    ],
)
print("η at updates 0, 100, 500:", *(f"{float(theory.annealed(t, 0.01, 0.99)):.4f}" for t in (0, 100, 500)))  # fmt: skip

# %% [markdown]
# **$w_{KL} = 1$ is not the evidence lower bound.** $L_R$ is divided by $N_{max}$, $L_{KL}$ by $N_z$. A whole drawing costs
# $N_{max} L_R + N_z L_{KL}$ nats, and the loss is a multiple of that only for $w_{KL} = N_z / N_{max}$. Any other weight is the $\beta$
# of a $\beta$-VAE, $\beta = w_{KL} N_{max} / N_z$:

# %%
for text, w, length, size in (
    ("paper, 250 rows, 128 numbers", (0.25, 0.5, 1), 250, 128),
    ("here, 27 rows, 8 numbers", (0.02, 0.1, 1), 27, 8),
):
    print(f"{text}: w = {w} is β =", *(f"{x * length / size:.3f}" for x in w))

# %% [markdown]
# So our weights are chosen by their $\beta$: 0.0675, 0.3375 and 3.375. The paper's lie between the first and the last.
#
# ## 5. Temperature
#
# $$\hat q_k / \tau, \qquad \hat\Pi_j / \tau, \qquad \sigma^2 \to \sigma^2 \tau.$$
#
# (The official code multiplies $\sigma$, not $\sigma^2$, by $\tau$; `squared=True`.) For *one* Gaussian the entropy changes by exactly $\ln\tau$, and
# that of the pen falls as $\tau$ does. Both are theorems; an untrained network obeys them as well. The limit $\tau \to 0$ takes the heaviest component and its
# *mean*. That is not the mode of the density: of two components with weights 0.6 and 0.4, deviations 10 and 0.1, far apart,
# the lighter one is 6,700 times as high.

# %%
show_source(theory.at_temperature, sampling.point)
logits = np.log([[0.7, 0.25, 0.05]])
law = theory.step_of(np.concatenate([logits, np.zeros((1, 6))], axis=1), 1)
entropies = [
    theory_routes.entropy(theory.at_temperature(law, t).pen_logits)[0]
    for t in (1, 0.5, 0.1)
]
print("entropy of the pen at τ = 1, 0.5, 0.1:", *(f"{e:.5f}" for e in entropies))
normals = {  # covariances as the sampler has them: of one Gaussian with ρ = 0.6
    (t, squared): figures_points.covariances(theory.at_temperature(theory.step_of(one, 1), t, squared))[0, 0]
    for t in (1, 0.25) for squared in (False, True)
}  # fmt: skip
entropy = {key: stats.multivariate_normal(cov=c).entropy() for key, c in normals.items()}  # fmt: skip
claims.equal(
    "entropy of the sampler's Gaussian, τ = 1 to 0.25, divided by ln τ",
    (entropy[0.25, False] - entropy[1, False]) / np.log(0.25),
    1,
    tolerance=1e-9,
    control=("squared=True", (entropy[0.25, True] - entropy[1, True]) / np.log(0.25)),
)
heights = 0.6 / (2 * np.pi * 10**2), 0.4 / (2 * np.pi * 0.1**2)
print(f"peaks of the two components: {heights[0]:.5f} and {heights[1]:.2f}")

# %% [markdown]
# ## 6. Training
#
# 960 drawings, 20 updates of Adam in an epoch, one compiled loop over 27 steps. Recorded runs have 60 epochs. Here a model with a
# cheap code ($w = 0.02$) has 30 and a decoder alone 20.

# %%
# NBVAL_IGNORE_OUTPUT
coded = experiment.train(laptop.replace(epochs=30), VARIANTS["weight_small"], sketches)
alone = experiment.train(laptop.replace(epochs=20), VARIANTS["decoder_only"], sketches)
judge = evaluation.Judge(sketches)
held = evaluation.losses(coded.model, rows)
print({name: round(value, 3) for name, value in held.items()})
assert held["reconstruction"] < -1.2 and held["kl"] > 1, held

# %% [markdown]
# **Yardsticks.** A Gaussian and pen frequencies for each step and class need no network. And since we drew the drawings, we know what
# somebody would reach who knew all proportions of each drawing and was surprised by the noise alone, $n (\ln 2\pi s^2 + 1 - 2 \ln c)$
# nats for $n$ points:

# %%
show_source(drawings.oracle_nats)
yardsticks = evaluation.baselines(sketches, laptop)
for name, value in yardsticks.items():
    print(f"{name:26s}{value:8.3f}")

# %% tags=["cover"]
# NBVAL_IGNORE_OUTPUT
show(figures.reconstructions(coded.model, rows[:10]))
again = latent.reconstruct(coded.model, rows, 0.0)
assert sum(map(len, again)) > 1000

# %% [markdown]
# **Figure 4.** Ten test drawings and what their eight numbers give at rising temperatures, after 600 updates.
#
# ## 7. Is the code read?
#
# The paper compares $L_R$ with that of the decoder alone: "lower, so $z$ tells the decoder what to draw". A lower loss can have other reasons (a
# learned first state, more parameters, luck). The direct question is: *what if it gets the code of another drawing?*

# %%
show_source(evaluation.codes_held)
runs = results.recorded("sketch_rnn")
cost = {name: runs[name, "exchanged"] - runs[name, "reconstruction"] for name in ("weight_small", "weight_1")}  # fmt: skip

# %%
# NBVAL_IGNORE_OUTPUT
swapped = evaluation.codes_held(coded.model, sketches)
for name, value in swapped.items():
    print(f"{name:18s}{value:8.3f}")
claims.above(
    "w = 0.02: nats a row that another drawing's code costs",
    swapped["exchanged"] - held["reconstruction"],
    0.5,
    recorded=cost["weight_small"],
    control=("w = 1 as recorded, most of 8 seeds", cost["weight_1"].max()),
)

# %% [markdown]
# A second question is what the code *could* tell: which class, and are there whiskers? Logistic regression reads both from
# the codes of training drawings. Here is a trap. From standardised *means* $\mu$ it reads both at any weight, and from an encoder
# that was **never trained**: a mean may say it in far decimals, under noise of deviation 1. The decoder is given the *drawn*
# $z = \mu + \sigma\epsilon$ in training, so that is what is to be read:

# %%
# NBVAL_IGNORE_OUTPUT
told = evaluation.readable(coded.model, sketches)
print({name: round(value, 2) for name, value in told.items()})
claims.above(
    "w = 0.02: whiskers read from drawn codes, accuracy",
    told["read_whiskers"],
    0.65,
    recorded=runs["weight_small", "read_whiskers"],
    control=[
        ("untrained, best of 8 seeds", runs["untrained", "read_whiskers"].max()),
        ("w = 1, best of 8 seeds", runs["weight_1", "read_whiskers"].max()),
    ],
)

# %%
claims.above(
    "class read from the means of untrained encoders, least of 8 seeds",
    runs["untrained", "mean_class"].min(),
    0.9,
    digits=2,
    control=("from their drawn codes, best", runs["untrained", "read_class"].max()),
)

# %% [markdown]
# ## 8. Between drawings, and arithmetic with them
#
# Codes of the prior $N(0, I)$ in many dimensions lie near a sphere of radius $\sqrt{N_z}$. The middle of a straight line between two of them
# is too short by $\sqrt 2$; the arc (*slerp*) keeps the length:

# %%
show_source(theory.slerp, latent.analogy)
pairs = rng.normal(size=(2000, 2, 128))
middle = {p.__name__: np.mean([np.linalg.norm(p(a, b, 0.5)) for a, b in pairs]) for p in (theory.lerp, theory.slerp)}  # fmt: skip
length = np.linalg.norm(pairs, axis=-1).mean()
claims.equal(
    "length half-way over length of the ends, slerp, 128 numbers",
    middle["slerp"] / length,
    1,
    tolerance=0.01,
    digits=2,
    control=("lerp", middle["lerp"] / length),
)

# %% [markdown]
# But that argument is about codes that *are* distributed like the prior. The means of ours at $w = 0.02$ are shorter than
# $\sqrt 8 = 2.83$. A cheap code is not made to look like the prior; but our first weights are small as well (deviation 0.001, the code's),
# and we have not varied them. What does the arc do then?

# %%
print("length of μ at w = 0.02:", results.in_words(runs["weight_small", "code_norm"]))

# %%
# NBVAL_IGNORE_OUTPUT
codes = latent.codes(coded.model, rows)
cat, face = (np.flatnonzero(sketches.test_labels == label)[3] for label in (0, 1))
show(figures.interpolations(coded.model, codes[cat], codes[face]))
ways = {kind: latent.path(codes[cat], codes[face], 8, kind) for kind in ("lerp", "slerp")}  # fmt: skip
for kind, way in ways.items():
    drawn = coded.model.generate(code=way, temperature=0.0).rows
    print(kind, "probability of a face:", *(f"{p:.2f}" for p in judge.probabilities(drawn)[:, 1]))  # fmt: skip
    assert np.all(np.isfinite(drawn))

# %% [markdown]
# **Figure 5.** From a cat to a face. The judge's probabilities say where the cat becomes a face, and whether at once. Judged over all
# pairs and seeds, the arc's drawings are as far from real ones as the line's (section 10).
#
# **Analogy.** Take the mean code of faces with whiskers, subtract that of faces without, add the difference to plain *cats*:

# %%
# NBVAL_IGNORE_OUTPUT
show(figures.analogies(coded.model, sketches))
sums = tasks.analogies(coded.model, sketches, judge)
print({name: round(value, 2) for name, value in sums.items()})
whiskers = sketches.attributes["whiskers"][1]
assert judge.accuracy(rows, whiskers, "whiskers") > 0.95  # the judge knows them

# %% [markdown]
# **Figure 6.** Cats; the same from their codes; the same codes plus the whiskers of faces. What counts is a cat *and* whiskers (`analogy_both`), less the larger of
# two controls: nothing added, and a random shift of the same length. It differs from seed to seed (section 10).
#
# ## 9. Endings
#
# The decoder alone can finish what somebody began: it *reads* the given points (nothing is sampled, nothing is trained) and then
# goes on by itself. The whole roll-out is one compiled loop; a drawing that is finished goes on with padding, since a loop that stops early cannot be compiled.

# %%
show_source(sampling.roll)

# %%
# NBVAL_IGNORE_OUTPUT
plain = sketches.test[int(face)]
head, more = plain[:9], plain[:16]
show(figures.endings(alone.model, [head, more]))
found = latent.finish(alone.model, more, 50)
assert np.std([len(each) for each in found]) > 0  # endings differ

# %% [markdown]
# **Figure 7.** Seven endings of a head, and of a head with eyes and mouth.

# %%
# NBVAL_IGNORE_OUTPUT
show(figures_points.next_points(alone.model, plain, (4, 9, 16)))
laws = evaluation.decoded(alone.model, rows[:1], np.zeros((1, 0)))[0]
density = figures_points.mixture_density(laws[4], np.zeros((1, 2)), alone.model)
assert np.isfinite(density).all()

# %% [markdown]
# **Figure 8.** Where the next point may be: within the head, after it, and after the mouth, where ears, whiskers or nothing may follow.

# %%
# NBVAL_IGNORE_OUTPUT
knob = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0)
noise = sampling.noise(27, 8, np.random.default_rng(1))
frames = [
    figures_points.temperature_frame(alone.model, laws[16], t, noise) for t in knob
]
turning.show(
    turning.turn(
        frames,
        [f"τ = {t:g}" for t in knob],
        "temperature τ",
        "Six drawings made with the same random numbers at a temperature; beside them the "
        "ellipses of the mixture and the bars of the pen's state after sixteen points.",
        "The areas of the ellipses grow like τ, the bars flatten; some drawings break apart.",
        start=4,
    )
)
areas = [np.prod(theory.at_temperature(theory.step_of(laws[9:10], 5), t).scales, axis=-1) for t in (0.5, 1.0)]  # fmt: skip
claims.equal("areas of ellipses at τ = 0.5 over those at 1", float(np.mean(areas[0] / areas[1])), 0.5, tolerance=1e-5)  # fmt: skip

# %% [markdown]
# **Figure 9.** Turn $\tau$: the same random numbers each time. Which drawings never end?
#
# ## 10. Eight seeds
#
# Each seed draws its own drawings and weights (`lessons sweep sketch_rnn --preset laptop --seeds 0-7 --record`). "Nats" is the bound on
# $-\log p$ of a whole drawing, $27 L_R + 8 L_{KL}$.

# %%
coded_names = ("weight_small", "weight_1")
for metric, text in (
    ("reconstruction", "L_R, test"),
    ("train_reconstruction", "L_R, training drawings"),
    ("pen", "L_p"),
    ("pen_real", "L_p up to the end of the drawing"),
    ("nats", "nats of a drawing"),
):
    print(text)
    for name in laptop.variants:
        print(f"    {VARIANTS[name].label:16s}", results.in_words(runs[name, metric]))
print("yardsticks, L_R")
for name in ("by_step", "oracle"):
    print(f"    {name:16s}", results.in_words(runs[name, "reconstruction"]))

# %%
for metric, text in (
    ("kl", "L_KL (floor 0.05)"),
    ("reconstruction", "L_R with its own code"),
    ("exchanged", "L_R with the code of another drawing"),
    ("exchanged_within", "L_R with the code of another drawing of the class"),
    ("prior", "L_R with a code of the prior"),
    ("code_norm", "length of μ"),
    ("read_class", "class read from a drawn z, accuracy"),
    ("read_whiskers", "whiskers read from a drawn z, accuracy"),
    ("mean_class", "class read from the standardised μ, accuracy"),
    ("kept_class", "class kept by the reconstruction, τ = 0"),
    ("kept_whiskers", "whiskers kept"),
    ("kept_width", "correlation of widths"),
    ("analogy_both", "cats + whiskers: are cats and have whiskers"),
    ("plain_both", "cats, nothing added: the same"),
    ("random_both", "cats + a random shift: the same"),
    ("analogy_gain", "cats + whiskers less the larger of these two"),
    ("two_eyes_six", "two-eyed cats come back with six strokes"),
    ("three_eyes_six", "three-eyed cats come back with six strokes, not seven"),
    ("zero_code_six", "the drawing of z = 0 has six strokes"),
    ("sample_finished", "drawings from the prior that end (of the test drawings: all)"),
    ("lerp_distance", "half-way drawings, lerp: distance from test drawings"),
    ("slerp_distance", "half-way drawings, slerp"),
    ("sample_distance", "drawings from the prior, τ = 0.3"),
):
    print(text)
    for name in coded_names:
        print(f"    {VARIANTS[name].label:10s}", results.in_words(runs[name, metric]))
print("drawings of the decoder alone: distance", results.in_words(runs["decoder_only", "sample_distance"]))  # fmt: skip
print("training drawings: distance", results.in_words(runs["train", "sample_distance"]))
print("untrained encoder: class read from a drawn z", results.in_words(runs["untrained", "read_class"]))  # fmt: skip
print("untrained encoder: class read from the standardised μ", results.in_words(runs["untrained", "mean_class"]))  # fmt: skip

# %%
own, swap, prior = (
    {name: runs[name, metric] for name in coded_names}
    for metric in ("reconstruction", "exchanged", "prior")
)
claims.above(
    "w = 0.02: what the code of another drawing costs, least of 8 seeds",
    (swap["weight_small"] - own["weight_small"]).min(),
    1,
    digits=2,
    control=("w = 1, most", (swap["weight_1"] - own["weight_1"]).max()),
)
claims.above(
    "w = 0.02: what a code of the prior costs, least of 8 seeds",
    (prior["weight_small"] - own["weight_small"]).min(),
    3,
    digits=2,
    control=("w = 1, most", (prior["weight_1"] - own["weight_1"]).max()),
)
kls = {name: runs[name, "kl"] for name in coded_names}
claims.above(
    "L_KL at w = 0.02 over that at w = 1, least of 8 seeds",
    (kls["weight_small"] / kls["weight_1"]).min(),
    30,
    digits=2,
    control=("two seeds of w = 1", kls["weight_1"].max() / kls["weight_1"].min()),
)
claims.above(
    "whiskers read from a drawn z at w = 0.02, accuracy, least of 8 seeds",
    runs["weight_small", "read_whiskers"].min(),
    0.65,
    digits=2,
    control=[
        ("w = 1, best", runs["weight_1", "read_whiskers"].max()),
        ("untrained, best", runs["untrained", "read_whiskers"].max()),
    ],
)
bounds = {name: runs[name, "nats"] for name in laptop.variants}
claims.above(
    "nats of a drawing at w = 0.02 above the decoder alone's, least of 8 seeds",
    (bounds["weight_small"] - bounds["decoder_only"]).min(),
    12,
    digits=2,
    control=("w = 1, most", (bounds["weight_1"] - bounds["decoder_only"]).max()),
)
share = runs["weight_small", "analogy_both"]
controls = [runs["weight_small", name] for name in ("random_both", "plain_both")]
claims.above(
    "cats with whiskers by arithmetic, w = 0.02, mean of 8 seeds",
    share.mean(),
    0.35,
    digits=2,
    control=[
        ("a random shift", controls[0].mean()),
        ("nothing added", controls[1].mean()),
    ],
)
print("less the larger control, seed by seed:", *(f"{g:.2f}" for g in runs["weight_small", "analogy_gain"]))  # fmt: skip
print("L_KL at w = 1 over the floor:", results.in_words(kls["weight_1"] / laptop.kl_floor))  # fmt: skip

# %% [markdown]
# **What eight seeds say**
#
# * **Read, and not read.** The code of another drawing costs 2.40 (1.52 to 3.11) nats a row at $w = 0.02$ and nothing at $w = 1$,
#   where $L_{KL}$ stands at its floor: $8 \cdot 0.05 = 0.4$ nats a drawing, less than a bit.
# * **A lower loss is no evidence.** $L_R$ at $w = 1$ is below that of the decoder alone in one of eight seeds, although $z$ is
#   ignored in all; at $w = 0.02$, where it is read, it is below in eight, by 0.13 (0.06 to 0.26).
# * **In nats of a whole drawing the cheap code loses.** −37.8 (−39.4 to −36.6) at $w = 0.02$, −54.5 (−56.7 to −53.3) at $w = 1$,
#   −56.4 (−58.8 to −54.2) without a code (lower is better): in every seed the cheap code is 17 to 21 nats worse than none. It
#   says 22 nats and saves 3.6; with $\beta = 0.0675$ it was hardly charged. Drawings from the prior suffer too: their distance
#   from test drawings is 24 against 11 at $w = 1$ and 14 without a code, and 13 % do not end within 27 rows, though all true ones
#   do.
# * **What the code holds differs from seed to seed.** From a drawn $z$ at $w = 0.02$ whiskers are read with accuracy 0.95 (0.73
#   to 1.00), the class with 0.82 (0.59 to 1.00); at $w = 1$ and from untrained encoders both are guessed. Greedy drawings
#   ($\tau \to 0$) keep the class in 0.73 (0.50 to 1.00): in three seeds hardly better than chance. Widths correlate by 0.59 (0.13
#   to 0.94), the more the less of the class is kept (correlation over eight seeds −0.7: a hint, no more).
# * **Arithmetic may work.** 0.44 (0.00 to 1.00) of the sums are cats with whiskers; with nothing added 0.05 (0.00 to 0.44), with
#   a random shift 0.16 (0.00 to 0.44). Less the larger of these the share is 0.28 (0.00 to 0.81): above 0.1 in five of eight
#   seeds, 0.00 at worst.
# * **Three-eyed cats lose an eye, which proves little.** At $w = 0.02$ 95 % come back with six strokes, as the paper's cats do,
#   and none with seven. But a decoder that draws one cat for ever would score the same: at $w = 1$ the drawing of $z = 0$ has six
#   strokes in four of eight seeds, and in just these all cats come back with six, two-eyed and three-eyed alike.
# * **Arc and line.** Half-way drawings are 11.2 from test drawings along the arc, 11.8 along the line; the arc is nearer in four
#   of eight seeds, and in six they differ by less than 1. That shows no advantage.
# * **No overfitting** explains the order: training drawings have an $L_R$ of −2.25, −2.05 and −2.10, test drawings −2.22, −2.03
#   and −2.09.
#
# ## 11. What else could it be?
#
# Two rivals without an encoder, with the same updates (`--preset laptop_rivals`): a decoder that is *told the class*, one bit; and a decoder
# alone whose first state is learned instead of zero, so that it differs from the conditional model at $z = 0$ in nothing.

# %%
rivals = results.recorded("sketch_rnn", "laptop_rivals")
losses = {name: runs[name, "reconstruction"] for name in laptop.variants}
losses |= {name: rivals[name, "reconstruction"] for name in ("class_only", "learned_start")}  # fmt: skip
for name, values in losses.items():
    print(f"{VARIANTS[name].label:30s}", results.in_words(values))
base = losses["decoder_only"]
print("L_R minus that of the decoder alone, seed by seed")
for name in ("weight_small", "weight_1", "class_only", "learned_start"):
    print(
        f"    {VARIANTS[name].label:28s}", *(f"{d:6.2f}" for d in losses[name] - base)
    )

# %% [markdown]
# **Neither rival explains the cheap code's lower loss.** Told the class the decoder's $L_R$ differs from that of the decoder
# alone by −0.02 (−0.10 to 0.09), below it in six of eight seeds; with a learned start by 0.03 (−0.14 to 0.15), below in three.
# Only $w = 0.02$ is below in every seed, and it is below the decoder that knows the class in eight. So its code says more than
# the class, and a trained first state is not what helps. That agrees with section 10: it holds whiskers, and in some seeds
# widths.
#
# Differences between seeds are as large as what $w = 1$ could gain or lose (0.06 (−0.02 to 0.19)): with one seed each order can
# be found. Not varied: the number of parameters (34,033 with an encoder, 20,065 without), the budget and the rate. As a bound on
# a drawing the class costs its $\ln 2$: −56.2 (−58.3 to −51.1) nats, close to the decoder alone.
#
# ## 12. What does not reproduce here
#
# * **The paper's numbers.** Its losses are of other drawings, with another scale and other $N_{max}$ and $N_z$ (section 2 and 4); the two that the
#   results table quotes are from memory and not checked. "Quick, Draw!" itself is an adapter: `--set source=quickdraw --set data_path=cat.npz,pig.npz`
#   reads files that you have, as they are published; a file that would run a program while it is read, or whose strokes are
#   broken or empty, is refused with a sentence that says which.
# * **Gains of the HyperLSTM.** The cells are tested against plain formulas and the paper's counts of parameters, and `--preset laptop_cells` trains
#   them; we have recorded no such runs and claim nothing about them.
# * **Analogies with bodies** (a cat's head, a pig with a body) need drawings that have bodies.
# * **Long drawings.** The paper finds sequences of more than 300 points hard; ours have 26 points at most.
# * **The paper's presets** (`paper`, `paper_code`) are built and trained for one step in our tests; 70,000 drawings of up to 250 points need a GPU.
#
# ## 13. What to try next
#
# * `--preset laptop_weights`: weights between, no floor, a floor of 0.2. Where does the code begin to be read?
# * `--set epochs=120`: does $w = 1$ begin to use its code if it has twice the time?
# * `--preset laptop_letters`: outlines of letters in twelve fonts.
# * `--set keep=0.9`: recurrent dropout, as in the paper.
#
# **Exercise.** `lessons practice sketch_rnn`: five functions and one question. You will write stroke-5 with a start token, the reconstruction loss
# with an optional mask, a divergence with a floor for each drawing, two temperatures with their limits, and a simplification that
# keeps at most so many points.
#
# ## References
#
# * D. Ha, D. Eck. *A neural representation of sketch drawings*. ICLR 2018. arXiv:1704.03477
# * D. Ha, A. Dai, Q. V. Le. *HyperNetworks*. ICLR 2017. arXiv:1609.09106
# * S. Semeniuta, A. Severyn, E. Barth. *Recurrent dropout without memory loss*. COLING 2016. arXiv:1603.05118
# * A. Graves. *Generating sequences with recurrent neural networks*. 2013. arXiv:1308.0850
# * J. L. Ba, J. R. Kiros, G. E. Hinton. *Layer normalization*. 2016. arXiv:1607.06450
# * T. White. *Sampling generative networks*. 2016. arXiv:1609.04468
# * U. Ramer. *An iterative procedure for the polygonal approximation of plane curves*. Computer Graphics and Image Processing 1, 1972;
#   D. H. Douglas, T. K. Peucker. *Algorithms for the reduction of the number of points required to represent a digitized line*. Cartographica 10, 1973

# %% [markdown]
# ## Results and claims verified

# %% tags=["summary"]
print("recorded runs: mean (lowest to highest)")
for name in laptop.variants:
    print(f"  {VARIANTS[name].label:14s} L_R {results.in_words(losses[name])}")
    print(f"  {'':14s} nats {results.in_words(runs[name, 'nats'])}")

# %% tags=["summary"]
claims.table()
