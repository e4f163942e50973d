"""Sentences of reported speech put together from parts of treebank sentences.

News says '"We will stay," the minister said' in every article, the treebanks a hundred times in all, and a parser
trained on them makes the quoted clause the root. Here a plain sentence becomes the clausal complement of a verb of
speech whose subject comes from another sentence, both as annotated there, in the orders and quotation marks of news.
PUD and the treebanks agree on the tree: the verb of speech heads the quote as `ccomp`.
"""

import dataclasses
import random
from collections.abc import Iterable, Iterator

from training.treebanks import Parsed

_SPEECH = frozenset(
    "say tell announce add explain state claim argue note insist report warn declare reply believe think write stress "
    "reveal confirm promise pledge vow admit suggest acknowledge hope agree".split()
)
_PRONOUNS = frozenset({"he", "she", "they", "we"})
_VERBS = (
    *[("said", "VBD")] * 8,
    *[("says", "VBZ")] * 2,
    *[
        (form, "VBD")
        for form in "added announced warned explained stated argued noted insisted declared promised".split()
    ],
    *[(form, "VBD") for form in "pledged vowed wrote replied claimed confirmed tweeted stressed admitted".split()],
)
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
# Words of a quoted sentence, and of a subject.
_LENGTHS = range(4, 32)
_LONGEST_SUBJECT = 9
_QUOTES = (("“", "”"), ("“", "”"), ('"', '"'), ("", ""))


@dataclasses.dataclass(frozen=True, slots=True)
class Word:
    """A word on its way into a new sentence.

    `head` is an index into the same piece ("quote", "subject", "verb" or "mark"), -1 where it lies outside.
    """

    word: str
    tag: str
    pos: str
    head: int
    dep: str
    space: bool
    lemma: str
    piece: str


def compose_quotes(sentences: Iterable[Parsed], count: int, dice: random.Random) -> Iterator[Parsed]:
    """Put together `count` sentences of reported speech from the sentences given."""
    kept = list(sentences)
    quotable = [part for sentence in kept if (part := quoted_part(sentence))]
    subjects = [part for sentence in kept if (part := speech_part(sentence))]
    for index in range(count):
        quote, subject = dice.choice(quotable), dice.choice(subjects)
        # Six of these make a document, as with the sentences of a treebank.
        yield _compose(quote, subject, dice, document=f"quotes-{index // 6}")


def quoted_part(sentence: Parsed) -> list[Word]:
    """Take a plain statement without its full stop; empty where the sentence is none."""
    root = next((i for i, head in enumerate(sentence.heads) if head == i), 0)
    subjects = [d for h, d in zip(sentence.heads, sentence.deps, strict=True) if h == root and d.startswith("nsubj")]
    plain = sentence.words[-1] == "." and sentence.deps[-1] == "punct" and len(sentence.words) in _LENGTHS
    if not (plain and subjects and sentence.words[0][:1].isupper()):
        return []
    if "parataxis" in sentence.deps or any(tag in ("``", "''") for tag in sentence.tags):
        return []
    return _part(sentence, range(len(sentence.words) - 1), root, "quote")


def speech_part(sentence: Parsed) -> list[Word]:
    """Take a subject that may speak; empty where the sentence has none.

    It stands right before its finite verb and has a proper noun for its head, or that verb is one of speech.
    """
    for verb, (lemma, tag) in enumerate(zip(sentence.lemmas, sentence.tags, strict=True)):
        if tag not in _FINITE or verb == 0:
            continue
        tops = [i for i in range(verb) if sentence.heads[i] == verb and sentence.deps[i] == "nsubj"]
        speaks = [sentence.pos[i] == "PROPN" or (lemma in _SPEECH and _speaker(sentence, i)) for i in tops]
        if speaks != [True]:
            continue
        inside = [i for i in range(len(sentence.words)) if _reaches(sentence, i, tops[0])]
        side_by_side = inside[-1] == verb - 1 and inside == list(range(inside[0], verb))
        if side_by_side and len(inside) <= _LONGEST_SUBJECT:
            return _part(sentence, range(inside[0], verb), tops[0], "subject")
    return []


