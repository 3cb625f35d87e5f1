"""The graded exercises: build, release, check and grade them with nbgrader."""
