"""Causality and control: what an intervention does, and acting in a changing world."""
