// Downloads of content: one that falls silent is left, one that is only slow is not.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { mock, test } from 'node:test';
import { build } from 'esbuild';

const contents = "export { download } from './src/main/ts/worker/content'; export { Kept } from './src/main/ts/worker/store';";
const { outputFiles } = await build({ stdin: { contents, resolveDir: '.' }, bundle: true, format: 'esm', write: false });
const { download, Kept } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
globalThis.caches = { open: () => Promise.reject(new Error('no store here')) };

/** A server that sends a byte at once, and another of the four each time `next` is called. */
async function served(use) {
  let next;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Length': 4 });
    next = () => response.write('x');
    next();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const into = new Uint8Array(4);
    let came;
    const heard = () => new Promise((resolve) => (came = resolve));
    const first = heard();
    const content = { url: `http://127.0.0.1:${server.address().port}/weights`, root: 'root', length: 4, size: 0 };
    const placed = download(content, await Kept.open('root', 4), into, 0, 0, () => came(), 'no-store');
    placed.catch(() => undefined);
    await first;
    await use(placed, async () => {
      const one = heard();
      next();
      await one;
    });
  } finally {
    mock.timers.reset();
    server.closeAllConnections();
    server.close();
  }
}

test('a download in which nothing comes for a minute is an error', () =>
  served(async (placed) => {
    mock.timers.tick(60_000);
    await assert.rejects(placed, /has sent nothing for 60 seconds/);
  }));

test('a slow download is waited for', () =>
  served(async (placed, next) => {
    for (let i = 0; i < 3; i++) {
      mock.timers.tick(59_000);
      await next();
    }
    await placed;
  }));
