"""The units under a place as its form lists them, and which fields its case leaves open."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from greenward.core import clock
from greenward.packs.schema.forms import Form
from greenward.survey import access, queries
from greenward.survey.models import Round
from greenward.survey.queries.asked import AskedForm, asked_of_all
from greenward.survey.queries.cases import case_of, community_of
from greenward.survey.states import UNDER_REVIEW, AskState, CaseState
from greenward.survey.web.forms import DONE
from greenward.territories.models import UNIT_PARENT, Level, PlaceVersion

PER_PAGE = 50


@dataclass(frozen=True)
class UnitLine:
    """A unit with how many of its questions that apply have a valid answer."""

    place: PlaceVersion
    answered: int
    total: int


@dataclass(frozen=True)
class UnitList:
    """The units of one form under a place: a page of lines, of how many that are complete."""

    form: Form
    page: Page[UnitLine]
    complete: int
    total: int

    @property
    def key_label(self) -> str:
        """What the field is called by which units are told apart."""
        return str(self.form.field(self.form.key).label) if self.form.key else ""


def unit_lists(survey_round: Round, version: PlaceVersion, *, page: Mapping[str, str]) -> list[UnitList]:
    """Return a list for every form of units that stand right under the place. Four queries at most.

    ``page`` is the address's query: ``<form>-page`` turns the leaves of a list.
    """
    level = Level(version.place.level)
    forms = [one for one in queries.unit_forms(survey_round) if UNIT_PARENT[Level(one.level)] == level]
    if not forms:
        return []
    below = [
        one
        for one in asked_of_all(survey_round, version, day=clock.today())
        if one.place.parent_id == version.place_id
    ]
    return [_list(form, below, page.get(f"{form.id}-page", "1")) for form in forms]


def _list(form: Form, below: list[AskedForm], number: str) -> UnitList:
    lines: dict[int, UnitLine] = {}
    for one in below:
        if (one.form.level, one.form.sort or "") != (form.level, form.sort or ""):
            continue
        asked = [field for field in one.fields if field.state != AskState.NOT_APPLICABLE]
        done = sum(field.state in DONE for field in asked)
        before = lines.get(one.place.place_id, UnitLine(one.place, 0, 0))
        lines[one.place.place_id] = UnitLine(one.place, before.answered + done, before.total + len(asked))
    listed = list(lines.values())
    complete = sum(line.answered == line.total for line in listed)
    return UnitList(form, Paginator(listed, PER_PAGE).get_page(number), complete, len(listed))


def open_fields(survey_round: Round, version: PlaceVersion) -> set[str] | None:
    """Return the fields of a place that its community's case leaves open; None for all."""
    case = case_of(survey_round, community_of(version))
    if case.case is None or case.standing.state == CaseState.FILLING:
        return None
    if case.standing.state in UNDER_REVIEW:
        return set()
    return access.reopened(case.case, version.place_id)
