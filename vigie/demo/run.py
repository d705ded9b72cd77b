"""`vigie demo run`: the whole road in a browser, on embedded defaults."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

from vigie.demo import environment as env
from vigie.demo import programs
from vigie.demo.cats import first_cats
from vigie.demo.leftover import claim_folder, end_leftovers, group_of
from vigie.demo.programs import Program
from vigie.demo.stopping import Stop, Stopped
from vigie.demo.visitor import FIRST, report
from vigie.sandbox.partners import made_up

KNOWN = '{{"pictures": [{{"hashes": [{{"type": "md5", "value": "{}"}}]}}]}}'
ASK = f"""curl -s {env.MATCH_URL}/api/match/v1/pictures -H 'Content-Type: application/json' \\
     -H "Authorization: Bearer $(cat {env.PROVIDER_KEY})" \\
     -d '{KNOWN.format(made_up(5000)["md5"])}'"""
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
  A provider asks the police's list, by a value (any shell; the key is its own):
   {ASK}
  Or let it walk alone, in another terminal:  .venv/bin/vigie demo walk
  Ctrl-C stops everything; make run again keeps the data; make run FRESH=1 starts anew.
"""


class Refused(Exception):
    """One clear line: what is missing, and what to do."""


def run(*, fresh: bool) -> int:
    stop = Stop()
    minded: list[Program] = []
    beside: list[Program] = []
    minding = None
    try:
        if _taken_port() and end_leftovers():
            _say("ended what an earlier demonstration had left running")
        if port := _taken_port():
            raise Refused(
                f"port {port} is taken. Is a demonstration running already? If another program "
                f"has it, choose other ports: VIGIE_DEMO_PORT={env.PORT + 1000} make run"
            )
        first = _prepare(fresh, stop)
        minding = claim_folder()
        _start(minded, stop)
        if first:
            _first_contents(beside, stop)
        minded.append(programs.web("match", env.MATCH))
        minded[-1].start()  # nobody waits for it: it answers some seconds later
        _say(WELCOME)
        _mind(minded, stop)
    except Refused as refusal:
        print(f"vigie: {refusal}", file=sys.stderr)
        return 2
    except Stopped:
        pass
    finally:
        if minded:
            _say("stopping …")
        for program in [*beside, *reversed(minded)]:
            program.stop()
        if minding:
            minding.close()
    return 0


def _say(words: str) -> None:
    with suppress(OSError):  # a terminal that was closed must not keep the programs from ending
        print(words, flush=True)


def _taken_port() -> int | None:
    wanted: list[int] = [
        env.PUBLIC,
        env.DESK,
        env.MATCH,
        *range(env.SANDBOX, env.SANDBOX + env.SANDBOX_PORTS),
    ]
    for port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return port
    return None


def _prepare(fresh: bool, stop: Stop) -> bool:
    """Folder, keys, databases, accounts, policy. True the first time."""
    first = fresh or not (env.FOLDER / "prepared").exists()
    try:
        env.take_folder(anew=first)  # without `prepared` an earlier start was cut off half-way
    except (OSError, env.NotOurs) as error:
        raise Refused(f"{env.FOLDER}: {getattr(error, 'strerror', None) or error}") from None
    env.make_folder()
    settings = {**programs.CLEAN, **env.load_environment("worker")}
    stop.check()
    if _finished([sys.executable, "-m", "vigie.demo.seed"], settings, stop):
        raise Refused("the databases could not be made. make run FRESH=1 starts anew.")
    return first


def _finished(command: list[str], settings: dict[str, str], stop: Stop) -> int:
    """Run to its end, in a session of its own: Ctrl-C reaches only us, and we end it."""
    child = subprocess.Popen(command, env=settings, cwd=env.ROOT, start_new_session=True)
    while child.poll() is None:
        if stop.asked:
            child.kill()
            child.wait()
            raise Stopped
        time.sleep(0.1)
    return child.returncode


def _start(minded: list[Program], stop: Stop) -> None:
    """Start all; each is in the list before it runs, so that whatever happens it is ended."""
    for program, url, host in [
        (programs.sandbox(), f"{env.SANDBOX_URL}/", "localhost"),
        (programs.web("public", env.PUBLIC), f"http://127.0.0.1:{env.PUBLIC}/healthz", "localhost"),
        (programs.web("desk", env.DESK), f"http://127.0.0.1:{env.DESK}/healthz", "desk.localhost"),
    ]:
        minded.append(program)
        program.start()
        if not programs.wait_for(url, program, host, until=lambda: stop.asked):
            stop.check()
            raise Refused(f"the {program.name} did not start; see {programs.log_of(program)}")
    stop.check()
    minded.append(programs.worker())
    minded[-1].start()


def _first_contents(beside: list[Program], stop: Stop) -> None:
    """What a demonstration begins with, given from outside as anybody would."""
    try:
        for where in FIRST:
            stop.check()
            report(where)
    except (OSError, RuntimeError, LookupError, StopIteration) as error:
        raise Refused(f"the first reports were not taken: {error}. make run FRESH=1 starts anew.")
    (env.FOLDER / "prepared").touch()
    threading.Thread(target=first_cats, args=(beside,), daemon=True).start()


def _mind(minded: list[Program], stop: Stop) -> None:
    """Until told to stop: start again what fell, as a service manager would."""
    while not stop.asked:
        time.sleep(0.5)
        for program in minded:
            if program.died() and time.monotonic() - program.started > 1 and not stop.asked:
                _say(f"the {program.name} stopped; starting it again")
                program.start()


def kill(name: str) -> int:
    """kill -9 of one program, its children too: to see that nothing is lost."""
    if not (pid := group_of(name)):
        print(f"vigie: the {name} is not running", file=sys.stderr)
        return 1
    os.killpg(pid, signal.SIGKILL)  # each program leads a group of its own
    return 0
