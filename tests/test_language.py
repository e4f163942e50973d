import pytest

from transforms.extraction.language import LanguageReader

ENGLISH = "The ministry said on Monday that it would send two hundred generators to the flooded valleys. "


@pytest.fixture(scope="module")
def languages() -> LanguageReader:
    return LanguageReader()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH * 3, "en"),
        ("Das Ministerium teilte am Montag mit, es werde zweihundert Stromaggregate in die Täler schicken. " * 3, "de"),
        ("Le ministère a annoncé lundi qu'il enverrait deux cents groupes électrogènes dans les vallées. " * 3, "fr"),
        ("Министерство сообщило в понедельник, что направит в долины двести генераторов. " * 3, "ru"),
        ("该部周一表示将向受灾山谷运送两百台发电机。" * 10, "zh"),
        ("وقالت الوزارة يوم الاثنين إنها سترسل مئتي مولد كهربائي إلى الوديان. " * 4, "ar"),
    ],
)
def test_a_long_text_is_told_by_its_words_whatever_its_page_says(languages, text, language):
    assert languages.identify(text, hint=None) == language
    assert languages.identify(text, hint="nl-NL") == language


@pytest.mark.parametrize("hint", ["en", "EN", "en-GB", "en_US", " en "])
def test_a_short_text_is_taken_for_what_its_page_says(languages, hint):
    assert languages.identify("Hilfe zugesagt", hint=hint) == "en"


@pytest.mark.parametrize("hint", [None, "", "english", "x-default", "12", "e"])
def test_a_hint_that_is_no_code_is_passed_over(languages, hint):
    assert languages.identify("The ministers promised to help the flooded valleys.", hint=hint) == "en"


def test_what_has_no_letters_has_no_language(languages):
    assert languages.identify("1 234 — 5 678 (9 %)\n" * 40, hint=None) is None
    assert languages.identify("1 234 — 5 678 (9 %)\n" * 40, hint="en") == "en"
    assert languages.identify("", hint=None) is None


@pytest.mark.parametrize("text", ["UN", "NATO", "£500m", "G7: aid"])
def test_a_few_latin_letters_tell_nothing(languages, text):
    assert languages.identify(text, hint=None) is None
    assert languages.identify(text, hint="en") == "en"


def test_a_few_letters_of_another_script_tell_something(languages):
    assert languages.identify("政府承诺提供援助", hint=None) == "zh"
    assert languages.identify("政府承诺提供援助", hint="en") == "zh"
    assert languages.identify("Уряд обіцяє допомогу", hint="uk") == "uk"


def test_capitals_do_not_mislead(languages):
    offices = "THE SECRETARY OF PUBLIC WORKS THE DIRECTOR OF THE BUREAU OF BRIDGES THE ADMINISTRATOR OF FERRIES "
    assert languages.identify("Memorandum for " + offices * 12, hint=None) == "en"


def test_only_the_beginning_is_looked_at(languages):
    other = "Das Ministerium teilte am Montag mit, es werde Stromaggregate schicken. " * 100
    assert languages.identify(ENGLISH * 12 + other, hint=None) == "en"
