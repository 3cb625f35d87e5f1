"""Vision: what a network makes of parts, places and clutter."""
