"""Who may call what after a deployment, who waits for how long, and who rules in the end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from eth_abi.abi import encode
from local_chain import plan_data, separate_roles

from duebill import artifacts, deployment
from duebill._abi import keccak, ledger_abi, manager_abi
from duebill._actions import NOTHING, Action
from duebill.deployment import POWERS, Role
from duebill.deployment._access import ask
from duebill.deployment._roles import selectors
from duebill.errors import (
    AccessManagedUnauthorized,
    AccessManagerNotReady,
    AccessManagerNotScheduled,
    AccessManagerUnauthorizedAccount,
    DeployerPowerless,
    RevertError,
)
from duebill.node_accounts import ADDRESSES, NodeAccount

DEPLOYER, ADMIN, REGISTRAR, SUPERVISOR, ENFORCER, ADMINISTRATOR, CONSORTIUM, STRANGER = range(8)
HOLDERS = {
    Role.REGISTRAR: REGISTRAR,
    Role.SUPERVISOR: SUPERVISOR,
    Role.ENFORCER: ENFORCER,
    Role.ADMINISTRATOR: ADMINISTRATOR,
    Role.CONSORTIUM: CONSORTIUM,
}
DAY = 86_400
PLAIN = {"address": "0x" + "0" * 40, "bool": False, "bytes": b"", "string": ""}


def plain(kind):
    """The plainest value of a type as eth_abi names it; ids and amounts are 1."""
    if kind.endswith("[]"):
        return []
    if kind.startswith("("):
        return tuple(plain(part) for part in kind[1:-1].split(","))
    if found := re.fullmatch(r"bytes(\d+)", kind):
        return bytes(int(found[1]))
    return PLAIN.get(kind, 1)


def signatures(contract):
    """Every function of a contract that changes something."""
    artifact, interface = artifacts.load(contract), artifacts.load(f"I{contract}")
    acting = {
        entry["name"]
        for entry in [*artifact.abi, *interface.abi]
        if entry["type"] == "function" and entry["stateMutability"] == "nonpayable"
    }
    known = {**artifact.method_identifiers, **interface.method_identifiers}
    return {s for s in known if s.partition("(")[0] in acting}


def powers():
    """Every restricted function: its contract, the role that opens it, its name."""
    for contract, by_role in POWERS.items():
        for role, names in by_role.items():
            for name in names:
                yield contract, role, name


def plain_call(signature):
    """A call with the plainest arguments: enough to meet the guard at the door."""
    inner = signature.partition("(")[2].removesuffix(")")
    kinds = re.findall(r"\([^)]*\)(?:\[\])?|[^,()]+(?:\[\])?", inner)
    return keccak(signature.encode())[:4] + encode(kinds, [plain(kind) for kind in kinds])


def is_refused_at_the_door(local, target, signature, account):
    try:
        local.chain.call(target, plain_call(signature), sender=ADDRESSES[account])
    except (AccessManagedUnauthorized, AccessManagerNotScheduled):
        return True
    except RevertError:
        return False
    return False


def do(local, account, to, data):
    action = Action(to=to, data=data, decode=lambda _: None, answer=NOTHING)
    return local.chain.submit(action, signer=NodeAccount(account)).wait()


def manager(name, *arguments):
    return manager_abi().encode(name, *arguments)


@pytest.fixture
def ruled(local):
    """A ledger on which every role has one holder, and an admin who is alive."""
    local.show_life(ADMIN)
    return local.deploy(deployment.parse_plan(separate_roles()))


@pytest.fixture
def delayed(local):
    """The same, with the enforcers' delay of a public chain."""
    local.show_life(ADMIN)
    return local.deploy(deployment.parse_plan(separate_roles(delays={"enforcer": "24h"})))


def test_the_matrix_of_powers(local, ruled):
    """Each restricted function is open to the holder of its role and closed to all others."""
    everyone = range(8)
    for contract, role, name in powers():
        (signature,) = (s for s in signatures(contract) if s.partition("(")[0] == name)
        target = ruled.contracts[contract].address
        entered = {
            account
            for account in everyone
            if not is_refused_at_the_door(local, target, signature, account)
        }
        expected = {HOLDERS[role]} if role in HOLDERS else set()
        assert entered == expected, signature


@pytest.mark.parametrize(
    "contract",
    ["ReceivableLedger", "Exchange", "GuaranteeBook", "PledgeBook", "InvoiceRegistry"],
)
def test_every_restricted_function_belongs_to_a_role(local, ruled, contract):
    """A function that becomes restricted, or stops being so, has to be looked at here."""
    closed = {
        signature.partition("(")[0]
        for signature in signatures(contract)
        if is_refused_at_the_door(local, ruled.contracts[contract].address, signature, STRANGER)
    }

    restricted = {name for where, _, name in powers() if where == contract}
    # The manager alone calls setAuthority, for an admin; no role can be given that.
    assert closed == (restricted | {"setAuthority"} if restricted else set())


