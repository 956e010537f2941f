"""Where the fonts of WeasyPrint's and fpdf2's documents are: asked of fontconfig, never replaced by others."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

__all__ = ["MissingFontError", "font_file"]

PACKAGES = {"DejaVu": "fonts-dejavu", "Liberation": "fonts-liberation"}


class MissingFontError(RuntimeError):
    """A font family is not installed; another one would give other pages."""


@cache
def font_file(family: str, style: str = "Regular") -> Path:
    """The font file of a family and style (Regular, Bold, Italic).

    Raises:
        MissingFontError: fontconfig is missing or would answer with another family.
    """
    pattern = f"{family}:style={style}"
    command = ["fc-match", "--format", "%{family}\t%{file}", pattern]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise MissingFontError(f"fontconfig cannot be asked for {family}: {error}. Install fontconfig.") from error
    families, _, file = answer.partition("\t")
    if family not in families.split(","):
        package = PACKAGES.get(family.split()[0], "it")
        raise MissingFontError(f"font {family} is not installed. On Debian: apt-get install {package}")
    return Path(file)
