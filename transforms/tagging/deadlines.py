"""Deadlines: the expressions that say by when, or when, an act falls due, and the day that they come to."""

import datetime
import re

from transforms.tagging.calendars import HOLIDAYS, MONTHS, SEASONS, WEEKDAYS, add_months
from transforms.tagging.numbers import read_number, tokenise
from transforms.tagging.periods import read_period

# Characters. The longest expression of time that is looked at.
_MAX_LENGTH = 120

_FULL = "|".join(name.capitalize() for name in MONTHS if len(name) > 4 or name in ("may", "june", "july"))
_SHORT = "|".join(sorted((name.capitalize() for name in MONTHS if len(name) < 5), key=len, reverse=True))
# The full stop belongs to an abbreviation, and to a full name never.
_MONTH = rf"(?:{_FULL})\b|(?:{_SHORT})\b\.?"
_WEEKDAY = "|".join(name.capitalize() for name in WEEKDAYS)
_HOLIDAY = "|".join(sorted((name.title().replace("'S", "'s") for name in HOLIDAYS), key=len, reverse=True))
_SEASON = "|".join(SEASONS)
_NUMBER = (
    r"(?:an?|\d[\d,.]*|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)(?:-\w{3,5})?)"
)
_UNIT = r"(?:hours?|days?|weeks?|fortnights?|months?|years?|decades?|quarters?)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DAYS = rf"{_DAY}(?: ?(?:and|to|or|-|–) ?{_DAY})?"
_YEAR = r"(?:19|20|21)\d\d"
_DATE = (
    rf"(?:(?:{_WEEKDAY}),? )?(?:(?:the )?{_DAYS}(?: of)? (?:{_MONTH})|(?:{_MONTH}) (?:the )?{_DAYS}\b)"
    rf"(?:,? {_YEAR}\b)?|{_YEAR}-\d\d-\d\d|\d\d?[./]\d\d?[./]{_YEAR}"
)
_RUNNING = r"(?i:(?:calendar )?(?:week|weekend|month|quarter|year|decade|century)\b)"
_SOON = r"(?:(?i:later|early|late|mid|sometime)(?: on)?(?: in|-)? ?)"
_CLOCK = (
    r"(?i:(?:\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b\.?|\d{1,2}:\d\d|noon|midday|midnight|dawn|dusk|sunrise|sunset|nightfall|"
    r"(?:the )?(?:close|end) of (?:business|play))(?: (?:GMT|UTC|CET|EST|local time))?)"
)
_NAMED_DAY = rf"(?:{_WEEKDAY})\b(?: (?i:morning|afternoon|evening|night))?"
_NEAR = rf"{_SOON}?(?i:this coming|this|next|the coming|the following) (?:{_RUNNING}|{_NAMED_DAY}|(?i:{_SEASON})\b)"
_TODAY = (
    r"(?:(?i:later|early|late) )?"
    r"(?i:today|tonight|the day after tomorrow|tomorrow|this (?:morning|afternoon|evening))\b"
)
_MONTHS = rf"(?:{_MONTH})(?:,? (?:of )?(?:{_YEAR}\b|(?:this|next) year\b))?(?! (?:of )?last\b)"
_SEASONS = rf"(?i:(?:the |this )?(?:{_SEASON})\b)(?: (?:of )?{_YEAR}\b)?|(?:Easter|{_HOLIDAY})\b(?:,? {_YEAR}\b)?"
_YEARS = rf"(?i:the year )?{_YEAR}\b(?!-)|(?i:the )?{_YEAR}'?s\b"
_QUARTERS = rf"Q[1-4]\b(?:,? (?:of )?{_YEAR}\b)?"
_WHOLE = (
    rf"(?:{_DATE}|{_NEAR}|{_TODAY}|{_MONTHS}|{_YEARS}|{_NAMED_DAY}|{_SEASONS}|{_QUARTERS}"
    rf"|(?i:the (?:current )?|this ){_RUNNING}(?! of))"
)
_SHARE = r"(?:the )?(?:first|second|third|fourth|last|final) (?:half|third|quarter)\b"
_WEEK_OF = r"(?:the )?(?:first|second|third|fourth|last|final) week\b"
_PART = (
    r"(?i:(?:the )?(?:(?:very )?(?:end|close|turn|beginning|start|outset|middle|early part|latter part) of "
    rf"|(?:early|mid|late|end|later)(?: in |-| ))|(?:{_SHARE}|{_WEEK_OF}) (?:of|in) )"
)
_YEAR_END = r"(?i:(?:the )?(?:year[’']s end|year-end|year end|end-year|mid-century))"
_YEAR_OUT = r"(?i:the (?:week|month|quarter|year|decade) (?:is out|is over|ends))"
_THE_DAY = r"the \d{1,2}(?:st|nd|rd|th)\b(?! [a-z]+s\b| (?:century|anniversary|round|time|package|year|birthday))"
_CORE = (
    rf"(?:(?<=\bbefore\s){_YEAR_OUT}|(?:{_CLOCK},? (?:on |of )?)?{_PART}?{_WHOLE}|{_PART}?(?i:{_SHARE})|{_YEAR_END}"
    r"|(?i:this time next (?:week|month|year)\b)"
    rf"|(?<=\bby\s)(?:{_CLOCK}|{_THE_DAY})|(?:(?<=\bbefore\s)|(?<=\buntil\s)){_CLOCK}|(?<=\bbefore\s){_THE_DAY})"
)
_LEADS = (
    r"(?:over|in|during) the course of|by no later than|by|no later than|"
    r"not later than|at the latest by|at the latest on|before|prior to|on or before|"
    r"on|in|at|during|from|starting from|starting on|starting in|starting|beginning in|beginning on|beginning|"
    r"effective from|effective|as of|as from|until|till|through|throughout|over|within|between|around|as early as|"
    r"as soon as|for|ahead of|come|up to|to"
)
_AT = rf"(?i:{_LEADS}) (?i:(?:at least|around|about) )?"
_COUNTING = (
    r"(?:the course of )?(?:the )?(?:(?:next|coming|following|ensuing) )?"
    r"(?:(?:about|around|roughly|approximately|some|at most|less than|no more than|up to|as little as|just) )?"
    rf"(?P<low>{_NUMBER})(?: ?(?:to|-|–|or) ?(?P<high>{_NUMBER}))?(?:-| )(?:(?:calendar|working|business|more) )?"
    rf"(?P<unit>{_UNIT})\b(?P<half> and a half)?(?:[’']s? time| time)?"
)
_AFTER_EVENT = r"(?: (?:of|after|following) (?:the |an? |its |their )?[\w-]+)?"
_UNNAMED = re.sub("[?]P<[a-z]+>", "?:", _COUNTING)
# "In over a decade" and "for five years" say how long, not by when.
_IN = r"(?:within|in|(?<!\bin\s)(?<!\bfor\s)(?<!\bof\s)over|during|inside|throughout|for(?= the (?:next|coming)))"
_AHEAD = rf"(?i:{_IN} {_UNNAMED}{_AFTER_EVENT})"
_LONG = (
    r"(?:in|over|during|within|throughout|for|through) (?:the )?(?:next|coming|following) "
    r"(?P<unit>decade|century|fortnight|(?:week|month|year)(?= and a half))(?P<half> and a half)?"
)
_BARE_AHEAD = rf"(?i:{re.sub('[?]P<[a-z]+>', '?:', _LONG)}\b)"
_FROM_NOW = rf"{_NUMBER} {_UNIT} from (?:now|today)"
_VAGUE = (
    r"(?i:(?:as (?:soon|quickly|early|fast|rapidly) as (?:possible|practicable|feasible)"
    r"|at the earliest (?:opportunity|possible date)|in due course|in the (?:near|foreseeable|not too distant) future"
    r"|in the (?:short|medium|long|near) term|without delay|(?:very )?soon|shortly|immediately|imminently|before long"
    r"|(?:in|over|during|within|throughout) (?:the )?(?:next|coming|following) (?:(?:few|several|couple of) )?(?:\w+ )?"
    r"(?:hours|days|weeks|months|years|decades)"
    r"|(?:in|within|over) (?:a few |several |a matter of |a couple of )?(?:hours|days|weeks|months|years)"
    r"(?: to come| ahead)?"
    r"|in the (?:days|weeks|months|years) (?:ahead|to come)"
    rf"|(?:in|by|for|from|during) (?:the )?(?:fiscal|financial)(?: year)? {_YEAR}|(?:in|by|for) FY ?\d\d(?:\d\d)?)\b)"
)
_EVENTS = (
    r"(?i:summit|elections?|meetings?|talks|negotiations|cease-?fire|truce|war|deadline|conference|vote|referendum|session|visit|"
    r"review|assembly|conclusion|ratification|signing|agreement|deal|handover|transition|pandemic|crisis|ballot|inauguration|"
    r"consultations?|holidays?|ramadan|olympics|games|hearing|term|mandate|tenure|presidency)\b"
)
_WHOSE = r"(?:(?:the|an?|its|their|his|her|our|this|next|this week[’']s|next week[’']s) )?"
_BY_EVENT = (
    r"(?i:after|following|before|ahead of|prior to|by the time of|at the end of|at the conclusion of|upon|"
    r"by the end of)"
    rf"(?i: {_WHOSE})"
    rf"(?:[\w’'-]+ ){{0,3}}?{_EVENTS}(?: (?:{_TODAY}|(?:on )?{_NAMED_DAY}))?"
)
_ONE = (
    rf"(?:{_AHEAD}|{_BARE_AHEAD}|(?i:{_FROM_NOW}\b)|{_VAGUE}"
    rf"|(?:(?i:later) )?{_AT}{_CORE}(?: ?(?:-|–|and|or|to|until|through) ?{_CORE})?"
    rf"|{_TODAY}|{_SOON}?{_NEAR}|{_NAMED_DAY}|{_BY_EVENT})"
)
_SECOND = rf"(?:,? (?:and|but|or) (?:{_AT})?(?i:by|before|no later than|not later than) {_CORE})"


