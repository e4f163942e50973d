"""What the form of a name tells: dates, titles, places, peoples. Small closed lists, used on training data only."""

import re

MONTHS = frozenset(
    "January February March April May June July August September October November December "
    "Jan. Feb. Mar. Apr. Aug. Sept. Sep. Oct. Nov. Dec.".split()
)
WEEKDAYS = frozenset("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())

# Ordinary words too, so they count as dates only beside a number.
_DOUBTFUL_MONTHS = frozenset({"May", "March"})

# Words that make a phrase a date in GMB and GUM, and that are left unjudged where a corpus has no dates.
_TIME_WORDS = frozenset(
    "today yesterday tomorrow tonight year years month months week weeks weekend day days decade decades century "
    "centuries morning afternoon evening night quarter spring summer autumn winter season".split()
)
_YEAR = re.compile(r"(1[5-9]|20)\d\ds?")
_DAY = re.compile(r"[0-3]?\d(st|nd|rd|th)?")

# Written before a person's name and no part of it, as OntoNotes and Universal NER have it.
_TITLES = frozenset(
    "mr mr. mrs mrs. ms ms. miss dr dr. sir president vice prime minister premier chancellor secretary general "
    "secretary-general senator sen sen. congressman congresswoman representative rep rep. speaker governor gov gov. "
    "mayor ambassador foreign defense defence interior finance deputy former u.s. president-elect commissioner "
    "director chairman chairwoman spokesman spokeswoman judge justice colonel col. captain capt. major maj. "
    "lieutenant lt. sergeant sgt. admiral adm. gen. general professor prof. attorney mp "
    "madam lord lady king queen prince princess pope emperor tsar "
    "archbishop bishop cardinal reverend rev. sheikh sultan duke brigadier sheriff inspector messrs".split()
)

_LOCATIONS = frozenset(
    "Africa Asia Europe America Antarctica Oceania Eurasia Balkans Caucasus Caribbean Arctic Sahel Sahara Maghreb "
    "Scandinavia Levant Mesopotamia Pacific Atlantic Mediterranean Baltic Himalayas Alps Andes Amazon Nile Danube "
    "Rhine Thames Mississippi Earth Mars Moon".split()
)
_LOCATION_WORDS = frozenset(
    "river mountain mountains mount mt. sea ocean lake island islands isle bay gulf peninsula valley desert strait "
    "straits canal coast cape hills basin delta plateau forest park airport street avenue road square bridge east "
    "west north south region continent hemisphere border reef volcano falls beach valley highway stadium".split()
)
# Compass words that begin the names of states and cities all the same.
_STATES = re.compile(
    r"(North|South|East|West) (Korea|Africa|Sudan|Vietnam|Yemen|Germany|Dakota|Carolina|Virginia|Timor|Ossetia|"
    r"Pakistan|Bengal|Sumatra|Wales|Jerusalem|Macedonia|Waziristan)|(West Bank|North Rhine-Westphalia)|"
    r"(Marshall|Solomon|Cook|Faroe|Falkland|Cayman|Virgin) Islands|Rhode Island|New South Wales|Salt Lake City|"
    r"Cape (Town|Verde)|Park .*|Palm Beach|Ivory Coast|Northern Ireland|Northern Territory|America|"
    r"(Western|South) Australia|.* (City|Republic|State|Province|County)"
)

# Lower-case beginnings that belong to a name.
_PARTICLES = re.compile(r"(al|el|ul)-.*|al|bin|ibn|von|van|de|da|di|du|la|le")

_COMMUNITIES = frozenset(
    "Muslim Muslims Christian Christians Jewish Jew Jews Sunni Sunnis Shiite Shiites Shi'ite Shi'ites Shia Catholic "
    "Catholics Protestant Protestants Hindu Hindus Buddhist Buddhists Sikh Sikhs Orthodox Islamist Islamists Kurd "
    "Kurds Kurdish Hutu Hutus Tutsi Tutsis Pashtun Pashtuns Uighur Uighurs Arab Arabs Republican Republicans Democrat "
    "Democrats Western European Europeans African Africans Asian Asians Latino Latinos Hispanic Communist Communists "
    "Philippine Saudi Saudis American Americans British Spanish Scottish Welsh Roma Basque Catalan".split()
)


def is_community(word: str) -> bool:
    """Tell whether a single capitalised word names members of a religion, people or party."""
    return word in _COMMUNITIES


def place_label(words: tuple[str, ...]) -> str:
    """Choose GPE or LOC for a name: LOC for continents, waters, mountains, regions and sites, else GPE.

    A heuristic by closed word lists; no list of the world's cities is needed because GPE is the default.
    """
    name = " ".join(words)
    if _STATES.fullmatch(name):
        return "GPE"
    if words[-1] in _LOCATIONS or any(word.lower() in _LOCATION_WORDS for word in words):
        return "LOC"
    if words[0].lower().endswith(("ern", "central")) and len(words) > 1:
        return "LOC"
    return "GPE"


def trimmed(words: tuple[str, ...], start: int, end: int) -> tuple[int, int]:
    """Cut what a careless marker took along: "southern Afghanistan", "Karni -", ", Curacao"."""
    while start < end and (words[start].islower() or not words[start][0].isalnum()):
        if _PARTICLES.fullmatch(words[start]):
            break
        start += 1
    while end > start and not words[end - 1][0].isalnum():
        end -= 1
    return start, end


def untitled(words: tuple[str, ...], start: int, end: int) -> int:
    """Return where a person's name begins once the titles before it are skipped; `end` where nothing is left."""
    while start < end and words[start].lower() in _TITLES:
        start += 1
    return start


def holds_date(words: tuple[str, ...]) -> bool:
    """Tell whether a phrase marked as a time names a date or a span of days, and not just "two" or "later"."""
    return any(w in MONTHS or w in WEEKDAYS or w.lower() in _TIME_WORDS or _YEAR.fullmatch(w) for w in words)


def is_time_word(word: str) -> bool:
    """Tell whether a word may be part of a date that a corpus without dates leaves unmarked."""
    return word.lower() in _TIME_WORDS or word in _DOUBTFUL_MONTHS


def find_dates(words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Find plain calendar dates ("Friday", "17 December 1999", "in 2004") as ranges of words, end excluded."""
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(words):
        end = _date_end(words, index)
        if end > index:
            found.append((index, end))
        index = max(end, index + 1)
    return found


def _date_end(words: tuple[str, ...], start: int) -> int:
    end, anchored = start, False
    while end < len(words):
        word = words[end]
        beside = words[end + 1 : end + 2] + words[max(start, end - 1) : end]
        if _YEAR.fullmatch(word) or word in WEEKDAYS or (word in MONTHS and word not in _DOUBTFUL_MONTHS):
            anchored = True
        elif word in MONTHS and any(_DAY.fullmatch(near) or _YEAR.fullmatch(near) for near in beside):
            anchored = True
        elif not (_DAY.fullmatch(word) and any(near in MONTHS for near in beside)):
            if not (word == "," and anchored and _YEAR.fullmatch("".join(words[end + 1 : end + 2]))):
                break
        end += 1
    return end if anchored else start
