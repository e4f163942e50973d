"""spaCy pipelines that several tests build on."""

import spacy
from spacy.language import Language

from transforms.tagging import actors, sentences

# Registered by being imported, where the project is not installed.
COMPONENTS = (sentences.make_sentences, actors.make_actors)


def actors_alone() -> Language:
    """Make a pipeline without any model that finds actors by registers and grammar."""
    blank = spacy.blank("en")
    blank.add_pipe("pledgeline_sentences")
    blank.add_pipe("pledgeline_actors")
    return blank
