// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Status} from "contracts/types/DataTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {Paying} from "./Paying.sol";

/// @notice Registrar, supervisor, default and time.
abstract contract Overseeing is Paying {
    function verify(uint256 seed, uint32 time) external {
        seed = _mix(seed, 1);
        uint40 until =
            seed % 8 == 0 ? uint40(block.timestamp - 1 + (time % 1 days)) : type(uint40).max;
        _act(
            supervisor, abi.encodeCall(ledger.verifyParty, (_person(seed >> 8), until, "id")), true
        );
    }

    function freezeParty(uint256 seed, uint32 time) external {
        seed = _mix(seed, 1);
        uint40 until = seed % 6 == 0 ? uint40(block.timestamp + (time % 1 days)) : 0;
        _act(
            supervisor, abi.encodeCall(ledger.freezeParty, (_person(seed >> 8), until, "why")), true
        );
    }

    function freezeVoucher(uint256 seed, uint32 time) external {
        seed = _mix(seed, 1);
        uint256 id = _voucher(seed >> 8);
        if (id == 0) return;
        uint40 until = seed % 4 == 0 ? uint40(block.timestamp + (time % 1 days)) : 0;
        address account = _mostly(vouchers[id].holder, seed >> 64);
        bytes memory data = seed % 8 == 7
            ? abi.encodeCall(ledger.setFrozenTokens, (account, id, false))
            : abi.encodeCall(ledger.freezeVoucher, (VoucherId.wrap(id), account, until, "why"));
        _act(supervisor, data, true);
    }

    function seize(uint256 seed, uint256 toSeed) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _voucher(seed);
        if (id == 0 || seed % 3 != 0) return;
        (address from, address to) = (_mostly(vouchers[id].holder, seed >> 32), _person(toSeed));
        bool legal = from == vouchers[id].holder && from != to && _isActive(to)
            && receivables[id >> 64].stored == Status.Accepted;
        bytes memory data = seed % 2 == 0
            ? abi.encodeCall(ledger.seizeVoucher, (VoucherId.wrap(id), from, to, "order"))
            : abi.encodeCall(ledger.forcedTransfer, (from, to, id));
        _act(supervisor, data, legal);
    }

    function setPayee(uint256 seed, uint256 toSeed) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        address payee = seed % 4 != 0 ? address(0) : _person(toSeed);
        bool legal = payee == address(0) || _isActive(payee);
        _act(
            supervisor, abi.encodeCall(ledger.setPayee, (_person(seed >> 8), payee, "order")), legal
        );
    }

    function pause(uint256 seed) external {
        seed = _mix(seed, 1);
        if (seed % 8 != 0) return;
        uint256 until = block.timestamp + ((seed >> 8) % (seed % 16 == 0 ? 8 days : 1 hours));
        bool legal =
            block.timestamp > uint256(pausedUntil) + 1 days && until <= block.timestamp + 7 days;
        // Now and a few days.
        // forge-lint: disable-next-line(unsafe-typecast)
        _act(supervisor, abi.encodeCall(ledger.pause, (uint40(until), "why")), legal);
    }

    function unpause() external {
        _act(supervisor, abi.encodeCall(ledger.unpause, ()), _isPaused());
    }

    function declareDefault(uint256 seed) external {
        seed = _mix(seed, 1);
        uint256 id = _receivable(seed);
        if (id == 0) return;
        ReceivableShadow storage r = receivables[id];
        bool legal = _statusOf(r) == Status.Overdue && !r.defaulted;
        _act(stranger, abi.encodeCall(ledger.declareDefault, (_rid(id))), legal);
    }

    function blockAccount(uint256 seed) external {
        seed = _mix(seed, 1);
        blocklist.setBlocked(_person(seed >> 8), seed % 4 == 0);
        falsehood.setFailing((seed >> 16) % 4 == 0);
    }

    /* TIME */

    function wait(uint256 seed) external {
        seed = _mix(seed, 1);
        _warp(block.timestamp + (seed % 8 == 0 ? (seed >> 8) % 4 days : (seed >> 8) % 3 hours));
    }

    /// @dev To the last second before, or the first after, a day on which something ends.
    function waitForCutOff(uint256 seed) external {
        seed = _mix(seed, 1);
        uint256 id = _receivable(seed);
        if (id == 0 || seed % 4 != 0) return;
        ReceivableShadow storage r = receivables[id];
        uint256 day = r.stored == Status.Issued
            ? r.acceptBy
            : r.dueDay + ((seed >> 16) % 2 == 0 ? 0 : rules[r.programme].graceDays);
        _warp((day + 1) * 1 days - 1 + ((seed >> 24) % 2));
        touchedReceivables.push(id);
    }

    function _warp(uint256 time) internal {
        if (time > block.timestamp) vm.warp(time);
        _forgetTouched();
    }
}
