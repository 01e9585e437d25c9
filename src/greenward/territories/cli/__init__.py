"""``greenward places`` and ``greenward offices``.

The command line acts as the system: no permission is asked, and the audit trail shows no person.
"""

import click

from greenward.territories.cli.offices import offices
from greenward.territories.cli.places import places

commands: list[click.Command] = [places, offices]
