"""A whole pack, read and found sound."""

import re
from collections.abc import Iterable
from functools import cached_property

from greenward.packs.schema.cases import Case
from greenward.packs.schema.costs import Cost
from greenward.packs.schema.duties import Duty
from greenward.packs.schema.facts import Fact, FromEarlier, FromField, FromRows, Parameter
from greenward.packs.schema.forms import CrossCheck, Form, Group
from greenward.packs.schema.manifest import Document, Manifest
from greenward.packs.schema.pilots import PilotRules
from greenward.packs.schema.planning import Planning
from greenward.packs.schema.policy import Clause, Department, Phase, Responsibility
from greenward.packs.schema.refinement import Refinement
from greenward.packs.schema.route import Route
from greenward.packs.schema.shape import Shape
from greenward.packs.schema.standard import Area, Item, Standard
from greenward.packs.schema.targets import Target

NAME_IN_RULE = re.compile(r"'[^']*'|\"[^\"]*\"|\b([a-z][a-z0-9_]*)\b")


def names_in(rule: str) -> frozenset[str]:
    """Return every word of a rule that could be a name, texts in quotes left out."""
    return frozenset(NAME_IN_RULE.findall(rule)) - {""}


class Pack(Shape):
    """Everything a policy decides, as data."""

    manifest: Manifest
    clauses: tuple[Clause, ...]
    phases: tuple[Phase, ...] = ()
    targets: tuple[Target, ...] = ()
    duties: tuple[Duty, ...] = ()
    departments: tuple[Department, ...]
    responsibilities: tuple[Responsibility, ...] = ()
    facts: tuple[Fact, ...]
    parameters: tuple[Parameter, ...] = ()
    costs: tuple[Cost, ...] = ()
    """What changes cost, where an amount is known."""
    standard: Standard
    dictionary: tuple[Group, ...] = ()
    forms: tuple[Form, ...] = ()
    """Every form with its fields: what it asks of the dictionary is filled in."""
    checks: tuple[CrossCheck, ...] = ()
    """Checks across levels; each form has its own beside."""
    route: Route | None = None
    """None in a standard alone."""
    plan: Planning | None = None
    """None where the policy asks for no plan."""
    pilots: PilotRules | None = None
    """None where nothing says how pilots are proposed."""
    refinements: tuple[Refinement, ...] = ()
    """What districts ask beyond the standard; the standard's verdict and totals never depend on it."""
    cases: tuple[Case, ...] = ()

    @cached_property
    def document_by_id(self) -> dict[str, Document]:
        """Documents by id."""
        return {document.id: document for document in self.manifest.documents}

    @cached_property
    def clause_by_id(self) -> dict[str, Clause]:
        """Clauses by number."""
        return {clause.id: clause for clause in self.clauses}

    @cached_property
    def department_by_slug(self) -> dict[str, Department]:
        """Departments by slug."""
        return {department.slug: department for department in self.departments}

    @cached_property
    def target_by_id(self) -> dict[str, Target]:
        """Targets by id."""
        return {target.id: target for target in self.targets}

    @cached_property
    def fact_by_id(self) -> dict[str, Fact]:
        """Facts by id."""
        return {fact.id: fact for fact in self.facts}

    @cached_property
    def area_by_id(self) -> dict[str, Area]:
        """Areas of the standard by id."""
        return {area.id: area for area in self.standard.areas}

    @cached_property
    def item_by_id(self) -> dict[str, Item]:
        """Items of the standard and its supplements by number."""
        return {item.id: item for item in (*self.standard.items, *self.standard.supplements)}

    @cached_property
    def form_by_id(self) -> dict[str, Form]:
        """Forms by id."""
        return {form.id: form for form in self.forms}

    @property
    def everything_verified(self) -> bool:
        """True when no wording of the standard still waits to be compared with the published text."""
        return self.standard.verified and all(item.verified for item in self.item_by_id.values())

    def refinement_at(self, path: str) -> Refinement | None:
        """Return the refinement of the district in which a place with this path of codes lies."""
        codes = path.split("/")
        return next((each for each in self.refinements if each.district in codes), None)

    def items_of(self, area: str) -> tuple[Item, ...]:
        """Return the items of an area, supplements left out."""
        return tuple(item for item in self.standard.items if item.area == area)

    def facts_of(self, item: Item) -> tuple[Fact, ...]:
        """Return the facts that an item's rules name, in the order of facts.yaml."""
        names = frozenset(name for rule in item.all_rules for name in names_in(rule))
        return tuple(fact for fact in self.facts if fact.id in names)

    def behind(self, fact: Fact) -> Fact:
        """Return the fact whose values an earlier value is taken from; every other fact itself."""
        return self.fact_by_id[fact.origin.earlier] if isinstance(fact.origin, FromEarlier) else fact

    def used_by(self, form: str, field: str) -> tuple[Item, ...]:
        """Return the items that need the answer to a field: why the question is asked."""
        return tuple(
            item for item in self.item_by_id.values() if (form, field) in self._fields_behind[item.id]
        )

    @cached_property
    def _fields_behind(self) -> dict[str, frozenset[tuple[str, str]]]:
        return {
            item.id: frozenset(_fields(map(self.behind, self.facts_of(item))))
            for item in self.item_by_id.values()
        }


def _fields(facts: Iterable[Fact]) -> Iterable[tuple[str, str]]:
    for fact in facts:
        if isinstance(fact.origin, FromField):
            yield fact.origin.form, fact.origin.field
        elif isinstance(fact.origin, FromRows):
            if fact.origin.field is not None:
                yield fact.origin.form, fact.origin.field
            if fact.origin.where is not None:
                yield fact.origin.form, fact.origin.where.field
