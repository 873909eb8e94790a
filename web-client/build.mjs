// Bundles the page and its worker into target/classes/META-INF/resources, beside the verifier that TeaVM compiled, and prints their
// compressed sizes.
import { build } from 'esbuild';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { sha256 } from '@noble/hashes/sha2';
import { keccak_256 } from '@noble/hashes/sha3';
import { kernels } from './kernels.mjs';

const out = 'target/classes/META-INF/resources';
const BUILD = '@build@'; // where the name of the build stands
const PAGE_LIMIT = 60 * 1024; // bytes, gzip: page code before the worker

rmSync(`${out}/app`, { recursive: true, force: true });
mkdirSync(`${out}/app`, { recursive: true });
cpSync('src/main/web', out, { recursive: true });
copyFileSync('target/teavm/verifier.wasm', `${out}/app/verifier.wasm`);
writeFileSync(`${out}/app/kernels.wasm`, await kernels());
// The worker runs no other modules than these.
const modules = Object.fromEntries(
  ['verifier', 'kernels'].map((part) => [part, Buffer.from(sha256(readFileSync(`${out}/app/${part}.wasm`))).toString('hex')]),
);
// What the replay module runs must be what a model id names.
const guestRoot = readFileSync('../src/main/resources/opml/guest.root', 'utf8').trim().replace(/^0x/, '');
// What the contracts on chain must be: the hash of their code with zeros where a deployment fills in its parameters.
const contracts = Object.fromEntries(
  Object.entries({ dispute: 'Dispute', receipts: 'Receipts', oracle: 'Oracle', verifier: 'StepVerifier', registry: 'Registry' }).map(([name, file]) => {
    const { deployedBytecode, immutables } = JSON.parse(readFileSync(`../contracts/target/classes/opml/contracts/${file}.json`, 'utf8'));
    const code = Buffer.from(deployedBytecode.slice(2), 'hex');
    return [name, { bytes: code.length, hash: `0x${Buffer.from(keccak_256(code)).toString('hex')}`, immutables }];
  }),
);
const { outputFiles } = await build({
  write: false,
  entryPoints: { main: 'src/main/ts/main.ts', worker: 'src/main/ts/worker/verifier.worker.ts' },
  outdir: `${out}/app`,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  define: { GUEST_ROOT: JSON.stringify(guestRoot), CONTRACTS: JSON.stringify(contracts), MODULES: JSON.stringify(modules), BUILD: JSON.stringify(BUILD) },
  legalComments: 'none',
  logLevel: 'warning',
});
// Page and worker carry the same name of what both are, and by the hashes in the worker of its modules.
const name = Buffer.from(keccak_256(outputFiles.map(({ text }) => text).join())).toString('hex').slice(0, 16);
for (const { path, text } of outputFiles) writeFileSync(path, text.replaceAll(BUILD, name));
const size = ['app/main.js', 'app.css', 'index.html']
  .map((file) => gzipSync(readFileSync(`${out}/${file}`)).length)
  .reduce((a, b) => a + b);
console.log(`page: ${size} bytes gzip of at most ${PAGE_LIMIT}`);
if (size > PAGE_LIMIT) process.exit(1);
