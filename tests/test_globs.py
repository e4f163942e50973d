import pytest

from transforms.reading.globs import fixed_part, matches


@pytest.mark.parametrize(
    ("pattern", "fixed"),
    [
        ("seeds/**/*.txt", "seeds/"),
        ("/data/a?/x", "/data/"),
        ("/data/a.txt", "/data/"),
        ("*.txt", ""),
        ("s3://bucket/in/*", "s3://bucket/in/"),
    ],
)
def test_the_fixed_part_ends_before_the_first_wildcard(pattern, fixed):
    assert fixed_part(pattern) == fixed


@pytest.mark.parametrize(
    ("pattern", "path", "hit"),
    [
        ("in/**/*.txt", "in/a.txt", True),
        ("in/**/*.txt", "in/b/c/a.txt", True),
        ("in/**/*.txt", "in/b/a.html", False),
        ("in/*.txt", "in/b/a.txt", False),
        ("in/**", "in/b/a.html", True),
        ("in/?.txt", "in/ab.txt", False),
        ("in/[ab].txt", "in/b.txt", True),
        ("in/[!ab].txt", "in/b.txt", False),
        ("in/[!ab].txt", "in//.txt", False),
        ("in/a+(b).txt", "in/a+(b).txt", True),
        ("in/[", "in/[", True),
    ],
)
def test_two_stars_are_zero_or_more_folders(pattern, path, hit):
    assert matches(pattern, path) is hit


@pytest.mark.parametrize(
    ("pattern", "path", "hit"),
    [
        ("in/[z-a].txt", "in/b.txt", False),
        ("in/[!z-a].txt", "in/b.txt", True),
        ("in/[]a].txt", "in/].txt", True),
        ("in/[a--].txt", "in/b.txt", False),
        ("in/[a&&b||c].txt", "in/&.txt", True),
        ("in/[\\d].txt", "in/5.txt", False),
        ("in/[!].txt", "in/[!].txt", True),
        ("in/a**/b.txt", "in/ab/b.txt", True),
        ("in/a**/b.txt", "in/ab/c/b.txt", False),
        ("**/a.txt", "a.txt", True),
        ("s3://bucket/**/a.txt", "s3://bucket/x/y/a.txt", True),
    ],
)
def test_sets_and_stars_are_read_as_the_shell_reads_them(pattern, path, hit):
    assert matches(pattern, path) is hit
