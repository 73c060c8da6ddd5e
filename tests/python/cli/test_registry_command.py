"""`duebill registry`: platforms of a consortium that see to it that invoices are used once."""

from __future__ import annotations

import csv
import stat

import pytest

HEADS = "序号,企业代号,发票号码,开票日期,购方单位代号,金额,税额,价税合计,发票状态"
CONSORTIUM, HARBOUR, MEADOW = "dev0", "dev0", "dev4"


def row(number, gross="1000.0", status="有效发票", seller="E7"):
    return f"1,{seller},{number},2026/7/18,B03711,943.4,56.6,{gross},{status}"


VOID = row("9", status=" 作废发票")
FORMULA = row("=1+1")


@pytest.fixture
def listed(tmp_path):
    """Writes a list of rows and gives its path."""

    def write(*rows, name="list.csv"):
        path = tmp_path / name
        path.write_text("\n".join((HEADS, *rows)) + "\n", encoding="utf-8-sig")
        return str(path)

    return write


@pytest.fixture
def running(on_chain):
    """A registry with a secret and a second platform; the first is the deployer's."""
    on_chain.ok("registry", "secret")
    on_chain.ok("registry", "announce", "--account", CONSORTIUM, "--yes")
    on_chain.ok("registry", "admit", MEADOW, "--account", CONSORTIUM, "--yes")
    return on_chain


def acting(cli, *words, account=HARBOUR):
    return cli.ok("registry", *words, "--account", account, "--yes")


def counted(found):
    return found["summary"]["findings"]


def test_an_invoice_that_one_platform_used_is_refused_to_the_other(running, listed):
    """The same invoice, typed otherwise by the other platform, has the same key."""
    mine = listed(row("3390939"))
    theirs = listed(row("0003390939", gross="1000", seller="e7"), name="theirs.csv")
    assert "Registered 1 in 1 transaction." in acting(running, "register", mine)
    assert "Used 1,000.00 CNY of 1 invoice." in acting(
        running, "use", mine, "--elsewhere", "loan 7"
    )

    found = running.run("registry", "check", theirs, "--json")
    assert found.exit_code == 1
    assert '"used up": 1' in found.stdout
    error = running.error(
        *("registry", "use", theirs, "--elsewhere", "loan 8", "--account", MEADOW, "--yes"), code=1
    )
    assert error["type"] == "BatchRefused"
    assert "used up" in error["first"]

    assert "Released 1,000.00 CNY" in acting(running, "release", mine, "--elsewhere", "loan 7")
    assert counted(running.data("registry", "check", theirs)) == {"known": 1}


def test_parts_are_taken_from_invoices_in_their_order(running, listed):
    """An amount is spread over the invoices; more than is left of them is refused."""
    both = listed(row("1"), row("2"))
    words = ("registry", "use", both, "--elsewhere", "x", "--account", MEADOW, "--yes")
    done = running.data(*words, "--amount", "1500.00")
    assert [use["amount"]["amount"] for use in done["uses"]] == ["1000.00", "500.00"]

    error = running.error(*words, "--amount", "500.01", code=1)
    assert error["type"] == "BatchRefused", "the first of them is used up"
    last = listed(row("2"), name="last.csv")
    words = ("registry", "use", last, "--elsewhere", "x", "--account", MEADOW, "--yes")
    error = running.error(*words, "--amount", "500.01", code=1)
    assert (error["type"], error["left"], error["excess"]) == ("InvoiceExceeded", "500.00", "0.01")


def test_a_batch_is_looked_through_before_anything_is_sent(running, listed, anvil):
    """One bad row, and nothing of a list is registered; void rows oblige nobody and stop nobody."""
    acting(running, "use", listed(row("1")), "--elsewhere", "x")
    block = anvil.rpc("eth_blockNumber")
    bad = listed(row("1"), row("2"), VOID, FORMULA, name="bad.csv")
    words = ("registry", "register", bad, "--account", HARBOUR, "--yes")

    error = running.error(*words, code=1)
    assert (error["type"], error["refused"], error["total"]) == ("BatchRefused", 2, 3)
    assert anvil.rpc("eth_blockNumber") == block

    done = running.data(*words, "--skip-refused")
    assert counted(done) == {"used up": 1, "known": 1}
    assert len(done["transactions"]) == 1
    assert [it["type"] for it in done["refused"]] == ["VoidInvoice", "BadField"]


def test_a_dry_run_says_what_it_would_register(running, listed, anvil):
    block = anvil.rpc("eth_blockNumber")
    words = ("registry", "register", listed(row("1"), row("2")), "--account", HARBOUR)
    assert "It would register 2." in running.ok(*words, "--dry-run")
    assert running.data(*words, "--dry-run")["simulated"] is True
    assert anvil.rpc("eth_blockNumber") == block


def test_more_rows_than_a_transaction_takes(running, listed):
    """They go 200 to a transaction; a second run sends nothing."""
    path = listed(*(row(str(number)) for number in range(1, 452)))
    words = ("registry", "register", path, "--account", MEADOW, "--yes")
    first = running.data(*words)
    assert (counted(first), len(first["transactions"])) == ({"known": 451}, 3)
    again = running.data(*words)
    assert (counted(again), again["transactions"]) == ({"known": 451}, [])


