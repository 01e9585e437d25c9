"""Queues of cases and lists of communities under eight clients, with 3,730 cases and with 127,337.

A city is filled with bulk rows: a community and its application each, in every open state, with departments
still silent. The same server shows its pages twice, the second time with 34 times the rows. The limit is an
empty page, asked in the same minute; and the pages must ask the database equally often both times, or the
run ends in an error. ``GREENWARD_BENCH_ROWS`` makes the second number smaller. The database is dropped.
"""

import os
import statistics
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from bench import database, pages
from bench.figures import Figure

if TYPE_CHECKING:
    from greenward.programmes.models import Programme

DATABASE = "greenward_bench_queues"
CITY_ROWS = 3_730
NATION_ROWS = int(os.environ.get("GREENWARD_BENCH_ROWS", "127337"))
DISTRICTS, A_STREET = 17, 11
PAGES = {
    "queue of all cases": "/certification/",
    "queue, what waits for the person": "/certification/?show=mine",
    "queue, past the last day": "/certification/?show=overdue",
    "queue, in review, longest first": "/certification/?state=in_review&sort=since",
    "list of communities": "/communities/",
}
AIM, FLAT = 5, 1.5
ALLOWED_S = 0.150
"""What a list of cases may take at eight clients (design: lists of cases under permissions)."""


def run() -> Iterable[Figure]:
    with database.fresh(DATABASE):
        programme = settled()
        fill(programme, 0, CITY_ROWS)
        counted = {name: queries(path) for name, path in PAGES.items()}
        with served() as port:
            cookie = pages.sign_in(port)
            small, limit = taken(port, cookie)
            for name in PAGES:
                own = f"{name}, {CITY_ROWS:,}"
                yield Figure(f"{own}, p95 / empty page", small[name], limit, AIM)
                yield Figure(f"{own}, p95 / {ALLOWED_S * 1000:.0f} ms", small[name], ALLOWED_S, 1)
            fill(programme, CITY_ROWS, NATION_ROWS)
            large, _limit = taken(port, cookie)
        again = {name: queries(path) for name, path in PAGES.items()}
    assert again == counted, f"queries grow with the rows: {counted} became {again}"
    for name in PAGES:
        yield Figure(f"{name}, p95 at {NATION_ROWS:,} / {CITY_ROWS:,}", large[name], small[name], FLAT)
        yield Figure("  queries (a number, no seconds), the same", again[name], counted[name], 1)


def taken(port: int, cookie: str) -> tuple[dict[str, float], float]:
    """Return every page's p95 at eight clients, and that of the empty page, asked before and after."""
    empty = pages.measured(port, pages.EMPTY, cookie)
    found = {name: pages.p95(pages.measured(port, path, cookie)) for name, path in PAGES.items()}
    return found, statistics.median((pages.p95(empty), pages.p95(pages.measured(port, pages.EMPTY, cookie))))


def queries(path: str) -> int:
    """Return how often a page asks the database, once everything that a process keeps is warm."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by now
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from greenward.accounts.models import User  # noqa: PLC0415

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(
        User.objects.get(username="city"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    for _time in range(2):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        assert answer.status_code == HTTPStatus.OK, (path, answer.status_code)
    return len(asked)


@contextmanager
def served() -> Iterator[int]:
    """Serve the database; yields the port."""
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    port = pages.free_port()
    with pages.application_server(port):
        yield port


def settled() -> "Programme":
    """Make the city, its districts, its lead, and a department; return the programme in force."""
    from greenward.config.demonstration.people import PASSWORD  # noqa: PLC0415 - Django is set up by now
    from tests.factories.survey import survey_round  # noqa: PLC0415
    from tests.factories.territories import CITY, appoint, person  # noqa: PLC0415

    programme = survey_round().programme
    lead = person("city")
    lead.set_password(PASSWORD)
    lead.save()
    appoint(lead, "city_lead", CITY)
    return programme


GROUND = """
CREATE TEMP TABLE bench_row AS
SELECT n, '9902' || lpad((n / %(street)s %% %(districts)s + 1)::text, 2, '0') AS district,
       lpad((n / %(street)s / %(districts)s + 1)::text, 3, '0') AS street,
       lpad((n %% %(street)s + 1)::text, 3, '0') AS community
FROM generate_series(%(first)s, %(last)s - 1) n;
CREATE TEMP TABLE bench_place AS
SELECT DISTINCT 1 AS depth, district || '000000' AS code, %(city)s AS above, 'district' AS level,
       'district' AS kind, %(city)s || '/' || district || '000000/' AS path FROM bench_row
