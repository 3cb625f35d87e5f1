"""Builds, runs, refreshes, checks and shows the notebooks of the lessons.

`python -m lessons.toolkit.notebook COMMAND`:

* `execute SLUG`: run a lesson's notebook with visible progress; write one page that
  reads without a network (`make run`).
* `refresh [SLUG ...]`: rewrite the stored notebooks from their text sources
  (`make notebooks`).
* `check [SLUG ...]`: what a program can check of the stored notebooks.
* `environment`: the variables under which stored outputs were computed.

The text source, `notebooks/UNIT/SLUG.py`, is what people edit; `SLUG.ipynb` beside it
is a product, with its outputs.
"""
