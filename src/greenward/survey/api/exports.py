"""``/api/v1/survey/export`` and beside it: values out, the dictionary, field apps' forms and answers."""

import tempfile
from datetime import date
from typing import Annotated, Any, Literal

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from greenward.accounts.api.callers import person_of
from greenward.core import clock
from greenward.core.api.schemas import Day
from greenward.core.errors import InvalidInputError
from greenward.programmes import queries as programmes
from greenward.survey import queries
from greenward.survey.actions.exports import take_out, take_page, take_sums, take_xlsform
from greenward.survey.actions.submissions import Outcome, Taken, record_submissions
from greenward.survey.exports.chosen import Chosen, chosen_for, home_of
from greenward.survey.exports.dictionary import dictionary_rows
from greenward.survey.exports.formats import EXCEL, file_name, format_named
from greenward.survey.exports.paged import MOST, Row
from greenward.survey.exports.sums import withheld
from greenward.survey.xlsform.reading import parsed, read_json, read_xml
from greenward.territories.queries import get_place_for

router = Router(tags=["survey"])
Name = Annotated[str, Field(max_length=60)]
XML = ("text/xml", "application/xml")
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/xml": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "object"}},
        },
    }
}


class ChoiceIn(Schema):
    """What to take out. ``under``: a place's code, where the reach begins if absent.

    ``level``: a level, or a facility's sort. ``form``: only what this form asks. ``fields``: ids, parted by
    commas. ``sources``: where each value comes from.
    """

    as_of: Day | None = None
    under: Name = ""
    level: Name = "community"
    form: Name = ""
    fields: Annotated[str, Field(max_length=8000)] = ""
    sources: bool = False


class SourceOut(Schema):
    """Where a value comes from; ``confirmed_on``: the last day on which somebody said the same."""

    source: str
    on: date
    confirmed_on: date | None
    entry: int


class ExportedRowOut(Schema):
    """One place: its code and name, the codes above it by level, what is known of it, and from where."""

    code: str
    name: str
    above: dict[str, str | None]
    values: dict[str, Any]
    sources: dict[str, SourceOut] | None

    @classmethod
    def of(cls, row: Row) -> "ExportedRowOut":
        """Describe a row."""
        told = None
        if row.sources is not None:
            told = {name: SourceOut.model_validate(source) for name, source in row.sources.items()}
        return cls(code=row.code, name=row.name, above=dict(row.above), values=dict(row.values), sources=told)


class PageOut(Schema):
    """A page of places by path. ``next``: give it as ``after``; null on the last page.

    Fields without a value are unknown and absent. ``withheld`` are the fields of which the caller sees sums
    only: ``GET /survey/export/sums``.
    """

    as_of: date
    under: str
    level: str
    edition: str
    total: int
    next: str | None
    withheld: list[str]
    rows: list[ExportedRowOut]


class SumOut(Schema):
    """A field's sum over a street's places; null where it rests on too little to be shown."""

    street: str
    name: str
    field: str
    places: int
    known: int
    total: float | None


class TakenOut(Schema):
    """What became of a submission: recorded, unchanged, repeated (taken before) or refused, and why."""

    label: str
    place: str
    outcome: Literal["recorded", "unchanged", "repeated", "refused"]
    entry: int | None
    problem: str
    message: str
    fields: dict[str, str]

    @classmethod
    def of(cls, one: Taken) -> "TakenOut":
        """Describe ``one``."""
        return cls(
            label=one.label,
            place=one.code,
            outcome=one.outcome.value,
            entry=one.entry,
            problem=one.problem,
            message=one.message,
            fields=one.fields,
        )


@router.get("/survey/export", response=PageOut, summary="Values of many places, page by page")
def export(
    request: HttpRequest,
    asked: Query[ChoiceIn],
    after: Name = "",
    limit: Annotated[int, Field(ge=1, le=MOST)] = 200,
) -> PageOut:
    """Give what is known of the places of a level below a place, as of a day."""
    chosen = _chosen(request, asked)
    page = take_page(chosen, by=person_of(request), at=clock.now(), after=after, limit=limit)
    subject = chosen.subjects[0]
    return PageOut(
        as_of=chosen.as_of,
        under=chosen.place.place.code,
        level=subject.id,
        edition=chosen.edition,
        total=page.total,
        next=page.next,
        withheld=[field.id for field in withheld(chosen, subject)],
        rows=[ExportedRowOut.of(row) for row in page.rows],
    )


