"""Supporters of the demonstration: eight cats, drawn by this code, given to the wall from outside.

Five of them hang at once, as if somebody had moderated; three wait for whoever tries the desk.
"""

import random
import sys
import urllib.request
import uuid
from contextlib import suppress

import resvg_py

from vigie.demo import environment as env
from vigie.demo import programs

NAMES = ["Minou", "Félix", "Poes", "Mieze", "Luna", "Tigrou", "Simba", "Whiskers"]
HANG = 5
COATS = ["#c9a26b", "#8a8f98", "#3b3a3c", "#e0c9a6", "#b5651d", "#efe7da", "#6d5a4b", "#d98c4a"]
WALLS = ["#dfe8df", "#e9dccb", "#d5dfe8", "#efe3e3", "#e3e0ef", "#e8e6d0", "#d9e6e6", "#eadfd2"]


def drawn_cat(number: int) -> bytes:
    """A cat as a PNG of 1600 × 1200: coat, eyes and stripes of its own."""
    chance = random.Random(number)
    coat, wall = COATS[number % 8], WALLS[number % 8]
    eye = chance.choice(["#8a9a3b", "#c9942e", "#5f8fa8", "#6f9b5a"])
    x, y, r = 800 + chance.randint(-60, 60), 560, 330 + chance.randint(-20, 30)
    stripes = "".join(
        f'<path d="M{x + dx} {y - r + 30} q{dx / 4} 60 {dx / 8} 120" stroke="#0003" '
        f'stroke-width="26" fill="none" stroke-linecap="round"/>'
        for dx in (-110, -40, 40, 110)
    )
    ears = "".join(
        f'<path d="M{x + s * 290} {y - 120} L{x + s * 250} {y - 430} L{x + s * 70} {y - 290} Z" '
        f'fill="{coat}"/><path d="M{x + s * 255} {y - 190} L{x + s * 235} {y - 360} '
        f'L{x + s * 130} {y - 280} Z" fill="#d9a3a0"/>'
        for s in (-1, 1)
    )
    eyes = "".join(
        f'<ellipse cx="{x + s * 130}" cy="{y - 30}" rx="66" ry="58" fill="{eye}"/>'
        f'<ellipse cx="{x + s * 130}" cy="{y - 30}" rx="{14 + number * 2}" ry="50" fill="#101010"/>'
        f'<circle cx="{x + s * 130 + 16}" cy="{y - 52}" r="13" fill="#fff"/>'
        for s in (-1, 1)
    )
    whiskers = "".join(
        f'<path d="M{x + s * 90} {y + 120 + dy} q{s * 180} {dy - 20} {s * 330} {dy * 2}" '
        f'stroke="#fff9" stroke-width="6" fill="none"/>'
        for s in (-1, 1)
        for dy in (-20, 5, 30)
    )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200">'
        f'<rect width="1600" height="1200" fill="{wall}"/>'
        f'<rect y="980" width="1600" height="220" fill="#00000018"/>'
        f'<ellipse cx="{x}" cy="1120" rx="420" ry="420" fill="{coat}"/>{ears}'
        f'<ellipse cx="{x}" cy="{y}" rx="{r + 40}" ry="{r}" fill="{coat}"/>{stripes}{eyes}'
        f'<ellipse cx="{x - 62}" cy="{y + 150}" rx="90" ry="70" fill="#ffffff66"/>'
        f'<ellipse cx="{x + 62}" cy="{y + 150}" rx="90" ry="70" fill="#ffffff66"/>'
        f'<path d="M{x - 36} {y + 78} h72 l-36 44 z" fill="#b9605c"/>{whiskers}</svg>'
    )
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))


def give(number: int) -> None:
    """As a supporter does: the studio's own form, with a file."""
    language = ("fr", "nl", "de", "en")[number % 4]
    fields = {"act": "wall", "consent": "on", "age": "old", "name": NAMES[number]}
    fields |= {"language": language, "size": "1080x1080", "once": str(uuid.uuid4())}
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="photo"; filename="cat.png"\r\n'
    parts.append(f"--{edge}\r\n{head}Content-Type: image/png\r\n\r\n".encode())
    body = b"".join(parts) + drawn_cat(number) + f"\r\n--{edge}--\r\n".encode()
    request = urllib.request.Request(
        f"{env.PUBLIC_URL}/{language}/card/",
        body,
        {"Content-Type": f"multipart/form-data; boundary={edge}"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        answer.read()


def first_cats(beside: list[programs.Program]) -> None:
    """Give all of them, then have the first ones hung. Nothing waits for it; who stops ends it.

    Who must know when it is done finds the file ``cats`` in the demonstration's folder.
    """
    with suppress(OSError):  # stopped meanwhile
        for number in range(len(NAMES)):
            give(number)
        command = [sys.executable, "-m", "vigie.demo.hang", str(env.FOLDER / "cats")]
        beside.append(programs.Program("hang", command, env.load_environment("worker")))
        beside[-1].start()
