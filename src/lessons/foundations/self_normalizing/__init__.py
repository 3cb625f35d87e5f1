"""Klambauer et al. 2017 (arXiv:1706.02515): networks whose activations stay normalised.

Modules: `config` (presets), `theory` (the moment map, its Jacobian and fixed points),
`theory_training` (alpha dropout, gradients, sizes, the critique), `grid` (theorems 1 to
3 searched on a grid), `layers` and `model` (nine kinds of network), `data`,
`propagation`, `comparison` (cross-validated ranks), `experiment` (`run`).
"""
