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
# # Synthetic and natural noise both break neural machine translation
#
# **One sentence: what the reader will know and be able to do.**
#
# ![The picture that stands for this lesson](attachment:cover.png)
#
# > **Time.** Minutes to read, seconds to run. No network.
# >
# > **Prerequisites.** What is assumed.
# >
# > **Source.** Belinkov & Bisk 2018, arXiv:1711.02173.
#
# **You will be able to**
#
# * do three to five things, each with a verb.

# %% [markdown]
# <details><summary>Symbols</summary>
#
# | symbol | name in the code | shape | meaning |
# |---|---|---|---|
# | $y$ | `labels` | (batch,) | right class |
#
# </details>

# %%
from lessons.toolkit.ledger import Ledger  # lessons first: it keeps TensorFlow quiet

# isort: split
import numpy as np

from lessons.language.noisy_translation import config, evaluation, experiment, theory
from lessons.language.noisy_translation.variants import VARIANTS
from lessons.toolkit import data
from lessons.toolkit.figures import show
from lessons.toolkit.source import show_source

claims = Ledger()

# %% [markdown]
# ## 1. The question
#
# Question, picture, derivation, code, a computation that confirms it.

# %%
show_source(theory.cross_entropy)

# %%
uniform = theory.cross_entropy(np.array([3]), np.zeros((1, 10)))
claims.equal("equal logits cost ln 10", uniform, np.log(10), tolerance=1e-6)

# %% [markdown]
# ## 2. The experiment

# %%
show_source(experiment.run)

# %%
# NBVAL_IGNORE_OUTPUT
report = experiment.run(config.PRESETS["laptop"])
split = data.load_for(report.config)
for name in report.config.variants:
    accuracy = report.metrics[f"{name}/accuracy"]
    shape = split.test_images.shape[1:]
    untrained = experiment.build_model(report.config, VARIANTS[name], shape)
    chance = evaluation.evaluate(untrained, split.test_images, split.test_labels)
    claims.above(
        f"{VARIANTS[name].label}: more right than the nearest mean image",
        accuracy,
        report.metrics["nearest_mean/accuracy"],
        varies=True,
        control=("untrained", chance["accuracy"]),
    )

# %%
show(report.figures["cost"])

# %% [markdown]
# **Figure 1.** What to see here.

# %% tags=["cover"]
show(report.figures["guesses"])

# %% [markdown]
# **Figure 2.** The picture that makes one want to start is tagged `cover`.

# %% [markdown]
# ## What does not reproduce here
#
# With numbers.
#
# ## What to try next
#
# **Exercise.** `course/exercises/noisy_translation.py`.
#
# ## References
#
# * Belinkov & Bisk 2018, arXiv:1711.02173

# %% [markdown]
# ## Results and claims verified

# %% tags=["summary"]
claims.table()
