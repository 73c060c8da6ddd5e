"""The journal of one chain, in SQL."""

from __future__ import annotations

import contextlib
import time
import weakref
from functools import cached_property
from typing import TYPE_CHECKING, Any

from duebill.errors import JournalUnusable
from duebill.journal._entry import Attempt, Draft, Entry, Settled, Stage
from duebill.journal._place import open_engine, shown
from duebill.model import Address, time_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine, Row, Select

    from duebill.journal._entry import Ceiling

# Databases limit the values in one statement.
_MOST_VALUES = 500
_SET_UP_LOCK = 0x64756562  # any number, the same in every version
_CEILING_LOCK = _SET_UP_LOCK + 1
_HELD = (Stage.PREPARED, Stage.SENT)


class Collision(Exception):  # noqa: N818 - it is no error, but another's success
    """Another process was faster: it has this reference, this nonce or this intent's next step.

    Nothing was written. Look again, and go on from what is there now.
    """


class Exceeded(Exception):  # noqa: N818 - as above
    """An intent would pass its ceiling. Nothing was written.

    Attributes:
        needed: The most that it may cost, in wei.
        left: What is left below the ceiling, in wei.
    """

    def __init__(self, *, needed: int, left: int) -> None:
        self.needed = needed
        self.left = left
        super().__init__(f"{needed} wei, where {left} are left")


