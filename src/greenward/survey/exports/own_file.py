"""A community's own file (社区摸底档案): all that is known of it, with sources and what is doubtful."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.packs.schema.forms import Check, Column, Field, Form, Section
from greenward.programmes import queries as programmes
from greenward.survey.answers.checks import broken, fields_of, hidden_of
from greenward.survey.answers.single import from_json
from greenward.survey.answers.words import in_words
from greenward.survey.exports.chosen import Subject, subjects_of
from greenward.survey.exports.withholding import rule_in_words
from greenward.survey.models import Entry, Round
from greenward.survey.queries.cases import case_of
from greenward.survey.queries.rounds import current_round
from greenward.survey.queries.surveyed import entries_by_place
from greenward.survey.queries.values import Value, known_from
from greenward.survey.sensitivity import Person, Sight, mark, sight_of
from greenward.territories.models import UNIT_PARENT, Alias, Level, PlaceVersion
from greenward.territories.queries import ancestors, get_place_for, urban_communities, versions_on


@dataclass(frozen=True)
class Line:
    """A field with its answer in words, whether it is known, and who gave it when."""

    label: str
    answer: str
    is_known: bool
    source: str = ""
    on: date | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True)
class Grid:
    """A table: its title, headings and rows of words; unknown cells are empty."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Doubt:
    """A warning that stands: where, what it says, and the reason that was given (empty: none)."""

    place: str
    message: str
    reason: str


@dataclass(frozen=True)
class OwnFile:
    """One community's file as of a day, as far as the person may see it."""

    place: PlaceVersion
    above: tuple[PlaceVersion, ...]
    as_of: date
    identity: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    tables: tuple[Grid, ...]
    units: tuple[Grid, ...]
    doubts: tuple[Doubt, ...]
    state: tuple[tuple[str, str], ...]
    rule: str
    edition: str

    @property
    def known(self) -> int:
        """Fields with an answer."""
        return sum(line.is_known for _title, lines in self.groups for line in lines)

    @property
    def asked(self) -> int:
        """All fields."""
        return sum(len(lines) for _title, lines in self.groups)

    def as_data(self) -> dict[str, Any]:
        """Return the file as plain texts for a printed document."""
        return {
            "title": _("社区摸底档案"),
            "name": self.place.name,
            "day": _("截至 %(day)s") % {"day": f"{self.as_of:%Y-%m-%d}"},
            "known": _("已知 %(known)d / %(asked)d 项") % {"known": self.known, "asked": self.asked},
            "identity": [list(pair) for pair in self.identity],
            "state": [list(pair) for pair in self.state],
            "groups": [
                {"title": title, "lines": [_plain(line) for line in lines]} for title, lines in self.groups
            ],
            "tables": [_grid(one) for one in (*self.tables, *self.units)],
            "doubts": [[one.place, one.message, one.reason or _("没有写理由")] for one in self.doubts],
            "rule": self.rule,
            "words": _words(),
            "made": _("生成于 %(at)s · 方案包 %(edition)s")
            % {"at": f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}", "edition": self.edition},
        }


def own_file_for(person: Person, code: str, *, as_of: date) -> OwnFile:
    """Return the file of a community; NotFoundError beyond reach and for what is no community.

    A fixed number of queries, however many units and entries there are.
    """
    place = _community(person, code, as_of)
    pack = programmes.policy(programmes.current(as_of))
    units = (
        versions_on(as_of).filter(place__level__in=UNIT_PARENT, path__startswith=place.path).order_by("path")
    )
    places = [place, *units]
    entries = entries_by_place([one.place_id for one in places], as_of)
    subjects = {(one.level.value, one.sort): one for one in subjects_of(pack)}
    own = subjects[Level.COMMUNITY.value, ""]
    known = known_from(entries.get(place.place_id, ()), own.form)
    held = current_round(as_of)
    sight = sight_of(person)
    above = tuple(ancestors(place, on=as_of))
    return OwnFile(
        place=place,
        above=above,
        as_of=as_of,
        identity=tuple(_identity(place, above, as_of)),
        groups=tuple((str(one.title), _lines(sight, place, one, known)) for one in own.form.sections),
        tables=tuple(_tables([one for one in own.fields if sight.shows(one, place.path)], known)),
        units=tuple(_units(sight, places[1:], subjects, entries)),
        doubts=tuple(_doubts(sight, places, subjects, entries, as_of)),
        state=tuple(_state(held, place)),
        rule=rule_in_words() if _withholds(sight, place, subjects.values()) else "",
        edition=f"{pack.manifest.id} {pack.manifest.edition}",
    )


