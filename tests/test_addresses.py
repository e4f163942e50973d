"""Which addresses may be asked, by their form and by where their names lead."""

import ipaddress
import json
import socket
import threading

import pytest

from pipelines import check
from pipelines.cli import main
from schemas.rejects import DnsFailed, ForbiddenAddress, Rejected, TimedOut
from transforms.fetching.addresses import vet_url
from transforms.fetching.names import find_addresses
from transforms.fetching.networks import DEFAULT_PORTS, Rules, private_networks, unwrap

PUBLIC = Rules()
PRIVATE = Rules(private_networks())


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("HTTPS://EXAMPLE.ORG", "https://example.org/"),
        ("http://example.org?q=1#part", "http://example.org/?q=1"),
        ("http://example.org./a", "http://example.org/a"),
        ("http://example.org:/a", "http://example.org/a"),
        ("http://example.org:0080/a", "http://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://münchen.de/", "https://xn--mnchen-3ya.de/"),
        ("https://m%C3%BCnchen.de/", "https://xn--mnchen-3ya.de/"),
        ("https://xn--mnchen-3ya.de/", "https://xn--mnchen-3ya.de/"),
        ("https://ｅxample。org/", "https://example.org/"),
        ("https://☃.net/", "https://xn--n3h.net/"),
        ("https://xn--n3h.net/", "https://xn--n3h.net/"),
        ("https://пример.рф/новости", "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"),
        ("http://my_host.example.org/", "http://my_host.example.org/"),
        ("http://r3---sn.example.org/", "http://r3---sn.example.org/"),
        ("http://example.org/@user?mail=a@b.org", "http://example.org/@user?mail=a@b.org"),
        ("http://example.org/a%2Fb/%zz c?x=100%", "http://example.org/a%2Fb/%25zz%20c?x=100%25"),
        ("http://example.org/" + "a" * 3000, "http://example.org/" + "a" * 3000),
        ("  http://example.org/ ", "http://example.org/"),
        ("feed://example.org/rss", "http://example.org/rss"),
        ("feed://example.org:443/rss", "https://example.org/rss"),
        ("feed:https://example.org/rss", "https://example.org/rss"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://134744072/", "http://8.8.8.8/"),
        ("http://[2606:4700::1111]:8080/a", "http://[2606:4700::1111]:8080/a"),
        ("http://[::ffff:8.8.8.8]/", "http://[::ffff:808:808]/"),
        ("http://172.32.0.1/", "http://172.32.0.1/"),
        ("https://[2001:4860:4860::8888]/", "https://[2001:4860:4860::8888]/"),
        ("https://example.org/<a>|b?url=http://127.0.0.1/", "https://example.org/%3Ca%3E%7Cb?url=http://127.0.0.1/"),
        ("http://0xdeadbeef.example.org/", "http://0xdeadbeef.example.org/"),
        ("http://localhost.example.org/", "http://localhost.example.org/"),
    ],
)
def test_public_addresses_are_read_into_one_form(url, normal):
    assert vet_url(url, PUBLIC).url == normal
    assert vet_url(normal, PUBLIC).url == normal


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1.:80/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0x7F000001/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://010.8.8.8/",
        "http://127.1/",
        "http://0/",
        "http://0x/",
        "http://①②⑦.⓪.⓪.①/",
        "http://127。0。0。1/",
        "http://１２７．０．０．１/",
        "http://10.1.2.3/",
        "http://172.31.255.255/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://100.100.100.200/",
        "http://168.63.129.16/",
        "http://169.254.169.254/latest/meta-data/",
        "http://192.0.0.192/",
        "http://192.0.2.1/",
        "http://192.88.99.1/",
        "http://198.19.255.255/",
        "http://198.51.100.1/",
        "http://203.0.113.1/",
        "http://224.0.0.1/",
        "http://240.0.0.1/",
        "http://255.255.255.255/",
        "http://[::]/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a00:1]/",
        "http://[::127.0.0.1]/",
        "http://[::8.8.8.8]/",
        "http://[64:ff9b::169.254.169.254]/",
        "http://[64:ff9b:1::8.8.8.8]/",
        "http://[100::1]/",
        "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
        "http://[2001:db8::1]/",
        "http://[2002:7f00:1::]/",
        "http://[3fff::1]/",
        "http://[4000::1]/",
        "http://[5f00::1]/",
        "http://[fd00:ec2::254]/",
        "http://[fe80::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
        "http://localhost/",
        "http://LOCALHOST.:8080/",
        "http://ｌocalhost/",
        "http://any.localhost/",
        "http://localhost.localdomain/",
        "http://printer.local/",
        "http://router.lan/",
        "http://nas.home.arpa/",
        "http://intranet/",
        "http://metadata/",
        "http://metadata.google.internal/",
        "http://metadata.goog/",
        "http://kubernetes.default.svc/",
        "http://0251.0376.0251.0376/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://127.0.0.1.nip.io/",
        "http://example.org:22/",
        "http://example.org:6379/",
    ],
)
def test_addresses_that_are_not_public_are_forbidden(url):
    with pytest.raises(ForbiddenAddress):
        vet_url(url, PUBLIC)