def test_the_roles_have_the_ids_and_labels_that_people_see(local, ruled):
    assert [(role.value, role.label) for role in Role] == [
        (0, "ADMIN"),
        (1, "REGISTRAR"),
        (2, "SUPERVISOR"),
        (3, "ENFORCER"),
        (4, "ADMINISTRATOR"),
        (5, "STANDARD_ENFORCER"),
        (6, "CONSORTIUM"),
    ]
    topic = "0x1256f5b5ecb89caec12db449738f2fbcd1ba5806cf38f35413f4e5c15bf6a450"
    query = {"address": ruled.role_manager, "fromBlock": "0x0", "topics": [topic]}
    logs = local.rpc("eth_getLogs", query)
    labels = {
        int(log["topics"][1], 16): bytes.fromhex(log["data"][130:]).rstrip(b"\0").decode()
        for log in logs
    }
    assert labels == {role.value: role.label for role in Role if role is not Role.ADMIN}


def test_the_book_says_who_holds_what(ruled):
    held = {label: [h.account for h in holders] for label, holders in ruled.roles.items()}

    assert held == {
        "ADMIN": [ADDRESSES[ADMIN]],
        "REGISTRAR": [ADDRESSES[REGISTRAR]],
        "SUPERVISOR": [ADDRESSES[SUPERVISOR]],
        "ENFORCER": [ADDRESSES[ENFORCER]],
        "ADMINISTRATOR": [ADDRESSES[ADMINISTRATOR]],
        "STANDARD_ENFORCER": [],
        "CONSORTIUM": [ADDRESSES[CONSORTIUM]],
    }


def test_the_deployer_of_a_local_plan_keeps_what_the_plan_gives_it(local):
    book = local.deploy()

    for role in Role:
        is_member, _ = ask(
            local.chain, book.role_manager, "RoleManager", "hasRole", role, ADDRESSES[DEPLOYER]
        )
        assert is_member is (role is not Role.STANDARD_ENFORCER)


def test_threat_39_the_deployer_renounces_every_power(local, ruled):
    assert ruled.handed_over
    for role in Role:
        is_member, _ = ask(
            local.chain, ruled.role_manager, "RoleManager", "hasRole", role, ADDRESSES[DEPLOYER]
        )
        assert not is_member
    grant = manager("grantRole", Role.ADMIN, ADDRESSES[DEPLOYER], 0)
    with pytest.raises(AccessManagerUnauthorizedAccount):
        do(local, DEPLOYER, ruled.role_manager, grant)


def test_threat_39_an_admin_that_never_acted_is_not_trusted_to_exist(local):
    """A mistyped address would take the ledger's rule into its grave: two steps, then."""
    plan = deployment.parse_plan(separate_roles())
    told = []

    first = local.deploy(plan, progress=told.append)

    assert first.complete
    assert not first.handed_over
    assert [p.step for p in told if p.state == "note"] == ["hand-over"]
    assert ask(
        local.chain, first.role_manager, "RoleManager", "hasRole", Role.ADMIN, ADDRESSES[DEPLOYER]
    ) == (True, 0)

    local.show_life(ADMIN)
    second = local.deploy(plan)

    assert second.handed_over
    assert ask(
        local.chain, second.role_manager, "RoleManager", "hasRole", Role.ADMIN, ADDRESSES[DEPLOYER]
    ) == (False, 0)


def test_threat_39_a_contract_can_be_the_admin(local):
    """A multisig never sends a transaction itself; its code shows that it is there."""
    safe = local.deploy().currencies["eur"].token
    local.folder = local.folder / "other"
    data = separate_roles(name="safe")
    data["admins"] = [safe]

    assert local.deploy(deployment.parse_plan(data)).handed_over


def test_threat_39_an_admin_hands_over_in_two_steps(local, ruled):
    """The new one is granted, then acts: it is the new one that ends the old one's power."""
    grant = manager("grantRole", Role.ADMIN, ADDRESSES[STRANGER], 0)
    do(local, ADMIN, ruled.role_manager, grant)
    revoke = manager("revokeRole", Role.ADMIN, ADDRESSES[ADMIN])
    do(local, STRANGER, ruled.role_manager, revoke)

    with pytest.raises(AccessManagerUnauthorizedAccount):
        do(local, ADMIN, ruled.role_manager, grant)
    do(local, STRANGER, ruled.role_manager, manager("grantRole", 1, ADDRESSES[8], 0))
    local.verify(ruled)


def test_what_only_an_admin_can_add_is_told_to_others(local, ruled):
    data = separate_roles()
    data["registrars"] = [ADDRESSES[REGISTRAR], ADDRESSES[8]]
    plan = deployment.parse_plan(data)
    before = local.chain.nonce(ADDRESSES[DEPLOYER])

    with pytest.raises(DeployerPowerless) as refused:
        local.deploy(plan)
    assert refused.value.missing == ("roles of the plan",)
    assert local.chain.nonce(ADDRESSES[DEPLOYER]) == before

    book = local.deploy(plan, signer=NodeAccount(ADMIN))
    assert book.handed_over
    assert book.ledger == ruled.ledger
    assert ask(
        local.chain, ruled.role_manager, "RoleManager", "hasRole", Role.REGISTRAR, ADDRESSES[8]
    ) == (True, 0)


