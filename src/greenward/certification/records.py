"""The record of a title that the site signs, in the forms in which it travels, and how anyone checks it.

A record travels as a JSON file ``{"record": …, "signature": …}``, or as one line of text (in the code on a
certificate, in the PDF's keywords): ``GW1.<record>.<signature>``, both in URL-safe base64.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from greenward.core.canonical import canonical
from greenward.core.errors import InvalidInputError
from greenward.core.signing import is_signed, key_name

KIND = "greenward-title/1"
TOKEN = re.compile(r"GW1\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
MOST = 20_000
"""Characters of a record that are read at most."""


@dataclass(frozen=True)
class Signed:
    """A record of a title with its signature; whether it holds is another question."""

    record: Mapping[str, object]
    signature: str

    @property
    def token(self) -> str:
        """The record as one line."""
        body = base64.urlsafe_b64encode(canonical(self.record)).decode().rstrip("=")
        return f"GW1.{body}.{self.signature}"

    @property
    def file(self) -> bytes:
        """The record as a file."""
        whole = {"record": self.record, "signature": self.signature}
        return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"

    def holds(self, keys: Mapping[str, str]) -> bool:
        """Tell whether one of the published keys (name to key) signed exactly this record."""
        key = keys.get(str(self.record.get("key", "")))
        return (
            self.record.get("type") == KIND
            and key is not None
            and is_signed(self.record, self.signature, key)
        )

    def holds_under(self, key: str) -> bool:
        """Tell whether the given public key signed exactly this record."""
        return self.holds({key_name(key): key})


def read(content: bytes) -> Signed:
    """Return the record in a JSON file, a line of text, or a certificate's PDF; InvalidInputError if none."""
    text = content.decode("utf-8", errors="ignore")
    found = TOKEN.search(text)
    try:
        if found is not None:
            return Signed(_loaded(_decoded(found[1])), found[2])
        whole = json.loads(text[:MOST])
        return Signed(_mapping(whole["record"]), str(whole["signature"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidInputError(
            _("这里面没有证书记录。"), hint=_("请提供证书的 PDF、记录文件，或二维码中的文字。"), field="code"
        ) from error


def is_token(text: str) -> bool:
    """Tell whether a text holds a record as one line."""
    return TOKEN.search(text) is not None


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("no base64") from error


def _loaded(content: bytes) -> Mapping[str, object]:
    return _mapping(json.loads(content))


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError("a record is an object")
    return value
