"""Build the wheel and try it outside the checkout, with no network.

The wheel is installed alone into an environment under build/ that borrows the dependencies of
.venv; what is missing from the wheel cannot hide behind the source tree then.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "build" / "dist"
PLACE = ROOT / "build" / "wheel"

TRIAL = """\
import pathlib, sys
import duebill
from duebill import artifacts

assert pathlib.Path(duebill.__file__).is_relative_to(sys.prefix), duebill.__file__
assert (pathlib.Path(duebill.__file__).parent / "py.typed").is_file()
for group in artifacts.GROUPS:
    for name in artifacts.names(group):
        artifacts.load(name)
assert artifacts.load("ReceivableLedger").bytecode
assert artifacts.names("testing") == ("TestCurrency",)
assert artifacts.standard_input()["sources"]
print("imported, artifacts read:", ", ".join(artifacts.names()))
"""


def main() -> None:
    """Build, install, try."""
    shutil.rmtree(DIST, ignore_errors=True)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", DIST)
    (wheel,) = DIST.glob("*.whl")
    run(sys.executable, "-m", "venv", "--clear", "--without-pip", PLACE)
    python = PLACE / "bin" / "python"
    install = ("install", "--quiet", "--no-deps", "--no-index", wheel)
    run(sys.executable, "-m", "pip", "--python", python, *install)
    borrow_dependencies()
    run(python, "-I", "-c", TRIAL)
    run(PLACE / "bin" / "duebill", "--help")
    print(f"{wheel.name} works")


def borrow_dependencies() -> None:
    """Let the environment see .venv's packages, but not what .venv installs as editable."""
    packages = sysconfig.get_path("purelib")
    inside = sysconfig.get_path("purelib", vars={"base": str(PLACE), "platbase": str(PLACE)})
    (Path(inside) / "borrowed.pth").write_text(packages + "\n")


def run(*command: str | Path) -> None:
    """Run a command away from the checkout's root; stop if it fails."""
    cwd = ROOT if "build" in command else ROOT / "build"
    if subprocess.run(command, cwd=cwd, check=False).returncode:
        sys.exit(f"failed: {Path(command[0]).name} {command[1]}")


if __name__ == "__main__":
    main()
