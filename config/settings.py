"""Settings, from the environment alone. What is missing or unsafe stops the program.

Several programs share this file: ``VIGIE_SURFACE=public`` (the site; it can write reports and
cannot read them), ``VIGIE_SURFACE=desk`` (staff), and ``VIGIE_SURFACE=match`` (the door of trusted
providers, who ask what is on the hash lists; it can read those and nothing else). The worker and
the command line use ``worker``. docs/deploy.md lists every variable.
"""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from config.environment import Environment, database
from config.front import FRONT
from config.match import MATCH
from config.organisation import Organisation

ROOT = Path(__file__).resolve().parent.parent
env = Environment()
MODE, SURFACE = env.mode, env.surface
DEMO, TESTING = MODE == "demo", MODE == "test"
PRODUCTION = MODE == "production"

if PRODUCTION:
    env.forbid(("VIGIE_SANDBOX", "VIGIE_SANDBOX_MAP", "VIGIE_DEMO_DIR"), "in production")
if SURFACE == "public":
    env.forbid(("VIGIE_DATABASE", "VIGIE_KEYS"), "for the public program: it must not read reports")

if SURFACE == "match":
    env.forbid(("VIGIE_KEYS", "VIGIE_FRONT_DATABASE"), "for the match program: it opens nothing")

# --- secrets and keys -------------------------------------------------------------------------
SECRET_KEY = env.text("VIGIE_SECRET_KEY")
# The directory of private keys (see `vigie keys`); the public and the match program have none.
KEYLESS = SURFACE in ("public", "match")
KEYS = ROOT / "no-keys-here" if KEYLESS else env.path("VIGIE_KEYS")
# A Maildir into which the operator's mail program puts mail that reports something; empty: none.
MAIL_INBOX = env.environ.get("VIGIE_MAIL_INBOX", "") if SURFACE == "worker" or TESTING else ""
if SURFACE == "public" or TESTING or MAIL_INBOX:  # whoever puts letters into the inbox seals them
    INBOX_RECIPIENT = env.text("VIGIE_INBOX_RECIPIENT")
    OPERATORS_RECIPIENT = env.text("VIGIE_OPERATORS_RECIPIENT")
if SURFACE == "public" or TESTING:
    RECEIPT_KEY = env.secret_bytes("VIGIE_RECEIPT_KEY")
    # Keys that were replaced: what was given out under them still works.
    RECEIPT_KEYS_BEFORE = env.secrets("VIGIE_RECEIPT_KEYS_BEFORE")

# --- who runs it ------------------------------------------------------------------------------
ORGANISATION = Organisation.load(env.path("VIGIE_ORGANISATION"))
PUBLIC_URL = env.text("VIGIE_PUBLIC_URL")
DESK_URL = "" if KEYLESS else env.text("VIGIE_DESK_URL")
ALLOWED_HOSTS = env.words("VIGIE_HOSTS", "localhost")
# The same public site as a Tor onion service: its name (…onion), without http://.
ONION = env.onion("VIGIE_ONION")
if ONION and SURFACE == "public":
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, ONION]
DEBUG = False

# --- the road's clock (seconds) ----------------------------------------------------------------
GRID_SECONDS = env.seconds("VIGIE_GRID_SECONDS", 7 * 86400)
WATCH_SECONDS = env.seconds("VIGIE_WATCH_SECONDS", 6 * 3600)
REMOVED_WATCH_SECONDS = env.seconds("VIGIE_REMOVED_WATCH_SECONDS", 14 * 86400)
REOPEN_SECONDS = env.seconds("VIGIE_REOPEN_SECONDS", 86400)
# So long a confirmation can be taken back before anybody outside hears of it; 0: not at all.
UNDO_SECONDS = env.seconds("VIGIE_UNDO_SECONDS", 60, none=True)
LEASE_SECONDS = env.seconds("VIGIE_LEASE_SECONDS", 300)
RETRY_SECONDS = env.seconds("VIGIE_RETRY_SECONDS", 30)
HEADS_SECONDS = env.seconds("VIGIE_HEADS_SECONDS", 60)
FIGURES_MINIMUM = env.number("VIGIE_FIGURES_MINIMUM", 5)
# Confirmation mails an hour: whoever feeds the form with other people's addresses is slowed down.
NEWSLETTER_CONFIRMATIONS = env.number("VIGIE_NEWSLETTER_CONFIRMATIONS", 300)
# Our own proxy names the sender in X-Forwarded-For (the last entry): for floods alone, see
# `vigie.intake.pressure`.
FORWARDED = env.text("VIGIE_FORWARDED", "no") == "yes"
# Outcome words on a receipt would tell an offender what was decided: off unless policy says so.
RECEIPT_OUTCOME_WORDS = env.text("VIGIE_RECEIPT_OUTCOME_WORDS", "no") == "yes"

