// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {StepVerifier} from "../src/StepVerifier.sol";
import {Test} from "./Vm.sol";

/// @dev The rows of a file as RandomSteps.java writes them, length of the witness:4 | boundary:1 | pre:32 | post:32 |
/// witness, compared with the contract.
contract Rows is Test {
    error Row(string file, uint256 row);

    uint256 private constant HEAD = 69;

    /// @dev Reads and compares in calls of their own: their memory is freed with them.
    function compare(StepVerifier verifier, string calldata file) external view returns (uint256) {
        return this.compare(verifier, file, vm.readFileBinary(file));
    }

    function compare(StepVerifier verifier, string calldata file, bytes calldata data)
        external
        pure
        returns (uint256 rows)
    {
        while (data.length > 0) {
            uint256 length = uint32(bytes4(data[0:4]));
            (bytes32 pre, bytes32 post) = verifier.verify(data[HEAD:HEAD + length], data[4] != 0);
            if (pre != bytes32(data[5:37]) || post != bytes32(data[37:69])) revert Row(file, rows);
            data = data[HEAD + length:];
            rows++;
        }
    }
}

/// @dev The long comparison with Java, run by differential.mjs.
contract RandomSteps is Test {
    /// @dev Compares all rows of the files prefix0 to prefix(count - 1).
    function run(string calldata prefix, uint256 count, uint256 expected) external {
        StepVerifier verifier = StepVerifier(deploy("StepVerifier", ""));
        Rows rows = new Rows();
        uint256 compared;
        for (uint256 i = 0; i < count; i++) {
            compared += rows.compare(verifier, string.concat(prefix, vm.toString(i)));
        }
        equal(compared, expected, "rows compared");
    }
}