UNION SELECT DISTINCT 2, district || street || '000', district || '000000', 'subdistrict', 'street',
       %(city)s || '/' || district || '000000/' || district || street || '000/' FROM bench_row
UNION ALL SELECT 3, district || street || community, district || street || '000', 'community',
       'residents_committee', %(city)s || '/' || district || '000000/' || district || street || '000/'
       || district || street || community || '/' FROM bench_row;
DELETE FROM bench_place USING territories_place place WHERE place.code = bench_place.code;
ANALYZE bench_row;
ANALYZE bench_place;
INSERT INTO territories_place (code, level) SELECT code, level FROM bench_place ORDER BY code;
INSERT INTO territories_placeversion
    (place_id, during, name, short_name, pinyin, initials, kind, parent_id, path, event_id)
SELECT place.id, '(,)', made.code, made.code, made.code, '', made.kind, above.id, made.path, %(event)s
FROM bench_place made JOIN territories_place place USING (code)
JOIN territories_place above ON above.code = made.above;
INSERT INTO territories_urbanstatus (place_id, during, counts_as_urban_community, reason, event_id)
SELECT place.id, '(,)', true, 'bench', %(event)s
FROM bench_place made JOIN territories_place place USING (code) WHERE made.depth = 3;
"""
STATES = """
(ARRAY['draft', 'submitted', 'returned', 'recommended', 'in_review', 'in_review', 'approved', 'in_notice'])
"""
STEPS = """
(ARRAY['apply', 'apply', 'recommend', 'recommend', 'review', 'review', 'review', 'review'])
"""
CASES = f"""
INSERT INTO certification_participation (place_id, programme_id, during, reason, at)
SELECT place.id, %(programme)s, '[2022-03-01,)', 'bench', timestamptz '2022-03-01 10:00+08'
FROM bench_place made JOIN territories_place place USING (code) WHERE made.depth = 3;
INSERT INTO certification_application
    (programme_id, place_id, state, step, version, narrative, opened_at, moved_at, due_on)
SELECT %(programme)s, place.id, {STATES}[place.id %% 8 + 1], {STEPS}[place.id %% 8 + 1], 1, '',
       timestamptz '2022-08-01 10:00+08' + place.id %% 30 * interval '1 day',
       timestamptz '2022-08-10 10:00+08' + place.id %% 35 * interval '1 day',
       CASE WHEN place.id %% 8 > 0 THEN date '2022-09-01' + (place.id %% 40)::int END
FROM bench_place made JOIN territories_place place USING (code) WHERE made.depth = 3 ORDER BY place.id;
INSERT INTO certification_snapshot (application_id, number, as_of, edition, standard_digest, content, digest,
    signature, signed_name, at)
SELECT asked.id, 1, date '2022-08-10', 'bench', '', '{{}}', '', '', 'bench', asked.opened_at
FROM certification_application asked JOIN territories_place place ON place.id = asked.place_id
JOIN bench_place made USING (code) WHERE asked.state = 'in_review';
INSERT INTO certification_countersign (snapshot_id, department, item, asked_at, due_on, said, reason)
SELECT frozen.id, department, '1', frozen.at, date '2022-09-20', '', ''
FROM certification_snapshot frozen JOIN certification_application asked ON asked.id = frozen.application_id
JOIN territories_place place ON place.id = asked.place_id JOIN bench_place made USING (code)
CROSS JOIN unnest(ARRAY['civil-affairs', 'urban-management']) department;
DROP TABLE bench_place, bench_row;
"""
"""Written by place ids that follow each other: every state is everywhere."""


def fill(programme: "Programme", first: int, last: int) -> None:
    """Add communities ``first`` to ``last`` (without it), each with an application."""
    from django.db import connection, transaction  # noqa: PLC0415 - Django is set up by now

    from greenward.certification.models import Application  # noqa: PLC0415
    from greenward.territories.models import PlaceEvent  # noqa: PLC0415
    from tests.factories.territories import CITY  # noqa: PLC0415

    parameters = {"first": first, "last": last, "street": A_STREET, "districts": DISTRICTS, "city": CITY}
    parameters |= {"event": PlaceEvent.objects.latest("id").pk, "programme": programme.pk}
    with transaction.atomic(), connection.cursor() as cursor:
        # nothing ignored: unset, every row's trigger fails once and walks all deferred foreign keys
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
        for statement in f"{GROUND}{CASES}".split(";\n"):
            if statement.strip():
                cursor.execute(statement, parameters)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert Application.objects.count() == last
