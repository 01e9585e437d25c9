"""Uploaded workbooks: their own and, for those who see the whole, everybody's."""

import io

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError
from greenward.survey.models import ImportFile, Round
from greenward.survey.workbooks.plan import ROW


def imports_for(user: User | AnonymousUser, survey_round: Round) -> QuerySet[ImportFile]:
    """Return the workbooks that the person uploaded to the round, newest first, without their content."""
    mine: QuerySet[ImportFile] = ImportFile.objects.filter(round=survey_round, by=user.pk, by__isnull=False)
    return mine.defer("content", "plan").order_by("-id")


def preview_rows(file: ImportFile, outcome: str | None = None) -> pl.DataFrame:
    """Return what the preview said row by row (``workbooks.plan.ROW``), of one outcome where asked."""
    if not file.plan:
        return pl.DataFrame(schema=dict.fromkeys(ROW, pl.String()))
    rows = pl.read_parquet(io.BytesIO(file.plan))
    return rows.filter(pl.col("outcome") == outcome) if outcome else rows


def get_import_for(user: User | AnonymousUser, survey_round: Round, pk: int) -> ImportFile:
    """Return one of the person's own workbooks; NotFoundError for anybody else's."""
    found = imports_for(user, survey_round).defer(None).defer("content").filter(pk=pk).first()
    if found is None:
        raise NotFoundError(
            _("没有找到这个导入文件，或者它不是您上传的。"), hint=_("请从摸底页面重新上传。"), number=pk
        )
    return found
