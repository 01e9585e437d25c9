"""What programs are told about assessments: the same shapes on the API and the command line."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Schema

from greenward.assessment.queries import AttainmentRow, CommunityAssessment, ItemAssessment
from greenward.assessment.queries.catalogue import CatalogueEntry
from greenward.assessment.queries.outdated import Outdated
from greenward.packs.api.schemas import BilingualOut

Plain = bool | int | float | date | str


class InputOut(Schema):
    """A known value that an item rests on, who or what gave it, and the day; null where it is withheld."""

    fact: str
    value: Plain | None
    source: str
    on: date | None


class AnswerOut(Schema):
    """The survey's answers behind a fact; ``entry`` is null where several units add up."""

    fact: str
    form: str
    field: str
    entry: int | None


class OutdatedOut(Schema):
    """A value was corrected: whose, why, by whom and when; results of which days rest on the old one.

    ``here``: the result of the day asked for does. ``runs``: stored results of those days do.
    """

    place: str
    field: str
    label: str
    entry: int
    by: str | None
    at: datetime
    reason: str
    here: bool
    runs: list[date]

    @classmethod
    def of(cls, one: Outdated) -> "OutdatedOut":
        """Describe ``one``."""
        made = one.correction
        return cls(
            place=made.place.place.code,
            field=made.field.id,
            label=str(made.field.label),
            entry=made.entry.pk,
            by=str(made.entry.by) if made.entry.by else None,
            at=made.entry.at,
            reason=made.reason,
            here=one.here,
            runs=list(one.runs),
        )


class MissingOut(Schema):
    """A fact that is unknown: its name, and the form and field (and compounds) where it is to be filled.

    ``expired_on``: the last day on which what was said counted; null where nothing was said.
    """

    fact: str
    label: str
    form: str | None
    field: str | None
    compounds: list[str]
    expired_on: date | None = None


class ItemOut(Schema):
    """An item: met, unmet, unknown or not_applicable, with what it rests on.

    ``answers`` lead from the inputs to the survey's answers behind them. ``withheld`` names the inputs that
    are figures of people which the caller does not see.
    """

    id: str
    title: str
    status: str
    inputs: list[InputOut]
    withheld: list[str]
    answers: list[AnswerOut]
    clause: str
    verified: bool
    missing: list[MissingOut]
    shortfalls: list[str]

    @classmethod
    def of(cls, item: ItemAssessment) -> "ItemOut":
        """Describe ``item``."""
        return cls(
            id=item.id,
            title=str(item.item.title),
            status=item.status,
            inputs=[
                InputOut(fact=i.fact, value=None if i.withheld else _plain(i.value), source=i.source, on=i.on)
                for i in item.inputs
            ],
            withheld=[i.fact for i in item.inputs if i.withheld],
            answers=[
                AnswerOut(fact=i.fact, form=i.form, field=i.field, entry=i.entry)
                for i in item.inputs
                if i.field
            ],
            clause=item.clause,
            verified=item.verified,
            missing=[
                MissingOut(
                    fact=one.fact,
                    label=one.label,
                    form=one.gap.form if one.gap else None,
                    field=one.gap.field if one.gap else None,
                    compounds=list(one.gap.compounds) if one.gap else [],
                    expired_on=one.until,
                )
                for one in item.missing
            ],
            shortfalls=list(item.shortfalls),
        )


class AssessmentOut(Schema):
    """A community against the standard as of a day; ``supplements`` never count for the verdict.

    ``outdated``: corrections of values that this result, or stored ones of other days, rest on.
    """

    place: str
    name: str
    as_of: date
    edition: str
    digest: str
    verdict: str
    items: list[ItemOut]
    supplements: list[ItemOut]
    outdated: list[OutdatedOut]

    @classmethod
    def of(cls, found: CommunityAssessment) -> "AssessmentOut":
        """Describe ``found``."""
        return cls(
            place=found.place.place.code,
            name=found.place.name,
            as_of=found.as_of,
            edition=found.edition,
            digest=found.digest,
            verdict=found.verdict,
            items=[ItemOut.of(item) for item in found.items],
            supplements=[ItemOut.of(item) for item in found.supplements],
            outdated=[OutdatedOut.of(one) for one in found.outdated],
        )


class ProofOut(Schema):
    """Why a community has its verdict: the tree, the facts and clauses it names, and ways to the requirement.

    ``proof``: verdict, levels, areas, items, indicators, rules with values in place; what rests on
    figures that the caller does not see says ``withheld``. ``own``: what the district asks beyond, which
    moves nothing above; null where it asks nothing. ``ways``: the smallest sets that are enough. ``ages``: of
    the known figures the oldest day, how many are older than a year, how many tell no day.
    """

    place: str
    name: str
    as_of: date
    edition: str
    digest: str
    standard: dict[str, Any]
    verdict: str
    sentence: str
    ages: dict[str, Any]
    proof: dict[str, Any]
    own: dict[str, Any] | None
    facts: dict[str, dict[str, Any]]
    parameters: dict[str, dict[str, Any]]
    clauses: dict[str, str]
    ways: list[dict[str, Any]]


class RowOut(Schema):
    """A place against its target. Every figure counts urban communities; ``both`` is the policy's measure.

    ``basis``: stated, derived or reference; ``reading``: the target's id; ``frozen_on``: the day whose
    boundaries fix the denominator, null when the live list counts.
    """

    level: str
    code: str
    name: str
    participating: int
    meeting: int
    both: int
    unmet: int
    unknown: int
    denominator: int
    target: int
    distance: int
    definition: str
    clause: str
    reading: str
    basis: str
    due: date
    frozen_on: date | None

    @classmethod
    def of(cls, row: AttainmentRow) -> "RowOut":
        """Describe ``row``."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class FactOut(Schema):
    """A fact that an edition's rules may name; ``items`` use it.

    ``valid_months``: how long a value counts; null: until it changes. ``provided``: false where nothing here
    gives its values.
    """

    id: str
    label: BilingualOut
    type: str
    unit: str | None
    source: str
    origin: dict[str, Any]
    valid_months: int | None
    provided: bool
    items: list[str]

    @classmethod
    def of(cls, entry: CatalogueEntry) -> "FactOut":
        """Describe ``entry``."""
        fact = entry.fact
        return cls(
            id=fact.id,
            label=BilingualOut(zh=fact.label.zh, en=fact.label.en),
            type=fact.type,
            unit=fact.unit,
            source=entry.source,
            origin=fact.origin.model_dump(mode="json", exclude_none=True),
            valid_months=entry.valid_months,
            provided=entry.provided,
            items=[item.id for item in entry.used_by],
        )


class AttainmentOut(Schema):
    """City, districts and subdistricts within reach as of a day."""

    as_of: date
    rows: list[RowOut]


def _plain(value: object) -> Plain:
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, bool | int | float | date) else str(value)
