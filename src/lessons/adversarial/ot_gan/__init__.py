"""Salimans et al. 2018 (arXiv:1803.05573): GANs from both sides of a duality.

Modules: `variants` (what is compared), `config` (presets), `theory` (distances and
algorithm 1's loss), `theory_exact` (linear programs), `sinkhorn` (regularised transport
in TensorFlow), `model` and `model_clipped` (OT-GAN and a baseline; the others, and the
losses with a critic, are in `lessons.toolkit.adversarial`), `networks` and
`networks_images`, `critic_1d` (critics alone), `data`, `evaluation`, `experiment`
(`run`), `figures`.
"""
