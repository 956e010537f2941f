"""What the tests set on pages, and how they look at what was read."""

from __future__ import annotations

from textmine.records import Block, Reading


def texts(reading: Reading, *kinds: str) -> list[str]:
    """Texts of the blocks of these kinds, in reading order."""
    return [block.text for block in reading.blocks if block.kind in kinds]


def only(reading: Reading, kind: str) -> Block:
    """The one block of a kind."""
    found = [block for block in reading.blocks if block.kind == kind]
    assert len(found) == 1, [block.text for block in found]
    return found[0]


PL = (
    "Polityka klastrowa województwa opiera się na współpracy przedsiębiorstw, uczelni i samorządów, które wspólnie "
    "przygotowują projekty badawczo-rozwojowe oraz przedsięwzięcia infrastrukturalne finansowane z wielu źródeł. "
    "Najważniejszą barierą pozostaje brak zaufania między partnerami oraz niedostateczna wiedza o instrumentach."
)
EN = (
    "Cluster policy in the region rests on cooperation between enterprises, universities and local authorities, which "
    "jointly prepare research projects and long-term infrastructure undertakings financed from several sources. "
    "The most important barrier remains the lack of trust between partners and insufficient knowledge of instruments."
)
