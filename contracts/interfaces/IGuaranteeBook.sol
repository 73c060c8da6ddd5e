// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Aval, AvalState} from "../types/FinanceTypes.sol";
import {ReceivableId} from "../types/Ids.sol";
import {ICash} from "./ICash.sol";

/// @title IGuaranteeBook
/// @notice Avals: a guarantor promises to pay what an obligor does not, up to a cap, until an expiry, for
/// one receivable or as a line over all of an obligor's receivables under one programme.
/// @dev An aval's id is the hash of its terms, which every call brings along. Anyone may call it once the
/// receivable is overdue: it draws min(what is left of the cap, what holders lack), from the margin first,
/// then by allowance, and pays it into the ledger in the guarantor's name, who is reimbursed there from
/// later payments, in order. A guarantor that does not pay is on record; what was called in time stays
/// callable after the expiry, and until then keeps its part of the cap: first called, first served. The
/// book is a verified custodian, and holds nothing but margins.
/// Tokens: while a currency's token stands still, nothing can be called, and no expiry waits: it should
/// leave time to spare. A token that calls its payer lets a guarantor obstruct the call: avals belong in
/// tokens without such hooks.
interface IGuaranteeBook is ICash {
    /* EVENTS */

    /// @notice Emitted when an aval is given; all that it says.
    event AvalGiven(
        bytes32 indexed aval, address indexed guarantor, address indexed obligor, Aval terms
    );

    /// @notice Emitted when a guarantor adds to an aval's margin.
    event MarginAdded(bytes32 indexed aval, uint80 amount);

    /// @notice Emitted when an aval is called.
    /// @param fromMargin What came out of the margin, in units.
    /// @param fromAllowance What the guarantor paid on top, in units.
    /// @param dishonoured What it was called for and did not pay, in units; it replaces what was on record
    /// for this receivable before.
    event AvalCalled(
        bytes32 indexed aval,
        ReceivableId indexed receivable,
        address indexed caller,
        uint80 fromMargin,
        uint80 fromAllowance,
        uint80 dishonoured
    );

    /// @notice Emitted when a receivable lacks less than what is on record for it as not paid.
    /// @param left What stays on record, in units.
    event DishonourCleared(bytes32 indexed aval, ReceivableId indexed receivable, uint80 left);

    /// @notice Emitted when what is left of a margin goes back, because it is not needed any more.
    event MarginReleased(bytes32 indexed aval, address indexed guarantor, uint80 amount);

    /// @notice Emitted when a guarantor withdraws a signature before it is used.
    event AvalWithdrawn(bytes32 indexed aval, address indexed guarantor);

    /* ERRORS */

    /// @notice Thrown when an aval contradicts itself, or the receivable that it is for.
    error AvalInvalid(bytes32 rule);

    /// @notice Thrown when these very terms were given, or withdrawn, before.
    error AvalUsed(bytes32 aval);

    /// @notice Thrown when an aval was never given.
    error AvalUnknown(bytes32 aval);

    /// @notice Thrown when the guarantor's signature is missing or wrong.
    error AvalSignatureInvalid(address guarantor);

    /// @notice Thrown when a signature is used after its time.
    error AvalSignatureExpired(uint40 signedUntil, uint256 time);

    /// @notice Thrown when an aval does not cover a receivable.
    error NotCovered(bytes32 aval, ReceivableId receivable);

    /// @notice Thrown when nothing can be called: nothing is lacking, or the cap is used up.
    error NothingToCall(bytes32 aval, ReceivableId receivable);

    /// @notice Thrown when an aval is called after its expiry for what was not called in time.
    error AvalExpired(uint40 expiry, uint256 time);

    /// @notice Thrown when a record is to be cleared, but all of it is still lacking, or there is none.
    error DishonourStands(bytes32 aval, ReceivableId receivable);

    /// @notice Thrown when a margin is asked back that may still be needed.
    error MarginStillNeeded(bytes32 aval);

    /// @notice Thrown when there is no margin to give back.
    error NothingToRelease(bytes32 aval);

    /* GIVE */

    /// @notice Gives an aval: the guarantor itself, free; or the applicant, who brings the guarantor's
    /// signature and pays its fee. The margin comes from the guarantor's allowance.
    function give(Aval calldata terms, bytes calldata signature) external returns (bytes32 id);

    /// @notice Withdraws, as the guarantor, a signature that was not used.
    function withdraw(Aval calldata terms) external;

    /// @notice Adds to the margin, as the guarantor, at most up to what is left of the cap. It is also the
    /// way to pay a part of what was dishonoured: the next call takes it.
    function addMargin(Aval calldata terms, uint80 amount) external;

    /* CALL */

    /// @notice Calls an aval for a receivable that is overdue; anyone may.
    /// @dev What the margin does not pay is tried from the allowance as a whole: all of it, or nothing. Of a
    /// frozen guarantor nothing is taken, its margin neither; the call stands on record all the same.
    /// Only what is paid here counts against the cap, not what a guarantor advances in the ledger by itself.
    /// @return paid What holders got, in units.
    /// @return dishonoured What the guarantor owed and did not pay, in units.
    function call(Aval calldata terms, ReceivableId receivable)
        external
        returns (uint80 paid, uint80 dishonoured);

    /// @notice Takes off the record what was called for a receivable and not paid, as far as it does not
    /// lack it any more: others paid. Anyone may.
    /// @return left What stays on record, in units.
    function clear(bytes32 aval, ReceivableId receivable) external returns (uint80 left);

    /// @notice Gives what is left of the margin back to the guarantor, once it cannot be needed: the
    /// receivable lacks nothing any more or was cancelled, or the aval is over and nothing that was called in
    /// time is on record as unpaid (see `clear`). Not to a frozen guarantor. Anyone may; where the ledger
    /// names another payee for the guarantor, it goes there, by the guarantor's own call.
    function release(Aval calldata terms) external returns (uint80 amount);

    /* VIEWS */

    /// @notice The id that these terms have: the EIP-712 digest that the guarantor signs.
    function avalIdOf(Aval calldata terms) external view returns (bytes32);

    /// @notice Where an aval stands.
    function stateOf(bytes32 aval) external view returns (AvalState memory);

    /// @notice What was called on an aval for one receivable in time and not paid, in units.
    function dishonouredOn(bytes32 aval, ReceivableId receivable) external view returns (uint80);

    /// @notice What could be called now for a receivable if it were overdue, in units: all, and how much of
    /// it the margin secures. What was called for other receivables and not paid is not promised twice.
    function callable(Aval calldata terms, ReceivableId receivable)
        external
        view
        returns (uint80 amount, uint80 secured);
}
