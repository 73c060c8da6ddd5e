// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IExchange} from "../interfaces/IExchange.sol";

import {VoucherId} from "../types/Ids.sol";
import {Recourses} from "./Recourses.sol";

/// @title Delivery
/// @notice How a voucher, or a part of it, goes from its holder to another, with its share of the recourse.
abstract contract Delivery is Recourses {
    /// @dev A voucher as it stands. What is left to be redeemed on it is `value` less `claimed`.
    struct Position {
        uint80 value;
        uint80 claimed;
    }

    /// @dev `amount` of what is still to be redeemed on a voucher, if `holder` has it: a part only of a
    /// voucher that was never claimed on, because a claim cannot always be divided.
    function _requireDeliverable(VoucherId voucher, address holder, uint80 amount)
        internal
        view
        returns (Position memory position)
    {
        address owner;
        (owner, position.value, position.claimed) = ledger.positionOf(voucher);
        require(owner == holder, IExchange.NotHolder(holder, voucher, owner));
        uint80 left = position.value - position.claimed;
        require(amount <= left, IExchange.AmountExceedsVoucher(voucher, amount, left));
        require(
            amount == left || position.claimed == 0,
            IExchange.VoucherClaimedOn(voucher, position.claimed)
        );
    }

    /// @dev Delivers what `_requireDeliverable` has admitted: the voucher itself, or a new one.
    function _deliver(
        VoucherId voucher,
        Position memory position,
        address from,
        address to,
        uint80 amount
    ) internal returns (VoucherId delivered) {
        uint256 raw = VoucherId.unwrap(voucher);
        if (amount == position.value - position.claimed) {
            ledger.transferFrom(from, to, raw);
            return voucher;
        }
        delivered = VoucherId.wrap(ledger.transferFrom(raw, to, uint256(amount)));
        _divideStack(voucher, delivered, amount, position.value);
    }
}
