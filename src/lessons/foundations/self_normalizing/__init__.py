"""Klambauer et al. 2017 (arXiv:1706.02515): networks whose activations stay normalised.

Modules: `config` (presets), `variants` (the kinds of network), `theory` (the moment
map, its Jacobian and fixed points), `theory_training` (alpha dropout, gradients, sizes,
the critique), `quadrature` (the independent route), `grid` (theorems 1 to 3 searched),
`layers` and `model`, `data`, `propagation`, `evaluation`, `comparison` (cross-validated
ranks), `experiment` (`run`), `figures` and `figures_theory`.
"""
