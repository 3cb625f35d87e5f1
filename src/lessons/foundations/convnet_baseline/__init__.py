"""Cats, dogs and the convolutional baseline of two course projects (IFT6266, 2015).

Modules: `variants` (optimizers, first weights, batch normalisation), `config`
(presets), `theory` (losses and steps that the networks train with), `theory_momentum`
(paths and roots on a quadratic), `uncertainty` (of an accuracy, and of a difference),
`networks` (architectures and their sizes by arithmetic), `layers`, `model`,
`optimizers` (Adam and Nesterov, written by hand), `animals` and `backgrounds` (the
drawn pictures), `folder` (a folder of real ones), `data`, `evaluation`, `experiment`
(`run`), `figures`, `figures_theory`, `paper` (what the sources state).
"""
