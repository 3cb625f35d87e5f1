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
# # Continuous adaptation via meta-learning
#
# **In one hour you will train a network that learns a sinusoid from ten points in one gradient step, find out which
# two terms the gradient of such a step has, let robots lose their legs and their sense of direction, and see where one
# step is worth everything and where it is worth nothing.**
#
# ![The picture that stands for this lesson](attachment:cover.png)
#
# > **Time.** About 60 minutes to read, about 40 seconds to run on two cores. No network.
# >
# > **Prerequisites.** Gradient descent, backpropagation, expectations, `keras.Model`, `tf.GradientTape`. Policy gradients,
# > PPO, LSTM policies and ratings are explained here.
# >
# > **Source.** M. Al-Shedivat, T. Bansal, Y. Burda, I. Sutskever, I. Mordatch, P. Abbeel, *Continuous adaptation via
# > meta-learning in nonstationary and competitive environments*, ICLR 2018, arXiv:1710.03641. Its robots live in MuJoCo; ours
# > are light ones that run in a compiled graph.
#
# **You will be able to**
#
# * Write a gradient step that gradients flow through, and say what the second derivative does.
# * Set up the objective over *pairs* of a chain of tasks, and say what the best step is when a task drifts.
# * Say why the gradient needs score terms, what they cost, and what importance weights can and cannot do.
# * Train policies by policy gradient, with inner steps, with a memory, and by self-play, and say what PPO adds.
# * Tell a step that adapts from one that merely moves, by two controls.

# %% [markdown]
# <details><summary>Symbols</summary>
#
# | symbol | name in the code | shape | meaning |
# |---|---|---|---|
# | $\theta$ | `theta`, `parameters` | list of tensors | what is meta-learned: where each step starts |
# | $\alpha$ | `rate`, `rates` | a number for each tensor | how far a step goes |
# | $\phi$ | `adapted` | as $\theta$, for each task | parameters after the step |
# | $T_i$ | `tasks` | | a task, the $i$-th of a chain |
# | $L_T$ | `loss` | number | loss of a task; for a policy minus the mean reward |
# | $\tau^{1:K}$ | `Trajectories` | (tasks, K, steps, ...) | what a policy lived through |
# | $\pi_\theta(a \mid x)$ | `log_probs` | (tasks, K, steps) | density of an action |
# | $R_t$, $\gamma$ | `rewards`, `gamma` | (tasks, K, steps) | reward, and its discount |
# | $A_t$, $\lambda$ | `advantages`, `decay` | (tasks, K, steps) | how much better than expected |
# | $w$ | `trajectory_weights` | (tasks, K) | importance weight |
# | $\mu$, $s$, $b$ | `Rating` | numbers | skill: mean, deviation; luck of a game |
#
# </details>

# %%
from lessons.toolkit.ledger import Ledger  # lessons first: it keeps TensorFlow quiet

# isort: split
import itertools

import numpy as np
import tensorflow as tf

from lessons.control.meta_learning import (
    bandit,
    config,
    data,
    drawing,
    drawing_sumo,
    evaluation,
    execution,
    experiment,
    figures,
    figures_theory,
    games,
    hexapod,
    model,
    model_agent,
    networks,
    paper,
    population,
    rating,
    sumo,
    theory,
)
from lessons.control.meta_learning.variants import VARIANTS
from lessons.toolkit import animation, results, turning
from lessons.toolkit.figures import show
from lessons.toolkit.source import show_source

claims = Ledger()
rng = np.random.default_rng(0)
slug = "meta_learning"
runs = results.recorded(slug)
show(figures_theory.chain())

# %% [markdown]
# **Figure 1.** The world changes from task to task. What was lived in one task makes the policy for the *next*, and always
# from the same $\theta$. Left how $\theta$ and $\alpha$ are trained, right how they are used. We come back to each arrow.
#
# ## 1. A start from which one step is enough
#
# Ten points of an unknown sinusoid $y = A \sin(x - p)$, with $A$ from 0.1 to 5 and $p$ from 0 to $\pi$. A network that may make
# **one step of gradient descent** on these ten points should then know the whole function. From random weights a step does next to nothing.
# **MAML** (Finn, Abbeel and Levine 2017) trains the *start*:
#
# $$\min_\theta\ \mathrm{E}_T\, L_T\big(\phi\big), \qquad \phi = \theta - \alpha \nabla_\theta L_T(\theta),$$
#
# where the inner loss is taken at the ten points (the **support**) and the outer one at ten others (the **queries**). The gradient of the outer loss goes
# *through the step*: $\nabla_\theta L_T(\phi) = (I - \alpha \nabla^2 L_T(\theta))\, \nabla L_T(\phi)$.

# %%
show_source(theory.inner_step, model.MetaLearner.adapt)

# %% [markdown]
# Each task has its own copy of the parameters, so a batch of 25 tasks is a product of stacks of matrices. `compute_loss` is an ordinary
# mean squared error at the queries, and Keras's `fit` does the rest. (For any other Keras network `functional.adapt` does the same with `stateless_call`, one task at a time.)

# %%
# NBVAL_IGNORE_OUTPUT
short = config.PRESETS["laptop"].replace(epochs=6)  # of the ten that are recorded
trained = {
    "MAML": experiment.train_sinusoids(short, VARIANTS["maml"]).model,
    "joint training": experiment.train_sinusoids(short, VARIANTS["joint"]).model,
}
tasks = data.sinusoids(200, 10, np.random.default_rng(5), 50)
show(figures.fits(trained, tasks, int(np.argmax(tasks.amplitude * (tasks.phase > 2)))))
one_step = evaluation.error(trained["MAML"], tasks, num_steps=1)
claims.below(
    "this run: squared error after one step, 200 new sinusoids",
    one_step,
    1.5,
    varies=True,
    control=(
        "joint training",
        evaluation.error(trained["joint training"], tasks, num_steps=1),
    ),
)

# %% [markdown]
# **Figure 2.** Grey: before any step. Both networks start near the mean of all sinusoids. One step bends the left one almost to the function, the right one a part of the way. It
# was trained for as many epochs to predict the queries of the same tasks without a step (*joint training*). It sees ten points of each task, MAML twenty: ten for its step, ten that judge.
#
# Is that good? The mean of all sinusoids at $x$ is $-\frac{5.1}{\pi}\cos x$, and no model does better than its error before it has seen a point.
# Eight runs, 600 new sinusoids each:

