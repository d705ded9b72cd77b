"""`vigie demo run`: the whole road in a browser, on embedded defaults."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from types import FrameType

from vigie.demo import environment as env
from vigie.demo import programs
from vigie.demo.cats import first_cats
from vigie.demo.programs import Program
from vigie.demo.visitor import first_reports

WELCOME = f"""
  Vigie, the demonstration. Nothing here is real; nothing leaves this machine.

  Public site   {env.PUBLIC_URL}/        report something, keep the receipt
  Desk          {env.DESK_URL}/   staff; sign in as below
  Outside world {env.SANDBOX_URL}/       hosts, mail, the police's mailbox

  Demo accounts: analyst, lead, liaison, manager, administrator, editor
  Password of all (and the operators' passphrase): {env.PASSPHRASE}
  The six digits of each, now: {env.DESK_URL}/demo/

  To try, by hand:
   1. Public site: report  http://galerie.nord.test/a/hello  (hosted in "Belgium").
   2. Desk, as analyst: open it in the queue, look if you must (v), decide.
   3. Outside world, police: open the pack, acknowledge, authorise.
   4. Desk, as liaison, Letters: write down what the police answered.
   5. Outside world, police: contact the host. The worker sees it gone, twice.
      Another road: https://beeld.polder.test/a/hello ("Netherlands": we write to the host;
      as lead, let the first notice leave).
  Or let it walk alone, in another terminal:  .venv/bin/vigie demo walk
  Ctrl-C stops everything; make run again keeps the data; make run FRESH=1 starts anew.
"""


class Refused(Exception):
    """One clear line: what is missing, and what to do."""


def run(*, fresh: bool) -> int:
    try:
        _refuse_taken_ports()
        first = _prepare(fresh)
        minded = _start()
    except Refused as refusal:
        print(f"vigie: {refusal}", file=sys.stderr)
        return 2
    try:
        if first:
            first_reports()
            (env.FOLDER / "prepared").touch()
            threading.Thread(target=first_cats, daemon=True).start()
        print(WELCOME, flush=True)
        _mind(minded)
    finally:
        print("stopping …", flush=True)
        for program in reversed(minded):
            program.stop()
    return 0


def _refuse_taken_ports() -> None:
    wanted = [env.PUBLIC, env.DESK, *range(env.SANDBOX, env.SANDBOX + env.SANDBOX_PORTS)]
    for port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise Refused(
                    f"port {port} is taken. Is a demonstration running already? If another program "
                    f"has it, choose other ports: VIGIE_DEMO_PORT={env.PORT + 1000} make run"
                ) from None


def _prepare(fresh: bool) -> bool:
    """Folder, keys, databases, accounts, policy. True the first time."""
    if fresh and env.FOLDER.exists():
        shutil.rmtree(env.FOLDER)
    first = not (env.FOLDER / "prepared").exists()
    if first and env.FOLDER.exists():
        shutil.rmtree(env.FOLDER)  # an earlier start was cut off half-way
    env.FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    env.make_folder()
    settings = {**programs.CLEAN, **env.load_environment("worker")}
    for command in (
        ["-m", "vigie.cli", "migrate", "--verbosity", "0"],
        ["-m", "vigie.cli", "migrate", "--verbosity", "0", "--database", "front"],
        ["-m", "vigie.demo.seed"],
    ):
        done = subprocess.run([sys.executable, *command], env=settings, cwd=env.ROOT, check=False)
        if done.returncode:
            raise Refused(f"{' '.join(command[1:])} failed. make run FRESH=1 starts anew.")
    return first


def _start() -> list[Program]:
    outside, public = programs.sandbox(), programs.web("public", env.PUBLIC)
    desk, worker = programs.web("desk", env.DESK), programs.worker()
    started: list[Program] = []
    for program, url, host in [
        (outside, f"{env.SANDBOX_URL}/", "localhost"),
        (public, f"http://127.0.0.1:{env.PUBLIC}/healthz", "localhost"),
        (desk, f"http://127.0.0.1:{env.DESK}/healthz", "desk.localhost"),
    ]:
        program.start()
        started.append(program)
        if not programs.wait_for(url, program, host):
            for one in started:
                one.stop()
            raise Refused(f"the {program.name} did not start; see {programs.log_of(program)}")
    worker.start()
    return [*started, worker]


def _mind(minded: list[Program]) -> None:
    """Until Ctrl-C: start again what fell, as a service manager would."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        while True:
            time.sleep(0.5)
            for program in minded:
                if program.died() and time.monotonic() - program.started > 1:
                    print(f"the {program.name} stopped; starting it again", flush=True)
                    program.start()
    except KeyboardInterrupt:
        return


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def kill(name: str) -> int:
    """kill -9 of one program, its children too: to see that nothing is lost."""
    try:
        pid = int((env.FOLDER / f"{name}.pid").read_text())
    except (OSError, ValueError):
        pid = 0
    # After an unclean end the number may be somebody else's by now.
    look = ["ps", "-o", "command=", "-p", str(pid)]
    command = subprocess.run(look, capture_output=True, text=True, check=False).stdout
    if not pid or not any(word in command for word in ("vigie", "granian")):
        print(f"vigie: the {name} is not running", file=sys.stderr)
        return 1
    os.killpg(pid, signal.SIGKILL)  # each program leads a group of its own
    return 0
