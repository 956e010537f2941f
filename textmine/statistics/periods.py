"""EU programming periods: which one a year of adoption belongs to."""

from __future__ import annotations

__all__ = ["PERIODS", "period_of", "period_years"]

#: Label -> first and last year. The first holds everything before accession, the last the current period.
PERIODS: dict[str, tuple[int, int]] = {
    "to 2003": (0, 2003),
    "2004-06": (2004, 2006),
    "2007-13": (2007, 2013),
    "2014-20": (2014, 2020),
    "2021-27": (2021, 2027),
}


def period_of(year: int) -> str:
    """Label of the programming period of a year; years after 2027 keep their own seven-year step (2028-34 …)."""
    for label, (first, last) in PERIODS.items():
        if first <= year <= last:
            return label
    start = 2028 + (year - 2028) // 7 * 7
    return f"{start}-{(start + 6) % 100:02d}"


def period_years(label: str) -> tuple[int, int]:
    """First and last year of a period's label, or of a single year written as text.

    Raises:
        ValueError: the label is neither.
    """
    if label in PERIODS:
        return PERIODS[label]
    if label.isdigit():
        return int(label), int(label)
    start = int(label.split("-")[0])
    return start, start + 6
