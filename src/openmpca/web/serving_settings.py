"""The Django settings of the pages: sign-in, sessions, templates, languages, security, beside those of the record.

Accounts, sessions, drafts and the list of events lie in a database of their own (`web.sqlite3` in the home; on
PostgreSQL the same server database), so that signing in never waits for a long import into the record.
Source: decision 14; Django's deployment checklist; django-allauth's documentation of its settings.
"""

import os
from pathlib import Path
from typing import Any, Final

from openmpca.record.home import home
from openmpca.web import settings as base
from openmpca.web.secret import secret_key

SECRET_KEY = secret_key(home())
DEBUG = False
INSTALLED_APPS = [
    *base.INSTALLED_APPS,
    "openmpca.pages",
    "openmpca.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "openmpca.web.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "openmpca.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "openmpca.web.tokens.bearer",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "openmpca.web.middleware.sessions_end",
    "openmpca.web.middleware.second_factor",
]
ROOT_URLCONF = "openmpca.web.urls"
DATABASES: dict[str, Any] = {**base.DATABASES, "web": base.DATABASES["default"]}
DATABASE_ROUTERS = ["openmpca.web.databases.Router"]
DEFAULT_AUTO_FIELD = base.DEFAULT_AUTO_FIELD
USE_TZ = base.USE_TZ
TIME_ZONE = base.TIME_ZONE

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).with_name("templates")],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "openmpca.web.frame.frame",
            ]
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

AUTH_USER_MODEL = "web.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["handle"]},
    },
]
# Counters of failed attempts, codes that were used: shared by all processes that serve.
CACHES = {"default": {"BACKEND": "openmpca.web.counters.Counters"}}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "openmpca.web.signing_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Failures are counted by address, and by address and name together (`signing_in.Adapter`).
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/5m/ip,5/5m/key",
    "login": "60/m/ip",
    "reauthenticate": "10/m/user",
    "invitation": "20/5m/ip",
}
ACCOUNT_FORMS = {
    "login": "openmpca.web.forms.Login",
    "reauthenticate": "openmpca.web.forms.Reauthenticate",
    "change_password": "openmpca.web.forms.ChangePassphrase",
}
MFA_ADAPTER = "openmpca.web.second_factor.Factors"
MFA_FORMS = {
    "authenticate": "openmpca.web.forms.Code",
    "reauthenticate": "openmpca.web.forms.CodeAgain",
    "activate_totp": "openmpca.web.forms.ActivateApp",
    "add_webauthn": "openmpca.web.forms.AddPasskey",
    "edit_webauthn": "openmpca.web.forms.RenamePasskey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "OpenMPCA"
# Browsers give keys to TLS and to localhost alone; the latter speaks plain HTTP.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = os.environ.get("OPENMPCA_PROXY") != "https"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_SECONDS: Final = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "openmpca.web.doors.forged"
CSRF_COOKIE_SAMESITE = "Strict"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

ALLOWED_HOSTS = [each for each in os.environ.get("OPENMPCA_HOSTS", "").split(",") if each] or [
    "localhost",
    "127.0.0.1",
    "[::1]",
]
# Behind a proxy with TLS, named in OPENMPCA_PROXY=https, cookies travel under TLS alone. What the proxy says of who
# asks is believed if it comes from its address (OPENMPCA_PROXY_ADDRESS, this machine unless named).
BEHIND_TLS: Final = os.environ.get("OPENMPCA_PROXY") == "https"
PROXY_ADDRESS: Final = os.environ.get("OPENMPCA_PROXY_ADDRESS", "127.0.0.1")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_TLS
if BEHIND_TLS:  # browsers take cookies of these names only under TLS, from this very host
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-forgery"
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if BEHIND_TLS else []

USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = base.LANGUAGES
LOCALE_PATHS = base.LOCALE_PATHS
FORMAT_MODULE_PATH = "openmpca.locale"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Strict"
# Without TLS nothing is sent by TLS alone: such a server is for the machine it runs on (HSTS, redirect, both cookies).
_OF_TLS: Final = ["security.W004", "security.W008", "security.W012", "security.W016"]
# Nobody is written to by e-mail, so names need not be addresses (account.W001).
SILENCED_SYSTEM_CHECKS = ["account.W001", *([] if BEHIND_TLS else _OF_TLS)]
