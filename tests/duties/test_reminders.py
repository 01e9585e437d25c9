"""Reminders by mail: through a real server, each once, with a way out; never about residents."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.core import mail as outbox
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import ConflictError
from greenward.core.models import AuditEntry
from greenward.duties import actions, todos
from greenward.duties.actions.reminding import KEPT
from greenward.duties.cli import duties
from greenward.duties.models import Reminder, ReminderChoice, Told
from greenward.duties.queries.digest import MOST_LINES, slot_of
from greenward.duties.states import ReminderState, Rhythm
from greenward.duties.todos import Bulletin, Kind, News, ToDo
from greenward.territories.roles import Permission
from tests.factories.mail import SITE, Server, confirmed, mail_server
from tests.factories.territories import appoint, person, place_tree
from tests.factories.workspace import City

TODAY = date(2022, 9, 15)  # a Thursday
ME = "me@example.gov.cn"


@pytest.fixture
def told(db: None, settings: Settings) -> Iterator[list[ToDo]]:
    """Let one kind alone speak; what the test puts into the list waits for everybody."""
    settings.GREENWARD_TODAY = TODAY
    waiting: list[ToDo] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(todos, "_kinds", {})
        patch.setattr(todos, "_tellers", [])
        todos.register(Kind("told", "告知", 1, frozenset({Permission.SURVEY}), lambda *_: list(waiting)))
        yield waiting


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    with mail_server(settings) as running:
        yield running


def todo(key: str, due_on: date | None = None, what: str = "核查申报", where: str = "一里社区") -> ToDo:
    return ToDo("told", key, what, where, f"/waiting/{key}/", due_on, why="居民张三的电话")


def send(on: date = TODAY) -> dict[str, str]:
    """Send, and return what became of each."""
    return {one.user.username: one.outcome for one in actions.send_reminders(on=on, by=None, at=clock.now())}


def choose(user: User, **changed: object) -> ReminderChoice:
    wanted = {"rhythm": "daily", "without": [], "changes": True, "language": ""}
    return actions.change_reminders(user, **{**wanted, **changed}, by=user, at=clock.now())  # type: ignore[arg-type]


def text_of(server: Server, address: str = ME, number: int = -1) -> str:
    part = server.to(address)[number].get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_a_digest_names_what_is_late_and_soon_with_links(told: list[ToDo], server: Server) -> None:
    confirmed(person("me"), ME)
    told += [
        todo("late", TODAY - timedelta(days=2)),
        todo("soon", TODAY + timedelta(days=1), where="二里社区"),
        todo("open", None, what="别的事"),
    ]
    assert send() == {"me": "sent"}
    (message,) = server.to(ME)
    assert message["Subject"].strip() == "绿社待办：逾期 1，即将到期 1，新的待办 3"
    text = text_of(server)
    assert re.findall(r"【(.+)】", text) == ["逾期", "即将到期", "待办"]
    assert "- 核查申报：一里社区，期限 2022-09-13" in text
    assert [f"{SITE}/waiting/{key}/" in text for key in ("late", "soon", "open")] == [True] * 3
    html = message.get_body(("html",))
    assert html is not None
    assert f'<a href="{SITE}/waiting/late/">核查申报</a>' in str(html.get_content())
    assert "张三" not in message.as_string()  # what an official wrote in words stays in the product
    assert message["Auto-Submitted"] == "auto-generated"


def test_nothing_is_told_twice_and_each_stage_once(told: list[ToDo], server: Server) -> None:
    choose(confirmed(person("me"), ME))
    told.append(todo("one", date(2022, 9, 26)))
    assert [send(), send()] == [{"me": "sent"}, {"me": "not_due"}]
    assert send(date(2022, 9, 16)) == {"me": "nothing"}
    told.append(todo("two", None, what="新来的事"))
    assert send(date(2022, 9, 19)) == {"me": "sent"}
    second = text_of(server)
    assert ("新来的事" in second, "核查申报" in second) == (True, True)  # the first is due within a week now
    assert send(date(2022, 9, 20)) == {"me": "nothing"}
    assert send(date(2022, 9, 26)) == {"me": "sent"}
    assert "【今天到期】" in text_of(server)
    assert send(date(2022, 9, 27)) == {"me": "sent"}
    assert "【逾期】" in text_of(server)
    assert send(date(2022, 9, 28)) == {"me": "nothing"}
    assert Told.objects.count() == 5


def test_rhythms_and_days(told: list[ToDo]) -> None:
    saturday = date(2022, 9, 17)
    assert [slot_of(rhythm, TODAY) for rhythm in Rhythm] == ["2022-09-15", "2022-W37", ""]
    assert [slot_of(rhythm, saturday) for rhythm in Rhythm] == ["", "", ""]


def test_weekly_is_what_holds_without_a_choice(told: list[ToDo], server: Server) -> None:
    confirmed(person("me"), ME)
    told.append(todo("one"))
    assert send(date(2022, 9, 14)) == {"me": "sent"}
    told.append(todo("two"))
    assert [send(date(2022, 9, day)) for day in (15, 16, 17)] == [{"me": "not_due"}] * 3
    assert send(date(2022, 9, 19)) == {"me": "sent"}


def test_who_wants_none_or_did_not_confirm_gets_none(told: list[ToDo], server: Server) -> None:
    told.append(todo("one"))
    choose(confirmed(person("off"), "off@example.gov.cn"), rhythm="never")
    unconfirmed = person("unconfirmed")
    unconfirmed.email = ME
    unconfirmed.save()
    changed = confirmed(person("changed"), "old@example.gov.cn")
    changed.email = "new@example.gov.cn"
    changed.save()
    gone = confirmed(person("gone"), "gone@example.gov.cn")
    gone.is_active = False
    gone.save()
    assert send() == {"off": "off"}
    assert server.taken == []


def test_kinds_that_one_leaves_out_are_not_told(told: list[ToDo], server: Server) -> None:
    choose(confirmed(person("me"), ME), without=["told"])
    told.append(todo("one"))
    assert send() == {"me": "nothing"}


def test_language_is_the_persons_or_the_chosen(told: list[ToDo], server: Server) -> None:
    me = confirmed(person("me"), ME)
    choose(me, language="en")
    told.append(todo("one"))
    send()
    assert server.to(ME)[0]["Subject"].strip().startswith("Greenward")
    assert "All that waits for you" in text_of(server)


def test_one_that_fails_stops_nobody_and_is_tried_again(told: list[ToDo], server: Server) -> None:
    for name in ("a", "b", "c"):
        confirmed(person(name), f"{name}@example.gov.cn")
    server.answers = {"b@example.gov.cn": "550 no such mailbox"}
    told.append(todo("one"))
    assert send() == {"a": "sent", "b": "failed", "c": "sent"}
    failed = Reminder.objects.get(user__username="b")
    assert (failed.state, failed.told.count()) == (ReminderState.FAILED, 0)
    assert ("550" in failed.failure, "@" in failed.failure) == (True, False)
    server.answers = {}
    assert send() == {"a": "not_due", "b": "sent", "c": "not_due"}
    assert (len(server.taken), Reminder.objects.get(pk=failed.pk).tries) == (3, 2)


def test_broken_off_after_the_message_is_not_sent_again(told: list[ToDo], server: Server) -> None:
    for name in ("a", "b"):
        choose(confirmed(person(name), f"{name}@example.gov.cn"))
    server.answers = {"a@example.gov.cn": "drop"}
    told.append(todo("one"))
    assert send() == {"a": "unclear", "b": "sent"}
    server.answers = {}
    assert send() == {"a": "not_due", "b": "not_due"}
    assert send(date(2022, 9, 16)) == {"a": "nothing", "b": "nothing"}
    assert sorted(address[0] for address, _content in server.taken) == ["a", "b"]


def test_killed_between_sending_and_noting_is_not_sent_again(
    told: list[ToDo], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(person("me"), ME)
    told.append(todo("one"))
    real = EmailBackend.send_messages

    def killed(backend: EmailBackend, messages: list[outbox.EmailMessage]) -> int:
        real(backend, messages)
        raise KeyboardInterrupt

    monkeypatch.setattr(EmailBackend, "send_messages", killed)
    with pytest.raises(KeyboardInterrupt):
        send()
    monkeypatch.setattr(EmailBackend, "send_messages", real)
    assert send() == {"me": "not_due"}
    assert len(server.to(ME)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_one_mail(told: list[ToDo], server: Server) -> None:
    for name in ("a", "b", "c"):
        confirmed(person(name), f"{name}@example.gov.cn")
    told.append(todo("one"))
    gate, outcomes = threading.Barrier(2), []

    def run() -> None:
        gate.wait()
        outcomes.append(send())
        connection.close()

    threads = [threading.Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(address[0] for address, _content in server.taken) == ["a", "b", "c"]
    both = [outcome for found in outcomes for outcome in found.values()]
    assert sorted(both) == ["not_due"] * 3 + ["sent"] * 3


def test_five_hundred_todos_fit(told: list[ToDo], server: Server) -> None:
    confirmed(person("me"), ME)
    told += [todo(str(n), TODAY - timedelta(days=n), what=f"第{n}件很长很长的事情" * 3) for n in range(500)]
    assert send() == {"me": "sent"}
    (message,) = server.to(ME)
    assert len(message.as_bytes()) < 100_000
    text = text_of(server)
    assert text.count("\n- ") == MOST_LINES
    assert f"还有 {499 - MOST_LINES} 行没有列出" in text  # one more is due today
    assert Told.objects.count() == 500


def test_the_same_work_at_many_places_is_one_line(told: list[ToDo], server: Server) -> None:
    confirmed(person("me"), ME)
    told += [todo(str(n), TODAY, where=f"社区{n}") for n in range(5)]
    send()
    text = text_of(server)
    assert "- 核查申报：社区0、社区1、社区2 等 5 处" in text
    assert f"{SITE}/duties/?kind=told" in text


def test_changes_are_told_once(told: list[ToDo], server: Server) -> None:
    me = confirmed(person("me"), ME)
    place_tree()
    appoint(me, "city_lead", "990000000000")
    choose(me)
    asked = []

    def tell(_user: User, since: object, until: object) -> Bulletin:
        asked.append((since, until))
        return Bulletin((News("第5项由未达标变为达标", "一里社区", "/assessment/1/"),), 12)

    todos.register_news(tell)
    assert send() == {"me": "sent"}
    assert "评定变化 12 处" in text_of(server)
    assert f"一里社区：第5项由未达标变为达标\n  {SITE}/assessment/1/" in text_of(server).replace("\r", "")
    assert send(date(2022, 9, 16)) == {"me": "sent"}
    assert asked[1][0] == Reminder.objects.get(slot="2022-09-15").at
    choose(me, changes=False)
    assert send(date(2022, 9, 19)) == {"me": "nothing"}


def test_one_click_stops_them_signed_out(told: list[ToDo], server: Server) -> None:
    me = confirmed(person("me"), ME)
    told.append(todo("one"))
    send()
    (message,) = server.to(ME)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = message["List-Unsubscribe"].strip(" <>").removeprefix(SITE)
    client = Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert not ReminderChoice.objects.exists()  # a mail scanner that follows links stops nothing
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert me.reminder_choice.rhythm == Rhythm.NEVER
    entry = AuditEntry.objects.filter(action="duties.change_reminders").get()
    assert (entry.by, entry.data["rhythm"]) == (None, "never")
    assert client.post(path).status_code == 200
    assert AuditEntry.objects.filter(action="duties.change_reminders").count() == 1
    assert client.post(f"{path[:-2]}x/").status_code == 404
    told.append(todo("two"))
    assert send(date(2022, 9, 19)) == {"me": "off"}


def test_settings_on_the_page(told: list[ToDo], client: Client) -> None:
    me = person("me")
    client.force_login(me)
    page = client.get("/duties/reminders/").content.decode()
    assert "您没有填写电子邮件" in page
    assert client.get("/duties/reminders/").context["form"].initial["rhythm"] == "weekly"
    sent = {"rhythm": "daily", "kinds": [], "language": "en"}
    assert client.post("/duties/reminders/", sent).status_code == 302
    choice = me.reminder_choice
    assert (choice.rhythm, choice.without, choice.changes, choice.language) == (
        "daily",
        ["told"],
        False,
        "en",
    )
    assert client.post("/duties/reminders/", {**sent, "rhythm": "hourly"}).status_code == 422


def test_the_command_says_what_it_did(told: list[ToDo], server: Server) -> None:
    run = CliRunner().invoke
    for name in ("a", "b"):
        confirmed(person(name), f"{name}@example.gov.cn")
    person("nobody")
    server.answers = {"b@example.gov.cn": "452 later"}
    told.append(todo("one"))
    dry = run(duties, ["send-reminders", "--dry-run", "--json"])
    assert (json.loads(dry.stdout)["would_send"], server.taken, Reminder.objects.count()) == (2, [], 0)
    done = run(duties, ["send-reminders", "--json"])
    found = json.loads(done.stdout)
    assert (done.exit_code, found["sent"], found["without_confirmed_address"]) == (1, 1, 1)
    assert [(one["username"], "452" in one["why"]) for one in found["failed"]] == [("b", True)]
    assert "b@example.gov.cn" not in done.output
    assert "试运行" in run(duties, ["send-reminders", "--dry-run"]).output
    entry = AuditEntry.objects.filter(action="duties.send_reminders").get()
    assert (entry.data["sent"], entry.data["failed"]) == (1, 1)


def test_without_a_server_nothing_is_sent_and_it_says_so(told: list[ToDo], settings: Settings) -> None:
    confirmed(person("me"), ME)
    told.append(todo("one"))
    settings.EMAIL_HOST = ""
    with pytest.raises(ConflictError, match="GREENWARD_SMTP_HOST"):
        send()
    assert (outbox.outbox, Reminder.objects.count()) == ([], 0)


def test_a_server_that_cannot_be_reached_notes_nothing(
    told: list[ToDo], server: Server, settings: Settings
) -> None:
    confirmed(person("me"), ME)
    told.append(todo("one"))
    settings.EMAIL_PORT = 1
    with pytest.raises(ConflictError, match="连不上"):
        send()
    assert Reminder.objects.count() == 0


def test_what_was_sent_long_ago_is_forgotten(told: list[ToDo], server: Server) -> None:
    me = confirmed(person("me"), ME)
    told.append(todo("one"))
    send()
    Reminder.objects.update(at=clock.now() - KEPT - timedelta(days=1), slot="2020-W01")
    actions.send_reminders(on=TODAY, by=None, at=clock.now())
    assert [one.slot for one in Reminder.objects.filter(user=me)] == []


@pytest.mark.parametrize("number", [1, 60])
def test_queries_do_not_grow_with_the_todos(
    told: list[ToDo], server: Server, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    confirmed(person("me"), ME)
    told += [todo(str(n), TODAY) for n in range(number)]
    with django_assert_max_num_queries(24):
        send()


def test_the_whole_product_composes_a_digest(city: City, server: Server) -> None:
    me = confirmed(person("me"), ME)
    appoint(me, "district_lead", "990101000000")
    assert send() == {"me": "sent"}
    assert f"{SITE}/deliveries/" in text_of(server)
