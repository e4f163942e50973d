"""Nouns that know the domain, and verbs that distribute them with Beam."""
