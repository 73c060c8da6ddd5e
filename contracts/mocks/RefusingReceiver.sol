// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC3525Receiver} from "../interfaces/IERC3525Receiver.sol";
import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/interfaces/IERC721Receiver.sol";

import {GasBurner} from "./GasBurner.sol";

/// @title RefusingReceiver
/// @notice Test only. Every way in which a contract can be unhelpful when it is to receive something.
contract RefusingReceiver is GasBurner, IERC165, IERC721Receiver, IERC3525Receiver {
    enum Manner {
        // Takes everything.
        Accept,
        // Reverts with `Refused`.
        Revert,
        // Reverts with nothing.
        RevertSilently,
        // Answers, but not with the selector.
        WrongSelector,
        // Burns all gas when it receives.
        BurnGas,
        // Burns all gas when it is asked what it supports; takes everything.
        BurnGasWhenAsked,
        // Reverts when it is asked what it supports; refuses everything.
        RevertWhenAsked,
        // Claims to support every interface, which ERC-165 forbids; refuses everything.
        ClaimEverything
    }

    Manner public manner;

    /// @notice Thrown when the receiver refuses.
    error Refused();

    constructor(Manner newManner) {
        manner = newManner;
    }

    function setManner(Manner newManner) external {
        manner = newManner;
    }

    function onERC721Received(address, address, uint256, bytes calldata)
        external
        view
        returns (bytes4)
    {
        return _answer(IERC721Receiver.onERC721Received.selector);
    }

    function onERC3525Received(address, uint256, uint256, uint256, bytes calldata)
        external
        view
        returns (bytes4)
    {
        return _answer(IERC3525Receiver.onERC3525Received.selector);
    }

    function supportsInterface(bytes4 id) external view returns (bool) {
        if (manner == Manner.BurnGasWhenAsked) _burnGas();
        require(manner != Manner.RevertWhenAsked, Refused());
        return manner == Manner.ClaimEverything || id == type(IERC165).interfaceId
            || id == type(IERC721Receiver).interfaceId || id == type(IERC3525Receiver).interfaceId;
    }

    function _answer(bytes4 selector) private view returns (bytes4) {
        if (manner == Manner.BurnGas) _burnGas();
        if (manner == Manner.RevertSilently) revert();
        if (manner == Manner.WrongSelector) return 0xdeadbeef;
        require(manner == Manner.Accept || manner == Manner.BurnGasWhenAsked, Refused());
        return selector;
    }
}
