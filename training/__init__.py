"""The recipe of the shipped language model: corpora in, pipeline out, figures measured."""
