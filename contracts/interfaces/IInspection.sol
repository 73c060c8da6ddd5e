// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Receivable, Voucher} from "../types/DataTypes.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";

/// @title IInspection
/// @notice Receivables and vouchers as they stand now, each in one call.
interface IInspection {
    /// @notice A receivable; its status is `None` and all else zero when it was never issued.
    function receivableOf(ReceivableId id) external view returns (Receivable memory);

    /// @notice A voucher.
    function voucherOf(VoucherId id) external view returns (Voucher memory);

    /// @notice What was taken out on a voucher before full coverage, in units.
    function claimedOn(VoucherId id) external view returns (uint256);
}