# %%
print("mean function, by formula:", round(data.mean_function_error(), 4))
for label, key in (
    ("mean function", "mean_function"),
    ("MAML, before", "maml/after_0"),
    ("MAML, one step", "maml/after_1"),
    ("MAML, five steps", "maml/after_5"),
    ("MAML, one step on another task's points", "maml/wrong"),
    ("MAML, a step of the last layer alone", "maml/head"),
    ("MAML, last layer by ridge regression", "maml/ridge"),
    ("first weights, one step", "untrained"),
    ("joint training, one step, rate tuned", "joint/tuned_1"),
    ("joint training, five steps, rate tuned", "joint/tuned_5"),
    ("joint training, last layer by ridge", "joint/ridge"),
    ("nearest of the ten points", "nearest"),
    ("straight lines between the points", "interpolation"),
    ("Gaussian process, length 2", "gaussian_process"),
):
    print(f"  {label:42s}", results.in_words(runs[key]))
claims.below(
    "MAML: error after one step, each of 8 seeds",
    runs["maml/after_1"],
    1.0,
    digits=2,
    control=[
        ("before the step", runs["maml/after_0"]),
        ("another task's points", runs["maml/wrong"]),
        ("first weights", runs["untrained"]),
    ],
)
claims.below(
    "MAML over joint training, one step each, the latter's rate tuned",
    runs["maml/after_1"] / runs["joint/tuned_1"],
    0.5,
    digits=2,
    control=("before the step", runs["maml/after_0"] / runs["joint/after_0"]),
)
claims.below(
    "MAML: last layer by ridge regression over its own step, means of 8 seeds",
    runs["maml/ridge"].mean() / runs["maml/after_1"].mean(),
    1.3,
    digits=2,
    control=(
        "on the features of joint training",
        runs["joint/ridge"].mean() / runs["maml/after_1"].mean(),
    ),
)
claims.equal(
    "error of the mean function, formula and 8 runs",
    runs["mean_function"].mean(),
    data.mean_function_error(),
    tolerance=0.1,
    digits=2,
    control=("zero in its place", runs["zero"].mean()),
)

# %% [markdown]
# So MAML adapts, and joint training with the same steps does not; its best rate was looked for on other tasks, for one step and for five. Two rows keep us modest.
# A **Gaussian process** with a length of 2 needs no meta-training at all and is better still: ten points *are* enough, MAML has learned how to use them
# *by gradient descent*. And **ridge regression** of the last layer on MAML's features (on average 0.55) does as well as MAML's own step (0.55), and better in four runs of eight. So most of what was learned are *features* in which ten points determine
# a function; the step is one way to read them off, and not the only one. A step of the last layer *alone* hardly helps: at that rate it is too short. Even joint training's features bring the error down to about 0.9 by ridge regression, far below any number of its gradient steps that we tried: "joint training cannot adapt" is a statement about gradient steps.
#
# **What the start owes to the start.** The first weights here are Glorot's. Three runs each with He's larger ones and with half of Glorot's:

# %%
starts = results.recorded(slug, "laptop_starts")
print("Glorot ", results.in_words(runs["maml/after_1"]))
for name, label in (("maml_he", "He"), ("maml_half", "half")):
    print(f"{label:7s}", results.in_words(starts[name, "after_1"]))
print("first order, one step:  ", results.in_words(runs["first_order/after_1"]))
print("learned rates, one step:", results.in_words(runs["learned/after_1"]))
print("   rates below zero, of 6:", results.in_words(runs["learned/negative"]))
print("   five steps, eight runs:", np.sort(runs["learned/after_5"]).round(2))
for name in ("first_order", "learned"):
    difference = runs[name, "after_1"] - runs["maml/after_1"]
    print(f"{VARIANTS[name].label} minus MAML, paired:", results.in_words(difference))

# %% [markdown]
# The first weights matter more than the choice between first and second order. At He's scale the inner step of rate 0.01 is too long at first, and 4,000 updates end at 1.0 to 2.0 in the place of 0.5. Half of Glorot's
# weights do as well as the whole. **First order** is behind in all eight runs at the same number of updates (each at its best rate, 0.01); an update of it is cheaper, and we did not give it more of them.
#
# **Learned rates** (a number for each tensor, trained like a weight, two or three of the six *negative*) help the one step that they were trained for, and that one only: after five such steps three runs of eight have left the scale (capped at a million).
#
# ## 2. What the second derivative does
#
# Two tasks that we can solve by hand: $L_i = \frac{a_i}{2}(\theta - c_i)^2$ with $a = (1, 4)$, $c = (-1, 2)$. One step multiplies the distance to $c_i$ by $1 - \alpha a_i$, so
#
# $$L_i(\phi) = \tfrac{a_i}{2}(1 - \alpha a_i)^2(\theta - c_i)^2, \qquad \nabla_\theta L_i(\phi) = a_i (1 - \alpha a_i)^2 (\theta - c_i).$$
#
# **First-order MAML** leaves out the derivative of the step, one of the two factors.

# %%
show_source(theory.quadratic_gradient, theory.quadratic_optimum)
rates = (0.0, 0.1, 0.2, 0.25, 0.3)
curvatures, minima = figures_theory.CURVATURES, figures_theory.MINIMA
print("rate   MAML      first order   loss after the step, from either")
for rate in rates:
    found = [theory.quadratic_optimum(curvatures, minima, rate, f) for f in (0, 1)]
    after = [theory.quadratic_loss(curvatures, minima, t, rate) for t in found]
    print(
        f"{rate:4.2f}  {found[0]:8.4f}  {found[1]:8.4f}      {after[0]:.4f}  {after[1]:.4f}"
    )
theta = tf.Variable(0.7, dtype=tf.float64)
with tf.GradientTape() as outer:
    total = 0.0
    for a, c in zip(curvatures, minima, strict=True):
        with tf.GradientTape() as tape:
            loss = a / 2 * (theta - c) ** 2
        (phi,) = theory.inner_step([theta], [tape.gradient(loss, theta)], [0.3])
        total += a / 2 * (phi - c) ** 2 / 2
claims.equal(
    "meta-gradient at θ = 0.7, α = 0.3: formula minus tape",
    theory.quadratic_gradient(curvatures, minima, 0.7, 0.3),
    float(outer.gradient(total, theta)),
    tolerance=1e-12,
    control=(
        "first order",
        theory.quadratic_gradient(curvatures, minima, 0.7, 0.3, True),
    ),
)

# %%
turning.show(figures_theory.quadratics())