@router.get("/survey/export/sums", response=list[SumOut], summary="Sums per street of withheld fields")
def sums(request: HttpRequest, asked: Query[ChoiceIn]) -> list[SumOut]:
    """Give the sums per street of fields that are shown only as sums; empty for who sees single figures."""
    chosen = _chosen(request, asked)
    return [
        SumOut(
            street=one.street_code,
            name=one.street,
            field=one.field.id,
            places=one.places,
            known=one.known,
            total=one.total,
        )
        for one in take_sums(chosen, by=person_of(request), at=clock.now())
    ]


@router.get("/survey/export/file", summary="Values as a file")
def file(
    request: HttpRequest,
    asked: Query[ChoiceIn],
    kind: Name = "parquet",
    wording: Name = "codes",
) -> FileResponse:
    """Give a file: xlsx, csv, csv.zip, parquet or parquet.zip; ``level=`` (empty) is every level.

    422 where one file cannot hold it, or it is more than one request should carry.
    """
    form, chosen = format_named(kind), _chosen(request, asked, wording=wording)
    pack = programmes.policy(programmes.current(chosen.as_of))
    target = tempfile.TemporaryFile(prefix="greenward-export-")  # noqa: SIM115 - the response closes it
    take_out(chosen, pack, form, target, by=person_of(request), at=clock.now(), most_cells=form.cells)
    target.seek(0)
    return FileResponse(
        target, as_attachment=True, filename=file_name(chosen, form), content_type=form.content_type
    )


@router.get("/survey/dictionary", response=list[dict[str, str]], summary="The field dictionary")
def dictionary(request: HttpRequest, as_of: Day | None = None) -> list[dict[str, str]]:
    """Give every field of the programme in force: names, type, unit, holder, validity, checks, users."""
    del request
    return dictionary_rows(programmes.policy(programmes.current(as_of or clock.today())))


@router.get("/survey/rounds/{code}/xlsform/{form}", summary="A form as XLSForm")
def xlsform(request: HttpRequest, code: str, form: str, under: Name = "") -> HttpResponse:
    """Give a form for ODK or Kobo, with the places that the caller may survey below ``under``."""
    person, day = person_of(request), clock.today()
    where = get_place_for(person, under, on=day) if under else home_of(person, day)
    made = take_xlsform(queries.get_round(code), form, where, by=person, at=clock.now())
    response = HttpResponse(made.content, content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="{made.form_id}.xlsx"'
    return response


@router.post(
    "/survey/rounds/{code}/submissions",
    response=list[TakenOut],
    summary="Answers from a field app",
    openapi_extra=BODY,
)
def submissions(request: HttpRequest, code: str, form: Name = "community") -> list[TakenOut]:
    """Take an instance's XML, or JSON: a submission, a list, Kobo's ``results`` or OData's ``value``.

    Each counts once by its instanceID. 422 with the reasons where every submission was refused.
    """
    held = queries.get_round(code)
    asked = queries.form_of(held, form)
    if (request.content_type or "") in XML:
        found = [read_xml(request.body, asked)]
    else:
        found = read_json(parsed(request.body), asked)
    done = [
        TakenOut.of(one)
        for one in record_submissions(held, form, found, by=person_of(request), at=clock.now())
    ]
    if done and all(one.outcome == Outcome.REFUSED.value for one in done):
        raise InvalidInputError(
            _("%(n)d 条提交都没有收下。") % {"n": len(done)},
            hint=_("请按 data 逐条改正后再提交。"),
            submissions=[one.model_dump() for one in done],
        )
    return done


def _chosen(request: HttpRequest, asked: ChoiceIn, *, wording: str = "codes") -> Chosen:
    return chosen_for(
        person_of(request),
        as_of=asked.as_of or clock.today(),
        place=asked.under,
        subject=asked.level,
        form=asked.form,
        fields=[name for name in asked.fields.split(",") if name],
        wording=wording,
        sources=asked.sources,
    )
