"""Translation that breaks when letters change places, and what repairs it.

Source: Belinkov and Bisk, 2018 (arXiv:1711.02173). Modules: `lexicon` and `grammar`
(sentences in three languages), `keyboard`, `natural` and `noise` (five noises),
`variants` (what is compared), `config` (presets), `coding` (words to numbers), `bpe`,
`bleu`, `data` (the corpus, files of a user), `theory` (equations), `theory_routes` (the
same by other routes), `layers` (readers of words), `recurrent`, `model` (the
translator), `spelling` (a checker), `anagrams`, `evaluation` (BLEU under noise,
yardsticks), `experiment` (`run`), `figures`, `figures_theory`, `paper`.
"""
