"""Suspicions as people read them: the place, what is odd in words, who should look, the reason given."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Field, Form
from greenward.packs.schema.pack import Pack
from greenward.survey.answers.checks import fields_of, figures_sentence, hidden_of, sentence
from greenward.survey.answers.single import from_json
from greenward.survey.answers.words import in_words
from greenward.survey.models import Round
from greenward.survey.queries.cases import states_of
from greenward.survey.queries.rounds import everything_at, forms_of, policy_of
from greenward.survey.sensitivity import Sight, mark
from greenward.survey.states import CaseState, Suspect
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import versions_on

Row = Mapping[str, Any]
READABLE = 0.1
WHOLE = 100
"""From here on decimals tell nothing."""


@dataclass(frozen=True)
class Suspicion:
    """Something that somebody should look at; it says nothing about who is right.

    ``form`` is the id of a form on which the place's answers stand; ``who`` who should look, in words.
    ``withheld``: the reader does not see all figures that it is about, nor the reason.
    """

    kind: Suspect
    code: str
    place: PlaceVersion
    community: PlaceVersion
    form: str
    field: Field | None
    sentence: str
    who: str
    reason: str
    withheld: bool = False


def read(survey_round: Round, rows: Sequence[Row], day: date, *, sight: Sight) -> list[Suspicion]:
    """Return suspicions for rows of :class:`~greenward.survey.queries.quality.Findings`. Two queries.

    What a reader with this sight does not see is marked.
    """
    pack = policy_of(survey_round)
    others = {int(row["by"]) for row in rows if row["kind"] == Suspect.COPIED}
    wanted = {row["place_id"] for row in rows} | {row["community_id"] for row in rows} | others
    places = {one.place_id: one for one in versions_on(day).filter(place__in=wanted)}
    standings = states_of(survey_round, {row["community_id"] for row in rows})
    forms = _forms(survey_round, pack)
    found = []
    for row in rows:
        place, community = places.get(row["place_id"]), places.get(row["community_id"])
        if place is None or community is None:
            continue
        form_id, form = forms.get((place.place.level, place.sort), ("", None))
        field = _field(form, row["field"])
        hidden = _hidden(pack, form, row, sight, place.path)
        found.append(
            Suspicion(
                Suspect(row["kind"]),
                row["code"],
                place,
                community,
                form_id,
                field,
                _sentence(pack, form, field, row, places, hidden),
                _who(pack, field, row["kind"], standings[row["community_id"]].state),
                mark() if hidden and row["reason"] else row["reason"],
                bool(hidden),
            )
        )
    return found


def _forms(survey_round: Round, pack: Pack) -> dict[tuple[str, str], tuple[str, Form]]:
    """Return by level and sort: the first form's id, and the form of all that can be known there."""
    found: dict[tuple[str, str], tuple[str, Form]] = {}
    for form in forms_of(survey_round).values():
        kind = (form.level, form.sort or "")
        if kind not in found:
            found[kind] = (form.id, everything_at(pack, *kind))
    return found


def _field(form: Form | None, name: str | None) -> Field | None:
    return next((field for field in form.fields if field.id == name), None) if form is not None else None


def _hidden(pack: Pack, form: Form | None, row: Row, sight: Sight, path: str) -> frozenset[str]:
    """Return the fields (of a check across levels: the facts) in a row that the reader does not see."""
    kind = Suspect(row["kind"])
    if kind == Suspect.CROSS:
        return frozenset(name for name in json.loads(row["now"]) if not sight.shows_fact(pack, name, path))
    check = next((one for one in form.checks if one.id == row["code"]), None) if form is not None else None
    if kind == Suspect.CHECK and form is not None and check is not None:
        return hidden_of(fields_of(form, check), sight, path)
    named = [row["field"], row["by"] if kind == Suspect.OUTLIER else None]
    return hidden_of([one for name in named if (one := _field(form, name)) is not None], sight, path)


