// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Recourse} from "../types/FinanceTypes.sol";
import {VoucherId} from "../types/Ids.sol";

/// @title IRecourses
/// @notice What sellers answer for. A sale with recourse puts its seller on the voucher's stack; when the
/// receivable is overdue the holder asks the last one, who takes the voucher back at its value against
/// cash, and can then ask the one before.
/// @dev Recourse goes with the voucher: whoever holds it has it, so a claim that was not honoured is
/// recorded on it, visible, and passed on with it. What a seller answers for is counted in value: it takes
/// back at most so much, and pays what is still to be redeemed on that. So nobody pays more than it promised,
/// or twice, and what the obligor pays in between is never asked again. A voucher that was claimed on is sold
/// without recourse. A part that the exchange sells, or a seller takes back, takes its share of the stack along;
/// a part that is split off otherwise takes none, and merged value gains none. A part has to be one that the
/// programme admits: large enough, and not one split too many. Who has a voucher back asks those before it.
/// Whether a seller paid is found out with its cash alone: a token that stands still counts against it.
interface IRecourses {
    /// @notice Emitted when a seller answers for a voucher, at that place of its stack, from 1; also when
    /// a part takes its share along: then for the part, and for what stays. The latest event of a place
    /// counts.
    /// @param amount What the seller answers for, in units of value.
    /// @param dishonoured Whether it was asked before and did not pay.
    event RecourseGiven(
        VoucherId indexed voucher,
        address indexed seller,
        uint256 place,
        uint80 amount,
        bool dishonoured
    );

    /// @notice Emitted when a seller took a voucher, or a part of it, back; it leaves the stack.
    /// @param returned What it took back: the voucher itself, or a new one.
    /// @param amount What it paid, in units.
    event RecourseHonoured(
        VoucherId indexed voucher,
        address indexed seller,
        address indexed holder,
        uint256 place,
        VoucherId returned,
        uint80 amount
    );

    /// @notice Emitted when a seller was asked, and did not pay or could not receive.
    /// @param amount What it owes for the voucher, in units.
    event RecourseDishonoured(
        VoucherId indexed voucher,
        address indexed seller,
        address indexed holder,
        uint256 place,
        uint80 amount
    );

    /// @notice Emitted when a holder gives up its recourse to the last seller, or is the last seller and
    /// asks the one before; the place is no more.
    event RecourseWaived(VoucherId indexed voucher, address indexed seller, uint256 place);

    /// @notice Thrown when nobody answers for a voucher, or all that is left of it can be redeemed.
    error NoRecourse(VoucherId voucher);

    /// @notice Thrown when the obligor would have recourse for what it owes itself.
    error ObligorHasNoRecourse(address obligor);

    /// @notice Asks the last seller, as the holder, once the receivable is overdue.
    /// @return honoured Whether it paid; if not, the claim stands recorded and can be asked again.
    /// @return amount What it paid, or owes, in units.
    function exerciseRecourse(VoucherId voucher) external returns (bool honoured, uint80 amount);

    /// @notice Gives up the recourse to the last seller, as the holder.
    function waiveRecourse(VoucherId voucher) external;

    /// @notice How many sellers answer for a voucher.
    function recourseCount(VoucherId voucher) external view returns (uint256);

    /// @notice Who answers for a voucher at a place of its stack, from 1; the last is asked first.
    function recourseOf(VoucherId voucher, uint256 place) external view returns (Recourse memory);
}
