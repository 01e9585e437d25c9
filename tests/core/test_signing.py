"""Signatures hold for what was signed and nothing else; the same data always give the same bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from greenward.core.canonical import canonical, digest
from greenward.core.errors import InvalidInputError
from greenward.core.signing import NoSigningKeyError, is_signed, key_name, public_key, published_keys, sign

RECORD = {"number": "示例-2022-001", "level": "recognised", "on": "2022-09-15", "items": [1, 2, None, True]}
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
# RFC 8032, 7.1, test 1: the secret key and its public key
RFC_SECRET = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
RFC_PUBLIC = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"


def test_canonical_bytes_do_not_depend_on_the_order_of_members() -> None:
    assert canonical({"b": 1, "a": {"乙": 1, "甲": "x"}}) == '{"a":{"乙":1,"甲":"x"},"b":1}'.encode()
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


@pytest.mark.parametrize("bad", [{"a": 0.5}, {"a": [{"b": 1.0}]}, {"a": {1, 2}}])
def test_what_has_no_one_spelling_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        canonical(bad)


def test_a_signature_holds_for_what_was_signed() -> None:
    assert is_signed(RECORD, sign(RECORD), public_key())
    assert not is_signed({**RECORD, "number": "示例-2022-002"}, sign(RECORD), public_key())


@given(st.dictionaries(st.text(), PLAIN, max_size=3), st.dictionaries(st.text(), PLAIN, max_size=3))
def test_no_other_record_fits_a_signature(one: dict[str, object], other: dict[str, object]) -> None:
    assert is_signed(other, sign(one), public_key()) is (canonical(one) == canonical(other))


@pytest.mark.parametrize("signature", ["", "AAAA", "不是签名", "=" * 90, "A" * 86])
def test_what_is_no_signature_holds_nothing(signature: str) -> None:
    assert is_signed(RECORD, signature, public_key()) is False


def test_the_public_key_is_that_of_the_standard(settings: Settings) -> None:
    settings.GREENWARD_SIGNING_KEY = RFC_SECRET
    assert public_key() == RFC_PUBLIC


def test_earlier_keys_stay_published(settings: Settings) -> None:
    old = public_key()
    settings.GREENWARD_SIGNING_KEY, settings.GREENWARD_SIGNED_BEFORE = RFC_SECRET, f" {old}, "
    assert published_keys() == {key_name(RFC_PUBLIC): RFC_PUBLIC, key_name(old): old}


def test_a_key_that_is_none_is_told(settings: Settings) -> None:
    with pytest.raises(InvalidInputError):
        is_signed(RECORD, sign(RECORD), "不是公钥")
    settings.GREENWARD_SIGNING_KEY = "short"
    with pytest.raises(NoSigningKeyError):
        sign(RECORD)