def _withholds(sight: Sight, place: PlaceVersion, subjects: Iterable[Subject]) -> bool:
    return any(not sight.shows(field, place.path) for one in subjects for field in one.fields)


def _community(person: Person, code: str, day: date) -> PlaceVersion:
    if person is None:
        place = versions_on(day).filter(place__code=code).first()
    else:
        place = get_place_for(person, code, on=day)
    if place is None or place.place.level != Level.COMMUNITY:
        raise NotFoundError(
            _("代码 %(code)s 不是社区，没有摸底档案。") % {"code": code}, hint=_("请选择社区。"), code=code
        )
    return place


def _identity(place: PlaceVersion, above: Sequence[PlaceVersion], day: date) -> Iterable[tuple[str, str]]:
    yield _("名称"), place.name
    yield _("代码"), place.place.code
    names = {one.place.level: one.name for one in above}
    yield _("街道（乡镇）"), names.get(Level.SUBDISTRICT, "")
    yield _("区"), names.get(Level.DISTRICT, "")
    aliases = Alias.objects.filter(place=place.place_id, during__contains=day).order_by("text")
    yield _("别名和其他代码"), "、".join(f"{one.text}（{one.source}）" for one in aliases) or "—"
    begun = place.during.lower
    since = f"{begun:%Y-%m-%d}" if begun else _("有记录以来")
    yield _("现行区划自"), since
    urban = urban_communities(day).filter(pk=place.pk).exists()
    yield _("计入城市社区"), _("是") if urban else _("否")


def _lines(
    sight: Sight, place: PlaceVersion, section: Section, known: Mapping[str, Value]
) -> tuple[Line, ...]:
    return tuple(_line(sight, place, field, known.get(field.id)) for field in section.fields)


def _line(sight: Sight, place: PlaceVersion, field: Field, value: Value | None) -> Line:
    if value is None:
        return Line(str(field.label), _("未知"), is_known=False)
    if not sight.shows(field, place.path):
        return Line(str(field.label), mark(), is_known=True)
    answer = _("见下表") if field.type == "table" and value.value else in_words(field, value.value)
    again = value.true_on if value.confirmed is not None else None
    return Line(str(field.label), answer, is_known=True, source=value.source, on=value.on, confirmed_on=again)


def _tables(fields: Sequence[Field], known: Mapping[str, Value]) -> Iterable[Grid]:
    for field in fields:
        value = known.get(field.id)
        if field.type != "table" or value is None or not isinstance(value.value, list) or not value.value:
            continue
        headings = tuple(_heading(str(one.label), one.unit) for one in field.columns)
        rows = tuple(tuple(_cell(one, row.get(one.id)) for one in field.columns) for row in value.value)
        yield Grid(str(field.label), headings, rows)


def _cell(column: Column, kept: object) -> str:
    answer = from_json(column, kept)
    return "" if answer is None else in_words(column, answer).removesuffix(column.unit or "")