def _sentence(  # noqa: PLR0917 - what a sentence is made of
    pack: Pack,
    form: Form | None,
    field: Field | None,
    row: Row,
    places: Mapping[int, PlaceVersion],
    hidden: Collection[str],
) -> str:
    kind = Suspect(row["kind"])
    if kind in {Suspect.CHECK, Suspect.CROSS}:
        return _broken(pack, form, row, hidden)
    if kind == Suspect.COPIED:
        other = places.get(int(row["by"]))
        return _("填写的 %(n)s 个数字与“%(other)s”完全相同。") % {
            "n": row["now"],
            "other": other.name if other is not None else "—",
        }
    if field is None:
        return str(row["code"])
    if kind == Suspect.OUTLIER:
        return _outlier(form, field, row, hidden)
    now, against = (mark() if hidden else _told(field, row[name]) for name in ("now", "against"))
    if kind == Suspect.JUMP:
        return _("%(field)s：上一轮 %(then)s，现在 %(now)s，变动超过通常的 %(share)s%%。") % {
            "field": field.label,
            "then": against,
            "now": now,
            "share": f"{float(field.usual_change or 0) * 100:g}",
        }
    return _("%(field)s：现为 %(now)s，而%(source)s为 %(then)s。") % {
        "field": field.label,
        "now": now,
        "source": row["by"] or _("填报"),
        "then": against,
    }


def _broken(pack: Pack, form: Form | None, row: Row, hidden: Collection[str]) -> str:
    values = json.loads(row["now"])
    if row["kind"] == Suspect.CROSS:
        crossed = next(check for check in pack.checks if check.id == row["code"])
        return figures_sentence(crossed, pack.facts, values, hidden)
    check = next((one for one in form.checks if one.id == row["code"]), None) if form is not None else None
    if form is None or check is None:
        return str(row["code"])
    fields = fields_of(form, check)
    answers = {field.id: from_json(field, values[field.id]) for field in fields}
    return sentence(check, fields, answers, hidden)


def _outlier(form: Form | None, field: Field, row: Row, hidden: Collection[str]) -> str:
    per = _field(form, row["by"])
    times = _times(row["against"]) if per is not None else 1
    now, middle = (mark() if hidden else _plain(row[name], times) for name in ("now", "against"))
    values = {"field": field.label, "now": now, "middle": middle}
    if per is None:
        return _("%(field)s：%(now)s，本区中位数 %(middle)s。") % values
    unit = per.unit or per.label
    return _("%(field)s平均每%(unit)s %(now)s，本区中位数 %(middle)s。") % {
        **values,
        "unit": f"{times:,}{unit}" if times > 1 else unit,
    }


def _times(middle: str) -> int:
    """Return per how many a ratio is told, so that nobody has to read 0.0004 per square metre."""
    size = abs(_number(middle) or 1)
    return next((times for times in (1, 100) if size * times >= READABLE), 10_000)


def _told(field: Field, kept: str) -> str:
    """Return a value in words; numbers of columns come as text, feeds' values as JSON."""
    text = kept.strip('"')
    number = _number(text) if field.type in {"count", "number", "year"} else None
    answer = from_json(
        field, number if number is not None else {"true": True, "false": False}.get(text, text)
    )
    return in_words(field, answer) if answer is not None else text


def _plain(text: str, times: int) -> str:
    number = _number(text)
    if number is None:
        return text
    return f"{number * times:,.0f}" if abs(number * times) >= WHOLE else f"{number * times:.4g}"


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _who(pack: Pack, field: Field | None, kind: str, state: CaseState) -> str:
    """Return who should look: whoever holds the case; where sources differ, the field's holder too."""
    holders = {
        CaseState.FILLING: _("社区"),
        CaseState.RETURNED: _("社区"),
        CaseState.SUBMITTED: _("街道"),
        CaseState.CHECKED: _("区"),
        CaseState.ACCEPTED: _("街道或区（更正）"),
    }
    holder = pack.department_by_slug.get(field.holder) if field is not None and field.holder else None
    if kind == Suspect.DISAGREEMENT and holder is not None:
        return _("%(who)s、%(department)s") % {"who": holders[state], "department": holder.name}
    return holders[state]
