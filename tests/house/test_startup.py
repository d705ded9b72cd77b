"""Better no service than an unsafe one: what refuses to start, and the one line that says why."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.startup import refuse_loose_keys, refuse_unsafe
from tests.environment import ROOT
from vigie.staff.models import User
from vigie.staff.permissions import Role

ORGANISATION = str(ROOT / "config/organisation.demo.toml")
DESK = {
    "VIGIE_MODE": "production",
    "VIGIE_SURFACE": "desk",
    "VIGIE_SECRET_KEY": "s" * 50,
    "VIGIE_KEYS": "/nowhere/keys",
    "VIGIE_ORGANISATION": ORGANISATION,
    "VIGIE_PUBLIC_URL": "https://hotline.test",
    "VIGIE_DESK_URL": "https://desk.hotline.test",
    "VIGIE_DATABASE": "sqlite:////nowhere/a",
    "VIGIE_FRONT_DATABASE": "sqlite:////nowhere/b",
}
PUBLIC = {
    **{name: value for name, value in DESK.items() if name not in ("VIGIE_DATABASE", "VIGIE_KEYS")},
    "VIGIE_SURFACE": "public",
    "VIGIE_INBOX_RECIPIENT": "age1x",
    "VIGIE_OPERATORS_RECIPIENT": "age1y",
    "VIGIE_RECEIPT_KEY": "00" * 32,
}
del PUBLIC["VIGIE_DESK_URL"]


# Reads the settings under each environment that it is told, each in a process of its own: a fork
# of one that has loaded Django, and nothing of ours.
READER = """
import json, os, sys, traceback
import asgiref.sync, django.conf, tomllib
for line in sys.stdin:
    if not os.fork():
        os.environ.clear()
        os.environ.update(json.loads(line))
        try:
            import config.settings
        except BaseException:
            print(json.dumps(traceback.format_exc().strip().splitlines()[-1]), flush=True)
        else:
            print(json.dumps(""), flush=True)
        os._exit(0)
    os.wait()
