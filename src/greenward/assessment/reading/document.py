"""One community's result as one page of A4, for the file and for the wall."""

from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from greenward.assessment.models import Verdict
from greenward.assessment.reading.conditions import Condition
from greenward.assessment.reading.lexicon import listed
from greenward.core import clock
from greenward.core.pdf import pdf

if TYPE_CHECKING:  # the query of readings makes what is told here
    from greenward.assessment.queries.reading import ItemReading, Reading

TEMPLATE = Path(__file__).parent / "page.typ"
WAYS = 3


def page_pdf(reading: "Reading") -> bytes:
    """Return the page in the reader's language; PdfError where it cannot be set."""
    return pdf(TEMPLATE, page_data(reading))


def page_data(reading: "Reading") -> dict[str, object]:
    """Return the page's texts."""
    found, standard = reading.found, reading.found.pack.standard
    notes = [] if standard.verified else [_("标准文本待核：") + str(standard.note or "")]
    if found.is_outdated:
        notes.append(_("数据已更正，评定待更新"))
    if reading.ages.sentence:
        notes.append(reading.ages.sentence)
    if found.refinement is not None and found.own_verdict is not None:
        told = {"title": found.refinement.title, "word": Verdict(str(found.own_verdict)).label}
        notes.append(_("本区细化 · %(title)s：%(word)s（本区自定，不影响全市的结论和合计。）") % told)
    return {
        "title": _("%(name)s 对标") % {"name": found.place.name},
        "lang": "en" if (get_language() or "").startswith("en") else "zh",
        "place": found.place.name,
        "where": f"{found.place.place.code} · {found.as_of} · {found.edition}",
        "verdict": str(found.verdict),
        "verdict_word": str(Verdict(str(found.verdict)).label),
        "sentence": reading.sentence,
        "levels": [
            f"{_HOLDS[level.holds]} {level.title}：{listed([_needed(one) for one in level.needs.singles])}"
            for level in reading.levels
        ],
        "words": {
            "item": _("项"),
            "now": _("现状（要求）"),
            "lacking": _("还差"),
            "who": _("责任部门"),
            "ways": _("最容易的改变"),
        },
        "rows": [_row(item) for item in reading.items],
        "ways": ["；".join(step.told for step in path.steps) for path in reading.paths[:WAYS]],
        "notes": notes,
        "made": _("%(moment)s 生成") % {"moment": f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}"},
    }


_HOLDS = {True: "✓", False: "×", None: "?"}


def _row(item: "ItemReading") -> dict[str, object]:
    found = item.found
    points = f"{item.points} / {item.out_of}" if item.points and item.out_of else item.points
    if found.status == "not_applicable":
        whether = [one for each in item.indicators if each.applies for one in each.applies.singles]
        now, wanting = [_("不适用"), *(_standing(one) for one in whether if not one.holds)], []
    else:
        shown = item.lacking or item.singles
        now = [*(_standing(one) for one in shown), *(part.short for part in item.parts)]
        wanting = [text for one in item.lacking for text in [_wanting(one)] if text]
        if item.missing:
            names = listed([value.label for value in item.missing])
            wanting.append(_("缺：%(names)s") % {"names": names})
    return {
        "status": str(found.status),
        "name": f"{found.id} {found.item.short}",
        "points": points,
        "now": now,
        "lacking": wanting,
        "who": listed([str(department.name) for department in found.departments]),
    }


def _standing(one: Condition) -> str:
    now = _("仅汇总") if one.withheld else one.now or (_("未知") if one.holds is None else "")
    told = {"what": one.subject, "now": now, "asked": one.asked}
    if one.until is not None:
        return _("%(what)s：%(now)s（%(asked)s，有效至 %(day)s）") % {**told, "day": one.until.isoformat()}
    return _("%(what)s：%(now)s（%(asked)s）") % told


def _wanting(one: Condition) -> str:
    if one.missing:
        return _("缺：%(names)s") % {"names": listed([value.label for value in one.missing])}
    return one.lacking or (_("未做到") if one.holds is False and not one.withheld else "")


def _needed(one: Condition) -> str:
    return f"{one.subject} {one.asked}" + (f"（{one.now}）" if one.now else "")
