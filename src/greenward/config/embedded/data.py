"""The data directory: made whole or not at all, and never used by another version."""

import os
import shutil
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from greenward.config.embedded import diagnosis
from greenward.config.embedded.binaries import Binaries
from greenward.config.embedded.errors import DataVersionError
from greenward.config.embedded.layout import USER, Layout

BUILTIN_LOCALES_SINCE = 17


def sweep(layout: Layout) -> None:
    """Remove what interrupted attempts left; what one may still be writing goes at the next start."""
    for half in layout.root.glob("unfinished-*"):
        shutil.rmtree(half, ignore_errors=True)


def make(layout: Layout, program: Binaries) -> None:
    """Make the data directory aside and rename it when whole, so that a half-made one is never used.

    Every attempt has a folder of its own: what an interrupted ``initdb`` may still write cannot meet it.
    """
    half = Path(tempfile.mkdtemp(prefix="unfinished-", dir=layout.root))
    if layout.owner.switch:
        os.chown(half, layout.owner.uid, layout.owner.gid)
    said = ""
    for locale in locales(program):
        made = program.run(
            "initdb", "-D", half, "-U", USER, "--auth=trust", "--encoding=UTF8", *locale, owner=layout.owner
        )
        if made.returncode == 0:
            half.rename(layout.data)
            return
        said = made.stdout
    raise diagnosis.of(layout, said)


def locales(program: Binaries) -> list[list[str]]:
    """Return the ways to ask for plain UTF-8 ordering, the best first."""
    if program.major >= BUILTIN_LOCALES_SINCE:
        return [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]]
    return [["--locale=C.UTF-8"], ["--locale=C"]]  # macOS has no C.UTF-8


def check_version(layout: Layout, program: Binaries) -> None:
    """Raise :class:`DataVersionError` if another major version made the data."""
    made_by = (layout.data / "PG_VERSION").read_text().strip()
    if made_by == str(program.major):
        return
    raise DataVersionError(
        _("数据目录 %(data)s 由 PostgreSQL %(made_by)s 建立，现在运行的是 %(version)s；没有改动任何数据。")
        % {"data": layout.data, "made_by": made_by, "version": program.version},
        hint=_(
            "要保留数据：用 PostgreSQL %(made_by)s 的 pg_dump 导出，移走该目录，再导入；"
            "不需要旧数据：移走该目录后重试。"
        )
        % {"made_by": made_by},
        data_directory=str(layout.data),
        made_by=made_by,
        runs=program.version,
    )
