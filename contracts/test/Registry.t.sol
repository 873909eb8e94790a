// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Registry} from "../src/Registry.sol";
import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {Model} from "../src/types/Model.sol";
import {Test} from "./Vm.sol";

contract RegistryTest is Test {
    Registry private registry;

    function setUp() public {
        registry = Registry(deploy("Registry", ""));
    }

    function test_register_anybodyAnyTime_givesContentHash() public {
        Model memory model = Model(address(registry), 0x0c0a1c190b07, keccak256("code"), keccak256("weights"));
        bytes memory content =
            abi.encodePacked("OPML", uint32(1), address(registry), model.sizes, model.codeRoot, model.weightsRoot);
        equal(content.length, 98, "98 bytes");
        string[] memory uris = new string[](1);
        uris[0] = "ipfs://somewhere";
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistry.ModelRegistered(keccak256(content), address(this), model, uris);
        equal(registry.register(model, uris), keccak256(content), "id");
        vm.prank(address(77));
        equal(registry.register(model, uris), keccak256(content), "the same id for others");
        equal(registry.modelIdOf(model), keccak256(content), "and without registering");
    }

    function test_register_tooLargeRegion_reverts() public {
        for (uint256 i = 0; i < 6; i++) {
            bytes6 sizes = bytes6(bytes32(uint256(36) << (248 - 8 * i)));
            Model memory model = Model(address(registry), sizes, 0, 0);
            vm.expectRevert(abi.encodeWithSelector(IRegistry.ModelSizes.selector, sizes));
            registry.register(model, new string[](0));
        }
    }

    /// @dev The largest regions, all that an address can name, make a model.
    function test_register_largestRegions_succeeds() public {
        Model memory model = Model(address(registry), 0x232323232323, 0, 0);
        equal(registry.register(model, new string[](0)), registry.modelIdOf(model), "id");
    }

    function test_register_verifierWithoutCode_reverts() public {
        Model memory model = Model(address(77), 0, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.VerifierWithoutCode.selector, address(77)));
        registry.register(model, new string[](0));
    }
}
