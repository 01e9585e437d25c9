"""Opening the product's database: the one of ``DATABASE_URL``, else the embedded one, up to date."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from greenward.config import embedded
from greenward.core import console
from greenward.core.errors import ConflictError

MIGRATION_LOCK = 712_021_315  # an advisory lock of ours: one process migrates, the others wait


class DatabaseBehindError(ConflictError):
    """The database lacks migrations and is not ours to change unasked."""

    code = "database_behind"
    title = _lazy("数据库版本落后")


@contextmanager
def opened_database() -> Iterator[None]:
    """Keep the database up while the block runs, and leave nothing running that was not before."""
    with ExitStack() as stack:
        if is_embedded():
            stack.enter_context(embedded.running())
        stack.callback(connections.close_all)
        yield


def is_embedded() -> bool:
    """Whether the product runs its own database server."""
    return not os.environ.get("DATABASE_URL")


def check_up_to_date() -> None:
    """Migrate the embedded database if it is behind; refuse to work on somebody's own that is behind.

    Raises :class:`DatabaseBehindError`.
    """
    missing = missing_migrations()
    if missing and is_embedded():
        migrate()
    elif missing:
        raise DatabaseBehindError(
            _("数据库缺少 %(count)s 个迁移。") % {"count": len(missing)},
            hint=_("运行 greenward manage migrate，再重试。"),
            missing=missing,
        )


def migrate() -> None:
    """Apply the missing migrations, one process at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            if missing := missing_migrations():
                call_command("migrate", verbosity=0, interactive=False)
                console.note(_("数据库已更新：%(count)s 个迁移。") % {"count": len(missing)})
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def missing_migrations() -> list[str]:
    """Return the names of the migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]