# %% [markdown]
# **Figure 3.** Turn the rate. MAML's start moves to the task that the step does *not* solve; at $\alpha = 1/4$ one step solves the sharp task exactly and it costs nothing.
# At $\alpha = 0.1$ little is at stake (1.166 from MAML's start, 1.205 from that of first order, 1.296 from the joint one). Beyond
# $5/17$ first order's curvature is negative: its stationary point (23.0 at 0.3) repels.
#
# ## 3. A chain of tasks: learn from this one for the next
#
# If tasks change, it is no use to be good at the present one. The paper's objective is over **pairs** of consecutive tasks,
#
# $$\min_{\theta, \alpha}\ \mathrm{E} \sum_i L_{T_{i+1}}(\phi_i), \qquad \phi_i = \theta - \alpha \nabla L_{T_i}(\theta),$$
#
# where $\alpha$ is learned too. What should it learn? Take a target that drifts, $g' = \rho g + \sqrt{1 - \rho^2}\, n$, with the loss $\lVert a - g' \rVert^2$, and a step from 0 on a noisy estimate of $g$ (variance $v$).
# The step lands at $2 \alpha \hat g$, and
#
# $$L(\alpha) = 1 - 4 \alpha \rho + 4 \alpha^2 (1 + v), \qquad \alpha^* = \frac{\rho}{2 (1 + v)}, \qquad L(\alpha^*) = 1 - \frac{\rho^2}{1 + v}.$$
#
# Going all the way to the estimate (*tracking*, $\alpha = \frac12$) costs $2 - 2\rho + v$, staying costs 1. The best step **shrinks**, by what will be forgotten and by what is noise.

# %%
show_source(model.ChainLearner.call)
chain = results.recorded(slug, "laptop_chain")
print("learned                     rate                       loss      formula")
for name, rho, noise in (("drift", 0.8, 0.0), ("drift_noisy", 0.8, 0.5)):
    best = theory.drift_rate(rho, noise)
    law = theory.drift_loss(rho, noise, best)
    print(
        f"{VARIANTS[name].label:28s}{chain[name, 'rate'].mean():.4f} (formula {best:.4f})"
        f"     {chain[name, 'loss'].mean():.3f}     {law:.4f}"
    )
print(
    f"tracking costs {theory.drift_loss(0.8, 0, 0.5):.2f} and {theory.drift_loss(0.8, 0.5, 0.5):.2f}"
)
for name, noise in (("drift", 0.0), ("drift_noisy", 0.5)):
    claims.equal(
        f"rate learned where the noise is {noise:g}, each of 8 seeds",
        chain[name, "rate"],
        theory.drift_rate(0.8, noise),
        tolerance=0.005,
        control=("targets shuffled in time", chain["drift_shuffled/rate"]),
    )

# %% [markdown]
# **A chain that turns.** Let the target also turn by a right angle from task to task. A scalar rate can do nothing (its best value is $\alpha^* \cos 90° = 0$); a *matrix* can turn the gradient, so that the
# step leads to where the target *will be*.

# %%
entries = np.stack(
    [
        chain["turn_matrix", f"rate_{i}{j}"]
        for i, j in itertools.product((0, 1), repeat=2)
    ]
)
scalar, matrix = theory.rotation_rates(0.8, 0.0, np.pi / 2)
print("matrix learned, mean of 8 seeds:", entries.mean(axis=1).round(3))
print("formula:                        ", matrix.ravel().round(3) + 0.0)
print("loss with a matrix:", results.in_words(chain["turn_matrix/loss"]))
print("loss with a number:", results.in_words(chain["turn/loss"]))
claims.equal(
    "matrix learned on a chain that turns by 90 degrees, each of 8 seeds",
    entries.T,
    matrix.ravel(),
    tolerance=0.01,
    control=("turning back", matrix.T.ravel()),
)
claims.below(
    "loss with a matrix, each of 8 seeds (formula 0.36)",
    chain["turn_matrix/loss"],
    0.4,
    digits=2,
    control=("with a number", chain["turn/loss"]),
)

# %% [markdown]
# Meta-learning over pairs *anticipates*. Keep this in mind for section 7.
#
# ## 4. When the learner chooses what it sees
#
# A policy's trajectories depend on its parameters. So $\theta$ enters the loss of a pair in **two** places: through the step, and through *which trajectories were sampled to make it*:
#
# $$\nabla_\theta L = \mathrm{E}\Big[ L_{T_{i+1}}(\tau_{i+1}) \Big( \nabla_\theta \log \pi_\phi(\tau_{i+1}) + \nabla_\theta \sum_{k=1}^K \log \pi_\theta(\tau_i^k) \Big) \Big].$$
#
# The second sum is missing in the original MAML for reinforcement learning. Does it matter? Take two bandits with two arms each; arm 1 has the probability $\sigma(\theta)$. $K = 2$ pulls on the first make a step, and the expected
# reward on the second counts. There are four outcomes, so *everything can be computed exactly*.

# %%
show_source(bandit.pair_gradient)
case = 0.3, 1.5, (1, 0), (0.2, 1), 2
small = 1e-5
slope = (
    bandit.pair_loss(0.3 + small, *case[1:]) - bandit.pair_loss(0.3 - small, *case[1:])
) / (2 * small)
exact = {terms: bandit.pair_gradient(*case, terms)[0] for terms in bandit.TERMS}
print(f"finite difference       {slope:.6f}")
for terms, value in exact.items():
    print(f"{terms:23s} {value:.6f}")
claims.equal(
    "gradient of a pair of bandits with both terms, by finite differences",
    exact["full"],
    slope,
    tolerance=1e-6,
    digits=6,
    control=[(name, value) for name, value in exact.items() if name != "full"],
)

# %% [markdown]
# Without the score terms the gradient is off by a fifth; dividing the scores by $K$ or forgetting the step's derivative is wrong as well. But an exact expectation is not what training sees. From *single* outcomes:

# %%
still = bandit.pair_loss(0.3, 0.0, *case[2:])
print(f"one sampled outcome; baseline: the loss without a step, {still:.3f}")
print("pulls K   score terms   baseline   mean     deviation")
deviations = {}
for pulls, score, baseline in itertools.product((2, 5, 10), (True, False), (0, still)):
    seen = bandit.sampled_gradients(
        *case[:4],
        pulls,
        np.random.default_rng(0),
        300_000,
        score=score,
        baseline=baseline,
    )
    deviations[pulls, score, baseline != 0] = seen.std()
    names = [
        word if there else "no" for word, there in (("yes", score), ("yes", baseline))
    ]
    print(
        f"{pulls:5d}     {names[0]:12s}  {names[1]:9s} {seen.mean():.3f}    {seen.std():.3f}"
    )
plain = deviations[2, False, False]
claims.above(
    "deviation with score terms over that without, K = 2",
    deviations[2, True, False] / plain,
    2.0,
    digits=2,
    control=("score terms with a baseline", deviations[2, True, True] / plain),
)

# %% [markdown]
# The score terms remove a bias and bring a variance, which grows with $K$ (the score is a sum over all pulls) where the bias does not. A **baseline** leaves the means as they are and about halves what they cost: the loss then counts from what the policy
# would have had *without* a step, as does `gain` in the code of section 5. It helps an estimate without score terms still more, so that theirs remains six times as noisy with two pulls and over twenty times with ten. We shall pay for that in section 7.
#
# **Importance weights.** At execution each task is met *once*: the trajectories of task $i$ were made by $\phi_{i-1}$, but the step wants those of $\theta$. Weights repair it,
#
# $$\phi_i = \theta - \alpha \frac1K \sum_k w_k \nabla_\theta L_{T_i}(\tau^k), \qquad w_k = \frac{\pi_\theta(\tau^k)}{\pi_{\phi_{i-1}}(\tau^k)} = \exp \sum_t \log \frac{\pi_\theta(a_t)}{\pi_{\phi_{i-1}}(a_t)},$$
#
# since the world's part of the probability cancels.

