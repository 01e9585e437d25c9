"""Settings. Everything that differs between machines is an environment variable; see deploy/."""

import os
import secrets
from datetime import date, timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from greenward.config import embedded

ROOT = Path(__file__).resolve().parents[3]
HOME = Path(os.environ.get("GREENWARD_HOME", ROOT))
VAR = HOME / "var"
VENDOR = ROOT / "build" / "vendor"
PACKS = ROOT / "packs"


def flag(name: str, *, default: bool) -> bool:
    """Read a yes/no variable: 1, true, yes, on (any case) mean yes."""
    text = os.environ.get(name)
    return default if text is None else text.strip().lower() in {"1", "true", "yes", "on"}


def kept_secret(name: str, size: int = 50) -> str:
    """Read a secret from the environment, or make one of ``size`` random bytes once, under var/ (0600)."""
    if text := os.environ.get(name):
        return text
    path = VAR / "secrets" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(size))
    return path.read_text()


DEBUG = flag("GREENWARD_DEBUG", default=False)
SECRET_KEY = kept_secret("GREENWARD_SECRET_KEY")
GREENWARD_AUDIT_KEY = kept_secret("GREENWARD_AUDIT_KEY")
GREENWARD_SIGNING_KEY = kept_secret("GREENWARD_SIGNING_KEY", 32)
GREENWARD_SIGNED_BEFORE = os.environ.get("GREENWARD_SIGNED_BEFORE", "")
GREENWARD_PERSONAL_KEY = kept_secret("GREENWARD_PERSONAL_KEY", 32)
GREENWARD_TODAY = date.fromisoformat(day) if (day := os.environ.get("GREENWARD_TODAY")) else None
GREENWARD_REQUIRE_SECOND_FACTOR = flag("GREENWARD_REQUIRE_SECOND_FACTOR", default=False)
GREENWARD_MAP_APPROVAL = os.environ.get("GREENWARD_MAP_APPROVAL", "")
GREENWARD_FONTS = os.environ.get("GREENWARD_FONTS", "")
GREENWARD_FEWEST_PLACES = int(os.environ.get("GREENWARD_FEWEST_PLACES", "3"))
GREENWARD_SMALLEST_SUM = int(os.environ.get("GREENWARD_SMALLEST_SUM", "10"))
GREENWARD_SCANNER = os.environ.get("GREENWARD_SCANNER", "")
GREENWARD_BEHIND_TLS = flag("GREENWARD_BEHIND_TLS", default=False)

ALLOWED_HOSTS = os.environ.get("GREENWARD_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("GREENWARD_ORIGINS", "").split(",") if o]
GREENWARD_SITE = os.environ.get("GREENWARD_SITE") or next(iter(CSRF_TRUSTED_ORIGINS), "")

EMAIL_HOST = os.environ.get("GREENWARD_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("GREENWARD_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("GREENWARD_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("GREENWARD_SMTP_PASSWORD", "")
GREENWARD_SMTP_SECURITY = os.environ.get("GREENWARD_SMTP_SECURITY", "starttls")  # starttls, tls or none
EMAIL_USE_TLS = GREENWARD_SMTP_SECURITY == "starttls"
EMAIL_USE_SSL = GREENWARD_SMTP_SECURITY == "tls"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = os.environ.get("GREENWARD_MAIL_FROM", "")

INSTALLED_APPS = [
    "greenward.core",
    "greenward.accounts",
    "greenward.territories",
    "greenward.packs",
    "greenward.duties",
    "greenward.programmes",
    "greenward.evidence",
    "greenward.survey",
    "greenward.assessment",
    "greenward.certification",
    "greenward.plans",
    "greenward.pilots",
    "greenward.workspace",
    "greenward.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "greenward.core.web.logging.RequestLogMiddleware",
    "greenward.core.web.middleware.SharingMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "greenward.accounts.web.middleware.SessionLimitsMiddleware",
    "greenward.accounts.web.middleware.LanguageMiddleware",
    "greenward.accounts.web.middleware.SecondFactorMiddleware",
    "greenward.core.web.middleware.ErrorsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "greenward.config.urls"
WSGI_APPLICATION = "greenward.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", ["greenward.core.web.loading.CompactLoader"])],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "greenward.core.web.context.frame",
                "greenward.workspace.web.context.frame",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or embedded.database_url(), conn_max_age=60, conn_health_checks=True
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",  # ModelBackend beside it would hash twice
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "display_name", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [  # memory-hard, and a fifth of PBKDF2's time for the same resistance
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "greenward.accounts.web.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_RATE_LIMITS = {  # per process; an office shares one address, so axes below counts per account
    "login": "120/m/ip",
    "login_failed": "60/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if GREENWARD_BEHIND_TLS else 0
MFA_ADAPTER = "greenward.accounts.web.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are optional and never a way in
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not GREENWARD_BEHIND_TLS
MFA_TOTP_TOLERANCE = 1  # one step of 30 s either way, for clocks that differ

AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # so that the page can say when it ends
AXES_LOCKOUT_CALLABLE = "greenward.accounts.web.lockout.locked_out"
AXES_CLIENT_IP_CALLABLE = "greenward.accounts.web.adapters.address_of"
AXES_DISABLE_ACCESS_LOG = True  # the audit trail holds sign-ins, without addresses
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [ROOT / "src" / "greenward" / "config" / "locale"]  # this module is no app
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
LANGUAGE_COOKIE_NAME = "language"

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "static"
STATICFILES_DIRS = [ROOT / "frontend", ("vendor", VENDOR)]
COLLECTED_STATIC = flag("GREENWARD_COLLECTED_STATIC", default=False)  # set by whoever ran collectstatic
WHITENOISE_USE_FINDERS = not COLLECTED_STATIC
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "greenward.core.web.statics.ModuleStaticFilesStorage"
        if COLLECTED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

SESSION_COOKIE_AGE = 8 * 3600
GREENWARD_IDLE_SECONDS = 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = GREENWARD_BEHIND_TLS
SECURE_SSL_REDIRECT = GREENWARD_BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if GREENWARD_BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if GREENWARD_BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "greenward.core.web.views.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "report-uri": "/csp-report",
    }
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
GREENWARD_NAME = _("绿社")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "greenward.core.web.logging.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "greenward": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # refusals are in the request's own line, without the address
        "django.security": {"level": "ERROR"},
        "axes": {"level": "ERROR"},  # failures and lock-outs are in the audit trail, without names
    },
}
