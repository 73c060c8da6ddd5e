// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Test} from "forge-std/Test.sol";

import {Status} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {
    MoneyWord,
    MoneyWords,
    PartyWord,
    PartyWords,
    ReceivableWord,
    ReceivableWords,
    VoucherWord,
    VoucherWords
} from "contracts/types/Words.sol";

/// @notice Threat 33: no field of a packed word reaches into another, whatever it holds.
contract WordsTest is Test {
    /* VOUCHERS */

    function test_threat_33_voucher_fields_come_back(
        address owner,
        uint80 value,
        uint8 hopsLeft,
        uint8 flags
    ) external pure {
        _assertVoucher(
            VoucherWords.pack(owner, value, hopsLeft, flags), owner, value, hopsLeft, flags
        );
    }

    function test_threat_33_changing_a_voucher_field_changes_no_other(
        uint256 word,
        address owner,
        uint8 hopsLeft,
        uint8 flag
    ) external pure {
        VoucherWord w = VoucherWord.wrap(word);
        _assertVoucher(w.withOwner(owner), owner, w.value(), w.hopsLeft(), w.flags());
        _assertVoucher(w.withHopsLeft(hopsLeft), w.owner(), w.value(), hopsLeft, w.flags());
        _assertVoucher(w.withFlag(flag), w.owner(), w.value(), w.hopsLeft(), w.flags() | flag);
        _assertVoucher(w.withoutFlag(flag), w.owner(), w.value(), w.hopsLeft(), w.flags() & ~flag);
        assertEq(w.has(flag), w.flags() & flag != 0);
    }

    function test_threat_33_voucher_values_grow_and_shrink_in_their_field(
        uint256 word,
        uint80 amount
    ) external pure {
        VoucherWord w = VoucherWord.wrap(word);
        uint80 less = uint80(bound(amount, 0, w.value()));
        _assertVoucher(w.minusValue(less), w.owner(), w.value() - less, w.hopsLeft(), w.flags());
        uint80 more = uint80(bound(amount, 0, type(uint80).max - w.value()));
        _assertVoucher(w.plusValue(more), w.owner(), w.value() + more, w.hopsLeft(), w.flags());
    }

    function test_flags_of_vouchers_are_distinct() external pure {
        uint8 sum = VoucherWords.APPROVED + VoucherWords.CLAIMED + VoucherWords.FREEZABLE
            + VoucherWords.LIVE + VoucherWords.GATED + VoucherWords.CONSENT;
        assertEq(sum, 63);
    }

    /* RECEIVABLES */

    function test_threat_33_receivable_fields_come_back(
        address obligor,
        uint16 dueDay,
        uint16 programme,
        uint16 acceptBy,
        uint24 rules,
        uint8 flags
    ) external pure {
        flags = flags & 63;
        rules = rules & 0x0f0fff;
        ReceivableWord w = ReceivableWords.pack(
            obligor, dueDay, programme, acceptBy, rules, Status.Cancelled, flags
        );
        assertEq(w.obligor(), obligor);
        assertEq(w.dueDay(), dueDay);
        assertEq(w.programme(), programme);
        assertEq(w.acceptBy(), acceptBy);
        assertEq(w.maxHops(), rules & 0xff);
        assertEq(w.smallestVoucher(), (rules >> 8) & 15);
        assertEq(w.maxSplits(), (rules >> 16) & 15);
        assertEq(uint8(w.status()), uint8(Status.Cancelled));
        assertEq(w.splits(), 0);
        assertEq(w.granule(), 10 ** (flags & 7));
        assertEq(w.has(ReceivableWords.GATED), flags & ReceivableWords.GATED != 0);
        assertEq(w.has(ReceivableWords.LIMITED), flags & ReceivableWords.LIMITED != 0);
        assertEq(w.has(ReceivableWords.DEFAULTED), flags & ReceivableWords.DEFAULTED != 0);
    }

    function test_threat_33_changing_a_receivable_field_changes_no_other(
        uint256 seed,
        uint8 status,
        uint16 splits
    ) external pure {
        ReceivableWord w = ReceivableWord.wrap(seed);
        bool defaulted = w.has(ReceivableWords.DEFAULTED);
        ReceivableWord changed = w.withSplits(splits);
        _assertReceivable(changed, w, w.status(), splits, defaulted);
        changed = changed.withStatus(Status(status % 4));
        _assertReceivable(changed, w, Status(status % 4), splits, defaulted);
        changed = changed.withFlag(ReceivableWords.DEFAULTED);
        _assertReceivable(changed, w, Status(status % 4), splits, true);
        changed = changed.withoutFlag(ReceivableWords.DEFAULTED);
        _assertReceivable(changed, w, Status(status % 4), splits, false);
    }

    /* MONEY */

    function test_threat_33_money_fields_come_back(
        uint80 face,
        uint80 paid,
        uint80 advanced,
        uint8 currency
    ) external pure {
        MoneyWord w = MoneyWords.pack(face, paid, advanced, currency);
        assertEq(w.face(), face);
        assertEq(w.paid(), paid);
        assertEq(w.advanced(), advanced);
        assertEq(w.currency(), currency);
    }

    function test_coverage_and_surplus_divide_what_came_in(
        uint80 face,
        uint80 paid,
        uint80 advanced
    ) external pure {
        paid = uint80(bound(paid, 0, face));
        advanced = uint80(bound(advanced, 0, face));
        MoneyWord w = MoneyWords.pack(face, paid, advanced, 0);
        assertEq(w.owed(), face - paid);
        assertLe(w.coverage(), face);
        assertEq(uint256(w.coverage()) + w.surplus(), uint256(paid) + advanced);
        if (w.surplus() != 0) assertEq(w.coverage(), face);
        assertLe(w.surplus(), advanced);
        assertEq(w.isCovered(), w.coverage() == face);
    }

    /* PARTIES */

    function test_threat_33_changing_a_party_field_changes_no_other(
        uint256 word,
        uint40 until,
        uint16 defaults
    ) external pure {
        PartyWord w = PartyWord.wrap(word);
        _assertParty(w.withVerifiedUntil(until), until, w.frozenUntil(), w);
        _assertParty(w.withFrozenUntil(until), w.verifiedUntil(), until, w);
        PartyWord counted = w.withDefaults(defaults);
        assertEq(counted.defaults(), defaults);
        assertEq(counted.vouchers(), w.vouchers());
        assertEq(counted.verifiedUntil(), w.verifiedUntil());
        assertEq(counted.has(PartyWords.CUSTODIAN), w.has(PartyWords.CUSTODIAN));
    }

    function test_threat_33_voucher_counts_stay_in_their_field(uint256 word, uint64 count)
        external
        pure
    {
        PartyWord w = PartyWord.wrap(word);
        uint256 more = bound(count, 0, type(uint64).max - w.vouchers());
        PartyWord grown = w.plusVouchers(more);
        assertEq(grown.vouchers(), w.vouchers() + more);
        assertEq(grown.defaults(), w.defaults());
        assertEq(grown.frozenUntil(), w.frozenUntil());
        assertEq(PartyWord.unwrap(grown.minusVouchers(more)), word);
    }

    function test_party_flags_are_set_and_cleared_alone(uint256 word, bool on) external pure {
        PartyWord w = PartyWord.wrap(word);
        uint8[3] memory flags = [PartyWords.CUSTODIAN, PartyWords.PAYEE, PartyWords.CONTRACT];
        for (uint256 i = 0; i < 3; ++i) {
            PartyWord changed = w.withFlag(flags[i], on);
            assertEq(changed.has(flags[i]), on);
            assertEq(changed.has(flags[(i + 1) % 3]), w.has(flags[(i + 1) % 3]));
            assertEq(changed.has(flags[(i + 2) % 3]), w.has(flags[(i + 2) % 3]));
            assertEq(changed.defaults(), w.defaults());
        }
    }

    /* IDS */

    function test_threat_33_ids_hold_receivable_and_serial(uint192 receivable, uint64 serial)
        external
        pure
    {
        ReceivableId id = ReceivableId.wrap(receivable);
        VoucherId voucher = id.voucherAt(serial);
        assertTrue(voucher.receivableOf() == id);
        assertEq(voucher.serialOf(), serial);
        assertEq(id.toSlot(), receivable);
        assertEq(id.firstVoucher().serialOf(), 1);
    }

    /* INTERNAL */

    function _assertVoucher(VoucherWord w, address owner, uint80 value, uint8 hopsLeft, uint8 flags)
        private
        pure
    {
        assertEq(w.owner(), owner);
        assertEq(w.value(), value);
        assertEq(w.hopsLeft(), hopsLeft);
        assertEq(w.flags(), flags);
    }

    function _assertReceivable(
        ReceivableWord w,
        ReceivableWord before,
        Status status,
        uint256 splits,
        bool defaulted
    ) private pure {
        assertEq(uint8(w.status()), uint8(status));
        assertEq(w.splits(), splits);
        assertEq(w.has(ReceivableWords.DEFAULTED), defaulted);
        assertEq(w.has(ReceivableWords.GATED), before.has(ReceivableWords.GATED));
        assertEq(w.has(ReceivableWords.LIMITED), before.has(ReceivableWords.LIMITED));
        assertEq(w.granule(), before.granule());
        assertEq(w.obligor(), before.obligor());
        assertEq(w.dueDay(), before.dueDay());
        assertEq(w.programme(), before.programme());
        assertEq(w.acceptBy(), before.acceptBy());
        assertEq(w.maxHops(), before.maxHops());
        assertEq(w.smallestVoucher(), before.smallestVoucher());
        assertEq(w.maxSplits(), before.maxSplits());
    }

    function _assertParty(PartyWord w, uint40 verified, uint40 frozen, PartyWord before)
        private
        pure
    {
        assertEq(w.verifiedUntil(), verified);
        assertEq(w.frozenUntil(), frozen);
        assertEq(PartyWord.unwrap(w) >> 80, PartyWord.unwrap(before) >> 80);
    }
}
