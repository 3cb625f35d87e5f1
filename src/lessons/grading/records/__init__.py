"""What is written down: gradebook, graded notebooks, journal, report, tables."""