def test_what_cannot_be_used_is_written_for_a_spreadsheet(running, listed, tmp_path):
    """Each row with its place and reason; a cell that a spreadsheet would run is made harmless."""
    acting(running, "use", listed(row("7")), "--elsewhere", "x")
    path = listed(row("7"), FORMULA, name="=cmd.csv")
    out = tmp_path / "refused.csv"
    assert running.run("registry", "check", path, "--refused", str(out)).exit_code == 3
    with out.open(encoding="utf-8-sig", newline="") as file:
        heads, unread, used = csv.reader(file)
    assert heads == ["file", "row", "number", "finding", "reason"]
    assert (unread[1], unread[3]) == ("3", "BadField")
    assert (used[1:4]) == ["2", "7", "used up"]
    assert not any(cell.startswith("=") for cell in (*unread, *used))


def test_the_exit_code_tells_what_a_script_has_to_know(running, listed):
    """0: all can be used; 1: some cannot; 3: some could not be read."""
    assert running.run("registry", "check", listed(row("1"), VOID)).exit_code == 0
    assert running.run("registry", "check", listed(row("1"), FORMULA)).exit_code == 3
    acting(running, "register", listed(row("1")))
    acting(running, "cancel", listed(row("1")))
    assert running.run("registry", "check", listed(row("1"))).exit_code == 1


def test_credit_notes_are_applied_to_what_they_name(running, tmp_path):
    """From the package's own samples; once, and a note that names nothing here is told."""
    from duebill import samples  # noqa: PLC0415 - what the user has

    names = ("brake-systems-eur-ubl", "credit-note-eur-ubl")
    files = [tmp_path / f"{name}.xml" for name in names]
    for name, file in zip(names, files, strict=True):
        file.write_bytes(samples.read(name))
    acting(running, "register", str(files[0]))
    words = ("registry", "reduce", *map(str, files), "--account", HARBOUR, "--yes")

    assert "Applied 1 credit note." in running.ok(*words)
    shown = running.data("registry", "show", str(files[0]))
    assert shown["credited"] != "0.00"
    assert running.error(*words, code=1)["type"] == "KeyTaken"
    alone = running.data(*("registry", "reduce", str(files[1]), "--account", HARBOUR, "--yes"))
    assert alone["applied"] == []
    assert alone["unapplied"][0]["reason"] == "the seller's invoice that it names is not here"


def test_one_invoice_of_a_list_is_named_by_its_number(running, listed):
    path = listed(row("1"), row("2"))
    acting(running, "register", path)
    assert running.error("registry", "show", path, code=2)["type"] == "UsageError"
    key = running.data("registry", "show", path, "--number", "2")["key"]
    assert running.data("registry", "show", key)["left"] == "1000.00"


def test_the_consortium_admits_suspends_and_announces(running):
    """A suspended platform can do nothing until it is admitted again, under the same number."""
    shown = running.data("registry", "show")
    assert [it["registrant"] for it in shown["registrants"]] == [1, 2]
    assert shown["secrets"] == "those that were announced"
    acting(running, "suspend", "2")
    assert running.data("registry", "show")["registrants"][1]["account"] is None
    acting(running, "admit", "dev5", "--number", "2")
    assert "dev5" in running.ok("registry", "show")

    running.ok("registry", "secret", "--from", "2149-01-01")
    assert running.data("registry", "show")["secrets"] == "others"
    assert "from 2149-01-01 on" in acting(running, "announce")
    assert running.data("registry", "show")["secrets_from"] == ["1970-01-01", "2149-01-01"]


def test_whoever_is_no_platform_or_no_consortium_is_refused(running, listed):
    words = ("registry", "use", listed(row("1")), "--elsewhere", "x", "--account", "dev6", "--yes")
    assert running.error(*words, code=1)["type"] == "NotRegistrant"
    words = ("registry", "admit", "dev6", "--account", "dev6", "--yes")
    assert running.error(*words, code=1)["type"] == "AccessManagedUnauthorized"


def test_threat_54_the_secrets_are_its_owners_alone_and_never_shown(running, listed):
    """The file is made for its owner; one that others can read is refused; nothing repeats it."""
    path = running.home / "registry.secrets"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secret = path.read_text().split()[1]
    everything = running.ok("registry", "show") + running.ok("registry", "show", "--json")
    assert secret not in everything

    path.chmod(0o640)
    error = running.error("registry", "check", listed(row("1")), code=3)
    assert (error["type"], error["reason"]) == ("SecretsFileRefused", "others can read it")
    path.chmod(0o600)
    for content in ("", "1970-01-01 zz", f"2020-01-01 {secret}\n", f"1970-01-01 {secret}\n" * 2):
        path.write_text(content)
        error = running.error("registry", "check", listed(row("1")), code=3)
        assert error["type"] == "SecretsFileRefused"
        assert secret not in str(error)


def test_another_file_is_named_by_the_environment(on_chain, tmp_path, listed):
    """A first secret is drawn once; with another one than announced nothing is looked up."""
    other = str(tmp_path / "other.secrets")
    on_chain.ok("registry", "secret")
    on_chain.ok("registry", "announce", "--account", CONSORTIUM, "--yes")
    assert on_chain.error("registry", "secret", code=3)["type"] == "SecretsFileRefused"
    on_chain.ok("registry", "secret", DUEBILL_REGISTRY_SECRETS=other)
    words = ("registry", "check", listed(row("1")))
    error = on_chain.error(*words, code=1, DUEBILL_REGISTRY_SECRETS=other)
    assert error["type"] == "SecretsDiffer"
    assert on_chain.run(*words).exit_code == 0
