"""DRAW: images written step by step through a Gaussian window (Gregor et al. 2015).

With the class canvas of a course project (HDRAM): the network says what it sees while
it looks. Modules: `variants` (what is compared), `config` (presets), `theory` (filters,
divergences, losses), `theory_routes` (hard crops and REINFORCE, paths of codes; NumPy),
`parts` (heads, named tuples), `cell` (one step), `model` (the loop, training,
sampling), `shifts` (what training draws), `networks` (a convnet, a classifier that
only reads), `data`, `evaluation`, `experiment` (`run`), `figures`, `figures_theory`,
`paper` (what the papers state).
"""
