"""The invoice registry of a deployment: its own, or one that others run; its first platforms."""

from __future__ import annotations

import pytest
from local_chain import plan_data, separate_roles

from duebill import connect, deployment
from duebill.deployment._access import abi, ask, send
from duebill.errors import BadAddressBook, BadPlan, DeploymentDiffers
from duebill.model import ZERO_ADDRESS
from duebill.node_accounts import ADDRESSES, NodeAccount

REGISTRY = "InvoiceRegistry"
CONSORTIUM = 6


def with_platforms(*who, **changes):
    return deployment.parse_plan(separate_roles(registry={"registrants": list(who)}, **changes))


def asked(local, book, function, *arguments):
    return ask(local.chain, book.invoice_registry, REGISTRY, function, *arguments)


def changed_by_consortium(local, book, function, *arguments):
    data = abi(REGISTRY).encode(function, *arguments)
    send(local.chain, NodeAccount(CONSORTIUM), book.invoice_registry, data)


def test_the_platforms_of_the_plan_are_admitted_in_its_order(local):
    """The deployer, who is no consortium in the end, admits them before it gives its powers up."""
    local.show_life(1)
    book = local.deploy(with_platforms(ADDRESSES[8], "deployer"))

    assert book.handed_over
    assert asked(local, book, "registrantCount") == 2
    assert asked(local, book, "accountOf", 1) == ADDRESSES[8]
    assert asked(local, book, "accountOf", 2) == ADDRESSES[0]
    local.verify(book)


def test_what_the_consortium_decided_later_stays_as_it_is(local):
    """A platform that was suspended is not admitted again by another run, nor is a new one."""
    local.show_life(1)
    book = local.deploy(with_platforms(ADDRESSES[8]))
    changed_by_consortium(local, book, "setRegistrantAccount", 1, ZERO_ADDRESS)

    local.deploy(with_platforms(ADDRESSES[8], ADDRESSES[9]))

    assert asked(local, book, "registrantCount") == 1
    assert asked(local, book, "accountOf", 1) == ZERO_ADDRESS


def test_several_ledgers_share_a_registry(local, tmp_path):
    """The second deployment makes none, has no role in it, and knows where it is."""
    first = local.deploy()
    local.folder = tmp_path / "second"
    second = local.deploy(beside(first.invoice_registry))

    assert second.registry_is_shared
    assert second.invoice_registry == first.invoice_registry
    assert second.ledger != first.ledger
    assert connect(local.url, deployment=second).registry().address == first.invoice_registry
    local.verify(second)
    again = local.deploy(beside(first.invoice_registry))
    assert again == second


def test_a_book_keeps_its_registry(local, tmp_path):
    """Another registry under the same name would let the same invoices be used once more."""
    first = local.deploy()
    with pytest.raises(BadAddressBook, match="its invoice registry is"):
        local.deploy(beside(first.exchange, name="small"))
    local.folder = tmp_path / "second"
    with pytest.raises(BadPlan, match=r"registry\.address"):
        local.deploy(beside(first.exchange))


def test_a_registry_under_another_role_manager_is_noticed(local):
    book = local.deploy()
    data = abi("RoleManager").encode("updateAuthority", book.invoice_registry, book.exchange)
    send(local.chain, NodeAccount(0), book.role_manager, data)

    with pytest.raises(DeploymentDiffers, match=r"InvoiceRegistry\.authority"):
        local.verify(book)


def beside(registry, *, name="neighbour"):
    data = plan_data(name=name, registry={"address": registry})
    del data["consortium"]
    return deployment.parse_plan(data)