# %%
show_source(theory.trajectory_weights)
p = bandit.sigmoid(-0.8)
weighted, unweighted = (
    bandit.weighted_gradient(-0.8, 0.3, (0.2, 1), w) for w in (True, False)
)
print(
    f"gradient at -0.8 from pulls at 0.3: {weighted:.6f}, without weights {unweighted:.6f}"
)
claims.equal(
    "weighted gradient minus the true one",
    weighted,
    -0.8 * p * (1 - p),
    tolerance=1e-9,
    digits=6,
    control=("without weights", unweighted),
)
print("policy shifted by 0.1 deviations; steps, E[w²], effective share of the samples")
for steps in (1, 10, 50, 100, 480):
    moment = theory.weight_second_moment(0.1, steps)
    print(f"{steps:6d}   {moment:10.4f}   {1 / moment:.4f}")

# %% [markdown]
# Unbiased again, and again at a price: a Gaussian policy shifted by $\delta$ of its deviations has $\mathrm{E}[w^2] = e^{H \delta^2}$ after $H$ steps. With 40 steps of 12 actions each, that is $H = 480$ factors:
# a shift of a tenth of a deviation leaves less than one sample in a hundred.
#
# ## 5. Policies, advantages, PPO
#
# A policy is a network that gives the mean of a Gaussian over actions; the deviations are parameters as well. Its gradient weighs the score of each action by its **advantage**, how much better than expected things went from there on.
# *Generalised advantage estimation* adds up the surprises $\delta_t = R_t + \gamma V_{t+1} - V_t$ of a network of values with weights $(\gamma\lambda)^l$. **PPO** takes several steps on the same trajectories, and stops pulling on an action once its probability has changed by more than $\epsilon = 0.2$:
#
# $$A_t = \sum_l (\gamma\lambda)^l \delta_{t+l}, \qquad L = -\mathrm{E}\, \min\big(r A,\ \mathrm{clip}(r, 1 - \epsilon, 1 + \epsilon)\, A\big), \quad r = \frac{\pi}{\pi_\mathrm{old}}.$$
#
# On a laptop most of this is switched off: one step for each set of trajectories (so $r = 1$ and nothing is clipped), $\lambda = 1$, and in the place of a network of values the mean return of the $K$ trajectories at the same moment. What sections 6 to 8 train is plain policy
# gradient with a baseline; only tracking takes three steps and meets the clip. `--set passes=4 --set critic=true --set decay=0.95` switches the rest on.

# %%
show_source(theory.advantages, theory.clipped_surrogate)
print("body     inputs  actions   dense 64-64   LSTM     values, LSTM")
for body, (inputs, actions, *sizes) in paper.BODIES.items():
    count = networks.num_parameters
    found = [
        count(inputs, actions, (64, 64)),
        count(inputs, actions, (64,), 64),
        count(inputs, 1, (64,), 64, policy=False),
    ]
    print(
        f"{body:8s} {inputs:5d} {actions:7d}     {found[0]:7,}     {found[1]:7,}   {found[2]:7,}"
    )
    claims.equal(
        f"parameters of the networks of the {body}",
        found,
        sizes,
        tolerance=0.5,
        control=("without deviations", [f - actions for f in found]),
    )

# %% [markdown]
# **RL²** (Duan et al. 2016) adapts without gradients: an LSTM policy that also sees its last reward and the start of an episode, and *keeps its state from episode to episode*. All of them are one class here. With inner steps its loss is that of algorithm 1: a clipped surrogate of the judge's trajectories, differentiated through the step, and (if wanted) one for each set of scores.

# %%
show_source(model_agent.Agent.losses)

# %% [markdown]
# ## 6. A robot that loses two legs
#
# Six legs, each with a hip that sweeps and a knee that lifts; 19 observations, 12 actions, 40 steps of a tenth of a second. The body goes where the feet on the ground push it. In task $i = 1, \dots, 7$ two of the legs have $(7 - i)/6$ of their torque: whole at first, paralysed at the end. There are $\binom62 = 15$ pairs of legs: 12 are for training, three (back, middle, front) are
# held out. Everything is tensors, so that a rollout of many robots is one compiled loop; adapters make a `gymnasium` environment of it, which its own checker accepts (a test).

# %%
print("scales of legs 0 to 5 for the pair (2, 3), tasks 1, 4 and 7:")
for i in (1, 4, 7):
    print("  ", np.round(hexapod.torque_scale((2, 3), i), 2))
torques = np.stack([hexapod.torque_scale((2, 3), i) for i in (1, 5, 7)])
states, rewards = hexapod.rollout(hexapod.tripod, hexapod.reset(3), torques)
labels = ["healthy", "back legs at a third", "back legs without torque"]
print("speed of a gait by hand:", rewards.numpy().mean(axis=0).round(2))

# %% tags=["cover"]
animation.show(drawing.walks_animation(states, torques, labels, every=2))

# %% [markdown]
# **Figure 4.** A *tripod* gait written by hand: three legs push while three swing. Without torque in the back legs it drags them along.
#
# Now learning. The **specialist** is trained by policy gradient on the whole robot only, the **multi-task policy** on all tasks of the training pairs. **Tracking** takes PPO steps in each task and goes on from there; its rate was chosen on training pairs. The **meta-learner** starts from the multi-task parameters, is trained further by algorithm 1 and lives by algorithm 2. Held-out pairs, eight runs:

# %%
walk = results.recorded(slug, "laptop_hexapod")
lines = [
    (VARIANTS[name], figures.speeds_of(walk, "held", name))
    for name in ("specialist", "multitask", "meta")
]
lines.append(
    (figures.WAYS["tracking"], figures.speeds_of(walk, "tracking", "multitask"))
)
lines.append((figures.TRIPOD, figures.speeds_of(walk, "held", "tripod")))
show(figures.speeds(lines))

# %% [markdown]
# **Figure 5.** Speed as the legs get weaker: mean and range of eight runs.

# %%
print("                          task 1                    task 7")
for label, group, name in (
    ("specialist", "held", "specialist"),
    ("multi-task", "held", "multitask"),
    ("   training pairs", "train", "multitask"),
    ("tripod by hand", "held", "tripod"),
):
    first, last = (walk[group, name, f"speed_{i}"] for i in (1, 7))
    print(f"{label:20s} {results.in_words(first)}   {results.in_words(last)}")
left = {
    name: walk["held", name, "speed_7"] / walk["held", name, "speed_1"]
    for name in ("specialist", "multitask", "tripod")
}
for name, part in left.items():
    print(f"left of its speed, {name:12s}", results.in_words(part))
