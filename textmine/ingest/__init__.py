"""Documents -> mentions in the store: the one place where reading, sentences, coding, execution and store meet."""

from textmine.ingest.jobs import CodedDocument, code_reading
from textmine.ingest.planning import Step, plan_steps
from textmine.ingest.stream import IngestSummary, ingest, plan_ingest

__all__ = [
    "CodedDocument",
    "IngestSummary",
    "Step",
    "code_reading",
    "ingest",
    "plan_ingest",
    "plan_steps",
]
