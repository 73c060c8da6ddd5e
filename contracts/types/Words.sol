// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Digits} from "../libraries/Digits.sol";
import {Status} from "./DataTypes.sol";

/**
 * Storage words, packed by hand: an operation reads a word once, changes it on the stack and writes it
 * once. Every cast below narrows a value that its shift has already cut to that width; every pack takes
 * values whose types are no wider than their field, so that no field can spill into the next.
 */

/// @dev owner 160 | value 80 | hopsLeft 8 | flags 8
type VoucherWord is uint256;

/// @dev obligor 160 | dueDay 16 | programme 16 | acceptBy 16 | maxHops 8 | smallestVoucher 8 | maxSplits 8 |
/// status 2 | flags 6 | splits 16; the two before the status are `Digits`
type ReceivableWord is uint256;

/// @dev face 80 | paid 80 | advanced 80 | currency 8: all that a redemption in full asks of a receivable
type MoneyWord is uint256;

/// @dev verifiedUntil 40 | frozenUntil 40 | vouchers 64 | defaults 16 | flags 8
type PartyWord is uint256;

using VoucherWords for VoucherWord global;
using ReceivableWords for ReceivableWord global;
using MoneyWords for MoneyWord global;
using PartyWords for PartyWord global;

library VoucherWords {
    /// @dev An approval, or a value allowance, was given since the voucher last changed hands.
    uint8 internal constant APPROVED = 1;
    /// @dev Something was claimed on it before full coverage.
    uint8 internal constant CLAIMED = 2;
    /// @dev Some account's right to it was frozen once; the freeze table knows more.
    uint8 internal constant FREEZABLE = 4;
    /// @dev Its receivable is known to be accepted, which is final: a move need not read it again.
    uint8 internal constant LIVE = 8;
    /// @dev The programme has a gate.
    uint8 internal constant GATED = 16;
    /// @dev Recipients must have consented.
    uint8 internal constant CONSENT = 32;
    /// @dev What a voucher has from the one that it is split off.
    uint8 internal constant INHERITED = LIVE | GATED | CONSENT;

    function pack(address newOwner, uint80 newValue, uint8 newHopsLeft, uint8 newFlags)
        internal
        pure
        returns (VoucherWord)
    {
        return VoucherWord.wrap(
            uint256(uint160(newOwner)) | (uint256(newValue) << 160) | (uint256(newHopsLeft) << 240)
                | (uint256(newFlags) << 248)
        );
    }

    function owner(VoucherWord w) internal pure returns (address) {
        return address(uint160(VoucherWord.unwrap(w)));
    }

    function value(VoucherWord w) internal pure returns (uint80) {
        return uint80(VoucherWord.unwrap(w) >> 160);
    }

    function hopsLeft(VoucherWord w) internal pure returns (uint8) {
        return uint8(VoucherWord.unwrap(w) >> 240);
    }

    function flags(VoucherWord w) internal pure returns (uint8) {
        return uint8(VoucherWord.unwrap(w) >> 248);
    }

    function has(VoucherWord w, uint8 flag) internal pure returns (bool) {
        return flags(w) & flag != 0;
    }

    function withFlag(VoucherWord w, uint8 flag) internal pure returns (VoucherWord) {
        return VoucherWord.wrap(VoucherWord.unwrap(w) | (uint256(flag) << 248));
    }

    function withoutFlag(VoucherWord w, uint8 flag) internal pure returns (VoucherWord) {
        return VoucherWord.wrap(VoucherWord.unwrap(w) & ~(uint256(flag) << 248));
    }

    function withOwner(VoucherWord w, address newOwner) internal pure returns (VoucherWord) {
        uint256 rest = (VoucherWord.unwrap(w) >> 160) << 160;
        return VoucherWord.wrap(rest | uint160(newOwner));
    }

    /// @dev The caller adds no more than keeps the value within 80 bits: a receivable's face.
    function plusValue(VoucherWord w, uint256 more) internal pure returns (VoucherWord) {
        return VoucherWord.wrap(VoucherWord.unwrap(w) + (more << 160));
    }

    /// @dev The caller takes at most the value: no borrow from the hops left.
    function minusValue(VoucherWord w, uint256 less) internal pure returns (VoucherWord) {
        return VoucherWord.wrap(VoucherWord.unwrap(w) - (less << 160));
    }

    function withHopsLeft(VoucherWord w, uint8 newHopsLeft) internal pure returns (VoucherWord) {
        uint256 rest = VoucherWord.unwrap(w) & ~(uint256(type(uint8).max) << 240);
        return VoucherWord.wrap(rest | (uint256(newHopsLeft) << 240));
    }
}

