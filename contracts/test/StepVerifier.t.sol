// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {StepVerifier} from "../src/StepVerifier.sol";
import {IStepVerifier} from "../src/interfaces/IStepVerifier.sol";
import {StepWitness} from "./StepWitness.sol";
import {ToyTrace} from "./ToyTrace.sol";
import {Test} from "./Vm.sol";

/// @dev What is no witness, and that the toy trace is the real trace of its program.
contract StepVerifierTest is Test {
    StepVerifier private verifier;

    function setUp() public {
        verifier = StepVerifier(deploy("StepVerifier", ""));
    }

    function test_verify_toyProgram_runs() public view {
        for (uint64 t = 0; t < 9; t++) {
            (bytes32 pre, bytes32 post) = verifier.verify(ToyTrace.witness(t), t == 0);
            equal(pre, ToyTrace.state(t), "prestate");
            equal(post, ToyTrace.state(t + 1), "poststate");
        }
    }

    function test_verify_yieldInsideOperator_staysItself() public view {
        (bytes32 pre, bytes32 post) = verifier.verify(ToyTrace.preimage(0), false);
        equal(pre, post, "a YIELD state resumes only at a multiple of 2^24");
    }

    function test_verify_exitAndFaultAtBoundary_stayThemselves() public view {
        (bytes32 pre, bytes32 post) = verifier.verify(ToyTrace.preimage(6), true);
        equal(pre, post, "EXIT");
        (pre, post) = verifier.verify(hex"03", true);
        equal(pre, post, "FAULT");
    }

    function test_verify_empty_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IStepVerifier.WitnessLength.selector, 1, 0));
        verifier.verify("", false);
    }

    function test_verify_unknownForm_reverts() public {
        for (uint256 form = 4; form < 256; form += 7) {
            vm.expectRevert(abi.encodeWithSelector(IStepVerifier.WitnessForm.selector, form));
            verifier.verify(abi.encodePacked(uint8(form), new bytes(600)), false);
        }
    }

    /// @dev INV-05: every shorter witness and every longer one is refused, whatever the form.
    function test_verify_anyOtherLength_reverts() public {
        uint64[5] memory steps = [uint64(0), 1, 3, 5, 6];
        for (uint256 i = 0; i < 5; i++) {
            bytes memory witness = ToyTrace.witness(steps[i]);
            bool boundary = steps[i] == 0;
            for (uint256 length = 0; length < witness.length; length += 5) {
                refuse(part(witness, length), boundary);
            }
            for (uint256 length = witness.length - 1; length <= witness.length + 1; length += 2) {
                vm.expectRevert(abi.encodeWithSelector(IStepVerifier.WitnessLength.selector, witness.length, length));
                verifier.verify(part(abi.encodePacked(witness, uint8(0)), length), boundary);
            }
        }
        refuse(hex"0300", false);
    }

    function test_verify_tooLargeRegion_reverts() public {
        for (uint256 i = 0; i < 6; i++) {
            bytes memory witness = ToyTrace.witness(1);
            witness[289 + i] = 0x24;
            vm.expectPartialRevert(IStepVerifier.WitnessSizes.selector);
            verifier.verify(witness, false);
        }
    }

    /// @dev A YIELD state that resumes is as bounded as a RUN state: else its branches could be longer than an address.
    function test_verify_tooLargeRegionOfYield_reverts() public {
        for (uint256 i = 0; i < 6; i++) {
            bytes memory witness = ToyTrace.witness(0);
            witness[1 + i] = 0x24;
            vm.expectPartialRevert(IStepVerifier.WitnessSizes.selector);
            verifier.verify(witness, true);
            witness[1 + i] = 0xff;
            vm.expectPartialRevert(IStepVerifier.WitnessSizes.selector);
            verifier.verify(witness, true);
        }
    }

    function test_verify_everyChangedSibling_reverts() public {
        uint32 load = 8 << 20 | 10 << 15 | 3 << 12 | 12 << 7 | 3;
        uint64 location = (3 << 40) + 0x1f3456780;
        StepWitness.Instruction memory i = StepWitness.Instruction("load", load, location - 8, 0, 0, location);
        bytes memory witness = StepWitness.run(i);
        verifier.verify(witness, false);
        uint256 region = 1;
        for (uint256 place = 487; place < witness.length; place += 32) {
            if (place == 487 + 32 * 13) region = 3;
            uint256 index = region == 1 ? (StepWitness.PC & 0xffffffffff) >> 5 : (location & 0xffffffffff) >> 5;
            witness[place] ^= 0x01;
            vm.expectRevert(abi.encodeWithSelector(IStepVerifier.WitnessBranch.selector, region, index));
            verifier.verify(witness, false);
            witness[place] ^= 0x01;
        }
        equal(region, 3, "both branches were changed");
    }

    /// @dev INV-03: whatever the word, the step ends in a state; nothing reverts, and the data part is asked for only
    /// when the word accesses memory.
    function testFuzz_verify_anyWord_isTotal(uint32 word, uint64 a, uint64 b) public view {
        if (word & 127 == 0x03 || word & 127 == 0x23 || word & 127 == 0x0b) word ^= 0x40; // no data leaf here
        StepWitness.Instruction memory i = StepWitness.Instruction("any", word, a, b, 0, 0);
        verifier.verify(StepWitness.run(i), false);
    }

    function refuse(bytes memory witness, bool boundary) private {
        vm.expectPartialRevert(IStepVerifier.WitnessLength.selector);
        verifier.verify(witness, boundary);
    }

    function part(bytes memory whole, uint256 length) private pure returns (bytes memory cut) {
        cut = new bytes(length);
        for (uint256 i = 0; i < length; i++) {
            cut[i] = whole[i];
        }
    }
}
