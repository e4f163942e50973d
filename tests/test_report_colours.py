"""The colours of the report's kinds: told apart by every eye, and seen on their ground.

Colour blindness is simulated by the matrices of Machado, Oliveira and Fernandes (2009) at full severity; differences
are Euclidean in Oklab (Ottosson, 2020), times 100.
"""

import itertools
import math
import re

import pytest

from schemas.tags import Kind
from warehouse.report.page import read_asset

EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
TO_CONES = (
    (0.41222147, 0.53633254, 0.05144599),
    (0.2119035, 0.68069955, 0.10739696),
    (0.08830246, 0.28171884, 0.6299787),
)
TO_OKLAB = (
    (0.21045426, 0.79361779, -0.00407205),
    (1.9779985, -2.42859221, 0.45059371),
    (0.02590404, 0.78277177, -0.80867577),
)
# Four times what is just seen beside each other (about 2).
LEAST_DIFFERENCE = 8
# WCAG 2.2, 1.4.11 and 1.4.3: of graphics and of text against what lies behind.
LEAST_CONTRAST, LEAST_TEXT_CONTRAST = 3, 4.5


def times(matrix, vector):
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def linear(colour):
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def seen(colour, eye):
    light = (min(1, max(0, channel)) for channel in times(EYES[eye], linear(colour)))
    return times(TO_OKLAB, tuple(math.cbrt(cone) for cone in times(TO_CONES, tuple(light))))


def contrast(one, other):
    weights = ((0.2126, 0.7152, 0.0722),)
    darker, lighter = sorted(times(weights, linear(colour))[0] for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def colours(scheme):
    light, dark = re.findall(r":root[^{]*\{([^}]*)\}", read_asset("base.css"))
    block = {"light": light, "dark": dark}[scheme]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
def test_kinds_are_told_apart(scheme, eye):
    palette = colours(scheme)
    for one, other in itertools.combinations(Kind, 2):
        difference = 100 * math.dist(seen(palette[one], eye), seen(palette[other], eye))
        assert difference >= LEAST_DIFFERENCE, (one, other)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_stands_out_from_its_ground(scheme):
    palette = colours(scheme)
    assert all(contrast(palette[kind], palette["card"]) >= LEAST_CONTRAST for kind in Kind)
    for ground in ("card", "page"):
        assert all(contrast(palette[ink], palette[ground]) >= LEAST_TEXT_CONTRAST for ink in ("ink", "soft", "accent"))
