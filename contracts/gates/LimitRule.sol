// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammeRules} from "../interfaces/IProgrammeRules.sol";

import {Calendar} from "../libraries/Calendar.sol";
import {Programme, Status, Terms} from "../types/DataTypes.sol";
import {ReceivableId} from "../types/Ids.sol";
import {Guarding} from "./Guarding.sol";

/// @title LimitRule
/// @notice How much one receivable and all together may be for, and until when there may be new ones.
abstract contract LimitRule is Guarding {
    /// @dev What an accepted receivable takes of the total. One slot.
    struct Count {
        uint80 face;
        uint16 programme;
    }

    uint80 internal immutable _totalLimit;
    uint80 internal immutable _faceLimit;
    uint16 internal immutable _lastIssueDay;

    mapping(uint16 programme => uint256 units) internal _totals;
    mapping(ReceivableId id => Count count) internal _counts;

    constructor(uint80 totalLimit, uint80 faceLimit, uint16 lastIssueDay) {
        _totalLimit = totalLimit;
        _faceLimit = faceLimit;
        _lastIssueDay = lastIssueDay;
    }

    /* INTERNAL */

    function _requireWithinLimits(Terms calldata terms) internal view {
        uint16 today = Calendar.today();
        require(
            _lastIssueDay == 0 || today <= _lastIssueDay,
            IProgrammeRules.IssuesEnded(_lastIssueDay, today)
        );
        if (_totalLimit == 0 && _faceLimit == 0) return;
        // Whether it is open was asked before.
        // slither-disable-next-line unused-return
        (Programme memory programme,) = _ledger.programmeOf(terms.programme);
        require(programme.currency != 0, IProgrammeRules.LimitNeedsCurrency(terms.programme));
        require(
            _faceLimit == 0 || terms.face <= _faceLimit,
            IProgrammeRules.FaceAboveLimit(terms.face, _faceLimit)
        );
    }

    function _countFace(ReceivableId id, uint16 programme, uint80 face) internal {
        if (_totalLimit == 0) return;
        uint256 total = _totals[programme] + face;
        require(
            total <= _totalLimit, IProgrammeRules.TotalLimitExceeded(programme, total, _totalLimit)
        );
        _totals[programme] = total;
        _counts[id] = Count(face, programme);
        emit IProgrammeRules.FaceCounted(id, programme, face);
    }

    function _releaseFace(ReceivableId id) internal returns (uint80 face) {
        Count memory count = _counts[id];
        face = count.face;
        if (face == 0) return 0;
        Status status = _ledger.statusOf(id);
        require(status == Status.Settled, IProgrammeRules.FaceStillCounts(id, status));
        delete _counts[id];
        _totals[count.programme] -= face;
        emit IProgrammeRules.FaceReleased(id, count.programme, face);
    }
}
