"""The side of grading that runs a student's code, and the wall around it.

Nothing here holds a secret: no test, no solution, no other submission, no gradebook.
"""