def _speaker(sentence: Parsed, index: int) -> bool:
    return sentence.pos[index] == "NOUN" or sentence.words[index].lower() in _PRONOUNS


def _reaches(sentence: Parsed, index: int, top: int) -> bool:
    for _ in sentence.words:
        if index == top:
            return True
        index = sentence.heads[index]
    return False


def _part(sentence: Parsed, inside: range, top: int, piece: str) -> list[Word]:
    return [
        Word(
            sentence.words[i],
            sentence.tags[i],
            sentence.pos[i],
            -1 if i == top or sentence.heads[i] not in inside else sentence.heads[i] - inside[0],
            sentence.deps[i],
            sentence.spaces[i] or i + 1 == inside.stop,
            sentence.lemmas[i],
            piece,
        )
        for i in inside
    ]


def _compose(quote: list[Word], subject: list[Word], dice: random.Random, *, document: str) -> Parsed:
    form, tag = dice.choice(_VERBS)
    verb = [Word(form, tag, "VERB", -1, "ROOT", True, form, "verb")]
    leading = dice.random() < 0.25
    opening, closing = dice.choice(_QUOTES[:3] if leading else _QUOTES)
    verb_first = subject[0].pos != "PRON" and dice.random() < 0.3
    comma = _mark(":" if leading and dice.random() < 0.4 else ",", "," if not leading else ":")
    before = [_mark(opening, "``", space=False)] if opening else []
    after = [_mark(closing, "''")] if closing else []
    said = [*verb, *subject] if verb_first and not leading else [*subject, *verb]
    if leading:
        parts = [*_cased(said, upper=True), comma, *before, *quote, _mark(".", "."), *after]
    else:
        stuck = [dataclasses.replace(quote[-1], space=False)]
        parts = [*before, *quote[:-1], *stuck, comma, *after, *_cased(said, upper=False), _mark(".", ".")]
    return _join(parts, document)


def _mark(text: str, tag: str, *, space: bool = True) -> Word:
    return Word(text, tag, "PUNCT", -1, "punct", space, text, "mark")


def _cased(words: list[Word], *, upper: bool) -> list[Word]:
    first = words[0]
    if upper:
        return [dataclasses.replace(first, word=first.word[0].upper() + first.word[1:]), *words[1:]]
    if first.tag.startswith("NNP") or first.word == "I" or first.word[1:2].isupper():
        return words
    return [dataclasses.replace(first, word=first.word.lower()), *words[1:]]


def _join(parts: list[Word], document: str) -> Parsed:
    """Number the words anew: the verb is the root, the quote's top its `ccomp`, marks of the quote hang on that."""
    starts = {piece: [w.piece for w in parts].index(piece) for piece in ("quote", "subject", "verb")}
    top = next(i for i, word in enumerate(parts) if word.piece == "quote" and word.dep == "ROOT")
    heads: list[int] = []
    deps: list[str] = []
    for index, word in enumerate(parts):
        outer = starts["verb"] if index == top or word.piece != "quote" else top
        if word.piece == "mark":
            outer = starts["verb"] if word.word == "." else top
        heads.append(starts[word.piece] + word.head if word.head >= 0 else outer)
        deps.append("ROOT" if word.piece == "verb" else "ccomp" if index == top else word.dep)
    return Parsed(
        words=tuple(w.word for w in parts),
        spaces=tuple(w.space and not (i + 1 < len(parts) and _closes(parts[i + 1])) for i, w in enumerate(parts)),
        tags=tuple(w.tag for w in parts),
        pos=tuple(w.pos for w in parts),
        heads=tuple(heads),
        deps=tuple(deps),
        misc=("_",) * len(parts),
        lemmas=tuple(w.lemma for w in parts),
        document=document,
    )


def _closes(word: Word) -> bool:
    return word.pos == "PUNCT" and word.tag in (",", ".", ":", "''")
