"""Kingma et al. 2014 (arXiv:1406.5298), and a model that clamps its labels.

Modules: `config` (presets), `theory` (bounds, costs, gradients), `theory_toy` (models
where all is known in closed form), `data` (labels taken away), `model` (M1 and M2),
`model_clamped`, `model_stacked` (M1+M2), `evaluation`, `experiment` (`run`).
"""
