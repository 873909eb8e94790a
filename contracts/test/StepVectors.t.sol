// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {StepVerifier} from "../src/StepVerifier.sol";
import {IStepVerifier} from "../src/interfaces/IStepVerifier.sol";
import {Test} from "./Vm.sol";

/// @dev The contract and the Java verifier agree on every vector; Java's soft float is checked against hardware.
contract StepVectorsTest is Test {
    struct Row {
        string name;
        bytes witness;
        bool boundary;
        bytes32 pre;
        bytes32 post;
    }

    /// @dev Changes to the witness of a row of step.json: its length, and bytes (place:2 | value:1 each).
    struct Change {
        uint256 row;
        bool boundary;
        uint256 length;
        bytes patches;
        bool accepted;
        bytes32 pre;
        bytes32 post;
    }

    string private constant TYPE = "Row(string name,bytes witness,bool boundary,bytes32 pre,bytes32 post)";
    string private constant CHANGE =
        "Change(uint256 row,bool boundary,uint256 length,bytes patches,bool accepted,bytes32 pre,bytes32 post)";
    string private constant FOLDER = "../src/main/resources/opml/vectors/";

    StepVerifier private verifier;

    function setUp() public {
        verifier = StepVerifier(deploy("StepVerifier", ""));
    }

    function testDiff_verify_javaVectors_succeeds() public view {
        Row[] memory rows = vectors();
        for (uint256 i = 0; i < rows.length; i++) {
            (bytes32 pre, bytes32 post) = verifier.verify(rows[i].witness, rows[i].boundary);
            equal(pre, rows[i].pre, rows[i].name);
            equal(post, rows[i].post, rows[i].name);
        }
        print(string.concat("steps equal to Java: ", vm.toString(rows.length)));
    }

    /// @dev Witnesses as an attacker would change them: what Java refuses is refused here, for one of the reasons that
    /// there are, and of the others both say the same. A witness that only one of them takes would split the players
    /// from the contract.
    function testDiff_verify_changedWitnesses_sameVerdict() public view {
        Row[] memory rows = vectors();
        Change[] memory changes = abi.decode(
            vm.parseJsonTypeArray(vm.readFile(string.concat(FOLDER, "mutated.json")), "$", CHANGE), (Change[])
        );
        uint256 refused;
        for (uint256 i = 0; i < changes.length; i++) {
            Change memory c = changes[i];
            string memory what = string.concat("change ", vm.toString(i), " of ", rows[c.row].name);
            try verifier.verify(changed(rows[c.row].witness, c), c.boundary) returns (bytes32 pre, bytes32 post) {
                check(c.accepted, what);
                equal(pre, c.pre, what);
                equal(post, c.post, what);
            } catch (bytes memory reason) {
                check(!c.accepted && isRefusal(bytes4(reason)), what);
                refused++;
            }
        }
        check(refused > 50 && refused < changes.length - 50, "refused and accepted ones");
    }

    function vectors() private view returns (Row[] memory rows) {
        rows = abi.decode(vm.parseJsonTypeArray(vm.readFile(string.concat(FOLDER, "step.json")), "$", TYPE), (Row[]));
        check(rows.length > 0, "vectors are there");
    }

    function changed(bytes memory witness, Change memory c) private pure returns (bytes memory other) {
        other = new bytes(c.length);
        for (uint256 i = 0; i < c.length && i < witness.length; i++) {
            other[i] = witness[i];
        }
        for (uint256 i = 0; i < c.patches.length; i += 3) {
            other[uint256(uint8(c.patches[i])) << 8 | uint8(c.patches[i + 1])] = c.patches[i + 2];
        }
    }

    function isRefusal(bytes4 reason) private pure returns (bool) {
        return reason == IStepVerifier.WitnessLength.selector || reason == IStepVerifier.WitnessForm.selector
            || reason == IStepVerifier.WitnessSizes.selector || reason == IStepVerifier.WitnessBranch.selector;
    }
}
