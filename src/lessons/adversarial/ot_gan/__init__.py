"""Salimans et al. 2018 (arXiv:1803.05573): GANs from both sides of a duality.

Modules: `config` (presets), `theory` (distances and algorithm 1's loss),
`theory_exact` (linear programs), `theory_dual` (losses with a critic), `sinkhorn`
(regularised transport in TensorFlow), `model` and `model_dual` (OT-GAN and its
rivals), `networks` and `networks_images`, `data`, `experiment` (`run`).
"""
