import time

import pytest
import spacy

from transforms.tagging.sentences import doc_sentence_bounds, open_after_labels, sentence_bounds, sentence_starts


def sentences(text):
    return [text[start:end] for start, end in sentence_bounds(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. Senate met.| It adjourned.",
        "Troops left the U.S.| The president said so.",
        "Mr. Smith and Sen. J. R. Jones met.| They talked.",
        "MS. PSAKI: Good morning.| Please sit.",
        "It is resolution No. 5 of many.| No.| We will not pay.",
        "Talks begin at 5 p.m. Friday.| Doors open at 4 p.m.| Entry is free.",
        "Growth was 3.5 per cent.| 20 states agreed.",
        "He said: “We will stay.”| Then he left.",
        '"Will you go?" Anna Keller asked.| "No!"| She sat down.',
        '"We will go." said the minister.',
        "They agreed (see Art. 5 of the treaty).| (Nobody signed.)| It ended.",
        "We wait ... and see.| We wait...| Others act.",
        "“The force [...] We hope will come soon,” she wrote.",
        "It will be held in the spring.|The Union is committed.",
        "Write to first.last@Example.Org or see www.Example.Com now.",
        "He joined Acme Inc. and left Acme Inc. Europe later.",
        "They met on Jan. 5 and on Dec. 6, e.g. Paris, i.e. France.",
        "George W. Bush spoke.| Vitamin C.| The rest is silence.",
        "The pact was signed.[12]| Nobody objected. [3]| It holds.",
        "Who pays?!| €5 million is missing.| $3 was found.",
        "Lone",
    ],
)
def test_stops(text):
    assert sentences(text.replace("|", "")) == [part.strip() for part in text.split("|")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n \t", []),
        ("A title\n\nThe text goes on.", ["A title", "The text goes on."]),
        ("A title\nThe text of the paragraph goes on for longer than that.", None),
        (
            "Allies have long been\nin direct conflict with them.",
            ["Allies have long been\nin direct conflict with them."],
        ),
        ("The head of the\nCouncil spoke.", ["The head of the\nCouncil spoke."]),
        ("We agreed:\n- to meet\n- to talk, and\n- Rome pays", ["We agreed:", "to meet", "to talk, and", "Rome pays"]),
        (
            "They will:\n\nto fund it;\n\nto end it; and\n\nto go.",
            ["They will:", "to fund it;", "to end it; and", "to go."],
        ),
        ("1. Fund it\n2. End it", ["Fund it", "End it"]),
        ("One end.\r\nNext one.\r\n\r\nLast", ["One end.", "Next one.", "Last"]),
        ("V. Orlov spoke.", ["V. Orlov spoke."]),
        ("\ufeffFirst.\u2028Second.", ["First.", "Second."]),
    ],
)
def test_line_breaks(text, expected):
    assert sentences(text) == (text.split("\n") if expected is None else expected)


def test_wrapped_lines_stay_in_their_sentence():
    text = (
        "The ministers of both countries said on Tuesday that the border posts near\n"
        "Arvane would open again as soon as the survey is done, which experts of the\n"
        "United Nations expect in May. No date was given. Three more rounds of talks\n"
        "are planned.\n"
    )
    assert [sentence.split()[0] for sentence in sentences(text)] == ["The", "No", "Three"]


def test_bounds_are_ordered_and_leave_out_white_space_alone():
    text = "A heading\n\n  First one.   Second one!\n\n* An item\n* Another.\tThe end"
    previous = 0
    for start, end in sentence_bounds(text):
        assert previous <= start < end
        assert text[previous:start].strip(" \n\t*") == ""
        assert text[start:end] == text[start:end].strip()
        previous = end
    assert previous == len(text)


@pytest.mark.parametrize(
    "piece",
    ["a", "word ", ".", '."', "U.S. ", "A.", "\n", " ", "[1]", "x\n", "- \n", "(", ". (", ".\u201d", "J. ", "a.B "],
)
def test_time_grows_with_length_alone(piece):
    text = (piece * 200_000)[:200_000]
    begin = time.process_time()
    sentence_bounds(text)
    assert time.process_time() - begin < 10  # well under a second; minutes where a step is quadratic


def test_component_sets_every_token_from_the_bounds():
    nlp = spacy.blank("en")
    nlp.add_pipe("pledgeline_sentences")
    text = "Mr. Kos left the U.S. on 5 May.\n\n- He will return.The talks\nwent on."
    doc = nlp(text)
    assert all(token.is_sent_start is not None for token in doc)
    assert doc_sentence_bounds(doc) == sentence_bounds(text)
    assert [text[start:end] for start, end in doc_sentence_bounds(doc)] == [
        "Mr. Kos left the U.S. on 5 May.",
        "He will return.",
        "The talks\nwent on.",
    ]


def test_tokens_that_straddle_a_bound_go_with_the_earlier_sentence():
    nlp = spacy.blank("en")
    nlp.tokenizer = lambda text: spacy.tokens.Doc(nlp.vocab, words=text.split(" "))
    nlp.add_pipe("pledgeline_sentences")
    doc = nlp("It came in the spring.The Union pays. Done now.")
    assert [sent.text for sent in doc.sents] == ["It came in the spring.The", "Union pays.", "Done now."]
    assert doc_sentence_bounds(doc) == sentence_bounds(doc.text)


def test_markers_before_the_first_sentence_open_none_of_their_own():
    nlp = spacy.blank("en")
    nlp.add_pipe("pledgeline_sentences")
    doc = nlp("\n\n- First item.\n- Second item.")
    assert [(doc.text[start:end]) for start, end in doc_sentence_bounds(doc)] == ["First item.", "Second item."]
    assert len(list(doc.sents)) == 2


def test_component_takes_an_empty_document():
    nlp = spacy.blank("en")
    nlp.add_pipe("pledgeline_sentences")
    assert doc_sentence_bounds(nlp("")) == ()


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("THE PRESIDENT: We will pay.", ["THE", "We"]),
        ("OPENING THE PORTS: Norway will help.", ["OPENING", "Norway"]),
        ("The minister said: We will pay.", ["The"]),
        ("We will pay: NORWAY helps.", ["We"]),
    ],
)
def test_a_clause_begins_anew_after_a_label_in_capitals(text, opened):
    doc = spacy.blank("en")(text)
    starts = open_after_labels(doc, sentence_starts(doc))
    assert [token.text for token in doc if starts[token.i]] == opened