last = walk["held/specialist/speed_7"] / walk["held/multitask/speed_7"]
print("specialist over multi-task, task 7:", results.in_words(last))
easier = walk["held/multitask/mean"] - walk["train/multitask/mean"]
print(
    "multi-task, held-out minus training pairs, tasks 2 to 7:", results.in_words(easier)
)
claims.below(
    "part of its speed that either learned policy keeps, each of 8 seeds",
    [left["specialist"], left["multitask"]],
    0.4,
    digits=2,
    control=("the gait by hand", left["tripod"]),
)
print("without torque in two legs, means:    specialist  multi-task  by hand")
table = []
for i, j in hexapod.PAIRS:
    group = "held" if (i, j) in hexapod.HELD_OUT.values() else "train"
    key = f"pair_{i}_{j}"
    row = [walk[group, n, key].mean() for n in ("specialist", "multitask")]
    row.append(walk["held/tripod", key].mean())
    names = f"{hexapod.LEGS[i]}, {hexapod.LEGS[j]}"
    table.append(row)
    print(f"  {names:34s}" + "".join(f"{value:12.2f}" for value in row))
mean = "".join(f"{value:12.2f}" for value in np.mean(table, axis=0))
print(f"  {'all fifteen pairs':34s}{mean}")

# %% [markdown]
# Where the weak legs are paralysed the specialist keeps 18 % of its speed, the multi-task policy a quarter (one specialist is as fast as its rival then, others have from 0.17 to 0.83 of that). The multi-task policy is also the faster one on the whole robot (2.19 against 1.93), at the same number of updates.
# The gait by hand is slower at first and keeps almost half: at the end it is ahead of the multi-task policy in seven runs of eight, knowing nothing.
#
# But look at the pairs. Those held out are the three whose legs *face* each other, so that the robot does not turn: they are *easier* than the others (the multi-task policy is 0.14 faster on them, over tasks 2 to 7, than on pairs that it was trained on), and no test of generalisation. Without two legs of one side the gait by hand walks backwards, and over all fifteen pairs the multi-task policy is well ahead (0.60 against 0.35).
#
# **Does the meta-learner adapt?** Two controls decide: the *same* parameters without a step, and a step on the trajectories of *another* life.

# %%
print("mean speed over tasks 2 to 7, held-out pairs")
for label, group, name in (
    ("multi-task policy", "held", "multitask"),
    ("   trained on without a step", "held", "multitask_further"),
    ("   tracking", "tracking", "multitask"),
    ("meta-learner, algorithm 2", "held", "meta"),
    ("   one more interaction", "fresh", "meta"),
    ("   another life's trajectories", "wrong", "meta"),
    ("   no step", "still", "meta"),
):
    error = walk[group, name, "se"].mean()
    print(
        f"  {label:32s}",
        results.in_words(walk[group, name, "mean"]),
        f"   s.e. in a run {error:.3f}",
    )
for label, one, other in (
    ("step, algorithm 2, minus no step", "held", "still"),
    ("fresh step minus no step", "fresh", "still"),
    ("another life's step minus no step", "wrong", "still"),
    ("fresh step minus another life's", "fresh", "wrong"),
    ("algorithm 2 minus another life's", "held", "wrong"),
):
    gain = walk[one, "meta", "mean"] - walk[other, "meta", "mean"]
    spread = gain.std(ddof=1) / np.sqrt(len(gain))
    print(
        f"{label:34s} {gain.mean():+.3f} ± {spread:.3f}, above 0 in {(gain > 0).sum()} of 8"
    )
tracked = walk["tracking/multitask/mean"] - walk["held/multitask/mean"]
further = walk["held/multitask_further/mean"] - walk["fresh/meta/mean"]
print(f"tracking minus no step {tracked.mean():+.3f}, above 0 in {(tracked > 0).sum()}")
print(f"trained on minus a fresh step {further.mean():+.3f}, in {(further > 0).sum()}")
print("tracking's rates:", *sorted(walk["tracking/multitask/rate"]))
own = walk["fresh/meta/mean"] - walk["wrong/meta/mean"]
other = walk["wrong/meta/mean"] - walk["still/meta/mean"]
claims.above(
    "fresh step on own trajectories minus on another life's, each of 8 seeds",
    own,
    0.0,
    digits=3,
    control=("another life's minus no step", other),
)

# %% [markdown]
# It adapts **a little, and that is not what counts**. A step on fresh trajectories of one's own is worth more than one on another life's in all eight runs, but by 0.03 of 1.4 units/s; by algorithm 2, as the robot would live, a step helps (0.03, in all eight), but hardly more than one on another life's: the difference is within the noise.
# **Tracking** gains 0.01 in all eight. And the control that decides what meta-learning is worth here: the multi-task policy, *trained on for the same 200 updates without a step*, is ahead of the meta-learner in all eight runs, with fewer trajectories in each update.
# That fits a task in which there is little to adapt to: one policy walks with any pair of weak legs, without knowing which.
#
# ## 7. Where one step is worth everything
#
# Is the code wrong, then, or the task? The same robot, with all its legs, now does **not know where to walk**: forwards or backwards. The direction is told to nobody; it shows
# in the rewards of a task only. What a fixed policy wins in one direction it loses in the other. First the direction stays from task to task; then it **flips** each time, so that going on in the direction that paid is exactly wrong.

# %%
lost = results.recorded(slug, "laptop_compass")
print("mean speed over tasks 2 to 7")
for label, group, name in (
    ("no adaptation", "held", "compass_all"),
    ("   tracking, direction stays", "tracking", "compass_all"),
    ("   tracking, direction flips", "tracking_flips", "compass_all"),
    ("meta-learner, direction stays", "fresh", "compass"),
    ("   algorithm 2", "held", "compass"),
    ("   without weights", "unweighted", "compass"),
    ("   another life's trajectories", "wrong", "compass"),
    ("   no step", "still", "compass"),
    ("meta-learner, direction flips", "fresh", "compass_flips"),
    ("   algorithm 2", "held", "compass_flips"),
    ("   without weights", "unweighted", "compass_flips"),
    ("   another life's trajectories", "wrong", "compass_flips"),
    ("   no step", "still", "compass_flips"),
):
    print(f"  {label:32s}", results.in_words(lost[group, name, "mean"]))
firsts = [
    data.bearings(48, 7, np.random.default_rng((seed, 33)))[:, 0, 0]
    for seed in range(8)
]
same = [float(np.mean(first * np.roll(first, 16))) for first in firsts]
print("another life: same direction minus the other one", np.round(same, 2) + 0.0)
for name, label in (("compass", "stays"), ("compass_flips", "flips")):
    claims.above(
        f"direction {label}: speed after one step, each of 8 seeds",
        lost["fresh", name, "mean"],
        0.1,
        digits=2,
        control=[
            ("another life's trajectories", lost["wrong", name, "mean"]),
            ("no step", lost["still", name, "mean"]),
        ],
    )
