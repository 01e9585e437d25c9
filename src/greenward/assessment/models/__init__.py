"""Tables of assessment: runs with what they found, and judgements by people."""

from greenward.assessment.models.judging import Decision, Judging, Opinion, Reopening
from greenward.assessment.models.runs import FrozenRun, Result, Run, SeenChange, Verdict, VerdictChange

__all__ = [
    "Decision",
    "FrozenRun",
    "Judging",
    "Opinion",
    "Reopening",
    "Result",
    "Run",
    "SeenChange",
    "Verdict",
    "VerdictChange",
]
