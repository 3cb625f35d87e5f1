"""Tolstikhin et al. 2018 (arXiv:1711.01558): autoencoders that minimise transport.

Modules: `config` (presets), `theory` (costs, kernels, penalties), `theory_exact`
(theorem 1 as linear programs), `theory_gaussian` (Gaussians, by closed forms and
quadrature), `networks`, `model` (autoencoders and their penalties), `model_gan`
(WAE-GAN), `pretraining`, `evaluation`, `experiment` (`run`).
"""
