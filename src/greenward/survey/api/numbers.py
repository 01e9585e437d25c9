"""The caller's own number of a request, in its header or its body."""

from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _
from ninja.params import functions

from greenward.core.errors import InvalidInputError

Number = Annotated[
    UUID | None,
    functions.Header(
        alias="Idempotency-Key",
        description="The request's own number (UUID): sent again, it counts once.",
    ),
]


def one_number(in_body: UUID | None, in_header: UUID | None) -> UUID | None:
    """Return the request's number, wherever it stands; InvalidInputError where both differ."""
    if in_body is not None and in_header is not None and in_body != in_header:
        raise InvalidInputError(
            _("请求编号在正文和 Idempotency-Key 中不同。"),
            hint=_("请只写一处，或写成一样。"),
            field="request",
        )
    return in_body or in_header