# --- the outside world -------------------------------------------------------------------------
SANDBOX = env.environ.get("VIGIE_SANDBOX", "") != ""
DEMO_DIR = Path(env.environ.get("VIGIE_DEMO_DIR", "")) if DEMO else None
RDAP_BOOTSTRAP = env.path("VIGIE_RDAP_BOOTSTRAP", str(ROOT / "var/rdap"))
COUNTRY_DATABASE = env.path("VIGIE_COUNTRY_DATABASE", str(ROOT / "var/countries.mmdb"))
# The index of near hashes that this program keeps for itself; it can always be made anew.
HASH_INDEX = env.path("VIGIE_HASH_INDEX", str(ROOT / "var/hash-index"))
# Sealed with worker.key: no hash in clear on the disk, but opening it takes as long as making it.
# (The match program has no key.)
HASH_INDEX_SEALED = SURFACE != "match" and env.text("VIGIE_HASH_INDEX_SEALED", "yes") == "yes"
# With our own judgements; providers are answered from the lists alone.
HASH_INDEX_OWN = SURFACE != "match"
JOURNAL_HEADS = env.path("VIGIE_JOURNAL_HEADS", str(ROOT / "var/journal-heads.jsonl"))
SMTP_URL = "" if KEYLESS else env.text("VIGIE_SMTP", "smtp://127.0.0.1:25")

# --- databases ---------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": {"ENGINE": "django.db.backends.dummy"}
    if SURFACE == "public"
    else database(env.text("VIGIE_DATABASE"), "VIGIE_DATABASE"),
    "front": {"ENGINE": "django.db.backends.dummy"}
    if SURFACE == "match"
    else database(env.text("VIGIE_FRONT_DATABASE"), "VIGIE_FRONT_DATABASE"),
}
# The two know nothing of each other: tests may make one without the other.
DATABASES["front"]["TEST"] = {"DEPENDENCIES": []}
DATABASE_ROUTERS = ["config.router.FrontRouter"]
# What the public program may do, by table.
FRONT_RIGHTS = {f"{app}_{model}": rights for (app, model), rights in FRONT.items()}
# And what the match program may do in the main one.
MATCH_RIGHTS = {f"{app}_{model}": rights for (app, model), rights in MATCH.items()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- what each program is made of --------------------------------------------------------------
SHARED_APPS = [
    "csp",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "vigie.intake",
    "vigie.intake.doors",
    "vigie.figures",
]
DESK_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "vigie.staff",
    "vigie.journal",
    "vigie.people",
    "vigie.items",
    "vigie.matching",
    "vigie.matching.providers",
    "vigie.tracing",
    "vigie.cases",
    "vigie.dispatch",
    "vigie.watch",
    "vigie.keeping",
    "vigie.worker",
    "vigie.oversight",
    "vigie.doctor",
]
# The rooms whose nouns a hash list names; their tables it cannot read.
MATCH_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "vigie.staff",
    "vigie.journal",
    "vigie.people",
    "vigie.intake",
    "vigie.intake.doors",
    "vigie.items",
    "vigie.matching",
    "vigie.matching.providers",
]
CAMPAIGN_APPS = [
    "vigie.campaign",
    "vigie.campaign.wall",
    "vigie.campaign.kits",
    "vigie.campaign.newsletter",
]
INSTALLED_APPS = [*SHARED_APPS, *CAMPAIGN_APPS]
if SURFACE in ("desk", "worker"):
    INSTALLED_APPS = [*DESK_APPS, *INSTALLED_APPS]
