"""The survey's printed documents: a community's own file, the certificate of completeness."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.core.errors import ConflictError
from greenward.core.pdf import pdf
from greenward.survey.exports.own_file import OwnFile
from greenward.survey.models import Completeness
from greenward.survey.queries.completeness import is_whole
from greenward.survey.states import CaseState
from greenward.territories.models import Level

FOLDER = Path(__file__).parent


def own_file_pdf(own: OwnFile) -> bytes:
    """Return a community's own file on A4."""
    return pdf(FOLDER / "own_file.typ", own.as_data())


def certificate_pdf(certificate: Completeness, *, corrections: int = 0) -> bytes:
    """Return a certificate of completeness on A4, as it was issued; ``corrections``: made since then.

    ConflictError where its content does not agree with its digest any more.
    """
    if not is_whole(certificate):
        raise ConflictError(
            _("第 %(number)d 号证明的内容与摘要不符，不能打印。") % {"number": certificate.pk},
            hint=_("请重新出具。"),
            number=certificate.pk,
        )
    return pdf(FOLDER / "certificate.typ", _certified(certificate, corrections))


def _certified(certificate: Completeness, corrections: int) -> dict[str, object]:
    figures, held = certificate.figures, certificate.round
    statement = _(
        "%(place)s“%(round)s”，基准日 %(reference)s，截至 %(day)s：应摸底 %(due)d 个城市社区，%(said)s。"
    ) % {
        "place": figures["name"],
        "round": held.title,
        "reference": figures["reference_on"],
        "day": figures["as_of"],
        "due": figures["due"],
        "said": "、".join(one["name"] for one in figures["statements"] if one["holds"]),
    }
    notes = [_("名单：%(n)d 个社区，随证明保存。") % {"n": len(figures["communities"])}]
    if corrections:
        notes.append(_("出具之后有 %(n)d 次更正；本证明说的是截至日的情况。") % {"n": corrections})
    return {
        "title": _("摸底完整性证明"),
        "number": _("第 %(number)d 号 · 摘要（SHA-256）%(digest)s")
        % {"number": certificate.pk, "digest": certificate.digest},
        "statement": statement,
        "figures": _figures(figures),
        "notes": notes,
        "signed": [
            [_("单位（章）"), ""],
            [_("出具时间"), f"{timezone.localtime(certificate.at):%Y-%m-%d %H:%M}"],
        ],
    }


def _figures(figures: Mapping[str, Any]) -> list[list[str]]:
    """Return rows of name, figure and definition."""
    rows = [
        [one["name"], f"{one['reached']} / {one['of']}", one["rests_on"]] for one in figures["statements"]
    ]
    states = figures["states"]
    rows += [[str(state.label), str(states.get(state.value, 0)), _("社区数")] for state in CaseState]
    rows += [
        [str(Level(level).label), str(number), _("截至日名册上的个数")]
        for level, number in figures["units"].items()
    ]
    rows.append([_("写明理由的提示"), str(figures["reasons"]), _("数据与校验不符，但写明了理由")])
    rows.append([_("核验后的更正"), str(figures["corrections"]), _("本轮以更正方式改过的次数")])
    labels = figures.get("concern_labels", {})
    rows += [[labels.get(slug, slug), str(n), _("未了结的疑点")] for slug, n in figures["concerns"].items()]
    return rows
