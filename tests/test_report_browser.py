"""The report in a real browser: what a reader sees, presses and hears of it. Skips where there is no Chromium."""

import csv
import dataclasses
import datetime
import re

import pytest

from pipelines.layout import Layout
from schemas.tags import ActorType, Domain, Kind
from tests.browsing import opened
from tests.statements import Statement, add_ledger, add_statements
from warehouse.ledger import make_ledger
from warehouse.report.command import main

LONG = "The " + "Interministerial Commission for the Coordination of Everything " * 5
HOSTILE = "</script><script>window.hit=1</script><img src=x onerror=window.hit=2><!--"
EVIDENCE = "Bob said Borduria 🍵 promised Syldavia 40 trams by May 2090 if the truce holds."


def january(day: int) -> datetime.date:
    return datetime.date(2025, 1, day)


STATEMENTS = [
    Statement(
        EVIDENCE,
        "promised",
        "40 trams",
        whom=("Syldavia",),
        speaker="Bob",
        day=january(20),
        condition="if the truce holds",
        deadline="by May 2090",
        due=datetime.date(2090, 5, 31),
        confidence=0.95,
    ),
    *(
        Statement(
            f"Borduria promised Syldavia {n} boats.", "promised", f"{n} boats", whom=("Syldavia",), day=january(n)
        )
        for n in range(1, 6)
    ),
    *(
        Statement(
            "Syldavia threatened Borduria with fees.", "threatened", "fees", Kind.THREAT, ("Syldavia",), ("Borduria",)
        )
        for _ in range(3)
    ),
    Statement(
        "Zoë Lee refused to attend by 3 March 2020.",
        "refused",
        "attend",
        Kind.REFUSAL,
        ("Zoë Lee",),
        day=january(7),
        due=datetime.date(2020, 3, 3),
        deadline="by 3 March 2020",
        domain=Domain.DIPLOMATIC,
        type=ActorType.PERSON,
        country="NOR",
        confidence=0.4,
    ),
    Statement("Norway offered fish.", "offered", "fish", Kind.OFFER, ("Norway",), day=None, country="NOR"),
]
STRANGE = [
    Statement(
        HOSTILE, "script", HOSTILE, who=(HOSTILE,), whom=(HOSTILE,), title=HOSTILE, url="javascript:window.hit=3"
    ),
    Statement("وعدت بورדوريا بالشاي.", "وعدت", "بالشاي", who=("بوردوريا",), title="\u202egnp.exe"),
    Statement(f"{LONG} refused tea.", "refused", "tea", Kind.REFUSAL, (LONG[:300],), ("A" * 300,), source="S" * 300),
    Statement("W" * 900 + " promised tea.", "promised", "tea", title=None, source=None),
    Statement("Harm was threatened.", "threatened", "Harm", Kind.THREAT, (), day=None),
    Statement("=1+1 promised tea.", "promised", "tea", who=("=1+1",), title="@SUM(A1)"),
]


def write_report(folder, statements, *options):
    if statements:
        add_statements(folder / "warehouse", *statements)
    (folder / "warehouse/articles").mkdir(parents=True, exist_ok=True)
    assert main([str(folder / "warehouse"), "--html", str(folder / "report.html"), *options]) == 0
    return folder / "report.html"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return write_report(tmp_path_factory.mktemp("report"), STATEMENTS)


@pytest.fixture(scope="module")
def strange(tmp_path_factory):
    return write_report(tmp_path_factory.mktemp("strange"), STRANGE, "--title", HOSTILE)


@pytest.fixture
def view(chromium, report):
    with opened(chromium, report) as view:
        yield view
        assert not view.errors
        assert not view.requests


def showing(view):
    return view.texts("#showing")[0]


def heights(view):
    """Add up what the columns of the timeline say."""
    said = view.page.locator("#timeline .bin").evaluate_all("bins => bins.map(bin => bin.getAttribute('aria-label'))")
    return sum(int(number) for label in said for number in re.findall(r": (\d+) commitment", label))


