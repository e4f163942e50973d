"""Nouns of fetching: addresses, exchanges over the wire, robots.txt, pace. Only here is a socket opened."""
