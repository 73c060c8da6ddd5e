"""Deployment plans: a small TOML file, checked whole before anything is sent."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from duebill import presets
from duebill.deployment._reader import Table
from duebill.deployment._roles import Role
from duebill.errors import BadPlan, UnreadablePlan
from duebill.model import GateRules, Requirement, Rules, Stage
from duebill.node_accounts import ADDRESSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill.deployment._reader import Problems
    from duebill.model import Address

#: Chains that anyone may throw away: anvil's and the development chains' own ids.
LOCAL_CHAIN_IDS = frozenset({31337, 1337})

#: Written in a list of a local plan, it stands for whoever deploys.
DEPLOYER = "deployer"

_DAY = 86_400
_NONE = Decimal(0)
_LARGEST_PLAN = 1_000_000
_HIGHEST_FEE_CAP = 10
# As many as a gate takes.
_MOST_REQUIREMENTS = 8
_MOST_VERIFIERS = 16
_MILLIONTHS_IN_A_PERCENT = 10_000
#: How many blocks make a transaction final, its own included, by how a chain comes to agree.
FINALITY: Mapping[str, int] = MappingProxyType(
    {
        # Whoever runs it can turn it back; nobody else.
        "local": 1,
        # Byzantine fault tolerant (QBFT, IBFT 2.0): what is in a block is final.
        "bft": 1,
        # Proof of stake with checkpoints: two epochs of 32 blocks.
        "ethereum": 64,
    }
)
_MOST_CONFIRMATIONS = 10_000
_MEMBERS = {
    "admins": Role.ADMIN,
    "registrars": Role.REGISTRAR,
    "supervisors": Role.SUPERVISOR,
    "enforcers": Role.ENFORCER,
    "administrators": Role.ADMINISTRATOR,
    "consortium": Role.CONSORTIUM,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyPlan:
    """A currency of the plan.

    Attributes:
        key: Its name in the plan and in the address book.
        code: ISO 4217.
        decimals: Of the token, or of the currency's minor unit.
        token: The ERC-20 that pays; None for the others.
        paying_agent: Who attests payments outside the chain; None for the others.
        test: Whether a test token is deployed for it, on local chains only.
    """

    key: str
    code: str
    decimals: int
    token: Address | None = None
    paying_agent: Address | None = None
    test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammePlan:
    """A programme of the plan.

    Attributes:
        key: Its name in the plan and in the address book.
        rules: What it allows. Its currency is the number that the plan's order gives it.
        gate: The rules of a gate of its own; None: it has none, or one that `rules` names.
        readers: Who is entitled to read all documents under it.
    """

    key: str
    rules: Rules
    gate: GateRules | None = None
    readers: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to stand on a chain.

    Attributes:
        name: Tells deployments on one chain apart: another name, other addresses.
        chain_id: The only chain that it is good for.
        members: The holders of each role; `DEPLOYER` stands for whoever deploys.
        delays: Seconds between the announcement and the act of a role's holders.
        currencies: In the order of their numbers, from 1.
        programmes: In the order of their numbers, from 1.
        fee_cap: The highest fee that the exchange can ever have, in millionths of the price.
        confirmations: How many blocks, its own included, make a transaction final on this chain.
        registry: The invoice registry that others run; None: the deployment gets one of its own.
        registrants: The platforms that its own registry begins with, in the order of their
            numbers, from 1.
    """

    name: str
    chain_id: int
    members: Mapping[Role, tuple[Address, ...]]
    delays: Mapping[Role, int] = field(default_factory=dict)
    currencies: tuple[CurrencyPlan, ...] = ()
    programmes: tuple[ProgrammePlan, ...] = ()
    fee_cap: int = 0
    confirmations: int = 1
    registry: Address | None = None
    registrants: tuple[Address, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether the chain is one that may be thrown away."""
        return self.chain_id in LOCAL_CHAIN_IDS

    def holders(self, role: Role, *, deployer: Address) -> tuple[Address, ...]:
        """The accounts that are to hold a role, when `deployer` deploys."""
        named = (deployer if who == DEPLOYER else who for who in self.members.get(role, ()))
        return tuple(dict.fromkeys(named))

    def gate_rules(self, programme: ProgrammePlan, *, deployer: Address) -> GateRules | None:
        """The rules of a programme's gate, when `deployer` deploys."""
        if programme.gate is None:
            return None
        named = (
            replace(it, verifiers=tuple(deployer if w == DEPLOYER else w for w in it.verifiers))
            for it in programme.gate.requirements
        )
        return replace(programme.gate, requirements=tuple(named))

    def readers(self, *, deployer: Address) -> Mapping[str, tuple[Address, ...]]:
        """Who reads all documents of a programme, by its key, when `deployer` deploys."""
        return {
            programme.key: tuple(deployer if who == DEPLOYER else who for who in programme.readers)
            for programme in self.programmes
            if programme.readers
        }

    def platforms(self, *, deployer: Address) -> tuple[Address, ...]:
        """The accounts of the registrants, when `deployer` deploys."""
        return tuple(deployer if who == DEPLOYER else who for who in self.registrants)

    def delay(self, role: Role) -> int:
        """Seconds that a role's holders have to wait between announcing and acting."""
        return self.delays.get(role, 0)


def load_plan(path: str | Path) -> Plan:
    """Read a plan from a TOML file.

    Raises:
        UnreadablePlan: The file cannot be read, or is no TOML.
        BadPlan: A key is missing, unknown or wrong; all of them are named.
    """
    try:
        data = Path(path).read_bytes()
        if len(data) > _LARGEST_PLAN:
            raise UnreadablePlan(str(path), "it is larger than a plan can be")
        return parse_plan(tomllib.loads(data.decode("utf-8")))
    except OSError as error:
        raise UnreadablePlan(str(path), error.strerror or "it cannot be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadablePlan(str(path), str(error)) from error


def local_plan() -> Plan:
    """The plan for a local chain that comes with the package: deployments/local.toml."""
    return load_plan(Path(__file__).with_name("local.toml"))


def parse_plan(data: Mapping[str, Any]) -> Plan:
    """Make a plan of what a TOML file would hold.

    Raises:
        BadPlan: A key is missing, unknown or wrong; all of them are named.
    """
    problems: Problems = []
    table = Table(data, "", problems)
    plan = _plan(table)
    table.refuse_unknown()
    if problems:
        raise BadPlan(tuple(problems))
    check_plan(plan)
    return plan


def check_plan(plan: Plan) -> None:
    """Check what no single key tells; also for plans that were put together in a program.

    Raises:
        BadPlan: What contradicts what.
    """
    problems: Problems = []
    if not plan.members.get(Role.ADMIN):
        problems.append(("admins", "names nobody, so that nobody could ever change a role"))
    if len(plan.currencies) > 2**8 - 1:
        problems.append(("currencies", "are more than 255"))
    if plan.registry and plan.registrants:
        reason = "are admitted by the consortium of the registry that is named"
        problems.append(("registry.registrants", reason))
    if plan.registry and plan.members.get(Role.CONSORTIUM):
        problems.append(("consortium", "has no say in a registry that others run"))
    if len(plan.programmes) > 2**16 - 1:
        problems.append(("programmes", "are more than 65535"))
    if not plan.is_local:
        _check_public_chain(plan, problems)
    if problems:
        raise BadPlan(tuple(problems))


def _plan(table: Table) -> Plan:
    name = table.label("name")
    chain_id = table.whole("chain_id", most=2**64 - 1, least=1)
    members = {role: table.accounts(key) for key, role in _MEMBERS.items()}
    delays = _delays(table.table("delays"), local=chain_id in LOCAL_CHAIN_IDS)
    currencies = tuple(_currency(t) for t in table.tables("currencies"))
    by_key = {currency.key: currency for currency in currencies}
    programmes = tuple(_programme(t, by_key) for t in table.tables("programmes"))
    registry, registrants = _registry(table.table("registry"))
    return Plan(
        name=name,
        chain_id=chain_id,
        members=MappingProxyType(members),
        delays=MappingProxyType(delays),
        currencies=currencies,
        programmes=programmes,
        fee_cap=_fee_cap(table.table("exchange")),
        registry=registry,
        registrants=registrants,
        confirmations=_confirmations(table, local=chain_id in LOCAL_CHAIN_IDS),
    )


def _confirmations(table: Table, *, local: bool) -> int:
    """As the plan counts them, or as its chain's finality asks for; the safe one when it is silent."""
    kind = "local" if local else "ethereum"
    if table.has("finality"):
        kind = table.choice("finality", tuple(FINALITY))
    preset = FINALITY.get(kind, 1)
    return table.whole("confirmations", least=1, most=_MOST_CONFIRMATIONS, default=preset)


def _registry(table: Table) -> tuple[Address | None, tuple[Address, ...]]:
    found = table.address("address"), table.accounts("registrants")
    table.refuse_unknown()
    return found


def _fee_cap(table: Table) -> int:
    cap = table.amount("fee_cap", places=4, default=_NONE)
    if cap > _HIGHEST_FEE_CAP:
        table.refuse("fee_cap", f"is above {_HIGHEST_FEE_CAP} percent")
    table.refuse_unknown()
    return int(cap * _MILLIONTHS_IN_A_PERCENT)


def _delays(table: Table, *, local: bool) -> dict[Role, int]:
    # Whoever can take from others announces it a day ahead, unless the plan says otherwise.
    defaults = {} if local else {Role.ENFORCER: _DAY}
    delays = {role: table.seconds(role.name.lower(), defaults.get(role, 0)) for role in Role}
    table.refuse_unknown()
    return delays


def _currency(table: Table) -> CurrencyPlan:
    currency = CurrencyPlan(
        key=table.name,
        code=table.currency_code("code"),
        decimals=table.whole("decimals", most=36),
        token=table.address("token"),
        paying_agent=table.address("paying_agent"),
        test=table.flag("test"),
    )
    if sum(map(table.has, ("token", "paying_agent", "test"))) != 1:
        table.refuse("", "needs exactly one of token, paying_agent and test = true")
    table.refuse_unknown()
    return currency


def _programme(table: Table, currencies: Mapping[str, CurrencyPlan]) -> ProgrammePlan:
    table = _with_preset(table)
    currency = table.reference("currency", currencies)
    places = min(6, currencies[currency].decimals) if currency else 6
    rules = Rules(
        max_tenor_days=table.whole("max_tenor_days", least=1, most=2**16 - 1),
        acceptance_days=table.whole("acceptance_days", least=1, most=2**16 - 1),
        grace_days=table.whole("grace_days", most=2**16 - 1),
        max_hops=table.whole("max_hops", most=2**8 - 1),
        max_splits=table.whole("max_splits", most=2**32 - 1),
        smallest_voucher=table.amount("smallest_voucher", places=places),
        obligor_limit=table.amount("obligor_limit", places=places, default=_NONE) or None,
        currency=list(currencies).index(currency) + 1 if currency else None,
        attestations=table.whole("attestations", most=2**8 - 1, default=0),
        consent=table.flag("consent"),
        stop_on_default=table.flag("stop_on_default"),
        gate=table.address("gate"),
    )
    gate, readers = _gate(table, places), table.accounts("readers")
    _check_rules(rules, gate, table)
    table.refuse_unknown()
    return ProgrammePlan(key=table.name, rules=rules, gate=gate, readers=readers)


def _with_preset(table: Table) -> Table:
    """A programme with the rules of the preset that it names, if it names one."""
    name = table.content.get("preset", "")
    if name == "":
        return table
    try:
        preset = presets.load(name)
    except (LookupError, TypeError):
        table.refuse("preset", f"has to be one of {', '.join(presets.NAMES)}")
        # That keys are missing without it is no news.
        preset = presets.load("open")
    given = {key: value for key, value in table.content.items() if key != "preset"}
    merged, problems = preset.applied(given)
    for key, reason in problems:
        table.refuse(key, reason)
    return table.within(merged)


def _gate(table: Table, places: int) -> GateRules | None:
    """The rules of a programme's own gate; None if there are none."""
    rules = GateRules(
        invoices_required=table.flag("invoices_required"),
        total_limit=table.amount("total_limit", places=places, default=_NONE) or None,
        face_limit=table.amount("face_limit", places=places, default=_NONE) or None,
        last_issue=table.day("last_issue"),
        stop_on_overdue=table.flag("stop_on_overdue"),
        requirements=tuple(map(_requirement, table.rows("requirements"))),
    )
    return None if rules == GateRules() else rules


def _requirement(table: Table) -> Requirement:
    verifiers = table.accounts("verifiers")
    if not 0 < len(verifiers) <= _MOST_VERIFIERS:
        table.refuse("verifiers", f"have to be 1 to {_MOST_VERIFIERS}")
    requirement = Requirement(
        kind=table.kind("kind"),
        before=Stage(table.choice("before", [stage.value for stage in Stage])),
        needed=table.whole("needed", least=1, most=max(len(verifiers), 1)),
        verifiers=verifiers,
    )
    table.refuse_unknown()
    return requirement


def _check_rules(rules: Rules, gate: GateRules | None, table: Table) -> None:
    if not rules.smallest_voucher:
        table.refuse("smallest_voucher", "has to be more than zero")
    if rules.obligor_limit and rules.currency is None:
        table.refuse("obligor_limit", "needs a currency, because sums need one")
    if rules.attestations and rules.gate is None:
        table.refuse("attestations", "needs a gate that asks for them")
    if gate is None:
        return
    if rules.gate is not None:
        reason = "names a contract of its own, and other keys have rules for one: give either"
        table.refuse("gate", reason)
    for key, limit in (("total_limit", gate.total_limit), ("face_limit", gate.face_limit)):
        if limit is not None and rules.currency is None:
            table.refuse(key, "needs a currency, because sums need one")
    if len(gate.requirements) > _MOST_REQUIREMENTS:
        table.refuse("requirements", f"are more than {_MOST_REQUIREMENTS}")


def _check_public_chain(plan: Plan, problems: Problems) -> None:
    for currency in plan.currencies:
        if currency.test:
            reason = f"test currencies are for local chains, not for chain {plan.chain_id}"
            problems.append((f"currencies.{currency.key}.test", reason))
        if currency.paying_agent in ADDRESSES:
            key = f"currencies.{currency.key}.paying_agent"
            problems.append((key, "is an account whose key all the world has"))
    for key, role in _MEMBERS.items():
        _check_members(key, plan.members.get(role, ()), problems)
    _check_members("registry.registrants", plan.registrants, problems)
    for programme in plan.programmes:
        for place, requirement in enumerate(programme.gate.requirements if programme.gate else ()):
            key = f"programmes.{programme.key}.requirements[{place}].verifiers"
            _check_members(key, requirement.verifiers, problems)
        _check_members(f"programmes.{programme.key}.readers", programme.readers, problems)
    _check_apart(plan, problems)


def _check_members(key: str, members: tuple[Address, ...], problems: Problems) -> None:
    if DEPLOYER in members:
        problems.append((key, f'"{DEPLOYER}" is for local chains: name the account'))
    for who in members:
        if who in ADDRESSES:
            problems.append((key, f"{who} is an account whose key all the world has"))


def _check_apart(plan: Plan, problems: Problems) -> None:
    seen: dict[str, str] = {}
    for key, role in _MEMBERS.items():
        for who in plan.members.get(role, ()):
            if who in seen:
                reason = f"{who} is among the {seen[who]} too: roles are kept apart"
                problems.append((key, reason))
            seen.setdefault(who, key)