def test_charts_are_drawn(view):
    assert heights(view) == len(STATEMENTS) - 1
    assert "1 commitment without a date is not in this chart" in view.texts("#timeline-hint")[0]
    assert view.page.locator("#timeline rect.k-pledge").first.bounding_box()["height"] > 20
    assert view.texts("#matrix tbody tr") == ["Borduria 6 none", "Syldavia none 3"]
    assert view.texts("#actors tbody th") == ["Borduria", "Syldavia", "Zoë Lee", "Norway"]
    bars = view.page.locator("#actors .bar").evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().width)")
    assert bars[0] == pytest.approx(2 * bars[1], rel=0.05)
    assert view.texts("#domains tbody td.number") == ["10", "1"]
    assert view.texts("#kind-bars .number") == ["6 55%", "1 9%", "0 0%", "0 0%", "1 9%", "0 0%", "3 27%"]


def test_figures_and_their_sentence_say_the_same(view):
    figures = dict(zip(view.texts("#figures dt"), view.texts("#figures dd:not(.aside)"), strict=True))
    assert figures == {
        "commitments": "11",
        "actors bound": "4",
        "adverse": "4",
        "with a condition": "1",
        "deadlines ahead": "1",
        "articles": "11",
    }
    assert view.texts("#figures dd.aside")[0] == "9 different statements"
    lede = view.texts("#lede")[0]
    assert lede.startswith("11 commitments from 1 Jan 2025 to 4 Sept 2025. Pledges lead with 55%. Borduria is the most")


def test_lists_show_what_is_new_repeated_conditional_and_due(view):
    assert view.texts("#newest .act")[:2] == ["threatened Borduria with fees", "promised Syldavia 40 trams"]
    assert view.texts("#repeated .when") == ["3 articles, since 4 Sept 2025"]
    assert view.texts("#conditions .told") == ["if the truce holds"]
    assert view.texts("#due .act") == ["promised Syldavia 40 trams"]
    view.page.get_by_role("button", name="Past (1)").click()
    assert view.texts("#due .act") == ["refused to attend"]
    assert view.fragment() == "due=past"


def test_kinds_filter_everything(view):
    view.page.get_by_role("button", name="Threat 3").click()
    assert showing(view) == "3 of 11 commitments"
    assert set(view.texts("#table .col-kind .badge")) == {"Threat"}
    assert heights(view) == 3
    assert view.texts("#matrix tbody tr") == ["Syldavia 3"]
    assert view.texts("#actors tbody th") == ["Syldavia"]
    assert view.fragment() == "kinds=threat"
    assert view.page.evaluate("document.activeElement.dataset.kind") == "threat"
    view.page.get_by_role("button", name="Clear all").click()
    assert (showing(view), view.fragment()) == ("All 11 commitments", "")


def test_search_finds_words_wherever_they_stand(view):
    cases = {"zoe": 1, "BOATS borduria": 5, "invented wire": 11, "trams boats": 0, "bob": 1, "fee": 3}
    found = {}
    for words in cases:
        view.page.get_by_label("Search").fill(words)
        view.page.wait_for_function("words => location.hash.includes(words)", arg=f"q={words.split()[0]}")
        assert showing(view).startswith(f"{cases[words]} of" if cases[words] < len(STATEMENTS) else "All")
        found[words] = view.page.locator("#table tbody tr").count()
    assert found == cases


def test_filters_by_actor_domain_and_day(view):
    view.page.get_by_label("Who", exact=True).fill("Borduria")
    view.page.wait_for_function("() => location.hash.includes('who=')")
    assert showing(view) == "6 of 11 commitments"
    view.page.get_by_label("From").fill("2025-01-03")
    view.page.get_by_label("Until").fill("2025-01-05")
    assert sorted(view.texts("#table td.col-act .act")) == [f"promised Syldavia {n} boats" for n in (3, 4, 5)]
    view.page.get_by_role("button", name="Clear all").click()
    view.page.locator("[name=domain]").select_option("diplomatic")
    assert view.texts("#table td.col-who") == ["Zoë Lee"]


def test_names_are_suggested(view):
    view.page.get_by_label("To whom", exact=True).fill("bord")
    options = view.page.locator("#whom-names option").evaluate_all("options => options.map(option => option.value)")
    assert options == ["Borduria"]


def test_a_cell_of_the_matrix_filters_by_its_pair(view):
    view.page.get_by_role("button", name="Syldavia to Borduria: 3 commitments: 3 threats").first.click()
    assert showing(view) == "3 of 11 commitments"
    assert view.fragment() == "who=Syldavia&whom=Borduria"


