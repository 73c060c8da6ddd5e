"""What contracts refuse, one class for each of their custom errors.

A class has the error's name and its fields, in the ABI's order and in snake case (with a trailing
underscore where Python has a word of that name). The annotation says how a field is read: `Units`
are millionths of a currency, a `date` is a day and a `datetime` a second that the contracts count.
`says` and `advice` are the message and the hint, with the fields filled in.
"""

# ruff: noqa: N818 - each class has the name that the contract gave it.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, dataclass_transform

from duebill.errors._base import DuebillError, quoted

if TYPE_CHECKING:
    from datetime import date, datetime

    from duebill.model import Address, ReceivableId, Status, VoucherId

Units: TypeAlias = int
"""Millionths of a currency."""

_PANICS = {
    0x01: "an assertion failed",
    0x11: "a number overflowed",
    0x12: "something was divided by zero",
    0x21: "a number is no member of its enumeration",
    0x32: "an index is out of bounds",
    0x41: "too much memory was asked for",
}


class RevertError(DuebillError):
    """A contract refused a call.

    Attributes:
        transaction: The hash of the transaction that was sent and refused; None when the refusal
            was foreseen and nothing was sent.
    """

    transaction: str | None = None


class UnknownRevert(RevertError):
    """A refusal that is none of ours: a programme's gate, or a foreign token, has its own.

    Attributes:
        data: What the contract returned.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        shown = "0x" + data.hex() if data else "nothing"
        super().__init__(
            f"A contract refused without a reason that is known here; it returned {quoted(shown)}.",
            hint="Ask whoever runs the programme's gate or the currency's token what it means.",
        )


class RevertedWithReason(RevertError):
    """A refusal in words, as older tokens write them.

    Attributes:
        reason: The contract's words.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"A contract refused: {quoted(reason)}.",
            hint="These are a foreign contract's words; ask whoever runs it.",
        )


class Panicked(RevertError):
    """A contract broke off because of a fault in its code or in what it was given.

    Attributes:
        code: Solidity's panic code.
    """

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(
            f"A contract broke off: {_PANICS.get(code, 'for a reason of its own')} ({code:#x}).",
            hint="Nothing was changed. Please report it with the call that led here.",
        )


@dataclass_transform(eq_default=False)
class ContractError(RevertError):
    """A refusal by a custom error of a shipped contract."""

    says: ClassVar[str] = ""
    advice: ClassVar[str] = ""

    def __init__(self, *args: Any, **fields: Any) -> None:
        names = field_kinds(type(self))
        given = {**dict(zip(names, args, strict=False)), **fields}
        if given.keys() != names.keys() or len(args) + len(fields) != len(names):
            raise TypeError(f"{type(self).__name__} takes {', '.join(names) or 'no fields'}")
        self.__dict__.update(given)
        shown = {name: _shown(value, names[name]) for name, value in given.items()}
        super().__init__(self.says.format(**shown), hint=self.advice.format(**shown))


def field_kinds(cls: type[ContractError]) -> dict[str, str]:
    """The fields of an error in the ABI's order, each with the name of its annotation."""
    return dict(cls.__annotations__)


def _shown(value: Any, kind: str) -> str:
    # The values' own module imports the errors: not before one is shown.
    from duebill.model import FOREVER, plain  # noqa: PLC0415

    if kind == "Units":
        return plain(value)
    if kind == "datetime":
        return "for ever" if value == FOREVER else f"{value:%Y-%m-%d %H:%M:%S} UTC"
    if kind == "bytes":
        return f"0x{value.hex()}"
    return quoted(value) if kind == "str" else str(value)


# -- groups -----------------------------------------------------------------------------------


class LedgerRefusal(ContractError):
    """The ledger's own rules forbid it."""


class VoucherRefusal(ContractError):
    """The rules of vouchers as tokens (ERC-721, ERC-3525, ERC-7943) forbid it."""


