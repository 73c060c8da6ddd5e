"""A private PostgreSQL for the tests, from the system's own programs."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def programs() -> Path | None:
    """Where initdb and pg_ctl are; None when PostgreSQL is not installed."""
    found = [Path(at).parent for at in (shutil.which("initdb"),) if at]
    return next(
        iter([*found, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]), None
    )


@contextlib.contextmanager
def running(at: Path) -> Iterator[str]:
    """A server for the length of the block, on a socket that only its folder leads to."""
    with tempfile.TemporaryDirectory(prefix="duebill-pg-", dir="/tmp") as folder:
        # PostgreSQL refuses to run as root.
        user = "nobody" if os.geteuid() == 0 else None
        if user:
            owner = pwd.getpwnam(user)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = f"{folder}/data"

        def run(program: str, *words: str) -> None:
            subprocess.run(
                [at / program, *words], check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL
            )

        run("initdb", "-D", data, "-U", "duebill", "-A", "trust", "--no-sync", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://duebill@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
