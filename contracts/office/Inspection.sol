// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInspection} from "../interfaces/IInspection.sol";

import {Book} from "../ledger/Book.sol";
import {Receivable, Status, Voucher} from "../types/DataTypes.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";
import {MoneyWord, ReceivableWord, ReceivableWords, VoucherWord} from "../types/Words.sol";

/// @title Inspection
/// @notice Receivables and vouchers, unpacked.
abstract contract Inspection is Book, IInspection {
    /// @inheritdoc IInspection
    function receivableOf(ReceivableId id) external view returns (Receivable memory) {
        ReceivableWord word = _receivables[id];
        MoneyWord money = _money[id];
        return Receivable({
            status: _statusOf(id),
            obligor: word.obligor(),
            currency: money.currency(),
            programme: word.programme(),
            dueDay: word.dueDay(),
            acceptBy: word.acceptBy(),
            maxHops: word.maxHops(),
            // At most 60,001.
            vouchers: word.status() == Status.None ? 0 : uint32(word.splits() + 1),
            defaultDeclared: word.has(ReceivableWords.DEFAULTED),
            face: money.face(),
            paid: money.paid(),
            advanced: money.advanced(),
            // All claims together stay within the coverage, which has 80 bits.
            claimed: uint80(_claimedTotal[id])
        });
    }

    /// @inheritdoc IInspection
    function voucherOf(VoucherId id) external view returns (Voucher memory) {
        VoucherWord voucher = _requireVoucher(id);
        ReceivableId receivableId = id.receivableOf();
        ReceivableWord receivable = _receivables[receivableId];
        uint80 claimed = _claimedOn(id, voucher);
        bool accepted = receivable.status() == Status.Accepted;
        return Voucher({
            holder: voucher.owner(),
            value: voucher.value(),
            hops: receivable.maxHops() - voucher.hopsLeft(),
            frozen: _isFrozenFor(id, voucher, voucher.owner()),
            claimed: claimed,
            claimable: accepted ? _claimable(receivableId, receivable, voucher, claimed) : 0
        });
    }

    /// @inheritdoc IInspection
    function claimedOn(VoucherId id) external view returns (uint256) {
        return _claimedOn(id, _requireVoucher(id));
    }
}
