"""Griffe extension: our docstrings as Google's style has them, with a blank line before each section."""

from __future__ import annotations

import re
from typing import Any

import griffe


class SpacedSections(griffe.Extension):
    """`Returns:` right below the arguments begins a section of its own, `Example:` is one of code."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Rewrite the docstring of a module, class, function or attribute when it is loaded."""
        if obj.docstring:
            text = re.sub(r"\n(Args|Returns|Yields|Raises|Example):(?=\n)", r"\n\n\1:", obj.docstring.value)
            obj.docstring.value = text.replace("\nExample:\n", "\nExamples:\n")