library ReceivableWords {
    /// @dev The low three flag bits hold an exponent: amounts are multiples of 10^exponent units.
    uint8 internal constant GRANULE = 7;
    /// @dev The programme has a gate.
    uint8 internal constant GATED = 8;
    /// @dev The programme limits what an obligor may owe.
    uint8 internal constant LIMITED = 16;
    /// @dev The obligor's default was declared.
    uint8 internal constant DEFAULTED = 32;

    uint256 private constant _STATUS = 3 << 232;

    /// @dev The flags have 6 bits. `rules` are the programme's `copied`.
    function pack(
        address newObligor,
        uint16 newDueDay,
        uint16 newProgramme,
        uint16 newAcceptBy,
        uint24 rules,
        Status newStatus,
        uint8 newFlags
    ) internal pure returns (ReceivableWord) {
        return ReceivableWord.wrap(
            uint256(uint160(newObligor)) | (uint256(newDueDay) << 160)
                | (uint256(newProgramme) << 176) | (uint256(newAcceptBy) << 192)
                | (uint256(rules) << 208) | (uint256(newStatus) << 232) | (uint256(newFlags) << 234)
        );
    }

    function obligor(ReceivableWord w) internal pure returns (address) {
        return address(uint160(ReceivableWord.unwrap(w)));
    }

    function dueDay(ReceivableWord w) internal pure returns (uint16) {
        return uint16(ReceivableWord.unwrap(w) >> 160);
    }

    function programme(ReceivableWord w) internal pure returns (uint16) {
        return uint16(ReceivableWord.unwrap(w) >> 176);
    }

    function acceptBy(ReceivableWord w) internal pure returns (uint16) {
        return uint16(ReceivableWord.unwrap(w) >> 192);
    }

    function maxHops(ReceivableWord w) internal pure returns (uint8) {
        return uint8(ReceivableWord.unwrap(w) >> 208);
    }

    function smallestVoucher(ReceivableWord w) internal pure returns (uint256) {
        return Digits.decode(uint8(ReceivableWord.unwrap(w) >> 216));
    }

    function maxSplits(ReceivableWord w) internal pure returns (uint256) {
        return Digits.decode(uint8(ReceivableWord.unwrap(w) >> 224));
    }

    function status(ReceivableWord w) internal pure returns (Status) {
        return Status((ReceivableWord.unwrap(w) >> 232) & 3);
    }

    function has(ReceivableWord w, uint8 flag) internal pure returns (bool) {
        return (ReceivableWord.unwrap(w) >> 234) & flag != 0;
    }

    /// @dev Amounts are multiples of this many units, so that the currency can express them.
    function granule(ReceivableWord w) internal pure returns (uint256) {
        return 10 ** ((ReceivableWord.unwrap(w) >> 234) & GRANULE);
    }

    /// @dev How many vouchers were split off: the next one has the serial 2 + splits.
    function splits(ReceivableWord w) internal pure returns (uint256) {
        return ReceivableWord.unwrap(w) >> 240;
    }

    /// @dev Only stored statuses, None to Cancelled, are written: two bits.
    function withStatus(ReceivableWord w, Status newStatus) internal pure returns (ReceivableWord) {
        return
            ReceivableWord.wrap((ReceivableWord.unwrap(w) & ~_STATUS) | (uint256(newStatus) << 232));
    }

    function withFlag(ReceivableWord w, uint8 flag) internal pure returns (ReceivableWord) {
        return ReceivableWord.wrap(ReceivableWord.unwrap(w) | (uint256(flag) << 234));
    }

    function withoutFlag(ReceivableWord w, uint8 flag) internal pure returns (ReceivableWord) {
        return ReceivableWord.wrap(ReceivableWord.unwrap(w) & ~(uint256(flag) << 234));
    }

    /// @dev The counter is the top field and at most 60,000, below 2^16.
    function withSplits(ReceivableWord w, uint256 newSplits)
        internal
        pure
        returns (ReceivableWord)
    {
        return ReceivableWord.wrap(
            (ReceivableWord.unwrap(w) & ((1 << 240) - 1)) | (newSplits << 240)
        );
    }
}

