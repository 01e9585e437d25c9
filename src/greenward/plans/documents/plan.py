"""A version of a plan as PDF: title, document number, text, schedule, measures, targets as an annex."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from greenward.core.pdf import pdf
from greenward.plans import queries
from greenward.plans.models import PlanVersion
from greenward.plans.queries import PlanContent, Proposed
from greenward.plans.states import Measure, PlanState
from greenward.territories.models import PlaceVersion

TEMPLATE = Path(__file__).with_name("plan.typ")


def plan_pdf(version: PlanVersion, place: PlaceVersion) -> bytes:
    """Return the version as PDF; PdfError if it cannot be set."""
    return pdf(TEMPLATE, document_of(version, place))


def document_of(version: PlanVersion, place: PlaceVersion) -> dict[str, Any]:
    """Return the version as words in order: what the page prints."""
    content = queries.content_of(version)
    pack = queries.policy_of(version)
    offices = queries.offices_of(pack, place)
    asked = queries.asked_of(version.programme, place.path, version.figures_on)
    return {
        "title": f"{place.name}{pack.plan.title if pack.plan else version._meta.verbose_name}",  # noqa: SLF001 - documented
        "number": version.document,
        "state": _state(version),
        "date": version.filed_on.isoformat() if version.filed_on else "",
        "issuer": place.name,
        "parts": [
            {"heading": _("一、总体要求"), "lines": _paragraphs(content)},
            {"heading": _("二、创建目标"), "lines": [_goal(one) for one in queries.sums_of(content, asked)]},
            {
                "heading": _("三、时序安排"),
                "lines": [
                    _("%(day)s前：%(title)s") % {"day": one.due.isoformat(), "title": one.title}
                    + (_("（条款%(clause)s）") % {"clause": one.clause} if one.clause else "")
                    for one in content.milestones
                ],
            },
            {
                "heading": _("四、工作措施和责任单位"),
                "lines": [_measure(one, offices) for one in content.measures],
            },
        ],
        "annex": _annex(version, content),
    }


def _state(version: PlanVersion) -> str:
    told = _("第%(number)d版 · %(state)s · 数据截至%(day)s") % {
        "number": version.number,
        "state": PlanState(version.state).label,
        "day": version.figures_on.isoformat(),
    }
    return told if version.state == PlanState.FILED else f"{told} · {_('未报送，仅供本区内部使用')}"


def _paragraphs(content: PlanContent) -> list[str]:
    return [line for line in content.introduction.splitlines() if line.strip()] or [_("（未填写）")]


def _goal(one: queries.SumLine) -> str:
    return _(
        "%(day)s前，参与创建并达到创建要求的城市社区计划%(planned)d个；要求不少于%(asked)d个"
        "（全区%(all)d个城市社区的%(percent)s%%，条款%(clause)s）"
    ) % {
        "day": one.asked.due.isoformat(),
        "planned": one.planned,
        "asked": one.asked.number,
        "all": one.asked.denominator,
        "percent": f"{float(one.asked.share * 100):g}",
        "clause": one.asked.clause,
    }


def _measure(one: queries.MeasureLine, offices: dict[str, str]) -> str:
    who = "、".join(offices.get(slug, slug) for slug in one.departments) or _("未定")
    until = _("；%(day)s前完成") % {"day": one.due.isoformat()} if one.due else ""
    return _("%(text)s（责任单位：%(who)s%(until)s）") % {"text": one.text, "who": who, "until": until}


def _annex(version: PlanVersion, content: PlanContent) -> dict[str, Any]:
    """Return the table of targets: a row per place, a column per day and measure."""
    proposed = [Proposed.of(one) for one in version.figures]
    columns = sorted({(one.due, one.measure) for one in proposed})
    names = {one.code: one.name for one in proposed}
    rows = []
    for code, name in names.items():
        lines = [content.targets.get((code, due, measure)) for due, measure in columns]
        notes = "；".join(line.note for line in lines if line and line.note)
        rows.append([name, *(str(line.number) if line else "—" for line in lines), notes])
    total = [
        str(sum(line.number for (_c, d, m), line in content.targets.items() if (d, m) == column))
        for column in columns
    ]
    return {
        "title": _("附件 各街道（乡镇）目标"),
        "headings": [
            _("街道（乡镇）"),
            *(f"{due.isoformat()} {Measure(measure).label}" for due, measure in columns),
            _("说明"),
        ],
        "rows": [*rows, [_("合计"), *total, ""]],
    }
