// Bundles the page and its worker into target/classes/META-INF/resources and prints their compressed sizes.
import { build } from 'esbuild';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const out = 'target/classes/META-INF/resources';
const PAGE_LIMIT = 60 * 1024; // bytes, gzip: page code before the worker

rmSync(`${out}/app`, { recursive: true, force: true });
mkdirSync(`${out}/app`, { recursive: true });
cpSync('src/main/web', out, { recursive: true });
// What the replay module runs must be what a model id names.
const guestRoot = readFileSync('../src/main/resources/opml/guest.root', 'utf8').trim().replace(/^0x/, '');
await build({
  entryPoints: { main: 'src/main/ts/main.ts', worker: 'src/main/ts/worker/verifier.worker.ts' },
  outdir: `${out}/app`,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  define: { GUEST_ROOT: JSON.stringify(guestRoot) },
  legalComments: 'none',
  logLevel: 'warning',
});
const size = ['app/main.js', 'app.css', 'index.html']
  .map((file) => gzipSync(readFileSync(`${out}/${file}`)).length)
  .reduce((a, b) => a + b);
console.log(`page: ${size} bytes gzip of at most ${PAGE_LIMIT}`);
if (size > PAGE_LIMIT) process.exit(1);
