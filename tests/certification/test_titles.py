"""Titles: numbered, signed, checked by anyone, kept, rechecked and taken back."""

import base64
import json
from datetime import date

import pytest
from django.db import ProgrammingError, transaction
from pytest_django import Settings

from greenward.assessment.facts import registry
from greenward.assessment.facts.measures import RECOGNISED
from greenward.certification.actions.recheck import move_recheck, plan_rechecks
from greenward.certification.actions.recognition import recognise
from greenward.certification.models import Recheck, Title, TitleHolding
from greenward.certification.queries.rechecks import drawn, held_below
from greenward.certification.queries.route import route_of
from greenward.certification.queries.titles import (
    Wanted,
    barred_until,
    check,
    get_title,
    history_of_title,
    lines_of,
    register,
    signed,
)
from greenward.certification.records import Signed, read
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from greenward.core.signing import public_key, sign
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from tests.factories import recognition as make
from tests.factories.recognition import OVER, at_noon
from tests.factories.territories import COMMUNITY, DISTRICT, SECOND, STREET, appoint, person

TODAY = date(2022, 9, 15)
NOW = at_noon(TODAY)


@pytest.fixture
def programme(db: None, settings: Settings) -> Programme:
    settings.GREENWARD_TODAY = TODAY
    return make.scene()


def planned(programme: Programme) -> Recheck:
    plan = plan_rechecks(
        programme=programme,
        territory=make.version(DISTRICT),
        title="2022年复查",
        seed="3141592",
        due_on=date(2022, 10, 31),
        by=None,
        at=NOW,
    )
    return plan.rechecks.order_by("title__number")[0]


def findings(programme: Programme, **other: str) -> dict[str, dict[str, str]]:
    items = [item.id for item in programmes.policy(programme).standard.items]
    return {item: {"found": other.get(f"item{item}", "holds"), "note": ""} for item in items}


def test_titles_are_numbered_by_the_route_in_the_order_of_places(programme: Programme) -> None:
    titles = make.recognised(programme)
    assert [one.number for one in titles] == ["LS-990101-2022-0001", "LS-990101-2022-0002"]
    assert titles[0].record["community"] == "一里社区居委会"
    assert [one.place.code for one in titles] == [COMMUNITY, SECOND]
    assert {one.application.state for one in titles} == {"recognised"}


def test_the_second_list_goes_on_numbering(programme: Programme) -> None:
    make.recognised(programme, COMMUNITY)
    assert make.recognised(programme, SECOND)[0].serial == 2


def test_two_recognitions_of_one_list_give_one_title_each(programme: Programme) -> None:
    titles = make.recognised(programme)
    notice = titles[0].final_list.notice
    with pytest.raises(ConflictError):
        recognise(
            notice,
            applications=[one.application for one in titles],
            document="2号",
            by=None,
            at=OVER,
        )
    assert Title.objects.count() == 2


def test_who_recommended_does_not_recognise(programme: Programme) -> None:
    lead = person("lead")
    appoint(lead, "district_lead", DISTRICT)
    application = make.approved(programme)
    application.moves.create(verb="recommend", state="recommended", step="recommend", by=lead, at=OVER)
    notice = make.notice_of([application])
    with pytest.raises(NotAllowedError):
        recognise(notice, applications=[application], document="1号", by=lead, at=OVER)
    assert not Title.objects.exists()


def test_a_title_stands(programme: Programme) -> None:
    (title,) = make.recognised(programme, COMMUNITY)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Title.objects.filter(pk=title.pk).update(number="另一个")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Title.objects.all()._raw_delete("default")  # noqa: SLF001 - past what Django protects


