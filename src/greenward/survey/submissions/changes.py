"""What a submission changes of what stands, and whether it may: conflicts, conditions, checks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from greenward.core.errors import ConflictError, InvalidInputError
from greenward.core.months import after_months
from greenward.packs import rules
from greenward.packs.schema.forms import Field, Form
from greenward.survey.answers.checks import Broken, broken, refuse, touching
from greenward.survey.answers.single import Answer, from_json, simple, to_json
from greenward.survey.models import Round
from greenward.survey.submissions.history import Held, told

Answers = Mapping[str, Answer | None]


@dataclass(frozen=True)
class Changes:
    """What is to be written, and the warnings that it leaves standing."""

    values: dict[str, Answer | None]
    warnings: list[Broken]


@dataclass(frozen=True)
class Occasion:
    """For which round answers come, on which day they arrive, when they were true, what the sender saw."""

    round: Round
    day: date
    true_on: date
    seen: int | None = None


def changes_of(form: Form, answers: Answers, held: Held, occasion: Occasion) -> Changes:
    """Return what is new in ``answers``: other values, and the same where the round still asks for them.

    ConflictError where the sender and somebody else changed the same field; InvalidInputError where an
    answer does not apply under the answers beside it; ContradictionError where they break a check.
    """
    known = {field.id: from_json(field, held.now.get(field.id)) for field in form.fields}
    changed = _changed(form, answers, known, held, occasion)
    whole = {**known, **changed}
    beside = _beside_the_point(form, whole, occasion.day)
    _check_apply(form, changed, known, beside)
    changed = {name: value for name, value in changed.items() if value is None or name not in beside}
    counting = {name: None if name in beside else value for name, value in whole.items()}
    found = broken(form, counting, occasion.day, names=answers)
    refuse(touching(found, changed))
    return Changes(changed, [one for one in found if one.check.level == "warning"])


def _changed(
    form: Form, answers: Answers, known: Answers, held: Held, occasion: Occasion
) -> dict[str, Answer | None]:
    fields = form.field_by_id
    touched = {
        name
        for name, answer in answers.items()
        if occasion.seen is None or from_json(fields[name], held.base.get(name)) != answer
    }
    clashes = [name for name in touched & held.newer.keys() if known[name] != answers[name]]
    if clashes:
        raise _conflict(form, answers, held, clashes)
    return {
        name: answer
        for name, answer in answers.items()
        if (known[name] != answer and name in touched)
        or (known[name] == answer and answer is not None and _asks_again(fields[name], held, occasion))
    }


def _asks_again(field: Field, held: Held, occasion: Occasion) -> bool:
    """Tell whether saying the same again is worth an entry: new to this round, or expired."""
    if field.id not in held.here:
        return True
    true_on = held.true_on[field.id]
    return (
        field.valid_months is not None
        and true_on < occasion.true_on
        and after_months(true_on, field.valid_months) < occasion.round.reference_on
    )


def _conflict(form: Form, answers: Answers, held: Held, clashes: Collection[str]) -> ConflictError:
    labels = [str(field.label) for field in form.fields if field.id in clashes]
    theirs = told({name: held.newer[name] for name in clashes}, held.now)
    return ConflictError(
        _("在您填写期间，别人改了同样的 %(n)d 项：%(fields)s。")
        % {"n": len(clashes), "fields": "、".join(labels)},
        hint=_("请对照两个值，确认后再保存一次。"),
        fields={name: {"yours": to_json(answers[name]), **theirs[name]} for name in clashes},
    )


def _beside_the_point(form: Form, values: Answers, day: date) -> set[str]:
    """Return the known fields that are not asked under these answers: their conditions fail."""
    plain = simple(values)
    return {
        field.id
        for field in form.conditional
        if values.get(field.id) is not None and not rules.applies(field, plain, day)
    }


def _check_apply(form: Form, changed: Answers, known: Answers, beside: Collection[str]) -> None:
    wrong = [
        field
        for field in form.fields
        if field.id in beside and changed.get(field.id) is not None and changed[field.id] != known[field.id]
    ]
    if wrong:
        message = _("按其他几项的填写，这一项不适用。")
        raise InvalidInputError(
            _("有 %(n)d 项按其他几项的填写不适用，没有保存：%(fields)s。")
            % {"n": len(wrong), "fields": "、".join(str(field.label) for field in wrong)},
            hint=_("请核对前面的答案，或不填这些项。"),
            fields={field.id: {"code": "not_applicable", "message": message} for field in wrong},
        )
