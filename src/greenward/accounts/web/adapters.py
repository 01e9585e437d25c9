"""How allauth behaves here: no sign-up, addresses behind a proxy, secrets encrypted at rest."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _


def address_of(request: HttpRequest) -> str | None:
    """Return the client's network address, the proxy's word only where one is configured; None if unknown."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return None


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by those in charge, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 — allauth's signature
        """Refuse every sign-up."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted under the server's key."""

    def get_totp_issuer(self) -> str:
        """Return the name that an authenticator app shows."""
        return str(settings.GREENWARD_NAME)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """Return the account's name for the authenticator app, never an e-mail address."""
        return user.get_username()

    def encrypt(self, text: str) -> str:
        """Encrypt a secret before it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a stored secret."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, *_user_and_type: object) -> str:
        """Propose a name for a new passkey."""
        return _("我的通行密钥")


def _cipher() -> Fernet:
    key = hashlib.sha256(b"greenward second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