@pytest.mark.parametrize(
    ("reason", "url"),
    [
        ("url_invalid", ""),
        ("url_invalid", "example.org"),
        ("url_invalid", "//example.org/"),
        ("url_invalid", "/etc/passwd"),
        ("url_invalid", "http:example.org"),
        ("url_invalid", "http:///example.org"),
        ("url_invalid", "http://:80/"),
        ("url_invalid", "http://./"),
        ("url_invalid", "http://user:secret@example.org/"),
        ("url_invalid", "http://user@example.org/"),
        ("url_invalid", "http://@example.org/"),
        ("url_invalid", "http://example.org@127.0.0.1/"),
        ("url_invalid", "http://127.0.0.1%2f@example.org/"),
        ("url_invalid", "http://example.org\\@127.0.0.1/"),
        ("url_invalid", "http://example.org/a\\b"),
        ("url_invalid", "http://example.org/\r\nHost: other.org"),
        ("url_invalid", "http://exam\tple.org/"),
        ("url_invalid", "http://example.org/%0d%0aHost:%20other.org"),
        ("url_invalid", "http://example.org/?q=%00"),
        ("url_invalid", "http://example.org/\x00"),
        ("url_invalid", "http://example.org/\x85"),
        ("url_invalid", "http://example.org/\ud800"),
        ("url_invalid", "\x01http://example.org/"),
        ("url_invalid", "http://exam ple.org/"),
        ("url_invalid", "http://example.org%00.net/"),
        ("url_invalid", "http://%31%32%37.0.0.1/"),
        ("url_invalid", "http://example%2eorg/"),
        ("url_invalid", "http://example.org%FF/"),
        ("url_invalid", "http://example\u202e.org/"),
        ("url_invalid", "http://example.org／a/"),
        ("url_invalid", "http://münchen.de＠127.0.0.1/"),
        ("url_invalid", "http://mün／chen.de/"),
        ("url_invalid", "http://mün℀chen.de/"),
        ("url_invalid", "http://mün~chen.de/"),
        ("url_invalid", "http://ü：80.de/"),
        ("url_invalid", "http://example.org:0/"),
        ("url_invalid", "http://example.org:65536/"),
        ("url_invalid", "http://example.org:８０/"),
        ("url_invalid", "http://example.org:80:80/"),
        ("url_invalid", "http://example.org:-80/"),
        ("url_invalid", "http://example..org/"),
        ("url_invalid", "http://.example.org/"),
        ("url_invalid", "http://example.org../"),
        ("url_invalid", "http://-a.example.org/"),
        ("url_invalid", "http://" + "a" * 64 + ".org/"),
        ("url_invalid", "http://" + "a." * 127 + "org/"),
        ("url_invalid", "http://" + "ä" * 60 + ".org/"),
        ("url_invalid", "http://xn--localhost-.org/"),
        ("url_invalid", "http://xn--a.org/"),
        ("url_invalid", "http://xn--mnchen-3yA-ü.org/"),
        ("url_invalid", "http://256.1.1.1/"),
        ("url_invalid", "http://1.2.3.4.5/"),
        ("url_invalid", "http://4294967296/"),
        ("url_invalid", "http://08.8.8.8/"),
        ("url_invalid", "http://a.b.1/"),
        ("url_invalid", "http://[::1"),
        ("url_invalid", "http://[::1]a/"),
        ("url_invalid", "http://[1.2.3.4]/"),
        ("url_invalid", "http://[v1.a]/"),
        ("url_invalid", "http://::1/"),
        ("url_invalid", "https://example.org/" + "a" * 8000),
        ("url_scheme", "file:///etc/passwd"),
        ("url_scheme", "ftp://example.org/"),
        ("url_scheme", "gopher://example.org/"),
        ("url_scheme", "data:text/html,hello"),
        ("url_scheme", "javascript:alert(1)"),
        ("url_scheme", "mailto:editor@example.org"),
        ("url_scheme", "ws://example.org/"),
        ("url_scheme", "feed:file:///etc/passwd"),
        ("url_scheme", "feed:feed://example.org/"),
        ("url_scheme", "feed:"),
        ("dns", "http://hidden.onion/"),
        ("dns", "http://no.invalid/"),
    ],
)
def test_other_addresses_are_refused_with_their_reason(reason, url):
    with pytest.raises(Rejected) as refusal:
        vet_url(url, PUBLIC)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://192.168.1.1/", "http://intranet/", "http://printer.local/"]
)
def test_private_addresses_can_be_allowed(url):
    assert vet_url(url, PRIVATE).host in url


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/", "http://0.0.0.0/", "http://[fe80::1]/", "http://224.0.0.1/"]
)
def test_private_networks_hold_neither_metadata_nor_groups(url):
    with pytest.raises(ForbiddenAddress):
        vet_url(url, PRIVATE)


