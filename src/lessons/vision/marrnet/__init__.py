"""Wu et al. 2017 (arXiv:1711.03129): 3-D shape from one image by way of 2.5-D sketches.

Modules: `theory` (re-projection losses), `theory_routes` (the same by other routes),
`theory_solids` (exact solids and silly answers), `shapes` (chairs, tables, blocks and
their voxels), `camera` (what is seen of them), `data`, `networks`, `networks_paper`,
`model`, `refine` (fine-tuning on one image), `variants`, `config` (presets),
`evaluation`, `experiment` (`run`), `figures`, `figures_theory`, `paper`.
"""
