// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {Currency, Status, Voucher} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {RendererTest} from "./RendererTest.sol";
import {Xml} from "./Xml.sol";

contract TokenURITest is RendererTest {
    /* WORDS */

    function test_names_and_describes_the_voucher() external {
        string memory json = _token();
        assertEq(vm.parseJsonString(json, ".name"), unicode"Duebill 3fa2c4… /2");
        assertEq(
            vm.parseJsonString(json, ".description"),
            "A voucher for 400000.00 EUR of receivable 3fa2c4d8b1e07755aa00112233445566778899aabbccddee, "
            "due 2026-01-01; accepted."
        );
    }

    function test_attributes_say_all_there_is() external {
        string memory json = _token();
        _assertText(json, "Value", "400000.00");
        _assertText(json, "Claimed", "1.50");
        _assertText(json, "Claimable", "133333.333333");
        _assertText(json, "Currency", "EUR");
        _assertText(json, "Due date", "2026-01-01");
        _assertText(json, "Status", "accepted");
        _assertText(json, "Obligor", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        _assertText(json, "Holder", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");
        _assertText(json, "Frozen", "no");
        assertEq(vm.parseJsonUint(json, _path("Hops")), 2);
        assertEq(vm.parseJsonUint(json, _path("Max hops")), 5);
        assertEq(vm.parseJsonUint(json, _path("Programme")), 12);
    }

    function test_balance_and_slot_are_the_standards_integers() external {
        string memory json = _token();
        assertEq(vm.parseJsonUint(json, ".balance"), 400_000e6);
        string memory slot = Strings.toString(ID.toSlot());
        assertTrue(vm.contains(json, string.concat("\"slot\":", slot, ",")));
    }

    function test_status_in_words() external {
        string[7] memory words =
            ["", "issued", "accepted", "cancelled", "lapsed", "overdue", "settled"];
        for (uint256 i = 1; i < words.length; ++i) {
            r.status = Status(i);
            _assertText(_token(), "Status", words[i]);
        }
    }

    function test_frozen_says_so() external {
        v.frozen = true;
        _assertText(_token(), "Frozen", "yes");
    }

    /* PICTURE */

    function test_picture_shows_what_the_words_say() external {
        string memory svg = _picture();
        assertTrue(vm.contains(svg, ">EUR</tspan>"));
        assertTrue(vm.contains(svg, ">400,000.00</tspan>"));
        assertTrue(vm.contains(svg, ">2026-01-01</text>"));
        assertTrue(vm.contains(svg, unicode">3fa2c4… /2</text>"));
        assertTrue(vm.contains(svg, unicode">0x5aAeb6…1BeAed</text>"));
        assertTrue(vm.contains(svg, unicode">0xfB6916…c5d359</text>"));
        assertTrue(vm.contains(svg, ">programme 12</text>"));
        assertTrue(vm.contains(svg, ">claimed 1.50, claimable 133,333.333333</text>"));
        assertTrue(vm.contains(svg, "3fa2c4d8b1e07755aa00112233445566778899aabbccddee/2 "));
    }

    function test_seal_has_its_word_and_its_colour() external {
        string[7] memory words =
            ["", "ISSUED", "ACCEPTED", "CANCELLED", "LAPSED", "OVERDUE", "SETTLED"];
        string[7] memory colours =
            ["", "#a8731a", "#1f6b4a", "#707070", "#8a7a6a", "#a3261f", "#24507f"];
        for (uint256 i = 1; i < words.length; ++i) {
            r.status = Status(i);
            string memory svg = _picture();
            assertTrue(vm.contains(svg, string.concat(">", words[i], "</text>")));
            assertTrue(vm.contains(svg, string.concat("<circle r='84' fill='", colours[i], "'")));
        }
    }

    /// @dev A bill must not claim that somebody is bound who is not.
    function test_only_an_accepted_receivable_is_called_owed() external {
        for (uint256 i = 1; i <= uint256(type(Status).max); ++i) {
            r.status = Status(i);
            bool owed = r.status == Status.Accepted || r.status == Status.Overdue;
            assertEq(vm.contains(_picture(), "OWED BY THE OBLIGOR"), owed);
        }
    }

    function test_stamps_a_frozen_voucher() external {
        assertFalse(vm.contains(_picture(), "FROZEN"));
        v.frozen = true;
        assertTrue(vm.contains(_picture(), ">FROZEN</text>"));
    }

    function test_hops_are_dots() external {
        string memory svg = _picture();
        assertTrue(vm.contains(svg, ">HOPS 2 OF 5</text>"));
        assertEq(_occurrences(svg, "cy='307'"), 5);
        assertEq(_occurrences(svg, "cy='307' r='6' fill='none'"), 3);
    }

    function test_hops_beyond_sixteen_are_a_number() external {
        r.maxHops = 16;
        assertEq(_occurrences(_picture(), "cy='307'"), 16);
        r.maxHops = 17;
        assertEq(_occurrences(_picture(), "cy='307'"), 0);
        assertTrue(vm.contains(_picture(), ">HOPS 2 OF 17</text>"));
    }

    function test_bar_is_as_long_as_the_coverage() external {
        _assertBar(0, 0, "0.00", "0");
        _assertBar(250_000e6, 0, "25.00", "134");
        _assertBar(250_000e6, 250_000e6, "50.00", "268");
        _assertBar(999_999e6, 0, "99.99", "535");
        _assertBar(1_000_000e6, 0, "100.00", "536");
        _assertBar(1_000_000e6, 300_000e6, "100.00", "536");
    }

    function test_bar_of_a_face_of_nothing() external {
        r.face = 0;
        assertTrue(vm.contains(_picture(), "COVERED 0.00 %"));
    }

    function test_large_amounts_are_set_smaller() external {
        assertTrue(vm.contains(_picture(), "y='236' font-size='64'"));
        v.value = type(uint80).max;
        assertTrue(vm.contains(_picture(), "y='236' font-size='31'"));
    }

    function test_ornament_is_the_receivables() external {
        string memory lace = _lace(ID.voucherAt(1));
        assertEq(lace, _lace(ID.voucherAt(2)));
        ReceivableId other = ReceivableId.wrap(ReceivableId.unwrap(ID) + 1);
        assertNotEq(lace, _lace(other.voucherAt(1)));
    }

    /* ALWAYS */

    /// @dev Whatever the ledger answers, letters of the currency included. A run takes 30 milliseconds.
    /// forge-config: ci.fuzz.runs = 256
    function testFuzz_is_well_formed(
        uint256 id,
        Voucher calldata voucher,
        Currency calldata currency,
        uint256 status,
        uint80[3] calldata money,
        uint8 maxHops
    ) external {
        v = voucher;
        c = currency;
        r.status = Status(bound(status, 0, uint256(type(Status).max)));
        (r.face, r.paid, r.advanced) = (money[0], money[1], money[2]);
        r.maxHops = maxHops;
        string memory json = _token(VoucherId.wrap(id));
        assertEq(vm.parseJsonKeys(json, "$").length, 6);
        assertGt(Xml.count(_pictureIn(json)), 50);
    }

    /// @dev Threat 66: the only text that is not ours is the currency's code.
    function test_threat_66_a_currency_code_cannot_inject() external {
        bytes3[4] memory codes = [bytes3("\",\""), bytes3("\\\"{"), bytes3("<a>"), bytes3("&'\n")];
        for (uint256 i = 0; i < codes.length; ++i) {
            c.code = codes[i];
            string memory json = _token();
            _assertText(json, "Currency", "???");
            string memory svg = _pictureIn(json);
            assertGt(Xml.count(svg), 50);
            assertTrue(vm.contains(svg, ">???</tspan>"));
        }
    }

    /// @dev Nodes give a call between 10 and 50 million gas, as a rule.
    function test_fits_into_a_call() external {
        v.value = type(uint80).max;
        v.frozen = true;
        r.maxHops = 16;
        VoucherId id = ID.voucherAt(type(uint64).max);
        _ledger();
        uint256 before = gasleft();
        renderer.tokenURI(_ledger(), id);
        assertLt(before - gasleft(), 5_000_000);
    }

    /* READING */

    function _path(string memory trait) private pure returns (string memory) {
        return string.concat(".attributes[?(@.trait_type=='", trait, "')].value");
    }

    function _assertText(string memory json, string memory trait, string memory value)
        private
        pure
    {
        assertEq(vm.parseJsonString(json, _path(trait)), value, trait);
    }

    function _assertBar(uint80 paid, uint80 advanced, string memory percent, string memory width)
        private
    {
        r.paid = paid;
        r.advanced = advanced;
        string memory svg = _picture();
        assertTrue(vm.contains(svg, string.concat("COVERED ", percent, " %")), percent);
        string memory bar = string.concat("<rect x='84' y='421' width='", width, "' height='9' ");
        assertTrue(vm.contains(svg, string.concat(bar, "rx='4.5' fill='#1f6b4a'")), width);
    }

    /// @dev What the picture defines before it draws.
    function _lace(VoucherId id) private returns (string memory) {
        return vm.split(vm.split(_pictureIn(_token(id)), "<defs>")[1], "</defs>")[0];
    }
}
