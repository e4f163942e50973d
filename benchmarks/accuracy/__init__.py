"""How good tagging is: every measure against its bar, for `docs/accuracy.md` (`python -m benchmarks.accuracy`)."""
