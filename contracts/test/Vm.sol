// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @dev The part of forge's cheat codes that the tests use.
interface Vm {
    function chainId(uint256 id) external;
    function warp(uint256 time) external;
    function deal(address account, uint256 balance) external;
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function expectRevert(bytes calldata data) external;
    function expectPartialRevert(bytes4 selector) external;
    function expectRevert(bytes4 selector) external;
    function expectEmit(bool topic1, bool topic2, bool topic3, bool data, address emitter) external;
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function addr(uint256 key) external pure returns (address);
    function readFile(string calldata path) external view returns (string memory);
    function readFileBinary(string calldata path) external view returns (bytes memory);
    function writeFile(string calldata path, string calldata content) external;
    function exists(string calldata path) external view returns (bool);
    function envOr(string calldata name, bool fallback_) external view returns (bool);
    function toString(uint256 value) external pure returns (string memory);
    function parseJsonTypeArray(string calldata json, string calldata key, string calldata typeDescription)
        external
        pure
        returns (bytes memory);
    function deployCode(string calldata artifact, bytes calldata arguments) external returns (address);
    function cool(address target) external;
    function load(address target, bytes32 slot) external view returns (bytes32);
    function store(address target, bytes32 slot, bytes32 value) external;
    function etch(address target, bytes calldata code) external;
}

/// @dev Checks that end a test, and the cheat codes.
abstract contract Test {
    Vm internal constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
    // forge runs a contract as a test only with this flag
    bool public constant IS_TEST = true;

    error Different(string what, bytes32 actual, bytes32 expected);
    error Untrue(string what);

    function equal(uint256 actual, uint256 expected, string memory what) internal pure {
        if (actual != expected) revert Different(what, bytes32(actual), bytes32(expected));
    }

    function equal(bytes32 actual, bytes32 expected, string memory what) internal pure {
        if (actual != expected) revert Different(what, actual, expected);
    }

    function equal(address actual, address expected, string memory what) internal pure {
        equal(uint256(uint160(actual)), uint256(uint160(expected)), what);
    }

    function check(bool condition, string memory what) internal pure {
        if (!condition) revert Untrue(what);
    }

    /// @dev Deploys by artifact, not by `new`: the compiler then optimizes the contract once, not for each test.
    function deploy(string memory name, bytes memory arguments) internal returns (address) {
        return vm.deployCode(string.concat(name, ".sol:", name), arguments);
    }

    function print(string memory text) internal view {
        (bool shown,) =
            0x000000000000000000636F6e736F6c652e6c6f67.staticcall(abi.encodeWithSignature("log(string)", text));
        shown; // the console can't fail a test
    }
}
