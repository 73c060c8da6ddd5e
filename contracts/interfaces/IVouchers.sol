// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Part} from "../types/DataTypes.sol";
import {VoucherId} from "../types/Ids.sol";
import {IERC3525} from "./IERC3525.sol";
import {IERC3525Metadata} from "./IERC3525Metadata.sol";

/// @title IVouchers
/// @notice Vouchers as ERC-3525 tokens: transferred whole, split, merged. What was claimed on a voucher
/// before full coverage goes with its value. A voucher that is emptied is burned.
/// @dev Lineage and hops follow from the events: a new voucher's parent is the `fromTokenId` of the
/// `TransferValue` that fills it, its hops are its parent's, and one more if the holder is another and
/// neither of the two is a custodian. A merged voucher has the larger number of hops of its two sources.
interface IVouchers is IERC3525, IERC3525Metadata {
    /* ERRORS */

    /// @notice Thrown when two vouchers are not of one receivable.
    error NotSameReceivable(VoucherId from, VoucherId to);

    /// @notice Thrown when value goes from a voucher to itself.
    error SameVoucher(VoucherId id);

    /// @notice Thrown when a voucher has less than what is to leave it.
    error InsufficientValue(VoucherId id, uint256 value, uint256 needed);

    /// @notice Thrown when an operator's allowance on a voucher is less than what it moves.
    error InsufficientAllowance(VoucherId id, address operator, uint256 allowance, uint256 needed);

    /// @notice Thrown when value sent into another holder's voucher would raise its hops; send it to the
    /// holder's address instead.
    error HopsWouldRise(VoucherId id, uint256 hops, uint256 wouldBe);

    /// @notice Thrown when a contract refuses value, or answers with anything but the receiver's selector.
    error ValueRefused(address recipient);

    /// @notice Thrown when a part of a voucher that was claimed on goes into another voucher, and the claim
    /// cannot be divided in whole granules. Move all of it, move another amount, or split it off.
    error ClaimNotDivisible(VoucherId id, uint256 claimed);

    /// @notice Thrown when a split has no part, or a split or a merge more than 250.
    error PartsOutOfRange(uint256 parts, uint256 most);

    /// @notice Thrown when nothing, or only one voucher, is to be merged.
    error NothingToMerge();

    /* VOUCHERS */

    /// @notice Splits parts off a voucher, each into a new voucher for its recipient, the holder among
    /// them. What is left stays; if nothing is left the voucher is burned. Receivers that are contracts are
    /// asked as in a value transfer.
    /// @return first The first new voucher; the serials of the others follow.
    function split(VoucherId id, Part[] calldata parts) external returns (VoucherId first);

    /// @notice Puts the whole value of vouchers into another one of the same receivable and holder.
    function merge(VoucherId[] calldata ids, VoucherId into) external;

    /* VIEWS */

    /// @notice What a contract that trades vouchers asks: who holds it, its value, and what was taken out
    /// on it before full coverage, in units.
    function positionOf(VoucherId id)
        external
        view
        returns (address holder, uint80 value, uint80 claimed);
}
