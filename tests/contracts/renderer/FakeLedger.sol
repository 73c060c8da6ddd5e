// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Currency, Receivable, Voucher} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";

/// @title FakeLedger
/// @notice The views that the renderer reads, answering whatever a test wants, possible or not.
contract FakeLedger {
    uint8 public constant valueDecimals = 6;

    Voucher private _voucher;
    Receivable private _receivable;
    Currency private _currency;

    function set(Voucher memory voucher, Receivable memory receivable, Currency memory currency)
        external
    {
        _voucher = voucher;
        _receivable = receivable;
        _currency = currency;
    }

    function voucherOf(VoucherId) external view returns (Voucher memory) {
        return _voucher;
    }

    function receivableOf(ReceivableId) external view returns (Receivable memory) {
        return _receivable;
    }

    function currencyOf(uint8) external view returns (Currency memory) {
        return _currency;
    }
}
