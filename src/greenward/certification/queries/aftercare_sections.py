"""Sections of the case file on what follows the decision: notice, objections, title; never who objected."""

from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.certification.models import NoticeEntry, Objection, Title
from greenward.certification.queries.case import CaseFile
from greenward.certification.queries.casefile import Section, register
from greenward.certification.queries.titles import history_of_title


def notice(case: CaseFile) -> Section:
    """Return in which notice the application stood."""
    entry = NoticeEntry.objects.filter(application=case.application).select_related("notice").first()
    rows: list[list[str]] = []
    if entry is not None:
        one = entry.notice
        rows = [[one.title, f"{one.published_on} – {one.ends_on}", one.contact]]
    return Section(_("公示"), [_("标题"), _("公示期"), _("受理单位和联系方式")], rows)


def objections(case: CaseFile) -> Section:
    """Return what became of objections: when, state and answer, without a word of who made them."""
    found = Objection.objects.filter(entry__application=case.application)
    rows = [
        [
            timezone.localdate(one.received_at).isoformat(),
            one.get_state_display(),
            one.answer or "—",
            one.due_on.isoformat(),
        ]
        for one in found
    ]
    return Section(_("异议"), [_("收到"), _("状态"), _("答复"), _("答复期限")], rows)


def title(case: CaseFile) -> Section:
    """Return the title's number and what happened to it."""
    one = Title.objects.filter(application=case.application).first()
    rows: list[list[str]] = []
    if one is not None:
        rows = [
            [one.number, event.on.isoformat(), event.get_what_display(), event.document or "—"]
            for event in history_of_title(one)
        ]
    return Section(_("称号"), [_("编号"), _("日期"), _("经过"), _("文号")], rows)


def add_sections() -> None:
    """Put the three between the draws and the timeline."""
    register("notice", 100, notice)
    register("objections", 110, objections)
    register("title", 120, title)
