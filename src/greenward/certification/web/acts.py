"""The acts that a case's page posts: each reads its form, calls one action, and says what was done."""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.actions import applying, recommending, reviewing
from greenward.certification.models import Application, Attachment, ReturnedItem, Seat
from greenward.certification.states import MOVES, Finding, Reply, Stance
from greenward.core import clock
from greenward.core.errors import InvalidInputError, NotFoundError
from greenward.evidence.actions import keep_file

Act = Callable[[HttpRequest, Application, User], str]


def _seen(request: HttpRequest) -> int | None:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() else None


def _by_item(request: HttpRequest, prefix: str) -> dict[str, str]:
    """Return what was typed or chosen under ``prefix:item``, blanks left out."""
    return {
        name.removeprefix(prefix): str(value).strip()
        for name, value in request.POST.items()
        if name.startswith(prefix) and str(value).strip()
    }


def _narrative(request: HttpRequest, application: Application, person: User) -> str:
    applying.write_narrative(
        application, request.POST.get("narrative", ""), by=person, at=clock.now(), seen=_seen(request)
    )
    return _("申报说明已保存。")


def _attach(request: HttpRequest, application: Application, person: User) -> str:
    upload = request.FILES.get("file")
    if upload is None or upload.name is None:
        raise InvalidInputError(_("没有选择文件。"), hint=_("请选择要附的文件。"), field="file")
    file = keep_file(upload.name, upload.read(), by=person, at=clock.now())
    applying.attach(application, request.POST.get("slot", ""), file, by=person, at=clock.now())
    return _("已附上“%(name)s”。") % {"name": upload.name}


def _detach(request: HttpRequest, application: Application, person: User) -> str:
    number = request.POST.get("attachment", "")
    held = Attachment.objects.filter(
        application=application, pk=int(number) if number.isdecimal() else 0
    ).first()
    if held is None:
        raise NotFoundError(_("没有这份附件。"), hint=_("请刷新页面。"))
    applying.detach(held, by=person, at=clock.now())
    return _("已取下附件。")


def _submit(request: HttpRequest, application: Application, person: User) -> str:
    applying.submit(
        application,
        by=person,
        at=clock.now(),
        signed_name=request.POST.get("signed_name", ""),
        seen=_seen(request),
    )
    return _("已提交，申报内容已冻结。")


def _answer(request: HttpRequest, application: Application, person: User) -> str:
    number = request.POST.get("returned", "")
    one = ReturnedItem.objects.filter(
        application=application, pk=int(number) if number.isdecimal() else 0
    ).first()
    if one is None:
        raise NotFoundError(_("这一项没有被退回。"), hint=_("请刷新页面。"))
    applying.answer_returned(one, request.POST.get("answer", ""), by=person, at=clock.now())
    return _("已答复退回的项。")


def _visit(request: HttpRequest, application: Application, person: User) -> str:
    notes = _by_item(request, "note:")
    found = [
        recommending.Seen(item, Finding(value), notes.get(item, ""))
        for item, value in _by_item(request, "finding:").items()
        if value in Finding.values
    ]
    try:
        visited_on = date.fromisoformat(request.POST.get("visited_on", ""))
    except ValueError as error:
        raise InvalidInputError(
            _("请填写核查日期。"), hint=_("例如 2022-09-15。"), field="visited_on"
        ) from error
    recommending.record_visit(
        application,
        visited_on=visited_on,
        findings=found,
        by=person,
        at=clock.now(),
        summary=request.POST.get("summary", ""),
        seen=_seen(request),
    )
    return _("已登记现场核查。")


def _return(request: HttpRequest, application: Application, person: User) -> str:
    items = [recommending.SentBack(item, why) for item, why in _by_item(request, "why:").items()]
    recommending.return_items(
        application,
        items,
        by=person,
        at=clock.now(),
        note=request.POST.get("note", ""),
        seen=_seen(request),
    )
    return _("已退回 %(n)d 项。") % {"n": len(items)}


def _countersign(request: HttpRequest, application: Application, person: User) -> str:
    reasons = _by_item(request, "reason:")
    said = {
        item: (Reply(value), reasons.get(item, ""))
        for item, value in _by_item(request, "said:").items()
        if value in Reply.values
    }
    if not said:
        raise InvalidInputError(_("没有选择任何一项的会签意见。"), hint=_("请至少会签一项。"), field="said")
    department = request.POST.get("department", "")
    reviewing.countersign(application, department, said, by=person, at=clock.now())
    return _("已会签 %(n)d 项。") % {"n": len(said)}


def _own_seat(application: Application, person: User) -> Seat:
    seat = application.seats.filter(user=person, vacated_at=None).first()
    if seat is None:
        raise NotFoundError(_("您不是这份申报的评审专家。"), hint=_("请从申报列表打开。"))
    return seat


def _opinions(request: HttpRequest, application: Application, person: User) -> str:
    reasons = _by_item(request, "reason:")
    views = [
        reviewing.View(item, Stance(value), reasons.get(item, ""))
        for item, value in _by_item(request, "stance:").items()
        if value in Stance.values
    ]
    reviewing.give_opinions(_own_seat(application, person), views, by=person, at=clock.now())
    return _("评审意见已提交。")


def _conflict(request: HttpRequest, application: Application, person: User) -> str:
    seat = _own_seat(application, person)
    reviewing.declare_conflict(seat, request.POST.get("conflict", ""), by=person, at=clock.now())
    return _("已声明回避，另抽取评审专家。")


def _move(action: Callable[..., object], verb: str) -> Act:
    def move(request: HttpRequest, application: Application, person: User) -> str:
        note = request.POST.get("note", "")
        action(application, by=person, at=clock.now(), note=note, seen=_seen(request))
        return _("已办理：%(move)s。") % {"move": MOVES[verb].name}

    return move


def _take_up(request: HttpRequest, application: Application, person: User) -> str:
    reviewing.take_up(application, by=person, at=clock.now(), seen=_seen(request))
    return _("已办理：%(move)s。") % {"move": MOVES["take_up"].name}


ACTS: dict[str, Act] = {
    "narrative": _narrative,
    "attach": _attach,
    "detach": _detach,
    "submit": _submit,
    "answer": _answer,
    "visit": _visit,
    "return": _return,
    "countersign": _countersign,
    "opinions": _opinions,
    "conflict": _conflict,
    "take_up": _take_up,
    "withdraw": _move(applying.withdraw_application, "withdraw"),
    "recommend": _move(recommending.recommend, "recommend"),
    "decline": _move(recommending.decline, "decline"),
    "approve": _move(reviewing.approve, "approve"),
    "refuse": _move(reviewing.refuse, "refuse"),
}
