"""The gates that a deployment makes for programmes with rules of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from local_chain import RULES, plan_data

from duebill import connect, deployment
from duebill.deployment import Deployed
from duebill.errors import DeploymentDiffers
from duebill.model import Requirement, Stage
from duebill.node_accounts import ADDRESSES

STRICT = {
    **RULES,
    "currency": "eur",
    "invoices_required": True,
    "total_limit": "5000.00",
    "face_limit": "1000.00",
    "last_issue": date(2100, 1, 1),
    "stop_on_overdue": True,
    "requirements": [
        {
            "kind": "delivery note",
            "before": "financing",
            "needed": 2,
            "verifiers": ["deployer", ADDRESSES[4]],
        }
    ],
}
NAME = "programmes.strict.gate"


def plan_of(**rules):
    programmes = {"standard": {**RULES}, "strict": {**STRICT, **rules}}
    return deployment.parse_plan(plan_data(programmes=programmes))


def test_a_gate_asks_what_the_plan_says(local):
    """All of it, read from the chain; the other programme has none."""
    plan = plan_of()
    book = local.deploy(plan)
    ledger = connect(local.url, deployment=book)

    found = ledger.gate_rules(2)
    requirement = Requirement(
        kind="delivery note",
        before=Stage.FINANCING,
        needed=2,
        verifiers=(ADDRESSES[0], ADDRESSES[4]),
    )
    assert found == replace(plan.programmes[1].gate, requirements=(requirement,))
    assert found.to_json()["total_limit"] == "5000.00"
    assert ledger.gate_rules(1) is None
    local.verify(book)


def test_the_rules_of_a_programme_that_stands_cannot_be_changed(local):
    """A plan with other rules for its gate is refused under its name, and nothing is sent."""
    local.deploy(plan_of())
    block = local.chain.block_number()
    with pytest.raises(DeploymentDiffers, match=NAME):
        local.deploy(plan_of(face_limit="999.00"))
    assert local.chain.block_number() == block


@pytest.mark.parametrize("what", ["other", "registry"])
def test_a_gate_that_is_not_the_programmes_is_noticed(local, what):
    """One of the same code that guards something else, or asks another registry."""
    book = local.deploy(plan_of())
    if what == "other":
        strange = book.contracts[NAME]
        moved = {**book.contracts, "programmes.standard.gate": strange}
        with pytest.raises(DeploymentDiffers, match=r"programmes\.standard\.gate"):
            local.verify(replace(book, contracts=moved))
        return
    registry = replace(book.contracts["InvoiceRegistry"], address=book.exchange)
    assert isinstance(registry, Deployed)
    programmes = {"strict": book.programmes["strict"]}
    lied = replace(
        book,
        registry_is_shared=True,
        programmes=programmes,
        contracts={**book.contracts, "InvoiceRegistry": registry},
    )
    from duebill.deployment import _verify  # noqa: PLC0415 - the check alone, its code is another's

    with pytest.raises(DeploymentDiffers, match=r"strict\.gate\.registry"):
        _verify._check_gates(lied, local.chain)


def test_the_readers_of_a_programme_are_in_the_address_book(local):
    """Whoever packs documents finds them there; deploying again with others changes them."""
    plan = plan_of(readers=["deployer", ADDRESSES[5]])
    book = local.deploy(plan)
    assert book.readers == {"strict": (ADDRESSES[0], ADDRESSES[5])}
    kept = deployment.AddressBook.load(book.chain_id, folder=local.folder)
    found = connect(local.url, deployment=kept).documents
    assert found.readers_of(2) == (ADDRESSES[0], ADDRESSES[5])
    assert found.readers_of(1) == ()

    again = local.deploy(plan_of(readers=[ADDRESSES[6]]))
    assert again.readers == {"strict": (ADDRESSES[6],)}
    assert again.contracts == book.contracts
