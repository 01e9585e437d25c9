"""Personal data at rest: sealed with a key that the database does not hold.

``GREENWARD_PERSONAL_KEY`` holds one or more keys of 32 bytes in URL-safe base64, separated by commas: the
first seals, all of them open, so that a key can be changed. The cipher is Fernet (AES-128-CBC with
HMAC-SHA256), as ``cryptography`` makes it.
"""

import json
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from greenward.core.errors import ServerError


class SealError(ServerError):
    """What is sealed cannot be opened, or there is no key."""

    code = "sealed"


def seal(data: Mapping[str, str]) -> bytes:
    """Return texts sealed; no two seals of the same are alike."""
    return _keys(settings.GREENWARD_PERSONAL_KEY).encrypt(json.dumps(dict(data), ensure_ascii=False).encode())


def seal_bytes(content: bytes) -> bytes:
    """Return content sealed, such as a file that shows who somebody is."""
    return _keys(settings.GREENWARD_PERSONAL_KEY).encrypt(content)


def opened(sealed: bytes | memoryview) -> dict[str, str]:
    """Return the texts; SealError where no key of ours made the seal or it was changed."""
    texts: dict[str, str] = json.loads(opened_bytes(sealed))
    return texts


def opened_bytes(sealed: bytes | memoryview) -> bytes:
    """Return the content; SealError where no key of ours made the seal or it was changed."""
    try:
        return _keys(settings.GREENWARD_PERSONAL_KEY).decrypt(bytes(sealed))
    except InvalidToken as error:
        raise SealError(
            _("加密的个人信息无法打开。"), hint=_("请让系统管理员核对 GREENWARD_PERSONAL_KEY。")
        ) from error


def masked(text: str) -> str:
    """Return a name or number in which people recognise their own and nobody else's: 甲*, 138******00."""
    length = len(text)
    if length <= 3:  # noqa: PLR2004 - a Chinese name
        return text[:1] + "*" * max(1, length - 1)
    if length <= 6:  # noqa: PLR2004 - too short to show its end too
        return text[:1] + "*" * (length - 1)
    return text[:3] + "*" * (length - 5) + text[-2:]


@lru_cache(maxsize=4)
def _keys(text: str) -> MultiFernet:
    try:
        return MultiFernet([Fernet(one.strip().rstrip("=") + "=") for one in text.split(",")])
    except ValueError as error:
        raise SealError(
            _("没有可用的个人信息密钥。"), hint=_("请让系统管理员设置 GREENWARD_PERSONAL_KEY。")
        ) from error
