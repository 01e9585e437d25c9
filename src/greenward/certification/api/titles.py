"""``/api/v1/certification/titles``: the public register, and one title's record and history. Open data."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from greenward.certification.models import Title, TitleEvent
from greenward.certification.queries.titles import (
    Line,
    Wanted,
    history_of_title,
    lines_of,
    register,
    title_with_code,
)
from greenward.core import clock
from greenward.core.api.schemas import Day

router = Router(tags=["certification"])
MOST = 200


class TitlesAsked(Schema):
    """Which titles, on which day, and which part of the list; ``held``: only those that somebody holds."""

    district: str = Field("", max_length=12)
    held: bool = True
    year: int = Field(0, ge=0, le=9999)
    q: str = Field("", max_length=60)
    as_of: Day | None = None
    offset: int = Field(0, ge=0, le=1_000_000)


class TitleOut(Schema):
    """A title and who holds it on the day; ``ended`` says how it ended, empty while it is held."""

    number: str
    code: str
    community: str
    place: str
    street: str
    district: str
    given_on: date
    valid_until: date | None
    document: str
    edition: str
    held: bool
    ended: str
    demonstration: bool

    @classmethod
    def of(cls, line: Line) -> "TitleOut":
        """Describe a line of the register."""
        title, record = line.title, line.title.record
        return cls(
            number=title.number,
            code=title.code,
            community=line.name,
            place=line.code,
            street=line.street,
            district=line.district,
            given_on=title.given_on,
            valid_until=title.valid_until,
            document=title.final_list.document,
            edition=record["edition"],
            held=line.is_held,
            ended=line.ended,
            demonstration=record["demonstration"],
        )


class TitlesOut(Schema):
    """A part of the register on a day; ``count``: how many there are in all."""

    as_of: date
    count: int
    items: list[TitleOut]


class TitleEventOut(Schema):
    """Something that happened to a title; who did it is not public."""

    on: date
    what: str
    place: str
    note: str
    document: str

    @classmethod
    def of(cls, one: TitleEvent) -> "TitleEventOut":
        """Describe an event of a title's history."""
        return cls(on=one.on, what=one.what, place=one.place.code, note=one.note, document=one.document)


class TitleFileOut(Schema):
    """A title with the record that the site signed: ``signature`` is Ed25519 over its canonical JSON."""

    title: TitleOut
    record: dict[str, Any]
    signature: str
    key: str
    history: list[TitleEventOut]


@router.get("/certification/titles", response=TitlesOut, auth=None, summary="The public register of titles")
def titles(request: HttpRequest, asked: Query[TitlesAsked]) -> TitlesOut:
    """Return at most 200 titles, the newest first. No token is needed."""
    del request
    day = asked.as_of or clock.today()
    found = register(Wanted(asked.district, asked.held, asked.year, asked.q.strip()), day)
    page = list(found[asked.offset : asked.offset + MOST])
    return TitlesOut(
        as_of=day, count=found.count(), items=[TitleOut.of(line) for line in lines_of(page, day)]
    )


@router.get("/certification/titles/{code}", response=TitleFileOut, auth=None, summary="One title")
def title(request: HttpRequest, code: str, as_of: Annotated[Day | None, Query()] = None) -> TitleFileOut:
    """Return a title by its check code, with record, signature and history. No token is needed."""
    del request
    found: Title = title_with_code(code)
    (line,) = lines_of([found], as_of or clock.today())
    return TitleFileOut(
        title=TitleOut.of(line),
        record=found.record,
        signature=found.signature,
        key=found.key_name,
        history=[TitleEventOut.of(one) for one in history_of_title(found)],
    )
