"""How dates, moments and nodes' addresses are written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click
import pytest

from duebill.cli._values import DATE, MOMENT

NEVER = "999999999999999999999"


def test_dates():
    """Only as ISO 8601 writes a calendar day."""
    assert DATE.convert("2027-05-15", None, None) == date(2027, 5, 15)


@pytest.mark.parametrize(
    "text", ["", "2027-5-15", "20270515", "15.05.2027", "2027-02-30", "2027-W20-6"]
)
def test_what_is_no_date(text):
    """Other ways to write a day are read differently by different people."""
    with pytest.raises(click.BadParameter):
        DATE.convert(text, None, None)


def test_moments():
    """A day means its last second; without a zone it is UTC."""
    last = datetime(2027, 5, 15, 23, 59, 59, tzinfo=UTC)
    assert MOMENT.convert("2027-05-15", None, None) == last
    assert MOMENT.convert("2027-05-15T12:00", None, None) == datetime(2027, 5, 15, 12, tzinfo=UTC)
    assert MOMENT.convert("2027-05-15T12:00+02:00", None, None) == datetime(
        2027, 5, 15, 10, tzinfo=UTC
    )


@pytest.mark.parametrize("text", ["", "tomorrow", NEVER, "2027-13-01"])
def test_what_is_no_moment(text):
    """Refused."""
    with pytest.raises(click.BadParameter):
        MOMENT.convert(text, None, None)


@pytest.mark.parametrize("url", ["foo", "file:///etc/passwd", "http://", "http://[", "http://x:y"])
def test_54_addresses_of_nodes_that_are_none(cli, url):
    """A usage error that does not repeat what may hold a secret."""
    error = cli.error("receivable", "list", "--rpc-url", url, code=2)
    assert url not in error["message"].replace("http://127.0.0.1:8545", "")


def test_54_a_secret_in_the_address_of_a_node(cli):
    """THREATS 54: gateways keep keys in paths and users; no message shows them."""
    url = "http://user:canary1@127.0.0.1:1/canary2?key=canary3"
    error = cli.error("receivable", "list", "--rpc-url", url, code=4)
    assert error["type"] == "NodeUnavailable"
    assert "canary" not in str(error)


def test_no_node_at_all(cli):
    """Neither named nor started here."""
    assert cli.error("receivable", "list", code=4)["type"] == "NodeNotNamed"


def test_no_ledger_on_the_chain(cli, anvil):
    """The chain is there, its address book is not."""
    error = cli.error("receivable", "list", "--rpc-url", anvil.url, code=4)
    assert error["type"] == "NoAddressBook"


@pytest.mark.parametrize(
    "words",
    [
        ("voucher", "split", "3fa2/1"),
        ("voucher", "merge", "3fa2/1"),
        ("nothing",),
        ("voucher", "nothing"),
        ("voucher", "list", "--nothing"),
        ("receivable", "issue"),
        ("receivable", "issue", "--invoice", "x.xml", "--due", "soon", "--buyer", "dev1"),
        ("receivable", "issue", "--invoice", "x.xml"),
        ("receivable", "accept"),
        ("programme", "show", "one"),
    ],
)
def test_usage_errors(cli, words):
    """Exit code 2, with the way to the help."""
    assert "--help" in cli.error(*words, code=2)["hint"]


def test_an_unknown_shell(cli):
    """Not every shell can be completed."""
    assert cli.run("completion", "tcsh").exit_code == 2
