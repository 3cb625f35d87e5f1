"""The website: `python -m docs` builds it (`make site`)."""
