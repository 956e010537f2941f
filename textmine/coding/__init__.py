"""Coding: what a sentence says, as mentions. Start with `load_coder`."""

from textmine.coding.coder import Coder, coder_id, load_coder
from textmine.coding.context import Context
from textmine.coding.keywords import Evidence, KeywordCoder

__all__ = ["Coder", "Context", "Evidence", "KeywordCoder", "coder_id", "load_coder"]
