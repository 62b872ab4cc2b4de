"""Django's settings, made from our own table by `app.configuration.configure` before Django starts.

Imported with nothing configured (by the type checker or `makemigrations`), it describes an empty
workspace in memory.
"""

from __future__ import annotations

from typing import Any

from dalil.app.current import current

_now = current()

SECRET_KEY = _now.secret_key
DEBUG = False
ALLOWED_HOSTS = _now.allowed_hosts
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "dalil.people",
    "dalil.audit",
    "dalil.jobs",
    "dalil.desk",
    "dalil.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "csp.middleware.CSPMiddleware",
    "dalil.web.middleware.DoorMiddleware",
]
ROOT_URLCONF = "dalil.app.urls"
WSGI_APPLICATION = None
DATABASES: dict[str, Any] = {"default": _now.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.template.context_processors.i18n",
                "dalil.web.context.house",
            ],
            "builtins": ["dalil.web.templatetags.dalil"],
        },
    }
]
LANGUAGE_CODE = "en"
LANGUAGES = [("ar", "العربية"), ("ckb", "سۆرانی"), ("en", "English"), ("ku", "Kurmancî")]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Strict"
USE_I18N = True
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# The sheet's address holds the hash of its content, so a browser may keep it.
WHITENOISE_MAX_AGE = 30 * 24 * 3600
# The session lives in the browser alone, so that nothing on the server says who worked when.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = _now.session_seconds
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
SECURE_CONTENT_TYPE_NOSNIFF = True
CSRF_FAILURE_VIEW = "dalil.web.failures.stale_form"
# Not "no-referrer": under that browsers send forms with "Origin: null", which no form check can pass.
# Nothing is told to other sites either way.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = _now.upload_folder
# Django's own logs may hold addresses and paths: only our events are kept.
LOGGING_CONFIG = None
