"""Starting, minding and stopping the demonstration's programs."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from config.organisation import Organisation
from vigie.demo import environment as env

CLEAN = {
    name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ
}


class Program:
    """One child in a session of its own, so that Ctrl-C reaches only the one who minds it."""

    def __init__(self, name: str, command: list[str], settings: dict[str, str]) -> None:
        self.name, self.command = name, command
        self.environment = {**CLEAN, **settings}
        self.child: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    def start(self) -> None:
        self._end_group()
        path = env.FOLDER / "logs" / f"{self.name}.log"
        path.parent.mkdir(exist_ok=True)
        with path.open("ab") as log:
            self.child = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=env.ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        number = env.FOLDER / f"{self.name}.pid"
        new = number.with_suffix(".new")
        new.write_text(str(self.child.pid))
        new.replace(number)  # whole or not at all: somebody may be reading it
        self.started = time.monotonic()

    def _end_group(self) -> None:
        """The children of one that was killed: they would go on answering on its port."""
        if self.child is not None:
            with suppress(ProcessLookupError, PermissionError):  # macOS says so of the dead
                os.killpg(self.child.pid, signal.SIGKILL)

    def died(self) -> bool:
        return self.child is not None and self.child.poll() is not None

    def stop(self) -> None:
        (env.FOLDER / f"{self.name}.pid").unlink(missing_ok=True)
        if self.child is None or self.died():
            self._end_group()
            return
        self.child.send_signal(signal.SIGTERM)
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()


def sandbox() -> Program:
    command = ["-m", "vigie.sandbox", "--dir", str(env.FOLDER / "sandbox")]
    command += ["--base-port", str(env.SANDBOX)]
    command += ["--police-key", str(env.FOLDER / "police-be.secret.asc")]
    command += ["--hotline-cert", str(env.FOLDER / "keys/hotline.pub.asc")]
    command += ["--maildir", f"{env.REPORTS}={env.MAILDIR}"]
    command += ["--prompt-seconds", "2", "--slow-seconds", "30"]
    # In English, as its pages are.
    if real := Organisation.load(env.ORGANISATION).localised("en").get("real_report"):
        command += ["--report-label", real["label"], "--report-url", real["url"]]
    return Program("sandbox", [sys.executable, *command], {})


def web(surface: str, port: int) -> Program:
    command = [sys.executable, "-m", "granian", "--http", "1", "--host", "127.0.0.1"]
    command += ["--port", str(port)]
    command += ["--workers", "1", "--no-access-log", "--log-level", "warning"]
    # Told to stop while it starts, granian's child forgets it, and granian would wait for ever.
    command += ["--workers-kill-timeout", "2"]
    if surface == "public":
        # Not fewer lines than the door can judge: beyond, granian takes none at all.
        command += ["--backpressure", "8192", "--http1-header-read-timeout", "15000"]
        command += ["--interface", "rsgi", "config.door:application"]
    else:
        threads = "1" if surface == "match" else "4"
        command += ["--interface", "wsgi", "--blocking-threads", threads, "config.wsgi:application"]
    return Program(surface, command, env.load_environment(surface))


def worker() -> Program:
    command = [sys.executable, "-m", "vigie.cli", "worker", "--idle", "0.6"]
    return Program("worker", command, env.load_environment("worker"))


def wait_for(
    url: str,
    program: Program,
    host: str = "localhost",
    seconds: float = 30,
    until: Callable[[], bool] = lambda: False,
) -> bool:
    """True when the program answers; False when it died, never did, or ``until`` came first."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + seconds
    while time.monotonic() < end and not program.died() and not until():
        try:
            request = urllib.request.Request(url, headers={"Host": host})
            with opener.open(request, timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def log_of(program: Program) -> Path:
    return env.FOLDER / "logs" / f"{program.name}.log"
