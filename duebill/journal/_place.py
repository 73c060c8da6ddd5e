"""Where the journal is, and how it is opened so that what is committed stays."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duebill import node
from duebill.errors import ExtraMissing, JournalUnusable

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

_VARIABLE = "DUEBILL_JOURNAL"
_BUSY_SECONDS = 30


def journal_place(chain_id: int, given: str | Path | None = None) -> str:
    """The journal's file or database: as given, as DUEBILL_JOURNAL says, or the user's own file.

    Args:
        chain_id: The chain; each has a file of its own.
        given: A file, or a database's URL as SQLAlchemy writes it.
    """
    named = given or os.environ.get(_VARIABLE)
    return str(named or node.home() / f"journal-{chain_id}.sqlite")


def open_engine(place: str) -> Engine:
    """The database at a place; a file is made, for its owner alone, if there is none.

    Raises:
        JournalUnusable: There is none and none can be made.
        ExtraMissing: The driver for this kind of database is not installed.
    """
    # Slow to import.
    from sqlalchemy import create_engine, event  # noqa: PLC0415
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError  # noqa: PLC0415

    try:
        url = _url(place)
        if url.get_backend_name() == "sqlite":
            _make_file(url, place)
            engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
            event.listen(engine, "connect", _durable)
        else:
            engine = create_engine(url, pool_pre_ping=True)
    except ImportError:
        raise ExtraMissing("postgres", "keep the journal in PostgreSQL") from None
    except (ArgumentError, NoSuchModuleError):
        raise JournalUnusable(shown(place), reason="it is no database's address") from None
    return engine


def shown(place: str) -> str:
    """The place without what may be secret in it."""
    if "://" not in place:
        return place
    kind, _, rest = place.partition("://")
    return f"{kind}://{rest.rpartition('@')[2].partition('?')[0]}"


def _url(place: str) -> URL:
    from sqlalchemy import URL, make_url  # noqa: PLC0415 - slow to import

    if "://" not in place:
        return URL.create("sqlite", database=str(Path(place).expanduser()))
    url = make_url(place)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _make_file(url: URL, place: str) -> None:
    if not url.database or url.database == ":memory:":
        raise JournalUnusable(
            shown(place), reason="what is only in memory is lost with the process"
        )
    file = Path(url.database)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # The files that SQLite puts beside it take its mode over.
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise JournalUnusable(shown(place), reason=reason) from error


def _durable(connection: Any, _: object) -> None:
    """What is committed is on the disk, and readers do not wait for a writer."""
    # Transactions are begun by hand: sqlite3 would begin them too late.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
