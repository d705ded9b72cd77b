"""Runs a tool of the project with the tests' settings: python tests/with_environment.py mypy …"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import tests.environment  # noqa: E402, F401

if __name__ == "__main__":
    tool, *words = sys.argv[1:]
    os.chdir(ROOT)
    program = str(Path(sys.executable).parent / tool)
    code = os.spawnv(os.P_WAIT, program, [program, *words])
    sys.exit(code)
