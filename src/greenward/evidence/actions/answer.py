"""Answering the questions that the finder raises."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.evidence import access
from greenward.evidence.models import Answer, Use
from greenward.evidence.queries.questions import get_pair
from greenward.territories.models import PlaceVersion

MOST_TEXT = 500


@transaction.atomic
def answer(use: Use, other: int, place: PlaceVersion, *, by: User | None, at: datetime, text: str) -> Answer:
    """Say why two uses show the same; the question is then settled, nothing else follows from it.

    By whoever reviews evidence at the place of ``use``. InvalidInputError for a text that is empty or longer
    than 500 characters, NotFoundError for no such question, ConflictError where somebody was faster.
    """
    access.check_may_review(by, place.path)
    said = text.strip()
    if not 1 <= len(said) <= MOST_TEXT:
        raise InvalidInputError(
            _("请写明核对的情况（最多 500 字）。"), hint=_("例如：两个社区共用一处活动中心。"), field="text"
        )
    asked = get_pair(use, other, path=place.path)
    made, fresh = Answer.objects.get_or_create(
        use=use, other=asked, defaults={"text": said, "by": by, "at": at}
    )
    if not fresh:
        raise ConflictError(_("这个疑问已经有人答复。"), hint=_("请刷新页面查看。"), number=made.pk)
    audit.record("evidence.answer", use, by=by, at=at, scope=place.path, other=asked.pk)
    return made