print("learned rates of the tensors      stays                     flips")
tensors = "weights", "biases", "weights, output", "biases, output", "deviations"
for number, tensor in enumerate(tensors):
    learned = [lost[f"{name}/rate_{number}"] for name in ("compass", "compass_flips")]
    print(f"  {tensor:18s}", *(f"{results.in_words(rate):32s}" for rate in learned))
stays, flips = (
    [lost[f"{name}/rate_{number}"] for number in (0, 2)]
    for name in ("compass", "compass_flips")
)
claims.above(
    "rates of both matrices of weights, direction stays, each of 8 seeds",
    stays,
    0.0,
    digits=2,
    control=("direction flips", flips),
)
ahead = lost["held/compass/mean"] > lost["tracking/compass_all/mean"]
print("direction stays: algorithm 2 ahead of tracking in", ahead.sum(), "of 8 runs")
print("tracking's rates, direction stays:", *np.sort(lost["tracking/compass_all/rate"]))
first, last = (lost[f"tracking/compass_all/speed_{i}"].mean() for i in (2, 7))
print(f"   its speed in task 2: {first:.2f}, in task 7: {last:.2f}")

# %% [markdown]
# In each of eight runs **one step turns a robot that stands into one that walks the right way**, and only on its own trajectories. (Those lives are paired at random: where more of them go opposite ways, as in one run by a quarter, that control falls below zero by itself.) All rates began at zero; where the direction stays both matrices of weights learned positive ones, and where it flips **negative** ones, in every run:
# the step leads *away* from what paid, to where the next task will be, as the matrix of section 3 did. (Training rises and falls; we keep the weights at the end of its fastest twentieth.)
#
# A policy without a step earns nothing, as it must: half of the lives go the other way. **Tracking**, at the best of five rates, learns the direction where it stays, and gets better from task to task; over more tasks than seven it might win. It meets each task once, as algorithm 2 does, and is behind it
# in seven runs of eight. Where the direction flips it earns nothing.
#
# Here is one that is trained while you wait, for 200 updates.

# %%
# NBVAL_IGNORE_OUTPUT
lost_config = config.PRESETS["laptop_compass"].replace(compass_updates=200, seed=1)
robot = experiment.train_walker(lost_config, VARIANTS["compass_flips"]).model
print("learned rates:", [round(10 * float(rate), 2) for rate in robot.rates])
lives = data.bearings(48, 2, np.random.default_rng(7), flips=True)
after = {
    mode: evaluation.speeds(execution.live(robot, lives, mode, num_trajectories=32))
    for mode in ("fresh", "wrong")
}
claims.above(
    "this run: speed after a step where the direction flips",
    after["fresh"]["speed_2"],
    0.1,
    varies=True,
    control=("another life's trajectories", after["wrong"]["speed_2"]),
)

# %%
# NBVAL_IGNORE_OUTPUT
paid = np.array([[1, 0], [-1, 0]], np.float32)  # what the first task pays for
after = execution.adapted(robot, paid, 32)
before = [value[:1] for value in robot.copies(1)]
together = [tf.concat([b, a], axis=0) for b, a in zip(before, after, strict=True)]
states, _ = execution.walk(together)
labels = ["before the step", "forwards was paid", "backwards was paid"]
animation.show(drawing.walks_animation(states, np.ones((3, 6)), labels, every=2))
lived = robot.roll(after, tf.constant(paid)[:, None], 8)
claims.below(
    "this run: log-probabilities stored minus computed again, greatest",
    np.abs(robot.log_probs(after, lived) - lived.log_probs).max(),
    0.1,
    varies=True,
    control=(
        "by the policy before the step",
        np.abs(robot.log_probs(robot.copies(2), lived) - lived.log_probs).max(),
    ),
)

# %% [markdown]
# **Figure 6.** Three robots that differ by one gradient step. The next task reverses the direction that was paid, and so do they.

# %%
show(figures.ways(lost, "compass_flips"))

# %% [markdown]
# **Figure 7.** The same meta-learner in its seven tasks, for each way to get a step's trajectories; means of eight runs. *Algorithm 2* (blue) works in tasks 2, 4 and 6 and stands in 3, 5 and 7.
#
# Why? The trajectories of task 2 were made by $\phi_1$, a policy that walks. The step wants those of $\theta$, which stands. Their weights are practically zero (section 4), so the next step does nothing, and $\phi_2 = \theta$. The trajectories of task 3 are $\theta$'s own, and it works again. Without weights (amber) the gradient is that of $\log\pi_\theta$ at actions that $\theta$ would hardly take; it is huge, and policies blow up.
# With *one more interaction* (green: $\theta$ itself acts in each task, as in training) nothing is lost.

# %%
for name in ("compass", "compass_flips"):
    print(f"{VARIANTS[name].label}:")
    print(
        "   odd tasks with algorithm 2: ",
        results.in_words(
            np.mean([lost["held", name, f"speed_{i}"] for i in (3, 5, 7)], axis=0)
        ),
    )
    print(
        "   even tasks with algorithm 2:",
        results.in_words(
            np.mean([lost["held", name, f"speed_{i}"] for i in (2, 4, 6)], axis=0)
        ),
    )
    # Trajectories of odd tasks are theta's own: shares are 1 and logarithms 0, so the
    # median lies half-way between 0 and the greatest of the even tasks.
    share = (7 * lost["held", name, "share"] - 4) / 3
    print("   their effective samples, of 32:", results.in_words(32 * share))
    greatest = 2 * lost["held", name, "log_weight"]
    print("   their greatest logarithm of a weight:", results.in_words(greatest))
    print(
        "   rewards that are no numbers without weights:",
        results.in_words(lost["unweighted", name, "lost"]),
    )
odd = np.mean([lost["held/compass_flips", f"speed_{i}"] for i in (3, 5, 7)], axis=0)
claims.below(
    "algorithm 2: speed in tasks 3, 5, 7 where the direction flips",
    odd,
    0.05,
    digits=2,
    control=(
        "one more interaction",
        np.mean([lost["fresh/compass_flips", f"speed_{i}"] for i in (3, 5, 7)], axis=0),
    ),
)
scores = results.recorded(slug, "laptop_scores")
print(
    "with score terms, direction stays:",
    results.in_words(scores["fresh/compass_score/mean"]),
)

# %% [markdown]
# Of 32 trajectories only one counts against the others, and that one for nothing.
#
# **Score terms** (the same settings, four runs) hardly bring the robot off the ground: 0.05 to 0.09, where the same four seeds reach 0.22 to 0.86 without them. Section 4 showed their price. But batch, rate and $K$ were chosen for the loss without them and nothing else was tried, so this says what they cost *here*. (And `gain` is the mean reward of a whole episode where the other term discounts with $\gamma = 0.93$: the two
# parts of this gradient belong to two objectives that differ a little.)
#
# **A memory in the place of a step.** RL² and an LSTM that forgets between episodes, on the robot that loses legs; two runs each:

