"""`greenward certification`: checking certificates, here or anywhere with the published key."""

import sys
from pathlib import Path

import click
from django.utils.translation import gettext as _

from greenward.certification.records import is_token, read
from greenward.core import console
from greenward.core.signing import published_keys


@click.group()
def certification() -> None:
    """Certificates of recognised communities."""


@certification.command()
@click.argument("what")
@click.option("--key", default="", help="The published public key; this site's own keys if left out.")
@console.json_option
@console.no_database
def verify(*, what: str, key: str, as_json: bool) -> None:
    """Check WHAT offline: a certificate's PDF, its record file, or the text of its square code.

    Ends with status 1 if the signature does not hold. Whether the title is still held, the register says.
    """
    found = read(what.encode() if is_token(what) or not Path(what).is_file() else Path(what).read_bytes())
    holds = found.holds_under(key.strip()) if key else found.holds(published_keys())
    said = _("签名相符。") if holds else _("签名不符：这份证书被改过，或不是用这个密钥签的。")
    lines = [said, *(f"{name}: {value}" for name, value in found.record.items())]
    data = {"holds": holds, "record": dict(found.record)}
    console.answer(data, as_json=as_json, text="\n".join(lines))
    if not holds:
        sys.exit(1)


commands: list[click.Command] = [certification]
