"""Tests; run them with `make check`."""
