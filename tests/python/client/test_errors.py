"""Every error of every shipped contract is one typed exception."""

from __future__ import annotations

import pickle
import re
from datetime import UTC, date, datetime

import pytest
from eth_abi.abi import encode

from duebill import artifacts, errors
from duebill._abi import keccak, signature, types
from duebill._reverts import decode_revert
from duebill.errors import ContractError, Panicked, RevertedWithReason, RevertError, UnknownRevert
from duebill.errors._contract import field_kinds
from duebill.model import FOREVER, ReceivableId, Status, VoucherId

# What an ABI type may be read as.
KINDS = {
    "address": {"Address"},
    "bool": {"bool"},
    "bytes4": {"bytes"},
    "bytes32": {"bytes", "str", "Hash"},
    "string": {"str"},
    "uint8": {"int", "LoanStatus", "OfferStatus", "Scope", "Status"},
    "uint16": {"int"},
    "uint32": {"int"},
    "uint40": {"datetime"},
    "uint64": {"int"},
    "uint192": {"ReceivableId"},
    "uint256": {"int", "Units", "VoucherId", "date", "datetime"},
}
SAMPLES = {
    "address": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "bool": True,
    "bytes4": b"\x12\x34\x56\x78",
    "bytes32": b"tenor is zero".ljust(32, b"\0"),
    "string": "words",
}


def every_error():
    found = {}
    for group in artifacts.GROUPS:
        for name in artifacts.names(group):
            for entry in artifacts.load(name).abi:
                if entry["type"] == "error":
                    found[signature(entry)] = entry
    return [found[text] for text in sorted(found)]


def leaves():
    groups = [cls for cls in ContractError.__subclasses__() if cls.__subclasses__()]
    return [cls for group in groups for cls in group.__subclasses__()]


def snake(name):
    found = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    return f"{found}_" if found in {"from", "str"} else found


def sample(item):
    # A member that every enumeration has.
    return 2 if "enum" in item.get("internalType", "") else SAMPLES.get(item["type"], 5)


def encoded(entry):
    kinds = types(entry["inputs"])
    selector = keccak(signature(entry).encode())[:4]
    return selector + encode(kinds, [sample(item) for item in entry["inputs"]])


def test_every_error_of_every_abi_is_exactly_one_class():
    """No error of a contract is without a class, and no class without an error."""
    assert {entry["name"] for entry in every_error()} == {cls.__name__ for cls in leaves()}
    names = [entry["name"] for entry in every_error()]
    assert len(names) == len(set(names)) > 80


@pytest.mark.parametrize("entry", every_error(), ids=lambda entry: entry["name"])
def test_an_error_has_the_fields_of_its_abi(entry):
    """Names are the ABI's in snake case, in its order, and types fit."""
    kinds = field_kinds(getattr(errors, entry["name"]))
    assert list(kinds) == [snake(item["name"]) for item in entry["inputs"]]
    for item, kind in zip(entry["inputs"], kinds.values(), strict=True):
        assert kind in KINDS[item["type"]], (entry["name"], item["name"])
        stated = item.get("internalType", "").split(".")[-1].removeprefix("enum ")
        if stated in {"ReceivableId", "VoucherId", *KINDS["uint8"] - {"int"}}:
            assert kind == stated


@pytest.mark.parametrize("entry", every_error(), ids=lambda entry: entry["name"])
def test_an_error_decodes_and_says_what_was_wrong_and_what_to_do(entry):
    error = decode_revert(encoded(entry))
    assert type(error) is getattr(errors, entry["name"])
    for text in (error.message, error.hint):
        assert text[-1] in ".!"
        assert text[0].isupper() or text[0].isdigit() or text.startswith(("0x", "'"))
        assert "{" not in text
    assert "{" not in str(error)
    assert str(error) == f"{error.message} {error.hint}"


