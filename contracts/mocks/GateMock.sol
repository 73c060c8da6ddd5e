// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammeGate} from "../interfaces/IProgrammeGate.sol";

import {Terms} from "../types/DataTypes.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";
import {GasBurner} from "./GasBurner.sol";
import {Intruder} from "./Intruder.sol";

/// @title GateMock
/// @notice Test only. A programme's gate that remembers what it was asked, refuses on demand, and (an
/// `Intruder`) tries to act while it is asked.
contract GateMock is Intruder, GasBurner, IProgrammeGate {
    enum Forecast {
        Yes,
        No,
        Reverting,
        GasBurning
    }

    /// @notice What `beforeTransfer` was last asked.
    struct Move {
        VoucherId id;
        address operator;
        address from;
        address to;
        uint256 value;
    }

    uint256 public issues;
    uint256 public acceptances;
    uint256 public transfers;
    ReceivableId public lastReceivable;
    // Hash of the last terms, ABI-encoded.
    bytes32 public lastTermsHash;
    Move public lastMove;

    bytes32 public refusal;
    Forecast public forecast;

    /// @notice Thrown when the gate refuses.
    error GateRefused(bytes32 reason);

    /// @notice Refuses everything for this reason from now on; zero: nothing.
    function setRefusal(bytes32 newRefusal) external {
        refusal = newRefusal;
    }

    /// @notice What `canTransfer` answers, whatever `beforeTransfer` would do.
    function setForecast(Forecast newForecast) external {
        forecast = newForecast;
    }

    function beforeIssue(ReceivableId id, Terms calldata terms) external {
        ++issues;
        lastReceivable = id;
        lastTermsHash = keccak256(abi.encode(terms));
        _decide();
    }

    function beforeAccept(ReceivableId id) external {
        ++acceptances;
        lastReceivable = id;
        _decide();
    }

    function beforeTransfer(VoucherId id, address operator, address from, address to, uint256 value)
        external
    {
        ++transfers;
        lastMove = Move(id, operator, from, to, value);
        _decide();
    }

    function canTransfer(VoucherId, address, address) external view returns (bool) {
        require(forecast != Forecast.Reverting, GateRefused("canTransfer"));
        if (forecast == Forecast.GasBurning) _burnGas();
        return forecast == Forecast.Yes;
    }

    function _decide() private {
        _intrude();
        require(refusal == 0, GateRefused(refusal));
    }
}
