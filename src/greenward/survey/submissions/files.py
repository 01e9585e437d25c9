"""Files among answers: only what the sender handed in, or what the place holds already."""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import InvalidInputError
from greenward.evidence.queries import kept_by
from greenward.packs.schema.forms import Form
from greenward.survey.answers.single import Answer
from greenward.survey.queries.attached import held_at
from greenward.territories.models import Place

DIGEST = re.compile(r"[0-9a-f]{64}")


def check_files(form: Form, changed: Mapping[str, Answer | None], place: Place, *, by: User | None) -> None:
    """Raise InvalidInputError for a file that nobody handed in; two queries at most, none without files."""
    given = {
        field.id: str(changed[field.id])
        for field in form.fields
        if field.type == "file" and changed.get(field.id) is not None
    }
    strange = _strange(given.values(), place, by)
    if strange:
        message = _("没有找到这个附件；请先上传，再保存。")
        raise InvalidInputError(
            _("有 %(n)d 个附件没有上传，没有保存。") % {"n": len(strange)},
            hint=_("请重新选择文件上传。"),
            fields={
                name: {"code": "unknown_file", "message": message}
                for name, digest in given.items()
                if digest in strange
            },
        )


def _strange(digests: Iterable[str], place: Place, by: User | None) -> set[str]:
    given = set(digests)
    if not given:
        return set()
    rest = given - kept_by(by, {one for one in given if DIGEST.fullmatch(one)})
    return rest - held_at(place, rest) if rest else rest