def test_a_certificate_checks_by_code_number_and_record(programme: Programme) -> None:
    (title,) = make.recognised(programme, COMMUNITY)
    for text in (title.code, f"{title.code[:4]}-{title.code[4:].lower()}", title.number, signed(title).token):
        assert (check(text, TODAY).is_good, check(text, TODAY).signed.record["number"]) == (
            True,
            title.number,
        )
    with pytest.raises(NotFoundError):
        check("不存在", TODAY)
    with pytest.raises(InvalidInputError):
        check("GW1.AAAA.AAAA", TODAY)


@pytest.mark.parametrize("member", ["number", "community", "given_on", "document", "snapshot", "level"])
def test_a_changed_record_is_found(programme: Programme, member: str) -> None:
    (title,) = make.recognised(programme, COMMUNITY)
    true = signed(title)
    false = Signed({**true.record, member: "改过"}, true.signature)
    assert true.holds_under(public_key())
    for text in (false.token.encode(), false.file):
        assert not read(text).holds_under(public_key())
    assert not check(false.token, TODAY).is_good


def test_a_record_signed_by_another_key_is_found(programme: Programme, settings: Settings) -> None:
    (title,) = make.recognised(programme, COMMUNITY)
    ours = public_key()
    settings.GREENWARD_SIGNING_KEY = base64.urlsafe_b64encode(b"x" * 32).decode()
    forged = Signed(dict(title.record), sign(title.record))
    assert not forged.holds_under(ours)
    assert not forged.holds_under(public_key())  # the record names another key


def test_a_record_survives_its_travels(programme: Programme) -> None:
    (title,) = make.recognised(programme, COMMUNITY)
    record = signed(title)
    assert read(record.file) == read(record.token.encode()) == record
    assert json.loads(record.file)["record"]["demonstration"] is False


def test_the_register_filters_and_names_the_holders(programme: Programme) -> None:
    make.recognised(programme)
    assert [one.number[-1] for one in register(Wanted(), TODAY)] == ["1", "2"]
    assert [one.place.code for one in register(Wanted(text="二里"), TODAY)] == [SECOND]
    assert not register(Wanted(district="990102000000"), TODAY).exists()
    assert not register(Wanted(), date(2022, 8, 1)).exists()
    line = lines_of(list(register(Wanted(), TODAY)), TODAY)[0]
    assert (line.name, line.street, line.district, line.is_held) == (
        "一里社区居委会",
        "东街街道",
        "甲区",
        True,
    )


def test_anybody_draws_the_same_by_the_seed() -> None:
    numbers = [f"LS-{n:04d}" for n in range(100)]
    assert drawn(numbers, "7", 5) == drawn(list(reversed(numbers)), "7", 5)
    assert drawn(numbers, "7", 5) != drawn(numbers, "8", 5)
    counts = [sum(number in drawn(numbers, str(seed), 10) for seed in range(400)) for number in numbers]
    assert (min(counts) > 15, max(counts) < 70) == (True, True)  # 40 each on average


def test_a_plan_takes_by_drift_and_by_lot_once(programme: Programme) -> None:
    make.recognised(programme)
    first = planned(programme)
    assert {one.why for one in Recheck.objects.all()} == {"risk", "random"}  # nothing is known of either
    assert first.plan is not None
    assert first.plan.held == 2
    with pytest.raises(ConflictError):
        planned(programme)


def test_rectification_then_acceptance(programme: Programme) -> None:
    make.recognised(programme)
    recheck = planned(programme)
    with pytest.raises(InvalidInputError):
        move_recheck(recheck, "pass", findings=findings(programme, item5="fails"), by=None, at=NOW)
    recheck = move_recheck(
        recheck, "rectify", note="第5项", findings=findings(programme, item5="fails"), by=None, at=NOW
    )
    assert (recheck.state, recheck.due_on) == (
        "rectifying",
        date(2022, 10, 18),
    )  # 20 working days, 调休 counted
    recheck = move_recheck(recheck, "report", note="已增设桶站", by=None, at=NOW)
    recheck = move_recheck(recheck, "accept", note="现场看过", by=None, at=NOW)
    assert (recheck.state, recheck.due_on) == ("passed", None)
    events = [one.what for one in history_of_title(recheck.title)]
    assert events == ["given", "rectifying", "rechecked"]


