"""From a plan to a chain, once, twice, and after being killed anywhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from local_chain import ROLES, RULES, plan_data, separate_roles

from duebill import artifacts, deployment, node
from duebill.deployment import AddressBook, CurrencyPlan
from duebill.deployment._access import ask
from duebill.deployment._create2 import DETERMINISTIC_DEPLOYER
from duebill.errors import (
    BadAddressBook,
    BadPlan,
    ChainMismatch,
    CodeDiffers,
    DeployerPowerless,
    DeploymentDiffers,
    NoDeployer,
)
from duebill.model import ZERO_ADDRESS
from duebill.node_accounts import ADDRESSES, NodeAccount

CONTRACTS = (
    "RoleManager",
    "VoucherRenderer",
    "LedgerOffice",
    "ReceivableLedger",
    "Exchange",
    "GuaranteeBook",
    "PledgeBook",
    "DocumentBook",
    "SponsoredAccount",
    "InvoiceRegistry",
)
LEDGER = "IReceivableLedger"


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def counts(local, book):
    return tuple(
        ask(local.chain, book.ledger, LEDGER, name) for name in ("currencyCount", "programmeCount")
    )


def sent(local, number=0):
    return local.chain.nonce(ADDRESSES[number])


def test_the_first_run_puts_the_plan_on_the_chain(local):
    book = local.deploy()

    assert book.complete
    assert book.handed_over
    assert set(book.contracts) == {*CONTRACTS, "currencies.eur"}
    assert counts(local, book) == (1, 1)
    currency = ask(local.chain, book.ledger, LEDGER, "currencyOf", 1)
    assert currency["token"] == book.currencies["eur"].token
    assert currency["code"] == b"EUR"
    assert currency["open"]
    assert currency["payingAgent"] == ZERO_ADDRESS
    rules, is_open = ask(local.chain, book.ledger, LEDGER, "programmeOf", 1)
    assert is_open
    assert rules["maxTenorDays"] == 365
    assert rules["smallestVoucher"] == 1_000_000
    local.verify(book)


def test_the_book_that_is_kept_is_the_book_that_is_given(local):
    book = local.deploy()

    assert AddressBook.load(31337, folder=local.folder) == book
    assert book.chain_id == 31337
    assert book.deployer == ADDRESSES[0]
    assert {c.artifact for c in book.contracts.values()} == {*CONTRACTS, "TestCurrency"}


def test_a_second_run_sends_nothing(local):
    first = local.deploy()
    block, before = local.chain.block_number(), sent(local)
    told = []

    second = local.deploy(progress=told.append)

    assert second == first
    assert sent(local) == before
    assert local.chain.block_number() == block
    assert {progress.state for progress in told} == {"found"}


def test_a_lost_book_is_written_again_without_a_transaction(local):
    first = local.deploy()
    before = sent(local)
    (local.folder / "31337.json").unlink()

    second = local.deploy()

    assert sent(local) == before
    assert second.ledger == first.ledger
    assert second.roles == first.roles
    assert second.block == 0, "readers of events must not begin after the first event"


STEPS = (
    *CONTRACTS,
    "currencies.eur",
    "roles",
    "the ledger's tables",
    "registrants",
    "the deployer's own roles",
)


def moments():
    """Every moment at which a run tells something: before and after each transaction."""
    return [(step, state) for step in STEPS for state in ("sending", "done")]


@pytest.mark.parametrize(("step", "state"), moments())
def test_a_run_that_was_killed_is_finished_by_the_next(local, step, state):
    platforms = {"registrants": [ADDRESSES[8]]}
    plan = deployment.parse_plan(separate_roles(registry=platforms))
    local.show_life(1)

    def kill(progress):
        if (progress.step, progress.state) == (step, state):
            raise Killed

    with pytest.raises(Killed):
        local.deploy(plan, progress=kill)
    half = AddressBook.load(31337, folder=local.folder)
    assert not half.complete

    book = local.deploy(plan)

    assert book.complete
    assert book.handed_over
    assert counts(local, book) == (1, 1)
    assert sent(local) == len(STEPS), "one transaction for each step, none of them twice"
    local.verify(book)


KILLED_WHILE_WAITING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from local_chain import Local
local = Local(sys.argv[1], Path(sys.argv[2]))
def stop_mining(progress):
    if (progress.step, progress.state) == ("the ledger's tables", "sending"):
        local.rpc("evm_setAutomine", False)
        print("stopped", flush=True)
local.deploy(progress=stop_mining)
"""


