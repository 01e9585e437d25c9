"""One community against the standard, with reasons: from the facts as of the day, whatever day that is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment import rules
from greenward.assessment.engine.facts import Facts
from greenward.assessment.engine.one import assess_one
from greenward.assessment.engine.outcome import Assessment, ItemOutcome
from greenward.assessment.engine.standard import Standard
from greenward.assessment.engine.status import Status, rolled_up
from greenward.assessment.facts import registry
from greenward.assessment.facts.values import FactValue
from greenward.assessment.queries.outdated import Outdated, outdated_of
from greenward.assessment.queries.verdicts import beside_others
from greenward.assessment.queries.wording import in_words, label_of, printed
from greenward.core.errors import NotFoundError
from greenward.packs import queries as packs
from greenward.packs.models import InstalledPack
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.policy import Department
from greenward.packs.schema.refinement import Refinement
from greenward.packs.schema.standard import Area, Item
from greenward.programmes import queries as programmes
from greenward.survey.sensitivity import EVERYTHING, Sight, mark, sight_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import get_place_for, place_with_code, urban_communities, version_on


@dataclass(frozen=True)
class Input:
    """A known fact or parameter that an item's rules used: its value, in words too, its source and day.

    ``form``, ``field`` and ``entry`` as for ``FactValue``: where the survey's answers behind it are.
    ``withheld``: the reader does not see the figure; ``value`` is None then, and ``text`` a mark.
    """

    fact: str
    label: str
    value: object
    text: str
    source: str
    on: date | None
    form: str = ""
    field: str = ""
    entry: int | None = None
    withheld: bool = False


@dataclass(frozen=True)
class ItemAssessment:
    """One item at a community: its status, what it rests on, what is missing, what would be enough."""

    item: Item
    area: Area
    status: Status
    inputs: tuple[Input, ...]
    missing: tuple[FactValue, ...]
    shortfalls: tuple[str, ...]
    departments: tuple[Department, ...]
    outcome: ItemOutcome

    @property
    def id(self) -> str:
        """The item's number."""
        return self.item.id

    @property
    def clause(self) -> str:
        """The policy's clause that backs the item."""
        return self.item.clause

    @property
    def verified(self) -> bool:
        """False while the item's wording waits to be compared with the published text."""
        return self.item.verified


@dataclass(frozen=True)
class AreaAssessment:
    """The items of one content area."""

    area: Area
    items: tuple[ItemAssessment, ...]

    def _count(self, status: Status) -> int:
        return sum(item.status is status for item in self.items)

    @property
    def met(self) -> int:
        """How many items are met."""
        return self._count(Status.MET)

    @property
    def unmet(self) -> int:
        """How many items are not met."""
        return self._count(Status.UNMET)

    @property
    def unknown(self) -> int:
        """How many items lack data."""
        return self._count(Status.UNKNOWN)

    @property
    def not_applicable(self) -> int:
        """How many items do not apply."""
        return self._count(Status.NOT_APPLICABLE)