"""
Reads = Callable[[dict[str, str]], str]


@pytest.fixture(scope="module")
def settings_under() -> Iterator[Reads]:
    """The last line of a program that reads its settings; '' when it is content."""
    command, pipe = [sys.executable, "-c", READER], subprocess.PIPE
    path = {"PATH": os.environ["PATH"]}
    with subprocess.Popen(
        command, env=path, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, bufsize=1
    ) as reader:

        def read(environ: dict[str, str]) -> str:
            assert reader.stdin and reader.stdout
            reader.stdin.write(json.dumps({**environ, **path}) + "\n")
            return str(json.loads(reader.stdout.readline()))

        yield read


@pytest.mark.pure
@pytest.mark.parametrize("environ", [DESK, PUBLIC], ids=["desk", "public"])
def test_a_whole_environment_is_accepted(environ, settings_under):
    assert settings_under(environ) == ""


@pytest.mark.pure
@pytest.mark.parametrize(
    ("environ", "missing"),
    [(DESK, name) for name in DESK if name != "VIGIE_MODE"]
    + [(PUBLIC, name) for name in PUBLIC if name not in DESK],
)
def test_a_missing_variable_is_named_in_one_line(environ, missing, settings_under):
    line = settings_under({name: value for name, value in environ.items() if name != missing})
    assert f"{missing} is not set" in line


@pytest.mark.pure
@pytest.mark.parametrize(
    ("environ", "changes", "line"),
    [
        (DESK, {"VIGIE_SANDBOX": "yes"}, "VIGIE_SANDBOX must not be set in production"),
        (DESK, {"VIGIE_SANDBOX_MAP": "/x"}, "VIGIE_SANDBOX_MAP must not be set in production"),
        (DESK, {"VIGIE_DEMO_DIR": "/x"}, "VIGIE_DEMO_DIR must not be set in production"),
        # Who forgets to say which mode it is gets production, and its refusals.
        (DESK, {"VIGIE_MODE": "", "VIGIE_SANDBOX": "yes"}, "VIGIE_SANDBOX must not be set"),
        (PUBLIC, {"VIGIE_KEYS": "/keys"}, "VIGIE_KEYS must not be set for the public program"),
        (
            PUBLIC,
            {"VIGIE_DATABASE": "sqlite:///x"},
            "VIGIE_DATABASE must not be set for the public",
        ),
        (DESK, {"VIGIE_MODE": "staging"}, "VIGIE_MODE is 'staging'"),
        (DESK, {"VIGIE_SURFACE": "both"}, "VIGIE_SURFACE is 'both'"),
        (DESK, {"VIGIE_GRID_SECONDS": "-3"}, "VIGIE_GRID_SECONDS is '-3'"),
        (DESK, {"VIGIE_GRID_SECONDS": "nan"}, "VIGIE_GRID_SECONDS is 'nan'"),
        (DESK, {"VIGIE_WATCH_SECONDS": "often"}, "VIGIE_WATCH_SECONDS is 'often'"),
        (DESK, {"VIGIE_DATABASE": "mysql://x"}, "VIGIE_DATABASE must begin with"),
        (DESK, {"VIGIE_ORGANISATION": "/nowhere"}, "VIGIE_ORGANISATION: /nowhere cannot be read"),
        (PUBLIC, {"VIGIE_RECEIPT_KEY": "not hex"}, "VIGIE_RECEIPT_KEY"),
        *(
            (PUBLIC, {name: PUBLIC[name] + "+demonstration"}, f"{name} was made for the demon")
            for name in PUBLIC
            if name.endswith(("_KEY", "_RECIPIENT"))
        ),
        (DESK, {"VIGIE_SECRET_KEY": "s" * 50 + "+demonstration"}, "VIGIE_SECRET_KEY was made"),
    ],
)
def test_an_unsafe_or_senseless_setting_is_refused_by_name(environ, changes, line, settings_under):
    assert line in settings_under({**environ, **changes})


@pytest.mark.pure
@pytest.mark.parametrize("words", [["worker"], ["migrate"], ["journal", "verify"], ["check"]])
def test_the_command_line_says_what_is_missing_without_a_traceback(words):
    done = subprocess.run(
        [sys.executable, "-m", "vigie.cli", *words],
        env={"PATH": os.environ["PATH"]},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "vigie: VIGIE_SECRET_KEY is not set. docs/deploy.md says what it holds."
    ]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    (folder / "worker.key").touch(mode=0o600)
    return folder


@pytest.mark.pure
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o660, 0o777])
def test_a_key_that_others_could_touch_is_refused(keys, mode):
    refuse_loose_keys(keys)
    (keys / "worker.key").chmod(mode)
    with pytest.raises(ImproperlyConfigured, match="worker.key can be read by others"):
        refuse_loose_keys(keys)


@pytest.mark.pure
@pytest.mark.parametrize("mode", [0o750, 0o705, 0o711])
def test_a_key_directory_that_others_could_enter_is_refused(keys, mode):
    keys.chmod(mode)
    with pytest.raises(ImproperlyConfigured, match="chmod go="):
        refuse_loose_keys(keys)


@pytest.mark.pure
def test_a_key_directory_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="vigie keys init"):
        refuse_loose_keys(tmp_path / "nothing")


@pytest.mark.pure
def test_demonstration_keys_are_refused_in_production_only(keys, settings):
    (keys / "demonstration").touch(mode=0o600)
    refuse_loose_keys(keys)
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="demonstration keys"):
        refuse_loose_keys(keys)


@pytest.mark.django_db
def test_a_database_with_demonstration_accounts_is_refused_in_production(settings):
    settings.PRODUCTION = True
    refuse_unsafe()
    User.objects.add("analyst", "aurore-demonstration", Role.ANALYST, demo=True)
    with pytest.raises(ImproperlyConfigured, match="demonstration accounts"):
        refuse_unsafe()


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["hotline.example", "*", ".localhost", "0.0.0.0", "192.168.1.2"])
def test_the_demonstration_answers_on_loopback_names_only(settings, host):
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "desk.localhost"]
    refuse_unsafe()
    settings.ALLOWED_HOSTS = ["localhost", host]
    with pytest.raises(ImproperlyConfigured, match="loopback"):
        refuse_unsafe()


@pytest.mark.pure
def test_both_web_programs_and_the_worker_ask_before_they_start():
    for program in ("config/wsgi.py", "vigie/worker/management/commands/worker.py"):
        assert "refuse_unsafe()" in (ROOT / program).read_text()
