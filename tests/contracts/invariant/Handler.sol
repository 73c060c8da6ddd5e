// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivables} from "contracts/interfaces/IReceivables.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Party, Receivable, Status, Terms, Voucher} from "contracts/types/DataTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {Overseeing} from "./Overseeing.sol";

/// @notice What nobody may do, whoever tries; and calls in the middle of calls.
contract Handler is Overseeing {
    /// @dev Business as usual: what happens most, several times before anything else does.
    function trade(uint256 seed, uint256 toSeed, uint256 amount) external {
        for (uint256 i = 0; i < 4; ++i) {
            _tradeOnce(_mix(seed, i), _mix(toSeed, i), _mix(amount, i));
            several = true;
        }
        several = false;
    }

    function _tradeOnce(uint256 seed, uint256 toSeed, uint256 amount) private {
        uint256 kind = (seed >> 128) % 8;
        if (kind == 0) this.issue(seed, amount, true);
        else if (kind == 1) this.moveToAddress(seed, toSeed, amount);
        // Any number will do.
        // forge-lint: disable-next-line(unsafe-typecast)
        else if (kind == 2) this.split(seed, toSeed, amount, uint8(amount >> 200));
        else if (kind == 3) this.transferWhole(seed, toSeed, amount % 2 == 0);
        else if (kind == 4) this.pay(seed, amount);
        else if (kind == 5) this.moveToVoucher(seed, toSeed, amount);
        else if (kind == 6) this.attest(seed, toSeed, amount);
        else this.redeemCovered(seed);
    }

    /// @dev Whoever is called during the next call tries to make this one.
    function plot(uint256 seed) external {
        seed = _mix(seed, 1);
        uint256 id = _voucher(seed >> 8);
        if (id == 0) return;
        address holder = vouchers[id].holder;
        if (seed % 5 == 0) {
            plots[book] = abi.encodeCall(ledger.redeem, (VoucherId.wrap(id)));
        } else if (seed % 5 == 1) {
            plots[book] = abi.encodeWithSignature(
                "transferFrom(address,address,uint256)", holder, address(receiver), id
            );
        } else if (seed % 5 == 2) {
            plots[book] = abi.encodeCall(ledger.pay, (_rid(id >> 64), 1e6));
        } else if (seed % 5 == 3) {
            plots[book] = abi.encodeCall(ledger.extinguish, (VoucherId.wrap(id)));
        } else {
            bytes[] memory calls = new bytes[](1);
            calls[0] = abi.encodeCall(ledger.redeem, (VoucherId.wrap(id)));
            plots[book] = abi.encodeCall(ledger.multicall, (calls));
        }
    }

    /// @dev 4: a stranger moves nothing, not even nothing; nor does he redeem, approve or end it.
    function forbidden_04_stranger_moves(uint256 seed, uint256 toSeed) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _voucher(seed);
        if (id == 0) return;
        address holder = vouchers[id].holder;
        uint256 toId = _sibling(id, toSeed);
        address to = _person(toSeed);
        uint256 value = vouchers[id].value;
        _refuse("transferFrom(address,address,uint256)", abi.encode(holder, to, id));
        _refuse("safeTransferFrom(address,address,uint256)", abi.encode(holder, stranger, id));
        _refuse("transferFrom(uint256,address,uint256)", abi.encode(id, to, value));
        _refuse("transferFrom(uint256,address,uint256)", abi.encode(id, to, 0));
        _refuse("transferFrom(uint256,uint256,uint256)", abi.encode(id, toId, 0));
        _refuse("transferFrom(uint256,uint256,uint256)", abi.encode(id, toId, 1));
        _refuse("approve(address,uint256)", abi.encode(stranger, id));
        _refuse("approve(uint256,address,uint256)", abi.encode(id, stranger, value));
        _refuse("redeem(uint256)", abi.encode(id));
        _refuse("extinguish(uint256)", abi.encode(id));
    }

    /// @dev 4: what is the registrar's and the supervisor's is nobody else's.
    function forbidden_04_stranger_oversees(uint256 seed, uint256 toSeed) external {
        seed = _mix(seed, 1);
        toSeed = _mix(toSeed, 2);
        uint256 id = _voucher(seed);
        address holder = vouchers[id].holder;
        address to = _person(toSeed);
        _refuse("seizeVoucher(uint256,address,address,bytes32)", abi.encode(id, holder, to, 0));
        _refuse("forcedTransfer(address,address,uint256)", abi.encode(holder, to, id));
        _refuse("freezeVoucher(uint256,address,uint40,bytes32)", abi.encode(id, holder, 0, 0));
        _refuse("setFrozenTokens(address,uint256,bool)", abi.encode(holder, id, true));
        _refuse("verifyParty(address,uint40,bytes32)", abi.encode(stranger, 1, 0));
        _refuse("freezeParty(address,uint40,bytes32)", abi.encode(to, 0, 0));
        _refuse("setCustodian(address,bool)", abi.encode(stranger, true));
        _refuse("setPayee(address,address,bytes32)", abi.encode(holder, stranger, 0));
        _refuse("pause(uint40,bytes32)", abi.encode(block.timestamp, 0));
        _refuse("unpause()", "");
        _refuse("setAuthority(address)", abi.encode(stranger));
    }

    /// @dev 5: nobody else's act binds an obligor, and nobody else's word is a payment.
    function forbidden_05_stranger_binds(uint256 seed) external {
        seed = _mix(seed, 1);
        uint256 id = _receivable(seed);
        if (id == 0) return;
        Terms memory t = termsOf[id];
        uint256 deadline = block.timestamp + 1;
        bytes32 digest = ledger.acceptanceDigest(t, deadline);
        address signer = people[2 + (seed >> 8) % 4];
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[signer], digest);
        bytes memory signature = abi.encodePacked(r, s, v);
        _refuse("accept(uint192)", abi.encode(id));
        _refuse("reject(uint192,bytes32)", abi.encode(id, 0));
        _refuse("attestPayment(uint192,uint256,bytes32)", abi.encode(id, 1e6, 0));
        _refuse("attestAdvance(uint192,address,uint256,bytes32)", abi.encode(id, signer, 1e6, 0));
        _act(stranger, abi.encodeCall(ledger.acceptWithSignature, (t, deadline, signature)), false);
        t.salt = type(uint256).max;
        _act(stranger, abi.encodeCall(IReceivables.issue, (t)), false);
    }

    /// @dev 11: a stranger, whom nobody verified, receives nothing, from whoever holds it.
    function forbidden_11_unverified_receives(uint256 seed) external {
        seed = _mix(seed, 1);
        uint256 id = _owned(seed);
        if (id == 0) return;
        address by = vouchers[id].holder;
        bytes memory whole = abi.encode(by, stranger, id);
        bytes memory part = abi.encode(id, stranger, vouchers[id].value);
        _act(by, bytes.concat(_selector("transferFrom(address,address,uint256)"), whole), false);
        _act(by, bytes.concat(_selector("transferFrom(uint256,address,uint256)"), part), false);
        bytes memory order = abi.encodeCall(ledger.forcedTransfer, (by, stranger, id));
        _act(supervisor, order, false);
    }

    /* WHAT IS TO BE SEEN */

    function violationsOf(uint256 number) external view returns (uint256) {
        return violations[number];
    }

    /// @dev 1: value and redeemed value are the face, from the first moment on.
    function check01() external view {
        for (uint256 i = 0; i < touchedReceivables.length; ++i) {
            ReceivableShadow storage r = receivables[touchedReceivables[i]];
            if (r.stored == Status.Cancelled) assertEq(r.value, 0, "cancelled");
            else assertEq(r.value + r.redeemed, r.face, "value + redeemed = face");
        }
    }

    /// @dev 2: the ledger holds what came in and did not go out, and what was sent by mistake.
    function check02(bool all) external view {
        for (uint256 i = 0; i < touchedReceivables.length; ++i) {
            _checkCash(receivables[touchedReceivables[i]].currency);
        }
        for (uint8 i = 1; all && i <= currencies; ++i) {
            _checkCash(i);
        }
    }

    /// @dev 3: never more out than came in for holders; nothing left when all is redeemed.
    function check03() external view {
        for (uint256 i = 0; i < touchedReceivables.length; ++i) {
            ReceivableShadow storage r = receivables[touchedReceivables[i]];
            if (r.stored != Status.Accepted) continue;
            assertLe(r.paidOut, _coverage(r), "payouts within coverage");
            assertLe(r.claimed, _coverage(r), "claims within coverage");
            assertLe(r.reimbursed, r.paid + r.advanced - _coverage(r), "reimbursed from surplus");
            if (r.value == 0) assertEq(r.paidOut, r.face, "nothing left");
        }
        for (uint256 i = 0; i < touchedVouchers.length; ++i) {
            VoucherShadow storage v = vouchers[touchedVouchers[i]];
            if (v.holder != address(0)) assertLe(v.claimed, v.value, "claimed within value");
        }
    }

    /// @dev 12: the ledger says of itself what its events said.
    function check12() external view {
        for (uint256 i = 0; i < touchedReceivables.length; ++i) {
            _compareReceivable(touchedReceivables[i]);
        }
        for (uint256 i = 0; i < touchedVouchers.length; ++i) {
            _compareVoucher(touchedVouchers[i]);
        }
        for (uint256 i = 0; i < touchedParties.length; ++i) {
            _compareParty(touchedParties[i]);
        }
    }

    /// @dev All of 12 at the end of a run, also what was not touched lately.
    function check12Everywhere() external view {
        for (uint256 i = 0; i < issuedIds.length; ++i) {
            _compareReceivable(issuedIds[i]);
        }
        for (uint256 i = 0; i < liveVouchers.length; ++i) {
            _compareVoucher(liveVouchers[i]);
        }
        for (uint256 i = 0; i < people.length; ++i) {
            _compareParty(people[i]);
        }
    }

    /* INTERNAL */

    function _refuse(string memory signature, bytes memory arguments) private {
        _act(stranger, bytes.concat(_selector(signature), arguments), false);
    }

    function _selector(string memory signature) private pure returns (bytes4) {
        return bytes4(keccak256(bytes(signature)));
    }

    function _checkCash(uint8 currency) private view {
        address token = tokenOf[currency];
        if (token == address(0)) return;
        uint256 expected = _inToken(currency, cashOf[currency]) + donated[currency];
        assertEq(TestCurrency(token).balanceOf(book), expected, "cash");
    }

    function _compareReceivable(uint256 id) private view {
        ReceivableShadow storage r = receivables[id];
        Receivable memory a = ledger.receivableOf(_rid(id));
        assertEq(uint8(a.status), uint8(_statusOf(r)), "status");
        assertEq(a.obligor, r.obligor, "obligor");
        assertEq(a.acceptBy, r.acceptBy, "acceptBy");
        assertEq(a.vouchers, r.vouchers, "vouchers");
        assertEq(a.defaultDeclared, r.defaulted, "defaulted");
        assertEq(a.face, r.face, "face");
        assertEq(a.paid, r.paid, "paid");
        assertEq(a.advanced, r.advanced, "advanced");
        assertEq(a.claimed, r.claimed, "claimed of the receivable");
        assertEq(ledger.outstandingOf(r.programme, r.obligor), outstanding[r.programme][r.obligor]);
    }

    function _compareVoucher(uint256 id) private view {
        VoucherShadow storage v = vouchers[id];
        if (v.holder == address(0)) {
            (bool exists,) = book.staticcall(abi.encodeCall(ledger.ownerOf, (id)));
            assertFalse(exists, "burned");
            return;
        }
        Voucher memory a = ledger.voucherOf(VoucherId.wrap(id));
        assertEq(a.holder, v.holder, "holder");
        assertEq(a.value, v.value, "value");
        assertEq(a.hops, v.hops, "hops");
        assertEq(a.claimed, v.claimed, "claimed");
        assertEq(a.frozen, frozen[id][v.holder] >= block.timestamp, "frozen");
        assertEq(ledger.getApproved(id), v.approved, "approved");
        if (receivables[v.receivable].stored == Status.Accepted) {
            assertEq(a.claimable, _claimable(id), "claimable");
        }
    }

    function _compareParty(address account) private view {
        PartyShadow storage p = parties[account];
        if (account == address(0)) return;
        Party memory a = ledger.partyOf(account);
        assertEq(a.verifiedUntil, p.verifiedUntil, "verifiedUntil");
        assertEq(a.frozenUntil, p.frozenUntil, "frozenUntil");
        assertEq(a.vouchers, p.vouchers, "vouchers of a party");
        assertEq(a.defaults, p.defaults, "defaults");
        assertEq(a.custodian, p.custodian, "custodian");
        assertEq(a.payee, p.payee, "payee");
    }
}
