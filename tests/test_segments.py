import dataclasses
import hashlib

from transforms.segments import MAX_BYTES, MAX_RECORDS, Segment, Source, Unit, cut_segments


def source(name: str, units: int = 1, size: int = 100, *, seekable: bool = True, salt: str = "") -> Source:
    return Source(
        path=f"/in/{name}",
        name=name,
        container="jsonl",
        sidecar=None,
        sidecar_digest=b"",
        stamp="1:1",
        units=tuple(
            Unit(hashlib.sha256(f"{salt or name}{i}".encode()).digest(), size, i * size if seekable else None)
            for i in range(units)
        ),
    )


def covered(segments: list[Segment]) -> list[tuple[str, int]]:
    return sorted(
        (part.name, index) for segment in segments for part in segment.parts for index in range(part.first, part.last)
    )


def test_every_record_is_in_exactly_one_segment():
    sources = [source(f"{i}.txt") for i in range(700)] + [source("large.jsonl", 2 * MAX_RECORDS + 1)]
    segments = cut_segments(sources, filters="{}")
    assert covered(segments) == sorted(
        [(f"{i}.txt", 0) for i in range(700)] + [("large.jsonl", i) for i in range(2001)]
    )


def test_no_segment_is_larger_than_its_limits():
    segments = cut_segments([source(f"{i}.txt", size=MAX_BYTES // 3) for i in range(40)], filters="{}")
    assert max(segment.size for segment in segments) <= MAX_BYTES


def test_a_record_larger_than_the_limit_is_a_segment_alone():
    segments = cut_segments([source("a.jsonl", 3, MAX_BYTES + 1)], filters="{}")
    assert [segment.units for segment in segments] == [1, 1, 1]


def test_ids_hang_on_bytes_and_filters_and_not_on_the_place():
    here = [source("a.txt"), source("b.txt")]
    there = [dataclasses.replace(s, path="/elsewhere/" + s.name, stamp="2:2") for s in reversed(here)]
    ids = [segment.segment for segment in cut_segments(here, filters="{}")]
    assert [segment.segment for segment in cut_segments(there, filters="{}")] == ids
    assert [segment.segment for segment in cut_segments(here, filters='{"a": 1}')] != ids
    changed = [here[0], dataclasses.replace(here[1], sidecar_digest=b"x")]
    assert [segment.segment for segment in cut_segments(changed, filters="{}")] != ids


def test_one_more_file_leaves_the_groups_before_and_most_after_it_as_they_were():
    files = [source(f"{i:05}.txt") for i in range(3000)]
    before = {segment.segment for segment in cut_segments(files, filters="{}")}
    after = {segment.segment for segment in cut_segments([source("00000a.txt"), *files], filters="{}")}
    assert len(before) > 5
    assert len(before - after) <= 1


def test_a_file_that_grows_keeps_its_finished_ranges():
    before = {s.segment for s in cut_segments([source("a.jsonl", 2500, salt="a")], filters="{}")}
    after = {s.segment for s in cut_segments([source("a.jsonl", 2700, salt="a")], filters="{}")}
    assert len(before & after) == 2


def test_positions_count_through_a_segment_and_parts_know_where_to_start():
    (segment,) = cut_segments([source("a.jsonl", 130), source("b.txt", salt="b")], filters="{}")
    assert [(part.name, part.first, part.position, part.offset) for part in segment.parts] == [
        ("a.jsonl", 0, 0, 0),
        ("a.jsonl", 64, 64, 6400),
        ("a.jsonl", 128, 128, 12800),
        ("b.txt", 0, 130, 0),
    ]


def test_a_stream_that_cannot_be_entered_midway_is_read_in_two_parts_at_most():
    (segment,) = cut_segments([source("a.jsonl.gz", 900, seekable=False)], filters="{}")
    assert [(part.first, part.last) for part in segment.parts] == [(0, 450), (450, 900)]


def test_landed_archives_are_segments_each_for_itself_and_in_order_of_landing():
    landed = [dataclasses.replace(source(f"2026010{i}.warc.gz", 3), container="landed") for i in range(9)]
    others = [source(f"{i}.txt") for i in range(3)]
    segments = cut_segments([*reversed(landed), *others], filters="{}")
    assert [[part.name for part in segment.parts] for segment in segments[1:]] == [[one.name] for one in landed]
    (alone,) = cut_segments([landed[4]], filters="{}")
    assert alone == segments[5]
