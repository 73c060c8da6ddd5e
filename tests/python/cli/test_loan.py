"""`duebill loan`."""

from __future__ import annotations

import pytest

from duebill import samples
from duebill.node_accounts import ADDRESSES

BUYER, SUPPLIER, SECOND, BANK = "dev1", "dev2", "dev3", "dev4"
KEYS = {"simulated", "transaction", "block", "gas_used", "fee"}
TERMS = ("--advance-rate", "80", "--rate", "6")


@pytest.fixture
def voucher(on_chain, tmp_path):
    """The whole voucher of an accepted receivable of 1,248,310.00 EUR, due 2027-05-15."""
    path = tmp_path / "invoice.xml"
    path.write_bytes(samples.read("brake-systems-eur-ubl"))
    words = ("--invoice", str(path), "--supplier", SUPPLIER, "-a", BUYER)
    return on_chain.data("receivable", "issue", *words)["voucher"]


@pytest.fixture
def paper(on_chain, voucher):
    """The bank's offer of as much as may be."""
    return on_chain.ok("loan", "offer", voucher, *TERMS, "-a", BANK).strip()


@pytest.fixture
def lend(on_chain, voucher):
    """Opens a loan; gives its id."""

    def run(*words):
        line = on_chain.ok("loan", "offer", voucher, *TERMS, *words, "-a", BANK).strip()
        return on_chain.data("loan", "open", line, "-a", SUPPLIER)["loan"]

    return run


# -- opening ----------------------------------------------------------------------------------


def test_offer_show_and_open(on_chain, voucher, paper):
    """The line says all; the borrower sees it before it opens."""
    assert paper.startswith("duebill-loan-1:")
    shown = on_chain.ok("loan", "show", paper)
    assert "998,648.00 EUR" in shown
    assert f"that of {BANK}" in shown
    read = on_chain.data("loan", "show", paper)
    assert read["loan"]["terms"]["borrower"] == ADDRESSES[2]
    assert read["loan"]["terms"]["maturity"] == "2027-05-15"
    tried = on_chain.ok("loan", "open", paper, "-a", SUPPLIER, "--dry-run")
    assert f"would go through: Lent 998,648.00 EUR to {SUPPLIER}" in tried
    told = on_chain.run("loan", "open", paper, "-a", SUPPLIER)
    assert told.exit_code == 0
    for words in ("Interest is 6.00 % a year", "I borrow 998,648.00 EUR."):
        assert words in told.stderr
    (found,) = on_chain.data("loan", "list", "--voucher", voucher)
    assert (found["id"], found["status"], found["owed"]) == (read["id"], "open", "998648.00")
    error = on_chain.error("loan", "open", paper, "-a", SECOND, code=1)
    assert error["type"] == "SignerNotNamed"


def test_request_and_open_as_the_lender(on_chain, voucher, tmp_path):
    """Into a file, and tried out before."""
    words = ("loan", "request", voucher, "--lender", BANK, *TERMS, "--principal", "1000")
    more = ("--day-count", "ACT/365F", "--late-rate", "9", "--grace-days", "3")
    tried = on_chain.data(*words, *more, "--dry-run", "-a", SUPPLIER)
    assert (tried["terms"]["lender"], tried["terms"]["grace_days"]) == (ADDRESSES[4], 3)
    path = tmp_path / "loan.json"
    on_chain.ok(*words, *more, "--maturity", "2027-03-01", "--out", str(path), "-a", SUPPLIER)
    opened = on_chain.data("loan", "open", str(path), "-a", BANK)
    assert set(opened) == {"loan", "terms"} | KEYS
    assert opened["terms"]["late_rate"] == 90_000
    shown = on_chain.ok("loan", "show", opened["loan"][:12])
    assert "2027-03-01, and 3 grace days" in shown
    assert "9.00 % a year, after the grace days" in shown


def test_withdraw(on_chain, paper):
    """Either of the two can."""
    told = on_chain.data("loan", "withdraw", paper, "-a", SUPPLIER)
    assert set(told) == {"loan"} | KEYS
    error = on_chain.error("loan", "open", paper, "-a", SUPPLIER, code=1)
    assert (error["type"], error["status"]) == ("LoanNotIn", "withdrawn")


