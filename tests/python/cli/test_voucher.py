"""`duebill voucher`, `trace` and `check`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from duebill import samples
from duebill.ledger import Ledger
from duebill.node_accounts import ADDRESSES

BUYER, SUPPLIER, SECOND, BANK = "dev1", "dev2", "dev3", "dev4"
KEYS = {"simulated", "transaction", "block", "gas_used", "fee"}


@pytest.fixture
def first(on_chain, tmp_path):
    """The first voucher of an accepted receivable."""
    path = tmp_path / "invoice.xml"
    path.write_bytes(samples.read("brake-systems-eur-ubl"))
    words = ("--invoice", str(path), "--supplier", SUPPLIER, "-a", BUYER)
    return on_chain.data("receivable", "issue", *words)["voucher"]


def test_show(on_chain, first):
    """Programs get these keys."""
    assert on_chain.data("voucher", "show", first) == {
        "id": first,
        "receivable": first.split("/")[0],
        "holder": ADDRESSES[2],
        "currency": "EUR",
        "value": "1248310.00",
        "hops": 0,
        "frozen": False,
        "claimed": "0.00",
        "claimable": "0.00",
    }


def test_split(on_chain, first):
    """Parts go to their recipients, the rest stays."""
    words = (f"{SECOND}=409590.00", f"{ADDRESSES[4]}=0.50")
    error = on_chain.error("voucher", "split", first, *words, "-a", SUPPLIER, code=1)
    assert error["type"] == "BelowSmallestVoucher"
    assert (error["value"], error["smallest"]) == ("0.50", "1.00")
    words = (f"{SECOND}=409590.00", f"{ADDRESSES[4]}=1.5")
    told = on_chain.data("voucher", "split", first, *words, "-a", SUPPLIER)
    assert set(told) == {"voucher", "vouchers"} | KEYS
    receivable = first.split("/")[0]
    assert told["vouchers"] == [
        {"id": f"{receivable}/2", "holder": ADDRESSES[3], "value": "409590.00", "currency": "EUR"},
        {"id": f"{receivable}/3", "holder": ADDRESSES[4], "value": "1.50", "currency": "EUR"},
    ]
    assert on_chain.data("voucher", "show", first)["value"] == "838718.50"


@pytest.mark.parametrize("part", ["dev3", "=1", "dev3=", "dev3:1"])
def test_parts_that_are_none(on_chain, first, part):
    """RECIPIENT=AMOUNT, both."""
    error = on_chain.error("voucher", "split", first, part, "-a", SUPPLIER, code=2)
    assert error["type"] == "PartNotPlain"


def test_split_of_more_than_there_is(on_chain, first):
    """Refused whole: nothing is half done."""
    words = (f"{SECOND}=1000000", f"{BANK}=1000000")
    error = on_chain.error("voucher", "split", first, *words, "-a", SUPPLIER, code=1)
    assert error["type"] == "InsufficientValue"
    assert len(on_chain.data("voucher", "list")) == 1


def test_transfer_whole_and_in_part(on_chain, first):
    """The voucher itself, or a new one."""
    part = on_chain.data("voucher", "transfer", first, SECOND, "--value", "10", "-a", SUPPLIER)
    assert set(part) == {"voucher", "from", "holder", "value", "currency"} | KEYS
    assert (part["from"], part["value"]) == (first, "10.00")
    whole = on_chain.data("voucher", "transfer", part["voucher"], BANK, "-a", SECOND)
    assert whole["voucher"] == part["voucher"]
    shown = on_chain.data("voucher", "show", part["voucher"])
    assert (shown["holder"], shown["hops"]) == (ADDRESSES[4], 2)


def test_11_a_stranger_receives_nothing(on_chain, first):
    """Invariant 11, with its reason."""
    error = on_chain.error("voucher", "transfer", first, "dev6", "-a", SUPPLIER, code=1)
    assert (error["type"], error["party"]) == ("PartyNotVerified", ADDRESSES[6])


def test_4_only_the_holder_moves_it(on_chain, first):
    """Invariant 4."""
    error = on_chain.error("voucher", "transfer", first, BANK, "-a", SECOND, code=1)
    assert error["type"].startswith("ERC721")


def test_a_mistyped_recipient(on_chain, first):
    """The checksum finds it before anything is signed."""
    wrong = ADDRESSES[3].replace("F", "f", 1)
    error = on_chain.error("voucher", "transfer", first, wrong, "-a", SUPPLIER, code=2)
    assert error["type"] == "BadAddress"


def test_merge(on_chain, first):
    """All of some into one."""
    words = (f"{SUPPLIER}=10", f"{SUPPLIER}=20")
    parts = [
        v["id"]
        for v in on_chain.data("voucher", "split", first, *words, "-a", SUPPLIER)["vouchers"]
    ]
    told = on_chain.data("voucher", "merge", *parts, "--into", first, "-a", SUPPLIER)
    assert set(told) == {"voucher", "merged"} | KEYS
    assert told["merged"] == parts
    (only,) = on_chain.data("voucher", "list")
    assert (only["id"], only["value"]) == (first, "1248310.00")


def test_redeem(on_chain, first):
    """What was paid, and nothing before."""
    error = on_chain.error("voucher", "redeem", first, "-a", SUPPLIER, code=1)
    assert error["type"] == "NothingToClaim"
    on_chain.data("receivable", "pay", first.split("/")[0], "-a", BUYER)
    told = on_chain.data("voucher", "redeem", first, "-a", SUPPLIER)
    assert set(told) == {"voucher", "payout", "currency"} | KEYS
    assert (told["payout"], told["currency"]) == ("1248310.00", "EUR")
    assert on_chain.data("voucher", "list") == []
    assert on_chain.error("voucher", "show", first, code=1)["type"] == "NotFound"


def test_dry_runs_change_nothing(on_chain, first):
    """Each write says what it would bring about."""
    part = on_chain.data(
        "voucher", "transfer", first, SECOND, "--value", "10", "-a", SUPPLIER, "--dry-run"
    )
    assert part["simulated"] is True
    assert part["voucher"] == first.split("/")[0] + "/2"
    words = ("voucher", "split", first, f"{SECOND}=10", "-a", SUPPLIER, "--dry-run")
    assert "Dry run, nothing was sent" in on_chain.ok(*words)
    assert len(on_chain.data("voucher", "list")) == 1


def test_lists_for_people(on_chain, first):
    """Plain aligned columns in a pipe: no colours, no lines, nothing cut off."""
    text = on_chain.ok("voucher", "list")
    head, row = text.splitlines()
    assert head.split() == ["Voucher", "Holder", "Value", "Claimable", "Hops", "Frozen"]
    assert first[:10] + "/1" in row
    assert "1,248,310.00 EUR" in row
    assert text.isascii()


def test_list_by_holder_and_receivable(on_chain, first):
    """What fits all that is asked."""
    on_chain.data("voucher", "transfer", first, BANK, "--value", "10", "-a", SUPPLIER)
    (found,) = on_chain.data("voucher", "list", "--holder", BANK, "--receivable", first[:6])
    assert found["id"].endswith("/2")


def test_trace(on_chain, first, tmp_path):
    """The tree for people, the whole of it for programs, and the picture."""
    on_chain.data("voucher", "transfer", first, SECOND, "--value", "10", "-a", SUPPLIER)
    on_chain.data("voucher", "transfer", first[:6] + "/2", BANK, "-a", SECOND)
    text = on_chain.ok("trace", first[:6])
    assert "└── " in text
    assert "dev3 → dev4" in text
    tree = on_chain.data("trace", first[:6])
    assert tree["svg"] is None
    (child,) = tree["children"]
    assert (child["parent"], child["holders"]) == (first, [ADDRESSES[3], ADDRESSES[4]])
    file = tmp_path / "lineage.svg"
    below = on_chain.data("trace", first[:6] + "/2", "--svg", str(file))
    assert below["id"] == child["id"]
    assert etree.parse(file).getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_a_picture_that_cannot_be_written(on_chain, first, tmp_path):
    """Said, with exit code 3."""
    words = ("trace", first, "--svg", str(tmp_path / "none" / "x.svg"))
    assert on_chain.error(*words, code=3)["type"] == "FileNotWritten"


@pytest.mark.usefixtures("first")
def test_check(on_chain):
    """Every promise that can be seen from outside holds."""
    report = on_chain.data("check")
    assert report["holds"] is True
    assert {check["number"] for check in report["checks"]} >= {1, 2, 3, 6, 12}
    assert all(check["holds"] for check in report["checks"])
    assert "BROKEN" not in on_chain.ok("check")


@pytest.mark.usefixtures("first")
def test_a_broken_promise_is_exit_code_1(on_chain, monkeypatch):
    """The report is printed all the same, and what is broken is named."""
    real = Ledger.check_invariants

    def broken(self):
        report = real(self)
        bad = replace(report.checks[0], holds=False, violations=("a unit is missing",))
        return replace(report, checks=(bad, *report.checks[1:]))

    monkeypatch.setattr(Ledger, "check_invariants", broken)
    result = on_chain.run("check")
    assert result.exit_code == 1
    assert "BROKEN" in result.stdout
    assert "a unit is missing" in result.stderr
