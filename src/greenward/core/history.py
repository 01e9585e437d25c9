"""Row history: triggers keep every version of a row, whoever changes it and however."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
from django.db.models import Model

M = TypeVar("M", bound=type[Model])


def track(*, exclude: Sequence[str] = ()) -> Callable[[M], M]:
    """Keep the history of a model's rows in its event model; ``exclude`` names columns left out.

    Without pghistory's contexts: who acted stands in the audit trail, and a context would cost every row
    a subtransaction.
    """
    decorate: Callable[[M], M] = pghistory.track(
        exclude=list(exclude) or None,
        context_field=None,  # type: ignore[arg-type]  # documented, but not in its annotation
    )
    return decorate
