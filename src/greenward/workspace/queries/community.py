"""What a community's file says beyond its assessment: who can act on what is open."""

from collections.abc import Iterable
from dataclasses import dataclass

from greenward.assessment.queries import CommunityAssessment, Input, ItemAssessment
from greenward.packs.schema.policy import Department

FIGURES = frozenset({"count", "number", "date"})


@dataclass(frozen=True)
class ToDo:
    """A department and the unmet items of the community that it can help with."""

    department: Department
    items: tuple[ItemAssessment, ...]


def to_do_of(assessment: CommunityAssessment) -> list[ToDo]:
    """Return the departments behind the unmet items, those with most items first."""
    unmet = [item for item in assessment.items if item.status == "unmet"]
    found = [ToDo(d, tuple(i for i in unmet if d in i.departments)) for d in _departments(unmet)]
    return sorted(found, key=lambda todo: -len(todo.items))


def key_facts(assessment: CommunityAssessment) -> list[Input]:
    """Return the figures and dates behind the items, each once; yes or no and parameters left out."""
    inputs = {one.fact: one for item in assessment.items for one in item.inputs if one.source}
    named = assessment.pack.fact_by_id
    return [one for one in inputs.values() if one.fact in named and named[one.fact].type in FIGURES]


def _departments(items: Iterable[ItemAssessment]) -> list[Department]:
    return list({d.slug: d for item in items for d in item.departments}.values())
