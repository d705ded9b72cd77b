"""`python -m vigie.sandbox --dir DIR [--bind 127.0.0.1] [--base-port N]`: run until stopped.

Ports are taken consecutively from N: control pages, SMTP, DNS (UDP and TCP), RDAP, then one for
each provider, and https last. Exit codes: 0 stopped, 2 cannot start (one line says why).
"""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from vigie.sandbox.framing import RealReport
from vigie.sandbox.listening import Address, PortTaken
from vigie.sandbox.openpgp import CannotOpen
from vigie.sandbox.running import SERVICES, NotLoopback, Options, Sandbox

_HIGHEST_BASE = 65536 - len(SERVICES)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        sandbox = Sandbox(options)
    except (PortTaken, NotLoopback) as error:
        print(error, file=sys.stderr)
        return 2
    except (CannotOpen, OSError, ValueError, TypeError) as error:
        print(f"sandbox: cannot start: {error}", file=sys.stderr)
        return 2
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    sandbox.start()
    host, port = sandbox.ports["web"].address
    print(f"sandbox: nothing here is real; see http://{host}:{port}/", flush=True)
    stopping.wait()
    sandbox.stop()
    return 0


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(
        prog="vigie.sandbox", description="The demonstration's stand-in for the outside world."
    )
    parser.add_argument("--dir", type=Path, required=True, help="where its files are kept")
    parser.add_argument("--bind", default="127.0.0.1", help="an IPv4 loopback address")
    parser.add_argument("--base-port", type=_base_port, default=0, help="0: any free ports")
    parser.add_argument("--police-key", type=Path, help="the police's OpenPGP secret key")
    parser.add_argument("--hotline-cert", type=Path, help="the hotline's OpenPGP certificate")
    parser.add_argument("--hotline-smtp", type=_address, help="host:port for mail to the hotline")
    parser.add_argument("--maildir", type=_maildir, help="address=DIR: also deliver there")
    parser.add_argument("--prompt-seconds", type=_seconds, default=timedelta(seconds=3))
    parser.add_argument("--slow-seconds", type=_seconds, default=timedelta(seconds=90))
    parser.add_argument("--report-label", default="Where to report for real")
    parser.add_argument("--report-url", type=_web_address, help="where to report for real")
    given = parser.parse_args(arguments)
    return Options(
        directory=given.dir,
        bind=given.bind,
        base_port=given.base_port,
        prompt=given.prompt_seconds,
        slow=given.slow_seconds,
        police_key=given.police_key,
        hotline_cert=given.hotline_cert,
        hotline_smtp=given.hotline_smtp,
        maildir=given.maildir,
        real_report=RealReport(given.report_label, given.report_url) if given.report_url else None,
    )


def _base_port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= _HIGHEST_BASE:
        raise argparse.ArgumentTypeError(f"from 0 to {_HIGHEST_BASE}")
    return port


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise argparse.ArgumentTypeError("host:port")
    return host, int(port)


def _maildir(text: str) -> tuple[str, Path]:
    address, sign, folder = text.partition("=")
    if not address or not folder:
        raise argparse.ArgumentTypeError("address=DIR")
    return address.lower(), Path(folder)


def _web_address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise argparse.ArgumentTypeError("an address that begins with https://")
    return text


def _seconds(text: str) -> timedelta:
    seconds = float(text)
    if not 0 <= seconds < 1e9:
        raise argparse.ArgumentTypeError("a number of seconds, not negative")
    return timedelta(seconds=seconds)


if __name__ == "__main__":
    sys.exit(main())
