// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice One receivable: the first 24 bytes of the hash of its terms.
type ReceivableId is uint192;

/// @notice One voucher: its receivable's id in the upper 192 bits, its serial in the lower 64.
type VoucherId is uint256;

using {eq as ==, firstVoucher, voucherAt, toSlot} for ReceivableId global;
using {receivableOf, serialOf} for VoucherId global;

function eq(ReceivableId a, ReceivableId b) pure returns (bool) {
    return ReceivableId.unwrap(a) == ReceivableId.unwrap(b);
}

/// @dev The voucher that is minted when the receivable is issued.
function firstVoucher(ReceivableId id) pure returns (VoucherId) {
    return voucherAt(id, 1);
}

function voucherAt(ReceivableId id, uint64 serial) pure returns (VoucherId) {
    return VoucherId.wrap((uint256(ReceivableId.unwrap(id)) << 64) | serial);
}

/// @dev The receivable as an ERC-3525 slot.
function toSlot(ReceivableId id) pure returns (uint256) {
    return ReceivableId.unwrap(id);
}

function receivableOf(VoucherId id) pure returns (ReceivableId) {
    // The shift leaves 192 bits: the cast cannot truncate.
    return ReceivableId.wrap(uint192(VoucherId.unwrap(id) >> 64));
}

function serialOf(VoucherId id) pure returns (uint64) {
    // The serial is the low 64 bits by definition: the truncation is meant.
    return uint64(VoucherId.unwrap(id));
}
