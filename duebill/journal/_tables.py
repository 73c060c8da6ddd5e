"""The journal's tables. SQLAlchemy is slow to import: this module is, when something is sent."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

#: Raised with every change of the tables; a journal of another version is refused.
VERSION = 1

metadata = MetaData()

versions = Table("journal", metadata, Column("version", Integer, primary_key=True))

# SQLite counts rows only in a column that is plainly INTEGER.
_id = BigInteger().with_variant(Integer, "sqlite")

intents = Table(
    "intents",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("chain_id", BigInteger, nullable=False),
    Column("genesis", String(66), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("sender", String(42), nullable=False),
    Column("to", String(42), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("digest", String(66), nullable=False),
    Column("gas", BigInteger, nullable=False),
    Column("nonce", BigInteger),
    Column("stage", String(10), nullable=False),
    Column("created", BigInteger, nullable=False),
    # What became of it.
    Column("transaction", String(66)),
    Column("block", BigInteger),
    Column("block_hash", String(66)),
    Column("gas_used", BigInteger),
    Column("fee", String(40)),
    Column("error", String(100)),
    Column("revert", LargeBinary),
    # The two promises: a reference is one intent, a nonce is held by one intent.
    UniqueConstraint("chain_id", "genesis", "reference"),
    UniqueConstraint("chain_id", "genesis", "sender", "nonce"),
    Index("intents_by_stage", "chain_id", "genesis", "stage", "sender"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("intent", ForeignKey("intents.id"), nullable=False, index=True),
    Column("chain_id", BigInteger, nullable=False),
    Column("genesis", String(66), nullable=False),
    Column("hash", String(66), nullable=False),
    Column("nonce", BigInteger, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    # Wei per gas may outgrow 64 bits on a chain that means it badly.
    Column("max_fee", String(80), nullable=False),
    Column("tip", String(80), nullable=False),
    Column("block", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    # A test chain that begins anew may see the same transactions again.
    UniqueConstraint("chain_id", "genesis", "hash"),
)