class Journal:
    """The journal of one chain.

    It is opened when it is first used. Every method is one transaction of the database: when it
    returns, what it wrote is on the disk.

    Args:
        place: A file, or a database's URL.
        chain_id: The chain.
        genesis: The hash of the chain's first block.
    """

    def __init__(self, place: str, *, chain_id: int, genesis: str) -> None:
        self.place = place
        self.chain_id = chain_id
        self.genesis = genesis

    def __repr__(self) -> str:
        return f"<journal {shown(self.place)} of chain {self.chain_id}>"

    # -- look-ups ---------------------------------------------------------------------------

    def find(self, reference: str) -> Entry | None:
        """The intent of a reference."""
        return self.find_many([reference]).get(reference)

    def find_many(self, references: Collection[str]) -> dict[str, Entry]:
        """The intents of those references that are known."""
        wanted, column = list(references), self._intents.c.reference
        return {
            entry.reference: entry
            for start in range(0, len(wanted), _MOST_VALUES)
            for entry in self._entries(column.in_(wanted[start : start + _MOST_VALUES]))
        }

    def entry(self, number: int) -> Entry:
        """An intent, by its number in the journal."""
        (found,) = self._entries(self._intents.c.id == number)
        return found

    def by_hash(self, transaction: str) -> Entry | None:
        """The intent that a transaction was signed for."""
        table = self._tables.attempts
        from sqlalchemy import select  # noqa: PLC0415 - slow to import

        owners = select(table.c.intent).where(table.c.hash == transaction)
        return next(iter(self._entries(self._intents.c.id.in_(owners))), None)

    def entries(
        self,
        *stages: Stage,
        sender: Address | None = None,
        beginning: str = "",
        last: int | None = None,
    ) -> list[Entry]:
        """Intents, oldest first.

        Args:
            stages: Only these; all when none is given.
            sender: Only this account's.
            beginning: Only those whose references begin with it.
            last: Only the newest, so many.
        """
        columns = self._intents.c
        conditions = []
        if stages:
            conditions.append(columns.stage.in_([stage.value for stage in stages]))
        if sender is not None:
            conditions.append(columns.sender == sender)
        if beginning:
            conditions.append(columns.reference.startswith(beginning, autoescape=True))
        return self._entries(*conditions, last=last)

    def begun_with(self, start: str, *, before: int | None, most: int) -> list[Entry]:
        """Intents whose references begin with some characters, oldest first; the newest so many.

        Args:
            start: The characters.
            before: Only intents with a lower number in the journal.
            most: How many.
        """
        columns = self._intents.c
        conditions = [columns.reference.startswith(start, autoescape=True)]
        if before is not None:
            conditions.append(columns.id < before)
        return self._entries(*conditions, last=most)

    def holders(self, sender: Address, *, since: int) -> list[Entry]:
        """The intents that hold an account's nonces from one on, in their order."""
        columns = self._intents.c
        found = self._entries(columns.sender == sender, columns.nonce >= since)
        return sorted(found, key=lambda entry: entry.nonce or 0)

    def free_nonces(self, sender: Address, count: int, *, since: int) -> list[int]:
        """The lowest nonces of an account, from one on, that no intent holds.

        They are not kept: whoever records an intent with one of them first, has it.
        """
        from sqlalchemy import select  # noqa: PLC0415 - slow to import

        columns = self._intents.c
        query = select(columns.nonce).where(
            self._mine(), columns.sender == sender, columns.nonce >= since
        )
        with self._reading() as connection:
            held = set(connection.execute(query).scalars())
        found: list[int] = []
        nonce = since
        while len(found) < count:
            if nonce not in held:
                found.append(nonce)
            nonce += 1
        return found

    # -- records ----------------------------------------------------------------------------

    def require_writable(self) -> None:
        """Check that something could be written now; asked before anything is signed.

        Raises:
            JournalUnusable: It could not.
        """
        with self._writing():
            pass

    def record(self, signed: Sequence[tuple[Draft, Attempt]]) -> list[int]:
        """Write down intents with their first signed transactions, all or none.

        Returns:
            Their numbers, in the same order.

        Raises:
            Collision: One of the references or nonces was taken meanwhile.
            Exceeded: One of them would pass its ceiling, with what others have recorded by now.
        """
        return self._record([(draft, attempt.nonce, attempt) for draft, attempt in signed])

    def prepare(self, draft: Draft, *, nonce: int) -> int:
        """Write down an intent that is signed elsewhere.

        Raises:
            Collision: Its reference or the nonce was taken meanwhile.
        """
        (number,) = self._record([(draft, nonce, None)])
        return number

    def attempt(self, entry: Entry, made: Attempt, *, draft: Draft | None = None) -> None:
        """Write down a further signed transaction for an intent.

        Args:
            entry: The intent, as it was when the transaction was signed.
            made: The transaction.
            draft: The intent in other words, if they have changed: the call and its gas.

        Raises:
            Collision: The intent has moved on, or the nonce is another's.
        """
        said = draft or entry.draft
        with self._writing() as connection:
            self._require_unmoved(connection, entry)
            connection.execute(
                self._intents.update()
                .where(self._intents.c.id == entry.id)
                .values(nonce=made.nonce, stage=Stage.SENT.value, data=said.data, gas=said.gas)
            )
            rows = [self._attempt_row(entry.id, made)]
            connection.execute(self._tables.attempts.insert(), rows)

    def take_back(self, entry: Entry, *, nonce: int) -> None:
        """Give a released intent the nonce that it was signed for once more.

        Raises:
            Collision: The intent has moved on, or the nonce is another's by now.
        """
        with self._writing() as connection:
            self._require_unmoved(connection, entry)
            connection.execute(
                self._intents.update()
                .where(self._intents.c.id == entry.id)
                .values(nonce=nonce, stage=Stage.SENT.value)
            )

    def release(self, entry: Entry) -> None:
        """Take an intent's nonce away; nothing happens if it has moved on."""
        columns = self._intents.c
        with self._writing() as connection:
            connection.execute(
                self._intents.update()
                .where(columns.id == entry.id, columns.nonce == entry.nonce)
                .where(columns.stage.in_([stage.value for stage in _HELD]))
                .values(nonce=None, stage=Stage.RELEASED.value)
            )

    def settle(self, outcomes: Sequence[tuple[Entry, Settled]]) -> None:
        """Write down what became of intents, all or none."""
        from sqlalchemy import bindparam  # noqa: PLC0415 - slow to import

        if not outcomes:
            return
        update = self._intents.update().where(self._intents.c.id == bindparam("number"))
        # In one order for all programs: two that write the same rows cannot deadlock.
        ordered = sorted(outcomes, key=lambda pair: pair[0].id)
        rows = [_outcome_row(entry, settled) for entry, settled in ordered]
        with self._writing() as connection:
            self._evict(connection, ordered, rows)
            connection.execute(update, rows)

    def reopen(self, entries: Sequence[Entry]) -> None:
        """Forget what became of intents: the block that they were in has left the chain."""
        columns = self._intents.c
        with self._writing() as connection:
            connection.execute(
                self._intents.update()
                .where(columns.id.in_([entry.id for entry in entries]))
                .where(columns.nonce.is_not(None))
                .values(stage=Stage.SENT.value, **_OPEN)
            )

    # -- inside -----------------------------------------------------------------------------

    @property
    def _tables(self) -> Any:
        from duebill.journal import _tables  # noqa: PLC0415 - slow to import

        return _tables

    @property
    def _intents(self) -> Any:
        return self._tables.intents

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self.place)
        weakref.finalize(self, engine.dispose)
        with self._guarded(), engine.connect() as connection, self._begun(connection, "IMMEDIATE"):
            self._set_up(connection)
        return engine

    def _set_up(self, connection: Connection) -> None:
        tables = self._tables
        if connection.dialect.name == "postgresql":
            # Two programs that start together make the tables once.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_SET_UP_LOCK})")
        tables.metadata.create_all(connection)
        found = connection.execute(tables.versions.select()).scalar()
        if found is None:
            connection.execute(tables.versions.insert(), [{"version": tables.VERSION}])
        elif found != tables.VERSION:
            reason = f"it has version {found}, this program writes version {tables.VERSION}"
            raise JournalUnusable(shown(self.place), reason=reason)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        engine = self._engine
        with self._guarded(), engine.connect() as connection, self._begun(connection, "DEFERRED"):
            yield connection

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Connection]:
        engine = self._engine
        with self._guarded(), engine.connect() as connection, self._begun(connection, "IMMEDIATE"):
            yield connection

    @contextlib.contextmanager
    def _begun(self, connection: Connection, kind: str) -> Iterator[None]:
        """A transaction. SQLite's writers take the lock first: two of them cannot deadlock."""
        with connection.begin():
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql(f"BEGIN {kind}")
            yield

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """The database's errors as ours. They quote what was written, so they end here."""
        from sqlalchemy.exc import DBAPIError, IntegrityError  # noqa: PLC0415 - slow to import

        try:
            yield
        except IntegrityError:
            raise Collision from None
        except DBAPIError as error:
            reason = str(error.orig).partition("\n")[0] or type(error).__name__
            raise JournalUnusable(shown(self.place), reason=reason) from None

    def _require_unmoved(self, connection: Connection, entry: Entry) -> None:
        """An intent has to be as it was read, its transactions too, and stays so in this commit.

        Stage and nonce alone do not tell: it may have been signed for another nonce meanwhile, and
        released again.
        """
        columns = self._intents.c
        from sqlalchemy import select  # noqa: PLC0415 - slow to import

        query = select(columns.stage, columns.nonce).where(columns.id == entry.id)
        row = connection.execute(query.with_for_update()).one()
        tried = self._attempts(connection, [entry.id]).get(entry.id, ())
        if (row.stage, row.nonce, tried) != (entry.stage.value, entry.nonce, entry.attempts):
            raise Collision

    def _evict(
        self,
        connection: Connection,
        outcomes: Sequence[tuple[Entry, Settled]],
        rows: Sequence[Mapping[str, Any]],
    ) -> None:
        """Whoever was given these nonces meanwhile has lost them, even if it was done: they are used."""
        from sqlalchemy import bindparam  # noqa: PLC0415 - slow to import

        columns = self._intents.c
        others = (
            self._intents.update()
            .where(self._mine(), columns.sender == bindparam("account"))
            .where(columns.nonce == bindparam("used"), columns.id != bindparam("number"))
            .values(nonce=None, stage=Stage.RELEASED.value, **_OPEN)
        )
        users = [
            {"account": entry.draft.sender, "used": row["nonce"], "number": entry.id}
            for (entry, _), row in zip(outcomes, rows, strict=True)
        ]
        connection.execute(others, users)

    def _mine(self) -> ColumnElement[bool]:
        columns = self._intents.c
        mine: ColumnElement[bool] = (columns.chain_id == self.chain_id) & (
            columns.genesis == self.genesis
        )
        return mine

    def _entries(self, *conditions: ColumnElement[bool], last: int | None = None) -> list[Entry]:
        table = self._intents
        query = table.select().where(self._mine(), *conditions)
        # The newest first, so that a limit keeps those.
        query = query.order_by(table.c.id.desc()).limit(last)
        with self._reading() as connection:
            return self._read(connection, query)

    def _read(self, connection: Connection, query: Select[Any]) -> list[Entry]:
        rows = connection.execute(query).all()[::-1]
        tried = self._attempts(connection, [row.id for row in rows])
        return [_entry(row, tried.get(row.id, ())) for row in rows]

    def _require_below(self, connection: Connection, draft: Draft, ceiling: Ceiling) -> None:
        """Check that what was just written down stays below its ceiling; else nothing is kept."""
        columns = self._intents.c
        query = self._intents.select().where(
            self._mine(),
            columns.sender == draft.sender,
            columns.created >= ceiling.since,
            columns.reference.startswith(ceiling.beginning, autoescape=True),
        )
        cost = {entry.reference: entry.cost for entry in self._read(connection, query)}
        needed, whole = cost[draft.reference], sum(cost.values())
        if whole > ceiling.wei:
            raise Exceeded(needed=needed, left=max(0, ceiling.wei - (whole - needed)))

    def _attempts(
        self, connection: Connection, numbers: Sequence[int]
    ) -> Mapping[int, tuple[Attempt, ...]]:
        table = self._tables.attempts
        found: dict[int, tuple[Attempt, ...]] = {}
        for start in range(0, len(numbers), _MOST_VALUES):
            part = numbers[start : start + _MOST_VALUES]
            query = table.select().where(table.c.intent.in_(part)).order_by(table.c.id)
            for row in connection.execute(query):
                found[row.intent] = (*found.get(row.intent, ()), _attempt(row))
        return found

    def _record(self, rows: Sequence[tuple[Draft, int, Attempt | None]]) -> list[int]:
        table, now = self._intents, _now()
        # By reference: in the order of the rows, SQLite would be asked for each by itself.
        insert = table.insert().returning(table.c.reference, table.c.id)
        drafts = [self._draft_row(draft, nonce, made, now) for draft, nonce, made in rows]
        below = [(draft, draft.ceiling) for draft, *_ in rows if draft.ceiling]
        with self._writing() as connection:
            if below and connection.dialect.name == "postgresql":
                # One at a time, as in SQLite: each sees what those before it have written.
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CEILING_LOCK})")
            number_of: dict[str, int] = dict(connection.execute(insert, drafts).all())
            numbers = [number_of[draft.reference] for draft, *_ in rows]
            signed = zip(numbers, (made for *_, made in rows), strict=True)
            tried = [self._attempt_row(number, made) for number, made in signed if made]
            if tried:
                connection.execute(self._tables.attempts.insert(), tried)
            for draft, ceiling in below:
                self._require_below(connection, draft, ceiling)
        return numbers

    def _attempt_row(self, number: int, made: Attempt) -> dict[str, Any]:
        return {
            "intent": number,
            "chain_id": self.chain_id,
            "genesis": self.genesis,
            "hash": made.hash,
            "nonce": made.nonce,
            "raw": made.raw,
            "max_fee": str(made.max_fee),
            "tip": str(made.tip),
            "block": made.block,
            "created": made.created,
        }

    def _draft_row(
        self, draft: Draft, nonce: int, made: Attempt | None, now: int
    ) -> dict[str, Any]:
        return {
            "chain_id": self.chain_id,
            "genesis": self.genesis,
            "reference": draft.reference,
            "sender": draft.sender,
            "to": draft.to,
            "data": draft.data,
            "digest": draft.digest,
            "gas": draft.gas,
            "nonce": nonce,
            "stage": (Stage.SENT if made else Stage.PREPARED).value,
            "created": now,
        }


