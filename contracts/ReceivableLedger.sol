// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC3525} from "./interfaces/IERC3525.sol";
import {IERC3525Metadata} from "./interfaces/IERC3525Metadata.sol";
import {IERC7943NonFungible} from "./interfaces/IERC7943NonFungible.sol";
import {IReceivableLedger} from "./interfaces/IReceivableLedger.sol";
import {IVoucherRenderer} from "./interfaces/IVoucherRenderer.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/interfaces/IERC721Metadata.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {Receivables} from "./ledger/Receivables.sol";
import {Settlement} from "./ledger/Settlement.sol";
import {Vouchers} from "./ledger/Vouchers.sol";
import {ReceivableId, VoucherId} from "./types/Ids.sol";

/// @title ReceivableLedger
/// @notice The kernel; its interface is `IReceivableLedger`. What is done every day is here; what the
/// code size limit leaves no room for is in `office`, which runs on this contract's storage.
/// @dev The office is immutable: this is one contract in two pieces, not an upgradeable one.
contract ReceivableLedger is Receivables, Vouchers, Settlement, Multicall {
    /// @notice The code that does what is not done every day.
    address public immutable office;

    /// @notice Who describes vouchers.
    IVoucherRenderer public immutable renderer;

    constructor(address authority, IVoucherRenderer newRenderer, address newOffice)
        AccessManaged(authority)
        EIP712("Duebill", "1")
    {
        require(newOffice.code.length != 0, IReceivableLedger.OfficeWithoutCode(newOffice));
        renderer = newRenderer;
        office = newOffice;
    }

    /// @notice Runs in the office what is not found here: same storage, same caller, same outcome.
    fallback(bytes calldata call) external returns (bytes memory) {
        return Address.functionDelegateCall(office, call);
    }

    /// @notice Whether a call is under way.
    function isEntered() external view returns (bool) {
        return _reentrancyGuardEntered();
    }

    /// @inheritdoc IERC721Metadata
    function tokenURI(uint256 tokenId) external view returns (string memory) {
        _requireVoucher(VoucherId.wrap(tokenId));
        return renderer.tokenURI(_self(), VoucherId.wrap(tokenId));
    }

    /// @inheritdoc IERC3525Metadata
    function contractURI() external view returns (string memory) {
        return renderer.contractURI(_self());
    }

    /// @inheritdoc IERC3525Metadata
    function slotURI(uint256 slot) external view returns (string memory) {
        return renderer.slotURI(_self(), ReceivableId.wrap(SafeCast.toUint192(slot)));
    }

    /// @inheritdoc IERC721Metadata
    function name() external pure returns (string memory) {
        return "Duebill";
    }

    /// @inheritdoc IERC721Metadata
    function symbol() external pure returns (string memory) {
        return "DUE";
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC721).interfaceId
            || interfaceId == type(IERC721Metadata).interfaceId
            || interfaceId == type(IERC3525).interfaceId
            || interfaceId == type(IERC3525Metadata).interfaceId
            || interfaceId == type(IERC7943NonFungible).interfaceId;
    }

    /// @dev Ledger and office together answer the whole interface.
    function _self() private view returns (IReceivableLedger) {
        return IReceivableLedger(address(this));
    }
}