def test_one_network_or_port_can_be_allowed():
    rules = Rules((ipaddress.ip_network("10.1.0.0/16"),), DEFAULT_PORTS | {9000})
    assert vet_url("http://10.1.2.3:9000/", rules).netloc == "10.1.2.3:9000"
    with pytest.raises(ForbiddenAddress):
        vet_url("http://10.2.0.1/", rules)


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("64:ff9b::a00:1", "10.0.0.1"),
        ("2002:a00:1::5", "10.0.0.1"),
        ("2606::1", "2606::1"),
        ("8.8.8.8", "8.8.8.8"),
    ],
)
def test_addresses_of_ipv6_are_judged_as_what_they_stand_for(address, meant):
    assert unwrap(ipaddress.ip_address(address)) == ipaddress.ip_address(meant)


def find(host, answer, rules=PUBLIC, seconds=5.0):
    asked = []

    def resolver(name):
        asked.append(name)
        if isinstance(answer, Exception):
            raise answer
        return [ipaddress.ip_address(address) for address in answer]

    return find_addresses(vet_url(f"http://{host}/", rules), rules, resolver, seconds=seconds), asked


def test_names_are_looked_up_once_and_from_the_root():
    found, asked = find("news.example", ["8.8.8.8", "2606:4700::1111", "8.8.8.8"])
    assert [str(address) for address in found] == ["8.8.8.8", "2606:4700::1111"]
    assert asked == ["news.example."]


def test_literal_addresses_are_looked_up_nowhere():
    found, asked = find("8.8.8.8", OSError())
    assert (str(found[0]), asked) == ("8.8.8.8", [])


@pytest.mark.parametrize(
    "answer", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["2606::1", "fe80::1%1"], ["::ffff:7f00:1"]]
)
def test_one_address_that_is_not_public_condemns_the_name(answer):
    with pytest.raises(ForbiddenAddress):
        find("news.example", answer)


@pytest.mark.parametrize("answer", [[], socket.gaierror(-2, "not known"), UnicodeError("label too long")])
def test_names_without_an_address_are_refused(answer):
    with pytest.raises(DnsFailed):
        find("news.example", answer)


def test_a_fault_of_the_resolver_is_no_refusal():
    with pytest.raises(ZeroDivisionError):
        find("news.example", ZeroDivisionError())


def test_an_answer_that_never_comes_is_not_waited_for():
    never = threading.Event()
    target = vet_url("http://news.example/", PUBLIC)
    with pytest.raises(TimedOut, match="from the DNS"):
        find_addresses(target, PUBLIC, lambda name: never.wait() or [], seconds=0.05)
    never.set()


def verdicts(capsys, *arguments):
    assert main(["check", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_check_prints_a_verdict_on_each(capsys):
    assert verdicts(capsys, "https://münchen.de/", "http://127.1/", "ftp://example.org/") == [
        {"url": "https://münchen.de/", "verdict": "allow", "reason": None},
        {"url": "http://127.1/", "verdict": "block", "reason": "forbidden_address"},
        {"url": "ftp://example.org/", "verdict": "block", "reason": "url_scheme"},
    ]


def test_check_reads_its_input_to_the_letter(capsysbinary, monkeypatch, tmp_path):
    (tmp_path / "list").write_bytes(b"http://example.org/\r\n\n http://10.0.0.1/\nhttp://\xff.org/")
    with (tmp_path / "list").open("rb") as file:
        monkeypatch.setattr("sys.stdin", type("Input", (), {"buffer": file}))
        assert main(["check", "-"]) == 0
    lines = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert [line["reason"] for line in lines] == [None, "forbidden_address", "url_invalid"]
    assert lines[1]["url"] == " http://10.0.0.1/"


def test_check_takes_the_options_of_fetching(capsys):
    options = ("--allow_ports", "9000", "--allow_networks", "10.1.0.0/16")
    urls = ("http://10.1.0.1:9000/", "http://10.2.0.1/", "http://example.org:9001/")
    assert [row["verdict"] for row in verdicts(capsys, *options, *urls)] == ["allow", "block", "block"]
    assert [row["verdict"] for row in verdicts(capsys, "http://[::1]/", "--allow_private_networks")] == ["allow"]


def test_check_looks_names_up_only_when_told(capsys, monkeypatch):
    monkeypatch.setattr(check, "system_resolver", lambda name: [ipaddress.ip_address("10.0.0.1")])
    assert verdicts(capsys, "http://news.example/")[0]["verdict"] == "allow"
    assert verdicts(capsys, "--resolve", "http://news.example/")[0]["reason"] == "forbidden_address"


@pytest.mark.parametrize(
    "arguments", [[], ["--allow_ports", "http", "x"], ["--allow_networks", "10.0.0.1/8", "x"], ["--allow", "x"]]
)
def test_check_refuses_a_wrong_command_line(arguments):
    with pytest.raises(SystemExit) as exit:
        main(["check", *arguments])
    assert exit.value.code == 2
