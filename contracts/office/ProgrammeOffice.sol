// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammes} from "../interfaces/IProgrammes.sol";

import {Book} from "../ledger/Book.sol";
import {Digits} from "../libraries/Digits.sol";
import {Programme} from "../types/DataTypes.sol";

/// @title ProgrammeOffice
/// @notice Creating programmes, and closing them for new issues.
abstract contract ProgrammeOffice is Book, IProgrammes {
    /// @dev The counter of splits has 16 bits.
    uint256 private constant _MOST_SPLITS = 60_000;

    /* PROGRAMMES */

    /// @inheritdoc IProgrammes
    function createProgramme(Programme calldata p) external restricted returns (uint16 programme) {
        require(p.maxTenorDays != 0, IProgrammes.ProgrammeInvalid("tenor is zero"));
        require(p.acceptanceDays != 0, IProgrammes.ProgrammeInvalid("acceptance is zero"));
        require(p.smallestVoucher != 0, IProgrammes.ProgrammeInvalid("smallest voucher is zero"));
        require(
            p.obligorLimit == 0 || p.currency != 0,
            IProgrammes.ProgrammeInvalid("limit without currency")
        );
        require(
            p.attestations == 0 || p.gate != address(0),
            IProgrammes.ProgrammeInvalid("attestations without gate")
        );
        require(
            p.gate == address(0) || p.gate.code.length != 0,
            IProgrammes.ProgrammeInvalid("gate has no code")
        );
        require(p.maxSplits <= _MOST_SPLITS, IProgrammes.ProgrammeInvalid("too many splits"));
        programme = ++_programmeCount;
        _rules[programme] = Rules({
            maxTenorDays: p.maxTenorDays,
            acceptanceDays: p.acceptanceDays,
            graceDays: p.graceDays,
            obligorLimit: p.obligorLimit,
            maxHops: p.maxHops,
            smallestVoucher: _oneDigit(p.smallestVoucher, "smallest voucher digits"),
            maxSplits: _oneDigit(p.maxSplits, "splits digits")
        });
        _scopes[programme] =
            Scope(p.gate, p.currency, p.attestations, p.consent, p.stopOnDefault, true);
        emit IProgrammes.ProgrammeCreated(programme, p);
    }

    /// @inheritdoc IProgrammes
    function setProgrammeOpen(uint16 programme, bool open) external restricted {
        _requireProgramme(programme);
        _scopes[programme].open = open;
        emit IProgrammes.ProgrammeOpened(programme, open);
    }

    /* VIEWS */

    /// @inheritdoc IProgrammes
    function programmeOf(uint16 programme) external view returns (Programme memory, bool open) {
        _requireProgramme(programme);
        Rules memory r = _rules[programme];
        Scope memory s = _scopes[programme];
        return (
            Programme({
                maxTenorDays: r.maxTenorDays,
                acceptanceDays: r.acceptanceDays,
                graceDays: r.graceDays,
                maxHops: r.maxHops,
                // What was encoded from 32 and 80 bits decodes to no more.
                maxSplits: uint32(Digits.decode(r.maxSplits)),
                smallestVoucher: uint80(Digits.decode(r.smallestVoucher)),
                obligorLimit: r.obligorLimit,
                currency: s.currency,
                attestations: s.attestations,
                consent: s.consent,
                stopOnDefault: s.stopOnDefault,
                gate: s.gate
            }),
            s.open
        );
    }

    /// @inheritdoc IProgrammes
    function programmeCount() external view returns (uint16) {
        return _programmeCount;
    }

    /// @inheritdoc IProgrammes
    function outstandingOf(uint16 programme, address obligor) external view returns (uint256) {
        return _outstanding[programme][obligor];
    }

    /* INTERNAL */

    function _oneDigit(uint256 number, bytes32 rule) private pure returns (uint8 code) {
        bool exact;
        (code, exact) = Digits.encode(number);
        require(exact, IProgrammes.ProgrammeInvalid(rule));
    }
}
