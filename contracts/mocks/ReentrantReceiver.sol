// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC3525Receiver} from "../interfaces/IERC3525Receiver.sol";
import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/interfaces/IERC721Receiver.sol";

import {ITokenHooks} from "./HookedToken.sol";
import {Intruder} from "./Intruder.sol";

/// @title ReentrantReceiver
/// @notice Test only. Accepts vouchers, value and cash, and re-enters with the call that it is armed with
/// whenever it is told of any of them.
contract ReentrantReceiver is Intruder, IERC165, IERC721Receiver, IERC3525Receiver, ITokenHooks {
    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        _intrude();
        return IERC721Receiver.onERC721Received.selector;
    }

    function onERC3525Received(address, uint256, uint256, uint256, bytes calldata)
        external
        returns (bytes4)
    {
        _intrude();
        return IERC3525Receiver.onERC3525Received.selector;
    }

    function tokensToSend(address, address, uint256) external {
        _intrude();
    }

    function tokensReceived(address, address, uint256) external {
        _intrude();
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IERC165).interfaceId || id == type(IERC721Receiver).interfaceId
            || id == type(IERC3525Receiver).interfaceId;
    }
}
