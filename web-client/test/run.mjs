// Starts the whole product with opml-tiny on free ports in a folder of its own, runs the page's tests against it, and stops it
// as a terminal would: all of its processes at once. It must go quietly and leave none behind.
//   node test/run.mjs LAUNCHER [ARGUMENT ...]     the command that takes `start`
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_SECONDS = 180;
const [command, ...args] = process.argv.slice(2);

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Command lines of the processes that are of this run. */
function processes() {
  return spawnSync('ps', ['-eo', 'args']).stdout.toString().split('\n').filter((args) => args.includes(home));
}

const home = mkdtempSync(join(tmpdir(), 'opml-page-'));
const port = await freePort();
const child = spawn(command, [...args, 'start', '--model', 'opml-tiny', '--port', String(port)], {
  env: { ...process.env, OPML_HOME: home },
  stdio: ['ignore', 'pipe', 'pipe'],
  detached: true,
});
let log = '';
child.stdout.on('data', (d) => (log += d));
child.stderr.on('data', (d) => (log += d));

let status = 1;
try {
  const base = `http://127.0.0.1:${port}`;
  for (let second = 0; ; second++) {
    const up = await fetch(`${base}/q/health/ready`).then((r) => r.ok, () => false);
    if (up) break;
    if (child.exitCode !== null || second >= START_SECONDS) throw new Error(`the server did not start:\n${log.slice(-4000)}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  const tests = spawn(process.execPath, ['--test', '--test-concurrency=1', ...readdirSync('test').filter((file) => file.endsWith('.test.mjs')).map((file) => `test/${file}`)], {
    env: { ...process.env, BASE: base },
    stdio: 'inherit',
  });
  status = await new Promise((resolve) => tests.on('exit', (code) => resolve(code ?? 1)));
  if (status !== 0) console.error(log.slice(-4000));
} catch (error) {
  console.error(String(error));
} finally {
  const before = log.length;
  process.kill(-child.pid, 'SIGTERM');
  await Promise.race([new Promise((resolve) => child.on('close', resolve)), new Promise((resolve) => setTimeout(resolve, 30000))]);
  if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
  const last = log.slice(before);
  let left = processes();
  for (let second = 0; left.length > 0 && second < 20; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1000)); // the database writes what it has to on a busy disk
    left = processes();
  }
  if (/ERROR|Exception/.test(last) || left.length > 0) {
    console.error(`it did not end as it should:\n${last.slice(0, 4000)}\nleft: ${left.join('\n')}`);
    status ||= 1;
  }
  rmSync(home, { recursive: true, force: true });
}
process.exit(status);
