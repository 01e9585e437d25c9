"""The whole case as one PDF with an index. Each section is a title and rows; later parts add theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.certification.queries.case import CaseFile, timeline_of
from greenward.certification.queries.snapshots import status_name
from greenward.core.pdf import pdf

TEMPLATE = Path(__file__).with_name("casefile.typ")


@dataclass(frozen=True)
class Section:
    """A section of the case file: its title, column headings, and rows of texts. Empty ones are left out."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


Part = Callable[[CaseFile], Section]
_parts: dict[str, tuple[int, Part]] = {}


def register(slug: str, order: int, part: Part) -> None:
    """Add a section; the same slug again replaces it."""
    _parts[slug] = (order, part)


def sections_of(case: CaseFile) -> list[Section]:
    """Return the sections that have rows, in order."""
    made = [part(case) for _order, part in sorted(_parts.values(), key=lambda one: one[0])]
    return [one for one in made if one.rows]


def pdf_of(case: CaseFile, *, at: datetime) -> bytes:
    """Return the case file as PDF; single figures of people are marked as on the reader's page."""
    application = case.application
    data = {
        "title": _("申报案卷"),
        "name": case.place.name,
        "index": _("目录"),
        "made": _("生成于 %(at)s") % {"at": _time(at)},
        "facts": [
            [_("申报编号"), str(application.pk)],
            [_("社区代码"), case.place.place.code],
            [_("状态"), str(case.state.label)],
            [_("该谁办"), case.line.holder or "—"],
        ],
        "sections": [
            {
                "title": one.title,
                "head": list(one.head),
                "rows": [[str(cell) for cell in row] for row in one.rows],
            }
            for one in sections_of(case)
        ],
    }
    return pdf(TEMPLATE, data)


def _time(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at is not None else ""


def _application(case: CaseFile) -> Section:
    snapshot = case.snapshot
    rows = [] if case.is_frozen and snapshot else [[_("申报说明"), case.application.narrative]]
    if snapshot is not None:
        rows = [
            [_("申报说明"), str(snapshot.content["narrative"])],
            [_("标准版次"), snapshot.edition],
            [_("数据截至"), snapshot.as_of.isoformat()],
            [_("申报人签名"), f"{snapshot.signed_name} {_time(snapshot.at)}"],
            [_("快照 SHA-256"), snapshot.digest],
            [_("服务器签名"), snapshot.signature],
        ]
    rows += [[_("附件"), f"{one.name} {one.file.digest}"] for one in case.attachments]
    return Section(_("申报"), [_("项目"), _("内容")], rows)


def _items(case: CaseFile) -> Section:
    rows = [
        [
            f"{one['id']} {one['short']}",
            status_name(one["status"]),
            "；".join(f"{fact['label']}：{fact['text']}（{fact['source']}）" for fact in one["facts"]),
            "；".join(f"{use['name']} {use['sha256'][:12]}" for use in one["evidence"]) or "—",
        ]
        for one in case.items
    ]
    return Section(_("逐项情况"), [_("项"), _("结论"), _("依据"), _("材料")], rows)


def _returned(case: CaseFile) -> Section:
    rows = [
        [one.item, one.reason, f"{one.by or ''} {_time(one.at)}", one.answer or _("未答复")]
        for one in case.returned
    ]
    return Section(_("退回与补正"), [_("项"), _("退回理由"), _("退回"), _("答复")], rows)


def _visits(case: CaseFile) -> Section:
    rows = [
        [
            visit.visited_on.isoformat(),
            str(visit.by or _("系统")),
            one.item,
            one.get_finding_display(),
            one.note,
        ]
        for visit in case.visits
        for one in visit.findings.all()
    ]
    return Section(_("现场核查"), [_("日期"), _("核查人"), _("项"), _("情况"), _("说明")], rows)


def _countersigns(case: CaseFile) -> Section:
    rows = [
        [
            str(case.pack.department_by_slug.get(one.department, one.department)),
            one.item,
            one.get_said_display() if one.said else _("未表态（不视为同意）"),
            one.reason,
            _time(one.at),
        ]
        for one in case.countersigns
    ]
    return Section(_("部门会签"), [_("部门"), _("项"), _("意见"), _("理由"), _("时间")], rows)


def _opinions(case: CaseFile) -> Section:
    rows = [
        [one.item, str(one.favour), str(one.against), str(one.unsure), str(one.silent)] for one in case.spread
    ]
    return Section(_("专家意见"), [_("项"), _("符合"), _("不符合"), _("不能判断"), _("未提出")], rows)


def _draws(case: CaseFile) -> Section:
    rows = [[one.purpose, one.seed, "、".join(one.pot), "、".join(one.drawn) or "—"] for one in case.draws]
    return Section(_("抽取"), [_("用途"), _("随机种子"), _("候选"), _("抽中")], rows)


def _timeline(case: CaseFile) -> Section:
    rows = [[_time(one.at), one.who, one.what, one.why] for one in reversed(timeline_of(case))]
    return Section(_("经过"), [_("时间"), _("经办人"), _("办理"), _("理由")], rows)


for _order, (_slug, _part) in enumerate(
    {
        "application": _application,
        "items": _items,
        "returned": _returned,
        "visits": _visits,
        "countersigns": _countersigns,
        "opinions": _opinions,
        "draws": _draws,
    }.items()
):
    register(_slug, 10 * (_order + 1), _part)
register("timeline", 1000, _timeline)
