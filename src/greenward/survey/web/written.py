"""Answers as the form's controls hold and show them: text, or the rows of a table."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from greenward.packs.schema.forms import Field
from greenward.survey.answers.single import Answer, from_json
from greenward.survey.answers.words import as_written, in_words
from greenward.survey.sensitivity import hint, mark

Written = str | list[dict[str, str]]
MOST_SHOWN = 5  # rows of a table in a sentence


def written(answer: Answer | None) -> Written:
    """Return what a control holds for an answer, empty for none; reading it gives the answer again."""
    if answer is None:
        return ""
    if isinstance(answer, list):
        return [{name: as_written(cell) for name, cell in row.items() if cell is not None} for row in answer]
    return as_written(answer)


def shown(field: Field, answer: Answer | None) -> str:
    """Return the answer in words; a table's first rows in full."""
    if not isinstance(answer, list) or not answer:
        return in_words(field, answer)
    rows = [
        " ".join(
            in_words(column, from_json(column, row.get(column.id)))
            for column in field.columns
            if row.get(column.id) is not None
        )
        for row in answer[:MOST_SHOWN]
    ]
    return "；".join(rows) + ("…" if len(answer) > MOST_SHOWN else "")


def marked() -> SafeString:
    """Return what stands in the place of a figure that is not shown, with who sees it."""
    told = '<span class="withheld" title="{0}">{1}<span class="visually-hidden">（{0}）</span></span>'
    return format_html(told, hint(), mark())