# -- threat 36: whoever can take from others announces it ---------------------------------------


def payee_call():
    return ledger_abi().encode("setPayee", ADDRESSES[7], "0x" + "0" * 40, b"\1" * 32)


def test_threat_36_an_enforcer_announces_and_waits(local, delayed):
    with pytest.raises(AccessManagerNotScheduled):
        do(local, ENFORCER, delayed.ledger, payee_call())

    schedule = manager("schedule", delayed.ledger, payee_call(), 0)
    do(local, ENFORCER, delayed.role_manager, schedule)
    with pytest.raises(AccessManagerNotReady):
        do(local, ENFORCER, delayed.ledger, payee_call())
    local.wait(DAY + 1)

    outcome = do(local, ENFORCER, delayed.ledger, payee_call())
    assert [event.name for event in outcome.events] == ["PayeeSet"]


def test_threat_36_the_supervisor_can_stop_what_an_enforcer_announced(local, delayed):
    schedule = manager("schedule", delayed.ledger, payee_call(), 0)
    do(local, ENFORCER, delayed.role_manager, schedule)
    cancel = manager("cancel", ADDRESSES[ENFORCER], delayed.ledger, payee_call())
    do(local, SUPERVISOR, delayed.role_manager, cancel)
    local.wait(DAY + 1)

    with pytest.raises(AccessManagerNotScheduled):
        do(local, ENFORCER, delayed.ledger, payee_call())


def test_threat_36_an_admin_cannot_go_round_the_delay(local, delayed):
    """Neither as a new enforcer without delay, nor by opening the function to another role.

    The access manager lets such brakes take hold after five days, so that is when they are tried.
    """
    local.wait(5 * DAY + 1)
    grant = manager("grantRole", Role.ENFORCER, ADDRESSES[ADMIN], 0)
    do(local, ADMIN, delayed.role_manager, grant)
    with pytest.raises(AccessManagedUnauthorized):
        do(local, ADMIN, delayed.ledger, payee_call())

    seize = selectors("ReceivableLedger", Role.ENFORCER)
    reopen = manager("setTargetFunctionRole", delayed.ledger, seize, Role.REGISTRAR)
    with pytest.raises(RevertError):
        do(local, ADMIN, delayed.role_manager, reopen)
    replace = manager("updateAuthority", delayed.ledger, delayed.role_manager)
    with pytest.raises(RevertError):
        do(local, ADMIN, delayed.role_manager, replace)


def test_without_delays_a_local_enforcer_acts_at_once(local, ruled):
    assert do(local, ENFORCER, ruled.ledger, payee_call()).events


def test_the_deployer_of_a_plan_with_delays_gets_them_last(local):
    """Set up without delay, and bound by the plan's delays from then on."""
    delays = {"admin": "2h", "administrator": "1h", "enforcer": "24h"}

    book = local.deploy(deployment.parse_plan(plan_data(delays=delays)))

    assert book.handed_over
    held = {
        role: ask(
            local.chain, book.role_manager, "RoleManager", "getAccess", role, ADDRESSES[DEPLOYER]
        )[1]
        for role in (Role.ADMIN, Role.ADMINISTRATOR, Role.ENFORCER)
    }
    assert held == {Role.ADMIN: 7200, Role.ADMINISTRATOR: 3600, Role.ENFORCER: 86_400}
    before = local.chain.nonce(ADDRESSES[DEPLOYER])
    local.deploy(deployment.parse_plan(plan_data(delays=delays)))
    assert local.chain.nonce(ADDRESSES[DEPLOYER]) == before


@pytest.mark.parametrize(
    ("contract", "count"), [("ReceivableLedger", 16), ("Exchange", 1), ("InvoiceRegistry", 3)]
)
def test_selectors_are_the_contracts_own(contract, count):
    known = {bytes.fromhex(s) for s in artifacts.load(f"I{contract}").method_identifiers.values()}
    chosen = [selector for role in Role for selector in selectors(contract, role)]

    assert set(chosen) <= known
    assert len(set(chosen)) == len(chosen) == count


def test_the_documentation_names_every_power_under_its_role():
    text = (Path(__file__).parents[3] / "docs" / "deployment.md").read_text("utf-8")
    rows = {int(line.split("|")[1]): line for line in text.splitlines() if re.match(r"\| \d", line)}

    for role in {role for by_role in POWERS.values() for role in by_role}:
        assert f"| {role.label} |" in rows[role]
        names = {name for _, holder, name in powers() if holder == role}
        assert set(re.findall(r"`(\w+)`", rows[role])) == names
