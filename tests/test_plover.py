import time

import pytest

from schemas.tags import Domain, Kind
from transforms.tagging.lexicon import read_table, split_cell
from transforms.tagging.plover import code_event, domain_of


def modes():
    return {row["event"]: split_cell(row["modes"]) for row in read_table("plover_modes")}


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("send twenty tanks and artillery ammunition", Domain.MILITARY),
        ("contribute 400 troops to a peacekeeping force", Domain.PEACEKEEPING),
        ("deliver tents and food to victims of the flood", Domain.HUMANITARIAN),
        ("lend the government two billion euros to service its debt", Domain.FINANCIAL),
        ("cut import duties on farm goods", Domain.TRADE),
        ("freeze the assets of nine officials under new sanctions", Domain.SANCTIONS),
        ("build two nuclear power plants and a gas pipeline", Domain.ENERGY),
        ("cut greenhouse gas emissions by half", Domain.CLIMATE),
        ("hold talks with the foreign minister", Domain.DIPLOMATIC),
        ("bring a bill on corruption before the courts", Domain.LEGAL),
        ("take in 3,000 refugees and asylum seekers", Domain.MIGRATION),
        ("donate five million doses of vaccine", Domain.HEALTH),
        ("call it a museum", Domain.OTHER),
        ("", Domain.OTHER),
    ],
)
def test_domain(text, domain):
    assert domain_of(text) is domain


def test_context_decides_only_where_the_act_tells_nothing():
    assert domain_of("do so", "The navy will do so with warships.") is Domain.MILITARY
    assert domain_of("hold talks", "The navy will hold talks on warships.") is Domain.DIPLOMATIC


@pytest.mark.parametrize(
    ("kind", "action", "event", "mode", "cameo"),
    [
        ("pledge", "send 3,000 troops to reassure its ally", "AGREE", None, "0334"),
        ("pledge", "deploy fighter jets to protect the skies of its neighbour", "AGREE", None, "0334"),
        ("pledge", "give €2bn in loans", "AGREE", None, "0331"),
        ("pledge", "provide air defence missiles", "AGREE", None, "0332"),
        ("pledge", "send tents to the victims of the earthquake", "AGREE", None, "0333"),
        ("pledge", "continue to train soldiers", "AID", None, "072"),
        ("pledge", "continue to stand by the people", "SUPPORT", None, "050"),
        ("pledge", "release forty prisoners", "AGREE", None, "0353"),
        ("offer", "hold talks with its neighbour", "AGREE", None, "036"),
        ("offer", "host a meeting between the two sides", "AGREE", None, "039"),
        ("offer", "mediate in the dispute", "AGREE", None, "039"),
        ("agreement", "lift sanctions on oil", "AGREE", None, "0354"),
        ("agreement", "hold joint military exercises", "AGREE", None, "0312"),
        ("agreement", "a cease-fire", "AGREE", None, "0356"),
        ("proposal", "meet in May", "CONSULT", None, "026"),
        ("proposal", "a joint fund to pay for the reconstruction", "REQUEST", "assist", "0231"),
        ("refusal", "send ground troops", "REJECT", "assist", "1224"),
        ("refusal", "lift sanctions", "REJECT", "yield", "1244"),
        ("refusal", "return to the talks", "REJECT", "meet", "125"),
        ("refusal", "the peace plan", "REJECT", "meet", "127"),
        ("refusal", "step down", "REJECT", "change", "1231"),
        ("refusal", "free the hostages", "REJECT", "yield", "1243"),
        ("refusal", "the demand", "REJECT", None, "120"),
        ("withdrawal", "withdraw its troops from the north", "RETREAT", "withdraw", "087"),
        ("withdrawal", "suspend aid", "REJECT", "assist", "162"),
        ("withdrawal", "leave the treaty", "REJECT", None, "160"),
        ("threat", "strike targets inside the country", "THREATEN", "violence", "1384"),
        ("threat", "use nuclear weapons", "THREATEN", "violence", "1385"),
        ("threat", "impose tariffs on steel", "THREATEN", "restrict", "1312"),
        ("threat", "cut gas supplies", "THREATEN", "relations", "1311"),
        ("threat", "break off relations", "THREATEN", "relations", "1313"),
        ("threat", "annex the valley", "THREATEN", "territory", "1382"),
        ("threat", "arrest the leaders of the march", "THREATEN", "arrest", "132"),
        ("threat", "send troops across the border", "THREATEN", "violence", "138"),
        ("threat", "do whatever it takes", "THREATEN", None, "130"),
    ],
)
def test_code(kind, action, event, mode, cameo):
    code = code_event(Kind(kind), action, domain_of(action), False)
    assert (code.event, code.mode, code.cameo) == (event, mode, cameo)


def test_leaving_under_a_condition_is_a_threat_save_for_troops():
    assert code_event(Kind.WITHDRAWAL, "leave the treaty", Domain.DIPLOMATIC, True).event == "THREATEN"
    assert code_event(Kind.WITHDRAWAL, "withdraw its troops", Domain.MILITARY, True).event == "RETREAT"


def test_triggers_that_say_more_than_a_kind():
    assert code_event(Kind.REFUSAL, "the resolution", Domain.DIPLOMATIC, False, trigger="vetoed").cameo == "129"
    assert code_event(Kind.AGREEMENT, "a trade pact", Domain.TRADE, False, trigger="signed").cameo == "057"


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("domain", list(Domain))
def test_every_kind_and_domain_has_a_code(kind, domain):
    assert code_event(kind, "xyz", domain, False).event in modes()


def test_every_row_has_a_mode_that_its_event_admits():
    for row in read_table("plover"):
        assert row["mode"] in ("", *modes()[row["event"]]), row
        assert row["cameo"].isdecimal() or row["cameo"] == "", row
        assert all(Kind(kind) for kind in split_cell(row["kind"]))
        assert all(domain == "*" or Domain(domain) for domain in split_cell(row["domain"]))


def test_every_act_of_a_row_has_a_pattern():
    acts = {row["act"] for row in read_table("plover_acts")}
    assert {row["act"] for row in read_table("plover")} <= acts | {"*"}


def test_every_domain_but_other_has_a_vocabulary():
    assert {row["domain"] for row in read_table("domains")} == set(Domain) - {Domain.OTHER}


@pytest.mark.parametrize("piece", ["a", "send ", "troops ", "stop ", "withdraw aid ", "-", "nuclear ", "\n"])
def test_time_does_not_grow_with_what_stands_past_a_clause(piece):
    text = (piece * 100_000)[:100_000]
    begin = time.process_time()
    for kind in Kind:
        code_event(kind, text, domain_of(text, text), True)
    assert time.process_time() - begin < 5  # a few milliseconds; minutes where a step is quadratic
