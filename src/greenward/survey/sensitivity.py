"""Who sees one place's figure of a field that counts people (sensitivity ``aggregate``): one rule for all.

A single place's figure is shown to who may record, check or accept the place's survey, and to the department
that holds the field, within its own reach. Everybody else is shown :func:`mark` in its place, and sums per
street by exports. What people wrote about a figure (reasons, remarks) follows it. Decision 10.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.packs.schema.facts import FromField, FromRows
from greenward.packs.schema.forms import Field
from greenward.packs.schema.pack import Pack
from greenward.territories.access import Reach, reach_of
from greenward.territories.roles import Permission

Person = User | AnonymousUser | None
"""Who reads; None is the system."""
VERIFYING = (Permission.SURVEY, Permission.CHECK_SURVEY, Permission.ACCEPT_SURVEY)
"""Who gives a figure, and who decides about it, must see it."""


@dataclass(frozen=True)
class Sight:
    """Below which paths a person sees single figures: of every field, and of those that a department holds.

    The empty path is everywhere.
    """

    paths: tuple[str, ...]
    held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def where(self, one: Field) -> tuple[str, ...]:
        """Return the paths below which single figures of a field are shown."""
        if not is_aggregate(one):
            return ("",)
        return (*self.paths, *self.held.get(one.holder or "", ()))

    def shows(self, one: Field, path: str) -> bool:
        """Tell whether a field of the place at ``path`` is shown as it is."""
        return any(path.startswith(above) for above in self.where(one))

    def shows_fact(self, pack: Pack, name: str, path: str) -> bool:
        """Tell the same of a fact or parameter: every field that it is made of is shown."""
        return all(self.shows(one, path) for one in fields_behind(pack, name))


EVERYTHING = Sight(("",))
"""What the system sees."""


def sight_of(person: Person) -> Sight:
    """Return where the person sees single figures. No query beyond that of :func:`reach_of`."""
    if person is None:
        return EVERYTHING
    reach = reach_of(person)
    return Sight(tuple(path for one in VERIFYING for path in reach.paths(one)), _held(reach))


def is_aggregate(one: Field) -> bool:
    """Tell whether a field is shown only as a sum over several places."""
    return one.sensitivity == "aggregate"


def fields_behind(pack: Pack, name: str) -> Iterator[Field]:
    """Yield the survey's fields that a fact is made of; none for parameters and facts of other sources."""
    fact = pack.fact_by_id.get(name)
    origin = pack.behind(fact).origin if fact is not None else None
    if not isinstance(origin, FromField | FromRows):
        return
    where = getattr(origin, "where", None)
    names = {origin.field, where.field if where is not None else None}
    yield from (one for one in pack.form_by_id[origin.form].fields if one.id in names)


def mark() -> str:
    """Return what stands in the place of a figure that is not shown."""
    return _("仅汇总")


def hint() -> str:
    """Return who sees what the mark stands for."""
    return _(
        "涉及人口：单个地方的数只给填报、核对、核验的人和掌握这一项的部门看，其他人可在“导出数据”中看街道（乡镇）合计。"
    )


def _held(reach: Reach) -> dict[str, tuple[str, ...]]:
    """Return by department where the person feeds values for it."""
    found: dict[str, tuple[str, ...]] = {}
    for grant in reach.grants:
        if grant.department and Permission.FEED in grant.permissions:
            found[grant.department] = (*found.get(grant.department, ()), grant.path)
    return found
