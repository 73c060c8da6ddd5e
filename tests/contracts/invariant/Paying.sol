// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Status} from "contracts/types/DataTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {Moving} from "./Moving.sol";

/// @notice Money in and money out.
abstract contract Paying is Moving {
    function pay(uint256 seed, uint256 amount) external {
        seed = _mix(seed, 1);
        uint256 id = _receivable(seed);
        if (id != 0) _pay(id, seed, amount);
    }

    function _pay(uint256 id, uint256 seed, uint256 amount) internal {
        ReceivableShadow storage r = receivables[id];
        address by = seed % 4 == 0 ? _person(seed >> 32) : r.obligor;
        uint256 owed = r.face - r.paid;
        amount = _amount(owed, _granule(r.currency), amount);
        uint256 taken = amount < owed ? amount : owed;
        bool legal =
            !_isFrozen(by) && _isPayable(r, amount, owed) && _arrives(r.currency, by, taken);
        _fund(by, r.currency, taken);
        _act(by, abi.encodeCall(ledger.pay, (_rid(id), amount)), legal);
    }

    function advance(uint256 seed, uint256 toSeed, uint256 amount) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _receivable(seed);
        if (id == 0 || seed % 2 == 0) return;
        ReceivableShadow storage r = receivables[id];
        (address by, address guarantor) = (_person(seed >> 32), _person(toSeed));
        uint256 lacking = r.face - _coverage(r);
        amount = _amount(lacking, _granule(r.currency), amount);
        uint256 taken = amount < lacking ? amount : lacking;
        // A custodian brings what was given to it while the guarantor was verified.
        bool admitted = parties[by].custodian ? !_isFrozen(guarantor) : _isActive(guarantor);
        bool legal = !_isFrozen(by) && admitted && _isPayable(r, amount, lacking)
            && _arrives(r.currency, by, taken);
        _fund(by, r.currency, taken);
        _act(by, abi.encodeCall(ledger.advance, (_rid(id), guarantor, amount)), legal);
    }

    function attest(uint256 seed, uint256 toSeed, uint256 amount) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _offChainReceivable(seed);
        if (id == 0) return;
        ReceivableShadow storage r = receivables[id];
        address by = _mostly(agent, seed >> 32);
        bool isAdvance = toSeed % 3 == 0;
        address guarantor = _person(toSeed);
        uint256 most = isAdvance ? r.face - _coverage(r) : r.face - r.paid;
        amount = _amount(most, _granule(r.currency), amount);
        bool legal = by == agent && r.currency == offChain && _isPayable(r, amount, most)
            && (!isAdvance || _isActive(guarantor));
        bytes memory data = isAdvance
            ? abi.encodeCall(ledger.attestAdvance, (_rid(id), guarantor, amount, "proof"))
            : abi.encodeCall(ledger.attestPayment, (_rid(id), amount, "proof"));
        _act(by, data, legal);
    }

    function redeem(uint256 seed) external {
        seed = _mix(seed, 1);
        uint256 id = _owned(seed);
        if (id == 0) return;
        address by = seed % 8 == 0 ? _person(seed >> 32) : vouchers[id].holder;
        _redeem(id, by);
    }

    /// @dev One that has something to redeem, if a few tries find one.
    function redeemCovered(uint256 seed) external {
        seed = _mix(seed, 1);
        for (uint256 i = 0; i < 8; ++i) {
            uint256 id = _owned(_mix(seed, i));
            if (id == 0 || receivables[id >> 64].paid + receivables[id >> 64].advanced == 0) {
                continue;
            }
            return _redeem(id, vouchers[id].holder);
        }
    }

    function reimburse(uint256 seed, uint256 startSeed) external {
        seed = _mix(seed, 1);
        uint256 id = _advancedReceivable(seed);
        if (id == 0) return;
        ReceivableShadow storage r = receivables[id];
        uint256 start = startsOf[id][startSeed % startsOf[id].length];
        AdvanceShadow storage a = advances[id][start];
        address by = startSeed % 2 == 0 ? stranger : a.guarantor;
        bool legal = _dueTo(id, start) > a.reimbursed && !_isFrozen(a.guarantor)
            && _findsPayee(a.guarantor, by, r.currency, 1);
        _act(by, abi.encodeCall(ledger.reimburse, (_rid(id), start)), legal);
    }

    function extinguish(uint256 seed) external {
        seed = _mix(seed, 1);
        uint256 id = _owned(seed);
        if (id == 0) return;
        address obligor = receivables[id >> 64].obligor;
        if (vouchers[id].holder != obligor && seed % 4 != 0) return;
        bool legal = _canExtinguish(id, obligor);
        _act(obligor, abi.encodeCall(ledger.extinguish, (VoucherId.wrap(id))), legal);
    }

    /// @dev The obligor takes the first voucher back and extinguishes it, or what of it is left.
    function buyBack(uint256 seed) external {
        seed = _mix(seed, 1);
        uint256 id = _owned(seed);
        if (id == 0) return;
        ReceivableShadow storage r = receivables[id >> 64];
        (address from, address to) = (vouchers[id].holder, r.obligor);
        if (from == to) return;
        bool legal = _isMovable(id) && _admits(id >> 64, from, to, from) && _hopsFit(id, to);
        _act(
            from,
            abi.encodeWithSignature("transferFrom(address,address,uint256)", from, to, id),
            legal
        );
    }

    /// @dev Sent by mistake, it is nobody's; and takes part in nothing.
    function donate(uint256 seed, uint64 units) external {
        seed = _mix(seed, 1);
        uint8 currency = uint8(1 + (seed % currencies));
        if (tokenOf[currency] == address(0)) return;
        uint256 amount = _inToken(currency, units);
        _fund(book, currency, units);
        donated[currency] += amount;
    }

    /* FORETELLING */

    function _amount(uint256 most, uint256 granule, uint256 seed) private pure returns (uint256) {
        if (seed % 16 == 0) return type(uint256).max;
        if (seed % 16 == 1) return seed % 32 == 1 ? 0 : most + granule;
        return _part(most, seed % 16 == 2 ? 1 : granule, seed >> 4);
    }

    function _isPayable(ReceivableShadow storage r, uint256 amount, uint256 most)
        private
        view
        returns (bool)
    {
        uint256 taken = amount < most ? amount : most;
        return r.stored == Status.Accepted && taken != 0 && taken % _granule(r.currency) == 0;
    }

    function _redeem(uint256 id, address by) private {
        ReceivableShadow storage r = receivables[id >> 64];
        address holder = vouchers[id].holder;
        uint256 payout = _claimable(id);
        bool legal = r.stored == Status.Accepted && _isOperator(id, by) && !_isFrozen(holder)
            && frozen[id][holder] < block.timestamp && (payout != 0 || _coverage(r) == r.face)
            && _findsPayee(holder, by, r.currency, payout);
        _act(by, abi.encodeCall(ledger.redeem, (VoucherId.wrap(id))), legal);
    }

    function _canExtinguish(uint256 id, address obligor) private view returns (bool) {
        ReceivableShadow storage r = receivables[id >> 64];
        VoucherShadow storage v = vouchers[id];
        if (r.stored != Status.Accepted || v.holder != obligor || _isFrozen(obligor)) return false;
        if (frozen[id][obligor] >= block.timestamp || r.face == r.paid || r.advanced != 0) {
            return false;
        }
        uint256 payout = _claimable(id);
        if (r.paid - (v.claimed + payout) > r.face - v.value) return false;
        return _findsPayee(obligor, obligor, r.currency, payout);
    }

    /// @dev One that guarantors advanced for and that was paid more than holders take, or the first one.
    function _advancedReceivable(uint256 seed) private view returns (uint256 found) {
        for (uint256 i = 0; i < 16; ++i) {
            uint256 id = _receivable(_mix(seed, i));
            if (id == 0 || startsOf[id].length == 0) continue;
            found = id;
            if (receivables[id].paid + receivables[id].advanced > receivables[id].face) return id;
        }
    }

    function _offChainReceivable(uint256 seed) private view returns (uint256 id) {
        for (uint256 i = 0; i < 12; ++i) {
            id = _receivable(_mix(seed, i));
            if (id == 0 || receivables[id].currency == offChain) return id;
        }
    }
}
