"""The day a page speaks of: ``?as_of=2022-09-15``, today if absent; links keep it."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from greenward.core import clock
from greenward.core.errors import InvalidInputError


def as_of(request: HttpRequest) -> date:
    """Return the day asked for; InvalidInputError if the text is no date."""
    text = request.GET.get("as_of", "").strip()
    if not text:
        return clock.today()
    try:
        return clock.read_day(text)
    except ValueError:
        raise InvalidInputError(
            _("“%(text)s”不是日期。") % {"text": text},
            hint=_("请写成 2022-09-15 这样的日期。"),
            field="as_of",
        ) from None


def kept_day(request: HttpRequest) -> str | None:
    """Return the day that links must keep: the one asked for, None for today and for what is no date."""
    text = request.GET.get("as_of", "").strip()
    try:
        return clock.read_day(text).isoformat()
    except ValueError:
        return None
