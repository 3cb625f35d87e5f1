"""A conditional VAE with a chain of latents, for inpainting (after PixelVAE).

Gulrajani et al. 2016 (arXiv:1611.05013) without its PixelCNN layers. Modules:
`config` (presets), `theory` (bound, merge, sampling), `theory_linear` (the linear
case in closed form), `model` (the chain), `model_dense` and `model_conv` (its two
families), `data`, `evaluation`, `experiment` (`run`).
"""
