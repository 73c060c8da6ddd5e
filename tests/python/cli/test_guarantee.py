"""`duebill guarantee`."""

from __future__ import annotations

import pytest

from duebill import samples
from duebill.node_accounts import ADDRESSES

BUYER, SUPPLIER, SECOND, BANK, GUARANTOR = "dev1", "dev2", "dev3", "dev4", "dev5"
KEYS = {"simulated", "transaction", "block", "gas_used", "fee"}
UNTIL = ("--until", "2027-12-31")


@pytest.fixture
def receivable(on_chain, tmp_path):
    """An accepted receivable of 1,248,310.00 EUR, due 2027-05-15."""
    path = tmp_path / "invoice.xml"
    path.write_bytes(samples.read("brake-systems-eur-ubl"))
    words = ("--invoice", str(path), "--supplier", SUPPLIER, "-a", BUYER)
    return on_chain.data("receivable", "issue", *words)["receivable"]


@pytest.fixture
def aval(on_chain, receivable):
    """The guarantor's aval on it: 1,000,000, of which 200,000 in cash."""
    words = ("--cap", "1000000", "--margin", "200000", *UNTIL, "-a", GUARANTOR)
    return on_chain.data("guarantee", "give", receivable, *words)


@pytest.fixture
def paper(on_chain, receivable):  # noqa: ARG001 - there is something to guarantee
    """A line that a second guarantor signed, for the supplier to take."""
    words = ("--obligor", BUYER, "--programme", "1", "--currency", "EUR", "--cap", "300000")
    more = ("--applicant", SUPPLIER, "--fee", "1500", *UNTIL, "-a", SECOND)
    return on_chain.ok("guarantee", "sign", *words, *more).strip()


# -- giving -----------------------------------------------------------------------------------


def test_give(on_chain, receivable):
    """What is promised is said first; programs get the aval's id."""
    words = ("guarantee", "give", receivable[:9], "--cap", "10", *UNTIL, "-a", GUARANTOR)
    tried = on_chain.ok(*words, "--dry-run")
    assert "would go through: Guaranteed receivable" in tried
    told = on_chain.run(*words)
    assert told.exit_code == 0
    assert f"I pay what {BUYER}" in told.stderr
    assert "by 2027-12-31 23:59:59 UTC; 0.00 EUR of it" in told.stderr
    given = on_chain.data(*words, "--margin", "4")
    assert set(given) == {"aval", "cap", "currency"} | KEYS
    assert (given["cap"], given["currency"]) == ("10.00", "EUR")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("--obligor", BUYER, "--programme", "1", "--cap", "1"), "BadTerms"),
        (("--cap", "1"), "BadTerms"),
        (("--obligor", BUYER, "--programme", "1", "--cap", "1,0", "--currency", "EUR"), "AmountNotPlain"),
    ],
)  # fmt: skip
def test_promises_that_are_none(on_chain, words, name):
    error = on_chain.error("guarantee", "give", *words, *UNTIL, "-a", GUARANTOR, code=2)
    assert error["type"] == name


def test_sign_show_and_take(on_chain, paper, tmp_path):
    """A line of a mail, or a file; whoever takes it sees every word, and pays."""
    assert paper.startswith("duebill-aval-1:")
    shown = on_chain.ok("guarantee", "show", paper)
    assert "up to 300,000.00 EUR in all" in shown
    assert f"that of {SECOND}" in shown
    read = on_chain.data("guarantee", "show", paper)
    assert read["signed_by"] == ADDRESSES[3]
    path = tmp_path / "aval.txt"
    path.write_text(paper)
    told = on_chain.run("guarantee", "take", str(path), "-a", SUPPLIER)
    assert told.exit_code == 0
    assert "I have it given, and pay 1,500.00 EUR for it." in told.stderr
    assert "pays me 1,500.00 EUR then" in told.stderr
    (found,) = on_chain.data("guarantee", "list", "--guarantor", SECOND)
    assert found["id"] == read["id"]
    assert found["terms"]["applicant"] == ADDRESSES[2]
    error = on_chain.error("guarantee", "take", paper, "-a", BANK, code=1)
    assert error["type"] == "SignerNotNamed"
    error = on_chain.error("guarantee", "take", "-", "-a", SUPPLIER, typed=paper, code=2)
    assert "--yes" in error["message"]


def test_sign_on_a_dry_run_and_into_a_file(on_chain, receivable, tmp_path):
    words = ("guarantee", "sign", receivable, "--cap", "5", "--applicant", SUPPLIER, *UNTIL)
    tried = on_chain.data(*words, "--dry-run", "-a", GUARANTOR)
    assert set(tried) == {"would_sign", "terms"}
    path = tmp_path / "aval.json"
    signed = on_chain.data(*words, "--out", str(path), "-a", GUARANTOR)
    assert (signed["path"], signed["terms"]["cap"]) == (str(path), "5.00")
    taken = on_chain.data("guarantee", "take", str(path), "-a", SUPPLIER)
    assert on_chain.data("guarantee", "show", taken["aval"][2:12])["left"] == "5.00"


