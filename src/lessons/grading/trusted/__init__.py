"""The side of grading that holds the tests and decides."""
