"""Parses written by hand, each in both label schemes, so that rules are tested without a trained model.

A parse is a line of `form/TAG/label/head` for each token, heads counted from 1, the root with head 0. Parts of speech
follow from the tags, as both schemes use the same tags.
"""

import spacy
from spacy.tokens import Doc

# A bare Vocab knows no lower case of its words.
_VOCAB = spacy.blank("en").vocab
_PARTS = {
    "NNP": "PROPN", "NNPS": "PROPN", "PRP": "PRON", "PRP$": "PRON", "WDT": "PRON", "WP": "PRON", "EX": "PRON",
    "MD": "AUX", "IN": "ADP", "TO": "PART", "RB": "ADV", "DT": "DET", "CC": "CCONJ", "CD": "NUM", "POS": "PART",
    "RP": "ADP", ",": "PUNCT", ".": "PUNCT", "``": "PUNCT", "''": "PUNCT",
}  # fmt: skip
_FAMILIES = {"N": "NOUN", "V": "VERB", "J": "ADJ"}
_TIGHT = {",", ".", "'s", "n't", "”"}


def make_doc(parse: str) -> Doc:
    """Make a document of one sentence from a parse written by hand."""
    rows = [cell.rsplit("/", 3) for cell in parse.split()]
    words = [row[0] for row in rows]
    spaces = [following not in _TIGHT and word != "“" for word, following in zip(words, [*words[1:], "."], strict=True)]
    return Doc(
        _VOCAB,
        words=words,
        spaces=spaces,
        tags=[tag for _, tag, _, _ in rows],
        pos=["AUX" if label.startswith("aux") or label == "cop" else _part(tag) for _, tag, label, _ in rows],
        deps=["ROOT" if head == "0" else label for _, _, label, head in rows],
        heads=[int(head) - 1 if head != "0" else index for index, (_, _, _, head) in enumerate(rows)],
    )


def _part(tag: str) -> str:
    return _PARTS.get(tag) or _FAMILIES.get(tag[0], "X")