def test_withdraw(on_chain, paper):
    """A withdrawn signature is worth nothing."""
    told = on_chain.data("guarantee", "withdraw", paper, "-a", SECOND)
    assert set(told) == {"aval"} | KEYS
    error = on_chain.error("guarantee", "take", paper, "-a", SUPPLIER, code=1)
    assert error["type"] == "AvalUsed"


def test_a_paper_that_is_none(on_chain, paper):
    error = on_chain.error("guarantee", "show", paper[:-9], code=3)
    assert error["type"] == "BadSignedTerms"
    error = on_chain.error("guarantee", "take", "none.json", "-a", SUPPLIER, code=3)
    assert error["type"] == "FileRefused"


# -- looking ----------------------------------------------------------------------------------


def test_what_a_buyer_looks_at(on_chain, receivable, aval, paper):
    """How much is covered, by whom, until when, how much of it in cash."""
    on_chain.ok("guarantee", "take", paper, "-a", SUPPLIER)
    cover = on_chain.data("guarantee", "cover", receivable[:12])
    assert (cover["total"], cover["secured"]) == ("1248310.00", "200000.00")
    assert cover["uncovered"] == "0.00"
    assert cover["avals"][0]["aval"] == aval["aval"]
    text = on_chain.ok("guarantee", "cover", receivable)
    assert "1,248,310.00 EUR" in text
    rows = [row.split() for row in text.splitlines() if row.startswith("0x")]
    assert [(row[1], row[-2], row[-1]) for row in rows] == [
        (GUARANTOR, "2027-12-31", "never"),
        (SECOND, "2027-12-31", "never"),
    ]
    listed = on_chain.ok("guarantee", "list", "--obligor", BUYER)
    assert f"all of {BUYER} under programme 1" in listed
    assert "There are none." in on_chain.ok("guarantee", "list", "--guarantor", BANK)
    shown = on_chain.ok("guarantee", "show", aval["aval"][:12])
    assert "200,000.00 EUR" in shown
    error = on_chain.error("guarantee", "show", "ffff", code=1)
    assert error["type"] == "NotFound"


# -- calling ----------------------------------------------------------------------------------


def test_a_default_from_the_call_to_the_release(on_chain, anvil, receivable, aval, paper):
    """Called, honoured by one, not by the other; paid late, cleared, released."""
    on_chain.ok("guarantee", "take", paper, "-a", SUPPLIER)
    line = on_chain.data("guarantee", "list", "--guarantor", SECOND)[0]["id"]
    on_chain.ok("guarantee", "secure", line, "50", "-a", SECOND)
    error = on_chain.error("guarantee", "call", receivable, "-a", BANK, code=1)
    assert error["type"] == "WrongStatus"
    anvil.travel(days=200)
    told = on_chain.data("guarantee", "call", receivable, "-a", BANK)
    assert set(told) == {"receivable", "calls"} | KEYS
    assert [(it["paid"], it["dishonoured"]) for it in told["calls"]] == [
        ("200000.00", "800000.00"),
        ("50.00", "299950.00"),
    ]
    done = on_chain.ok("guarantee", "honour", receivable, "-a", GUARANTOR)
    assert f"{GUARANTOR} paid 800,000.00 EUR." in done
    assert "once" in on_chain.ok("guarantee", "show", line)
    again = on_chain.ok("guarantee", "call", receivable, "--aval", line[:9], "-a", BANK)
    assert "did not pay 248,260.00 EUR" in again
    on_chain.ok("guarantee", "secure", line, "10", "-a", SECOND)
    on_chain.ok("receivable", "pay", receivable, "-a", BUYER)
    cleared = on_chain.data("guarantee", "clear", line, receivable, "-a", BANK)
    assert cleared["left"]["amount"] == "0.00"
    error = on_chain.error("guarantee", "release", line, "-a", BANK, code=1)
    assert error["type"] == "MarginStillNeeded"
    anvil.travel(days=300)
    released = on_chain.data("guarantee", "release", line, "-a", BANK)
    assert (released["amount"], released["aval"]) == ("10.00", line)
    error = on_chain.error("guarantee", "release", aval["aval"], "-a", BANK, code=1)
    assert error["type"] == "NothingToRelease"


def test_who_allows_calls_pays_when_it_is_called(on_chain, anvil, receivable, aval):
    """The rest comes by allowance; nobody is on record."""
    told = on_chain.data("guarantee", "allow", "800000", "EUR", "-a", GUARANTOR)
    assert told["amount"] == "800000.00"
    anvil.travel(days=200)
    (call,) = on_chain.data("guarantee", "call", receivable, "-a", BANK)["calls"]
    assert call["aval"] == aval["aval"]
    assert (call["paid"], call["dishonoured"]) == ("1000000.00", "0.00")