def test_a_title_is_taken_back_only_after_a_hearing_and_with_a_document(programme: Programme) -> None:
    make.recognised(programme)
    recheck = planned(programme)
    recheck = move_recheck(
        recheck, "rectify", note="第5项", findings=findings(programme, item5="fails"), by=None, at=NOW
    )
    with pytest.raises(ConflictError):
        move_recheck(recheck, "revoke", note="逾期", document="撤1号", by=None, at=NOW)
    recheck = move_recheck(recheck, "hear", note="请于五日内陈述", by=None, at=NOW)
    with pytest.raises(InvalidInputError):
        move_recheck(recheck, "revoke", note="逾期未改", by=None, at=NOW)
    recheck = move_recheck(recheck, "revoke", note="逾期未改", document="撤1号", by=None, at=NOW)
    title = get_title(recheck.title.number)
    assert not check(title.code, TODAY).is_good
    assert check(title.code, TODAY).holds  # the certificate is genuine, the title no longer held
    assert TitleHolding.objects.get(title=title).ended_by == "revoked"
    assert len(held_below(programme, make.version(DISTRICT).path, TODAY)) == 1
    route = route_of(programme)
    assert barred_until(programme, recheck.place, route, TODAY) == date(2023, 9, 15)
    assert barred_until(programme, recheck.place, route, date(2023, 9, 15)) is None


def test_the_second_official_is_told(programme: Programme) -> None:
    make.recognised(programme)
    recheck = planned(programme)
    move_recheck(recheck, "pass", findings=findings(programme), seen=1, by=None, at=NOW)
    with pytest.raises(ConflictError):
        move_recheck(
            recheck,
            "rectify",
            note="第5项",
            findings=findings(programme, item5="fails"),
            seen=1,
            by=None,
            at=NOW,
        )
    assert Recheck.objects.get(pk=recheck.pk).state == "passed"


def test_the_community_reports_and_does_not_decide(programme: Programme) -> None:
    make.recognised(programme, COMMUNITY)
    recheck, worker, clerk = planned(programme), person("worker"), person("clerk")
    appoint(worker, "community_worker", COMMUNITY)
    appoint(clerk, "street_clerk", STREET)
    for one in (worker, clerk):
        with pytest.raises(NotAllowedError):
            move_recheck(recheck, "pass", findings=findings(programme), by=one, at=NOW)
    recheck = move_recheck(
        recheck, "rectify", note="第5项", findings=findings(programme, item5="fails"), by=None, at=NOW
    )
    assert move_recheck(recheck, "report", note="已改", by=worker, at=NOW).state == "reported"


def test_titles_are_facts_of_the_assessment(programme: Programme) -> None:
    make.recognised(programme, COMMUNITY)
    since = RECOGNISED.model_copy(update={"id": "since", "type": "date"})
    graded = RECOGNISED.model_copy(
        update={"id": "graded", "origin": RECOGNISED.origin.model_copy(update={"key": "recognised/aa"})}
    )
    pack, facts = programmes.policy(programme), [RECOGNISED, since, graded]
    ids = [make.version(code).place_id for code in (COMMUNITY, SECOND)]
    rows = registry.frame_of(pack, facts, TODAY, ids).rows()
    assert rows == [(ids[0], True, date(2022, 8, 25), False), (ids[1], False, None, False)]
    before = registry.frame_of(pack, [RECOGNISED], date(2022, 8, 24), ids)["recognised"].to_list()
    assert before == [False, False]
    told = registry.explained(pack, facts, TODAY, ids[0])
    assert (told["recognised"].value, told["since"].value) == (True, date(2022, 8, 25))
    assert ids[0] in registry.touched_since({"certification": 0}, TODAY)