@dataclass(frozen=True)
class CommunityAssessment:
    """A community against the standard of an edition as of a day.

    ``supplements`` are reported beside and never count for the verdict. ``outdated`` are corrections of
    values that this day's result, or stored ones, rest on. ``known`` are the facts with their sources,
    ``given`` what the standard was applied to, ``inputs`` the known facts as the reader sees them, and
    ``hidden`` the facts whose figures the reader does not see. ``own`` is what the district's ``refinement``
    finds, its indicators under the items they are tied to: reported beside, and no part of the verdict.
    """

    place: PlaceVersion
    as_of: date
    edition: str
    digest: str
    pack: Pack
    outcome: Assessment
    areas: tuple[AreaAssessment, ...]
    supplements: tuple[ItemAssessment, ...]
    outdated: tuple[Outdated, ...] = ()
    known: Mapping[str, FactValue] = field(default_factory=dict)
    given: Facts = field(default_factory=dict)
    inputs: Mapping[str, Input] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    refinement: Refinement | None = None
    own: Assessment | None = None

    @property
    def verdict(self) -> Status:
        """What the standard says of the community."""
        return self.outcome.verdict

    @property
    def own_verdict(self) -> Status | None:
        """What the district says: the city's verdict with its stricter indicators; None where it has none."""
        return self._with_stricter(self.verdict, self.own.items if self.own else ())

    def own_status(self, item: ItemAssessment) -> Status | None:
        """Return the same for one item: never better than the city's status."""
        tied = [one for one in self.own.items if one.id == item.id] if self.own else []
        return self._with_stricter(item.status, tied)

    def _with_stricter(self, standing: Status, items: Iterable[ItemOutcome]) -> Status | None:
        stricter = self.refinement.stricter if self.refinement else frozenset[str]()
        asked = [one.status for item in items for one in item.indicators if one.indicator.id in stricter]
        return rolled_up([standing, *asked]) if asked else None

    @property
    def is_outdated(self) -> bool:
        """True where what is shown rests on a value that was corrected since."""
        return any(one.here for one in self.outdated)

    @property
    def items(self) -> tuple[ItemAssessment, ...]:
        """All items that count, in the standard's order."""
        order = {item.id: number for number, item in enumerate(self.pack.standard.items)}
        return tuple(sorted((i for a in self.areas for i in a.items), key=lambda i: order[i.id]))

    @property
    def missing(self) -> tuple[FactValue, ...]:
        """Every missing fact once, in the items' order."""
        return tuple({value.fact: value for item in self.items for value in item.missing}.values())


def assessment_for(
    user: User | AnonymousUser, code: str, as_of: date, *, under: InstalledPack | None = None
) -> CommunityAssessment:
    """Return the community with ``code`` explained; NotFoundError unless it is an urban one within reach.

    ``under`` names another edition than the one in force on the day.
    """
    return _counted(get_place_for(user, code, on=as_of), as_of, sight_of(user), under)


def assessment_with_code(
    code: str, as_of: date, *, under: InstalledPack | None = None
) -> CommunityAssessment:
    """Return the same for the command line, without a person; NotFoundError unless it is an urban one."""
    version = version_on(place_with_code(code), as_of)
    if version is None:
        raise NotFoundError(
            _("代码为 %(code)s 的地方在 %(day)s 不存在。") % {"code": code, "day": as_of.isoformat()},
            hint=_("请核对代码和日期。"),
            code=code,
        )
    return _counted(version, as_of, EVERYTHING, under)


def _counted(
    place: PlaceVersion, as_of: date, sight: Sight, under: InstalledPack | None
) -> CommunityAssessment:
    if not urban_communities(as_of).filter(place=place.place_id).exists():
        raise NotFoundError(
            _("%(name)s 在 %(day)s 不计入城市社区，没有对标结果。")
            % {"name": place.name, "day": as_of.isoformat()},
            hint=_("创建对象是城市社区（条款 1.1）。"),
            code=place.place.code,
        )
    return assessment_of(place, as_of, sight=sight, under=under)


def assessment_of(
    place: PlaceVersion, as_of: date, *, sight: Sight, under: InstalledPack | None = None
) -> CommunityAssessment:
    """Apply the standard in force on the day to one community; the caller has checked who may see it.

    ``under``: the standard of this edition instead. ``sight`` is the reader's: single figures of people that
    they do not see are marked. Raises NotFoundError where no programme is in force on the day.
    """
    programme = programmes.current(as_of)
    edition = under or programme.pack
    pack = packs.pack(under) if under else programmes.policy(programme)
    explaining = _Explaining(pack, place, as_of, sight)
    outcome = explaining.assess(rules.standard_of(pack))
    counted = explaining.items(pack.standard.items, outcome)
    areas = tuple(
        AreaAssessment(area, tuple(item for item in counted if item.area.id == area.id))
        for area in pack.standard.areas
    )
    return CommunityAssessment(
        place=place,
        as_of=as_of,
        edition=str(edition),
        digest=edition.digest,
        pack=pack,
        outcome=outcome,
        areas=areas,
        supplements=explaining.items(
            pack.standard.supplements, explaining.assess(rules.supplements_of(pack))
        ),
        outdated=outdated_of(programme, pack, place, as_of, sight=sight),
        known=explaining.known,
        given=explaining.given,
        inputs=explaining.inputs,
        hidden=explaining.hidden,
        refinement=explaining.refinement,
        own=explaining.own(),
    )


