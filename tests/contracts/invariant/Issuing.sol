// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivables} from "contracts/interfaces/IReceivables.sol";

import {Programme, Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {World} from "./World.sol";

/// @notice Issue and acceptance.
abstract contract Issuing is World {
    mapping(uint256 receivable => Terms terms) internal termsOf;
    uint256 private _salt;

    function issue(uint256 seed, uint256 amount, bool byObligor) external {
        seed = _mix(seed, 1);
        Terms memory t = _terms(seed, amount);
        address by = _mostly(byObligor ? t.obligor : t.creditor, seed >> 32);
        _issue(t, by);
    }

    function issueAgain(uint256 seed) external {
        seed = _mix(seed, 1);
        if (issuedIds.length == 0) return;
        Terms memory t = termsOf[_receivable(seed)];
        _act(t.creditor, abi.encodeCall(IReceivables.issue, (t)), false);
    }

    function accept(uint256 seed) external {
        seed = _mix(seed, 1);
        uint256 id = _waiting(seed);
        if (id == 0) return;
        address by = _mostly(receivables[id].obligor, seed >> 32);
        bool legal = by == receivables[id].obligor && _canBeAccepted(id);
        _act(by, abi.encodeCall(ledger.accept, (_rid(id))), legal);
    }

    function acceptBySignature(uint256 seed, uint32 late) external {
        seed = _mix(seed, 1);
        uint256 id = _waiting(seed);
        if (id == 0) return;
        address signer = _mostly(receivables[id].obligor, seed >> 32);
        if (keys[signer] == 0) return;
        uint256 deadline = block.timestamp + 1000 - (late % 1002);
        bytes32 digest = ledger.acceptanceDigest(termsOf[id], deadline);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[signer], digest);
        signed = signer == receivables[id].obligor;
        bool legal = signed && deadline >= block.timestamp && _canBeAccepted(id);
        bytes memory signature = abi.encodePacked(r, s, v);
        _act(
            stranger,
            abi.encodeCall(ledger.acceptWithSignature, (termsOf[id], deadline, signature)),
            legal
        );
        signed = false;
    }

    function reject(uint256 seed) external {
        seed = _mix(seed, 1);
        uint256 id = _receivable(seed);
        if (id == 0 || seed % 3 != 0) return;
        address by = _mostly(receivables[id].obligor, seed >> 32);
        bool legal = receivables[id].stored == Status.Issued && by == receivables[id].obligor;
        _act(by, abi.encodeCall(ledger.reject, (_rid(id), "no")), legal);
    }

    function cancel(uint256 seed) external {
        seed = _mix(seed, 1);
        uint256 id = _waiting(seed);
        if (id == 0 || seed % 3 != 0) return;
        address by = _mostly(termsOf[id].creditor, seed >> 32);
        bool lapsed = _statusOf(receivables[id]) == Status.Lapsed;
        bool legal =
            receivables[id].stored == Status.Issued && (lapsed || by == termsOf[id].creditor);
        _act(by, abi.encodeCall(ledger.cancel, (_rid(id))), legal);
    }

    function _issue(Terms memory t, address by) internal {
        uint256 id = ReceivableId.unwrap(ledger.idOf(t));
        bool legal = _canIssue(t, by);
        _act(by, abi.encodeCall(IReceivables.issue, (t)), legal);
        if (legal) termsOf[id] = t;
    }

    function _terms(uint256 seed, uint256 amount) internal returns (Terms memory t) {
        t.obligor = people[seed % 2];
        t.creditor = people[2 + ((seed >> 8) % (people.length - 2))];
        t.programme = uint16(1 + ((seed >> 24) % programmes));
        uint8 only = (seed >> 64) % 8 == 0 ? 0 : rules[t.programme].currency;
        t.currency = only == 0 ? uint8(1 + ((seed >> 16) % currencies)) : only;
        uint256 granule = _granule(t.currency);
        // Small faces round most; now and then the largest that there is.
        amount = (seed >> 40) % 32 == 0 ? type(uint80).max : 1e6 + (amount % 1e9);
        t.face = uint80((seed >> 48) % 16 == 0 ? amount : amount - (amount % granule));
        t.dueDay = uint16(block.timestamp / 1 days + ((seed >> 56) % 92));
        t.salt = ++_salt;
    }

    /// @dev One that waits for acceptance, if a few tries find one.
    function _waiting(uint256 seed) private view returns (uint256 id) {
        for (uint256 i = 0; i < 8; ++i) {
            id = _receivable(_mix(seed, i));
            if (id == 0 || receivables[id].stored == Status.Issued) return id;
        }
    }

    function _canIssue(Terms memory t, address by) private view returns (bool) {
        Programme memory p = rules[t.programme];
        if (by != t.obligor && by != t.creditor) return false;
        if (_isPaused() || !_isActive(t.obligor) || !_isActive(t.creditor)) return false;
        if (p.currency != 0 && p.currency != t.currency) return false;
        if (t.face % _granule(t.currency) != 0 || t.face < p.smallestVoucher) return false;
        if (t.dueDay > block.timestamp / 1 days + p.maxTenorDays) return false;
        return by != t.obligor || _canBeBound(t.obligor, t.programme, t.face);
    }

    function _canBeAccepted(uint256 id) private view returns (bool) {
        ReceivableShadow storage r = receivables[id];
        return _statusOf(r) == Status.Issued && !_isPaused() && _isActive(r.obligor)
            && _canBeBound(r.obligor, r.programme, r.face);
    }

    function _canBeBound(address obligor, uint16 programme, uint256 face)
        private
        view
        returns (bool)
    {
        Programme memory p = rules[programme];
        if (p.stopOnDefault && parties[obligor].defaults != 0) return false;
        return p.obligorLimit == 0 || outstanding[programme][obligor] + face <= p.obligorLimit;
    }

    function _rid(uint256 id) internal pure returns (ReceivableId) {
        // Ids come from the ledger, where they have 192 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        return ReceivableId.wrap(uint192(id));
    }
}
