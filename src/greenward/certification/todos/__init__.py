"""Certification as to-dos: applications, objections, notices and titles; who must act, and by when."""

from django.utils.translation import gettext_lazy as _

from greenward.certification.todos import aftercare, applications, held
from greenward.certification.todos.words import (
    COUNTERSIGN,
    DECIDE,
    DESK,
    OPINE,
    RECHECK,
    RECOMMEND,
    WRITE,
)
from greenward.duties.todos import Kind
from greenward.territories.roles import Permission

P = Permission

KINDS = (
    Kind(WRITE, _("申报"), 45, frozenset({P.APPLY}), applications.writing),
    Kind(
        RECOMMEND, _("推荐"), 46, frozenset({P.RECOMMEND}), applications.recommending, held.applications_held
    ),
    Kind(
        COUNTERSIGN,
        _("会签"),
        47,
        frozenset({P.COUNTERSIGN}),
        applications.countersigning,
        held.departments_held,
    ),
    Kind(OPINE, _("专家评审"), 48, frozenset({P.REVIEW}), applications.opining, held.reviewers_held),
    Kind(DECIDE, _("审核与命名"), 49, frozenset({P.DECIDE_APPLICATION, P.RECOGNISE}), applications.deciding),
    Kind(
        DESK,
        _("公示与异议"),
        50,
        frozenset({P.PUBLISH_NOTICES, P.HANDLE_OBJECTIONS}),
        aftercare.at_the_desk,
    ),
    Kind(RECHECK, _("复查"), 51, frozenset({P.RECHECK}), aftercare.rechecking, held.rechecks_held),
)
