"""A generator that learns through a measurement: pad, rotate, project."""
