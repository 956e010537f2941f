"""The program `textmine`: its commands in the order of help, its one place that prints errors and exits.

Exit codes: 0 all done; 1 something failed and stderr names it; 2 the call was wrong.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import textmine
from textmine.commands.options import one_line
from textmine.commands.words import help_language, translate
from textmine.errors import QueryError, SettingsError, TextmineError

__all__ = ["app", "main"]

#: One module a command, in the order of help. Each has `register(app)`.
COMMANDS = (
    "demo",
    "ingest",
    "merge",
    "extract",
    "classify",
    "query",
    "keyness",
    "mentions",
    "trends",
    "topics",
    "integration",
    "report",
    "serve",
    "codebook",
    "sample",
    "agree",
    "evaluate",
    "train",
    "export",
    "cite",
    "doctor",
)


class _Program(TyperGroup):
    """All commands, with help in the language of the user."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        if help_language() == "pl":
            translate(self)


app = typer.Typer(
    name="textmine",
    cls=_Program,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"textmine {textmine.__version__}")
        raise typer.Exit


@app.callback()
def root(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Mine Polish and English cluster-policy documents: clusters, barriers, priorities over time, with evidence."""
    if debug:
        os.environ["TEXTMINE_TRACEBACK"] = "1"


for _name in COMMANDS:
    if importlib.util.find_spec(f"textmine.commands.{_name}"):
        importlib.import_module(f"textmine.commands.{_name}").register(app)


def main() -> None:
    """Run the program; an error of ours becomes one line on stderr and exit code 1, a wrong setting or query 2."""
    debug = "--debug" in sys.argv
    if debug:  # wherever it stands on the line
        sys.argv.remove("--debug")
    try:
        app()
    except TextmineError as error:
        if debug:
            raise
        lines = str(error).split("\n") if isinstance(error, QueryError) else [str(error)]  # it points into the query
        typer.echo("error: " + "\n".join(map(one_line, lines)), err=True)
        sys.exit(2 if isinstance(error, QueryError | SettingsError) else 1)
    except BrokenPipeError:  # `textmine … | head` closed the pipe: all that was wanted is done
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
