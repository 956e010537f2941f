"""map(work, items): the one seam between what is done for a document and where it is done.

Every executor gives the same outcomes in the order of the items; one item's failure is its own outcome.
"""

from textmine.execution.background import Background
from textmine.execution.executor import Executor, choose_executor
from textmine.execution.outcome import Outcome
from textmine.execution.processes import map_processes, run_limited
from textmine.execution.serial import map_serial

__all__ = ["Background", "Executor", "Outcome", "choose_executor", "map_processes", "map_serial", "run_limited"]
