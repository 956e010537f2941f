"""How far a region's cluster policy is tied into its development policy: indicators, sides, composite, robustness."""

from __future__ import annotations

from textmine.integration.composite import SIDES, goalposts
from textmine.integration.contexts import BARRIERS, INSTRUMENTS, PRIORITIES, THEME, Corpus, build_corpus
from textmine.integration.matrices import answer_rows, coupling_rows
from textmine.integration.picture import CellPicture, integration, picture_cells
from textmine.integration.profiles import alignment_rows
from textmine.integration.sensitivity import sensitivity
from textmine.integration.steps import integration_steps

__all__ = [
    "BARRIERS",
    "INSTRUMENTS",
    "PRIORITIES",
    "SIDES",
    "THEME",
    "CellPicture",
    "Corpus",
    "alignment_rows",
    "answer_rows",
    "build_corpus",
    "coupling_rows",
    "goalposts",
    "integration",
    "integration_steps",
    "picture_cells",
    "sensitivity",
]