def test_a_process_killed_with_a_transaction_on_its_way_adds_nothing_twice(local):
    """The next run waits for what the killed one had sent before it looks what is missing."""
    here = str(Path(__file__).parent)
    arguments = [sys.executable, "-c", KILLED_WHILE_WAITING, local.url, str(local.folder), here]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "stopped\n"
        while local.chain.pending_nonce(ADDRESSES[0]) == local.chain.nonce(ADDRESSES[0]):
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
    books = []
    again = threading.Thread(target=lambda: books.append(local.deploy()))
    again.start()
    time.sleep(0.5)
    assert local.chain.pending_nonce(ADDRESSES[0]) == local.chain.nonce(ADDRESSES[0]) + 1

    local.rpc("evm_setAutomine", True)
    local.rpc("evm_mine")
    again.join(60)

    assert books[0].complete
    assert counts(local, books[0]) == (1, 1)


def test_two_runs_at_once_do_not_fill_the_tables_twice(local):
    books = []
    runs = [threading.Thread(target=lambda: books.append(local.deploy())) for _ in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)

    assert len(books) == 3
    assert counts(local, books[0]) == (1, 1)


def test_what_a_plan_gains_at_its_end_is_added(local):
    local.deploy()
    data = plan_data()
    data["programmes"]["strict"] = {**RULES, "consent": True}
    data["currencies"]["usd"] = {"code": "USD", "decimals": 2, "paying_agent": ADDRESSES[4]}

    book = local.deploy(deployment.parse_plan(data))

    assert counts(local, book) == (2, 2)
    assert book.programmes == {"standard": 1, "strict": 2}
    assert book.currencies["usd"].number == 2
    assert book.currencies["usd"].token is None


def test_a_table_that_contradicts_the_plan_is_told_by_its_key(local):
    local.deploy()
    data = plan_data()
    data["programmes"]["standard"]["max_hops"] = 3
    before = sent(local)

    with pytest.raises(DeploymentDiffers) as refused:
        local.deploy(deployment.parse_plan(data))

    assert refused.value.key == "programmes.standard"
    assert sent(local) == before


def test_another_name_makes_another_deployment(local):
    first = local.deploy()
    local.folder = local.folder / "other"

    second = local.deploy(deployment.parse_plan(plan_data(name="other")))

    assert not {c.address for c in first.contracts.values()} & {
        c.address for c in second.contracts.values()
    }


def test_the_book_of_another_deployment_is_not_overwritten(local):
    local.deploy()
    before = (local.folder / "31337.json").read_bytes()

    with pytest.raises(BadAddressBook, match="'small'"):
        local.deploy(deployment.parse_plan(plan_data(name="other")))

    assert (local.folder / "31337.json").read_bytes() == before


def test_a_new_local_chain_begins_a_new_book(local):
    old = local.deploy()
    with node.running(options=["--timestamp", "1900000000"]) as url:
        local.url = url

        new = local.deploy()

        assert new.genesis != old.genesis
        assert new.ledger == old.ledger
        local.verify(new)


def test_threat_49_another_chain_is_refused_before_anything_is_signed(local):
    plan = deployment.parse_plan(plan_data(chain_id=1337))

    with pytest.raises(ChainMismatch) as refused:
        local.deploy(plan)

    assert (refused.value.expected, refused.value.found) == (1337, 31337)
    assert sent(local) == 0
    assert not list(local.folder.iterdir())


def test_threat_49_a_connection_to_another_chain_is_refused_too(local):
    plan = deployment.parse_plan(plan_data(chain_id=1337))

    with pytest.raises(ChainMismatch):
        deployment.deploy(plan, signer=NodeAccount(0), connection=local.chain, folder=local.folder)
    assert sent(local) == 0


def test_a_chain_without_the_deterministic_deployer_is_refused(local):
    with node.running(options=["--disable-default-create2-deployer"]) as url:
        local.url = url

        with pytest.raises(NoDeployer) as refused:
            local.deploy()

        assert refused.value.address == DETERMINISTIC_DEPLOYER
        assert sent(local) == 0


def test_a_test_currency_made_in_a_program_is_refused_elsewhere(local):
    """Not only the file is checked: a plan that was put together in a program is, too."""
    data = separate_roles(chain_id=4242, currencies={}, programmes={})
    data |= {role: [f"0x{number:040x}"] for number, role in enumerate(ROLES, start=0xA11CE)}
    test = CurrencyPlan(key="eur", code="EUR", decimals=6, test=True)
    plan = replace(deployment.parse_plan(data), currencies=(test,))
    with node.running(chain_id=4242) as url:
        local.url = url

        with pytest.raises(BadPlan) as refused:
            local.deploy(plan)

        assert [key for key, _ in refused.value.problems] == ["currencies.eur.test"]
        assert sent(local) == 0


