"""Tan, Sim & Gales 2015 (ASRU): stimulated learning, hidden layers on a grid.

Modules: `config` (presets), `variants` (what is compared), `theory` (targets, surfaces,
divergences, smoothness, muting), `losses` (the regularisers as Keras losses), `model`,
`layout` (places of the classes on the grid, and of the units after training), `data`,
`training` (the published recipe), `evaluation` (maps, decoding, damage), `experiment`
(`run`), `figures`, `figures_theory`, `paper` (what it states).
"""
