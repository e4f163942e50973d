import pytest

from transforms.globs import fixed_part, matches


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
