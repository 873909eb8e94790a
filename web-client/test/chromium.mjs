// Chromium as all of these programs start it, and where: OPML_CHROMIUM names another one.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-quic', '--disable-sync', '--no-first-run'];

const options = (more) => ({ executablePath: process.env.OPML_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', ...QUIET, ...more] });

export function launch(more = []) {
  return chromium.launch(options(more));
}

/** One that keeps what it stores in a folder. */
export function launchIn(folder) {
  return chromium.launchPersistentContext(folder, options([]));
}

/** A page at an address whose policy lets code come in by hand. */
export async function openToScripts(browser, address) {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

/** What the build says of the verifier's modules. */
function modules() {
  const hash = (part) => createHash('sha256').update(readFileSync(new URL(`../target/classes/META-INF/resources/app/${part}.wasm`, import.meta.url))).digest('hex');
  return JSON.stringify(Object.fromEntries(['verifier', 'kernels'].map((part) => [part, hash(part)])));
}

/** Bundles modules, relative to this folder and by the name that each gets in the page. */
export async function bring(page, sources, options = {}) {
  const contents = Object.entries(sources).map(([name, at]) => `import * as ${name} from '${at}'; globalThis.${name} = ${name};`);
  const stdin = { contents: contents.join('\n'), resolveDir: new URL('.', import.meta.url).pathname };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'iife', write: false, ...options, define: { BUILD: '"test"', MODULES: modules(), ...options.define } });
  await page.addScriptTag({ content: outputFiles[0].text });
}
