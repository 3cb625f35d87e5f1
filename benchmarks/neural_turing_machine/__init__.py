"""A neural Turing machine with a feed-forward controller and two heads."""