if SURFACE == "match":
    INSTALLED_APPS = MATCH_APPS

PUBLIC_MIDDLEWARE = [
    "config.middleware.ReadToTheEnd",
    "config.middleware.KeepMethod",
    # Outside the others: what they refuse (another host's name) is not kept either.
    "config.middleware.NoStore",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.OnionLocation",
    # Innermost: a name that is not ours is refused here, and that page has the headers as well.
    "django.middleware.common.CommonMiddleware",
]
DESK_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "vigie.staff.middleware.StaffLanguage",
    "vigie.staff.middleware.SecondFactor",
    "vigie.staff.middleware.WayBack",
    "vigie.people.middleware.KnownSessions",
    "config.middleware.NoStore",
]
MATCH_MIDDLEWARE = [
    "config.middleware.ReadToTheEnd",
    "config.middleware.NoStore",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
MIDDLEWARE = {"public": PUBLIC_MIDDLEWARE, "match": MATCH_MIDDLEWARE}.get(SURFACE, DESK_MIDDLEWARE)
ROOT_URLCONF = f"config.{SURFACE}_urls" if KEYLESS else "config.desk_urls"

PUBLIC_CONTEXT = ["django.template.context_processors.i18n", "config.context.site"]
DESK_CONTEXT = [
    *PUBLIC_CONTEXT,
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "vigie.cases.desk.context.desk",
]
# The desk's templates make visible what colleagues wrote; the public program knows no journal.
PUBLIC_BUILTINS: list[str] = []
DESK_BUILTINS = ["vigie.journal.shown"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "web/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": PUBLIC_CONTEXT if KEYLESS else DESK_CONTEXT,
            "builtins": PUBLIC_BUILTINS if KEYLESS else DESK_BUILTINS,
        },
    }
]

# --- languages ---------------------------------------------------------------------------------
LANGUAGES = [("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English")]
LANGUAGE_CODE = "fr"
LOCALE_PATHS = [ROOT / "web/locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = env.text("VIGIE_TIME_ZONE", "Europe/Brussels")
USE_TZ = True

# --- files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "web/static"]
STATIC_ROOT = env.path("VIGIE_STATIC", str(ROOT / "var/static"))
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
STORAGES = {
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
}
# A report is never refused for its length; 5,000 long addresses are about 10 MB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000
# No picture is ever taken: the bytes of a file are dropped as they come in.
FILE_UPLOAD_HANDLERS = ["config.uploads.DropFiles"]

# --- sign-in (desk) ----------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["vigie.staff.backends.StaffBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "vigie.staff.adapters.StaffAdapter"
# By account and not by address: behind its proxy the whole desk is one address, and one person's
# forgotten password must not keep the others out.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key", "login": "600/m/ip"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "vigie.staff.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = ORGANISATION.name("en")
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
PASSWORD_RESET_TIMEOUT = 3 * 86400  # the letter says so: `vigie.people.recovery`
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-desk" if PRODUCTION else "desk"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
# Nothing below keeps an address of a visitor: allauth counts attempts in this memory only.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- what a browser is told --------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        # data: is allauth's drawing of the TOTP secret; blob: is the viewer's still.
        "img-src": [SELF] if SURFACE == "public" else [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
# The desk's forms need their origin (browsers send "null" under no-referrer, and CSRF refuses).
SECURE_REFERRER_POLICY = "no-referrer" if KEYLESS else "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None

# --- logs: ids and outcomes; no address, no text, no visitor ------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"discreet": {"()": "config.logs.Discreet"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["discreet"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "vigie": {"level": "INFO"},
        "django": {"handlers": [], "propagate": True},
        # Scanners ask for other hosts all day: no fault of ours, and no traceback each time.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