class AccessRefusal(ContractError):
    """The account lacks a role, or a role's delay is not over."""


class TokenRefusal(ContractError):
    """The token of a currency (ERC-20) refused."""


class LibraryRefusal(ContractError):
    """A check of the contracts' library failed; no sound input leads here."""


# -- receivables ------------------------------------------------------------------------------


class AlreadyIssued(LedgerRefusal):
    """These very terms were issued before."""

    receivable: ReceivableId

    says = "Receivable {receivable} was issued before with these very terms."
    advice = "If a second one is meant, draft the terms anew: they get another salt."


class WrongStatus(LedgerRefusal):
    """The receivable is not in the state that the call needs."""

    receivable: ReceivableId
    status: Status
    needed: Status

    says = "Receivable {receivable} is {status}, and has to be {needed} for this."
    advice = "Look at its status first; it may have been done already, or its time may be over."


class ObligorIsCreditor(LedgerRefusal):
    """Obligor and creditor are one."""

    party: Address

    says = "{party} is named both as obligor and as creditor."
    advice = "Name two different accounts."


class DueDateInPast(LedgerRefusal):
    """The due date is in the past."""

    due_day: date
    today: date

    says = "The due date {due_day} is over: on the chain it is {today}."
    advice = "Give a due date from today on."


class AcceptancePeriodOver(LedgerRefusal):
    """The acceptance period is over."""

    accept_by: date
    today: date

    says = "It had to be accepted by {accept_by}; on the chain it is {today}."
    advice = "The creditor has to issue it again."


class SignatureExpired(LedgerRefusal):
    """A signature is used after its deadline."""

    deadline: datetime
    time: datetime

    says = "The signature counted until {deadline}; on the chain it is {time}."
    advice = "Ask the obligor to sign again with a later deadline."


class SignatureInvalid(LedgerRefusal):
    """A signature is not the obligor's."""

    signer: Address

    says = "The signature is not that of the obligor {signer} on these terms and this deadline."
    advice = "Send the acceptance on exactly as the obligor gave it, to the ledger it names."


class DefaultAlreadyDeclared(LedgerRefusal):
    """A default is declared that is already on record."""

    receivable: ReceivableId

    says = "The default on receivable {receivable} is on record already."
    advice = "Nothing has to be done."


# -- parties ----------------------------------------------------------------------------------


class PartyNotVerified(LedgerRefusal):
    """A party that has to be verified is not."""

    party: Address

    says = "{party} is not verified, or no longer."
    advice = "Ask the registrar to verify the party."


class PartyIsFrozen(LedgerRefusal):
    """A frozen party acts or receives."""

    party: Address
    until: datetime

    says = "{party} is frozen; the last moment of it: {until}."
    advice = "Ask the supervisor for the reason."


class PartyIsZero(LedgerRefusal):
    """The zero address is named as a party."""

    says = "The zero address cannot be a party."
    advice = "Give the party's account."


class CallerNotEntitled(LedgerRefusal):
    """The caller is not the party whose own act the call needs."""

    caller: Address
    entitled: Address

    says = "{caller} may not do this; only {entitled} may."
    advice = "Sign with the account that is entitled."


class ConsentMissing(LedgerRefusal):
    """The recipient has not consented to receive from the sender."""

    recipient: Address
    sender: Address

    says = "{recipient} has not agreed to receive from {sender}, as the programme asks."
    advice = "Ask the recipient to give its consent to this sender."


# -- programmes -------------------------------------------------------------------------------


class ProgrammeUnknown(LedgerRefusal):
    """A programme does not exist."""

    programme: int

    says = "There is no programme {programme}."
    advice = "List the programmes and choose one; they count from 1."


class ProgrammeClosed(LedgerRefusal):
    """A closed programme is to issue."""

    programme: int

    says = "Programme {programme} is closed for new receivables."
    advice = "Choose an open programme."


