"""What an office's workbooks call things: corrected once, read so the next time."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import InvalidInputError
from greenward.survey.models import HeadingMeaning, ImportFile
from greenward.survey.queries.imports import office_of
from greenward.survey.queries.rounds import form_of
from greenward.survey.workbooks.decisions import Meanings
from greenward.survey.workbooks.headings import COMPOUND_NAME, IDENTIFYING

MOST_HEADING = 200


def remember(file: ImportFile, headings: Meanings, *, by: User | None, at: datetime) -> None:
    """Put what ``by`` said of headings into ``file.headings`` and into the memory of their office.

    Within the caller's transaction. InvalidInputError for a meaning that the form does not have.
    """
    for form_id, said in headings.items():
        _check(file, form_id, said)
    known = {form: dict(said) for form, said in file.headings.items()}
    for form_id, said in headings.items():
        known.setdefault(form_id, {}).update(said)
    file.headings = known
    office = office_of(by)
    if office is None:
        return
    HeadingMeaning.objects.bulk_create(
        [
            HeadingMeaning(office=office, form=form_id, heading=heading, meaning=meaning, at=at)
            for form_id, said in headings.items()
            for heading, meaning in sorted(said.items())
            if heading and len(heading) <= MOST_HEADING
        ],
        update_conflicts=True,
        unique_fields=["office", "form", "heading"],
        update_fields=["meaning", "at"],
    )


def _check(file: ImportFile, form_id: str, said: Mapping[str, str]) -> None:
    fields = {field.id for field in form_of(file.round, form_id).fields}
    strange = sorted({*said.values()} - fields - IDENTIFYING.keys() - {COMPOUND_NAME, ""})
    if strange:
        raise InvalidInputError(
            _("表中没有这一项：%(fields)s。") % {"fields": "、".join(strange)},
            hint=_("请从列表中选择。"),
            field="meaning",
        )
