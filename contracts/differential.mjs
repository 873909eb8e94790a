// node differential.mjs STEPS [SEED]: random steps through StepVerifier.java and StepVerifier.sol, equal or it fails.
// Needs shared-vm compiled (mvn -pl shared-vm compile) and Java 25 as `java`, or JAVA_HOME.
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';

const root = path.dirname(new URL(import.meta.url).pathname);
const [steps, seed] = [Number(process.argv[2] ?? 10000), Number(process.argv[3] ?? 1)];
const BATCH = 2500; // a test's memory holds so many
const java = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin/java') : 'java';
const classes = process.env.OPML_CLASSES ?? path.join(root, '../shared-vm/target/classes');
const file = 'target/differential.json';
fs.mkdirSync(path.join(root, 'target'), { recursive: true });
for (let done = 0, batch = 0; done < steps; done += BATCH, batch++) {
  const count = String(Math.min(BATCH, steps - done));
  const generator = ['-cp', classes, 'test/java/RandomSteps.java', String(seed * 1000003 + batch), count, file];
  execFileSync(java, generator, { cwd: root, stdio: 'inherit' });
  execFileSync('node_modules/.bin/forge', ['test', '--match-contract', 'StepVectorsTest'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, OPML_STEP_VECTORS: file },
  });
  console.log(`${done + Number(count)} random steps equal`);
}