class ProgrammeInvalid(LedgerRefusal):
    """A rule of a programme contradicts another."""

    rule: str

    says = "The rules of the programme do not hold together: {rule}."
    advice = "Correct the rule and create the programme again."


class CurrencyNotAdmitted(LedgerRefusal):
    """The programme admits another currency only."""

    currency: int
    admitted: int

    says = "The programme admits currency {admitted} only, not {currency}."
    advice = "Choose another programme, or the currency that it admits."


class TenorTooLong(LedgerRefusal):
    """The due date is further away than the programme allows."""

    tenor_days: int
    max_tenor_days: int

    says = "The due date is {tenor_days} days away; the programme allows {max_tenor_days}."
    advice = "Choose an earlier due date or another programme."


class BelowSmallestVoucher(LedgerRefusal):
    """An amount is smaller than the smallest voucher."""

    value: Units
    smallest: Units

    says = "A voucher of {value} would be made; the programme's smallest is {smallest}."
    advice = "Move more, or all of it, so that no voucher is left too small."


class HopLimitReached(LedgerRefusal):
    """Value has changed hands as often as the programme allows."""

    hops: int
    max_hops: int

    says = "The value has changed hands {hops} times; the programme allows {max_hops}."
    advice = "Hold it until it is paid, or redeem what is covered."


class SplitLimitReached(LedgerRefusal):
    """As many vouchers were split off as the programme allows."""

    splits: int
    max_splits: int

    says = "{splits} vouchers would be split off the receivable; the programme allows {max_splits}."
    advice = "Pass on whole vouchers."


class ObligorLimitExceeded(LedgerRefusal):
    """An obligor would owe more than the programme allows."""

    obligor: Address
    outstanding: Units
    limit: Units

    says = "{obligor} would owe {outstanding}; the programme allows {limit}."
    advice = "Wait until it has paid, or issue under another programme."


class ObligorInDefault(LedgerRefusal):
    """An obligor in declared default accepts anew under a programme that forbids it."""

    obligor: Address

    says = "{obligor} has a declared default, and the programme admits nothing new from it."
    advice = "It can accept again once the receivable in default is paid."


# -- currencies and money ---------------------------------------------------------------------


class CurrencyUnknown(LedgerRefusal):
    """A currency does not exist."""

    currency: int

    says = "There is no currency {currency}."
    advice = "List the currencies and choose one; they count from 1."


class CurrencyClosed(LedgerRefusal):
    """A closed currency is used for a new issue."""

    currency: int

    says = "Currency {currency} is closed for new receivables."
    advice = "Choose an open currency."


class CurrencyInvalid(LedgerRefusal):
    """A row of the currency table would contradict its rules."""

    rule: str

    says = "The currency is refused: {rule}."
    advice = "Name a token with its own decimals, or a paying agent; the code is ISO 4217's."


class CurrencyIsOffChain(LedgerRefusal):
    """A payment is made on chain in a currency that is paid outside it."""

    currency: int

    says = "Currency {currency} is paid outside the chain."
    advice = "Pay its paying agent, who then attests the payment."


class NotPayingAgent(LedgerRefusal):
    """A caller other than the currency's paying agent attests a payment."""

    caller: Address
    paying_agent: Address

    says = "{caller} is not the currency's paying agent; {paying_agent} is."
    advice = "Sign with the paying agent's account."


class AmountNotExpressible(LedgerRefusal):
    """The currency cannot express an amount."""

    amount: Units
    granule: Units

    says = "The currency cannot express {amount}: its smallest amount is {granule}."
    advice = "Round it to a multiple of that."


class PaymentNotExact(LedgerRefusal):
    """Less, or more, arrived than was to be paid; in the token's own smallest units."""

    arrived: int
    expected: int

    says = "{arrived} of the token's smallest units arrived where {expected} were to be paid."
    advice = "This token takes fees or changes balances; it cannot be used. Tell the administrator."