@pytest.mark.parametrize("place", ["matrix", "actors", "domains", "due-switch", "timeline"])
def test_what_was_pressed_keeps_the_focus(view, place):
    pressed = view.page.locator(f"#{place}").get_by_role("button").first
    name = pressed.evaluate("node => node.getAttribute('aria-label') ?? node.textContent")
    pressed.focus()
    view.page.keyboard.press("Enter")
    now = view.page.evaluate(
        "([node]) => [node.closest('section [id]').id, node.getAttribute('aria-label') ?? node.textContent]",
        [view.page.evaluate_handle("document.activeElement")],
    )
    # The column that was chosen is cut into finer ones.
    assert now == [place, "1 Jan 2025: 1 commitment: 1 pledge" if place == "timeline" else name]


def test_people_can_be_counted_as_their_state(view):
    view.page.get_by_label("People and bodies as their state").check()
    assert view.texts("#actors tbody tr")[2] == "Norway 1 offer, 1 refusal 2"
    view.page.locator("#actors").get_by_role("button", name="Norway").click()
    assert sorted(view.texts("#table td.col-who")) == ["Norway", "Zoë Lee"]


def test_rows_are_sorted_and_what_is_unknown_comes_last(view):
    dates = view.texts("#table td.col-date")
    assert (dates[0], dates[-1]) == ("4 Sept 2025", "no date")
    head = view.page.get_by_role("columnheader", name="Date")
    assert head.get_attribute("aria-sort") == "descending"
    head.get_by_role("button").press("Enter")
    dates = view.texts("#table td.col-date")
    assert (dates[0], dates[-1]) == ("1 Jan 2025", "no date")
    assert head.get_attribute("aria-sort") == "ascending"
    view.page.get_by_role("columnheader", name="Confidence").get_by_role("button").click()
    assert view.texts("#table td.col-confidence")[0::10] == ["95%", "40%"]
    assert view.fragment() == "sort=-confidence"


def test_evidence_opens_with_its_parts_marked(view):
    view.page.get_by_role("button", name="40 trams").last.click()
    sheet = view.page.get_by_role("dialog")
    assert sheet.locator("blockquote").inner_text() == EVIDENCE
    marked = {name: view.texts(f"blockquote .m-{name}") for name in ("who", "whom", "speaker", "trigger", "action")}
    assert marked == {
        "who": ["Borduria"],
        "whom": ["Syldavia"],
        "speaker": ["Bob"],
        "trigger": ["promised"],
        "action": ["40 trams"],
    }
    assert view.texts("blockquote .m-condition") == ["if the truce holds"]
    assert view.texts("blockquote .m-deadline") == ["by May 2090"]
    link = sheet.get_by_role("link", name="The wire")
    assert link.get_attribute("href") == "https://wire.example/0"
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert "95%" in sheet.inner_text() and "Invented Wire" in sheet.inner_text()


def test_evidence_is_left_by_keyboard_and_gives_the_focus_back(view):
    opener = view.page.locator("#table .open").nth(2)
    opener.press("Enter")
    assert view.page.evaluate("document.activeElement.id") == "evidence-close"
    view.page.keyboard.press("Escape")
    assert view.page.get_by_role("dialog").count() == 0
    assert opener.evaluate("node => node === document.activeElement")
    assert view.fragment() == ""


def test_one_can_step_from_row_to_row(view):
    view.page.locator("#table .open").first.click()
    assert view.page.get_by_role("button", name="← Previous").is_disabled()
    view.page.get_by_role("button", name="Next →").press("Enter")
    view.page.get_by_role("button", name="Next →").press("Enter")
    view.page.get_by_role("button", name="Next →").press("Enter")
    assert view.texts("blockquote") == [EVIDENCE]


def test_the_other_articles_of_a_statement_are_named(view):
    view.page.locator("#repeated .open").click()
    assert len(view.texts("#evidence .facts li a")) == 2


def test_without_a_ledger_nothing_is_said_of_histories(view):
    assert not view.page.locator("#histories-panel").is_visible()
    view.page.locator("#table .open").first.click()
    assert view.page.locator(".history").count() == 0


