"""The ledger's tables, currencies, programmes and custodians: what is wanted, what the chain has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from duebill import artifacts
from duebill.deployment._access import abi, ask
from duebill.deployment._book import DeployedCurrency
from duebill.deployment._create2 import gate_name, label_hash, test_token
from duebill.errors import BadPlan, DeploymentDiffers
from duebill.model import ZERO_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.chain import Chain
    from duebill.deployment._book import AddressBook
    from duebill.deployment._plan import CurrencyPlan, Plan
    from duebill.model import Address

#: The contracts that the ledger knows as custodians.
CUSTODIANS = ("Exchange", "GuaranteeBook", "PledgeBook")

_FOREVER = 2**40 - 1
_LEDGER = "IReceivableLedger"
_REGISTRY = "InvoiceRegistry"


def check_what_is_named(plan: Plan, chain: Chain) -> None:
    """Check the contracts that the plan names, before anything is sent.

    Raises:
        BadPlan: A token, a gate or a registry is not there, or not what the plan says.
    """
    problems = [
        *_token_problems(plan, chain),
        *_gate_problems(plan, chain),
        *_registry_problems(plan, chain),
    ]
    if problems:
        raise BadPlan(tuple(problems))


def deployed_currencies(plan: Plan) -> dict[str, DeployedCurrency]:
    """The plan's currencies as an address book records them."""
    return {
        currency.key: DeployedCurrency(
            number=number,
            code=currency.code,
            decimals=currency.decimals,
            token=token_of(plan, currency),
            test=currency.test,
        )
        for number, currency in enumerate(plan.currencies, start=1)
    }


def token_of(plan: Plan, currency: CurrencyPlan) -> Address | None:
    """The token of a currency, a test token's address foretold; None outside the chain."""
    return test_token(plan, currency).address if currency.test else currency.token


def missing_rows(plan: Plan, chain: Chain, book: AddressBook) -> list[bytes]:
    """The calls that add what the ledger's tables lack, in order.

    Raises:
        DeploymentDiffers: A row that is there is not the plan's.
    """
    return [
        *_missing_currencies(plan, chain, book.ledger),
        *_missing_programmes(plan, chain, book),
        *_missing_custodians(chain, book),
    ]


def missing_registrants(plan: Plan, chain: Chain, book: AddressBook) -> list[bytes]:
    """The calls that admit the plan's registrants to a registry that nobody was admitted to yet.

    What the consortium decided about them later stays as it is.
    """
    if not plan.registrants or ask(chain, book.invoice_registry, _REGISTRY, "registrantCount"):
        return []
    platforms = plan.platforms(deployer=book.deployer)
    return [abi(_REGISTRY).encode("admitRegistrant", who) for who in platforms]


def _missing_custodians(chain: Chain, book: AddressBook) -> Iterator[bytes]:
    """The contracts that hold vouchers for others, or move them with their recipients' consent.

    What registrars and administrators decided about them later stays as it is.
    """
    for name in CUSTODIANS:
        place = book.contracts[name].address
        party = ask(chain, book.ledger, _LEDGER, "partyOf", place)
        if not any(party["identifier"]):
            identifier = label_hash(book.name, name)
            yield abi(_LEDGER).encode("verifyParty", place, _FOREVER, identifier)
            yield abi(_LEDGER).encode("setCustodian", place, True)


def _missing_currencies(plan: Plan, chain: Chain, ledger: str) -> Iterator[bytes]:
    count = ask(chain, ledger, _LEDGER, "currencyCount")
    for number, currency in enumerate(plan.currencies, start=1):
        token = token_of(plan, currency) or ZERO_ADDRESS
        wanted = (currency.code.encode(), token, currency.decimals)
        if number <= count:
            row = ask(chain, ledger, _LEDGER, "currencyOf", number)
            found = (row["code"], row["token"], row["decimals"])
            _require(f"currencies.{currency.key}", wanted, found)
        else:
            agent = currency.paying_agent or ZERO_ADDRESS
            yield abi(_LEDGER).encode(
                "addCurrency", currency.code.encode(), token, agent, currency.decimals
            )


def _missing_programmes(plan: Plan, chain: Chain, book: AddressBook) -> Iterator[bytes]:
    count = ask(chain, book.ledger, _LEDGER, "programmeCount")
    for number, programme in enumerate(plan.programmes, start=1):
        gate = book.contracts.get(gate_name(programme.key)) if programme.gate else None
        wanted = replace(programme.rules, gate=gate.address) if gate else programme.rules
        rules = wanted.as_abi()
        if number <= count:
            found, _ = ask(chain, book.ledger, _LEDGER, "programmeOf", number)
            _require(f"programmes.{programme.key}", rules, tuple(found.values()))
        else:
            yield abi(_LEDGER).encode("createProgramme", rules)


def _require(key: str, wanted: tuple[Any, ...], found: tuple[Any, ...]) -> None:
    if wanted != found:
        raise DeploymentDiffers(key, planned=_shown(wanted), found=_shown(found))


def _shown(row: tuple[Any, ...]) -> str:
    return ", ".join(v.decode() if isinstance(v, bytes) else str(v) for v in row)


def _token_problems(plan: Plan, chain: Chain) -> Iterator[tuple[str, str]]:
    for currency in plan.currencies:
        if currency.token is None:
            continue
        key = f"currencies.{currency.key}"
        if not chain.code(currency.token):
            yield f"{key}.token", "is no contract on this chain"
        elif (decimals := _decimals(chain, currency.token)) != currency.decimals:
            yield f"{key}.decimals", f"is not the token's, which says {decimals}"


def _decimals(chain: Chain, token: str) -> int:
    decimals = ask(chain, token, "TestCurrency", "decimals")
    return int(decimals)


def _registry_problems(plan: Plan, chain: Chain) -> Iterator[tuple[str, str]]:
    if plan.registry and not artifacts.load(_REGISTRY).matches(chain.code(plan.registry)):
        yield "registry.address", "is no invoice registry of this version on this chain"


def _gate_problems(plan: Plan, chain: Chain) -> Iterator[tuple[str, str]]:
    for programme in plan.programmes:
        gate = programme.rules.gate
        if gate is not None and not chain.code(gate):
            yield f"programmes.{programme.key}.gate", "is no contract on this chain"
