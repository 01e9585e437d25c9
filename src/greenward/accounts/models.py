"""People and their API tokens."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.core.history import track


class UserManager(BaseUserManager["User"]):
    """Makes people; Django's own commands call it."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        """Make one person with a hashed password (none: the account cannot sign in by password)."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> "User":
        """Make a person who may use Django's maintenance pages."""
        return self.create_user(username, password, is_superuser=True, is_staff=True, **fields)


@track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. Holds the least: a name for the screen and, if given, an e-mail address.

    What the person may do follows from appointments (``territories``), never from flags here.
    """

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    display_name = models.CharField(_("显示名"), max_length=60, blank=True)
    email = models.EmailField(_("电子邮件"), blank=True)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    large_print = models.BooleanField(_("大字版"), default=False)
    is_active = models.BooleanField(_("有效"), default=True)
    is_staff = models.BooleanField(_("维护人员"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("人员")

    def __str__(self) -> str:
        return self.display_name or self.username


@track(exclude=["digest"])
class ApiToken(models.Model):
    """A key for programs, acting with its owner's reach. Only the hash is stored."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    label = models.CharField(_("用途"), max_length=80)
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("接口令牌")

    def __str__(self) -> str:
        return f"{self.prefix}… {self.label}"
