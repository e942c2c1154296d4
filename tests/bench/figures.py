"""Figures, their aims and the table: pure functions, nothing is measured here."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; None where it was not reached within the time given. `aim`: what it should stay below."""

    name: str
    value: float | None
    unit: str
    aim: float | None = None

    @property
    def missed(self) -> bool:
        return self.aim is not None and (self.value is None or self.value >= self.aim)


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that `share` of them do not exceed."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)] if values else None


def median(values: Sequence[float]) -> float | None:
    return quantile(values, 0.5)


def table(columns: dict[str, list[Figure]], reference: dict[str, dict[str, float]]) -> str:
    """One line a figure, one column a latency; behind each value how many times the reference's it is."""
    names = list(dict.fromkeys(figure.name for figures in columns.values() for figure in figures))
    head = ["", *(cell for column in columns for cell in (column, "× ref.")), "aim"]
    lines = [head, *(_line(name, columns, reference) for name in names)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return "\n".join(_padded(line, widths) for line in lines)


def _line(name: str, columns: dict[str, list[Figure]], reference: dict[str, dict[str, float]]) -> list[str]:
    found = {column: next((f for f in figures if f.name == name), None) for column, figures in columns.items()}
    cells = [cell for column, figure in found.items() for cell in _cells(figure, reference.get(column, {}).get(name))]
    known = [figure for figure in found.values() if figure]
    aim = next((f"< {figure.aim:g} {figure.unit}" for figure in known if figure.aim is not None), "")
    return [f"{name} ({known[0].unit})", *cells, f"{aim}{' MISSED' if any(f.missed for f in known) else ''}"]


def _cells(figure: Figure | None, reference: float | None) -> tuple[str, str]:
    if figure is None:
        return "", ""
    if figure.value is None:
        return "not reached", ""
    return _number(figure.value), f"{figure.value / reference:.2f}" if reference else ""


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _padded(cells: Iterable[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]).rstrip()
