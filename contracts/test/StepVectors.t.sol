// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {StepVerifier} from "../src/StepVerifier.sol";
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

    string private constant TYPE = "Row(string name,bytes witness,bool boundary,bytes32 pre,bytes32 post)";
    string private constant PATH = "../src/main/resources/opml/vectors/step.json";

    function testDiff_verify_javaVectors_succeeds() public {
        Row[] memory rows = abi.decode(vm.parseJsonTypeArray(vm.readFile(PATH), "$", TYPE), (Row[]));
        check(rows.length > 0, "vectors are there");
        StepVerifier verifier = StepVerifier(deploy("StepVerifier", ""));
        for (uint256 i = 0; i < rows.length; i++) {
            (bytes32 pre, bytes32 post) = verifier.verify(rows[i].witness, rows[i].boundary);
            equal(pre, rows[i].pre, rows[i].name);
            equal(post, rows[i].post, rows[i].name);
        }
        print(string.concat("steps equal to Java: ", vm.toString(rows.length)));
    }
}
