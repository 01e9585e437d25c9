"""Holding the answers to a form against each other: the checks that they break, in words."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from greenward.core.errors import InvalidInputError
from greenward.packs import rules
from greenward.packs.schema.facts import Fact
from greenward.packs.schema.forms import Check, CrossCheck, Field, Form
from greenward.survey.answers.single import Answer, simple
from greenward.survey.answers.words import in_words
from greenward.survey.sensitivity import Sight, mark


class ContradictionError(InvalidInputError):
    """Answers contradict each other; ``data["checks"]`` maps checks to fields, ``data["fields"]`` back."""

    code = "contradiction"


@dataclass(frozen=True)
class Broken:
    """A check that answers break, the fields that it names in the form's order, and what to tell people.

    ``values`` are the answers that break it.
    """

    check: Check
    fields: tuple[Field, ...]
    sentence: str
    values: Mapping[str, Answer | None]

    def shown_to(self, sight: Sight, path: str) -> "Broken":
        """Return it as a person may read it of the place at ``path``: what they do not see is marked."""
        hidden = hidden_of(self.fields, sight, path)
        if not hidden:
            return self
        return replace(self, sentence=sentence(self.check, self.fields, self.values, hidden), values={})


def fields_of(form: Form, check: Check) -> tuple[Field, ...]:
    """Return the fields that a check names, in the form's order."""
    named = rules.reader().names(check.rule)
    return tuple(field for field in form.fields if field.id in named)


def hidden_of(fields: Iterable[Field], sight: Sight, path: str) -> frozenset[str]:
    """Return the fields of the place at ``path`` that a person does not see."""
    return frozenset(field.id for field in fields if not sight.shows(field, path))


def sentence(
    check: Check,
    fields: Collection[Field],
    values: Mapping[str, Answer | None],
    hidden: Collection[str] = frozenset(),
) -> str:
    """Return the check's message with the fields and their values; none is 未知, hidden ones are marked."""
    return _told(
        check,
        (
            f"{one.label} {mark() if one.id in hidden else in_words(one, values.get(one.id))}"
            for one in fields
        ),
    )


def figures_sentence(
    check: CrossCheck,
    facts: Collection[Fact],
    values: Mapping[str, object],
    hidden: Collection[str] = frozenset(),
) -> str:
    """Return the message of a check across levels with the facts that it names and their values."""
    named = rules.reader().names(check.rule)
    return _told(
        check,
        (
            f"{fact.label} {mark() if fact.id in hidden else _figure(fact, values.get(fact.id))}"
            for fact in facts
            if fact.id in named
        ),
    )


def _told(check: Check | CrossCheck, values: Iterable[str]) -> str:
    return _("%(message)s（%(values)s）") % {"message": check.message, "values": "、".join(values)}


def _figure(fact: Fact, value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, float):
        value = f"{value:g}"
    return _("未知") if value is None else f"{value}{fact.unit or ''}"


def broken(
    form: Form,
    values: Mapping[str, Answer | None],
    as_of: date,
    *,
    names: Collection[str] | None = None,
) -> list[Broken]:
    """Return the checks of the form that ``values`` (field id → answer, None unknown) break on a day.

    A check that missing answers leave open is not broken. With ``names`` only checks of these fields.
    """
    if names is not None:
        reader = rules.reader()
        near = tuple(one for one in form.checks if not reader.names(one.rule).isdisjoint(names))
        form = form.model_copy(update={"checks": near})
    found = []
    for check in rules.failed_checks(form, simple(values), as_of):
        fields = fields_of(form, check)
        told = {field.id: values.get(field.id) for field in fields}
        found.append(Broken(check, fields, sentence(check, fields, told), told))
    return found


def touching(found: Collection[Broken], names: Collection[str]) -> list[Broken]:
    """Return the broken checks that name one of the fields."""
    return [one for one in found if any(field.id in names for field in one.fields)]


def check_agree(
    form: Form, values: Mapping[str, Answer | None], as_of: date, *, touched: Collection[str]
) -> None:
    """Raise ContradictionError when ``values`` break a check of level error that names a touched field."""
    refuse(broken(form, values, as_of, names=touched))


def refuse(found: Collection[Broken]) -> None:
    """Raise ContradictionError when there is a broken check of level error among them."""
    faults = [one for one in found if one.check.level == "error"]
    if not faults:
        return
    raise ContradictionError(
        _("填写的内容互相矛盾，没有保存：%(faults)s。")
        % {"faults": "；".join(one.sentence for one in faults)},
        hint=_("请核对这几项，改正后再保存。"),
        fields={
            field.id: {"code": one.check.id, "message": str(one.check.message)}
            for one in reversed(faults)
            for field in one.fields
        },
        checks={one.check.id: [field.id for field in one.fields] for one in faults},
    )
