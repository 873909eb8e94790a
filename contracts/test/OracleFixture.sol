// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Oracle} from "../src/Oracle.sol";
import {IOracle} from "../src/interfaces/IOracle.sol";
import {Fixture} from "./Fixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

/// @dev An oracle and a request to it.
abstract contract OracleFixture is Fixture {
    uint256 internal constant FEE = 1 ether;
    uint64 internal constant DELAY = 30;
    uint64 internal constant EXCLUSIVE = START + 1000;
    uint64 internal constant EXPIRY = START + 5000;
    address internal constant ASKER = address(0xA5C);

    Oracle internal oracle;

    function setUp() public virtual override {
        super.setUp();
        oracle = Oracle(deploy("Oracle", abi.encode(dispute, DELAY)));
        vm.deal(ASKER, 1000 ether);
    }

    function requestOf(address callback, bool provisional) internal view returns (IOracle.Request memory) {
        return IOracle.Request({
            modelId: modelId(),
            inputHash: keccak256(ToyTrace.input()),
            h: 1,
            requester: ASKER,
            proposer: PROPOSER,
            exclusiveUntil: EXCLUSIVE,
            expiry: EXPIRY,
            fee: FEE,
            callback: callback,
            callbackGas: 200_000,
            provisional: provisional,
            salt: "salt"
        });
    }

    function ask(IOracle.Request memory request) internal returns (bytes32) {
        vm.prank(request.requester);
        return oracle.request{value: request.fee}(request, model, ToyTrace.input());
    }

    function answer(IOracle.Request memory request, address proposer, uint8 status) internal returns (bytes32) {
        vm.prank(proposer);
        return oracle.claim{value: 4 * BOND}(request, ToyTrace.output(status), "nonce");
    }

    function commit(IOracle.Request memory request, address proposer, uint8 status) internal {
        bytes32 outputHash = keccak256(ToyTrace.output(status));
        vm.prank(proposer);
        oracle.commit(keccak256(abi.encode(keccak256(abi.encode(request)), proposer, outputHash, bytes32("nonce"))));
    }

    function finalize(IOracle.Request memory request, address proposer, uint8 status) internal {
        oracle.finalize(request, proposer, ToyTrace.output(status));
    }

    /// @dev A game on a claim for a request.
    function doubt(IOracle.Request memory request, address proposer, uint8 status) internal returns (Play memory play) {
        play.claim = oracle.claimFor(request, proposer, keccak256(ToyTrace.output(status)));
        play.claimId = keccak256(abi.encode(play.claim));
        play.lie = status == 2 ? 0 : 4;
        return join(play, CHALLENGER, "doubt");
    }
}
