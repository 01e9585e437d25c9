"""What the server's words mean for the person who started it."""

from django.utils.translation import gettext as _

from greenward.config.embedded.errors import DiskFullError, EmbeddedDatabaseError, StartError
from greenward.config.embedded.layout import Layout


def of(layout: Layout, said: str) -> EmbeddedDatabaseError:
    """Return the error that the words ``said`` by PostgreSQL speak of."""
    if "No space left on device" in said:
        return DiskFullError(
            _("磁盘已满，数据库无法启动。数据在 %(data)s。") % {"data": layout.data},
            hint=_("腾出空间后重试；已有的数据没有改动。"),
            folder=str(layout.root),
        )
    return StartError(
        _("数据库没有启动。数据在 %(data)s，日志在 %(log)s，最后几行：\n%(said)s\n")
        % {"data": layout.data, "log": layout.log, "said": said.strip()},
        hint=_("按日志排除原因后重试；也可用 DATABASE_URL 指定别的服务器。"),
        data_directory=str(layout.data),
        log=str(layout.log),
    )
