"""Practice: the course's exercises for a learner without a teacher.

In a practice notebook, as `lessons practice SLUG` writes it:

    from lessons.practice import practice

    check, hint, solution = practice("vae")

`check("iwae_bound")` runs the visible and the hidden tests of a question on the answer
as it was run last, `hint("iwae_bound")` gives the next hint, `solution("iwae_bound")`
the model answer once an answer was checked.
"""

from lessons.practice.session import practice

__all__ = ["practice"]
