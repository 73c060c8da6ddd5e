// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";

import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice The ledger's own URIs: that it asks its renderer, and that the answers follow its life.
contract OnLedgerTest is LedgerTest {
    string private constant JSON_URI = "data:application/json;base64,";

    function setUp() public override {
        super.setUp();
        address renderer = deployCode("VoucherRenderer.sol:VoucherRenderer");
        bytes memory arguments = abi.encode(address(roles), renderer, ledger.office());
        ledger = IReceivableLedger(deployCode("ReceivableLedger.sol:ReceivableLedger", arguments));
        eur = ledger.addCurrency("EUR", address(cash), address(0), 6);
        programme = ledger.createProgramme(_programme());
        _verify(obligor);
        _verify(creditor);
        _verify(alice);
        vm.prank(obligor);
        cash.approve(address(ledger), type(uint256).max);
    }

    function test_token_uri_follows_the_voucher() external {
        ReceivableId id = _issued();
        VoucherId first = id.firstVoucher();
        _assertAttribute(first, "Status", "issued");
        vm.prank(obligor);
        ledger.accept(id);
        _assertAttribute(first, "Status", "accepted");
        VoucherId second = _splitOff(first, creditor, alice, 400_000e6);
        _assertAttribute(first, "Value", "600000.00");
        _assertAttribute(second, "Value", "400000.00");
        _assertAttribute(second, "Holder", vm.toString(alice));
        _pay(id, FACE / 4);
        _assertAttribute(second, "Claimable", "100000.00");
        vm.prank(alice);
        ledger.redeem(second);
        _assertAttribute(second, "Claimed", "100000.00");
        vm.warp(block.timestamp + 184 days);
        _assertAttribute(second, "Status", "overdue");
        _pay(id, FACE);
        _assertAttribute(second, "Status", "settled");
        assertTrue(vm.contains(_json(ledger.tokenURI(VoucherId.unwrap(second))), "/2\","));
    }

    function test_slot_uri_follows_the_receivable() external {
        (ReceivableId id,) = _accepted();
        _pay(id, FACE / 4);
        string memory json = _json(ledger.slotURI(id.toSlot()));
        assertEq(vm.parseJsonString(json, ".properties[?(@.name=='paid')].value"), "250000.00");
        assertEq(vm.parseJsonUint(json, ".properties[?(@.name=='currency')].value"), eur);
    }

    function test_contract_uri_has_the_ledgers_decimals() external view {
        assertEq(
            vm.parseJsonUint(_json(ledger.contractURI()), ".valueDecimals"), ledger.valueDecimals()
        );
    }

    function test_reverts_given_redeemed() external {
        (ReceivableId id, VoucherId voucher) = _accepted();
        _pay(id, FACE);
        vm.prank(creditor);
        ledger.redeem(voucher);
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC721Errors.ERC721NonexistentToken.selector, VoucherId.unwrap(voucher)
            )
        );
        ledger.tokenURI(VoucherId.unwrap(voucher));
    }

    function _assertAttribute(VoucherId id, string memory trait, string memory value) private view {
        string memory json = _json(ledger.tokenURI(VoucherId.unwrap(id)));
        string memory path = string.concat(".attributes[?(@.trait_type=='", trait, "')].value");
        assertEq(vm.parseJsonString(json, path), value, trait);
    }

    function _json(string memory uri) private pure returns (string memory) {
        return string(Base64.decode(vm.replace(uri, JSON_URI, "")));
    }
}
