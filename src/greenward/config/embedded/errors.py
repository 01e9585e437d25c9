"""What can stand in the way of the embedded database, each under its own code."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from greenward.core.errors import GreenwardError


class EmbeddedDatabaseError(GreenwardError):
    """The embedded database cannot serve."""

    code = "embedded_database"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = _("内置数据库无法使用")


class NoBinariesError(EmbeddedDatabaseError):
    """Neither the wheel nor this machine has PostgreSQL binaries that run."""

    code = "embedded_no_binaries"


class DataVersionError(EmbeddedDatabaseError):
    """The data directory was made by another major version of PostgreSQL."""

    code = "embedded_data_version"


class DiskFullError(EmbeddedDatabaseError):
    """The disk that holds the data is full."""

    code = "embedded_disk_full"


class SocketTakenError(EmbeddedDatabaseError):
    """Another live server listens where this one would."""

    code = "embedded_socket_taken"


class UnsafeFolderError(EmbeddedDatabaseError):
    """A folder that must be private belongs to somebody else or is open to others."""

    code = "embedded_unsafe_folder"


class StartError(EmbeddedDatabaseError):
    """The server did not start; the detail carries the end of its log."""

    code = "embedded_start"
