"""Volokitin, Roig & Poggio 2017 (arXiv:1706.08616): crowding in deep networks.

Modules: `variants` (what is compared), `config` (presets), `theory` (crops, scale
codes, maps, receptive fields), `data` (digits and flankers), `stimuli` (canvases),
`inputs` (crops of stimuli), `layers`, `model`, `conditions` and `evaluation` (accuracy
in each), `analysis` (who wins the pooling, what far flankers add), `experiment`
(`run`), `figures`, `figures_theory`, `paper` (what it states).
"""
