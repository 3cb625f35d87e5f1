"""Sabour, Frosst & Hinton 2017 (arXiv:1710.09829): capsules and routing by agreement.

Modules: `config` (presets), `paper` (its facts), `variants` (what is compared),
`theory` (squash, routing, losses), `theory_routing` (the objective that routing
climbs), `layers`, `model` (CapsNet) and `model_cnn` (the baseline), `data` and
`affnist`, `evaluation`, `experiment` (`run`).
"""
