// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceRegistry} from "contracts/interfaces/IInvoiceRegistry.sol";

import {ReceivableId} from "contracts/types/Ids.sol";
import {Invoice, InvoiceState} from "contracts/types/RegistryTypes.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice Many invoices in one transaction, all or none.
contract BatchesTest is RegistryTest {
    // What the client puts into one transaction.
    uint256 private constant _MOST = 200;

    function test_threat_34_the_largest_batches_fit_into_a_transaction() external {
        bytes[] memory calls = _registrations();
        vm.prank(harbour);
        uint256 before = gasleft();
        _all(calls);
        // Half of a block of 30 million; the same with what a transaction pays for its data.
        assertLt(before - gasleft() + _dataGas(calls), 15_000_000);

        calls = _uses(ledger.idOf(_terms()));
        vm.prank(harbour);
        before = gasleft();
        _all(calls);
        assertLt(before - gasleft() + _dataGas(calls), 15_000_000);
        _assertInvoice(_key(_MOST - 1), InvoiceState.Registered, TOTAL, 0);
    }

    function test_a_batch_with_one_bad_row_changes_nothing() external {
        bytes[] memory calls = _registrations();
        calls[_MOST - 1] = abi.encodeCall(IInvoiceRegistry.register, (_key(0), EUR, TOTAL + 1));
        vm.expectRevert(
            abi.encodeWithSelector(
                IInvoiceRegistry.InvoiceDiffers.selector, _key(0), harbourNumber, TOTAL
            )
        );
        vm.prank(harbour);
        _all(calls);
        _assertInvoice(_key(0), InvoiceState.None, 0, 0);
    }

    function test_many_are_looked_up_in_one_call() external {
        _register();
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(IInvoiceRegistry.invoiceOf, (KEY));
        calls[1] = abi.encodeCall(IInvoiceRegistry.invoiceOf, (NOTE));
        bytes[] memory results = _all(calls);
        assertEq(abi.decode(results[0], (Invoice)).total, TOTAL);
        assertEq(abi.decode(results[1], (Invoice)).total, 0);
    }

    function _registrations() private pure returns (bytes[] memory calls) {
        calls = new bytes[](_MOST);
        for (uint256 i = 0; i < _MOST; ++i) {
            calls[i] = abi.encodeCall(IInvoiceRegistry.register, (_key(i), EUR, TOTAL));
        }
    }

    function _uses(ReceivableId id) private view returns (bytes[] memory calls) {
        calls = new bytes[](_MOST);
        for (uint256 i = 0; i < _MOST; ++i) {
            calls[i] = abi.encodeCall(
                IInvoiceRegistry.use, (_key(i), address(ledger), _subject(id), TOTAL)
            );
        }
    }

    function _key(uint256 i) private pure returns (bytes32) {
        return keccak256(abi.encode("invoice", i));
    }

    function _dataGas(bytes[] memory calls) private pure returns (uint256) {
        // As if no byte were zero.
        return 21_000 + 16 * abi.encode(calls).length;
    }
}
