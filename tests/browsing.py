"""A real headless Chromium for tests, with an ear for its errors and its requests."""

import contextlib
import dataclasses
import pathlib
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclasses.dataclass
class View:
    """An open page; what its console said of errors, and what it asked for beside itself."""

    page: Any
    errors: list[str]
    requests: list[str]

    def texts(self, selector: str) -> list[str]:
        """Give the text of every node of a selector, as it is seen; white space counts as one blank."""
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]

    def fragment(self) -> str:
        """Give the fragment of the page's address."""
        return str(self.page.evaluate("decodeURIComponent(location.hash.slice(1))"))


@contextlib.contextmanager
def started() -> Iterator[Any]:
    """Start Debian's Chromium; skips the test where it or playwright is not installed."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install '.[dev]'")
    if CHROMIUM is None:
        pytest.skip("no chromium here: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(
    chromium: Any, path: pathlib.Path, *, fragment: str = "", width: int = 1400, **options: Any
) -> Iterator[View]:
    """Open a file in a fresh context and wait until it has shown itself; `options` are the context's."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
    page = context.new_page()
    view = View(page, [], [])
    page.on("console", lambda message: message.type in ("error", "warning") and view.errors.append(message.text))
    page.on("pageerror", lambda error: view.errors.append(str(error)))
    page.on("request", lambda request: request.url.startswith(("file:", "data:")) or view.requests.append(request.url))
    page.goto(path.as_uri() + fragment)
    if options.get("java_script_enabled", True):
        page.wait_for_selector("html[data-ready]")
    yield view
    context.close()
