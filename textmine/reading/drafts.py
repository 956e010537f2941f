"""Blocks in the making, and the measures of a document that decide what a line is: body size, line distance."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from textmine.reading.lines import Line
from textmine.records import BlockKind

__all__ = ["Draft", "Measures", "measure"]


@dataclass(slots=True, eq=False)
class Draft:
    """Lines that read as one block; may run over columns and pages."""

    lines: list[Line]
    kind: BlockKind = "paragraph"
    level: int = 0
    row: int = 0
    column: int = 0
    gap_above: float = 0.0  # white space above in line distances; 0 at the top of a column
    right: float = 0.0  # right edge of the text column
    marker: str = ""  # list mark or note number taken off the text
    flags: set[str] = field(default_factory=set)

    @property
    def page(self) -> int:
        """Page on which it begins."""
        return self.lines[0].page

    @property
    def x0(self) -> float:
        """Left edge on its last page."""
        return min(line.x0 for line in self.lines)

    @property
    def x1(self) -> float:
        """Right edge."""
        return max(line.x1 for line in self.lines)

    @property
    def top(self) -> float:
        """Upper edge."""
        return min(line.top for line in self.lines)

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return max(line.bottom for line in self.lines)

    @property
    def text(self) -> str:
        """Its lines joined by spaces, hyphens not yet repaired."""
        return " ".join(line.text for line in self.lines)

    @property
    def size(self) -> float:
        """Font size of most of its lines."""
        if len(self.lines) == 1:
            return self.lines[0].style.size
        return Counter(line.style.size for line in self.lines).most_common(1)[0][0]

    @property
    def bold(self) -> bool:
        """Whether all its lines are bold."""
        return all(line.style.bold for line in self.lines)


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in a document. `leading` maps a font size to the distance of its baselines, in points."""

    body_size: float
    body_bold: bool
    leading: dict[float, float]
    n_pages: int

    def line_distance(self, size: float) -> float:
        """Usual distance of baselines at a font size."""
        return self.leading.get(size) or 1.25 * size


def measure(pages: Sequence[Sequence[Line]]) -> Measures:
    """The measures of a document from its lines."""
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    distances: dict[float, Counter[float]] = defaultdict(Counter)
    for lines in pages:
        for line in lines:
            sizes[line.style.size] += len(line.text)
        for above, below in pairwise(lines):
            if above.style.size == below.style.size and above.x0 < below.x1 and below.x0 < above.x1:
                distance = below.bottom - above.bottom
                if 0.8 * above.size < distance < 2.6 * above.size:
                    distances[above.style.size][round(distance * 2) / 2] += 1
    body = _body_size(sizes)
    for lines in pages:
        for line in lines:
            if line.style.size == body:
                bold[line.style.bold] += len(line.text)
    return Measures(
        body_size=body,
        body_bold=bold[True] > bold[False],
        leading={size: _usual(counts) for size, counts in distances.items()},
        n_pages=len(pages),
    )


def _body_size(sizes: Counter[float]) -> float:
    """The size of most characters; sizes that differ by 3 % count together."""
    if not sizes:
        return 10.0
    return max(sizes, key=lambda size: sum(count for other, count in sizes.items() if abs(other - size) <= 0.03 * size))


def _usual(counts: Counter[float]) -> float:
    """The commonest distance with its neighbours of half a point; of nearly equals the smaller."""
    together = {value: counts[value] + counts[value - 0.5] + counts[value + 0.5] for value in counts}
    most = max(together.values())
    return min(value for value, count in together.items() if count >= 0.75 * most)
