"""Every address of the product, and whom it answers. A pattern that is not listed here fails the tests.

Fill-ins: ``{district}``, ``{street}``, ``{community}``, ``{other}`` (a second community of the street) and
``{compound}`` are codes of one district; the tests fill in the codes of another to see whether they are
refused. ``{mine}`` is the number of the asker's own uploaded workbook. ``{submitted}``, ``{returned}`` and
``{accepted}`` are the community once its survey stands so, ``{digest}`` an attachment of the asker;
``{complete}`` is the street once all of its surveys are accepted, and ``{certificate}`` the number of the
certificate that says so. ``{draft}`` is a draft of
the edition. ``{filed}`` is a file of the community's evidence, ``{use}`` the number under which
it is filed, ``{pair}`` the number under which ``{other}`` has the same; ``{shown}`` is a picture of it.
``{asked}``, ``{opined}`` and ``{judged}`` is a judging at the community once it stands so.
``{application}`` is the number of the community's application; in what is sent, with the version seen.
``{planned}``, ``{approved}`` and ``{filed_plan}`` are the district once its plan is drafted, approved, filed;
``{seen}``, in what is sent, the number of the plan's newest step.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from django.urls import URLResolver, get_resolver


class For(Enum):
    """Whom an address answers."""

    ANYBODY = "open without sign-in; holds nothing below the districts' figures"
    ONESELF = "one's own account, or what all who sign in may read"
    REACH = "lists what is within reach; 404 or empty without an appointment"
    PLACE = "names a place: 404 beyond the reach"
    AUDITORS = "the audit trail"
    CITY = "work of the city's lead: 404 or 403 for everybody else"
    DEPARTMENTS = "for who feeds the values that a department holds: 403 for everybody else"


@dataclass(frozen=True)
class Address:
    """An address with its places to fill in; ``sends``: what a permitted person would send to it.

    ``role`` is what a person of the district needs to be. A ``script`` of our own pages calls it: it is told
    of a lost session as JSON, never sent elsewhere.
    """

    name: str
    path: str
    whom: For
    method: str = "GET"
    sends: dict[str, object] = field(default_factory=dict)
    script: bool = False
    role: str = "district_lead"


def get(name: str, path: str, whom: For) -> Address:
    """Describe a reading address."""
    return Address(name, path, whom)


def post(name: str, path: str, whom: For, /, **sends: object) -> Address:
    """Describe a writing address."""
    return Address(name, path, whom, "POST", sends)


def call(name: str, path: str, whom: For, /, **sends: object) -> Address:
    """Describe an address that scripts write to."""
    return Address(name, path, whom, "POST", sends, script=True)


ANYBODY, ONESELF, REACH, PLACE, AUDITORS, CITY, DEPARTMENTS = For
API, SURVEY, PACK, FACTOR = (
    "/api/v1/",
    "/survey/r2022/",
    "/packs/beijing-2021/2021.3/",
    "/accounts/second-factor/",
)
EXPORT = "/survey/export/"
DRAFT = "/packs/drafts/{draft}/"
SUBMISSION = {"place/place_community": "990101001001", "g_people/households": 79, "_uuid": "a-submission"}
ACT = {"on": "2022-06-15", "reason": "测试"}

ADDRESSES = [
    get("api_docs", f"{API}docs", ANYBODY),
    get("api:openapi-json", f"{API}openapi.json", ANYBODY),
    get("api:me", f"{API}me", ONESELF),
    get("api:places", f"{API}places", REACH),
    get("api:places", f"{API}places?parent={{district}}", REACH),
    get("api:place", f"{API}places/{{community}}", PLACE),
    get("api:packs", f"{API}packs", ONESELF),
    get("api:pack", f"{API}packs/beijing-2021", ONESELF),
    get("api:pack_drafts", f"{API}packs/beijing-2021/drafts", ONESELF),
    get("api:pack_draft", f"{API}packs/beijing-2021/drafts/{{draft}}", CITY),
    post("api:check_draft", f"{API}packs/beijing-2021/drafts/{{draft}}/check", CITY, files={}),
    get("api:duties", f"{API}duties", REACH),
    get("api:evidence", f"{API}evidence/{{community}}", PLACE),
    post("api:hand_in", f"{API}evidence/{{community}}", PLACE, file=True, year="2022"),
    get("api:evidence_file", f"{API}evidence/{{community}}/files/{{filed}}", PLACE),
    get("api:evidence_questions", f"{API}evidence/{{district}}/questions", PLACE),
    post("api:answer_question", f"{API}evidence/{{community}}/questions/{{use}}/{{pair}}", PLACE,
         text="共用一处"),
    get("api:rounds", f"{API}survey/rounds", REACH),
    get("api:coverage", f"{API}survey/rounds/r2022/coverage?place={{district}}", PLACE),
    get("api:values", f"{API}survey/values/{{community}}", PLACE),
    Address("api:record", f"{API}survey/values/{{community}}", PLACE, "PUT",
            {"round": "r2022", "values": {"households": 77}}),
    get("api:asked", f"{API}survey/rounds/r2022/asked/{{community}}", PLACE),
    get("api:asked", f"{API}survey/rounds/r2022/asked/{{community}}?units=true", PLACE),
    post("api:correct", f"{API}survey/corrections/{{accepted}}", PLACE, round="r2022",
         values={"households": 78}, reason="核对户籍台账"),
    post("api:add_unit", f"{API}survey/units/{{community}}", PLACE, round="r2022", form="compound",
         values={"name": "新院"}),
    post("api:attach", f"{API}survey/files/{{community}}", PLACE, file=True),
    get("api:attachment", f"{API}survey/files/{{community}}/{{digest}}", PLACE),
    post("api:feed", f"{API}survey/feeds", DEPARTMENTS, dataset="台账", observed_on="2022-05-31",
         rows=[{"place": {"code": "990101001001"}, "values": {"households": 5}}]),
    get("api:quality", f"{API}survey/rounds/r2022/quality?place={{street}}", PLACE),
    get("api:case", f"{API}survey/rounds/r2022/cases/{{submitted}}", PLACE),
    post("api:move", f"{API}survey/rounds/r2022/cases/{{submitted}}/moves", PLACE, verb="check"),
    get("api:export", f"{API}survey/export", REACH),
    get("api:export", f"{API}survey/export?under={{district}}&sources=true", PLACE),
    get("api:sums", f"{API}survey/export/sums", REACH),
    get("api:sums", f"{API}survey/export/sums?under={{street}}", PLACE),
    get("api:file", f"{API}survey/export/file?level=community&kind=csv", REACH),
    get("api:file", f"{API}survey/export/file?under={{community}}&level=community&kind=csv", PLACE),
    get("api:dictionary", f"{API}survey/dictionary", ONESELF),
    get("api:xlsform", f"{API}survey/rounds/r2022/xlsform/community?under={{district}}", PLACE),
    post("api:submissions", f"{API}survey/rounds/r2022/submissions", REACH, **SUBMISSION),
    post("api:preview", f"{API}survey/rounds/r2022/imports", REACH, file=True, form="community"),
    get("api:imported", f"{API}survey/rounds/r2022/imports/{{mine}}", REACH),
    get("api:marked", f"{API}survey/rounds/r2022/imports/{{mine}}/marked.xlsx", REACH),
    post("api:decide", f"{API}survey/rounds/r2022/imports/{{mine}}/decide", REACH, reasons={"x": "y"}),
    post("api:undo", f"{API}survey/rounds/r2022/imports/{{mine}}/undo", REACH),
    post("api:confirm", f"{API}survey/rounds/r2022/imports/{{mine}}/confirm", REACH, only_valid=True),
    get("api:assessment", f"{API}assessment/{{community}}", PLACE),
    get("api:proof", f"{API}assessment/{{community}}/proof", PLACE),
    get("api:facts", f"{API}facts", ONESELF),
    get("api:judgings", f"{API}judgings", REACH),
    get("api:judgings", f"{API}judgings?state=all&place={{community}}", PLACE),
    post("api:ask_judgings", f"{API}judgings", REACH, number="1.1", under="990101000000",
         due_on="2022-12-31", needed=1),
    get("api:judging", f"{API}judgings/{{asked}}", PLACE),
    Address("api:opine_judging", f"{API}judgings/{{asked}}/opinions", PLACE, "POST",
            {"seen": 0, "points": -1, "reason": "看过现场"}, role="reviewer"),
    post("api:decide_judging", f"{API}judgings/{{opined}}/decisions", PLACE, seen=1, points=-1,
         observed_on="2022-06-01", reason="同意"),
    post("api:reopen_judging", f"{API}judgings/{{judged}}/reopening", PLACE, seen=2, reason="有误"),
    post("api:withdraw_judging", f"{API}judgings/{{asked}}/withdrawal", PLACE, seen=0, reason="问错"),
    get("api:attainment", f"{API}attainment", REACH),
    get("api:attainment", f"{API}attainment?under={{district}}", REACH),
    post("set_language", "/language/", ANYBODY, language="en"),
    post("set_large_print", "/large-print/", ANYBODY, on="1"),
    get("account_login", "/accounts/login/", ANYBODY),
    get("account_logout", "/accounts/logout/", ANYBODY),
    get("account_inactive", "/accounts/inactive/", ANYBODY),
    get("account_reauthenticate", "/accounts/reauthenticate/", ONESELF),
    get("account_change_password", "/accounts/password/", ONESELF),
    get("mfa_index", FACTOR, ONESELF),
    get("mfa_authenticate", f"{FACTOR}authenticate/", ONESELF),
    get("mfa_reauthenticate", f"{FACTOR}reauthenticate/", ONESELF),
    get("mfa_activate_totp", f"{FACTOR}totp/activate/", ONESELF),
    get("mfa_deactivate_totp", f"{FACTOR}totp/deactivate/", ONESELF),
    get("mfa_view_recovery_codes", f"{FACTOR}recovery-codes/", ONESELF),
    get("mfa_generate_recovery_codes", f"{FACTOR}recovery-codes/generate/", ONESELF),
    get("mfa_download_recovery_codes", f"{FACTOR}recovery-codes/download/", ONESELF),
    get("mfa_list_webauthn", f"{FACTOR}webauthn/", ONESELF),
    get("mfa_add_webauthn", f"{FACTOR}webauthn/add/", ONESELF),
    get("mfa_reauthenticate_webauthn", f"{FACTOR}webauthn/reauthenticate/", ONESELF),
    get("mfa_remove_webauthn", f"{FACTOR}webauthn/keys/1/remove/", ONESELF),
    get("mfa_edit_webauthn", f"{FACTOR}webauthn/keys/1/edit/", ONESELF),
    get("mfa_login_webauthn", f"{FACTOR}webauthn/login/", ANYBODY),
    get("usersessions_list", "/accounts/sessions/", ONESELF),
    post("usersessions_end", "/accounts/sessions/end/", ONESELF),
    get("accounts:settings", "/accounts/settings/", ONESELF),
    post("accounts:send_confirmation", "/accounts/address/", ONESELF),
    get("accounts:confirm_address", "/accounts/address/a-token/", ONESELF),
    get("accounts:tokens", "/accounts/tokens/", ONESELF),
    post("accounts:revoke_token", "/accounts/tokens/1/revoke/", ONESELF),
    get("territories:outlines", "/places/outlines.json", ANYBODY),
    get("territories:place", "/places/{district}/", PLACE),
    get("territories:place", "/places/{community}/", PLACE),
    get("territories:people", "/people/", REACH),
    get("portal:home", "/public/", ANYBODY),
    get("workspace:home", "/", REACH),
    get("workspace:dashboard", "/dashboard/{district}/", PLACE),
    get("workspace:dashboard", "/dashboard/{street}/", PLACE),
    get("workspace:dashboard", "/dashboard/{district}/?export=csv", PLACE),
    get("workspace:communities", "/communities/", REACH),
    get("workspace:communities", "/communities/?export=csv", REACH),
    get("workspace:communities", "/communities/?under={district}", PLACE),
    *(get("workspace:community", f"/communities/{{community}}/?tab={tab}", PLACE)
      for tab in ("overview", "survey", "assessment", "history")),
    get("workspace:audit", "/audit/", AUDITORS),
    get("workspace:search", "/tree/search/?q=社区", REACH),
    get("workspace:search", "/tree/search/?q={community}", REACH),
    get("workspace:branch", "/tree/{district}/", PLACE),
    get("workspace:branch", "/tree/{street}/", PLACE),
    get("health_live", "/health/live", ANYBODY),
    get("health_ready", "/health/ready", ANYBODY),
    post("csp_report", "/csp-report", ANYBODY),
    get("survey:rounds", "/survey/", REACH),
    get("survey:coverage", SURVEY, REACH),
    get("survey:coverage", f"{SURVEY}?place={{district}}", PLACE),
    get("survey:export", f"{SURVEY}coverage.csv", REACH),
    get("survey:export", f"{SURVEY}coverage.csv?place={{street}}", PLACE),
    get("survey:plan", "/survey/plan/", CITY),
    post("survey:dates", f"{SURVEY}dates/", CITY, closes_on="2022-07-31", reason="测试"),
    post("survey:close", f"{SURVEY}close/", CITY, confirmed="1"),
    get("survey:burden", f"{SURVEY}burden/", REACH),
    get("survey:burden", f"{SURVEY}burden/?place={{district}}", PLACE),
    get("survey:burden_export", f"{SURVEY}burden.csv", REACH),
    get("survey:burden_export", f"{SURVEY}burden.csv?place={{street}}", PLACE),
    get("survey:template", f"{SURVEY}template.xlsx", REACH),
    get("survey:template", f"{SURVEY}template.xlsx?place={{district}}", PLACE),
    get("survey:exports", f"{EXPORT}", REACH),
    get("survey:exports", f"{EXPORT}?place={{district}}", PLACE),
    get("survey:export_file", f"{EXPORT}file/?subject=community&format=csv&sources=1", REACH),
    get("survey:export_file", f"{EXPORT}file/?place={{street}}&subject=community&format=csv", PLACE),
    get("survey:export_dictionary", f"{EXPORT}dictionary/", ONESELF),
    get("survey:dictionary_file", f"{EXPORT}dictionary.json", ONESELF),
    get("survey:own_file", f"{EXPORT}places/{{community}}/", PLACE),
    get("survey:own_file_pdf", f"{EXPORT}places/{{community}}/file.pdf", PLACE),
    get("survey:certificate_pdf", f"{EXPORT}certificates/r2022/{{certificate}}.pdf", PLACE),
    get("survey:xlsform", f"{EXPORT}xlsform/r2022/community.xlsx?place={{district}}", PLACE),
    get("survey:submissions", f"{EXPORT}submissions/r2022/", REACH),
    post("survey:submissions", f"{EXPORT}submissions/r2022/", REACH, submission=True, form="community"),
    post("survey:upload", f"{SURVEY}imports/", REACH, file=True, form="community"),
    get("survey:preview", f"{SURVEY}imports/{{mine}}/", REACH),
    get("survey:import_problems", f"{SURVEY}imports/{{mine}}/problems/?kind=not_a_number", REACH),
    get("survey:marked", f"{SURVEY}imports/{{mine}}/marked.xlsx", REACH),
    post("survey:columns", f"{SURVEY}imports/{{mine}}/columns/", REACH, **{"column-1": "population"}),
    post("survey:communities", f"{SURVEY}imports/{{mine}}/communities/", REACH, **{"community-0": ""}),
    post("survey:reasons", f"{SURVEY}imports/{{mine}}/reasons/", REACH, check="x", reason="y"),
    post("survey:undo_import", f"{SURVEY}imports/{{mine}}/undo/", REACH),
    post("survey:again", f"{SURVEY}imports/{{mine}}/again/", REACH),
    post("survey:confirm", f"{SURVEY}imports/{{mine}}/confirm/", REACH),
    post("survey:discard", f"{SURVEY}imports/{{mine}}/discard/", REACH),
    get("survey:quality", f"{SURVEY}quality/?place={{street}}&show=all", PLACE),
    get("survey:quality", f"{SURVEY}quality/?export=csv&show=all", REACH),
    post("survey:settle", f"{SURVEY}quality/{{community}}/", PLACE,
         code="people-and-households", reason="属实"),
    get("survey:cases", f"{SURVEY}cases/", REACH),
    get("survey:cases", f"{SURVEY}cases/?state=&place={{street}}", PLACE),
    get("survey:cases", f"{SURVEY}cases/?state=&export=csv", REACH),
    get("survey:case", f"{SURVEY}cases/{{returned}}/?all=1", PLACE),
    get("survey:reminders", f"{SURVEY}cases/reminders/?place={{street}}", PLACE),
    get("survey:completeness", f"{SURVEY}completeness/?place={{street}}", PLACE),
    get("survey:certificate", f"{SURVEY}completeness/{{certificate}}/", PLACE),
    get("survey:value", "/survey/values/{accepted}/households/", PLACE),
    get("survey:value", "/survey/values/{community}/name/?form=compound", PLACE),
    post("survey:batch", f"{SURVEY}cases/batch/?state=submitted&place={{submitted}}", PLACE,
         verb="check", everything="1", confirm="1"),
    post("survey:reminders", f"{SURVEY}cases/reminders/?state=filling&place={{community}}", PLACE,
         everything="1", note="请尽快填报"),
    post("survey:move", f"{SURVEY}cases/{{community}}/move/", PLACE, verb="submit"),
    post("survey:answer", f"{SURVEY}cases/{{returned}}/answer/", PLACE, field="households", answer="属实"),
    post("survey:correct", f"{SURVEY}values/{{accepted}}/households/correct/", PLACE,
         value="79", reason="笔误"),
    post("survey:completeness", f"{SURVEY}completeness/?place={{complete}}", PLACE),
    get("survey:form", f"{SURVEY}{{community}}/", PLACE),
    get("survey:form", f"{SURVEY}{{compound}}/", PLACE),
    post("survey:form", f"{SURVEY}{{community}}/", PLACE, section="{section}", households="78"),
    post("survey:add_unit", f"{SURVEY}{{community}}/units/", PLACE, form="compound", name="新院"),
    call("survey:save", f"{SURVEY}{{community}}/save/", PLACE, form="community", seen=0,
         request="5e9e6d3c-8b1f-4c7a-9a52-0f3f4b6f3c11", values={"population": "78"}),
    call("survey:presence", f"{SURVEY}{{community}}/presence/", PLACE, form="community", seen=0),
    call("survey:attach", f"{SURVEY}{{community}}/files/", PLACE, file=True),
    get("survey:file", "/survey/files/{community}/{digest}/", PLACE),
    get("survey:remarks", f"{SURVEY}{{community}}/remarks/?field=households", PLACE),
    post("survey:remarks", f"{SURVEY}{{community}}/remarks/", PLACE, text="按常住填吗？", is_question="1"),
    call("survey:remarks", f"{SURVEY}{{community}}/remarks/", PLACE, text="按常住填吗？", is_question=True),
    get("survey:questions", f"{SURVEY}questions/", REACH),
    get("survey:questions", f"{SURVEY}questions/?place={{street}}&show=all", PLACE),
    Address("survey:session", "/survey/session.json", ONESELF, script=True),
    get("survey:worker", "/survey/worker.js", ANYBODY),
    get("survey:manifest", "/survey/app.webmanifest", ANYBODY),
    get("survey:offline", "/survey/offline.html", ANYBODY),
    get("evidence:panel", "/evidence/{community}/", PLACE),
    get("evidence:panel", "/evidence/{community}/?item=1&year=2022", PLACE),
    post("evidence:hand_in", "/evidence/{community}/hand-in/", PLACE, file=True, year="2022"),
    post("evidence:use_again", "/evidence/{community}/{use}/use-again/", PLACE, item="2", year="2021"),
    post("evidence:withdraw", "/evidence/{community}/{use}/withdraw/", PLACE, because="传错了"),
    get("evidence:file", "/evidence/{community}/files/{filed}/", PLACE),
    get("evidence:thumbnail", "/evidence/{community}/files/{shown}/thumbnail.jpg", PLACE),
    get("evidence:questions", "/evidence/{community}/questions/", PLACE),
    get("evidence:questions", "/evidence/{street}/questions/?kind=place", PLACE),
    post("evidence:answer", "/evidence/{community}/questions/{use}/{pair}/", PLACE, text="共用一处"),
    get("duties:mine", "/duties/", REACH),
    get("duties:mine", "/duties/?kind=survey-check&urgency=open", REACH),
    get("duties:cover", "/duties/cover/", REACH),
    post("duties:revoke", "/duties/cover/999/revoke/", ONESELF),
    get("duties:reminders", "/duties/reminders/", ONESELF),
    get("duties:unsubscribe", "/duties/unsubscribe/a-token/", ANYBODY),
    get("duties:bell", "/duties/bell/", ONESELF),
    get("programmes:deliver", "/deliveries/quarterly-report/{district}/2022-07-10/", PLACE),
    post("programmes:deliver", "/deliveries/quarterly-report/{district}/2022-07-10/", PLACE,
         document="测试〔2022〕1号", delivered_on="2022-06-01"),
    get("packs:editions", "/packs/", ONESELF),
    get("packs:workbook", f"{PACK}workbook.xlsx", ONESELF),
    get("packs:drafts", "/packs/drafts/", CITY),
    post("packs:begin_draft", "/packs/drafts/begin/", CITY, base="beijing-2021/2021.3", title="草稿"),
    post("packs:upload_draft", "/packs/drafts/upload/", CITY, file=True, base="beijing-2021/2021.3",
         title="表"),
    get("packs:draft", f"{DRAFT}", CITY),
    get("packs:draft_changes", f"{DRAFT}changes/", CITY),
    get("packs:draft_history", f"{DRAFT}history/", CITY),
    get("packs:draft_workbook", f"{DRAFT}workbook.xlsx", CITY),
    post("packs:settle", f"{DRAFT}settle/", CITY, names="areas/smart", takes="rows", zh="理由", en="Reason"),
    post("packs:move_draft", f"{DRAFT}move/withdraw/", CITY),
    get("packs:draft_items", f"{DRAFT}items/", CITY),
    get("packs:draft_item", f"{DRAFT}items/12/", CITY),
    post("packs:draft_item", f"{DRAFT}items/12/", CITY, title_zh="改"),
    get("packs:draft_files", f"{DRAFT}files/", CITY),
    post("packs:add_file", f"{DRAFT}files/add/", CITY, path="cases/new.yaml"),
    get("packs:draft_file", f"{DRAFT}files/standard.yaml/", CITY),
    post("packs:draft_file", f"{DRAFT}files/standard.yaml/", CITY, text="a: 1", seen="0"),
    post("packs:check_file", f"{DRAFT}files/standard.yaml/check/", CITY, text="a: 1"),
    post("packs:remove_file", f"{DRAFT}files/checks.yaml/remove/", CITY, seen="0"),
    get("assessment:facts", f"{PACK}facts/", ONESELF),
    get("assessment:draft_facts", f"{DRAFT}facts/", CITY),
    get("assessment:effect", f"{PACK}effect/", REACH),
    get("assessment:effect", f"{PACK}effect/?place={{district}}", PLACE),
    get("assessment:effect_csv", f"{PACK}effect/list.csv", REACH),
    get("assessment:trial", f"{PACK}effect/{{community}}/", PLACE),
    get("assessment:draft_effect", f"{DRAFT}effect/", CITY),
    get("assessment:draft_effect_csv", f"{DRAFT}effect/list.csv", CITY),
    get("assessment:draft_trial", f"{DRAFT}effect/{{community}}/", CITY),
    get("packs:overview", PACK, ONESELF),
    *(
        get(f"packs:{tab}", f"{PACK}{tab}/", ONESELF)
        for tab in ("clauses", "standard", "dictionary", "forms", "changes")
    ),
    get("assessment:community", "/assessment/{community}/", PLACE),
    get("assessment:judgings", "/judging/", REACH),
    get("assessment:judgings", "/judging/?state=&place={community}", PLACE),
    get("assessment:ask_judging", "/judging/ask/", REACH),
    post("assessment:ask_judging", "/judging/ask/", REACH, number="1.1", under="990101000000",
         due_on="2022-12-31", needed="1"),
    get("assessment:judging", "/judging/{asked}/", PLACE),
    Address("assessment:opine", "/judging/{asked}/opinion/", PLACE, "POST",
            {"seen": "0", "points": "-1", "reason": "看过现场"}, role="reviewer"),
    post("assessment:decide_judging", "/judging/{opined}/decision/", PLACE, seen="1", points="-1",
         observed_on="2022-06-01", reason="同意"),
    post("assessment:reopen_judging", "/judging/{judged}/reopen/", PLACE, seen="2", reason="有误"),
    post("assessment:withdraw_judging", "/judging/{asked}/withdraw/", PLACE, seen="0", reason="问错"),
    get("assessment:compare", "/assessment/{community}/compare/", PLACE),
    get("assessment:compare", "/assessment/{community}/compare/?with={other}", PLACE),
    get("assessment:compare", "/assessment/{district}/compare/", PLACE),
    get("assessment:page", "/assessment/{community}/page.pdf", PLACE),
    get("assessment:changes", "/assessment/changes/", REACH),
    get("assessment:changes", "/assessment/changes/?under={district}", PLACE),
    post("assessment:see", "/assessment/changes/seen/", ONESELF),
    get("assessment:gaps", "/assessment/gaps/{community}/", PLACE),
    get("assessment:gaps", "/assessment/gaps/{district}/", PLACE),
    get("assessment:gaps", "/assessment/gaps/{street}/?export=nearest", PLACE),
    get("assessment:definition", "/definitions/participating/", REACH),
    get("assessment:definition", "/definitions/participating/?place={district}", PLACE),
    get("assessment:behind", "/definitions/participating/list.csv", REACH),
    get("assessment:behind", "/definitions/participating/list.csv?place={street}", PLACE),
    get("pilots:home", "/pilots/", ONESELF),
    get("pilots:proposals", "/pilots/{district}/", PLACE),
    get("pilots:proposals", "/pilots/{street}/?export=csv", PLACE),
    get("pilots:community", "/pilots/communities/{community}/", PLACE),
    get("pilots:lessons", "/pilots/lessons/", REACH),
    get("pilots:lessons", "/pilots/lessons/?like={community}&q=停车", PLACE),
    post("pilots:choose", "/pilots/{street}/choose/", PLACE, community="{other}", **ACT),
    post("pilots:wish", "/pilots/communities/{community}/wishes/", PLACE, kind="meeting",
         held_on="2022-06-01", asked="80", agreed="60"),
    post("pilots:support", "/pilots/communities/{community}/support/", PLACE, kind="visit",
         given_on="2022-06-01", text="现场指导"),
    post("pilots:lesson", "/pilots/communities/{community}/lessons/", PLACE, title="停车共享",
         problem="车位不足", practice="错时共享", effect="缓解", applies="周边有单位", age="any"),
    post("pilots:conclude", "/pilots/communities/{community}/conclude/", PLACE, **ACT),
    post("pilots:share", "/pilots/lessons/999/share/", CITY),
    get("plans:overview", "/plans/", REACH),
    get("plans:overview", "/plans/?export=csv", REACH),
    get("plans:plan", "/plans/{district}/", PLACE),
    get("plans:plan", "/plans/{planned}/", PLACE),
    get("plans:compare", "/plans/{planned}/changes/", PLACE),
    get("plans:targets", "/plans/{planned}/targets.csv", PLACE),
    get("plans:pdf", "/plans/{planned}/plan.pdf", PLACE),
    get("plans:edit", "/plans/{planned}/edit/", PLACE),
    post("plans:begin", "/plans/{district}/begin/", PLACE),
    post("plans:edit", "/plans/{planned}/edit/", PLACE, plan=True),
    post("plans:move", "/plans/{planned}/move/", PLACE, seen="{seen}", version="1", verb="submit"),
    post("plans:file", "/plans/{approved}/file/", PLACE, seen="{seen}", version="1",
         document="测试〔2022〕1号", filed_on="2022-06-15"),
    post("plans:comment", "/plans/{filed_plan}/comments/", PLACE, version="1", text="请补充"),
    get("certification:desk", "/titles/", REACH),
    # handlers alone: who else is told nothing stands in tests/certification/test_handling_pages.py
    get("certification:conclude", "/titles/notices/999/", ONESELF),
    get("certification:objection", "/titles/objections/999/", ONESELF),
    post("certification:publish", "/titles/publish/", ONESELF, territory="999"),
    post("certification:recognise", "/titles/notices/999/recognise/", ONESELF),
    post("certification:reveal", "/titles/objections/999/reveal/", ONESELF),
    post("certification:erase", "/titles/objections/999/erase/", ONESELF),
    post("certification:turn", "/titles/objections/999/accept/", ONESELF),
    post("certification:objection_proof", "/titles/objections/999/proof/", ONESELF),
    get("certification:rechecks", "/titles/rechecks/", REACH),
    # whose recheck it is decides, as tests/certification/test_recheck_pages.py shows
    get("certification:recheck", "/titles/rechecks/999/", ONESELF),
    post("certification:plan_rechecks", "/titles/rechecks/plan/", ONESELF, territory="999"),
    post("certification:turn_recheck", "/titles/rechecks/999/pass/", ONESELF),
    get("api:applications", f"{API}certification/applications", REACH),
    get("api:application", f"{API}certification/applications/{{application}}", PLACE),
    post("api:move_application", f"{API}certification/applications/{{application}}/moves", PLACE,
         verb="take_up"),
    post("api:batch", f"{API}certification/batches?of={{application}}", PLACE, verb="take_up", act=True,
         cases="{application}"),
    get("api:titles", f"{API}certification/titles", ANYBODY),
    get("api:title", f"{API}certification/titles/ABCDEFGHJKMN", ANYBODY),
    get("api:drift", f"{API}certification/drift?place={{district}}", PLACE),
    get("api:rechecks", f"{API}certification/rechecks", REACH),
    get("api:recheck_plans", f"{API}certification/recheck-plans", REACH),
    # who may is asked of titles that there are: tests/certification/test_titles_api.py
    get("api:recheck", f"{API}certification/rechecks/999", ONESELF),
    post("api:recheck_plans", f"{API}certification/recheck-plans", ONESELF, territory="999", title="复查",
         seed="1", due_on="2022-06-30"),
    post("api:move", f"{API}certification/rechecks/999/moves", ONESELF, verb="pass"),
    get("api:plans", f"{API}plans", REACH),
    get("api:plan", f"{API}plans/{{planned}}", PLACE),
    get("api:proposals", f"{API}pilots/{{district}}", PLACE),
    get("api:lessons", f"{API}pilots/lessons", REACH),
    get("certification:draws", "/rechecks/", ANYBODY),
    get("certification:draw", "/rechecks/1/", ANYBODY),
    get("portal:register", "/register/", ANYBODY),
    get("portal:title", "/register/ABCDEFGHJKMN/", ANYBODY),
    get("certification:notices", "/notices/", ANYBODY),
    get("certification:notice", "/notices/1/", ANYBODY),
    get("certification:notice_document", "/notices/1/notice.pdf", ANYBODY),
    get("certification:object_to", "/notices/1/1/object/", ANYBODY),
    get("certification:answer", "/notices/answer/", ANYBODY),
    get("certification:check", "/check/", ANYBODY),
    get("certification:keys", "/certificates/key", ANYBODY),
    get("certification:certificate", "/certificates/ABCDEFGHJKMN.pdf", ANYBODY),
    get("certification:record", "/certificates/ABCDEFGHJKMN.json", ANYBODY),
    get("certification:queue", "/certification/", REACH),
    get("certification:batch", "/certification/batch/?verb=take_up&application={application}", PLACE),
    post("certification:batch", "/certification/batch/?of={application}", PLACE, verb="take_up",
         case="{application}"),
    get("certification:apply", "/certification/communities/{community}/", PLACE),
    get("certification:case", "/certification/cases/{application}/", PLACE),
    get("certification:case_file", "/certification/cases/{application}/case.pdf", PLACE),
    post("certification:act", "/certification/cases/{application}/take_up/", PLACE),
    post("certification:enrol", "/communities/{other}/enrol/", PLACE, **ACT),
    post("certification:withdraw", "/communities/{community}/withdraw/", PLACE, **ACT),
    post("certification:start_pilot", "/communities/{other}/pilot/start/", PLACE, **ACT),
    post("certification:conclude_pilot", "/communities/{community}/pilot/conclude/", PLACE, **ACT),
]  # fmt: skip
TRACED = {
    "api:export", "api:sums", "api:file", "api:xlsform", "survey:certificate_pdf", "survey:export_file",
    "survey:own_file_pdf", "survey:xlsform",
}  # fmt: skip
"""Reading that takes data away, and so is in the audit trail; it writes nothing else."""
NOWHERE = {"api:api-root"}
"""Names that lead nowhere: ninja's root answers 404 to all."""


def patterns(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """Yield the full name of every pattern of the site; a pattern without a name by its route."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name or pattern.pattern}"
