"""What the financing contracts refuse is a typed exception with values of the model."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from eth_abi.abi import encode

from duebill import artifacts, errors
from duebill._abi import keccak, signature, types
from duebill._reverts import decode_revert
from duebill.errors import (
    CashRefusal,
    ContractError,
    ExchangeRefusal,
    GuaranteeRefusal,
    PledgeRefusal,
    UnknownRevert,
)
from duebill.model import LoanStatus, OfferStatus, ReceivableId, Scope, VoucherId

PARTY = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
HASH = bytes(range(32))
VOUCHER = VoucherId("0123456789abcdef" * 3 + "/3")
GROUPS = {
    "ICash": CashRefusal,
    "IOrders": ExchangeRefusal,
    "IOffers": ExchangeRefusal,
    "IRecourses": ExchangeRefusal,
    "IExchange": ExchangeRefusal,
    "IGuaranteeBook": GuaranteeRefusal,
    "IPledgeBook": PledgeRefusal,
}


def entries(interface):
    return [entry for entry in artifacts.load(interface).abi if entry["type"] == "error"]


def decoded(name, *values):
    """The exception for an error of any of the interfaces."""
    found = (entry for interface in GROUPS for entry in entries(interface))
    entry = next(entry for entry in found if entry["name"] == name)
    selector = keccak(signature(entry).encode())[:4]
    return decode_revert(selector + encode(types(entry["inputs"]), values))


@pytest.mark.parametrize("interface", GROUPS)
def test_every_error_of_an_interface_is_in_its_group(interface):
    """Whoever catches a group catches all that its contract refuses by its own rules."""
    shared = {entry["name"] for entry in entries("ICash")}
    own = {entry["name"] for entry in entries(interface)}
    for name in own if interface == "ICash" else own - shared:
        assert issubclass(getattr(errors, name), GROUPS[interface]), name
        assert issubclass(getattr(errors, name), ContractError)


def test_no_error_has_one_name_and_two_meanings():
    """Exceptions are told apart by name: so are the errors of all shipped contracts."""
    meanings = {}
    for group in artifacts.GROUPS:
        for name in artifacts.names(group):
            for entry in entries(name):
                meanings.setdefault(entry["name"], set()).add(signature(entry))
    assert [name for name, found in meanings.items() if len(found) > 1] == []


@pytest.mark.parametrize(
    ("name", "values", "fields", "words"),
    [
        (
            "OrderExpired",
            (86_400, 172_800),
            {
                "expiry": datetime(1970, 1, 2, tzinfo=UTC),
                "time": datetime(1970, 1, 3, tzinfo=UTC),
            },
            "until 1970-01-02 00:00:00 UTC",
        ),
        (
            "FillOutOfRange",
            (1_500_000, 2_000_000, 3_000_000),
            {"amount": 1_500_000, "least": 2_000_000, "left": 3_000_000},
            "A fill of 1.50 is not between the order's least of 2.00 and the 3.00 left.",
        ),
        (
            "NotInScope",
            (VOUCHER.number, 3, 7),
            {"voucher": VOUCHER, "scope": Scope.PROGRAMME, "subject": 7},
            "programme 7",
        ),
        (
            "DueDayNotAdmitted",
            (20_909, 20_910, 20_911),
            {
                "due_day": date(2027, 4, 1),
                "earliest": date(2027, 4, 2),
                "latest": date(2027, 4, 3),
            },
            "due on 2027-04-01",
        ),
        ("OrderInvalid", (b"least".ljust(32, b"\0"),), {"rule": "least"}, "'least'"),
        (
            "OfferNotOpen",
            (HASH, 3),
            {"offer": "0x" + HASH.hex(), "status": OfferStatus.REJECTED},
            "is not open: it is rejected.",
        ),
        (
            "VoucherClaimedOn",
            (VOUCHER.number, 2_000_000),
            {"voucher": VOUCHER, "claimed": 2_000_000},
            "2.00 was claimed",
        ),
        (
            "NotCovered",
            (HASH, VOUCHER.receivable.number),
            {"aval": "0x" + HASH.hex(), "receivable": ReceivableId("0123456789abcdef" * 3)},
            "does not cover receivable 0123456789abcdef",
        ),
        (
            "AvalSignatureExpired",
            (0, 86_400),
            {
                "signed_until": datetime(1970, 1, 1, tzinfo=UTC),
                "time": datetime(1970, 1, 2, tzinfo=UTC),
            },
            "Ask the guarantor to sign again.",
        ),
        (
            "LoanNotIn",
            (HASH, 2, 1),
            {
                "loan": "0x" + HASH.hex(),
                "status": LoanStatus.REPAID,
                "needed": LoanStatus.OPEN,
            },
            "is repaid, and has to be open for this.",
        ),
        (
            "NotInDefault",
            (HASH, 20_909, 20_908),
            {
                "loan": "0x" + HASH.hex(),
                "last_day": date(2027, 4, 1),
                "today": date(2027, 3, 31),
            },
            "has time until 2027-04-01",
        ),
        ("NothingKept", (PARTY, 2), {"party": PARTY, "currency": 2}, "in currency 2"),
        ("GasTooLow", (5, 300_000), {"left": 5, "needed": 300_000}, "more gas"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_fields_are_values_of_the_model(name, values, fields, words):
    error = decoded(name, *values)
    assert type(error) is getattr(errors, name)
    assert {field: getattr(error, field) for field in fields} == fields
    assert words in str(error)


def test_a_status_that_there_is_not_is_kept_as_it_is():
    """Somebody else's error of the same selector."""
    assert isinstance(decoded("LoanNotIn", HASH, 5, 1), UnknownRevert)
    assert isinstance(decoded("OfferNotOpen", HASH, 99), UnknownRevert)
