// Chromium as all of these programs start it, and where: OPML_CHROMIUM names another one.
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-quic', '--disable-sync', '--no-first-run'];

export function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.OPML_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', ...QUIET, ...more],
  });
}

/** A page at an address whose policy lets code come in by hand. */
export async function openToScripts(browser, address) {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

/** Bundles modules, relative to this folder and by the name that each gets in the page. */
export async function bring(page, modules, options = {}) {
  const contents = Object.entries(modules).map(([name, at]) => `import * as ${name} from '${at}'; globalThis.${name} = ${name};`);
  const stdin = { contents: contents.join('\n'), resolveDir: new URL('.', import.meta.url).pathname };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'iife', write: false, ...options, define: { BUILD: '"test"', ...options.define } });
  await page.addScriptTag({ content: outputFiles[0].text });
}