def test_histories_of_pledges_are_told(chromium, tmp_path):
    add_statements(tmp_path / "warehouse", *STATEMENTS)
    grown = ((1, "first_stated", "pledge"), (2, "restated", "pledge"), (5, "strengthened", "allocation"))
    add_ledger(tmp_path / "warehouse", grown, ((6, "first_stated", "pledge"), (-1, "restated", "pledge")))
    with opened(chromium, write_report(tmp_path, [])) as view:
        assert view.texts("#histories .when") == ["Strengthened 5 Jan 2025", "1 statement"]
        assert view.texts("#histories .hint") == ["1 statement of it is not on this page."]
        assert view.texts("#histories li:first-child .dot .hidden")[2] == "Strengthened, 5 Jan 2025;"
        view.page.get_by_role("button", name="Threat 3").click()
        assert view.texts("#histories .when") == ["1 statement"]
        view.page.get_by_role("button", name="Clear all").click()
        view.page.locator("#histories .open").first.click()
        assert view.texts(".history .event") == ["● First stated", "○ Restated", "▲ Strengthened"]
        assert view.texts(".history [aria-current] bdi") == ["promised Syldavia 5 boats"]
        assert view.texts(".ladder .reached") == ["Pledge", "Commitment", "Allocation"]
        view.page.locator(".history .open").first.click()
        assert view.texts("blockquote") == ["Borduria promised Syldavia 1 boats."]
        assert not view.errors


def test_the_address_brings_the_view_back(chromium, report, view):
    view.page.get_by_role("button", name="Pledge 6").click()
    view.page.get_by_role("columnheader", name="To whom").get_by_role("button").click()
    view.page.locator("#table .open").last.click()
    with opened(chromium, report, fragment=view.page.evaluate("location.hash")) as other:
        assert other.texts("blockquote") == view.texts("blockquote")
        other.page.keyboard.press("Escape")
        assert other.texts("#table tbody tr") == view.texts("#table tbody tr")
        assert showing(other) == "6 of 11 commitments"


@pytest.mark.parametrize(
    "fragment", ["#kinds=none&from=soon&sort=toString&page=-3&open=zz", "#%E0%A4%A", "#open=0123456789"]
)
def test_a_broken_address_is_a_blank_one(chromium, report, fragment):
    with opened(chromium, report, fragment=fragment) as view:
        assert showing(view) == "All 11 commitments"
        assert not view.errors


