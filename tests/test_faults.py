"""Backfills that meet faults: wrong usage, changed input, full disks, dying workers, other writers."""

import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import sys

import pytest

from pipelines import backfill, publish
from pipelines.layout import Layout
from tests.runs import document, marks, rows, run, run_apart, wait_for_worker
from tests.torture import tables

pytestmark = pytest.mark.usefixtures("models_loaded_once")


def test_a_record_that_vanishes_fails_the_run_and_publishes_nothing(tmp_path, monkeypatch, capsys):
    document(tmp_path / "in", "a", "Norway promised to send help.")
    monkeypatch.setattr(
        backfill, "read_staged", lambda folder: dataclasses.replace(publish.read_staged(folder), files=())
    )
    assert run(tmp_path / "in", tmp_path / "out") == 1
    assert "the counts do not hold" in capsys.readouterr().err
    assert tables(tmp_path / "out") == {}


def test_a_changed_input_fails_the_run(tmp_path, monkeypatch, capsys):
    document(tmp_path / "in", "a", "Norway promised to send help.")
    monkeypatch.setattr(backfill, "current_stamp", lambda path, sidecar: "changed")
    assert run(tmp_path / "in", tmp_path / "out") == 1
    assert "changed while it was being read" in capsys.readouterr().err


def test_no_match_is_a_usage_error_and_makes_no_warehouse(tmp_path, capsys):
    assert run(tmp_path / "nowhere", tmp_path / "out") == 2
    assert "no file matches" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("flags", [["--no_such_flag"], ["--start_date", "yesterday"], ["--workers", "0"]])
def test_what_is_unknown_is_a_usage_error(source, tmp_path, flags):
    with pytest.raises(SystemExit) as exit_:
        run(source, tmp_path / "out", *flags)
    assert exit_.value.code == 2


def test_a_missing_model_is_one_sentence(source, tmp_path, capsys):
    assert run(source, tmp_path / "out", "--model", "no_such_model") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "no_such_model" in line


def test_too_many_rejects_are_told_by_the_exit_code(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text("{\n{\n" + json.dumps({"text": "Norway promised help."}) + "\n")
    assert run(tmp_path / "in", tmp_path / "out") == 3
    assert run(tmp_path / "in", tmp_path / "out", "--max_reject_ratio", "0.7") == 0


def test_another_writer_makes_a_run_give_up(source, tmp_path, capsys):
    layout = Layout(tmp_path / "out")
    layout.create()
    with layout.lock(0):
        assert run(source, tmp_path / "out", "--lock_timeout", "0.3") == 4
    assert "another run holds" in capsys.readouterr().err


def test_a_damaged_state_is_rebuilt(source, tmp_path):
    run(source, tmp_path / "out")
    before = tables(tmp_path / "out")
    Layout(tmp_path / "out").state.write_bytes(b"not a database, and long enough to be read as a header of one")
    assert run(source, tmp_path / "out") == 0
    assert run(source, tmp_path / "out", "--start_date", "2025-03-02") == 0
    assert tables(tmp_path / "out") == before


def test_a_folder_that_may_not_be_written_fails_with_a_sentence(source, disk):
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    ended = run_apart(source, disk / "out")
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [f"pledgeline: [Errno 30] Read-only file system: '{disk}/out'"]


def test_a_full_disk_fails_with_a_sentence_and_the_restart_completes(source, disk, tmp_path):
    ended = run_apart(source, disk / "out")
    assert ended.returncode == 1
    assert "No space left on device" in ended.stderr
    assert len(ended.stderr.splitlines()) <= 2, ended.stderr
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
    assert run(source, disk / "out") == 0
    run(source, tmp_path / "undisturbed")
    assert tables(disk / "out") == tables(tmp_path / "undisturbed")


def test_a_worker_that_dies_fails_the_run_instead_of_hanging_it(source, tmp_path):
    script = "import sys; from pipelines import backfill; backfill.SMALL_SEGMENT = 0; sys.exit(backfill.main())"
    command = [
        sys.executable,
        "-c",
        script,
        "--input",
        f"{source}/**",
        "--output",
        str(tmp_path / "out"),
        "--workers",
        "2",
    ]
    root = pathlib.Path(__file__).parent.parent
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        os.kill(wait_for_worker(process.pid), signal.SIGKILL)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "return code -9" in said
    assert tables(tmp_path / "out") == {}


def test_what_another_run_publishes_meanwhile_is_not_published_twice(tmp_path, monkeypatch):
    shared = "Norway promised to send help."
    for folder, own in (("a", "Sweden refused."), ("b", "Finland offered help.")):
        document(tmp_path / folder, "1", own, published="2025-09-04")
        document(tmp_path / folder, "2", shared, published="2025-09-05")
    attempts: list[pathlib.Path] = []

    def overtaken(folder):
        attempts.append(folder)
        if len(attempts) == 1:
            assert run(tmp_path / "b", tmp_path / "out") == 0
        return publish.read_staged(folder)

    monkeypatch.setattr(backfill, "read_staged", overtaken)
    assert run(tmp_path / "a", tmp_path / "out") == 0
    assert len(attempts) == 3
    texts = [row["text"] for row in rows(tmp_path / "out", "articles")]
    assert sorted(texts) == sorted(["Sweden refused.", "Finland offered help.", shared])
    first, second = sorted(marks(tmp_path / "out"), key=lambda mark: mark.sequence)
    assert [lost.to for lost in second.claims_lost] == [first.segment]
