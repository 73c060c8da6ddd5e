"""Ids, addresses, days, times and terms."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duebill.errors import BadAddress, BadHash, BadId, BadTerms, BadTime, DuebillError
from duebill.model import (
    FOREVER,
    Money,
    ReceivableId,
    Status,
    Terms,
    VoucherId,
    address,
    date_of,
    day_of,
    hash_bytes,
    seconds_of,
    time_of,
)

OBLIGOR = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
CREDITOR = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"


def terms(**changes):
    given_ = {
        "obligor": OBLIGOR,
        "creditor": CREDITOR,
        "currency": 1,
        "face": Money.parse("1248300.00", "EUR"),
        "due_date": date(2027, 3, 31),
        "programme": 1,
        "salt": 7,
    }
    return Terms(**{**given_, **changes})


@given(st.integers(min_value=0, max_value=(1 << 192) - 1), st.integers(1, (1 << 64) - 1))
def test_ids_and_the_contracts_numbers_are_the_same_thing(number, serial):
    receivable = ReceivableId.from_number(number)
    assert receivable.number == number
    assert len(receivable) == 48
    voucher = receivable.voucher(serial)
    assert voucher == f"{receivable}/{serial}"
    assert (voucher.receivable, voucher.serial) == (receivable, serial)
    assert VoucherId.from_number(voucher.number) == voucher
    assert voucher.number == number << 64 | serial


@pytest.mark.parametrize("text", ["", "3fa2", "0x" + "a" * 48, "A" * 48, "g" * 48, "a" * 49])
def test_a_receivables_id_has_one_form(text):
    with pytest.raises(BadId):
        ReceivableId(text)


@pytest.mark.parametrize(
    "text", ["a" * 48, "a" * 48 + "/", "a" * 48 + "/0", "a" * 48 + "/01", f"{'a' * 48}/{1 << 64}"]
)
def test_a_vouchers_id_has_one_form(text):
    with pytest.raises(BadId):
        VoucherId(text)


def test_ids_are_text_for_json_and_survive_pickling():
    id_ = ReceivableId("ab" * 24).voucher(2)
    assert json.loads(json.dumps({"id": id_})) == {"id": f"{'ab' * 24}/2"}
    assert pickle.loads(pickle.dumps(id_)) == id_  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "text", [OBLIGOR, OBLIGOR.lower(), "0x" + OBLIGOR[2:].upper()], ids=["mixed", "lower", "upper"]
)
def test_an_address_is_written_with_its_checksum(text):
    assert address(text) == OBLIGOR


@pytest.mark.parametrize(
    "text", [OBLIGOR.replace("C5", "c5"), OBLIGOR[:-1], OBLIGOR[2:], "0x" + "g" * 40, "", None]
)
def test_a_mistyped_address_is_refused(text):
    with pytest.raises(BadAddress):
        address(text)


def test_days_are_the_contracts_days():
    assert day_of(date(1970, 1, 1)) == 0
    assert day_of(date(2027, 3, 31)) == 20908
    assert date_of(20908) == date(2027, 3, 31)
    for day in (0, 1, 20_000, 65_535):
        assert day_of(date_of(day)) == day


@pytest.mark.parametrize(
    "day", [date(1969, 12, 31), date(2149, 6, 7), datetime(2027, 1, 1, tzinfo=UTC), "2027-01-01"]
)
def test_days_that_contracts_cannot_count_are_refused(day):
    with pytest.raises(BadTime):
        day_of(day)


def test_times_are_aware_and_in_utc():
    moment = datetime(2027, 3, 31, 14, tzinfo=timezone(timedelta(hours=2)))
    assert time_of(seconds_of(moment)) == moment
    assert time_of(seconds_of(moment)).tzinfo is UTC
    with pytest.raises(BadTime):
        seconds_of(datetime(2027, 3, 31, 14))  # noqa: DTZ001 - that is the point
    with pytest.raises(BadTime):
        seconds_of(datetime(1960, 1, 1, tzinfo=UTC))


def test_for_ever_is_the_last_second_that_contracts_hold():
    assert seconds_of(FOREVER) == (1 << 40) - 1
    assert time_of((1 << 40) - 1) == FOREVER
    assert time_of(1 << 255) == FOREVER


def test_statuses_are_in_the_contracts_order():
    names = ["none", "issued", "accepted", "cancelled", "lapsed", "overdue", "settled"]
    assert [str(status) for status in Status] == names
    assert [int(status) for status in Status] == list(range(7))


def test_terms_travel_as_json_without_loss():
    original = replace(terms(), salt=(1 << 256) - 1)
    assert Terms.from_json(json.loads(json.dumps(original.to_json()))) == original


def test_equal_terms_have_another_id_each_time_they_are_drafted():
    given_ = {"salt": None}
    del given_["salt"]
    fields = {**terms().__class__.__dataclass_fields__}
    drafted = [
        Terms(**{name: getattr(terms(), name) for name in fields if name != "salt"})
        for _ in range(2)
    ]
    assert drafted[0].id != drafted[1].id


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"obligor": "0x12"}, BadAddress),
        ({"documents_root": "0x12"}, BadHash),
        ({"reference_hash": b"12"}, BadHash),
        ({"currency": 256}, BadTerms),
        ({"currency": True}, BadTerms),
        ({"programme": -1}, BadTerms),
        ({"salt": 1 << 256}, BadTerms),
        ({"face": "1000.00"}, BadTerms),
        ({"due_date": "2027-03-31"}, BadTime),
    ],
)
def test_terms_that_no_ledger_can_hold_are_refused(changes, error):
    with pytest.raises(error):
        terms(**changes)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("face"),
        lambda data: data.update(face="1000"),
        lambda data: data.update(due_date="soon"),
        lambda data: data.update(salt="x"),
        lambda data: data.update(face={"amount": 1000.0, "currency": "EUR"}),
    ],
)
def test_damaged_terms_are_refused(spoil):
    data = terms().to_json()
    spoil(data)
    with pytest.raises(DuebillError):
        Terms.from_json(data)


def test_a_hash_is_32_bytes():
    assert hash_bytes("0x" + "AB" * 32) == b"\xab" * 32
    with pytest.raises(BadHash):
        hash_bytes("0x" + "ab" * 31)
