"""A submission's own particulars: by which way it comes, when it was true, why values stand, its number."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.clock import FIRST
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.survey.states import Way

LONGEST_REASON = 500
MOST_REASONS = 100
LONGEST_ORIGIN = 160
CHECK = re.compile(r"[a-z][a-z0-9_.:-]{0,119}")


@dataclass(frozen=True)
class Sent:
    """Who sends (None: the system), when, and what an entry keeps beside its values (see ``Entry``)."""

    by: User | None
    at: datetime
    way: Way = Way.FORM
    origin: str = ""
    observed_on: date | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    request: UUID | None = None

    @property
    def day(self) -> date:
        """The local day on which it arrives."""
        return timezone.localdate(self.at)

    @property
    def true_on(self) -> date:
        """The day on which it was true."""
        return self.observed_on or self.day

    @property
    def sender(self) -> int | None:
        """The sender's number; None for the system."""
        return self.by.pk if self.by is not None else None


def check_sent(sent: Sent) -> None:
    """Raise InvalidInputError where particulars make no sense: a day to come, an endless reason."""
    if sent.observed_on is not None and not FIRST <= sent.observed_on <= sent.day:
        raise InvalidInputError(
            _("数据日期 %(day)s 不对：应在今天或以前。") % {"day": sent.observed_on},
            hint=_("请核对这些数据是哪一天的情况。"),
            field="observed_on",
        )
    if len(sent.origin) > LONGEST_ORIGIN:
        raise InvalidInputError(
            _("数据来源过长。"), hint=_("最多 %(most)d 个字。") % {"most": LONGEST_ORIGIN}, field="origin"
        )
    wrong = {
        check: {
            "code": "reason_length",
            "message": _("理由应为 1 到 %(most)d 个字。") % {"most": LONGEST_REASON},
        }
        for check, reason in sent.reasons.items()
        if not 0 < len(reason) <= LONGEST_REASON
    }
    wrong |= {
        check: {"code": "unknown_check", "message": _("没有这条检查，请核对代号。")}
        for check in sent.reasons
        if CHECK.fullmatch(check) is None
    }
    if wrong or len(sent.reasons) > MOST_REASONS:
        raise InvalidInputError(
            _("有 %(n)d 条理由填写有误，没有保存。") % {"n": len(wrong) or len(sent.reasons)},
            hint=_("每条提示写一条理由。"),
            fields=wrong,
        )


def request_of_another() -> ConflictError:
    """Return the refusal of a request number that belongs to another request; it tells nothing of that."""
    return ConflictError(
        _("这个请求编号已经用于另一次提交，没有保存。"),
        hint=_("每次提交请用新的编号；只有原样重发同一次提交时才用原来的编号。"),
        reason="request_reused",
    )