@pytest.mark.parametrize("cls", leaves(), ids=lambda cls: cls.__name__)
def test_every_field_is_told(cls):
    """Each field stands in the message or the hint: nothing that was learnt is kept back."""
    for name in field_kinds(cls):
        assert f"{{{name}}}" in cls.says + cls.advice, name


def test_fields_are_values_of_the_model():
    receivable = ReceivableId("ab" * 24)
    error = decode_revert(_revert("WrongStatus", receivable.number, 5, 1))
    assert isinstance(error, errors.WrongStatus)
    assert (error.receivable, error.status) == (receivable, Status.OVERDUE)
    assert error.needed is Status.ISSUED
    assert "is overdue, and has to be issued" in str(error)

    error = decode_revert(_revert("DueDateInPast", 20908, 20909))
    assert error.due_day == date(2027, 3, 31)
    error = decode_revert(_revert("SignatureExpired", 0, 86_400))
    assert error.time == datetime(1970, 1, 2, tzinfo=UTC)
    error = decode_revert(_revert("PartyIsFrozen", SAMPLES["address"], (1 << 40) - 1))
    assert error.until == FOREVER
    assert "for ever" in str(error)
    error = decode_revert(_revert("InsufficientValue", (5 << 64) | 2, 1_500_000, 2_000_000))
    assert error.id == VoucherId(f"{5:048x}/2")
    assert "has 1.50, less than the 2.00" in str(error)
    error = decode_revert(_revert("ProgrammeInvalid", b"tenor is zero".ljust(32, b"\0")))
    assert error.rule == "tenor is zero"


def _revert(name, *values):
    (entry,) = (entry for entry in every_error() if entry["name"] == name)
    return keccak(signature(entry).encode())[:4] + encode(types(entry["inputs"]), values)


def test_words_and_panics_of_the_language_are_read():
    error = decode_revert(bytes.fromhex("08c379a0") + encode(["string"], ["Blacklisted"]))
    assert isinstance(error, RevertedWithReason)
    assert error.reason == "Blacklisted"
    error = decode_revert(bytes.fromhex("4e487b71") + encode(["uint256"], [0x11]))
    assert isinstance(error, Panicked)
    assert error.code == 0x11
    assert "overflowed" in str(error)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        b"\xde\xad\xbe\xef",
        b"\xde\xad\xbe\xef" * 1000,
        bytes.fromhex("08c379a0"),
        bytes.fromhex("08c379a0") + b"\xff" * 64,
        bytes.fromhex("4e487b71") + b"\x01",
        keccak(b"WrongStatus(uint192,uint8,uint8)")[:4],
        # A status that there is not.
        keccak(b"WrongStatus(uint192,uint8,uint8)")[:4] + b"\0" * 63 + b"\x63" + b"\0" * 32,
    ],
    ids=range(9),
)
def test_what_cannot_be_read_is_kept_as_it_is(data):
    """A gate's own error, or garbage with a known selector, is an `UnknownRevert` with its data."""
    error = decode_revert(data)
    assert isinstance(error, UnknownRevert)
    assert error.data == data
    assert len(str(error)) < 400


def test_errors_are_made_with_exactly_their_fields():
    assert errors.AmountIsZero()
    for args, fields in (
        ((), {}),
        ((1,), {}),
        ((1, 2, 3), {}),
        ((1, 2), {"value": 1}),
        ((), {"x": 1}),
    ):
        with pytest.raises(TypeError):
            errors.BelowSmallestVoucher(*args, **fields)


def test_errors_go_home_from_other_processes():
    error = decode_revert(_revert("HopLimitReached", 3, 3))
    error.transaction = "0x12"
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert (again.hops, again.max_hops, again.transaction, str(again)) == (3, 3, "0x12", str(error))


def test_contract_errors_are_caught_together():
    for cls in (ContractError, UnknownRevert, Panicked, RevertedWithReason):
        assert issubclass(cls, RevertError)
    assert issubclass(RevertError, errors.DuebillError)
