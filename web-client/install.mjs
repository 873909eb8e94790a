// `npm ci`, only when the installed packages differ from the lock file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { execSync } from 'node:child_process';

const mark = 'node_modules/.installed-lock';
const lock = readFileSync('package-lock.json', 'utf8');
if (!existsSync(mark) || readFileSync(mark, 'utf8') !== lock) {
  execSync('npm ci --no-audit --no-fund --ignore-scripts', { stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(mark, lock);
}
