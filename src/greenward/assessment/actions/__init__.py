"""All writing of assessments: runs of a standard, and judgements by people."""

from greenward.assessment.actions.judging import Answer, ask, decide, opine, reopen, withdraw
from greenward.assessment.actions.runs import assess, freeze, refresh, see

__all__ = ["Answer", "ask", "assess", "decide", "freeze", "opine", "refresh", "reopen", "see", "withdraw"]
