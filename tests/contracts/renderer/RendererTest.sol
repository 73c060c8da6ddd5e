// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {IVoucherRenderer} from "contracts/interfaces/IVoucherRenderer.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Test} from "forge-std/Test.sol";

import {Currency, Receivable, Status, Voucher} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {FakeLedger} from "./FakeLedger.sol";

/// @notice A renderer, a ledger that says what it is told, and the way back from data URIs.
abstract contract RendererTest is Test {
    string internal constant JSON_URI = "data:application/json;base64,";
    string internal constant SVG_URI = "data:image/svg+xml;base64,";
    address internal constant OBLIGOR = 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed;
    address internal constant HOLDER = 0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359;
    ReceivableId internal constant ID =
        ReceivableId.wrap(0x3fa2c4d8b1e07755aa00112233445566778899aabbccddee);

    IVoucherRenderer internal renderer;
    FakeLedger internal fake;

    Voucher internal v;
    Receivable internal r;
    Currency internal c;

    function setUp() public virtual {
        renderer = IVoucherRenderer(deployCode("VoucherRenderer.sol:VoucherRenderer"));
        fake = new FakeLedger();
        v = Voucher({
            holder: HOLDER,
            value: 400_000e6,
            hops: 2,
            frozen: false,
            claimed: 1_500_000,
            claimable: 133_333_333_333
        });
        r.status = Status.Accepted;
        r.obligor = OBLIGOR;
        r.currency = 7;
        r.programme = 12;
        r.dueDay = 20_454;
        r.maxHops = 5;
        r.face = 1_000_000e6;
        r.paid = 333_333_333_333;
        c = Currency({
            token: address(1), code: "EUR", decimals: 6, open: true, payingAgent: address(0)
        });
    }

    function _token() internal returns (string memory json) {
        return _token(ID.voucherAt(2));
    }

    function _token(VoucherId id) internal returns (string memory json) {
        return _decoded(renderer.tokenURI(_ledger(), id), JSON_URI);
    }

    function _slot() internal returns (string memory json) {
        return _decoded(renderer.slotURI(_ledger(), ID), JSON_URI);
    }

    function _picture() internal returns (string memory svg) {
        return _pictureIn(_token());
    }

    function _pictureIn(string memory json) internal pure returns (string memory svg) {
        return _decoded(vm.parseJsonString(json, ".image"), SVG_URI);
    }

    function _ledger() internal returns (IReceivableLedger) {
        fake.set(v, r, c);
        return IReceivableLedger(address(fake));
    }

    function _decoded(string memory uri, string memory prefix)
        internal
        pure
        returns (string memory)
    {
        assertEq(vm.indexOf(uri, prefix), 0, "wrong kind of URI");
        return string(Base64.decode(vm.replace(uri, prefix, "")));
    }

    /// @dev How often a text occurs in another.
    function _occurrences(string memory text, string memory part) internal pure returns (uint256) {
        return vm.split(text, part).length - 1;
    }
}
