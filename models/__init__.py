"""The shipped language models, each in a folder as spaCy saves it, with its licence and sources."""
