import time

import pytest

from transforms.tagging.amounts import find_amounts


def amounts(text):
    return [(found.amount.surface, found.amount.value, found.amount.unit) for found in find_amounts(text)]


@pytest.mark.parametrize(
    ("text", "surface", "value", "unit"),
    [
        ("will send €2bn in aid", "€2bn", 2e9, "EUR"),
        ("pays $150.2 million", "$150.2 million", 150.2e6, "USD"),
        ("pays 1.5 billion euros", "1.5 billion euros", 1.5e9, "EUR"),
        ("pays US$ 5m", "US$ 5m", 5e6, "USD"),
        ("pays £650,000 now", "£650,000", 650_000, "GBP"),
        ("a loan of A$3bn", "A$3bn", 3e9, "AUD"),
        ("gives Rs 500 crore to", "Rs 500 crore", 5e9, "INR"),
        ("gives ₹5,00,000 to", "₹5,00,000", 500_000, "INR"),
        ("costs EUR 50 billion.", "EUR 50 billion", 5e10, "EUR"),
        ("costs 50 bn EUR.", "50 bn EUR", 5e10, "EUR"),
        ("costs 20 € each", "20 €", 20, "EUR"),
        ("costs 300 million Swedish kronor", "300 million Swedish kronor", 3e8, "SEK"),
        ("costs 40 million Canadian dollars", "40 million Canadian dollars", 4e7, "CAD"),
        ("costs 7 million pesos", "7 million pesos", 7e6, "XXX"),
        ("a $5-billion package", "$5-billion", 5e9, "USD"),
        ("a five-billion-euro package", "five-billion-euro", 5e9, "EUR"),
        ("half a million dollars", "half a million dollars", 5e5, "USD"),
        ("more than two and a half billion dollars", "more than two and a half billion dollars", 2.5e9, "USD"),
        ("1,5 milliards or 1,5 billion euros", "1,5 billion euros", 1.5e9, "EUR"),
        ("up to 20,000 troops", "up to 20,000 troops", 20_000, "troops"),
        ("a further 1 200 soldiers", "1 200 soldiers", 1200, "troops"),
        ("a 5,000-strong force", "5,000-strong", 5000, "troops"),
        ("a 40-member team", "40-member", 40, "people"),
        ("a dozen tanks", "a dozen tanks", 12, "items:tanks"),
        ("two dozen Leopard tanks", "two dozen Leopard tanks", 24, "items:tanks"),
        ("two battalions", "two battalions", 2, "items:battalions"),
        ("five F-16 fighter jets", "five F-16 fighter jets", 5, "items:fighter_jets"),
        ("thirty-one F-16s", "thirty-one F-16s", 31, "items:F-16s"),
        ("one air defence system and", "one air defence system", 1, "items:air_defence_systems"),
        ("100 police officers", "100 police officers", 100, "police"),
        ("12 police stations", "12 police stations", 12, "items:stations"),
        ("half a million doses", "half a million doses", 5e5, "doses"),
        ("200 million vaccine doses", "200 million vaccine doses", 2e8, "doses"),
        ("one hundred and fifty thousand refugees", "one hundred and fifty thousand refugees", 150_000, "people"),
        ("some 900 Kenyan nurses", "some 900 Kenyan nurses", 900, "personnel"),
        ("frees 500 Kenyans", "500 Kenyans", 500, "people"),
        ("by 2%", "2%", 2, "percent"),
        ("spend 2 percent of GDP", "2 percent of GDP", 2, "percent"),
        ("some 0.7 per cent of its national income", "some 0.7 per cent of its national income", 0.7, "percent"),
        ("by three percentage points", "three percentage points", 3, "percentage_points"),
        ("20,000 metric tons of grain", "20,000 metric tons", 20_000, "tonnes"),
        ("500 pounds of explosives", "500 pounds", 500, "lb"),
        ("five million pounds of aid", "five million pounds", 5e6, "GBP"),
        ("400,000 barrels per day", "400,000 barrels per day", 400_000, "bbl/d"),
        ("30 GW of wind", "30 GW", 30, "GW"),
        ("a 600-megawatt plant", "600-megawatt", 600, "MW"),
        ("limit warming to 1.5°C", "1.5°C", 1.5, "°C"),
        ("an extension of up to 10 years", "up to 10 years", 10, "years"),
        ("a ten-year pact", "ten-year", 10, "years"),
        ("10 to 20 million dollars", "10 to 20 million dollars", 1e7, "USD"),
        ("$10 to $20 million", "$10 to $20 million", 1e7, "USD"),
        ("between 5 and 8 per cent", "between 5 and 8 per cent", 5, "percent"),
        ("three or four ships", "three or four ships", 3, "items:ships"),
        ("200-300 troops", "200-300 troops", 200, "troops"),
        ("lower it from 25% to 18%", "from 25% to 18%", 18, "percent"),
    ],
)
def test_amounts(text, surface, value, unit):
    assert amounts(text) == [(surface, pytest.approx(value), unit)]


@pytest.mark.parametrize(
    "text",
    [
        "In 2014 Russian troops came and in 2025 people left.",
        "On 5 May troops left, and on May 20 soldiers came.",
        "Under Article 5 allies help; Resolution 2249 people know.",
        "A 20-year-old man, aged 35, came third at 9:30 p.m.",
        "It was the 17th package, the 2nd round in the 1990s.",
        "Two years ago, three days later, in 10 weeks and within six months.",
        "Call +44 20 7946 0018 before 10 Downing Street.",
        "26 countries will send tanks and one of the soldiers knows.",
        "Dozens of tanks, hundreds of thousands of people and several million dollars.",
        "He sends Leopard 2 tanks. Version 3.2 of the F-16 is a fighter.",
        "They agreed 5-4. Group 7 met.",
    ],
)
def test_what_counts_nothing_is_no_amount(text):
    assert amounts(text) == []


def test_amounts_stand_in_order_and_to_the_letter():
    text = "Rome gives €5m (about $6 million), 20 ambulances and\n300 doctors; 10% more than Oslo."
    assert [surface for surface, _, _ in amounts(text)] == [
        "€5m",
        "about $6 million",
        "20 ambulances",
        "300 doctors",
        "10%",
    ]
    assert all(text[found.start : found.end] == found.amount.surface for found in find_amounts(text))


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,111",
        "1 ",
        "one ",
        "a million ",
        "$",
        "$1 ",
        "no more than ",
        "5 new ",
        "-",
        "1-",
        "hundred and ",
        "A.",
        "and a half ",
    ],
)
def test_time_grows_with_length_alone(piece):
    text = (piece * 100_000)[:100_000]
    begin = time.process_time()
    find_amounts(text)
    assert time.process_time() - begin < 10  # a second or two; minutes where a step is quadratic
