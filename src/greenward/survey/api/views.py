"""``/api/v1/survey``: rounds and coverage, and the routers of the rest."""

from django.http import HttpRequest
from ninja import Router

from greenward.core.api.schemas import Day
from greenward.survey import queries
from greenward.survey.api import cases, exports, feeds, imports, places, quality
from greenward.survey.api.schemas import CoverageOut, RoundOut
from greenward.territories.queries import get_place_for

router = Router(tags=["survey"])
router.add_router("", places.router)
router.add_router("", feeds.router)
router.add_router("", exports.router)
router.add_router("", imports.router)
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
