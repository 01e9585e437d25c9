"""Reading whole rows by SQL that is written once: for the few questions that every request asks.

Django puts the SQL of a query together anew each time, which takes longer than the database needs to answer
a question about one row. Everything else is asked through querysets.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model

from greenward.core.sharing import shared

Kinds = tuple[tuple[str, type[Model], frozenset[str]], ...]


def first_row(
    kinds: Mapping[str, type[Model]],
    rest: str,
    parameters: Mapping[str, Any],
    *,
    without: Mapping[str, frozenset[str]] | None = None,
) -> dict[str, Any] | None:
    """Return the first row of ``SELECT … rest`` as one instance per alias; None where there is none.

    ``kinds`` maps the aliases in ``rest`` (``FROM … WHERE …``) to models; ``without`` names columns that are
    left out and read when somebody asks for them. Relations between the instances are not set.
    """
    return next(iter(all_rows(kinds, f"{rest} LIMIT 1", parameters, without=without)), None)


def all_rows(
    kinds: Mapping[str, type[Model]],
    rest: str,
    parameters: Mapping[str, Any],
    *,
    without: Mapping[str, frozenset[str]] | None = None,
) -> list[dict[str, Any]]:
    """Return every row as :func:`first_row` returns the first."""
    wanted = tuple((alias, kind, (without or {}).get(alias, frozenset())) for alias, kind in kinds.items())
    question = _question(wanted, rest)
    return [_instances(wanted, question, row) for row in values(question.statement, parameters)]


def values(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement as they come; for a page the same statement is asked once."""
    key = (statement, tuple((name, _fixed(value)) for name, value in parameters.items()))
    return shared(key, lambda: _asked(statement, parameters))


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _asked(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _instances(kinds: Kinds, question: "_Question", row: tuple[Any, ...]) -> dict[str, Any]:
    read = list(row)
    for place, convert in question.converters:
        read[place] = convert(read[place], None, connection)
    found, start = {}, 0
    for alias, kind, _without in kinds:
        names = question.names[alias]
        found[alias] = kind.from_db(connection.alias, names, read[start : start + len(names)])
        start += len(names)
    return found


@dataclass(frozen=True)
class _Question:
    """A statement, the attributes that its columns are by alias, and how some values are read."""

    statement: str
    names: Mapping[str, list[str]]
    converters: list[tuple[int, Callable[..., Any]]]


@lru_cache(maxsize=64)
def _question(kinds: Kinds, rest: str) -> _Question:
    columns: list[str] = []
    names: dict[str, list[str]] = {}
    converters = []
    for alias, kind, without in kinds:
        names[alias] = []
        for field in kind._meta.concrete_fields:  # noqa: SLF001 - Django documents _meta
            if field.attname in without:
                continue
            converters += [(len(columns), convert) for convert in field.get_db_converters(connection)]
            names[alias].append(field.attname)
            columns.append(f'{alias}."{field.column}"')
    return _Question(f"SELECT {', '.join(columns)} {rest}", names, converters)