def test_the_timeline_is_walked_by_keyboard(view):
    page = view.page
    page.locator("#timeline .bin[tabindex='0']").focus()
    page.keyboard.press("End")
    assert "3 threats" in view.texts("#timeline-readout")[0]
    assert page.locator("#timeline .bin[tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    assert showing(view) == "3 of 11 commitments"


def test_the_timeline_can_be_read_as_a_table(view):
    view.page.get_by_text("Figures as a table").click()
    rows = view.texts("#timeline-table tbody tr")
    assert sum(int(row.split()[-1]) for row in rows) == len(STATEMENTS) - 1


def test_the_first_stop_leads_to_the_list(view):
    view.page.keyboard.press("Tab")
    view.page.keyboard.press("Enter")
    assert view.page.evaluate("document.activeElement.id") == "commitments"
    assert view.fragment() == ""


def test_everything_has_a_name_for_who_cannot_see_it(view):
    view.page.locator("#table .open").first.click()
    nameless = view.page.evaluate("""() => [
        ...[...document.querySelectorAll('button, a')]
            .filter(node => !(node.getAttribute('aria-label') || node.textContent.trim())),
        ...[...document.querySelectorAll('table')].filter(node => !node.caption || !node.caption.textContent.trim()),
        ...[...document.querySelectorAll('input, select')].filter(node => !node.labels.length),
        ...[...document.querySelectorAll('section')].filter(node => !node.ariaLabelledByElements && !node.ariaLabel),
    ].map(node => node.outerHTML.slice(0, 200))""")
    assert not nameless
    levels = view.page.locator("h1, h2, h3").evaluate_all("nodes => nodes.map(node => node.tagName)")
    assert levels[0] == "H1" and set(levels[1:]) == {"H2"}
    assert view.page.locator("main, header.masthead, form[role=search], footer").count() == 4
    assert view.page.locator("#showing").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_follow_the_system_until_the_reader_chooses(chromium, report, scheme):
    brightness = "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).reduce((a, b) => a + +b, 0) / 3"
    with opened(chromium, report, color_scheme=scheme) as view:
        assert (view.page.evaluate(brightness) > 128) == (scheme == "light")
        view.page.get_by_role("button", name="Dark").click()
        assert (view.page.evaluate(brightness) > 128) == (scheme == "dark")
        chosen = view.page.evaluate("localStorage.getItem('pledgeline-theme')")
        # As it would be at the next visit; a reload at once can come before Chromium has written it down.
        view.page.add_init_script(f"localStorage.setItem('pledgeline-theme', '{chosen}')")
        view.page.reload()
        view.page.wait_for_selector("html[data-ready]")
        assert (view.page.evaluate(brightness) > 128) == (scheme == "dark")


# Every ground that the style sheet mixes, with the text on it, as the browser makes them: [class, contrast].
CONTRASTS = """() => {
    const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const brightness = (colour, under) => {
        for (const paint of [under, colour]) { pen.fillStyle = paint; pen.fillRect(0, 0, 1, 1); }
        const linear = [...pen.getImageData(0, 0, 1, 1).data].map((value) => value / 255)
            .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const panel = document.querySelector('.panel'), kinds = document.querySelectorAll('.chip');
    const classes = [...kinds].map((chip) => chip.classList[1])
        .flatMap((kind) => ['m-trigger', 'm-action', 'chip'].map((name) => `${name} ${kind}`));
    for (let stance = 0; stance < 5; stance++)
        for (let level = 1; level < 5; level++) classes.push(`cell stance-${stance} level-${level}`);
    return classes.map((name) => {
        const node = document.createElement('mark'), under = getComputedStyle(panel).backgroundColor;
        node.className = name;
        node.setAttribute('aria-pressed', 'true');
        panel.append(node);
        const style = getComputedStyle(node);
        const ground = brightness(style.backgroundColor, under), ink = brightness(style.color, under);
        return [name, (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05)];
    });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_on_every_ground(chromium, report, scheme):
    with opened(chromium, report, color_scheme=scheme) as view:
        contrasts = view.page.evaluate(CONTRASTS)
    assert len(contrasts) == 3 * len(Kind) + 20
    assert not [(name, contrast) for name, contrast in contrasts if contrast < 4.5]


@pytest.mark.parametrize("width", [320, 1000])
@pytest.mark.parametrize("name", ["report", "strange"])
def test_nothing_sticks_out_of_the_page(chromium, request, name, width):
    with opened(chromium, request.getfixturevalue(name), width=width) as view:
        assert view.page.evaluate("document.documentElement.scrollWidth") <= width
        view.page.locator("#table .open").first.click()
        assert view.page.locator("#evidence").evaluate("node => node.scrollWidth - node.clientWidth") <= 0


def test_on_a_phone_pairs_are_lines_and_filters_fold(chromium, report):
    with opened(chromium, report, width=390) as view:
        assert not view.page.locator(".matrix-wide").is_visible()
        assert len(view.texts(".pairs li")) == 2
        assert not view.page.locator("[name=domain]").is_visible()
        view.page.get_by_role("button", name="Filters").click()
        assert view.page.locator("[name=domain]").is_visible()


def test_hostile_words_stay_words(chromium, strange):
    with opened(chromium, strange) as view:
        view.page.wait_for_function("() => document.title.startsWith('</script>')")
        for opener in range(view.page.locator("#table .open").count()):
            view.page.locator("#table .open").nth(opener).click()
            assert view.page.locator("#evidence a[href^=javascript]").count() == 0
            view.page.keyboard.press("Escape")
        assert view.page.evaluate("window.hit") is None
        assert view.page.locator("img, iframe, object, embed").count() == 0
        assert view.page.locator("script").count() == 2
        assert HOSTILE in view.texts("#table td.col-who")
        assert "gnp.exe" not in view.page.locator("body").inner_text() or "\u202e" not in view.page.content()
        assert not view.errors
        assert not view.requests


def test_the_policy_stops_what_the_page_would_not_do(chromium, report):
    with opened(chromium, report) as view:
        tries = view.page.evaluate("""async () => {
            const told = async (action) => {
                try { await action(); return 'ran'; } catch (error) { return error.name; }
            };
            // Behind the call of the test itself, which the policy does not bind.
            await new Promise((resolve) => setTimeout(resolve));
            return [
                await told(() => eval('1')), await told(() => { document.body.innerHTML = '<b>x</b>'; }),
                await told(() => fetch('http://127.0.0.1:9/')),
            ];
        }""")
    assert tries == ["EvalError", "TypeError", "TypeError"]
    assert not view.requests


def test_the_list_is_given_as_csv_without_formulae(chromium, strange, tmp_path):
    with opened(chromium, strange, accept_downloads=True) as view:
        with view.page.expect_download() as download:
            view.page.get_by_role("button", name="Download as CSV").click()
        download.value.save_as(tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(STRANGE)
    assert {row["actors"] for row in rows} >= {"'=1+1", HOSTILE}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_an_empty_warehouse_is_told_as_such(chromium, tmp_path):
    with opened(chromium, write_report(tmp_path, [])) as view:
        assert view.texts("#lede") == ["There are no commitments here yet."]
        assert not view.errors


@pytest.mark.parametrize("statement", [STATEMENTS[0], STATEMENTS[-1]], ids=["full", "bare"])
def test_one_row_is_enough(chromium, tmp_path, statement):
    with opened(chromium, write_report(tmp_path, [statement])) as view:
        assert view.page.locator("#table tbody tr").count() == 1
        view.page.locator("#table .open").click()
        assert view.texts("blockquote") == [statement.sentence]
        assert not view.errors


def test_counts_are_there_without_scripts(chromium, report):
    with opened(chromium, report, java_script_enabled=False) as view:
        assert view.texts("noscript tbody tr")[:2] == ["pledge 6", "threat 3"]


def test_on_paper_there_is_nothing_to_press(chromium, report):
    with opened(chromium, report) as view:
        view.page.emulate_media(media="print")
        assert not view.page.locator("#filters").is_visible()
        assert not view.page.locator("#download").is_visible()
        assert view.page.locator("#timeline svg").is_visible()
        view.page.emulate_media(media="screen")
        view.page.locator("#table .open").first.click()
        view.page.emulate_media(media="print")
        assert not view.page.locator("#main").is_visible()
        assert view.page.locator("#evidence blockquote").is_visible()


def test_pages_of_the_table_are_turned(chromium, tmp_path):
    many = [Statement(f"Borduria promised {n} boats.", "promised", f"{n} boats") for n in range(120)]
    with opened(chromium, write_report(tmp_path, many)) as view:
        assert "1 to 50 of 120" in view.texts("#table caption")[0]
        view.page.get_by_role("button", name="Next →").click()
        view.page.get_by_role("button", name="Next →").click()
        assert view.page.locator("#table tbody tr").count() == 20
        assert view.fragment() == "page=3"
        view.page.get_by_role("button", name="Show more (24)").click()
        assert len(view.texts("#newest .item")) == 30


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """An offer that became a pledge and was taken back, and a pledge that was stated once."""
    folder = tmp_path_factory.mktemp("told")
    statements = [
        Statement("Borduria offered Syldavia 40 trams.", "offered", "40 trams", Kind.OFFER, whom=("Syldavia",)),
        Statement("Borduria promised Syldavia 40 trams.", "promised", "40 trams", whom=("Syldavia",)),
        Statement("Borduria withdrew 40 trams.", "withdrew", "40 trams", Kind.WITHDRAWAL, whom=("Syldavia",)),
        Statement("Norway promised fish.", "promised", "fish", who=("Norway",)),
    ]
    dated = [dataclasses.replace(statement, day=january(day)) for day, statement in enumerate(statements, 1)]
    add_statements(folder / "warehouse", *dated)
    Layout(folder / "warehouse").create()
    make_ledger(Layout(folder / "warehouse"), min_confidence=0, workers=1, lock_timeout=1, stall_timeout=60)
    assert main([str(folder / "warehouse"), "--html", str(folder / "report.html")]) == 0
    return folder / "report.html"


def test_pledges_show_how_they_developed(chromium, told):
    with opened(chromium, told) as view:
        assert view.page.locator("#histories > ul > li").count() == 1
        assert "Withdrawn 3 Jan 2025" in view.page.locator("#histories").inner_text()
        view.page.locator("#histories .open").first.click()
        sheet = view.page.get_by_role("dialog")
        assert [line.split("\n")[0] for line in sheet.locator(".history li").all_inner_texts()] == [
            "● First stated", "▲ Strengthened", "✕ Withdrawn",
        ]  # fmt: skip
        sheet.locator(".history .open").first.click()
        assert sheet.locator("blockquote").inner_text() == "Borduria offered Syldavia 40 trams."
        assert not view.errors


def test_without_a_ledger_nothing_is_said_of_how_pledges_developed(view):
    assert view.page.locator("#histories-panel").is_hidden()
