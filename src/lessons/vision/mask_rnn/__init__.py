"""Hu, Huang & Schwing 2017 (arXiv:1803.11187): the objects of a video, by a recurrence.

Modules: `variants` (what is compared), `config` (presets), `theory` (warp, boxes,
merge, losses), `theory_routes` (the same by loops), `data` (videos with exact flow),
`sampling`, `flows` (estimated flow), `davis` (videos of a folder), `samples` (what
networks are trained on), `networks` (two streams), `model` (the recurrence),
`localiser` (the box), `boxes`, `metrics` (J, F, T), `evaluation` (whole videos),
`baselines` (no weights), `trials` (controls), `fine_tuning` (online), `experiment`
(`run`), `figures`, `figures_theory`, `paper`.
"""
