"""Uploaded workbooks: their own and, for those who see the whole, everybody's."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError
from greenward.survey.models import ImportFile, Round


def imports_for(user: User | AnonymousUser, survey_round: Round) -> QuerySet[ImportFile]:
    """Return the workbooks that the person uploaded to the round, newest first, without their content."""
    mine = ImportFile.objects.filter(round=survey_round, by=user.pk, by__isnull=False)
    return mine.defer("content", "plan").order_by("-id")


def get_import_for(user: User | AnonymousUser, survey_round: Round, pk: int) -> ImportFile:
    """Return one of the person's own workbooks; NotFoundError for anybody else's."""
    found = imports_for(user, survey_round).filter(pk=pk).defer("content").first()
    if found is None:
        raise NotFoundError(
            _("没有找到这个导入文件，或者它不是您上传的。"), hint=_("请从摸底页面重新上传。"), number=pk
        )
    return found
