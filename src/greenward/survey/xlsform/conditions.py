"""Conditions and checks of a form as XPath; what XPath cannot say is listed, and still checked on arrival."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from greenward.packs import rules
from greenward.packs.schema.forms import Check, Column, Field, Form
from greenward.packs.schema.shape import Bilingual
from greenward.survey.xlsform.naming import is_carried

KINDS = {
    "bool": "bool",
    "count": "int",
    "year": "int",
    "number": "number",
    "date": "date",
    "choice": "text",
    "text": "text",
}


@dataclass(frozen=True)
class Left:
    """A rule that the form does not carry: the field or check that it belongs to, and the rule."""

    name: str
    rule: str


@dataclass(frozen=True)
class Warned:
    """A check that only warns: shown as a note after a field while ``when`` (XPath) is true."""

    id: str
    when: str
    message: Bilingual


@dataclass
class Conditions:
    """What each field's question carries: ``relevant``, ``constraints`` with messages, warnings after it."""

    relevant: dict[str, str] = field(default_factory=dict)
    constraints: dict[str, list[tuple[str, Bilingual]]] = field(default_factory=dict)
    warnings: dict[str, list[Warned]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)


def conditions_of(form: Form) -> Conditions:
    """Return the conditions of a form's questions.

    A field is asked unless its condition surely fails. A check is put at the last field that it names, where
    all answers are there: an error as a constraint, a warning as a note.
    """
    asked = {one.id: one for one in form.fields if is_carried(one) and one.type in KINDS}
    found = Conditions()
    for one in form.fields:
        if one.when is None or not is_carried(one):
            continue
        failing = _failing(one.when, asked)
        if failing is None:
            found.left.append(Left(one.id, one.when))
        else:
            found.relevant[one.id] = f"not({failing})"
    for check in form.checks:
        _put(check, form.fields, asked, found)
    return found


def bounds(one: Field | Column) -> str:
    """Return the constraint of a number's least and greatest value; empty where there is none."""
    least = one.min if one.min is not None else (0 if one.type == "count" else None)
    parts = [f". >= {least}"] if least is not None else []
    parts += [f". <= {one.max}"] if one.max is not None else []
    return " and ".join(parts)


def _put(check: Check, fields: Sequence[Field], asked: Mapping[str, Field], found: Conditions) -> None:
    named = [one.id for one in fields if one.id in rules.reader().names(check.rule)]
    last = named[-1] if named else ""
    own = last if check.level == "error" else ""
    failing = _failing(check.rule, asked, own=own)
    if failing is None:
        found.left.append(Left(check.id, check.rule))
    elif check.level == "error":
        found.constraints.setdefault(last, []).append((f"not({failing})", check.message))
    else:
        found.warnings.setdefault(last, []).append(Warned(check.id, failing, check.message))


def _failing(rule: str, asked: Mapping[str, Field], *, own: str = "") -> str | None:
    """Return where a rule fails; ``own`` is the field in whose own constraint it stands."""
    paths = {name: "." if name == own else f"${{{name}}}" for name in asked}
    return rules.reader().fails_in_xpath(rule, paths, {name: KINDS[one.type] for name, one in asked.items()})
