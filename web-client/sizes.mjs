// Prints what a verifier costs to load and fails when its modules are larger than promised.
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const LIMIT = 100 * 1024; // bytes, brotli: both modules together
const folder = 'target/classes/META-INF/resources/app';
const size = (file) => brotliCompressSync(readFileSync(`${folder}/${file}`)).length;
const [verifier, kernels, worker] = ['verifier.wasm', 'kernels.wasm', 'worker.js'].map(size);
console.log(`modules: ${verifier} + ${kernels} bytes brotli of at most ${LIMIT}; worker script: ${worker}`);
if (verifier + kernels > LIMIT) process.exit(1);
