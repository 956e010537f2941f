"""`textmine merge`: stores made on several machines as one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textmine.commands.options import warn

if TYPE_CHECKING:
    from textmine.store import Store

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("merge")(merge)


def merge(
    stores: Annotated[list[Path], typer.Argument(help="The stores; without --output the first takes in the others.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A new store for all, which leaves the others as they are.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Of a document made in two ways, take that of the later store.")
    ] = False,
) -> None:
    """Join stores: documents, codes, runs and saved queries. A document that stands in several is kept once.

    Topics and vectors are of one corpus and are not taken over: fit and store them anew.

    Example: textmine merge north.db south.db --output poland.db
    """
    from textmine.store import Store

    if len(stores) < 2:
        raise typer.BadParameter("name two stores or more, such as: textmine merge a.db b.db --output c.db")
    if len({store.resolve() for store in stores}) < len(stores):
        raise typer.BadParameter("a store is named twice.")
    if output is None:
        with Store.open(stores[0], "ro"):  # it must be there: merging makes no store by mistake
            pass
        with Store.open(stores[0], "rw") as target:
            failed = _take_in(target, stores[1:], replace=replace)
        warn(f"store: {stores[0]}")
    else:
        failed = _merge_into_new(output, stores, replace=replace)
        warn(f"store: {output}")
    if failed:
        raise typer.Exit(1)


def _merge_into_new(output: Path, stores: list[Path], *, replace: bool) -> bool:
    """Write a new store beside its place and put it there when it is whole."""
    from textmine.store import Store

    if output.exists():
        raise typer.BadParameter(f"--output {output}: is there already. Name a new file, or leave --output out.")
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with Store.open(part, "rw") as target:
            failed = _take_in(target, stores, replace=replace)
        part.rename(output)
    finally:
        for ending in ("", "-wal", "-shm"):
            part.with_name(part.name + ending).unlink(missing_ok=True)
    return failed


def _take_in(target: Store, stores: list[Path], *, replace: bool) -> bool:
    """Whether a document could not be taken over; what was is said on stderr."""
    from textmine.store import Store, merge_store

    failed = False
    for path in stores:
        with Store.open(path) as source:
            summary = merge_store(target, source, replace=replace)
        warn(
            f"{path}: {summary.added} documents added, {summary.same} the same in both, "
            f"{summary.kept} kept and {summary.replaced} replaced where both hold them"
        )
        for document, reason in summary.unread:
            warn(f"error: {path}, document {document}: {reason}")
        failed |= bool(summary.unread)
    makers = {run.get("coder") for run in target.runs()}
    if len(makers) > 1:
        warn("These stores were coded in different ways. Run 'textmine ingest' on all documents to code them alike.")
    return failed
