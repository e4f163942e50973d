"""What a measure gives: a figure with its bar."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `bar` is what it must reach, or stay below where `below`; None where it only informs."""

    name: str
    value: float
    bar: float | None = None
    below: bool = False
    unit: str = ""
    detail: str = ""

    @property
    def is_met(self) -> bool | None:
        """Tell whether the bar is met; None without one."""
        if self.bar is None:
            return None
        return self.value <= self.bar if self.below else self.value >= self.bar

    def row(self) -> str:
        """Show the figure as a row of a Markdown table."""
        sign = "≤" if self.below else "≥"
        bar = "" if self.bar is None else f"{sign} {self._show(self.bar)}"
        met = {True: "yes", False: "**no**", None: ""}[self.is_met]
        return f"| {self.name} | {self._show(self.value)} | {bar} | {met} | {self.detail} |"

    def _show(self, value: float) -> str:
        return f"{value:,.0f}{self.unit}" if abs(value) >= 100 else f"{value:.3f}".rstrip("0").rstrip(".") + self.unit


HEAD = "| measure | figure | bar | met | |\n|---|---|---|---|---|"


@dataclasses.dataclass(frozen=True, slots=True)
class Share:
    """Precision, recall and F1 of what was found against what was marked."""

    marked: float
    found: float
    both: float

    @property
    def precision(self) -> float:
        """The share of what was found that is marked."""
        return self.both / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is marked that was found."""
        return self.both / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.both / (self.marked + self.found) if self.marked + self.found else 0.0

    def words(self) -> str:
        """Show precision and recall, and what they are counted from."""
        return f"P {self.precision:.2f} R {self.recall:.2f} of {self.marked:,.0f} marked, {self.found:,.0f} found"
