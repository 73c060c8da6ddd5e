// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammes} from "../interfaces/IProgrammes.sol";

/// @title Programmes
/// @notice Immutable rules in two slots: what splitting, accepting and ageing ask for is in the first.
abstract contract Programmes {
    /// @dev 168 bits: one slot. The last three are copied into each receivable's word.
    struct Rules {
        uint16 maxTenorDays;
        uint16 acceptanceDays;
        uint16 graceDays;
        uint80 obligorLimit;
        uint8 maxHops;
        uint8 smallestVoucher;
        uint8 maxSplits;
    }

    /// @dev 208 bits: one slot. `open` was set once for every programme that exists.
    struct Scope {
        address gate;
        uint8 currency;
        uint8 attestations;
        bool consent;
        bool stopOnDefault;
        bool open;
    }

    uint16 internal _programmeCount;
    mapping(uint16 programme => Rules rules) internal _rules;
    mapping(uint16 programme => Scope scope) internal _scopes;
    mapping(uint16 programme => mapping(address obligor => uint256 units)) internal _outstanding;

    function _rulesOf(uint16 programme) internal view returns (Rules memory) {
        return _rules[programme];
    }

    function _scopeOf(uint16 programme) internal view returns (Scope memory) {
        return _scopes[programme];
    }

    /// @dev The scope of a programme that may issue; only a closed one is asked whether it exists.
    function _requireOpen(uint16 programme) internal view returns (Scope memory scope) {
        scope = _scopes[programme];
        if (scope.open) return scope;
        _requireProgramme(programme);
        revert IProgrammes.ProgrammeClosed(programme);
    }

    function _raiseOutstanding(uint16 programme, address obligor, uint256 amount, uint256 limit)
        internal
    {
        uint256 outstanding = _outstanding[programme][obligor] + amount;
        require(outstanding <= limit, IProgrammes.ObligorLimitExceeded(obligor, outstanding, limit));
        _outstanding[programme][obligor] = outstanding;
    }

    function _lowerOutstanding(uint16 programme, address obligor, uint256 amount) internal {
        _outstanding[programme][obligor] -= amount;
    }

    function _requireProgramme(uint16 programme) internal view {
        require(
            programme != 0 && programme <= _programmeCount, IProgrammes.ProgrammeUnknown(programme)
        );
    }
}