# %%
memory = results.recorded(slug, "laptop_memory")
for name in ("lstm", "rl2"):
    print(
        f"{VARIANTS[name].label:6s} mean speed over tasks 2 to 7:",
        results.in_words(memory["held", name, "mean"]),
    )
settings = config.PRESETS["laptop_memory"]
each = settings.batch_size * settings.num_trajectories
print("episodes of training, LSTM: ", f"{settings.recurrent_updates * each * 7:,}")
print("episodes, multi-task policy:", f"{settings.updates * each:,}")

# %% [markdown]
# Both are far behind the multi-task policy (1.41 and 1.12 with the same seeds), though they saw twice its episodes; in 150 updates, which is the other half of the matter. RL² is ahead of the LSTM that forgets in both runs, which says nothing yet of memory: two runs rank nobody, and with $\gamma = 0.93$ a reward one episode later counts
# $0.93^{40} \approx 0.05$, so that what RL² is for, to explore now and earn in later episodes, is hardly paid for.
#
# ## 8. Sumo: when the world fights back
#
# Two discs on a ring push each other off it. $\pm 10$ for the end, a little for moving at the opponent. One network plays either side; it is trained by **self-play** against a pool of its earlier versions, one after each 15 updates.

# %%
_, _, _, bouts = games.bouts(sumo.opponent("charge"), sumo.opponent("random"), 8, 3)
length = bouts.clock.numpy()[-1]
animation.show(
    drawing_sumo.bout_animation(bouts, int(np.argmin(length)), ("charge", "random"))
)

# %% [markdown]
# **Figure 8.** A scripted player that runs at its opponent, against a random one.

# %%
fight = results.recorded(slug, "laptop_sumo")
versions = ("v0", "v15", "v60", "v120")
print("share of bouts that the row won / drew against the column, mean of 8 runs")
print("      " + "".join(f"{name:>12s}" for name in (*versions, *sumo.SCRIPTED)))
for one in versions:
    cells = [
        f"{fight['self_play', f'win_{one}_{other}'].mean():.2f}/{fight['self_play', f'draw_{one}_{other}'].mean():.2f}"
        for other in (*versions, *sumo.SCRIPTED)
    ]
    print(f"{one:6s}" + "".join(f"{cell:>12s}" for cell in cells))

# %% [markdown]
# Each version beats those well before it, and loses to hardly any. But they also learn to **draw**: two copies of version 15 already draw 96 to 100 of 100 bouts, and the last version wins not one bout against a script that simply runs at it (it draws them all, and wins every bout against one that stands). One rate per pair would hide all that.
#
# Is that because a draw costs nothing here? In the paper's environment it costs half of what a win pays. We trained all eight again with that price:

# %%
print("share of draws, mean of 8 runs:      draws cost nothing    draws cost 5")
for one, other in (
    ("v15", "v15"),
    ("v60", "v60"),
    ("v120", "v120"),
    ("v60", "v120"),
    ("v120", "charge"),
):
    shares = [
        fight[name, f"draw_{one}_{other}"].mean()
        for name in ("self_play", "self_play_hurried")
    ]
    print(f"   {one:5s} against {other:20s}{shares[0]:12.2f}{shares[1]:20.2f}")
claims.above(
    "the last version draws with itself though draws cost 5, each of 8 seeds",
    fight["self_play_hurried/draw_v120_v120"],
    0.85,
    digits=2,
    control=("the first version", fight["self_play_hurried/draw_v0_v0"]),
)

# %% [markdown]
# The price is not the reason: two copies of a version draw as often, versions 60 and 120 a little less. It fits that who stands firmly in this ring cannot be pushed out by an equal.
#
# **TrueSkill** makes one number of such a table. A skill is $N(\mu, s^2)$; after a win with $c^2 = 2b^2 + s_w^2 + s_l^2$ and $t = (\mu_w - \mu_l)/c$ the winner goes up by $s_w^2 v/c$, the loser down by $s_l^2 v/c$, and both are known better.

# %%
show_source(rating.update)
win = rating.update(rating.Rating(), rating.Rating())
draw = rating.update(rating.Rating(), rating.Rating(), draw=True)
mistaken = rating.Rating(25, np.sqrt(25 / 3))
wrong = rating.update(mistaken, mistaken)
tied = rating.update(mistaken, mistaken, draw=True)
print("two newcomers, a win: ", np.round(win, 5).tolist())
print("two newcomers, a draw:", np.round(draw, 5).tolist())
claims.equal(
    "two newcomers: means and deviation after a win, deviation after a draw",
    [win[0].mean, win[1].mean, win[0].deviation, draw[0].deviation],
    [29.3958, 20.6042, 7.17148, 6.45752],
    tolerance=1e-4,
    control=(
        "25/3 taken for a variance",
        [wrong[0].mean, wrong[1].mean, wrong[0].deviation, tied[0].deviation],
    ),
)
print("means of each run; the same games in another order")
for name in versions:
    print(
        f"{name:5s}",
        results.in_words(fight["self_play", f"mean_{name}"]),
        " ",
        results.in_words(fight["self_play", f"again_{name}"]),
    )
shift = np.stack(
    [
        fight["self_play", f"again_{name}"] - fight["self_play", f"mean_{name}"]
        for name in versions
    ]
)
print(
    "shift by the order, all versions of a run together:", shift.mean(axis=0).round(1)
)
print("what is left of it for one version:", round(np.ptp(shift, axis=0).max() / 2, 1))
claims.above(
    "versions 15 and 60 win against version 0, share of each of 8 seeds",
    [fight["self_play", f"win_{v}_v0"] for v in ("v15", "v60")],
    0.7,
    digits=2,
    control=("version 0 against itself", fight["self_play/win_v0_v0"]),
)

# %% [markdown]
# A rating has no zero: the order in which the same games are rated moves all means together, by up to two points, which the deviation beside them (about 1) does not contain. Only **differences** say something.
#
# And $\mu$ is evidence, not strength: if one of two players always wins, their means part for ever more slowly (34.6 and 15.4 after 10 games, 37.7 and 12.3 after 300).

