"""Tan & Sim 2016 (ICASSP): every layer may answer, and gates say which one does.

Modules: `theory` (cascade, mixture, prior, early exit, ACT), `theory_routes` (the same
by other routes), `ideal` (the gates that a prior wants), `model`, `costs`
(multiplications), `lazy` (evaluation that stops for real), `variants`, `config`
(presets), `data`, `evaluation`, `experiment` (`run`), `figures`, `figures_theory`,
`paper`.
"""