def test_what_is_no_loan(on_chain, voucher, paper):
    error = on_chain.error("loan", "show", paper[:-9], code=3)
    assert error["type"] == "BadSignedTerms"
    error = on_chain.error("loan", "open", "-", "-a", SUPPLIER, typed=paper, code=2)
    assert "--yes" in error["message"]
    words = ("loan", "offer", voucher, "--advance-rate", "120", "--rate", "6")
    assert on_chain.error(*words, "-a", BANK, code=2)["type"] == "BadRate"
    assert on_chain.error("loan", "show", "ffff", code=1)["type"] == "NotFound"
    assert "There are none." in on_chain.ok("loan", "list", "--status", "repaid")


# -- paying back ------------------------------------------------------------------------------


def test_repay_release_and_collect(on_chain, anvil, voucher, lend):
    """A part is paid and released in proportion; at maturity the lender is paid first."""
    loan = lend("--principal", "900000")
    paid = on_chain.data("loan", "repay", loan[:12], "--amount", "500000", "-a", SUPPLIER)
    assert (paid["loan"], paid["amount"]) == (loan, "500000.00")
    released = on_chain.data("loan", "release", loan, "-a", SUPPLIER)
    assert released["amount"] == "748310.00"
    assert on_chain.data("voucher", "show", released["voucher"])["holder"] == ADDRESSES[2]
    assert on_chain.ok("loan", "collect", "-a", BANK) == "Nothing to collect.\n"
    assert on_chain.data("loan", "collect", "-a", BANK) == {"collected": []}
    anvil.travel(days=36)
    on_chain.ok("receivable", "pay", voucher.split("/")[0], "-a", BUYER)
    owed = on_chain.data("loan", "show", loan)
    assert (owed["owed"], owed["interest"]) == ("402400.00", "2400.00")
    (got,) = on_chain.data("loan", "collect", "-a", SECOND)["collected"]
    assert (got["loan"], got["to_lender"], got["to_borrower"]) == (loan, "402400.00", "97600.00")
    assert on_chain.data("loan", "list", "--status", "closed")[0]["id"] == loan


def test_the_last_payment_frees_the_pledge(on_chain, voucher, lend):
    loan = lend("--principal", "1000")
    assert "Paid 1,000.00 EUR" in on_chain.ok("loan", "repay", loan, "-a", SUPPLIER)
    assert on_chain.data("voucher", "show", voucher)["holder"] == ADDRESSES[2]
    listed = on_chain.ok("loan", "list", "--lender", BANK, "--borrower", SUPPLIER)
    assert "closed" in listed


def test_foreclose(on_chain, anvil, voucher, lend):
    """After maturity and grace, at its value; what is more goes back."""
    today = anvil.time().date().isoformat()
    loan = lend("--principal", "36000", "--maturity", today, "--grace-days", "2")
    error = on_chain.error("loan", "foreclose", loan, "-a", BANK, code=1)
    assert error["type"] == "NotInDefault"
    anvil.travel(days=10)
    assert "late since" in on_chain.ok("loan", "show", loan)
    told = on_chain.run("loan", "foreclose", loan, "-a", BANK)
    assert told.exit_code == 0
    assert "I take 36,060.00 EUR of voucher" in told.stderr
    (taken,) = on_chain.data("voucher", "list", "--holder", BANK)
    assert taken["value"] == "36060.00"
    assert on_chain.data("voucher", "show", voucher)["holder"] == ADDRESSES[2]


def test_what_was_kept_is_taken_out(on_chain, lend):
    """A frozen lender's money waits for it."""
    loan = lend("--principal", "1000")
    on_chain.ok("party", "freeze", BANK, "-a", "dev0")
    on_chain.ok("loan", "repay", loan, "-a", SUPPLIER)
    on_chain.ok("party", "freeze", BANK, "--lift", "-a", "dev0")
    taken = on_chain.data("loan", "take", "EUR", "--to", SECOND, "-a", BANK)
    assert (taken["amount"], taken["to"]) == ("1000.00", ADDRESSES[3])
    error = on_chain.error("loan", "take", "EUR", "-a", BANK, code=1)
    assert error["type"] == "NothingKept"
