"""Settings of the court. Everything that differs between installations comes from the environment.

Two profiles share this file. With nothing set, the court runs embedded: SQLite, in-memory channel layer, local
files. ``DATABASE_URL`` and ``REDIS_URL`` switch it to the scale-out profile. ``COURT_ENV=production`` makes every
secret mandatory and every cookie secure.
"""

import secrets
import warnings
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

# WhiteNoise hands static files, which are small, to the server as plain iterators; Django warns of each.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PRODUCTION = env.str("COURT_ENV", "local") == "production"
DEBUG = False
DATA_DIR = Path(env.str("COURT_DATA_DIR", "") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEMO = env.bool("COURT_DEMO", False) and not PRODUCTION


def _secret_key() -> str:
    """The signing secret: from the environment in production, else made once and kept beside the data."""
    given: str = env.str("COURT_SECRET_KEY", "")
    if given:
        return given
    if PRODUCTION:
        raise ImproperlyConfigured("COURT_SECRET_KEY must be set in production.")
    kept = DATA_DIR / "secret-key"
    if not kept.exists():
        try:
            with kept.open("x") as file:
                kept.chmod(0o600)
                file.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass
    return kept.read_text()


SECRET_KEY = _secret_key()

if PRODUCTION:
    for name in ("COURT_HOSTS", "COURT_ORIGIN", "DATABASE_URL", "EMAIL_URL", "COURT_SIGNING_P12"):
        if not env.str(name, ""):
            raise ImproperlyConfigured(f"{name} must be set in production.")

COURT_ORIGIN: str = env.str("COURT_ORIGIN", "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.list("COURT_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = [COURT_ORIGIN]

# The court itself.
COURT_NAME = env.str("COURT_NAME", "Online Court")
COURT_COUNTRY = env.str("COURT_COUNTRY", "GB-ENG")  # whose public holidays are not working days
COURT_CURRENCY = env.str("COURT_CURRENCY", "GBP")
COURT_PROCEDURE = Path(env.str("COURT_PROCEDURE", str(BASE_DIR / "court/cases/procedure/model-rules.toml")))
COURT_FROM_EMAIL = DEFAULT_FROM_EMAIL = env.str("COURT_FROM_EMAIL", "registry@court.example")
COURT_STAFF_NEED_SECOND_FACTOR = env.bool("COURT_STAFF_NEED_SECOND_FACTOR", PRODUCTION)

# Upload limits, in bytes.
COURT_EXHIBIT_MAX_BYTES = env.int("COURT_EXHIBIT_MAX_BYTES", 200 * 1024 * 1024)
COURT_PIECE_MAX_BYTES = env.int("COURT_PIECE_MAX_BYTES", 8 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024

# Speech to text: which engine and model; a model is a size known to the catalogue, or a path.
COURT_WHISPER_ENGINE = env.str("COURT_WHISPER_ENGINE", "faster-whisper")
COURT_WHISPER_MODEL = env.str("COURT_WHISPER_MODEL", "base")
# Which model hears again what the first hardly believed itself: a size or path, "auto" (the largest here), or "none".
COURT_WHISPER_SECOND_MODEL = env.str("COURT_WHISPER_SECOND_MODEL", "auto")
# Further models that the court's staff may choose, by size or path.
COURT_WHISPER_MODELS: list[str] = env.list("COURT_WHISPER_MODELS", default=[])
COURT_WHISPER_THREADS = env.int("COURT_WHISPER_THREADS", 2)

# Seconds taken out of sound and pictures on each side of what is hidden, where no other word is so near.
COURT_REDACTION_MARGIN = 0.15

# The numbered pages this court cites by: us-25, a4-25, us-32 or a4-32 (lines on a page, and paper).
COURT_PAGE_FORMAT = env.str("COURT_PAGE_FORMAT", "us-25")

# The certificate the court signs with: a PKCS #12 file. Embedded installations make their own at set-up.
COURT_SIGNING_P12 = env.str("COURT_SIGNING_P12", str(DATA_DIR / "pki" / "court.p12"))
COURT_SIGNING_PASSWORD = env.str("COURT_SIGNING_PASSWORD", "")

# WebRTC: JSON list of ICE servers, e.g. [{"urls": ["turn:turn.court.example"], ...}]. None on one machine.
COURT_ICE_SERVERS: Any = env.json("COURT_ICE_SERVERS", [])

INSTALLED_APPS = [
    "court.work",
    "court.accounts",
    "court.ledger",
    "court.cases",
    "court.filings",
    "court.evidence",
    "court.rooms",
    "court.hearings",
    "court.orders",
    "mediation",
    "transcripts",
    "court.demo",
    "court",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "channels",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "lucide",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "court.accounts.middleware.NoNulInAddresses",
    "court.accounts.middleware.LanguageOfThePerson",
    "court.accounts.middleware.StaffNeedASecondFactor",
    "court.accounts.middleware.KeepWhatWasTyped",
]

ROOT_URLCONF = "court.urls"
ASGI_APPLICATION = "court.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "court.accounts.context.house",
            ],
            "builtins": ["lucide.templatetags.lucide", "django.templatetags.i18n", "court.templatetags.components"],
        },
    },
]
FORM_RENDERER = "court.templatetags.components.FieldRenderer"

