// Prints how long this machine's Chromium takes to run the one disputed operator of a game, what it fetches and the tab's memory.
//   BASE=http://localhost:8080 node test/operator.mjs [GAME]     a game of a running server; without one a liar is caught first
import { readFileSync } from 'node:fs';
import { launch } from './chromium.mjs';

const BASE = process.env.BASE ?? 'http://localhost:8080';
const browser = await launch();
try {
  const { items } = await (await fetch(`${BASE}/api/models`)).json();
  const page = await browser.newPage();
  page.setDefaultTimeout(900_000);
  if (process.argv[2]) {
    await page.goto(`${BASE}/games/${process.argv[2]}`);
  } else {
    await page.goto(`${BASE}/games`);
    await page.getByRole('button', { name: 'Catch a liar' }).click();
    await page.waitForURL('**/games/0x*');
    await page.locator('.badge', { hasText: 'won' }).first().waitFor();
  }
  const panel = page.locator('opml-operator-panel');
  const { processInfo } = await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo');
  for (let round = 0; round < 2; round++) {
    const began = performance.now();
    await panel.getByRole('button', { name: 'Replay the operator' }).click();
    await panel.getByRole('button', { name: 'Cancel' }).waitFor();
    await panel.locator('.verdict').waitFor();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const words = (await panel.locator('.verdict').innerText()).replace(/\s+/g, ' ');
    console.log(`${items[0].name}, game ${page.url().split('/').pop()}: ${seconds} s in all; ${words}`);
  }
  const renderers = processInfo.filter((p) => p.type === 'renderer').map((p) => peak(p.id));
  console.log(`largest renderer process: ${Math.max(...renderers)} MB at its peak`);
} finally {
  await browser.close();
}

/** Peak resident memory of a process, MB; Linux only. */
function peak(pid) {
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1000);
}
