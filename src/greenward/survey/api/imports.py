"""``/api/v1/survey/rounds/…/imports``: a workbook in two steps, decisions between them, and back again."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema, Status, UploadedFile
from pydantic import Field

from greenward.accounts.api.callers import person_of
from greenward.core import clock
from greenward.survey import actions, queries
from greenward.survey.api.schemas import ConfirmIn, ImportOut
from greenward.survey.exports.formats import EXCEL
from greenward.survey.models import ImportFile
from greenward.survey.workbooks.marking.copy import marked_copy
from greenward.survey.workbooks.opening import FROM_BROWSER

router = Router(tags=["survey"])
EVERY_FORM = "all"
Line = Annotated[str, Field(max_length=500)]


class DecideIn(Schema):
    """What is said of a previewed workbook.

    ``headings``: by form, heading (``columns[].key``) → field, ``#code`` …, or empty for not to be read;
    remembered for the office. ``places``: a community as written → 12-digit code. ``reasons``: check → why.
    """

    headings: dict[Line, dict[Line, Line]] = Field({}, max_length=100)
    places: dict[Line, Line] = Field({}, max_length=1000)
    reasons: dict[Line, Line] = Field({}, max_length=100)


@router.post("/survey/rounds/{code}/imports", response={201: ImportOut}, summary="Preview a workbook")
def preview(
    request: HttpRequest, code: str, file: File[UploadedFile], form: Form[str] = "community"
) -> Status[ImportOut]:
    """Upload a workbook; the answer says row by row what importing it would do. Nothing is imported yet.

    ``form`` `all`: each sheet says itself which form it answers.
    """
    content = file.read(FROM_BROWSER.packed + 1)
    form_id = "" if form == EVERY_FORM else form
    made = actions.preview_import(
        queries.get_round(code), form_id, file.name or "", content, by=person_of(request), at=clock.now()
    )
    return Status(201, ImportOut.of(made))


@router.get("/survey/rounds/{code}/imports/{number}", response=ImportOut, summary="A workbook of one's own")
def imported(request: HttpRequest, code: str, number: int) -> ImportOut:
    """Give what a workbook of one's own says, and how far it came."""
    return ImportOut.of(_own(request, code, number))


@router.post(
    "/survey/rounds/{code}/imports/{number}/decide", response=ImportOut, summary="Correct its reading"
)
def decide(request: HttpRequest, code: str, number: int, sent: DecideIn) -> ImportOut:
    """Say what columns mean, which communities are meant, or why rows stand; the preview is made anew."""
    done = actions.decide_import(
        _own(request, code, number),
        by=person_of(request),
        at=clock.now(),
        headings=sent.headings,
        places=sent.places,
        reasons=sent.reasons,
    )
    return ImportOut.of(done)


@router.post("/survey/rounds/{code}/imports/{number}/confirm", response=ImportOut, summary="Import it")
def confirm(request: HttpRequest, code: str, number: int, sent: ConfirmIn) -> ImportOut:
    """Import a previewed workbook of one's own: all rows, or the sound ones if so asked."""
    file = _own(request, code, number)
    done = actions.confirm_import(file, by=person_of(request), at=clock.now(), only_valid=sent.only_valid)
    return ImportOut.of(done)


@router.post("/survey/rounds/{code}/imports/{number}/undo", response=ImportOut, summary="Take it back")
def undo(request: HttpRequest, code: str, number: int) -> ImportOut:
    """Take an import of one's own back as a whole; 409 says who has built on it."""
    done = actions.undo_import(_own(request, code, number), by=person_of(request), at=clock.now())
    return ImportOut.of(done)


@router.get("/survey/rounds/{code}/imports/{number}/marked.xlsx", summary="Its marked copy")
def marked(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give the same workbook back with its problem cells marked and listed."""
    content = marked_copy(_own(request, code, number))
    return HttpResponse(content, content_type=EXCEL)


def _own(request: HttpRequest, code: str, number: int) -> ImportFile:
    return queries.get_import_for(request.user, queries.get_round(code), number)