class AmountIsZero(LedgerRefusal):
    """An amount is zero."""

    says = "The amount is zero."
    advice = "Give a positive amount."


class NothingOwed(LedgerRefusal):
    """Nothing is owed, or nothing is left to advance."""

    receivable: ReceivableId

    says = "Nothing is owed on receivable {receivable}."
    advice = "Nothing has to be paid."


class NothingToClaim(LedgerRefusal):
    """Nothing can be taken out now."""

    voucher: VoucherId

    says = "Nothing can be taken out on voucher {voucher} now."
    advice = "Redeem it when more has been paid on its receivable."


class NothingToReimburse(LedgerRefusal):
    """Nothing can be reimbursed now."""

    receivable: ReceivableId
    start: Units

    says = "Nothing can be given back now on the advance that begins at {start} of {receivable}."
    advice = "Try again when more has been paid than holders are owed."


class AdvancesOutstanding(LedgerRefusal):
    """A voucher is to be extinguished that guarantors have advanced for."""

    receivable: ReceivableId
    advanced: Units

    says = (
        "Guarantors advanced {advanced} on receivable {receivable}; no voucher can be extinguished."
    )
    advice = "Pay what is owed instead."


# -- vouchers ---------------------------------------------------------------------------------


class NotSameReceivable(VoucherRefusal):
    """Two vouchers are not of one receivable."""

    from_: VoucherId
    to: VoucherId

    says = "Vouchers {from_} and {to} are parts of different receivables."
    advice = "Only vouchers of one receivable can be put together."


class SameVoucher(VoucherRefusal):
    """Value goes from a voucher to itself."""

    id: VoucherId

    says = "Voucher {id} would be merged into itself."
    advice = "Name another voucher."


class InsufficientValue(VoucherRefusal):
    """A voucher has less than what is to leave it."""

    id: VoucherId
    value: Units
    needed: Units

    says = "Voucher {id} has {value}, less than the {needed} that are to leave it."
    advice = "Move less."


class InsufficientAllowance(VoucherRefusal):
    """An operator's allowance on a voucher is less than what it moves."""

    id: VoucherId
    operator: Address
    allowance: Units
    needed: Units

    says = "{operator} may move {allowance} out of voucher {id}, not {needed}."
    advice = "Ask its holder for a larger allowance."


class HopsWouldRise(VoucherRefusal):
    """Value sent into another holder's voucher would raise its hops."""

    id: VoucherId
    hops: int
    would_be: int

    says = "The value would raise the hops of voucher {id} from {hops} to {would_be}."
    advice = "Send it to the holder's address instead, as a new voucher."


class ClaimNotDivisible(VoucherRefusal):
    """A part of a voucher that was claimed on cannot go into another voucher."""

    id: VoucherId
    claimed: Units

    says = "What was claimed on voucher {id}, {claimed}, cannot be divided for this amount."
    advice = "Move the whole value, or another amount, or split the amount off."


class ValueRefused(VoucherRefusal):
    """A contract refuses value."""

    recipient: Address

    says = "The contract {recipient} refuses to receive value."
    advice = "Ask whoever runs it, or send to another account."


class PartsOutOfRange(VoucherRefusal):
    """A split has no part, or a split or a merge too many."""

    parts: int
    most: int

    says = "A split or a merge takes 1 to {most} at once, not {parts}."
    advice = "Do it in several steps."


class NothingToMerge(VoucherRefusal):
    """Nothing, or only one voucher, is to be merged."""

    says = "There is nothing to merge."
    advice = "Name at least one other voucher."


class ERC721InvalidOwner(VoucherRefusal):
    """The zero address was asked for its vouchers."""

    owner: Address

    says = "{owner} cannot hold vouchers."
    advice = "Give an account."


class ERC721NonexistentToken(VoucherRefusal):
    """There is no such voucher."""

    token_id: VoucherId

    says = "There is no voucher {token_id}; it was emptied, or never made."
    advice = "List the vouchers of its receivable."