library MoneyWords {
    function pack(uint80 newFace, uint80 newPaid, uint80 newAdvanced, uint8 newCurrency)
        internal
        pure
        returns (MoneyWord)
    {
        return MoneyWord.wrap(
            uint256(newFace) | (uint256(newPaid) << 80) | (uint256(newAdvanced) << 160)
                | (uint256(newCurrency) << 240)
        );
    }

    function face(MoneyWord w) internal pure returns (uint80) {
        return uint80(MoneyWord.unwrap(w));
    }

    function paid(MoneyWord w) internal pure returns (uint80) {
        return uint80(MoneyWord.unwrap(w) >> 80);
    }

    function advanced(MoneyWord w) internal pure returns (uint80) {
        return uint80(MoneyWord.unwrap(w) >> 160);
    }

    function currency(MoneyWord w) internal pure returns (uint8) {
        return uint8(MoneyWord.unwrap(w) >> 240);
    }

    /// @dev What the obligor still owes. It never pays more than the face: no underflow.
    function owed(MoneyWord w) internal pure returns (uint80) {
        return face(w) - paid(w);
    }

    /// @dev What holders may share in: at most the face.
    function coverage(MoneyWord w) internal pure returns (uint80) {
        uint256 total = uint256(paid(w)) + advanced(w);
        // The smaller of the two is at most the face, which has 80 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        return total < face(w) ? uint80(total) : face(w);
    }

    /// @dev Whether holders can be paid in full.
    function isCovered(MoneyWord w) internal pure returns (bool) {
        return uint256(paid(w)) + advanced(w) >= face(w);
    }

    /// @dev What has come in beyond the face, for the guarantors. At most what they advanced.
    function surplus(MoneyWord w) internal pure returns (uint256) {
        uint256 total = uint256(paid(w)) + advanced(w);
        return total > face(w) ? total - face(w) : 0;
    }
}

library PartyWords {
    /// @dev It keeps vouchers for others: moves into and out of its hands are no hops.
    uint8 internal constant CUSTODIAN = 1;
    /// @dev Its redemptions go to another payee.
    uint8 internal constant PAYEE = 2;
    /// @dev It had code when it was verified: it is asked whether it takes value.
    uint8 internal constant CONTRACT = 4;

    uint256 private constant _UNTIL = type(uint40).max;

    function verifiedUntil(PartyWord w) internal pure returns (uint40) {
        return uint40(PartyWord.unwrap(w));
    }

    function frozenUntil(PartyWord w) internal pure returns (uint40) {
        return uint40(PartyWord.unwrap(w) >> 40);
    }

    function vouchers(PartyWord w) internal pure returns (uint64) {
        return uint64(PartyWord.unwrap(w) >> 80);
    }

    function defaults(PartyWord w) internal pure returns (uint16) {
        return uint16(PartyWord.unwrap(w) >> 144);
    }

    function has(PartyWord w, uint8 flag) internal pure returns (bool) {
        return uint8(PartyWord.unwrap(w) >> 160) & flag != 0;
    }

    function withVerifiedUntil(PartyWord w, uint40 until) internal pure returns (PartyWord) {
        return PartyWord.wrap((PartyWord.unwrap(w) & ~_UNTIL) | until);
    }

    function withFrozenUntil(PartyWord w, uint40 until) internal pure returns (PartyWord) {
        return PartyWord.wrap((PartyWord.unwrap(w) & ~(_UNTIL << 40)) | (uint256(until) << 40));
    }

    function withFlag(PartyWord w, uint8 flag, bool on) internal pure returns (PartyWord) {
        uint256 bit = uint256(flag) << 160;
        return PartyWord.wrap(on ? PartyWord.unwrap(w) | bit : PartyWord.unwrap(w) & ~bit);
    }

    /// @dev A party holds at most as many vouchers as were ever made: 64 bits cannot overflow.
    function plusVouchers(PartyWord w, uint256 count) internal pure returns (PartyWord) {
        return PartyWord.wrap(PartyWord.unwrap(w) + (count << 80));
    }

    /// @dev Called for vouchers that the party holds: the field cannot underflow.
    function minusVouchers(PartyWord w, uint256 count) internal pure returns (PartyWord) {
        return PartyWord.wrap(PartyWord.unwrap(w) - (count << 80));
    }

    /// @dev The caller keeps the counter within 16 bits.
    function withDefaults(PartyWord w, uint16 count) internal pure returns (PartyWord) {
        uint256 rest = PartyWord.unwrap(w) & ~(uint256(type(uint16).max) << 144);
        return PartyWord.wrap(rest | (uint256(count) << 144));
    }
}
