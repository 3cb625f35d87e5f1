"""DRAW with a window that reads and one that writes, and a class canvas."""
