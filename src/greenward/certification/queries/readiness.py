"""What keeps a community from applying: item by item, with what is unmet, unknown or without evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from greenward.assessment.engine.status import Status
from greenward.assessment.queries.explanation import CommunityAssessment, ItemAssessment, assessment_of
from greenward.certification.models import Application
from greenward.evidence.models import Use
from greenward.evidence.queries import evidence_at
from greenward.packs.schema.route import Attachment, Route
from greenward.packs.schema.standard import EvidenceNeed
from greenward.survey.models import Case
from greenward.survey.queries.cases import case_of
from greenward.survey.queries.rounds import current_round
from greenward.survey.sensitivity import EVERYTHING, Sight
from greenward.survey.states import CaseState
from greenward.territories.models import PlaceVersion

HANDED_IN = frozenset({"document", "photo", "record"})
"""Kinds of evidence that somebody files; data and site checks come from elsewhere."""


@dataclass(frozen=True)
class Lack:
    """Something that is missing: ``code`` is unmet, unknown, survey, evidence, attachment or unanswered.

    ``item`` is the number of the item concerned, empty for none.
    """

    code: str
    text: str
    item: str = ""


@dataclass(frozen=True)
class Readiness:
    """What a community still lacks, with what was read to find that out."""

    assessment: CommunityAssessment
    lacks: tuple[Lack, ...]
    uses: dict[str, list[Use]] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """True where nothing is missing."""
        return not self.lacks

    def of(self, code: str) -> list[Lack]:
        """Return the lacks of one kind."""
        return [one for one in self.lacks if one.code == code]


def readiness_of(
    place: PlaceVersion,
    route: Route,
    day: date,
    *,
    application: Application | None = None,
    sight: Sight = EVERYTHING,
) -> Readiness:
    """Return what keeps the community from applying on the day; ``sight`` is the reader's."""
    found = assessment_of(place, day, sight=sight)
    uses = uses_of(place, day)
    lacks = [
        *(lack for item in found.items for lack in _item_lacks(item)),
        *_survey_lacks(place),
        *(lack for item in found.items for lack in _evidence_lacks(item, uses.get(item.id, []))),
        *_attachment_lacks(route.steps[0].attachments, application),
        *_unanswered(application),
    ]
    return Readiness(found, tuple(lacks), uses)


def uses_of(place: PlaceVersion, day: date) -> dict[str, list[Use]]:
    """Return the evidence that the community holds on the day, by item; whatever its year."""
    found: dict[str, list[Use]] = {}
    for use in evidence_at(place.place).filter(year__lte=day.year).order_by("id"):
        if use.item:
            found.setdefault(use.item, []).append(use)
    return found


def _item_lacks(item: ItemAssessment) -> list[Lack]:
    name = f"{item.id} {item.item.short}"
    if item.status is Status.UNMET:
        short = "；".join(item.shortfalls)
        text = _("第%(item)s未达到：%(short)s") if short else _("第%(item)s未达到")
        return [Lack("unmet", text % {"item": name, "short": short}, item.id)]
    if item.status is Status.UNKNOWN:
        missing = "、".join(value.label for value in item.missing)
        text = _("第%(item)s资料不全：%(missing)s") if missing else _("第%(item)s资料不全")
        return [Lack("unknown", text % {"item": name, "missing": missing}, item.id)]
    return []


def _survey_lacks(place: PlaceVersion) -> list[Lack]:
    held = current_round()
    if held is None:
        return [Lack("survey", _("还没有开展摸底。"))]
    case: Case | None = case_of(held, place.place).case
    state = CaseState(case.state) if case is not None else CaseState.FILLING
    if state == CaseState.ACCEPTED:
        return []
    return [
        Lack(
            "survey",
            _("“%(round)s”还没有核验：现在是“%(state)s”。") % {"round": held.title, "state": state.label},
        )
    ]


def _evidence_lacks(item: ItemAssessment, uses: Sequence[Use]) -> list[Lack]:
    if item.status is Status.NOT_APPLICABLE:
        return []
    return [
        Lack(
            "evidence",
            _("第%(item)s缺材料：%(need)s") % {"item": f"{item.id} {item.item.short}", "need": need.title},
            item.id,
        )
        for need in item.item.evidence_needed
        if need.kind in HANDED_IN and not any(serves(need, use) for use in uses)
    ]


def serves(need: EvidenceNeed, use: Use) -> bool:
    """Tell whether a filed document is of the kind that the standard asks for."""
    is_picture = use.file.media_type.startswith("image/")
    return is_picture if need.kind == "photo" else True


def _attachment_lacks(asked: Sequence[Attachment], application: Application | None) -> list[Lack]:
    held = set()
    if application is not None:
        held = set(application.attachments.filter(removed_at=None).values_list("slot", flat=True))
    return [
        Lack("attachment", _("缺附件：%(title)s") % {"title": one.title})
        for one in asked
        if one.required and one.id not in held
    ]


def _unanswered(application: Application | None) -> list[Lack]:
    if application is None:
        return []
    return [
        Lack("unanswered", _("第%(item)s项被退回，还没有答复。") % {"item": one.item}, one.item)
        for one in application.returned_items.filter(answered_at=None)
    ]
