"""The line that a newcomer is shown, to ask as a trusted provider does, works as it is printed."""

import json
import re
from pathlib import Path

import httpcore

from tests.demonstration import RUNNING, Demonstration, until

pytestmark = RUNNING


def test_what_is_printed_asks_the_police_list_and_is_told_that_it_is_known(
    demonstration: Demonstration,
) -> None:
    printed = (demonstration.folder.parent / "run.log").read_text()
    asked = re.search(r"curl -s (\S+) .*?Bearer \$\(cat (\S+)\)\".*?-d '(.*?)'", printed, re.DOTALL)
    assert asked
    url, key, body = asked.groups()
    headers = {"Content-Type": "application/json"}
    headers["Authorization"] = f"Bearer {Path(key).read_text()}"

    def answered() -> bytes | None:
        try:
            return httpcore.request("POST", url, headers=headers, content=body.encode()).content
        except httpcore.ConnectError:
            return None  # nobody waits for it when all is started

    (verdict,) = json.loads(until(answered))["verdicts"]
    assert (verdict["verdict"], verdict["matches"][0]["list"]) == ("known", "Police list")
    assert Path(key).stat().st_mode & 0o077 == 0
