"""From approval to notice, objections and their answers; who objected stays hidden."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from pytest_django import Settings

from greenward.certification.actions.notice import publish
from greenward.certification.actions.objection import (
    erase_objection,
    handle_objection,
    raise_objection,
    reveal_objection,
)
from greenward.certification.actions.recognition import recognise
from greenward.certification.models import Application, Notice, Objection, Title
from greenward.certification.queries.notices import (
    get_objection_for,
    handled,
    last_day,
    notices_on,
    objection_with_receipt,
    objections_for,
)
from greenward.certification.queries.route import route_of
from greenward.core.errors import (
    ConflictError,
    GreenwardError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from greenward.core.models import AuditEntry
from greenward.programmes.models import Programme
from tests.factories import recognition as make
from tests.factories.recognition import OVER, PUBLISHED, SAID, at_noon
from tests.factories.territories import (
    DISTRICT,
    OTHER_DISTRICT,
    SECOND,
    STREET,
    TOWN_COMMUNITY,
    appoint,
    person,
)


@pytest.fixture
def programme(db: None, settings: Settings) -> Programme:
    settings.GREENWARD_TODAY = date(2022, 8, 26)
    return make.scene()


def state_of(application: Application) -> str:
    application.refresh_from_db()
    return application.state


def test_a_notice_runs_for_the_routes_working_days(programme: Programme) -> None:
    notice = make.notice_of([make.approved(programme)])
    assert (notice.published_on, notice.ends_on, notice.own_rule) == (
        date(2022, 8, 15),
        date(2022, 8, 24),
        True,
    )
    shown = notices_on(date(2022, 8, 22))[0]
    assert (shown.days_left, shown.entries, shown.territory, shown.is_running) == (2, 1, "甲区", True)
    assert not notices_on(date(2022, 8, 25))[0].is_running
    assert notices_on(date(2022, 8, 14)) == []


@pytest.mark.parametrize(
    "published,ends",
    [
        (date(2022, 9, 28), date(2022, 10, 12)),  # over National Day, two rest days worked instead
        (date(2021, 9, 28), date(2021, 10, 13)),
        (date(2022, 1, 27), date(2022, 2, 10)),  # over Spring Festival, a weekend worked before it
    ],
)
def test_a_notice_over_a_holiday_ends_on_the_right_day(
    programme: Programme, published: date, ends: date
) -> None:
    rule = route_of(programme).notice
    assert rule is not None
    assert last_day(rule, published) == ends


def test_a_rule_may_count_the_day_of_publication(programme: Programme) -> None:
    rule = route_of(programme).notice
    assert rule is not None
    ten = rule.model_copy(
        update={"length": 10, "unit": "calendar", "first_day": "published", "last_day": "stays"}
    )
    assert last_day(ten, date(2022, 9, 23)) == date(2022, 10, 2)
    moved = ten.model_copy(update={"last_day": "next_working_day"})
    assert last_day(moved, date(2022, 9, 23)) == date(2022, 10, 8)


def test_only_what_is_approved_here_is_published(programme: Programme) -> None:
    elsewhere = make.approved(programme, TOWN_COMMUNITY)
    with pytest.raises(NotFoundError):
        make.notice_of([make.approved(programme), elsewhere])
    mine = make.approved(programme, SECOND)
    make.notice_of([mine])
    with pytest.raises(ConflictError):
        make.notice_of([mine])
    assert (Notice.objects.count(), state_of(elsewhere)) == (1, "approved")


def test_a_street_publishes_nothing(programme: Programme) -> None:
    clerk, application = person("street"), make.approved(programme)
    appoint(clerk, "street_clerk", STREET)
    with pytest.raises(NotAllowedError):
        publish(
            programme=programme,
            territory=make.version(DISTRICT),
            applications=[application],
            title="公示",
            contact="某处",
            by=clerk,
            at=PUBLISHED,
        )
    assert (Notice.objects.count(), state_of(application)) == (0, "approved")


def test_an_objection_is_sealed_and_its_receipt_opens_the_answer_alone(programme: Programme) -> None:
    application = make.approved(programme)
    make.notice_of([application])
    objection, code = make.objection_to(application)
    with connection.cursor() as cursor:
        for table in ("certification_objection", "certification_objectionevent", "core_auditentry"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            text = str(cursor.fetchone())
            assert [one for one in (*SAID.values(), code) if one in text] == []
    assert objection_with_receipt(f" {code[:4]}-{code[4:].lower()}") == objection
    with pytest.raises(NotFoundError):
        objection_with_receipt("ABCDEFGHJKMN")
    assert (objection.state, objection.due_on) == ("received", date(2022, 8, 29))


@pytest.mark.parametrize("field", ["name", "contact", "reason"])
def test_what_the_route_asks_of_an_objector_is_needed(programme: Programme, field: str) -> None:
    application = make.approved(programme)
    make.notice_of([application])
    with pytest.raises(InvalidInputError) as refused:
        make.objection_to(application, **{field: " "})
    assert (refused.value.data["fields"], Objection.objects.count()) == ([field], 0)


def test_a_proof_is_looked_at_and_sealed(programme: Programme) -> None:
    application = make.approved(programme)
    make.notice_of([application])
    with pytest.raises(InvalidInputError):
        raise_objection(application.noticed, SAID, proof=("照片.png", b"MZ\x90"), by=None, at=PUBLISHED)
    content = b"%PDF-1.4\n%%EOF\n"
    objection, _code = raise_objection(
        application.noticed, SAID, proof=("证明.pdf", content), by=None, at=PUBLISHED
    )
    assert objection.proof_type == "application/pdf"
    assert objection.proof is not None
    assert content not in bytes(objection.proof)


def test_the_last_day_is_in_time_and_the_next_is_late(programme: Programme) -> None:
    application = make.approved(programme)
    make.notice_of([application])
    last, _code = make.objection_to(application, at=at_noon(date(2022, 8, 24)))
    late, _code = make.objection_to(application, at=OVER)
    assert [(one.state, one.is_late) for one in (last, late)] == [("received", False), ("filed", True)]


def test_who_objected_is_for_handlers_and_every_look_is_on_the_record(programme: Programme) -> None:
    application = make.approved(programme)
    make.notice_of([application])
    objection, _code = make.objection_to(application)
    lead, clerk, other, auditor = (person(name) for name in ("lead", "clerk", "other", "auditor"))
    appoint(lead, "district_lead", DISTRICT)
    appoint(clerk, "street_clerk", STREET)
    appoint(other, "district_lead", OTHER_DISTRICT)
    appoint(auditor, "auditor", "990000000000")
    for stranger in (clerk, other, auditor):
        assert not objections_for(stranger).exists()
        with pytest.raises(NotFoundError):
            get_objection_for(stranger, objection.pk)
        with pytest.raises(NotAllowedError):
            reveal_objection(objection, by=stranger, at=PUBLISHED)
    assert not AuditEntry.objects.filter(action="certification.reveal_objection").exists()
    shown = handled(get_objection_for(lead, objection.pk), date(2022, 8, 16))
    assert (shown.name, shown.contact) == ("示***", "010" + "*" * 7 + "00")
    assert reveal_objection(objection, by=lead, at=PUBLISHED) == SAID
    assert AuditEntry.objects.filter(action="certification.reveal_objection", by=lead).count() == 1


def test_an_upheld_objection_refuses_and_settles_the_others(programme: Programme) -> None:
    application = make.approved(programme)
    make.notice_of([application])
    first, second = (make.objection_to(application)[0] for _n in range(2))
    handle_objection(first, "accept", by=None, at=PUBLISHED)
    assert state_of(application) == "objected"
    handle_objection(first, "uphold", answer="经查属实", by=None, at=PUBLISHED)
    second.refresh_from_db()
    assert (state_of(application), second.state) == ("refused", "moot")


def test_a_rejected_objection_brings_the_application_back(programme: Programme) -> None:
    application = make.approved(programme)
    notice = make.notice_of([application])
    first, second = (make.objection_to(application)[0] for _n in range(2))
    for one in (first, second):
        handle_objection(one, "accept", by=None, at=PUBLISHED)
    handle_objection(first, "reject", answer="通道已清理", by=None, at=PUBLISHED)
    assert state_of(application) == "objected"
    with pytest.raises(ConflictError):
        recognise(notice, applications=[application], document="1号", by=None, at=OVER)
    handle_objection(second, "reject", answer="同上", by=None, at=PUBLISHED)
    assert state_of(application) == "in_notice"
    recognise(notice, applications=[application], document="1号", by=None, at=OVER)
    assert state_of(application) == "recognised"


def test_a_decision_needs_its_reason_and_the_right_state(programme: Programme) -> None:
    application = make.approved(programme)
    make.notice_of([application])
    objection, _code = make.objection_to(application)
    with pytest.raises(ConflictError):
        handle_objection(objection, "uphold", answer="属实", by=None, at=PUBLISHED)
    with pytest.raises(InvalidInputError):
        handle_objection(objection, "dismiss", answer="  ", by=None, at=PUBLISHED)
    objection.refresh_from_db()
    assert (objection.state, state_of(application)) == ("received", "in_notice")


def test_what_the_objector_said_can_be_deleted_after_the_answer(programme: Programme) -> None:
    application = make.approved(programme)
    make.notice_of([application])
    objection, code = make.objection_to(application)
    with pytest.raises(ConflictError):
        erase_objection(objection, by=None, at=PUBLISHED)
    handle_objection(objection, "dismiss", answer="不属本次公示范围", by=None, at=PUBLISHED)
    erase_objection(objection, by=None, at=PUBLISHED)
    objection = objection_with_receipt(code)
    assert (objection.sealed, objection.proof, objection.answer) == (None, None, "不属本次公示范围")
    assert reveal_objection(objection, by=None, at=PUBLISHED) == {}


def test_no_title_before_the_end_or_without_a_notice_even_by_sql(programme: Programme) -> None:
    application, other = make.approved(programme), make.approved(programme, SECOND)
    notice = make.notice_of([application])
    with pytest.raises(ConflictError):
        recognise(notice, applications=[application], document="1号", by=None, at=at_noon(date(2022, 8, 24)))
    with pytest.raises(NotFoundError):
        recognise(notice, applications=[other], document="1号", by=None, at=OVER)
    for one in (application, other):
        with pytest.raises(ProgrammingError), transaction.atomic():
            Application.objects.filter(pk=one.pk).update(state="recognised")
    assert Title.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_handlers_one_is_told(settings: Settings) -> None:
    settings.GREENWARD_TODAY = date(2022, 8, 16)
    application = make.approved(make.scene())
    make.notice_of([application])
    objection, _code = make.objection_to(application)
    handle_objection(objection, "accept", by=None, at=PUBLISHED)
    handlers = [person("one"), person("two")]
    for one in handlers:
        appoint(one, "district_lead", DISTRICT)
    found: list[object] = [None, None]
    gate = threading.Barrier(2)

    def act(number: int, verb: str) -> Callable[[], None]:
        def run() -> None:
            gate.wait()
            try:
                found[number] = handle_objection(
                    objection, verb, answer=f"由{number}办理", by=handlers[number], at=PUBLISHED
                )
            except GreenwardError as error:
                found[number] = error
            finally:
                connection.close()

        return run

    threads = [threading.Thread(target=act(*pair)) for pair in enumerate(("uphold", "reject"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    winner = next(n for n in range(2) if isinstance(found[n], Objection))
    loser = found[1 - winner]
    assert isinstance(loser, ConflictError)
    assert f"由{winner}办理" in str(loser.hint)
    objection.refresh_from_db()
    assert objection.answer == f"由{winner}办理"
    assert state_of(application) == ("refused", "in_notice")[winner]
    assert (
        AuditEntry.objects.filter(action__endswith="hold_objection").count()
        + AuditEntry.objects.filter(action="certification.reject_objection").count()
        == 1
    )