def _spaced(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a space stands for a few white-space characters, a line break among them."""
    spaces = {"": r"[ \t\n\xa0]{1,3}", "?": r"[ \t\n\xa0]{0,3}"}
    return re.compile(re.sub(r" (\??)", lambda space: spaces[space[1]], pattern))


_EXPRESSION = _spaced(rf"(?<![\w$€£-]){_ONE}{_SECOND}?(?i:,? at the latest)?(?![\w%]|[’']s\b)")
_NOT_AFTER = re.compile(
    r"(?i)\b(?:last|since|past|previous|every|each|earlier|ago|late|early|time|said|says|told \w+|announced|reported|"
    r"added|warned|stated|tweeted|wrote|confirmed)(?: (?:on|in|late|early))?\s$"
)
_LEAD = re.compile(rf"(?:later )?(?P<at>{_LEADS}|after|following|upon) (?:at least |around |about )?")
_HURRY = re.compile(
    r"^(?:as \w+ as (?:possible|practicable|feasible)|soon|shortly|immediately)"
    r"(?:,? (?:and|but|or))? (?=\w)|^by (?=no later)|,? at the latest$"
)
_HOUR = re.compile(rf"{_CLOCK},? ?(?:on |of )?")
_COUNT = re.compile(rf"(?:(?:within|in|over|during|inside|throughout|for) )?{_COUNTING}(?: from (?:now|today))?")
_LONG_AHEAD = re.compile(_LONG)
# What the units come to, in months and in days.
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_DAYS_OF = {"day": 1, "week": 7, "fortnight": 14}


def find_deadlines(text: str) -> tuple[tuple[int, int], ...]:
    """Find the expressions that can say when an act falls due, with their prepositions, in order.

    Code-point offsets, end excluded. They are candidates: which of them belongs to which act, its grammar tells. The
    day on which something was said, and what is past by its own words ("last week", "since 2014"), are left out.
    """
    found = []
    for match in _EXPRESSION.finditer(text):
        if not _NOT_AFTER.search(text[max(0, match.start() - 30) : match.start()]):
            found.append(match.span())
    return tuple(found)


def resolve_deadline(surface: str, published: datetime.date | None) -> datetime.date | None:
    """Resolve an expression to the last day on which the act falls due.

    "By 2030" and "in 2030" run to the end of that year, "before 2030" to the end of the one before, "from 2030" begins
    on its first day. Weeks end on Sunday. A range counts to its later end. None for what is vague or hangs on an
    event, and for what counts from `published` where that is None.
    """
    words = " ".join(surface[:_MAX_LENGTH].lower().replace("’", "'").split())
    previous = None
    while previous != words:
        previous, words = words, _HURRY.sub("", words, count=1)
    counted = _COUNT.fullmatch(words)
    if counted is not None:
        number = counted["high"] or counted["low"]
        return _count_ahead(number, counted["unit"], published, more=0.5 if counted["half"] else 0)
    long_ahead = _LONG_AHEAD.fullmatch(words)
    if long_ahead is not None:
        return _count_ahead("a", long_ahead["unit"], published, more=0.5 if long_ahead["half"] else 0)
    again = re.fullmatch(r"(?:by )?this time next (week|month|year)", words)
    if again is not None:
        return _count_ahead("a", again[1], published)
    lead = _LEAD.match(words)
    at, core = (lead["at"], words[lead.end() :]) if lead else ("", words)
    hour = _HOUR.match(core)
    core = (core[hour.end() :] or "today") if hour else core
    period = read_period(core, published)
    if period is None or at in ("after", "following", "upon"):
        return None
    if at in ("before", "prior to", "ahead of") and not re.match(r"(?:the )?(?:end|close|year)", core):
        return period.first - datetime.timedelta(days=1)
    starts = at.startswith(("from", "starting", "beginning", "effective", "as of", "as from"))
    whole = read_period(re.split(r" to | and | until |[-–]", core, maxsplit=1)[0], published) if starts else None
    return period.first if starts and whole == period else period.last


def _count_ahead(words: str, unit: str, published: datetime.date | None, *, more: float = 0) -> datetime.date | None:
    """Count hours, days, months or years on from the day of publication, and a part `more` of the unit."""
    read = None if words in ("a", "an") else read_number(tokenise(words), 0)
    number = (read.value if read else 1.0) + more
    unit = unit.removesuffix("s")
    if published is None:
        return None
    try:
        if unit == "hour":
            return published + datetime.timedelta(days=-(-int(number) // 24))
        if unit in _DAYS_OF:
            return published + datetime.timedelta(days=int(number * _DAYS_OF[unit]))
        return add_months(published, int(number * _MONTHS_OF[unit]))
    except (ValueError, OverflowError):
        return None  # Past the last year of the calendar.
