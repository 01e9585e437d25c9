"""The facts that a standard may name: what each is, where it comes from, how long it counts, who uses it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from greenward.assessment.facts import registry
from greenward.packs.schema.facts import Fact, FromEarlier, FromField, FromRecords, FromRows
from greenward.packs.schema.forms import Field
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.standard import Item


@dataclass(frozen=True)
class CatalogueEntry:
    """A fact of an edition. ``source``: the name under which it is registered; ``told``: the same in words.

    ``valid_months``: how long a value counts from the day on which it was true; None: until it changes.
    ``provided``: whether anything here gives its values; else they stay unknown.
    """

    fact: Fact
    source: str
    told: str
    valid_months: int | None
    provided: bool
    used_by: tuple[Item, ...]


def catalogue_of(pack: Pack, *, words: str = "", source: str = "") -> list[CatalogueEntry]:
    """Return the edition's facts in its order: those of one source, and with all the words in their names."""
    using = {item.id: {fact.id for fact in pack.facts_of(item)} for item in pack.item_by_id.values()}
    wanted = words.casefold().split()
    return [
        CatalogueEntry(
            fact=fact,
            source=registry.source_of(pack.behind(fact)),
            told=_told(pack, fact),
            valid_months=_valid_months(pack, fact),
            provided=registry.is_provided(pack.behind(fact)),
            used_by=tuple(item for item in pack.item_by_id.values() if fact.id in using[item.id]),
        )
        for fact in pack.facts
        if source in {"", registry.source_of(pack.behind(fact))} and _matches(fact, wanted)
    ]


def sources_of(pack: Pack) -> list[tuple[str, str]]:
    """Return the sources that the edition's facts come from: name and words."""
    names = dict.fromkeys(registry.source_of(pack.behind(fact)) for fact in pack.facts)
    return [(name, registry.label_of(name)) for name in names]


def _matches(fact: Fact, wanted: Iterable[str]) -> bool:
    text = f"{fact.id} {fact.label.zh} {fact.label.en}".casefold()
    return all(word in text for word in wanted)


def _valid_months(pack: Pack, fact: Fact) -> int | None:
    """Return the shortest time that anything behind the fact counts."""
    fact = pack.behind(fact)
    stated = [field.valid_months for field in _fields(pack, fact)] + [fact.valid_months]
    return min((months for months in stated if months is not None), default=None)


def _fields(pack: Pack, fact: Fact) -> list[Field]:
    origin = fact.origin
    names: set[str | None]
    if isinstance(origin, FromField):
        names = {origin.field}
    elif isinstance(origin, FromRows):
        names = {origin.field, origin.where.field if origin.where else None}
    else:
        return []
    return [field for field in pack.form_by_id[origin.form].fields if field.id in names]


def _told(pack: Pack, fact: Fact) -> str:
    origin = fact.origin
    if isinstance(origin, FromEarlier):
        return _("%(months)d 个月前的“%(label)s”（%(told)s）") % {
            "months": origin.months,
            "label": pack.behind(fact).label,
            "told": _told(pack, pack.behind(fact)),
        }
    if isinstance(origin, FromField):
        (field,) = _fields(pack, fact)
        return _("%(form)s：%(field)s") % {"form": pack.form_by_id[origin.form].title, "field": field.label}
    if isinstance(origin, FromRows):
        labels = {field.id: field.label for field in _fields(pack, fact)}
        ways = {
            "count": _("%(form)s的份数"),
            "count_true": _("%(form)s中“%(field)s”为是的份数"),
            "sum": _("%(form)s中“%(field)s”的合计"),
        }
        form = pack.form_by_id[origin.form].title
        told = ways[origin.aggregate] % {"form": form, "field": labels.get(origin.field or "", "")}
        if origin.where is None:
            return told
        return _("%(figure)s，只算符合“%(field)s”条件的") % {
            "figure": told,
            "field": labels[origin.where.field],
        }
    if isinstance(origin, FromRecords):
        return _records(pack, origin)
    return _("%(source)s：%(key)s") % {"source": registry.label_of(origin.source), "key": origin.key}


def _records(pack: Pack, origin: FromRecords) -> str:
    ways = {
        "count": _("%(records)s的份数"),
        "days": _("有%(records)s的天数"),
        "last": _("最近一份%(records)s的日期"),
    }
    records = registry.label_of(origin.records)
    if origin.item is not None:
        named = {"records": records, "item": origin.item, "short": pack.item_by_id[origin.item].short}
        records = _("第 %(item)s 项“%(short)s”的%(records)s") % named
    if origin.kind is not None:
        records = _("%(records)s（%(kind)s）") % {"records": records, "kind": origin.kind}
    told = ways[origin.gives] % {"records": records}
    if origin.months is None:
        return told
    return _("%(figure)s，只算 %(months)d 个月以内的") % {"figure": told, "months": origin.months}
