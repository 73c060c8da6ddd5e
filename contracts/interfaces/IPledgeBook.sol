// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Loan, LoanState, LoanStatus} from "../types/FinanceTypes.sol";
import {VoucherId} from "../types/Ids.sol";
import {ICash} from "./ICash.sol";

/// @title IPledgeBook
/// @notice Loans against vouchers; the money side is `ICash`. The book holds the pledged voucher: it cannot
/// leave but by release, foreclosure or redemption, and the lender is paid first.
/// @dev A loan's id is the hash of its terms, which every call brings along; one voucher a loan. Interest is
/// simple, on what is owed of the principal, for whole days (UTC), and rounded down: the normal rate up to
/// the end of the grace days, then the late rate; a late rate of 0: the normal rate goes on. It is kept to
/// the unit and paid in what the currency can express. What comes in pays interest first, then principal.
/// A pledge is worth what is still to be redeemed on it, at face. If it is gone and something is still owed,
/// that stays on record, with its interest, and can be repaid. A pledge that an enforcer took is missing,
/// even if another loan brings it back. A lender or borrower that cannot be paid (blocked by the token,
/// frozen by the ledger) has its money kept for it, so nobody is blocked; a frozen one pays nothing either.
/// The book is a verified custodian: taking a pledge and giving it back are no hops. It takes no value but
/// by `open`; a whole voucher that is sent to it is lost but for the supervisor's order.
/// Tokens: one that calls its recipient lets a lender burn all but a 64th of a payment's gas: loans belong in
/// tokens without such hooks.
interface IPledgeBook is ICash {
    /* EVENTS */

    /// @notice Emitted when a loan is paid out against a pledge; all that it says.
    event LoanOpened(
        bytes32 indexed loan, address indexed lender, address indexed borrower, Loan terms
    );

    /// @notice Emitted when something is paid on a loan, by anyone or out of the voucher: then the book is
    /// the payer.
    event LoanPaid(bytes32 indexed loan, address indexed payer, uint80 interest, uint80 principal);

    /// @notice Emitted when a loan is opened, paid on or foreclosed: what is owed from then on.
    /// @param principal What is left of the principal, in units; 0: nothing is owed any more.
    /// @param interest What had come together up to `day` and is not paid, in units.
    event LoanReckoned(bytes32 indexed loan, uint80 principal, uint80 interest, uint16 day);

    /// @notice Emitted when a pledge, or a part of it, goes back to the borrower.
    /// @param voucher What went back: the pledged voucher itself, or a new one.
    event PledgeReleased(bytes32 indexed loan, VoucherId indexed voucher, uint80 value);

    /// @notice Emitted when a pledged voucher is redeemed.
    /// @param toLender What the lender got, in units; the rest went to the borrower.
    event PledgeRedeemed(
        bytes32 indexed loan, VoucherId indexed voucher, uint80 payout, uint80 toLender
    );

    /// @notice Emitted when the lender takes a pledge, or a part of it, for what is owed.
    /// @param voucher What it took: the pledged voucher itself, or a new one.
    /// @param settled What is not owed any more, in units.
    /// @param unpaid What is still owed and no pledge secures any more, in units.
    event PledgeForeclosed(
        bytes32 indexed loan, VoucherId indexed voucher, uint80 settled, uint80 unpaid
    );

    /// @notice Emitted when money is kept for somebody whom the token would not pay.
    event MoneyKept(address indexed party, uint8 indexed currency, uint80 amount);

    /// @notice Emitted when somebody takes out what was kept for it.
    event MoneyTaken(address indexed party, uint8 indexed currency, address to, uint80 amount);

    /// @notice Emitted when a party withdraws its signature before it is used.
    event LoanWithdrawn(bytes32 indexed loan, address indexed by);

    /* ERRORS */

    /// @notice Thrown when a loan contradicts itself, or the voucher that it is against.
    error LoanInvalid(bytes32 rule);

    /// @notice Thrown when a loan is not where the call needs it.
    error LoanNotIn(bytes32 loan, LoanStatus status, LoanStatus needed);

    /// @notice Thrown when the signature of the one who does not call is missing or wrong.
    error LoanSignatureInvalid(address signer);

    /// @notice Thrown when a signature is used after its time.
    error LoanSignatureExpired(uint40 signedUntil, uint256 time);

    /// @notice Thrown when less would be pledged than the advance rate asks for.
    error PledgeTooSmall(uint256 secured, uint256 owed);

    /// @notice Thrown when a lender forecloses before maturity and grace are over.
    error NotInDefault(bytes32 loan, uint256 lastDay, uint256 today);

    /// @notice Thrown when the book does not hold the voucher for this loan, or not any more.
    error PledgeMissing(bytes32 loan, VoucherId voucher);

    /// @notice Thrown when nothing was kept for a party.
    error NothingKept(address party, uint8 currency);

    /* OPEN */

    /// @notice Opens a loan: lender or borrower calls, and brings the other's signature. The money goes
    /// from the lender to the borrower, the voucher from the borrower to the book, its operator. The
    /// receivable is accepted, neither overdue nor settled, and the borrower is not its obligor.
    function open(Loan calldata terms, bytes calldata signature) external returns (bytes32 id);

    /// @notice Withdraws, as lender or borrower, a signature that was not used.
    function withdraw(Loan calldata terms) external;

    /* PAY */

    /// @notice Pays on a loan, at most what is owed; anyone but the lender may. Interest first. When nothing
    /// is owed any more the pledge goes back, if it can; otherwise it waits for `release`.
    /// @return taken What was paid, in units.
    function repay(Loan calldata terms, uint80 amount) external returns (uint80 taken);

    /// @notice Redeems the pledged voucher: the lender gets what is owed, the borrower the rest. Anyone may.
    /// @return toLender What the lender got, in units.
    /// @return toBorrower What the borrower got, in units.
    function collect(Loan calldata terms) external returns (uint80 toLender, uint80 toBorrower);

    /// @notice Gives the pledge, or the part of it that is not needed any more, back to the borrower, who
    /// calls; when nothing is owed anyone may call for all of it.
    /// @param value How much, in units of value; all of it: the voucher itself.
    function release(Loan calldata terms, uint80 value) external returns (VoucherId voucher);

    /* DEFAULT */

    /// @notice Takes of the pledge, at its value, what is owed, as the lender, after maturity and grace; the
    /// rest goes back to the borrower, or stays for it. If the receivable's programme lets no such part be
    /// split off, the lender is paid first by `collect`.
    /// @return voucher What the lender got.
    function foreclose(Loan calldata terms) external returns (VoucherId voucher);

    /// @notice Takes out what was kept for the caller.
    /// @param to The caller, or a verified party; neither is frozen.
    function takeKept(uint8 currency, address to) external returns (uint80 amount);

    /* VIEWS */

    /// @notice The id that these terms have: the EIP-712 digest that is signed.
    function loanIdOf(Loan calldata terms) external view returns (bytes32);

    /// @notice Where a loan stands.
    function stateOf(bytes32 loan) external view returns (LoanState memory);

    /// @notice What is owed today, in units: interest and principal.
    function owedOn(Loan calldata terms) external view returns (uint80 interest, uint80 principal);

    /// @notice How much of the pledge could be released today, in units of value, if the programme lets it
    /// be split off.
    function releasable(Loan calldata terms) external view returns (uint80);

    /// @notice What is kept for a party, in units.
    function keptFor(address party, uint8 currency) external view returns (uint80);
}