# Storage.
DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'court.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA recursive_triggers=ON; PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;"
        ),
    }
else:
    # Compiling a statement takes longer than any of the court's own takes to run.
    told = DATABASES["default"].get("OPTIONS", {})  # by the address, such as sslmode
    DATABASES["default"]["OPTIONS"] = {
        **told,
        "pool": {"min_size": 0, "max_size": 20},
        "options": f"{told.get('options', '')} -c jit=off".strip(),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = DATA_DIR / "files"  # never served by URL: views fetch, check and stream
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "court.storage.HashedModules"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS: list[Path] = []

REDIS_URL: str = env.str("REDIS_URL", "")
if REDIS_URL:
    INSTALLED_APPS += ["django_rq", "django_tasks_rq"]
    CHANNEL_LAYERS: dict[str, Any] = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            # A socket waits 5 s at a time for its next message; the client's own limit of 5 s would cut it off. With
            # any limit the client writes within asyncio.wait_for, which in Python 3.11 may swallow a cancellation
            # (python/cpython#86296): a socket whose browser left would wait for ever. Keep-alive finds dead peers.
            "CONFIG": {
                "hosts": [{"address": REDIS_URL, "socket_timeout": None, "socket_keepalive": True}],
                "capacity": 1000,
            },
        }
    }
    CACHES: dict[str, Any] = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    }
    RQ_QUEUES = {"default": {"URL": REDIS_URL, "DEFAULT_TIMEOUT": -1}}
    RQ = {"JOB_CLASS": "django_tasks_rq.Job"}
    TASKS: dict[str, Any] = {"default": {"BACKEND": "django_tasks_rq.RQBackend", "QUEUES": ["default"]}}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1000}}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# People.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False  # signed in until the browser closes, and never longer than SESSION_COOKIE_AGE
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a letter for every change to how one signs in
ACCOUNT_SIGNUP_FORM_CLASS = "court.accounts.forms.SignUpDetails"
ACCOUNT_ADAPTER = "court.accounts.adapter.CourtAccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("COURT_TRUSTED_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = COURT_NAME
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True

# Post. Embedded installations write letters to files; a demo shows them on a page.
if env.str("EMAIL_URL", ""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"

# Language and time.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ko", "한국어"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "court" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("COURT_TIME_ZONE", "Europe/London")
COURT_TAGLINE = _("Settle a dispute without leaving home")

# Headers.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, Any] = {
    "camera": "self",
    "microphone": "self",
    "display-capture": "self",
    "geolocation": [],
    "payment": [],
    "usb": [],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("COURT_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
CSRF_FAILURE_VIEW = "court.accounts.views.form_expired"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("COURT_LOG_LEVEL", "INFO")},
    "loggers": {
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "pyhanko": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
    },
}
