"""Lessons: deep generative and sequence models, one paper per lesson.

Importing this package is cheap and silent. TensorFlow is imported when a lesson
first needs it, and its start-up messages are held back (see `lessons._quiet`).
"""

from lessons import _quiet

__version__ = "0.1.0"

_quiet.install()
