"""The tutorial runs, in its order, and prints what it shows."""

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

from duebill import node

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
BLOCK = re.compile(
    r"^```(?P<language>\w+)\n(?P<body>.*?)^```$(?:\s*^```text\n(?P<shown>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)


def printed(body, *, namespace):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(body, "docs/tutorial.md", "exec"), namespace)  # noqa: S102 - our own page
    return out.getvalue()


def typed(body):
    """A shell has the project's commands, and ends at the first that fails."""
    path = os.pathsep.join((str(Path(sys.prefix) / "bin"), os.environ["PATH"]))
    done = subprocess.run(
        ("bash", "-e", "-c", body),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path},
    )
    assert done.returncode == 0, f"{body}: {done.stdout}{done.stderr}"


def test_the_tutorial_prints_what_it_shows(tmp_path, monkeypatch):
    monkeypatch.setenv("DUEBILL_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DUEBILL_RPC_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    namespace = {}
    try:
        for block in BLOCK.finditer(PAGE):
            body, shown = block["body"], block["shown"] or ""
            if block["language"] == "python":
                assert printed(body, namespace=namespace) == shown, body
            else:
                assert block["language"] == "console"
                typed(body)
    finally:
        node.stop()
