// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC3525Receiver} from "./interfaces/IERC3525Receiver.sol";
import {Call, ISponsoredAccount} from "./interfaces/ISponsoredAccount.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

/// @title SponsoredAccount
/// @notice The code that an account without ether delegates to; its interface is `ISponsoredAccount`.
/// @dev Numbers are marked before any call: what comes back in finds them used. Its storage begins where
/// ERC-7201 puts the namespace "duebill.SponsoredAccount", away from what other delegations left.
contract SponsoredAccount layout at 0x5429b37e6f62adcd6500bc1e3c02317fe0e69bf004f10f1e0b2adc78e7771100
    is
    EIP712,
    ERC721Holder,
    ISponsoredAccount
{
    using Address for address;
    using BitMaps for BitMaps.BitMap;

    bytes32 private constant _CALL_TYPEHASH = keccak256("Call(address to,bytes data)");
    bytes32 private constant _INTENT_TYPEHASH =
        keccak256("Intent(Call[] calls,uint256 nonce,uint40 deadline)Call(address to,bytes data)");

    // The numbers that were used or withdrawn.
    BitMaps.BitMap private _nonces;

    constructor() EIP712("Duebill account", "1") {}

    /// @dev Without it nobody could give ether to the account any more; its key spends it.
    receive() external payable {}

    /* ACT */

    /// @inheritdoc ISponsoredAccount
    function execute(
        Call[] calldata calls,
        uint256 nonce,
        uint40 deadline,
        bytes calldata signature
    ) external {
        require(calls.length != 0, IntentEmpty());
        require(block.timestamp <= deadline, IntentExpired(deadline, block.timestamp));
        bytes32 intent = intentDigest(calls, nonce, deadline);
        require(_isOwn(intent, signature), IntentSignatureInvalid(address(this)));
        _use(nonce);
        emit IntentExecuted(intent, nonce, msg.sender);
        for (uint256 i = 0; i < calls.length; ++i) {
            // Whoever brings it wants it done, and not what it returns.
            // slither-disable-next-line unused-return
            calls[i].to.functionCall(calls[i].data);
        }
    }

    /// @inheritdoc ISponsoredAccount
    function withdraw(uint256 nonce) external {
        require(msg.sender == address(this), IntentSignatureInvalid(address(this)));
        _use(nonce);
        emit IntentWithdrawn(nonce);
    }

    /* VIEWS */

    /// @inheritdoc IERC1271
    /// @dev Other contracts ask it because the account has code now; its key still is what counts.
    function isValidSignature(bytes32 hash, bytes calldata signature)
        external
        view
        returns (bytes4)
    {
        return _isOwn(hash, signature) ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    /// @inheritdoc IERC3525Receiver
    function onERC3525Received(address, uint256, uint256, uint256, bytes calldata)
        external
        pure
        returns (bytes4)
    {
        return IERC3525Receiver.onERC3525Received.selector;
    }

    /// @inheritdoc ISponsoredAccount
    function isIntentNonceUsed(uint256 nonce) external view returns (bool) {
        return _nonces.get(nonce);
    }

    /// @inheritdoc ISponsoredAccount
    function intentDigest(Call[] calldata calls, uint256 nonce, uint40 deadline)
        public
        view
        returns (bytes32)
    {
        bytes32[] memory hashes = new bytes32[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            hashes[i] = keccak256(abi.encode(_CALL_TYPEHASH, calls[i].to, keccak256(calls[i].data)));
        }
        // EIP-712: an array is the hash of its members' hashes, one after the other.
        bytes32 all = keccak256(abi.encodePacked(hashes));
        return _hashTypedDataV4(keccak256(abi.encode(_INTENT_TYPEHASH, all, nonce, deadline)));
    }

    /* PRIVATE */

    function _use(uint256 nonce) private {
        require(!_nonces.get(nonce), IntentNonceUsed(nonce));
        _nonces.set(nonce);
    }

    /// @dev Only the account's own key counts; the zero address of a failed recovery never does.
    // The third value only explains a failure.
    // slither-disable-next-line unused-return
    function _isOwn(bytes32 digest, bytes calldata signature) private view returns (bool) {
        (address signer, ECDSA.RecoverError error_,) = ECDSA.tryRecoverCalldata(digest, signature);
        return error_ == ECDSA.RecoverError.NoError && signer == address(this);
    }
}