def _units(
    sight: Sight,
    units: Sequence[PlaceVersion],
    subjects: Mapping[tuple[str, str], Subject],
    entries: Mapping[int, Sequence[Entry]],
) -> Iterable[Grid]:
    """Yield a table per kind of unit, with the fields that any of them has an answer to."""
    for (level, sort), subject in subjects.items():
        here = [one for one in units if one.place.level == level and one.sort == sort]
        if not here:
            continue
        known = {one.pk: known_from(entries.get(one.place_id, ()), subject.form) for one in here}
        shown = [
            field
            for field in subject.fields
            if field.id != subject.form.key and any(field.id in known[one.pk] for one in here)
        ]
        headings = (_("名册代码"), _("名称"), *(_heading(str(one.label), one.unit) for one in shown))
        rows = tuple(
            (
                one.place.code.removeprefix(one.path.split("/")[3]),
                one.name,
                *(_short(sight, one, field, known[one.pk].get(field.id)) for field in shown),
            )
            for one in here
        )
        title = _("%(title)s（%(n)d 个）") % {"title": subject.title, "n": len(here)}
        yield Grid(title, headings, rows)


def _short(sight: Sight, place: PlaceVersion, field: Field, value: Value | None) -> str:
    if value is None:
        return ""
    if not sight.shows(field, place.path):
        return mark()
    return in_words(field, value.value).removesuffix(field.unit or "")


def _heading(label: str, unit: str | None) -> str:
    return f"{label}（{unit}）" if unit else label


def _doubts(
    sight: Sight,
    places: Sequence[PlaceVersion],
    subjects: Mapping[tuple[str, str], Subject],
    entries: Mapping[int, Sequence[Entry]],
    day: date,
) -> Iterable[Doubt]:
    """Yield the checks that the answers break; a reason counts while the check's values stand."""
    for place in places:
        subject = subjects.get((place.place.level, place.sort))
        if subject is None:
            continue
        held = entries.get(place.place_id, ())
        known = known_from(held, subject.form)
        for one in broken(subject.form, {name: value.value for name, value in known.items()}, day):
            reason = _reason(held, known, subject.form, one.check)
            hidden = hidden_of(one.fields, sight, place.path)
            yield Doubt(place.name, str(one.check.message), mark() if hidden and reason else reason)


def _reason(held: Sequence[Entry], known: Mapping[str, Value], form: Form, check: Check) -> str:
    changed = max((known[f.id].entry.pk for f in fields_of(form, check) if f.id in known), default=0)
    said = [entry for entry in held if entry.pk >= changed and entry.reasons.get(check.id)]
    return str(said[-1].reasons[check.id]) if said else ""


def _state(held: Round | None, place: PlaceVersion) -> Iterable[tuple[str, str]]:
    if held is None:
        return
    standing = case_of(held, place.place).standing
    yield (
        _("摸底轮次"),
        _("%(title)s（基准日 %(day)s）") % {"title": held.title, "day": f"{held.reference_on:%Y-%m-%d}"},
    )
    since = f"{timezone.localtime(standing.since):%Y-%m-%d}" if standing.since else ""
    yield _("核验状态"), f"{standing.state.label} {since}".strip()
    if standing.who:
        yield _("待谁处理"), standing.who
    if standing.returned:
        yield _("退回待补"), _("%(n)d 项") % {"n": standing.returned}


def _plain(line: Line) -> list[str]:
    days = [f"{day:%Y-%m-%d}" for day in (line.on,) if day]
    if line.confirmed_on:
        days.append(_("%(day)s 确认") % {"day": f"{line.confirmed_on:%Y-%m-%d}"})
    return [line.label, line.answer, line.source, " ".join(days), "1" if line.is_known else ""]


def _grid(one: Grid) -> dict[str, Any]:
    return {"title": one.title, "headings": list(one.headings), "rows": [list(row) for row in one.rows]}


def _words() -> dict[str, str]:
    return {
        "identity": _("名册信息"),
        "state": _("本轮摸底"),
        "unknown": _("未知："),
        "doubts": _("需要留意的数据"),
        "place": _("地方"),
        "message": _("提示"),
        "reason": _("理由"),
        "no_doubts": _("没有。"),
        "sign": _("社区居委会（签字）"),
        "check": _("街道核对（签字）"),
        "date": _("日期"),
    }
