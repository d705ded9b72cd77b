"""``deploy/nginx.conf`` as nginx runs it, with other ports, names and folders, for tests."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.demonstration import free_ports
from tests.environment import ROOT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def in_front(public: int, desk: int, certificates: Path, folder: Path) -> Iterator[tuple[int, int]]:
    """Of the programs at these ports; the ports of the site (TLS) and of its onion twin.

    ``certificates``: a folder with ``ca.pem`` and ``tls.pem``.
    """
    base = free_ports()
    changes = {
        "listen 443 ssl": f"listen 127.0.0.1:{base} ssl",
        "listen 80": f"listen 127.0.0.1:{base + 1}",
        "127.0.0.1:8480": f"127.0.0.1:{base + 10}",
        "127.0.0.1:8443": f"127.0.0.1:{base + 11}",
        "127.0.0.1:8400": f"127.0.0.1:{public}",
        "127.0.0.1:8401": f"127.0.0.1:{desk}",
        "server_name hotline.example.org": "server_name localhost",
    }
    text = (ROOT / "deploy/nginx.conf").read_text()
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    text = re.sub(r"/etc/ssl/private/\S+key", str(certificates / "tls.pem"), text)
    text = re.sub(r"/etc/ssl/\S+pem", str(certificates / "ca.pem"), text)
    main = f"worker_rlimit_nofile 20000;\nerror_log {folder}/main.log;\npid {folder}/pid;\n"
    whole = f"{main}events {{ worker_connections 16384; }}\nhttp {{\n{text}}}\n"
    (folder / "nginx.conf").write_text(whole)
    command = [str(NGINX), "-e", f"{folder}/main.log", "-p", str(folder)]
    command += ["-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    child = subprocess.Popen(command)
    try:
        yield base, base + 10
    finally:
        child.terminate()
        child.wait(10)