# %%
table = np.array(
    [[fight["self_play", f"win_{a}_{b}"].mean() for b in versions] for a in versions]
)
means = [fight["self_play", f"mean_{v}"].mean() for v in versions]
spreads = [fight["self_play", f"deviation_{v}"].mean() for v in versions]
ratings = [rating.Rating(m, s) for m, s in zip(means, spreads, strict=True)]
evolved, neutral = (
    np.array([population.evolve(win, 10, 15, 20, seed=seed) for seed in range(8)])
    for win in (table, np.full((4, 4), 0.5))
)
show(figures.league(versions, table, population.of_ratings(ratings), evolved[0]))
print("agents of version 120, of 40, after 15 generations, eight draws:")
print("   by the table:         ", evolved[:, -1, 3])
print("   all chances a half:   ", neutral[:, -1, 3])
claims.above(
    "agents of version 120 after evolution, each of 8 draws",
    evolved[:, -1, 3],
    30,
    digits=2,
    control=("all chances a half", neutral[:, -1, 3]),
)

# %% [markdown]
# **Figure 9.** Left what happened (mean of eight runs); in the middle what ratings predict for a player who wins or loses: they know no draws here, and late
# versions draw. Right **evolution**: ten agents of each version, 20 matches in a generation, losers are replaced by copies of winners. The paper's population has 1,050 agents,
# ten of each of 105 kinds (3 bodies, 7 ways to adapt, 5 stages of training), and 1,000 matches in a generation. With chances of a half chance alone decides: there, too, whole versions die out.
#
# **Rounds.** In the paper's *iterated games* a player meets the same opponent for three bouts, a **round**, and may adapt after each; in the next of a hundred rounds the opponent is a later version of itself. The package plays such games with any players. Here are two scripts that push with
# some strength, against a pool of opponents from 0.2 to 1. One stays at 0.5, the other adds 0.1 after each bout that it did not win:

# %%
show_source(games.play)


def push(strength, seen, memory):
    """Run at the opponent."""
    return strength * sumo.charge(seen.observation), memory


def practise(strength, episode):
    """Be stronger after a bout that was not won."""
    return strength + 0.1 * tf.cast(episode.outcome < 1, tf.float32)[:, None]


pool = games.Pool([tf.fill([1, 1], s) for s in (0.2, 0.4, 0.6, 0.8, 1.0)])
won = {}
for label, adapt in (("stays", None), ("adapts", practise)):
    player = games.Player(push, tf.fill([40, 1], 0.5), adapt=adapt)
    game = games.play(player, games.Player(push), 5, 3, 40, pool=pool)
    won[label] = (game.rounds() > 0).mean(axis=1)
    ended = game.win_draw_loss(last=2).mean(axis=0)
    print(
        f"{label:7s} rounds won, of 40 games: {won[label]}; last two, won/drew/lost: {ended}"
    )
claims.above(
    "rounds 2 to 4 won by the player that adapts, share of 40 games",
    won["adapts"][1:4],
    0.9,
    digits=2,
    control=("the one that stays", won["stays"][1:4]),
)

# %% [markdown]
# ## 9. What does not reproduce here
#
# * **Meta-learning on lost legs, and in sumo.** In the paper meta-learned agents win 35 to 52 % of late rounds against 21 to 46 % for RL² and 16 to 48 % for tracking, after millions of episodes. At our budget the step of the meta-learner is worth little for weak legs (section 6), and we did not meta-train in sumo.
# * **LSTM against dense policies.** The best agents of the paper have an LSTM. Two runs of ours say nothing of that (section 7).
# * **Importance weights over whole trajectories** do not survive steps that are worth taking (section 7). The paper's steps are small ($\alpha$ starts at .001), and its step uses a buffer of past episodes, each with its weight, which ours does not: it is a thinner algorithm 2.
# * **Algorithm 1 as printed** has $\theta \leftarrow \theta + \beta \nabla L$ with a loss $L$: it must be minus.
# * **"Tracking wins once a round has more than 50 episodes", "training diverges where opponents jump by more than 4 versions"**: not testable here.
# * `lessons run meta_learning --preset paper_hexapod` has the sizes and rates of the recipe (LSTM of 64, three steps, $\gamma$ .995, $\lambda$ .95, gradients within $\pm .1$) on the light robot; a test takes its first step. It is not all of it: one pass over each batch (`--set passes=4` for more, else nothing is clipped),
#   no buffer, and its network of values does not adapt, sees the judge's trajectories only and counts nothing after the last step of a walk.
#
# ## 10. What to try next
#
# * `--preset laptop_compass --set agent_inner=2`: two steps, with rates of their own. Does the second help?
# * `--preset laptop_compass --set num_trajectories=8`: how many trajectories does a step need? (Their mean return is the baseline, own one included, so a step also shrinks by $(K - 1)/K$.)
# * `--set inner_rate=0.03`: MAML with a longer step; at which rate does joint training catch up?
# * `--preset laptop_sumo --set pool_every=40`: a pool of few versions. Does the last one still beat all?
#
# **Exercise.** `lessons practice meta_learning`: five functions and one question.
#
# ## References
#
# * M. Al-Shedivat, T. Bansal, Y. Burda, I. Sutskever, I. Mordatch, P. Abbeel. *Continuous adaptation via meta-learning in nonstationary and competitive environments*. ICLR 2018. arXiv:1710.03641
# * C. Finn, P. Abbeel, S. Levine. *Model-agnostic meta-learning for fast adaptation of deep networks*. ICML 2017. arXiv:1703.03400
# * Y. Duan, J. Schulman, X. Chen, P. L. Bartlett, I. Sutskever, P. Abbeel. *RL²: fast reinforcement learning via slow reinforcement learning*. 2016. arXiv:1611.02779
# * J. Schulman, F. Wolski, P. Dhariwal, A. Radford, O. Klimov. *Proximal policy optimization algorithms*. 2017. arXiv:1707.06347
# * J. Schulman, P. Moritz, S. Levine, M. Jordan, P. Abbeel. *High-dimensional continuous control using generalized advantage estimation*. ICLR 2016. arXiv:1506.02438
# * R. Herbrich, T. Minka, T. Graepel. *TrueSkill: a Bayesian skill rating system*. NIPS 2006.

# %% [markdown]
# ## Results and claims verified

# %% tags=["summary"]
print("recorded runs: mean (lowest to highest)")
for label, source, key in (
    ("sinusoids, MAML, one step", runs, "maml/after_1"),
    ("   five steps", runs, "maml/after_5"),
    ("   joint training, one step, tuned", runs, "joint/tuned_1"),
    ("   Gaussian process", runs, "gaussian_process"),
    ("six legs, task 7, specialist", walk, "held/specialist/speed_7"),
    ("   multi-task", walk, "held/multitask/speed_7"),
    ("tasks 2 to 7, meta-learner", walk, "held/meta/mean"),
    ("   no step", walk, "still/meta/mean"),
    ("direction stays, one step", lost, "fresh/compass/mean"),
    ("direction flips, one step", lost, "fresh/compass_flips/mean"),
    ("   algorithm 2", lost, "held/compass_flips/mean"),
    ("   no step", lost, "still/compass_flips/mean"),
):
    print(f"  {label:38s}", results.in_words(source[key]))

# %% tags=["summary"]
claims.table()
