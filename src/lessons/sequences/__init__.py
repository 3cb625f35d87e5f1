"""Sequences: what is predicted, then generated, step after step."""