class ERC721IncorrectOwner(VoucherRefusal):
    """A voucher belongs to another."""

    sender: Address
    token_id: VoucherId
    owner: Address

    says = "Voucher {token_id} is held by {owner}, not by {sender}."
    advice = "Sign with its holder's account, or name another voucher."


class ERC721InvalidSender(VoucherRefusal):
    """The sender of a voucher is no account."""

    sender: Address

    says = "{sender} cannot send vouchers."
    advice = "Name its holder."


class ERC721InvalidReceiver(VoucherRefusal):
    """The receiver is no account, the holder itself, or a contract that takes no vouchers."""

    receiver: Address

    says = "{receiver} cannot receive the voucher."
    advice = "Name an account that can: a contract has to say that it takes ERC-721 tokens."


class ERC721InsufficientApproval(VoucherRefusal):
    """An account that may not act on a voucher tries to."""

    operator: Address
    token_id: VoucherId

    says = "{operator} may not act on voucher {token_id}."
    advice = "Sign with its holder's account, or ask the holder for an approval."


class ERC721InvalidApprover(VoucherRefusal):
    """An account approves that may not."""

    approver: Address

    says = "{approver} may not give approvals on this voucher."
    advice = "Sign with its holder's account."


class ERC721InvalidOperator(VoucherRefusal):
    """The zero address cannot be an operator."""

    operator: Address

    says = "{operator} cannot be approved."
    advice = "Name an account."


class ERC7943CannotSend(VoucherRefusal):
    """An account may not send."""

    account: Address

    says = "{account} may not send."
    advice = "Ask the supervisor for the reason."


class ERC7943CannotReceive(VoucherRefusal):
    """An account may not receive."""

    account: Address

    says = "{account} may not receive."
    advice = "Ask the registrar whether it is verified."


class ERC7943CannotTransfer(VoucherRefusal):
    """A rule forbids this transfer."""

    from_: Address
    to: Address
    token_id: VoucherId

    says = "Voucher {token_id} may not go from {from_} to {to}."
    advice = "Look at the programme's rules."


class ERC7943InsufficientUnfrozenBalance(VoucherRefusal):
    """The voucher is frozen for its holder."""

    account: Address
    token_id: VoucherId

    says = "Voucher {token_id} is frozen for {account}."
    advice = "Ask the supervisor for the reason."


# -- supervision ------------------------------------------------------------------------------


class LedgerIsPaused(LedgerRefusal):
    """The ledger is paused."""

    until: datetime

    says = "The ledger is paused; the last moment of it: {until}."
    advice = "Paying and redeeming work; do the rest when the pause is over."


class PauseOutOfRange(LedgerRefusal):
    """A pause would end in the past, or too late."""

    until: datetime
    longest: datetime

    says = "A pause until {until} is refused: it has to end from now on, and by {longest}."
    advice = "Give an end in that span."


class PauseTooSoon(LedgerRefusal):
    """A pause follows the last one too soon."""

    earliest: datetime

    says = "The next pause can begin after {earliest}."
    advice = "Freeze single parties or vouchers meanwhile."


class LedgerNotPaused(LedgerRefusal):
    """There is no pause to end."""

    says = "The ledger is not paused."
    advice = "Nothing has to be done."


# -- access -----------------------------------------------------------------------------------


class AccessManagedUnauthorized(AccessRefusal):
    """The caller lacks the role that this needs."""

    caller: Address

    says = "{caller} does not hold the role that this needs."
    advice = "Sign with an account that does, or ask an admin to grant it."


class AccessManagedRequiredDelay(AccessRefusal):
    """The role has a delay: the act has to be announced first."""

    caller: Address
    delay: int

    says = "{caller} has to announce this {delay} seconds before doing it."
    advice = "Announce it, wait, and do it then: `duebill supervision` has --announce for that."


