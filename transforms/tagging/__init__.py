"""Tagging: who a text names, and who commits to what in it."""
