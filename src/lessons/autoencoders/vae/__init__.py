"""Kingma & Welling 2013 (arXiv:1312.6114), with batch normalisation throughout.

Modules: `config` (presets), `theory` (bounds, gradient estimators), `theory_linear`
(the linear case in closed form), `normalization`, `optimizers`, `model` and
`model_conv` (the two families), `experiment` (`run`).
"""
