// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IOrders} from "../interfaces/IOrders.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Order} from "../types/FinanceTypes.sol";

/// @title Nonces
/// @notice Which orders are still open, and how much is left of them. A number's bit is set when its first
/// order is filled, however little of it, or when it is withdrawn: from then on the number is that order's
/// or nobody's. So an order that is filled in one go, on a clear bit, reads and writes no more than the bit.
abstract contract Nonces is IOrders, ReentrancyGuardTransient {
    /// @dev An order that is filled in part. One slot.
    struct Remainder {
        uint80 left;
        // The upper 176 bits of its digest: a second order of the same maker and number with the same
        // bits takes 2^88 tries, and is the maker's own loss.
        bytes22 order;
    }

    mapping(address maker => mapping(uint256 word => uint256 bits)) private _used;
    mapping(address maker => mapping(uint256 nonce => Remainder remainder)) private _remainders;
    mapping(address maker => uint256 floor) private _floors;

    /* CANCEL */

    /// @inheritdoc IOrders
    function cancelNonce(uint256 nonce) external nonReentrant {
        _use(msg.sender, nonce);
        delete _remainders[msg.sender][nonce];
        emit NonceCancelled(msg.sender, nonce);
    }

    /// @inheritdoc IOrders
    function cancelNoncesBelow(uint256 floor) external nonReentrant {
        uint256 current = _floors[msg.sender];
        require(floor >= current, FloorLowered(floor, current));
        _floors[msg.sender] = floor;
        emit NoncesCancelledBelow(msg.sender, floor);
    }

    /* VIEWS */

    /// @inheritdoc IOrders
    function floorOf(address maker) external view returns (uint256) {
        return _floors[maker];
    }

    /// @inheritdoc IOrders
    function isNonceUsed(address maker, uint256 nonce) public view returns (bool) {
        return _used[maker][nonce >> 8] & _bitOf(nonce) != 0;
    }

    /* INTERNAL */

    /// @dev How much of an order can still be filled, whatever its expiry.
    function _leftOf(Order memory order, bytes32 digest) internal view returns (uint80) {
        if (order.nonce < _floors[order.maker]) return 0;
        if (!isNonceUsed(order.maker, order.nonce)) return order.amount;
        // All or nothing: it was all.
        if (order.least == order.amount) return 0;
        Remainder memory remainder = _remainders[order.maker][order.nonce];
        return remainder.order == bytes22(digest) ? remainder.left : 0;
    }

    /// @dev Takes `amount` of the `left` that `_leftOf` told; returns what is left then. amount <= left.
    function _take(Order memory order, bytes32 digest, uint80 left, uint80 amount)
        internal
        returns (uint80)
    {
        bool untouched = left == order.amount;
        if (untouched) _use(order.maker, order.nonce);
        left -= amount;
        if (left != 0) {
            _remainders[order.maker][order.nonce] = Remainder(left, bytes22(digest));
        } else if (!untouched) {
            delete _remainders[order.maker][order.nonce];
        }
        return left;
    }

    /* PRIVATE */

    function _use(address maker, uint256 nonce) private {
        _used[maker][nonce >> 8] |= _bitOf(nonce);
    }

    function _bitOf(uint256 nonce) private pure returns (uint256) {
        return 1 << (nonce & 0xff);
    }
}
