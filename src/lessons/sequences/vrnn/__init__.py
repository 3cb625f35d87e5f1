"""A recurrent network with a latent variable at every step (arXiv:1506.02216).

Modules: `variants` (what is compared), `config` (presets), `theory` (bounds, densities
of frames), `theory_linear` (the case that is solved exactly), `theory_outputs` (what a
diagonal output loses), `networks` and `heads` (parts), `model` (RNN and VRNN), `data`,
`corpora` (a user's files), `replay` (the seed's buffer), `evaluation` (importance
weights), `yardsticks` (exact likelihoods), `experiment` (`run`), `figures`,
`figures_theory`, `paper` (what it states).
"""
