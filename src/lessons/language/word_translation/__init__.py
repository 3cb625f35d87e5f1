"""Two languages aligned by their embeddings alone, without a single pair of words.

Source: Conneau, Lample, Ranzato, Denoyer and Jégou, 2018 (arXiv:1710.04087). Modules:
`variants` (how orthogonality is kept), `config` (presets), `theory` (Procrustes, the
orthogonality step, the game's losses), `theory_routes` (NumPy routes, closed forms),
`retrieval` (cosine, CSLS, hubs, dictionaries, precision), `neighbours` (the same for
200,000 words), `refinement` (from a mapping to a better one, the criterion), `model`,
`data`, `vectors` (fastText's files), `sentences`, `evaluation` (scores and baselines),
`hubs` (retrieval where the answer is known), `experiment` (`run`), `figures`,
`figures_theory`, `paper`.
"""