def test_tokens_and_gates_that_are_not_there_are_told_before_anything_is_sent(local):
    data = plan_data()
    data["currencies"]["usd"] = {"code": "USD", "decimals": 6, "token": ADDRESSES[7]}
    data["programmes"]["standard"]["gate"] = ADDRESSES[8]

    with pytest.raises(BadPlan) as refused:
        local.deploy(deployment.parse_plan(data))

    assert [key for key, _ in refused.value.problems] == [
        "currencies.usd.token",
        "programmes.standard.gate",
    ]
    assert sent(local) == 0


def test_threat_57_a_token_with_other_decimals_is_told_before_anything_is_sent(local):
    token = local.deploy().currencies["eur"].token
    local.folder = local.folder / "other"
    before = sent(local)
    usd = {"code": "USD", "decimals": 18, "token": token}
    data = plan_data(name="other", currencies={"usd": usd})

    with pytest.raises(BadPlan) as refused:
        local.deploy(deployment.parse_plan(data))

    assert [key for key, _ in refused.value.problems] == ["currencies.usd.decimals"]
    assert sent(local) == before


@pytest.mark.parametrize("name", [*CONTRACTS, "currencies.eur"])
def test_threat_51_tampered_code_is_detected(local, name):
    book = local.deploy()
    address = book.contracts[name].address
    code = bytearray(local.chain.code(address))
    code[len(code) // 2] ^= 1
    local.rpc("anvil_setCode", address, "0x" + code.hex())

    with pytest.raises(CodeDiffers) as found:
        local.verify(book)
    assert found.value.contract == name
    with pytest.raises(CodeDiffers):
        local.deploy()


def test_threat_51_missing_code_is_detected(local):
    book = local.deploy()
    local.rpc("anvil_setCode", book.ledger, "0x")

    with pytest.raises(CodeDiffers, match="no code"):
        local.verify(book)


def test_threat_51_another_renderer_in_the_same_code_is_detected(local):
    """Immutables are masked when code is compared, so they are asked for one by one."""
    book = local.deploy()
    code = local.chain.code(book.ledger)
    wanted = bytes.fromhex(book.contracts["VoucherRenderer"].address[2:])
    assert wanted in code
    other = code.replace(wanted, bytes.fromhex(ADDRESSES[9][2:]))
    local.rpc("anvil_setCode", book.ledger, "0x" + other.hex())

    assert artifacts.load("ReceivableLedger").matches(other)
    with pytest.raises(DeploymentDiffers) as found:
        local.verify(book)
    assert found.value.key == "ReceivableLedger.renderer"


def test_threat_51_a_book_that_names_other_addresses_is_detected(local):
    book = local.deploy()
    office = replace(book.contracts["LedgerOffice"], artifact="RoleManager")
    swapped = replace(
        book,
        contracts={
            **book.contracts,
            "RoleManager": replace(
                book.contracts["RoleManager"], address=book.contracts["LedgerOffice"].address
            ),
            "LedgerOffice": office,
        },
    )

    with pytest.raises((CodeDiffers, DeploymentDiffers)):
        local.verify(swapped)
    with pytest.raises(DeploymentDiffers) as found:
        local.verify(replace(book, deployer=ADDRESSES[5]))
    assert found.value.key == "RoleManager"


def test_a_book_of_another_version_is_told_apart(local):
    book = local.deploy()
    old = replace(book.contracts["ReceivableLedger"], checksum="0" * 64)
    aged = replace(book, contracts={**book.contracts, "ReceivableLedger": old})

    with pytest.raises(CodeDiffers, match="another version"):
        local.verify(aged)


def test_a_chain_of_the_same_id_is_not_the_books_chain(local):
    book = local.deploy()
    with node.running(options=["--timestamp", "1900000000"]) as url:
        local.url = url
        local.deploy()

        with pytest.raises(BadAddressBook, match="began with another block"):
            local.verify(book)


def test_a_stranger_cannot_finish_what_needs_an_admin(local):
    local.deploy()
    data = plan_data()
    data["programmes"]["strict"] = {**RULES, "consent": True}

    with pytest.raises(DeployerPowerless) as refused:
        local.deploy(deployment.parse_plan(data), signer=NodeAccount(6))

    assert refused.value.missing == ("rows of the ledger's tables",)
    assert sent(local, 6) == 0