_OPEN: dict[str, Any] = dict.fromkeys(
    ("transaction", "block", "block_hash", "gas_used", "fee", "error", "revert")
)


def _now() -> int:
    return int(time.time())


def _outcome_row(entry: Entry, settled: Settled) -> dict[str, Any]:
    return {
        "number": entry.id,
        "stage": (Stage.DONE if settled.succeeded else Stage.REVERTED).value,
        # The attempt that got in may have another nonce than the one that the intent held last.
        "nonce": next(a.nonce for a in entry.attempts if a.hash == settled.transaction),
        "transaction": settled.transaction,
        "block": settled.block,
        "block_hash": settled.block_hash,
        "gas_used": settled.gas_used,
        "fee": str(settled.fee),
        "error": settled.error,
        "revert": settled.revert,
    }


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        hash=row.hash,
        nonce=row.nonce,
        raw=bytes(row.raw),
        max_fee=int(row.max_fee),
        tip=int(row.tip),
        block=row.block,
        created=row.created,
    )


def _entry(row: Row[Any], attempts: tuple[Attempt, ...]) -> Entry:
    draft = Draft(
        reference=row.reference,
        sender=Address(row.sender),
        to=Address(row.to),
        data=bytes(row.data),
        digest=row.digest,
        gas=row.gas,
    )
    return Entry(
        id=row.id,
        chain_id=row.chain_id,
        genesis=row.genesis,
        draft=draft,
        nonce=row.nonce,
        stage=Stage(row.stage),
        created=time_of(row.created),
        attempts=attempts,
        settled=_settled(row),
    )


def _settled(row: Row[Any]) -> Settled | None:
    if row.transaction is None:
        return None
    return Settled(
        transaction=row.transaction,
        block=row.block,
        block_hash=row.block_hash,
        gas_used=row.gas_used,
        fee=int(row.fee),
        succeeded=row.stage == Stage.DONE.value,
        error=row.error,
        revert=row.revert,
    )
