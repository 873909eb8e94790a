// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRegistry} from "./interfaces/IRegistry.sol";
import {Models} from "./libraries/Models.sol";
import {Model} from "./types/Model.sol";

/// @title Where models are announced
contract Registry is IRegistry {
    /// @inheritdoc IRegistry
    function register(Model calldata model, string[] calldata uris) external returns (bytes32 modelId) {
        if (!Models.sizesFit(model.sizes)) revert ModelSizes(model.sizes);
        if (model.verifier.code.length == 0) revert VerifierWithoutCode(model.verifier);
        modelId = Models.id(model);
        emit ModelRegistered(modelId, msg.sender, model, uris);
    }

    /// @inheritdoc IRegistry
    function modelIdOf(Model calldata model) external pure returns (bytes32) {
        return Models.id(model);
    }
}
