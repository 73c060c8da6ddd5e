// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Call, ISponsoredAccount} from "contracts/interfaces/ISponsoredAccount.sol";
import {LedgerTest} from "tests/contracts/LedgerTest.sol";

import {VoucherId} from "contracts/types/Ids.sol";

/// @notice A supplier without ether whose account has the code of `SponsoredAccount`, and a voucher.
/// @dev The code stands at the account itself: what a delegation (EIP-7702) comes to. Real delegations are
/// tested on a chain that knows them.
abstract contract AccountTest is LedgerTest {
    ISponsoredAccount internal account;
    uint256 internal accountKey;
    address internal sponsor = makeAddr("sponsor");
    VoucherId internal voucher;

    function setUp() public virtual override {
        super.setUp();
        address holder;
        (holder, accountKey) = makeAddrAndKey("supplier without ether");
        address code = deployCode("SponsoredAccount.sol:SponsoredAccount");
        vm.etch(holder, code.code);
        account = ISponsoredAccount(holder);
        _verify(holder);
        (, VoucherId whole) = _accepted();
        voucher = _splitOff(whole, creditor, holder, FACE / 2);
    }

    function _giving(address to) internal view returns (Call[] memory calls) {
        calls = new Call[](1);
        calls[0] = _moving(address(account), to, voucher);
    }

    function _moving(address from, address to, VoucherId id) internal view returns (Call memory) {
        bytes4 selector = bytes4(keccak256("transferFrom(address,address,uint256)"));
        return
            Call(address(ledger), abi.encodeWithSelector(selector, from, to, VoucherId.unwrap(id)));
    }

    function _signed(Call[] memory calls, uint256 nonce, uint40 deadline)
        internal
        view
        returns (bytes memory)
    {
        return _signedBy(accountKey, account.intentDigest(calls, nonce, deadline));
    }

    function _signedBy(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _soon() internal view returns (uint40) {
        return uint40(block.timestamp + 1 hours);
    }
}
