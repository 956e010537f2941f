"""Execute the notebooks of this folder on the demo's corpus and keep their outputs: `make notebooks`.

Needs the dev extra (nbclient, ipykernel). Every notebook runs in an empty folder that holds the demo's `textmine.db`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

__all__ = ["NOTEBOOKS", "execute"]

NOTEBOOKS = Path(__file__).parent
SECONDS = 600


def execute(path: Path, store: Path) -> nbformat.NotebookNode:
    """The notebook with fresh outputs, run in a folder of its own beside a copy of the store.

    Raises:
        CellExecutionError: a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(store, Path(folder, "textmine.db"))
        client = NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": folder}})
        client.execute()
    for cell in notebook.cells:  # when a cell ran is no result
        cell.metadata.pop("execution", None)
    notebook.metadata.pop("language_info", None)
    return notebook


def main() -> None:
    """All notebooks, in place."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "textmine.db")
        command = [
            sys.executable,
            "-m",
            "textmine",
            "demo",
            "--corpus",
            str(store),
            "--output",
            f"{folder}/report.html",
        ]
        subprocess.run(command, check=True, capture_output=True)
        for path in sorted(NOTEBOOKS.glob("*.ipynb")):
            nbformat.write(execute(path, store), path)


if __name__ == "__main__":
    main()
