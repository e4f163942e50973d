"""A proxy makes the connections, to the addresses that were checked, and is told nothing of a document."""

import argparse
import contextlib
import socket
import threading

import pytest

from pipelines.fetching import add_fetcher_options, make_fetcher
from schemas.exchanges import Request
from schemas.rejects import Rejected
from tests.web import Web, answer
from transforms.fetching.proxies import Proxy, ProxyInvalid, read_proxy

PAGE = answer(b"<p>Page")


@pytest.fixture
def web():
    with Web() as web:
        yield web


class Relay:
    """A proxy that knows CONNECT alone."""

    def __init__(self, refusal=None):
        self.asked = []
        self._refusal = refusal

    def __call__(self, sock):
        head = b""
        while b"\r\n\r\n" not in head:
            head += sock.recv(4096)
        self.asked.append(head.decode())
        if self._refusal:
            sock.sendall(self._refusal)
            return
        host, port = self.asked[-1].split()[1].rsplit(":", 1)
        with socket.create_connection((host, int(port))) as onward:
            sock.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            back = threading.Thread(target=pump, args=(onward, sock), daemon=True)
            back.start()
            pump(sock, onward)
            back.join(5)


def pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def proxy_at(web, relay, credentials=""):
    port = int(web.add_raw("proxy.example", relay).rsplit(":", 1)[1])
    return read_proxy(f"http://{credentials}{web.names['proxy.example'][0]}:{port}")


@pytest.mark.parametrize("tls", [False, True])
def test_the_proxy_connects_to_the_address_that_was_checked(web, tls):
    relay = Relay()
    proxy = proxy_at(web, relay, "user:pass%20word@")
    site = web.add("news.example", {"/a": PAGE}, tls=tls)
    with web.fetcher(proxy=proxy) as fetcher:
        response = fetcher.fetch(Request(f"{site}/a"))
    assert (response.status, response.exchanges[-1].address) == (200, web.names["news.example"][0])
    assert {asked.split()[1] for asked in relay.asked} == {f"{web.names['news.example'][0]}:{site.rsplit(':', 1)[1]}"}
    assert "Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n" in relay.asked[0]
    assert "proxy" not in response.exchanges[-1].request.decode().lower()


def test_the_proxys_own_address_is_held_to_no_rule_and_the_targets_is(web):
    relay = Relay()
    proxy = proxy_at(web, relay)
    site = web.add("news.example", {"/a": PAGE})
    web.names["news.example"] = ["10.0.0.1"]
    with web.fetcher(proxy=proxy) as fetcher, pytest.raises(Rejected) as refusal:
        fetcher.fetch(Request(f"{site}/a"))
    assert (refusal.value.reason, relay.asked) == ("forbidden_address", [])


@pytest.mark.parametrize("refusal", [b"HTTP/1.1 403 Forbidden\r\n\r\n", b"", b"nonsense\r\n\r\n"])
def test_a_proxy_that_refuses_is_a_failed_connection(web, refusal):
    proxy = proxy_at(web, Relay(refusal or b"\r\n"))
    site = web.add("news.example", {"/a": PAGE})
    with web.fetcher(proxy=proxy) as fetcher, pytest.raises(Rejected) as error:
        fetcher.fetch(Request(f"{site}/a"))
    assert error.value.reason == "connect"


def test_the_environment_names_no_proxy(web, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.1.200.1:9")
    site = web.add("news.example", {"/a": PAGE})
    with web.fetcher() as fetcher:
        assert fetcher.fetch(Request(f"{site}/a")).status == 200


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://proxy.example:8888", Proxy("proxy.example", 8888)),
        ("http://proxy.example/", Proxy("proxy.example", 3128)),
        ("http://a:b@[::1]:1", Proxy("::1", 1, "Basic YTpi")),
    ],
)
def test_addresses_of_proxies_are_read(url, proxy):
    assert read_proxy(url) == proxy


@pytest.mark.parametrize("url", ["proxy.example:80", "socks5://a:1", "http://", "http://a:b", "http://a/path"])
def test_other_proxies_are_refused(url):
    with pytest.raises(ProxyInvalid):
        read_proxy(url)


def options(*arguments):
    parser = argparse.ArgumentParser()
    add_fetcher_options(parser)
    return parser.parse_args(arguments)


def test_options_make_a_fetcher(web):
    site = web.add("127.1.0.2", {"/a": PAGE})
    agent = "newsroom/2.0 (+https://newsroom.example/robots)"
    port = site.rsplit(":", 1)[1]
    known = options("--user_agent", agent, "--allow_private_networks", "--allow_ports", port)
    with make_fetcher(known) as fetcher:
        assert fetcher.fetch(Request(f"http://127.1.0.2:{port}/a")).status == 200
    assert web.asked[-1].headers["user-agent"] == agent


@pytest.mark.parametrize(
    "arguments",
    [
        ("--user_agent", "nobody"),
        ("--user_agent", "(+https://newsroom.example/)"),
        ("--user_agent", "näme/1 (+https://newsroom.example/)"),
        ("--user_agent", "name/1 (+https://newsroom.example/)\r\nX: y"),
        ("--proxy", "socks5://a"),
    ],
)
def test_wrong_settings_end_with_usage(arguments):
    with pytest.raises(SystemExit) as exit:
        options(*arguments)
    assert exit.value.code == 2


def test_a_contact_may_be_an_address_of_mail():
    assert options("--user_agent", "newsroom/2.0 (desk@newsroom.example)").user_agent
