"""``/api/v1/survey``: rounds and coverage, one place's values, feeds, and workbooks in two steps."""

from django.http import HttpRequest
from ninja import File, Form, Router, Status, UploadedFile

from greenward.core import clock
from greenward.core.api.schemas import Day
from greenward.survey import actions, queries
from greenward.survey.api import cases, exports, feeds, places, quality
from greenward.survey.api.callers import person_of
from greenward.survey.api.schemas import (
    ConfirmIn,
    CoverageOut,
    ImportOut,
    RoundOut,
)
from greenward.survey.workbooks.opening import FROM_BROWSER
from greenward.territories.queries import get_place_for

router = Router(tags=["survey"])
router.add_router("", places.router)
router.add_router("", feeds.router)
router.add_router("", exports.router)
router.add_router("", cases.router)
router.add_router("", quality.router)


@router.get("/survey/rounds", response=list[RoundOut], summary="Rounds and their coverage")
def rounds(request: HttpRequest, as_of: Day | None = None) -> list[RoundOut]:
    """List the rounds; due and done count the communities within reach."""
    listed = []
    for held in queries.rounds():
        covered = queries.coverage_for(request.user, held, as_of)
        listed.append(
            RoundOut(
                code=held.code,
                title=held.title,
                reference_on=held.reference_on,
                opens_on=held.opens_on,
                closes_on=held.closes_on,
                is_closed=held.closed_at is not None,
                due=sum(one.due for one in covered),
                done=sum(one.done for one in covered),
            )
        )
    return listed


@router.get("/survey/rounds/{code}/coverage", response=list[CoverageOut], summary="Coverage below a place")
def coverage(request: HttpRequest, code: str, place: str, as_of: Day | None = None) -> list[CoverageOut]:
    """Count the communities surveyed: the place itself first, then what is right below it."""
    held = queries.get_round(code)
    version = get_place_for(request.user, place, on=held.reference_on)
    rows = [queries.coverage_of(held, version, as_of), *queries.coverage_below(held, version, as_of)]
    return [CoverageOut.of(row) for row in rows]


@router.post("/survey/rounds/{code}/imports", response={201: ImportOut}, summary="Preview a workbook")
def preview(
    request: HttpRequest, code: str, file: File[UploadedFile], form: Form[str] = "community"
) -> Status[ImportOut]:
    """Upload a workbook; the answer says row by row what importing it would do. Nothing is imported yet."""
    content = file.read(FROM_BROWSER.packed + 1)
    made = actions.preview_import(
        queries.get_round(code), form, file.name or "", content, by=person_of(request), at=clock.now()
    )
    return Status(201, ImportOut.of(made))


@router.post("/survey/rounds/{code}/imports/{number}/confirm", response=ImportOut, summary="Import it")
def confirm(request: HttpRequest, code: str, number: int, sent: ConfirmIn) -> ImportOut:
    """Import a previewed workbook of one's own: all rows, or the sound ones if so asked."""
    file = queries.get_import_for(request.user, queries.get_round(code), number)
    done = actions.confirm_import(file, by=person_of(request), at=clock.now(), only_valid=sent.only_valid)
    return ImportOut.of(done)
