"""Fixtures of the tests that run whole backfills, or a browser."""

import subprocess

import pytest

from pipelines import resident, spine
from tests import browsing
from tests.torture import loaded_languages, loaded_tagger, write_input
from transforms.extraction import pages


@pytest.fixture(scope="module")
def models_loaded_once():
    """Give every run in this process the same tagger and languages: loading takes longer than these runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spine, "make_tagger", loaded_tagger)
        patch.setattr(resident, "make_tagger", loaded_tagger)
        patch.setattr(pages, "LanguageReader", loaded_languages)
        yield


@pytest.fixture
def source(tmp_path):
    write_input(tmp_path / "in")
    return tmp_path / "in"


@pytest.fixture
def disk(tmp_path):
    """A small disk of its own, for which the tests must run as root."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("a small tmpfs cannot be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium; the test is skipped where there is none."""
    with browsing.started() as browser:
        yield browser
