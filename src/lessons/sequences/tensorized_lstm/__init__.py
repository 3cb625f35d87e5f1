"""He et al. 2017 (arXiv:1711.01577): recurrent networks whose state is a tensor.

Modules: `variants` (what is compared), `config` (presets), `theory` (windows, memory
convolution, normalisation, one step), `theory_routes` (the same by other ways, in
NumPy), `counts` (parameters, work, steps in a row), `cells` and `layers` (one step, and
whole sequences with the delayed output), `model`, `networks` (a variant as a network),
`tasks` and `data`, `evaluation`, `experiment` (`run`), `figures`, `figures_theory`,
`paper` (what it states).
"""
