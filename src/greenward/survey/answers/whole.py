"""Reading the answers to several fields of a form at once."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from greenward.core.errors import InvalidInputError
from greenward.packs.schema.forms import Form
from greenward.survey.answers.asis import as_it_is
from greenward.survey.answers.problems import AnswerError, described, told
from greenward.survey.answers.single import Answer, read


def checked(form: Form, values: Mapping[str, object]) -> dict[str, Answer | None]:
    """Return the answers; InvalidInputError with a problem for every field that does not fit."""
    fields = form.field_by_id
    answers: dict[str, Answer | None] = {}
    problems: dict[str, dict[str, str]] = {}
    for name, raw in values.items():
        if name not in fields:
            problem = described(form.fields[0], "unknown_field")
            problems[name] = {"code": problem.code, "message": problem.message}
            continue
        try:
            plain = as_it_is(fields[name], raw)
            answers[name] = read(fields[name], raw) if plain is None else plain
        except AnswerError as error:
            problem = told(fields[name], error)
            problems[name] = {"code": problem.code, "message": problem.message}
    if problems:
        raise InvalidInputError(
            _("有 %(n)d 项填写有误，没有保存。") % {"n": len(problems)},
            hint=_("请按各项下方的说明改正后再保存。"),
            fields=problems,
        )
    return answers
