"""Drawings as sequences of pen movements, encoded and drawn again by an RNN.

Source: Ha and Eck, ICLR 2018 (arXiv:1704.03477). Modules: `variants` (what the decoder
is told), `config` (presets), `theory` (losses, schedules, paths between codes), `cells`
(LSTM, layer normalisation, HyperLSTM), `layers` (a cell over time), `model`,
`sampling` (drawing in one loop), `judge`, `latent` (reconstruct, interpolate, compute,
finish), `drawings` (procedural cats and faces), `data`, `evaluation` (losses,
yardsticks), `tasks` (uses of codes, judged), `experiment` (`run`), `schedule`,
`figures`, `figures_points`, `figures_theory`, `paper`.
"""
