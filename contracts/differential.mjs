// node differential.mjs STEPS [SEED]: random steps through StepVerifier.java and StepVerifier.sol, equal or it fails.
// Needs shared-vm compiled (mvn -pl shared-vm compile) and Java 25 as `java`, or JAVA_HOME.
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';

const root = path.dirname(new URL(import.meta.url).pathname);
const [steps, seed] = [Number(process.argv[2] ?? 10000), Number(process.argv[3] ?? 1)];
const BATCH = 100_000; // about 150 MB of witnesses at a time
const java = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin/java') : 'java';
const classes = process.env.OPML_CLASSES ?? path.join(root, '../shared-vm/target/classes');
const folder = 'target/differential';
const start = Date.now();
for (let done = 0, batch = 0; done < steps; done += BATCH, batch++) {
  const count = String(Math.min(BATCH, steps - done));
  fs.rmSync(path.join(root, folder), { recursive: true, force: true });
  fs.mkdirSync(path.join(root, folder), { recursive: true });
  const generator = ['-cp', classes, 'test/java/RandomSteps.java', String(seed * 1000003 + batch), count, `${folder}/`];
  const files = execFileSync(java, generator, { cwd: root, encoding: 'utf8' }).trim();
  const call = ['--sig', 'run(string,uint256,uint256)', `${folder}/`, files, count, '--gas-limit', `${2n ** 63n - 1n}`];
  execFileSync('node_modules/.bin/forge', ['script', 'test/RandomSteps.s.sol:RandomSteps', ...call], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  console.log(`${done + Number(count)} random steps equal, ${Math.round((Date.now() - start) / 1000)} s`);
}
fs.rmSync(path.join(root, folder), { recursive: true, force: true });
