"""What people say of themselves: sealed at rest, opened by our keys alone, masked where it is shown."""

import base64

import pytest
from pytest_django import Settings

from greenward.core.sealing import SealError, masked, opened, opened_bytes, seal, seal_bytes

ONE = base64.urlsafe_b64encode(b"1" * 32).decode()
TWO = base64.urlsafe_b64encode(b"2" * 32).decode().rstrip("=")
SAID = {"name": "示例居民", "contact": "010-00000000"}


def test_a_seal_hides_and_opens() -> None:
    sealed = seal(SAID)
    assert "示例居民".encode() not in sealed
    assert seal(SAID) != sealed
    assert opened(sealed) == SAID
    assert opened_bytes(seal_bytes(b"%PDF-")) == b"%PDF-"


def test_a_new_key_leaves_the_old_seals_readable(settings: Settings) -> None:
    settings.GREENWARD_PERSONAL_KEY = ONE
    sealed = seal(SAID)
    settings.GREENWARD_PERSONAL_KEY = f"{TWO}, {ONE}"
    assert opened(sealed) == SAID
    settings.GREENWARD_PERSONAL_KEY = TWO
    with pytest.raises(SealError):
        opened(sealed)


def test_a_changed_seal_does_not_open() -> None:
    sealed = bytearray(seal(SAID))
    sealed[20] ^= 1
    with pytest.raises(SealError):
        opened(bytes(sealed))


def test_without_a_key_nothing_is_sealed(settings: Settings) -> None:
    settings.GREENWARD_PERSONAL_KEY = ""
    with pytest.raises(SealError):
        seal(SAID)


@pytest.mark.parametrize(
    "text,shown",
    [
        ("甲乙", "甲*"),
        ("甲乙丙", "甲**"),
        ("甲乙丙丁", "甲***"),
        ("13800000000", "138******00"),
        ("", "*"),
        ("甲", "甲*"),
    ],
)
def test_a_mask_shows_enough_for_oneself_only(text: str, shown: str) -> None:
    assert masked(text) == shown
