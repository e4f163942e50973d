"""Whether rows of a confidence of 0.8 are right eight times in ten: the error, and a plot of it."""

import dataclasses
from collections.abc import Sequence

# Bins of equal width, as the literature has it for the expected calibration error (Guo et al. 2017).
BINS = 10


@dataclasses.dataclass(frozen=True, slots=True)
class Bin:
    """The rows between two confidences: how many, their mean confidence, and the share that is right."""

    rows: int
    confidence: float
    right: float


def bins(rows: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Sort rows of (confidence, whether right) into bins; those without rows are left out."""
    members: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in rows:
        members.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    return tuple(
        Bin(len(group), sum(c for c, _ in group) / len(group), sum(right for _, right in group) / len(group))
        for _, group in sorted(members.items())
    )


def calibration_error(found: Sequence[Bin]) -> float:
    """Give the expected calibration error: the mean gap of confidence and share right, weighted by rows."""
    rows = sum(one.rows for one in found)
    return sum(one.rows * abs(one.confidence - one.right) for one in found) / rows if rows else 0.0


# Pixels.
_SIDE, _EDGE = 260, 40


def plot(found: Sequence[Bin], title: str) -> str:
    """Draw the bins as an SVG: confidence to the right, share right upwards, a dot's area after its rows."""
    most = max((one.rows for one in found), default=1)
    dots = "".join(
        f'<circle cx="{_x(one.confidence):.1f}" cy="{_y(one.right):.1f}" r="{2 + 8 * (one.rows / most) ** 0.5:.1f}">'
        f"<title>{one.rows} rows, confidence {one.confidence:.2f}, right {one.right:.2f}</title></circle>"
        for one in found
    )
    ticks = "".join(
        f'<text x="{_x(share):.0f}" y="{_y(0) + 16:.0f}" text-anchor="middle">{share:g}</text>'
        f'<text x="{_x(0) - 6:.0f}" y="{_y(share) + 4:.0f}" text-anchor="end">{share:g}</text>'
        for share in (0, 0.5, 1)
    )
    size = _SIDE + 2 * _EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size + 20}" width="{size}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{title}</title><rect width="100%" height="100%" fill="#fff"/>'
        f'<rect x="{_EDGE}" y="{_EDGE}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#999"/>'
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#999" stroke-dasharray="4"/>'
        f'<g fill="#1f6f8b" fill-opacity="0.8">{dots}</g>{ticks}'
        f'<text x="{size / 2:.0f}" y="{size - 6}" text-anchor="middle">confidence</text>'
        f'<text x="{size / 2:.0f}" y="24" text-anchor="middle">share of rows that are right</text></svg>\n'
    )


def _x(share: float) -> float:
    return _EDGE + share * _SIDE


def _y(share: float) -> float:
    return _EDGE + (1 - share) * _SIDE
