"""Roles as code: what each may do, with a sentence for people. The database stores the slug."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from greenward.territories.models import Level


class Permission(StrEnum):
    """What a role may do at its place and everything below."""

    READ = "read"
    READ_AUDIT = "read_audit"
    SURVEY = "survey"
    CHECK_SURVEY = "check_survey"
    ACCEPT_SURVEY = "accept_survey"
    FEED = "feed"
    FILE_EVIDENCE = "file_evidence"
    REVIEW_EVIDENCE = "review_evidence"
    ENROL = "enrol"
    CHOOSE_PILOTS = "choose_pilots"
    PLAN = "plan"
    APPROVE_PLAN = "approve_plan"
    COMMENT_PLAN = "comment_plan"
    APPLY = "apply"
    RECOMMEND = "recommend"
    COUNTERSIGN = "countersign"
    JUDGE = "judge"
    DECIDE_JUDGEMENT = "decide_judgement"
    REVIEW = "review"
    DECIDE_APPLICATION = "decide_application"
    PUBLISH_NOTICES = "publish_notices"
    HANDLE_OBJECTIONS = "handle_objections"
    RECOGNISE = "recognise"
    RECHECK = "recheck"
    DELIVER_DUTIES = "deliver_duties"
    RUN_SURVEY_ROUNDS = "run_survey_rounds"
    RUN_ASSESSMENT = "run_assessment"
    CHANGE_PLACES = "change_places"
    INSTALL_PACKS = "install_packs"
    APPOINT = "appoint"


OWN_NAME: set[Permission] = {
    Permission.APPLY,
    Permission.RECOMMEND,
    Permission.COUNTERSIGN,
    Permission.JUDGE,
    Permission.DECIDE_JUDGEMENT,
    Permission.REVIEW,
    Permission.DECIDE_APPLICATION,
    Permission.RECOGNISE,
    Permission.APPROVE_PLAN,
    Permission.CHANGE_PLACES,
    Permission.INSTALL_PACKS,
    Permission.APPOINT,
}
"""What nobody does for another, whoever is away: it must be signed, recommended, reviewed or judged in one's
own name. A module adds its own (``duties.todos.keep_own``)."""


@dataclass(frozen=True)
class Role:
    """A role: slug, name, one sentence, the levels at which it is held, and its permissions."""

    slug: str
    name: StrOrPromise
    sentence: StrOrPromise
    levels: frozenset[Level]
    permissions: frozenset[Permission]


P = Permission
ROLES: dict[str, Role] = {
    role.slug: role
    for role in (
        Role(
            "city_lead",
            _("市级牵头单位"),
            _("查看全市，组织摸底轮次，维护地方名单，任用人员，安装方案包，监督进度；不参与评审。"),
            frozenset({Level.CITY}),
            frozenset(
                {
                    P.READ,
                    P.READ_AUDIT,
                    P.RUN_SURVEY_ROUNDS,
                    P.RUN_ASSESSMENT,
                    P.CHANGE_PLACES,
                    P.INSTALL_PACKS,
                    P.COMMENT_PLAN,
                    P.DELIVER_DUTIES,
                    P.APPOINT,
                }
            ),
        ),
        Role(
            "city_department",
            _("市级部门"),
            _("查看全市与本部门职责有关的情况，提供本部门掌握的数据。"),
            frozenset({Level.CITY}),
            frozenset({P.READ, P.FEED}),
        ),
        Role(
            "district_lead",
            _("区级牵头单位"),
            _(
                "查看本区，核验摸底，核对材料，裁定人工评议，登记参与创建，选定试点，审核申报，公示、处理异议、命名和复查，报送本区任务，任用本区人员，维护本区数据。"
            ),
            frozenset({Level.DISTRICT}),
            frozenset(
                {
                    P.READ,
                    P.SURVEY,
                    P.CHECK_SURVEY,
                    P.ACCEPT_SURVEY,
                    P.FILE_EVIDENCE,
                    P.REVIEW_EVIDENCE,
                    P.DECIDE_JUDGEMENT,
                    P.ENROL,
                    P.CHOOSE_PILOTS,
                    P.PLAN,
                    P.APPROVE_PLAN,
                    P.RECOMMEND,
                    P.DECIDE_APPLICATION,
                    P.PUBLISH_NOTICES,
                    P.HANDLE_OBJECTIONS,
                    P.RECOGNISE,
                    P.RECHECK,
                    P.DELIVER_DUTIES,
                    P.RUN_ASSESSMENT,
                    P.APPOINT,
                }
            ),
        ),
        Role(
            "district_department",
            _("区级部门"),
            _("查看本区与本部门职责有关的情况，提供本部门掌握的数据，会签申报中由本部门负责的项。"),
            frozenset({Level.DISTRICT}),
            frozenset({P.READ, P.FEED, P.COUNTERSIGN}),
        ),
        Role(
            "reviewer",
            _("评议员"),
            _("查看本区，对需要人工评议的指标提出意见并写明理由；不评议自己任职的社区，不作裁定。"),
            frozenset({Level.DISTRICT}),
            frozenset({P.READ, P.JUDGE}),
        ),
        Role(
            "street_clerk",
            _("街道经办人"),
            _("查看本街道，录入、导入和核对摸底数据，归档和核对材料，登记社区参与创建，核查和推荐申报。"),
            frozenset({Level.SUBDISTRICT}),
            frozenset(
                {
                    P.READ,
                    P.SURVEY,
                    P.CHECK_SURVEY,
                    P.FILE_EVIDENCE,
                    P.REVIEW_EVIDENCE,
                    P.ENROL,
                    P.RECOMMEND,
                }
            ),
        ),
        Role(
            "community_worker",
            _("社区工作者"),
            _("查看本社区，填报本社区摸底数据，归档本社区材料，申报绿色社区。"),
            frozenset({Level.COMMUNITY}),
            frozenset({P.READ, P.SURVEY, P.FILE_EVIDENCE, P.APPLY}),
        ),
        Role(
            "city_reviewer",
            _("市级审核单位"),
            _("只在方案规定由市级审核的地方审核申报；北京市的方案由区级审核。"),
            frozenset({Level.CITY}),
            frozenset(
                {
                    P.READ,
                    P.DECIDE_APPLICATION,
                    P.PUBLISH_NOTICES,
                    P.HANDLE_OBJECTIONS,
                    P.RECOGNISE,
                    P.RECHECK,
                }
            ),
        ),
        Role(
            "expert",
            _("评审专家"),
            _("只对抽中的申报逐项提出评审意见，看不到其他内容。"),
            frozenset({Level.CITY, Level.DISTRICT}),
            frozenset({P.REVIEW}),
        ),
        Role(
            "auditor",
            _("审计员"),
            _("查看全部内容和审计记录，不写任何数据。"),
            frozenset({Level.CITY}),
            frozenset({P.READ, P.READ_AUDIT}),
        ),
    )
}