# The same sentence twice: Universal Dependencies, then ClearNLP as in `en_core_web_*`.
PARSES: dict[str, tuple[str, str]] = {
    "active": (
        "Norway/NNP/nsubj/2 offered/VBD/root/0 Kyiv/NNP/iobj/2 twelve/CD/nummod/5 jets/NNS/obj/2 in/IN/case/7 May/NNP/obl/2 ././punct/2",
        "Norway/NNP/nsubj/2 offered/VBD/ROOT/0 Kyiv/NNP/dative/2 twelve/CD/nummod/5 jets/NNS/dobj/2 in/IN/prep/2 May/NNP/pobj/6 ././punct/2",
    ),
    "passive": (
        "The/DT/det/2 offer/NN/nsubj:pass/4 was/VBD/aux:pass/4 rejected/VBN/root/0 by/IN/case/6 Hanoi/NNP/obl:agent/4 ././punct/4",
        "The/DT/det/2 offer/NN/nsubjpass/4 was/VBD/auxpass/4 rejected/VBN/ROOT/0 by/IN/agent/4 Hanoi/NNP/pobj/5 ././punct/4",
    ),
    "control": (
        "Chile/NNP/nsubj/4 and/CC/cc/3 Peru/NNP/conj/1 agreed/VBD/root/0 to/TO/mark/6 open/VB/xcomp/4 the/DT/det/8 border/NN/obj/6 ././punct/4",
        "Chile/NNP/nsubj/4 and/CC/cc/1 Peru/NNP/conj/1 agreed/VBD/ROOT/0 to/TO/aux/6 open/VB/xcomp/4 the/DT/det/8 border/NN/dobj/6 ././punct/4",
    ),
    "report": (
        "Oslo/NNP/nsubj/2 said/VBD/root/0 it/PRP/nsubj/6 would/MD/aux/6 not/RB/advmod/6 send/VB/ccomp/2 troops/NNS/obj/6 ././punct/2",
        "Oslo/NNP/nsubj/2 said/VBD/ROOT/0 it/PRP/nsubj/6 would/MD/aux/6 not/RB/neg/6 send/VB/ccomp/2 troops/NNS/dobj/6 ././punct/2",
    ),
    "adjective": (
        "Ghana/NNP/nsubj/3 is/VBZ/cop/3 ready/JJ/root/0 to/TO/mark/5 host/VB/xcomp/3 talks/NNS/obj/5 ././punct/3",
        "Ghana/NNP/nsubj/2 is/VBZ/ROOT/0 ready/JJ/acomp/2 to/TO/aux/5 host/VB/xcomp/3 talks/NNS/dobj/5 ././punct/2",
    ),
    "noun": (
        "Brazil/NNP/nsubj/2 renewed/VBD/root/0 its/PRP$/nmod:poss/4 commitment/NN/obj/2 to/IN/mark/6 ending/VBG/acl/4 logging/NN/obj/6 ././punct/2",
        "Brazil/NNP/nsubj/2 renewed/VBD/ROOT/0 its/PRP$/poss/4 commitment/NN/dobj/2 to/IN/prep/4 ending/VBG/pcomp/5 logging/NN/dobj/6 ././punct/2",
    ),
    "relative": (
        "We/PRP/nsubj/2 thank/VBP/root/0 Kenya/NNP/obj/2 ,/,/punct/6 which/WDT/nsubj/6 pledged/VBD/acl:relcl/3 police/NNS/obj/6 ././punct/2",
        "We/PRP/nsubj/2 thank/VBP/ROOT/0 Kenya/NNP/dobj/2 ,/,/punct/3 which/WDT/nsubj/6 pledged/VBD/relcl/3 police/NNS/dobj/6 ././punct/2",
    ),
    "particle": (
        "Japan/NNP/nsubj/2 ruled/VBD/root/0 out/RP/compound:prt/2 sending/VBG/xcomp/2 ships/NNS/obj/4 ././punct/2",
        "Japan/NNP/nsubj/2 ruled/VBD/ROOT/0 out/RP/prt/2 sending/VBG/xcomp/2 ships/NNS/dobj/4 ././punct/2",
    ),
    "condition": (
        "Iran/NNP/nsubj/3 will/MD/aux/3 retaliate/VB/root/0 if/IN/mark/6 Israel/NNP/nsubj/6 attacks/VBZ/advcl/3 ././punct/3",
        "Iran/NNP/nsubj/3 will/MD/aux/3 retaliate/VB/ROOT/0 if/IN/mark/6 Israel/NNP/nsubj/6 attacks/VBZ/advcl/3 ././punct/3",
    ),
    "demand": (
        "Cuba/NNP/nsubj/2 urged/VBD/root/0 Spain/NNP/obj/2 to/TO/mark/5 sign/VB/xcomp/2 the/DT/det/7 treaty/NN/obj/5 ././punct/2",
        "Cuba/NNP/nsubj/2 urged/VBD/ROOT/0 Spain/NNP/dobj/2 to/TO/aux/5 sign/VB/xcomp/2 the/DT/det/7 treaty/NN/dobj/5 ././punct/2",
    ),
    "according": (
        "According/VBG/case/3 to/IN/fixed/1 Rossi/NNP/obl/6 ,/,/punct/3 Malta/NNP/nsubj/6 agreed/VBD/root/0 to/TO/mark/8 help/VB/xcomp/6 ././punct/6",
        "According/VBG/prep/6 to/IN/prep/1 Rossi/NNP/pobj/2 ,/,/punct/6 Malta/NNP/nsubj/6 agreed/VBD/ROOT/0 to/TO/aux/8 help/VB/xcomp/6 ././punct/6",
    ),
    "owner": (
        "Qatar/NNP/nmod:poss/3 's/POS/case/1 refusal/NN/nsubj/6 to/TO/mark/5 sell/VB/acl/3 angered/VBD/root/0 Egypt/NNP/obj/6 ././punct/6",
        "Qatar/NNP/poss/3 's/POS/case/1 refusal/NN/nsubj/6 to/TO/aux/5 sell/VB/acl/3 angered/VBD/ROOT/0 Egypt/NNP/dobj/6 ././punct/6",
    ),
}
