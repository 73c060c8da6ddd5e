"""The address book as a file."""

from __future__ import annotations

import json

import pytest

from duebill.deployment import (
    AddressBook,
    Deployed,
    DeployedCurrency,
    RoleHolder,
    book_path,
)
from duebill.errors import BadAddressBook, NoAddressBook
from duebill.node_accounts import ADDRESSES

CONTRACT = {"address": ADDRESSES[0], "artifact": "RoleManager", "checksum": "", "block": 0}


def book(**changes):
    fields = {
        "name": "small",
        "chain_id": 4242,
        "genesis": "0x" + "ab" * 32,
        "deployer": ADDRESSES[0],
        "block": 7,
        "fee_cap": 10_000,
        "complete": True,
        "contracts": {
            name: Deployed(address=ADDRESSES[n], artifact=name, checksum="00" * 32, block=8)
            for n, name in enumerate(("RoleManager", "ReceivableLedger"))
        },
        "currencies": {
            "eur": DeployedCurrency(number=1, code="EUR", decimals=2, token=None, test=False)
        },
        "programmes": {"standard": 1},
        "roles": {"ADMIN": (RoleHolder(account=ADDRESSES[2], delay=60),), "ENFORCER": ()},
    }
    return AddressBook(**{**fields, **changes})


def test_what_is_written_is_read_again(tmp_path):
    written = book()

    assert written.save(folder=tmp_path) == tmp_path / "4242.json"
    read = AddressBook.load(4242, folder=tmp_path)
    assert read == written
    assert read.ledger == ADDRESSES[1]
    assert read.role_manager == ADDRESSES[0]


def test_the_home_of_the_books(tmp_path, monkeypatch):
    monkeypatch.setenv("DUEBILL_HOME", str(tmp_path))
    assert book_path(1) == tmp_path / "1.json"

    monkeypatch.delenv("DUEBILL_HOME")
    monkeypatch.chdir(tmp_path)
    assert book_path(1).resolve() == tmp_path / "deployments" / "1.json"


def test_a_missing_book_says_where_it_was_looked_for(tmp_path):
    with pytest.raises(NoAddressBook) as refused:
        AddressBook.load(5, folder=tmp_path)

    assert refused.value.chain_id == 5
    assert refused.value.searched == (str(tmp_path / "5.json"),)


def damaged(**changes):
    return json.dumps({"format": 3, **json.loads(json.dumps(book_data())), **changes})


def book_data():
    return {
        "name": "small",
        "chain_id": 4242,
        "genesis": "0x00",
        "deployer": ADDRESSES[0],
        "block": 7,
        "fee_cap": 10_000,
        "contracts": {},
        "currencies": {},
        "roles": {},
    }


def test_the_data_that_the_next_test_damages_is_sound(tmp_path):
    (tmp_path / "4242.json").write_text(damaged())

    assert AddressBook.load(4242, folder=tmp_path).block == 7


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        damaged(format=2),
        damaged(chain_id=1),
        damaged(contracts=[]),
        damaged(contracts={"RoleManager": {"address": "0x00"}}),
        damaged(contracts={"X": {**CONTRACT, "artifact": "../x"}}),
        damaged(roles={"ADMIN": [{"who": "me"}]}),
        damaged(unknown=1),
    ],
)
def test_a_damaged_book_is_refused(tmp_path, text):
    (tmp_path / "4242.json").write_text(text)

    with pytest.raises(BadAddressBook) as refused:
        AddressBook.load(4242, folder=tmp_path)
    assert refused.value.path == str(tmp_path / "4242.json")


def test_a_write_that_fails_leaves_the_old_book(tmp_path, monkeypatch):
    old = book()
    old.save(folder=tmp_path)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        book(block=9).save(folder=tmp_path)

    assert AddressBook.load(4242, folder=tmp_path) == old