class AccessManagedInvalidAuthority(AccessRefusal):
    """The named authority is no contract."""

    authority: Address

    says = "{authority} is no authority: there is no contract."
    advice = "Give the address of the role manager."


class AccessManagerAlreadyScheduled(AccessRefusal):
    """The act was announced before."""

    operation_id: bytes

    says = "This act was announced before (operation {operation_id})."
    advice = "Do it when its delay is over, or cancel it first."


class AccessManagerNotScheduled(AccessRefusal):
    """The act was not announced."""

    operation_id: bytes

    says = "This act was not announced (operation {operation_id})."
    advice = (
        "Announce it first: `duebill supervision` has --announce for that. What was announced is done "
        "with the same end and the same reason, word for word."
    )


class AccessManagerNotReady(AccessRefusal):
    """The delay is not over."""

    operation_id: bytes

    says = "The delay of this act is not over (operation {operation_id})."
    advice = (
        "Try again later: `duebill supervision log` tells from when on. The chain's clock decides."
    )


class AccessManagerExpired(AccessRefusal):
    """The act was announced too long ago."""

    operation_id: bytes

    says = "This act was announced too long ago (operation {operation_id})."
    advice = "Announce it again."


class AccessManagerLockedFunction(AccessRefusal):
    """A function that belongs to the manager itself cannot be given to a role."""

    selector: bytes

    says = "Function {selector} cannot be given to a role."
    advice = "Leave it out."


class AccessManagerLockedRole(AccessRefusal):
    """The admin's and the public's roles cannot be changed so."""

    role_id: int

    says = "Role {role_id} cannot be changed in this way."
    advice = "Choose another role."


class AccessManagerBadConfirmation(AccessRefusal):
    """A role is given up for another account than the caller's."""

    says = "A role can be given up only by its holder, for itself."
    advice = "Sign with the account that gives the role up."


class AccessManagerUnauthorizedAccount(AccessRefusal):
    """The account lacks a role of the manager."""

    msgsender: Address
    role_id: int

    says = "{msgsender} does not hold role {role_id}."
    advice = "Sign with an account that does."


class AccessManagerUnauthorizedCall(AccessRefusal):
    """The caller may not announce or make this call at all."""

    caller: Address
    target: Address
    selector: bytes

    says = "{caller} may not call {selector} on {target}."
    advice = "Sign with an account that holds the role, or that has no delay to announce."


class AccessManagerUnauthorizedConsume(AccessRefusal):
    """A contract asks for an operation that is not its own."""

    target: Address

    says = "{target} may not use up this operation."
    advice = "Call the contract that the operation was announced for."


class AccessManagerUnauthorizedCancel(AccessRefusal):
    """The account may not cancel an announced act."""

    msgsender: Address
    caller: Address
    target: Address
    selector: bytes

    says = "{msgsender} may not cancel what {caller} announced: {selector} on {target}."
    advice = "Sign with the account that announced it, a guardian of the role, or an admin."


class AccessManagerInvalidInitialAdmin(AccessRefusal):
    """A role manager cannot begin with this admin."""

    initial_admin: Address

    says = "{initial_admin} cannot be the first admin."
    advice = "Name an account."


# -- tokens -----------------------------------------------------------------------------------


class ERC20InsufficientBalance(TokenRefusal):
    """An account has too little of a token; in the token's own smallest units."""

    sender: Address
    balance: int
    needed: int

    says = "{sender} has {balance} of the token's smallest units; {needed} are needed."
    advice = "Top the account up."


class ERC20InsufficientAllowance(TokenRefusal):
    """An account was allowed to take too little of a token; in its own smallest units."""

    spender: Address
    allowance: int
    needed: int

    says = "{spender} may take {allowance} of the token's smallest units; {needed} are needed."
    advice = "Pay through `Obligor.pay`, which allows the exact amount first."


class ERC20InvalidSender(TokenRefusal):
    """The sender of tokens is no account."""

    sender: Address

    says = "{sender} cannot send tokens."
    advice = "Name an account."


