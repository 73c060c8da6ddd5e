// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IOrders} from "../interfaces/IOrders.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Order} from "../types/FinanceTypes.sol";

/// @title Nonces
/// @notice Which orders are still open, and how much is left of them. A number's bit is set when its first
/// order is filled, however little of it, or when it is withdrawn: from then on the number is that order's
/// or nobody's. So an order that is filled in one go reads and writes no more than a word; and a maker's floor
/// is in the same word as the numbers that follow it.
abstract contract Nonces is IOrders, ReentrancyGuardTransient {
    /// @dev In the lower half the bits of 128 numbers, which have all but their lowest 7 bits in common.
    /// The word of the floor's numbers has the floor in its upper half.
    struct Word {
        uint256 content;
    }

    /// @dev An order that is filled in part. One slot.
    struct Remainder {
        uint80 left;
        // The upper 176 bits of its digest: a second order of the same maker and number with the same
        // bits takes 2^88 tries, and is the maker's own loss.
        bytes22 order;
    }

    mapping(address maker => Word word) private _floorWords;
    mapping(address maker => mapping(uint256 prefix => Word word)) private _words;
    mapping(address maker => mapping(uint256 nonce => Remainder remainder)) private _remainders;

    /* CANCEL */

    /// @inheritdoc IOrders
    function cancelNonce(uint256 nonce) external nonReentrant {
        (Word storage word, uint256 content,) = _find(msg.sender, nonce);
        word.content = content | _bitOf(nonce);
        delete _remainders[msg.sender][nonce];
        emit NonceCancelled(msg.sender, nonce);
    }

    /// @inheritdoc IOrders
    function cancelNoncesBelow(uint256 floor) external nonReentrant {
        floor = Math.min(floor, type(uint128).max);
        (, uint256 content, uint256 current) = _find(msg.sender, floor);
        require(floor >= current, FloorLowered(floor, current));
        // The bits of the floor's numbers are the lower half.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint256 bits = uint128(content);
        _floorWords[msg.sender].content = uint256(SafeCast.toUint128(floor)) << 128 | bits;
        emit NoncesCancelledBelow(msg.sender, floor);
    }

    /* VIEWS */

    /// @inheritdoc IOrders
    function floorOf(address maker) external view returns (uint256) {
        return _floorWords[maker].content >> 128;
    }

    /// @inheritdoc IOrders
    function isNonceUsed(address maker, uint256 nonce) external view returns (bool) {
        (, uint256 content, uint256 floor) = _find(maker, nonce);
        return nonce < floor || content & _bitOf(nonce) != 0;
    }

    /* INTERNAL */

    /// @dev How much of an order can still be filled, whatever its expiry; and the word of its number.
    function _leftOf(Order calldata order, address maker, bytes32 digest)
        internal
        view
        returns (uint80 left, Word storage word, uint256 content)
    {
        uint256 nonce = order.nonce;
        uint256 floor;
        (word, content, floor) = _find(maker, nonce);
        // A floor has 128 bits; the largest withdraws everything, numbers above it too.
        if (nonce < floor || floor == type(uint128).max) return (0, word, content);
        if (content & _bitOf(nonce) == 0) return (order.amount, word, content);
        // All or nothing: it was all.
        if (order.least == order.amount) return (0, word, content);
        Remainder memory remainder = _remainders[maker][nonce];
        // The upper bits are what was kept.
        // forge-lint: disable-next-line(unsafe-typecast)
        if (remainder.order == bytes22(digest)) left = remainder.left;
    }

    /// @dev Takes `amount` of what `_leftOf` told, which is not less; returns what is left then.
    function _take(
        Order calldata order,
        address maker,
        bytes32 digest,
        uint80 left,
        Word storage word,
        uint256 content,
        uint80 amount
    ) internal returns (uint80) {
        uint256 nonce = order.nonce;
        bool untouched = left == order.amount;
        if (untouched) word.content = content | _bitOf(nonce);
        if (amount == left) {
            if (!untouched) delete _remainders[maker][nonce];
            return 0;
        }
        // amount < left.
        unchecked {
            left -= amount;
        }
        // The upper bits are what is kept.
        // forge-lint: disable-next-line(unsafe-typecast)
        _remainders[maker][nonce] = Remainder(left, bytes22(digest));
        return left;
    }

    /* PRIVATE */

    /// @dev The word of a number, what is in it, and the maker's floor.
    function _find(address maker, uint256 nonce)
        private
        view
        returns (Word storage word, uint256 content, uint256 floor)
    {
        word = _floorWords[maker];
        content = word.content;
        floor = content >> 128;
        if (_prefixOf(nonce) != _prefixOf(floor)) {
            word = _words[maker][_prefixOf(nonce)];
            content = word.content;
        }
    }

    function _prefixOf(uint256 nonce) private pure returns (uint256) {
        return nonce >> 7;
    }

    function _bitOf(uint256 nonce) private pure returns (uint256) {
        // forge-lint: disable-next-line(incorrect-shift)
        return 1 << (nonce & 0x7f);
    }
}
