"""Ed25519 signatures of canonical JSON: made with this site's key, checked by anyone with the public one.

``GREENWARD_SIGNING_KEY`` holds the private key (32 bytes in URL-safe base64). A key's name is the beginning
of the SHA-256 of its public half, so that a record says under which key it was signed.
"""

import base64
import binascii
import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.translation import gettext as _

from greenward.core.canonical import Plain, canonical
from greenward.core.errors import InvalidInputError, ServerError

NAME_LENGTH = 16


class NoSigningKeyError(ServerError):
    """The key in the settings is none."""

    code = "no_signing_key"


def sign(data: Plain) -> str:
    """Return the signature of ``data`` under this site's key, in URL-safe base64 without padding."""
    return _written(_private(settings.GREENWARD_SIGNING_KEY).sign(canonical(data)))


def is_signed(data: Plain, signature: str, key: str) -> bool:
    """Tell whether ``signature`` was made of ``data`` with the private half of ``key`` (see public_key).

    False for a signature or data that are no such thing at all; InvalidInputError for a key that is none.
    """
    public = _public(key)
    try:
        public.verify(_read(signature), canonical(data))
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def public_key() -> str:
    """Return this site's public key, 32 bytes in URL-safe base64 without padding."""
    return _written(_raw(_private(settings.GREENWARD_SIGNING_KEY).public_key()))


def published_keys() -> dict[str, str]:
    """Return name and text of the public keys that this site stands by: today's first, then earlier ones."""
    earlier = [one.strip() for one in settings.GREENWARD_SIGNED_BEFORE.split(",") if one.strip()]
    return {key_name(one): one for one in (public_key(), *earlier)}


def key_name(key: str) -> str:
    """Return the short name of a public key: the beginning of the SHA-256 of its bytes."""
    return hashlib.sha256(_raw(_public(key))).hexdigest()[:NAME_LENGTH]


@lru_cache(maxsize=4)
def _private(text: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(_read(text))
    except ValueError as error:
        raise NoSigningKeyError(
            _("签名密钥无法使用。"), hint=_("请让系统管理员核对 GREENWARD_SIGNING_KEY。")
        ) from error


def _public(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(_read(text.strip()))
    except ValueError as error:
        raise InvalidInputError(
            _("这不是一个公钥。"), hint=_("公钥是43个字符的 base64 文字，见公开的密钥页。"), field="key"
        ) from error


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _written(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _read(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("no base64") from error
