// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IExchange} from "../interfaces/IExchange.sol";

import {VoucherId} from "../types/Ids.sol";
import {Recourses} from "./Recourses.sol";

/// @title Delivery
/// @notice How a voucher, or a part of it, goes from its holder to another, with its share of the recourse.
abstract contract Delivery is Recourses {
    /// @dev `amount` of what is still to be redeemed on a voucher, if `holder` has it. A part only of a
    /// voucher that was never claimed on, because a claim cannot always be divided.
    /// @param unclaimed Whether nothing may have been claimed on it, even if it goes whole.
    /// @return divided What a voucher has that has to be divided; 0: it goes whole.
    function _requireDeliverable(VoucherId voucher, address holder, uint80 amount, bool unclaimed)
        internal
        view
        returns (uint80 divided)
    {
        (address owner, uint80 value, uint80 claimed) = ledger.positionOf(voucher);
        require(owner == holder, IExchange.NotHolder(holder, voucher, owner));
        uint80 left;
        // Claims never exceed the value.
        unchecked {
            left = value - claimed;
        }
        require(amount <= left, IExchange.AmountExceedsVoucher(voucher, amount, left));
        bool isWhole = amount == left;
        require(
            claimed == 0 || (isWhole && !unclaimed), IExchange.VoucherClaimedOn(voucher, claimed)
        );
        return isWhole ? 0 : value;
    }

    /// @dev Delivers what `_requireDeliverable` has admitted: the voucher itself, or a new one.
    // `from` has signed, or calls; the guard is closed while the ledger runs, and a part's id is its answer.
    // slither-disable-next-line arbitrary-send-erc20,reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function _deliver(VoucherId voucher, uint80 divided, address from, address to, uint80 amount)
        internal
        returns (VoucherId delivered)
    {
        uint256 raw = VoucherId.unwrap(voucher);
        if (divided == 0) {
            ledger.transferFrom(from, to, raw);
            return voucher;
        }
        delivered = VoucherId.wrap(ledger.transferFrom(raw, to, uint256(amount)));
        _divideStack(voucher, delivered, amount, divided);
    }
}
