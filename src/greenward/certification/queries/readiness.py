"""What keeps a community from applying: item by item, with what is unmet, unknown or without evidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from greenward.assessment.engine.status import Status
from greenward.assessment.queries.explanation import CommunityAssessment, ItemAssessment, assessment_of
from greenward.certification.models import Application
from greenward.certification.queries.titles import barred_until
from greenward.evidence.models import Use
from greenward.evidence.queries import evidence_at
from greenward.packs.schema.route import Attachment, Route
from greenward.packs.schema.standard import EvidenceNeed
from greenward.programmes import queries as programmes
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
    """Something that is missing: ``code``: barred, unmet, unknown, survey, evidence, attachment, unanswered.

    ``item`` is the number of the item concerned, empty for none.
    """

    code: str
    text: str
    item: str = ""


@dataclass(frozen=True)
class Readiness:
    """What a community still lacks, with what was read to find that out.

    ``advised``: evidence that the standard names in wording nobody has confirmed; applying does not wait for
    it.
    """

    assessment: CommunityAssessment
    lacks: tuple[Lack, ...]
    advised: tuple[Lack, ...] = ()
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
    confirmed, advised = _evidence_lacks(found.items, uses)
    lacks = [
        *_barred(place, route, day),
        *(lack for item in found.items for lack in _item_lacks(item)),
        *_survey_lacks(place),
        *confirmed,
        *_attachment_lacks(route.steps[0].attachments, application),
        *_unanswered(application),
    ]
    return Readiness(found, tuple(lacks), tuple(advised), uses)


def _barred(place: PlaceVersion, route: Route, day: date) -> list[Lack]:
    """Return that the community waits since its title was taken back, where it does."""
    free = barred_until(programmes.current(), place.place, route, day)
    if free is None:
        return []
    return [Lack("barred", _("称号曾被撤销，%(day)s 起才能再次申报。") % {"day": free.isoformat()})]


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


def _evidence_lacks(
    items: Sequence[ItemAssessment], uses: Mapping[str, list[Use]]
) -> tuple[list[Lack], list[Lack]]:
    """Return what was not handed in of what items and their indicators ask to see, by item.

    First what confirmed wording asks; then what wording that is `verified: false` asks.
    """
    confirmed: list[Lack] = []
    advised: list[Lack] = []
    for item in items:
        missing: dict[bool, list[str]] = {True: [], False: []}
        for need, verified in _evidence_asked(item):
            if need.kind in HANDED_IN and not any(serves(need, use) for use in uses.get(item.id, ())):
                missing[verified].append(str(need.title))
        name = f"{item.id} {item.item.short}"
        for lacks, verified in ((confirmed, True), (advised, False)):
            if needs := "、".join(missing[verified]):
                text = _("第%(item)s缺材料：%(need)s") % {"item": name, "need": needs}
                lacks.append(Lack("evidence", text, item.id))
    return confirmed, advised


def _evidence_asked(item: ItemAssessment) -> Iterator[tuple[EvidenceNeed, bool]]:
    """Yield what must be shown for an item and its indicators that apply, and whether that is confirmed."""
    if item.status is Status.NOT_APPLICABLE:
        return
    yield from ((need, item.item.verified) for need in item.item.evidence_needed)
    statuses = {each.indicator.id: each.status for each in item.outcome.indicators}
    for part in item.item.indicators:
        if statuses[part.id] is not Status.NOT_APPLICABLE:
            yield from ((need, part.verified) for need in part.evidence_needed)


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
