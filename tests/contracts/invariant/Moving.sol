// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Part} from "contracts/types/DataTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {Issuing} from "./Issuing.sol";

/// @notice Everything that moves value between holders.
abstract contract Moving is Issuing {
    function transferWhole(uint256 seed, uint256 toSeed, bool safely) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _owned(seed);
        if (id == 0) return;
        address from = vouchers[id].holder;
        address to = _person(toSeed);
        address by = _mover(id, seed >> 32);
        bool legal = _isOperator(id, by) && _isMovable(id) && _canPass(id, from, to, by);
        bytes memory data = safely
            ? abi.encodeWithSignature("safeTransferFrom(address,address,uint256)", from, to, id)
            : abi.encodeWithSignature("transferFrom(address,address,uint256)", from, to, id);
        _act(by, data, legal);
    }

    function moveToAddress(uint256 seed, uint256 toSeed, uint256 amount) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _owned(seed);
        if (id == 0) return;
        address to = _person(toSeed);
        address by = _mover(id, seed >> 32);
        uint256 value = _part(vouchers[id].value, _granuleOf(id), amount);
        bool legal = _maySpend(id, by, value) && _isMovable(id) && _canBranch(id, to, by, value)
            && _canShrink(id, value) && _canCount(id, 1);
        _act(
            by,
            abi.encodeWithSignature("transferFrom(uint256,address,uint256)", id, to, value),
            legal
        );
    }

    function split(uint256 seed, uint256 toSeed, uint256 amount, uint8 count) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _owned(seed);
        if (id == 0) return;
        uint256 n = count % 7;
        Part[] memory parts = new Part[](n);
        address by = _mover(id, seed >> 32);
        bool legal = n != 0 && _isOperator(id, by) && _isMovable(id) && _canCount(id, n);
        uint256 total = 0;
        for (uint256 i = 0; i < n; ++i) {
            uint256 left = vouchers[id].value > total ? vouchers[id].value - total : 0;
            uint256 value = _part(left, _granuleOf(id), amount >> (8 * i));
            // All of it only at the end, or nothing is left for the others.
            if (value == left && i + 1 < n) value = left / 2 - ((left / 2) % _granuleOf(id));
            address to = (toSeed >> i) % 2 == 0 ? vouchers[id].holder : _person(toSeed >> (8 + i));
            // A part of a voucher's value, which has 80 bits.
            // forge-lint: disable-next-line(unsafe-typecast)
            parts[i] = Part(to, uint80(value));
            legal = legal && _canBranch(id, to, by, value);
            total += value;
        }
        legal = legal && _canShrink(id, total);
        _act(by, abi.encodeCall(ledger.split, (VoucherId.wrap(id), parts)), legal);
    }

    function moveToVoucher(uint256 seed, uint256 toSeed, uint256 amount) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _owned(seed);
        uint256 toId = _sibling(id, toSeed);
        if (id == 0 || toId == 0) return;
        address by = _mover(id, seed >> 32);
        uint256 value = amount % 16 == 2 ? 0 : _part(vouchers[id].value, _granuleOf(id), amount);
        bool legal = _maySpend(id, by, value) && _canMerge(id, toId, by, value);
        _act(
            by,
            abi.encodeWithSignature("transferFrom(uint256,uint256,uint256)", id, toId, value),
            legal
        );
    }

    function merge(uint256 seed, uint256 toSeed) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _owned(seed);
        uint256 toId = _sibling(id, toSeed);
        if (id == 0 || toId == 0) return;
        address by = _mover(id, seed >> 32);
        VoucherId[] memory ids = new VoucherId[](1);
        ids[0] = VoucherId.wrap(id);
        bool legal = vouchers[id].holder == vouchers[toId].holder && _isOperator(id, by)
            && _canMerge(id, toId, by, vouchers[id].value);
        _act(by, abi.encodeCall(ledger.merge, (ids, VoucherId.wrap(toId))), legal);
    }

    /// @dev Two moves in one transaction: both, or none.
    function splitAndPass(uint256 seed, uint256 toSeed, uint256 amount) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _owned(seed);
        if (id == 0) return;
        (address by, address to) = (vouchers[id].holder, _person(toSeed));
        uint256 value = _part(vouchers[id].value, _granuleOf(id), amount);
        bool legal = _isMovable(id) && _canBranch(id, by, by, value) && _canShrink(id, value)
            && _canCount(id, 1) && _canPass(id, by, to, by);
        uint256 child = ((id >> 64) << 64) + receivables[id >> 64].vouchers + 1;
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeWithSignature("transferFrom(uint256,address,uint256)", id, by, value);
        calls[1] = abi.encodeWithSignature("transferFrom(address,address,uint256)", by, to, child);
        _act(by, abi.encodeCall(ledger.multicall, (calls)), legal);
    }

    /* APPROVALS */

    function approve(uint256 seed, uint256 toSeed) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _owned(seed);
        if (id == 0) return;
        address by = _mostly(vouchers[id].holder, seed >> 32);
        bool legal = by == vouchers[id].holder || operators[vouchers[id].holder][by];
        address to = toSeed % 5 == 0 ? address(0) : _person(toSeed);
        _act(by, abi.encodeWithSignature("approve(address,uint256)", to, id), legal);
    }

    function approveValue(uint256 seed, uint256 toSeed, uint256 amount) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _owned(seed);
        if (id == 0) return;
        address by = _mostly(vouchers[id].holder, seed >> 32);
        uint256 value = _part(vouchers[id].value, 1, amount);
        _act(
            by,
            abi.encodeWithSignature("approve(uint256,address,uint256)", id, _person(toSeed), value),
            _isOperator(id, by)
        );
    }

    function approveAll(uint256 seed, uint256 toSeed) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        bytes memory data =
            abi.encodeCall(ledger.setApprovalForAll, (_person(toSeed), seed % 4 == 0));
        _act(_person(seed >> 8), data, true);
    }

    function consent(uint256 seed, uint256 toSeed) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        _act(
            _person(seed), abi.encodeCall(ledger.setConsent, (_person(toSeed), seed % 8 > 2)), true
        );
    }

    /* FORETELLING */

    /// @dev Mostly the holder, often somebody who was approved, now and then somebody else.
    function _mover(uint256 id, uint256 seed) private view returns (address) {
        if (seed % 8 == 1 && vouchers[id].approved != address(0)) return vouchers[id].approved;
        return seed % 8 == 2 ? _person(seed >> 8) : vouchers[id].holder;
    }

    /// @dev Whole vouchers pass only to the active, even from a holder to itself.
    function _canPass(uint256 id, address from, address to, address by)
        internal
        view
        returns (bool)
    {
        if (from == to) return _isActive(to);
        return _admits(id >> 64, from, to, by) && _hopsFit(id, to);
    }

    function _maySpend(uint256 id, address by, uint256 value) internal view returns (bool) {
        return _isOperator(id, by) || value <= allowances[id][vouchers[id].epoch][by];
    }

    function _canBranch(uint256 id, address to, address by, uint256 value)
        internal
        view
        returns (bool)
    {
        address from = vouchers[id].holder;
        if (value < _rulesFor(id).smallestVoucher || value % _granuleOf(id) != 0) return false;
        return to == from || (_admits(id >> 64, from, to, by) && _hopsFit(id, to));
    }

    function _canShrink(uint256 id, uint256 by) internal view returns (bool) {
        uint256 value = vouchers[id].value;
        return by <= value && (by == value || value - by >= _rulesFor(id).smallestVoucher);
    }

    function _canCount(uint256 id, uint256 more) internal view returns (bool) {
        return receivables[id >> 64].vouchers - 1 + more <= _rulesFor(id).maxSplits;
    }

    function _canMerge(uint256 id, uint256 toId, address by, uint256 value)
        private
        view
        returns (bool)
    {
        (address from, address to) = (vouchers[id].holder, vouchers[toId].holder);
        if (value == 0 || value % _granuleOf(id) != 0) return false;
        if (!_isMovable(id) || frozen[toId][to] >= block.timestamp || isDesk[to]) return false;
        if (!_canShrink(id, value) || !_claimDivides(id, value)) return false;
        // Who may only take from the one voucher has no say over the hops of the other.
        if (from == to) return vouchers[id].hops <= vouchers[toId].hops || _isOperator(toId, by);
        uint256 hops = vouchers[id].hops + (_isCustody(from, to) ? 0 : 1);
        return _admits(id >> 64, from, to, by) && _hopsFit(id, to) && hops <= vouchers[toId].hops;
    }

    function _claimDivides(uint256 id, uint256 value) private view returns (bool) {
        uint256 whole = vouchers[id].value * _granuleOf(id);
        return (vouchers[id].claimed * value) % whole == 0;
    }
}
