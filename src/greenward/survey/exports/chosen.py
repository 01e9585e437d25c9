"""What an export holds: which places, which of their fields, as of which day, for whom."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import InvalidInputError, NotFoundError
from greenward.packs.schema.forms import Field, Form, Section
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes
from greenward.survey.queries.rounds import everything_at
from greenward.survey.sensitivity import Person
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import get_place_for, places_for, urban_communities, versions_on

Wording = Literal["labels", "codes", "both"]
"""Headings and choices in the reader's language, as codes, or choices as both with headings in words."""
WORDINGS: tuple[Wording, ...] = ("labels", "codes", "both")


@dataclass(frozen=True)
class Subject:
    """What one sheet is about: places of a level (and sort), and the fields wanted of them."""

    level: Level
    sort: str
    title: str
    fields: tuple[Field, ...]
    form: Form

    @property
    def id(self) -> str:
        """Name of the subject in addresses and files: the level, or a facility's sort."""
        return self.sort or self.level.value

    @property
    def tables(self) -> tuple[Field, ...]:
        """Fields whose answers are tables."""
        return tuple(field for field in self.fields if field.type == "table")


@dataclass(frozen=True)
class Chosen:
    """Everything that was asked for. ``place`` is the one below which; itself included."""

    person: Person
    place: PlaceVersion
    as_of: date
    edition: str
    subjects: tuple[Subject, ...]
    wording: Wording = "labels"
    sources: bool = False

    def places(self, subject: Subject) -> QuerySet[PlaceVersion]:
        """Return the places of a subject within the person's reach, by path.

        Communities are the urban ones of the day (clause 1.1), units those of any community.
        """
        return _places(self.person, self.place, subject, self.as_of)

    def size(self) -> dict[str, int]:
        """Return how many rows each subject has. One query each."""
        return {subject.id: self.places(subject).count() for subject in self.subjects}


def subjects_of(pack: Pack) -> list[Subject]:
    """Return every subject that the pack's forms ask about, with all that can be known, from the top down."""
    order = list(Level)
    return sorted(_subjects(pack), key=lambda subject: order.index(subject.level))


def chosen_for(
    person: Person,
    *,
    as_of: date,
    place: str = "",
    subject: str = "",
    form: str = "",
    fields: Collection[str] = (),
    wording: str = "labels",
    sources: bool = False,
) -> Chosen:
    """Return what is asked for; NotFoundError for a place beyond reach, an unknown subject or form.

    ``place``: 12-digit code, where the reach begins if empty. ``subject``: level or sort, all if empty.
    ``form``: only what this form asks. ``fields``: only these, by id; InvalidInputError names unknown ones.
    """
    pack = programmes.policy(programmes.current(as_of))
    within = home_of(person, as_of) if not place else _place(person, place, as_of)
    found = _of_form(pack, form) if form else subjects_of(pack)
    if subject:
        found = [one for one in found if one.id == subject]
    if not found:
        raise NotFoundError(
            _("没有“%(subject)s”这个层级的表。") % {"subject": subject or form},
            hint=_("可用的：%(known)s。") % {"known": "、".join(one.id for one in subjects_of(pack))},
            subject=subject,
            form=form,
        )
    if fields:
        found = _only(found, fields)
    return Chosen(
        person=person,
        place=within,
        as_of=as_of,
        edition=f"{pack.manifest.id} {pack.manifest.edition}",
        subjects=tuple(found),
        wording=_wording(wording),
        sources=sources,
    )


def home_of(person: Person, day: date) -> PlaceVersion:
    """Return the place where the person's reach begins; NotFoundError for those without any."""
    places = _readable(person, day)
    first = places.order_by("path").first()
    if first is None:
        raise NotFoundError(_("您的账户还没有管辖范围。"), hint=_("请联系上级单位的经办人。"))
    return first


def _place(person: Person, code: str, day: date) -> PlaceVersion:
    if isinstance(person, User | AnonymousUser):
        return get_place_for(person, code, on=day)
    version = versions_on(day).filter(place__code=code).first()
    if version is None:
        raise NotFoundError(
            _("代码为 %(code)s 的地方在 %(day)s 不存在。") % {"code": code, "day": day},
            hint=_("请核对代码和日期。"),
            code=code,
        )
    return version


def _readable(person: Person, day: date) -> QuerySet[PlaceVersion]:
    return versions_on(day) if person is None else places_for(person, on=day)


def _places(person: Person, place: PlaceVersion, subject: Subject, day: date) -> QuerySet[PlaceVersion]:
    found = _readable(person, day).filter(
        place__level=subject.level, sort=subject.sort, path__startswith=place.path
    )
    if subject.level == Level.COMMUNITY:
        counted = urban_communities(day).filter(pk=OuterRef("pk"))
        found = found.filter(Exists(counted))
    return found.order_by("path")


def _subjects(pack: Pack) -> Iterator[Subject]:
    seen = set()
    for form in pack.forms:
        key = (form.level, form.sort or "")
        if key not in seen:
            seen.add(key)
            yield _subject(pack, everything_at(pack, *key))


def _subject(pack: Pack, form: Form) -> Subject:
    level = Level(form.level)
    titled = next((one for one in pack.forms if one.sort == form.sort), form) if form.sort else form
    title = str(titled.title) if form.sort else str(level.label)
    return Subject(level, form.sort or "", title, form.fields, form)


def _of_form(pack: Pack, name: str) -> list[Subject]:
    form = pack.form_by_id.get(name)
    return [_subject(pack, form)] if form is not None else []


def _only(subjects: Collection[Subject], wanted: Collection[str]) -> list[Subject]:
    known = {field.id for subject in subjects for field in subject.fields}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise InvalidInputError(
            _("没有这些字段：%(fields)s。") % {"fields": "、".join(unknown)},
            hint=_("字段代码见数据字典。"),
            fields=unknown,
        )
    narrowed = []
    for one in subjects:
        fields = tuple(field for field in one.fields if field.id in wanted)
        if fields:
            section = Section(id=one.form.sections[0].id, title=one.form.title, fields=fields)
            form = one.form.model_copy(update={"sections": (section,), "checks": ()})
            narrowed.append(Subject(one.level, one.sort, one.title, fields, form))
    return narrowed


def _wording(text: str) -> Wording:
    for one in WORDINGS:
        if one == text:
            return one
    raise InvalidInputError(
        _("没有这种写法：%(wording)s。") % {"wording": text},
        hint=_("可用的：%(known)s。") % {"known": "、".join(WORDINGS)},
        wording=text,
    )
