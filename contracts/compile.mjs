// Compiles src/ into target/classes/opml/contracts/<Name>.json {abi, bytecode, deployedBytecode, immutables}.
// Settings equal foundry.toml, so that what forge tests is what Java deploys.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const root = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const output = path.join(root, 'target/classes/opml/contracts');
const SIZE_MAX = 24576;

const files = fs.readdirSync(path.join(root, 'src'), { recursive: true }).filter((name) => name.endsWith('.sol'));
const sources = Object.fromEntries(
  files.sort().map((name) => [`src/${name}`, { content: fs.readFileSync(path.join(root, 'src', name), 'utf8') }]),
);
const stamp = path.join(root, 'target/contracts.stamp');
const inputs = [...files.map((name) => path.join('src', name)), 'compile.mjs', 'package-lock.json'];
const newest = Math.max(...inputs.map((name) => fs.statSync(path.join(root, name)).mtimeMs));
if (fs.existsSync(stamp) && fs.statSync(stamp).mtimeMs > newest && fs.readFileSync(stamp, 'utf8') === `${inputs}`) {
  process.exit(0);
}

const solc = createRequire(import.meta.url)('solc');
const result = JSON.parse(
  solc.compile(
    JSON.stringify({
      language: 'Solidity',
      sources,
      settings: {
        optimizer: { enabled: true, runs: 20000 },
        viaIR: true,
        evmVersion: 'prague',
        metadata: { bytecodeHash: 'none', appendCBOR: false },
        outputSelection: { '*': { '': ['ast'], '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.deployedBytecode.immutableReferences'] } },
      },
    }),
  ),
);
const errors = result.errors ?? [];
errors.forEach((error) => console.error(error.formattedMessage));
if (errors.length > 0) process.exit(1);

// Names of variables by their number in the syntax tree, which is how the compiler tells immutables apart.
const names = {};
JSON.stringify(Object.values(result.sources).map(({ ast }) => ast), (_, node) => {
  if (node?.nodeType === 'VariableDeclaration') names[node.id] = node.name;
  return node;
});

fs.rmSync(output, { recursive: true, force: true });
fs.mkdirSync(output, { recursive: true });
for (const contracts of Object.values(result.contracts)) {
  for (const [name, { abi, evm }] of Object.entries(contracts)) {
    if (abi.length === 0) continue; // a library of internal functions
    const deployed = evm.deployedBytecode.object;
    if (deployed.length / 2 > SIZE_MAX) {
      console.error(`${name}: ${deployed.length / 2} bytes, more than the ${SIZE_MAX} that a chain accepts`);
      process.exit(1);
    }
    // byte ranges that a deployment fills in, each parameter in several: with zeros there, the code of every deployment is the same
    const immutables = Object.entries(evm.deployedBytecode.immutableReferences ?? {}).flatMap(([id, places]) => places.map((place) => ({ name: names[id], ...place })));
    const content = { abi, bytecode: `0x${evm.bytecode.object}`, deployedBytecode: `0x${deployed}`, immutables };
    fs.writeFileSync(path.join(output, `${name}.json`), JSON.stringify(content));
    if (deployed.length > 0) console.log(`${name} ${deployed.length / 2} bytes`);
  }
}
fs.writeFileSync(stamp, `${inputs}`);
