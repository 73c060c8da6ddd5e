// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {GasBurner} from "./GasBurner.sol";

/// @title ContractWallet
/// @notice Test only. An account that is a contract (ERC-1271), honest or not about its signatures.
contract ContractWallet is GasBurner, ERC721Holder, IERC1271 {
    enum Answer {
        // A signature counts if its owner's key made it.
        Honest,
        // Every signature counts.
        Valid,
        // None does.
        Invalid,
        // Every signature counts before `changesAt`, none from then on.
        Changing,
        // Reverts when asked.
        Reverting,
        // Burns all gas when asked.
        GasBurning
    }

    address public immutable owner;
    Answer public answer;
    uint256 public changesAt;

    /// @notice Thrown when the wallet will not say.
    error NoAnswer();

    /// @notice Thrown when a call of the wallet failed.
    error ActFailed(bytes result);

    constructor(address newOwner) {
        owner = newOwner;
    }

    function setAnswer(Answer newAnswer, uint256 newChangesAt) external {
        answer = newAnswer;
        changesAt = newChangesAt;
    }

    /// @notice Makes a call in the wallet's name, for anyone.
    function act(address to, bytes calldata data) external returns (bytes memory result) {
        bool success;
        (success, result) = to.call(data);
        require(success, ActFailed(result));
    }

    function isValidSignature(bytes32 hash, bytes calldata signature)
        external
        view
        returns (bytes4)
    {
        require(answer != Answer.Reverting, NoAnswer());
        if (answer == Answer.GasBurning) _burnGas();
        return _isValid(hash, signature) ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    function _isValid(bytes32 hash, bytes calldata signature) private view returns (bool) {
        if (answer == Answer.Changing) return block.timestamp < changesAt;
        if (answer != Answer.Honest) return answer == Answer.Valid;
        (address signer, ECDSA.RecoverError error_,) = ECDSA.tryRecover(hash, signature);
        return error_ == ECDSA.RecoverError.NoError && signer == owner;
    }
}