class _Explaining:
    """The facts of one community, and the items explained from them."""

    def __init__(self, pack: Pack, place: PlaceVersion, as_of: date, sight: Sight) -> None:
        self.pack = pack
        self.path = place.path
        self.as_of = as_of
        self.sight = sight
        self.refinement = pack.refinement_at(place.path)
        self.refined = rules.refined(pack, self.refinement) if self.refinement else None
        named = rules.facts_named_by(pack, *self._standards())
        self.known = registry.explained(pack, named, as_of, place.place_id)
        self.constants = rules.parameters_of(pack)
        values = {fact: known.value for fact, known in self.known.items()}
        self.given: Facts = {**values, **self.constants, **beside_others(pack, as_of, place.place_id)}
        self.hidden = frozenset(name for name in self.known if not self._is_shown(name))
        names = [*self.known, *self.constants]
        self.inputs = {name: one for name in names for one in [self._input(name)] if one is not None}

    def assess(self, standard: Standard) -> Assessment:
        """Apply a standard to the community."""
        return assess_one(standard, self.given, self.as_of)

    def own(self) -> Assessment | None:
        """Return what the district's own indicators find; None where it has none."""
        return None if self.refined is None else self.assess(self.refined)

    def _standards(self) -> list[Standard]:
        found = [rules.standard_of(self.pack), rules.supplements_of(self.pack), self.refined]
        return [one for one in found if one is not None]

    def items(self, items: tuple[Item, ...], found: Assessment) -> tuple[ItemAssessment, ...]:
        """Return the items with their reasons."""
        return tuple(self._item(i, o) for i, o in zip(items, found.items, strict=True))

    def _item(self, item: Item, outcome: ItemOutcome) -> ItemAssessment:
        names = dict.fromkeys(name for rule in outcome.item.rules for name in sorted(rule.facts))
        told = all(self._is_shown(name) for name in names)
        return ItemAssessment(
            item=item,
            area=self.pack.area_by_id[item.area],
            status=outcome.status,
            inputs=tuple(self.inputs[name] for name in names if name in self.inputs),
            missing=tuple(self.known[name] for name in outcome.missing if name in self.known),
            shortfalls=tuple(
                in_words(self.pack, one) if told else label_of(self.pack, one.fact)
                for one in outcome.shortfalls(self.as_of)
            ),
            departments=tuple(self.pack.department_by_slug[slug] for slug in item.departments),
            outcome=outcome,
        )

    def _input(self, name: str) -> Input | None:
        label = label_of(self.pack, name)
        if name in self.constants:
            value: object = self.constants[name]
            return Input(name, label, value, printed(self.pack, name, value), self._rule_source(name), None)
        known = self.known.get(name)
        if known is None or known.value is None:
            return None
        if not self._is_shown(name):
            return Input(
                name, label, None, mark(), known.source, known.on, known.form, known.field, withheld=True
            )
        text = printed(self.pack, name, known.value)
        return Input(
            name, label, known.value, text, known.source, known.on, known.form, known.field, known.entry
        )

    def _is_shown(self, name: str) -> bool:
        return self.sight.shows_fact(self.pack, name, self.path)

    def _rule_source(self, name: str) -> str:
        parameter = next(p for p in self.pack.parameters if p.id == name)
        return str(parameter.note) if parameter.own_rule and parameter.note else (parameter.clause or "")


def tried(
    pack: Pack, place: PlaceVersion, as_of: date, *, sight: Sight
) -> tuple[Assessment, tuple[ItemAssessment, ...]]:
    """Apply any pack's standard, in force or not, to one community: the outcome, and the items explained."""
    explaining = _Explaining(pack, place, as_of, sight)
    outcome = explaining.assess(rules.standard_of(pack))
    return outcome, explaining.items(pack.standard.items, outcome)