class ERC20InvalidReceiver(TokenRefusal):
    """The receiver of tokens is no account."""

    receiver: Address

    says = "{receiver} cannot receive tokens."
    advice = "Name an account."


class ERC20InvalidApprover(TokenRefusal):
    """The approver of tokens is no account."""

    approver: Address

    says = "{approver} cannot approve."
    advice = "Name an account."


class ERC20InvalidSpender(TokenRefusal):
    """The spender of tokens is no account."""

    spender: Address

    says = "{spender} cannot be approved."
    advice = "Name an account."


class ERC2612ExpiredSignature(TokenRefusal):
    """A permit is used after its deadline."""

    deadline: datetime

    says = "The permit counted until {deadline}."
    advice = "Sign a new one."


class ERC2612InvalidSigner(TokenRefusal):
    """A permit was signed by another account."""

    signer: Address
    owner: Address

    says = "The permit was signed by {signer}, not by {owner}."
    advice = "Sign with the owner's account."


class InvalidAccountNonce(TokenRefusal):
    """A permit's number is not the next one."""

    account: Address
    current_nonce: int

    says = "The next permit of {account} has number {current_nonce}."
    advice = "Sign a new one with that number."


class SafeERC20FailedOperation(TokenRefusal):
    """A token said that it failed."""

    token: Address

    says = "The token {token} did not carry out the transfer."
    advice = "Look at the payer's balance, and whether the token blocks or pauses transfers."


# -- library ----------------------------------------------------------------------------------


class ReentrancyGuardReentrantCall(LibraryRefusal):
    """A contract called back while a call was under way."""

    says = "A contract called the ledger back while a call was under way."
    advice = "Send to another account: this contract misbehaves."


class SafeCastOverflowedUintDowncast(LibraryRefusal):
    """A number is too large for its field."""

    bits: int
    value: int

    says = "The number {value} does not fit into {bits} bits."
    advice = "Give a smaller number."


class OfficeWithoutCode(LibraryRefusal):
    """A ledger is to be made with an office that is no contract."""

    office: Address

    says = "There is no office at {office}."
    advice = "Deploy the office first, and give its address."


class AddressEmptyCode(LibraryRefusal):
    """There is no contract at an address."""

    target: Address

    says = "There is no contract at {target}."
    advice = "Check the address and the chain."


class FailedCall(LibraryRefusal):
    """A call inside the call failed without a reason."""

    says = "A call inside the call failed and gave no reason."
    advice = "Try the calls one by one."


class InsufficientBalance(LibraryRefusal):
    """A contract has too little ether, in wei."""

    balance: int
    needed: int

    says = "The contract has {balance} wei; {needed} are needed."
    advice = "Send no ether along."


class InvalidShortString(LibraryRefusal):
    """A short string is stored wrongly."""

    says = "A contract's name is stored wrongly."
    advice = "Please report it."


class StringTooLong(LibraryRefusal):
    """A string is too long to be stored in one word."""

    str_: str

    says = "The text {str_} is longer than 31 bytes."
    advice = "Give a shorter one."


class StringsInsufficientHexLength(LibraryRefusal):
    """A number has more hex digits than were asked for."""

    value: int
    length: int

    says = "The number {value} does not fit into {length} hex bytes."
    advice = "Please report it."


class ECDSAInvalidSignature(LibraryRefusal):
    """A signature is none."""

    says = "The signature is not valid."
    advice = "Sign again."


class ECDSAInvalidSignatureLength(LibraryRefusal):
    """A signature has the wrong length."""

    length: int

    says = "The signature has {length} bytes, not 65."
    advice = "Send it on exactly as it was made."


class ECDSAInvalidSignatureS(LibraryRefusal):
    """A signature is the malleable twin of a valid one."""

    s: bytes

    says = "The signature has a high s value ({s}), which is refused."
    advice = "Send it on exactly as it was made."
