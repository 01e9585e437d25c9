"""Showing an answer: as a control holds it, and as people say it."""

import json

from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Column, Field
from greenward.survey.answers.single import Answer, to_json


def as_written(answer: Answer) -> str:
    """Return the answer as a form's control holds it; reading it gives the answer again."""
    if isinstance(answer, bool):
        return "true" if answer else "false"
    if isinstance(answer, float) and answer.is_integer():
        return str(int(answer))
    if isinstance(answer, list):
        return json.dumps(answer, ensure_ascii=False)
    return str(to_json(answer))


def in_words(field: Field | Column, answer: Answer | None) -> str:
    """Return the answer in the reader's language, with its unit."""
    if answer is None:
        return _("未知")
    if isinstance(answer, bool):
        return _("是") if answer else _("否")
    if isinstance(answer, list):
        return _("%(n)d 行") % {"n": len(answer)}
    if field.type == "file":
        return _("已附文件")
    if field.type == "choice":
        return next((str(choice.label) for choice in field.choices if choice.value == answer), str(answer))
    return f"{as_written(answer)}{field.unit or ''}"
