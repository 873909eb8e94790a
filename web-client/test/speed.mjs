// Prints how fast this machine's Chromium runs a whole answer again, by the guest in WebAssembly and by the virtual machine.
//   BASE=http://localhost:8080 node test/speed.mjs [QUESTION]     against a running server, with its first model
import { chromium } from 'playwright-core';

const BASE = process.env.BASE ?? 'http://localhost:8080';
const question = process.argv[2] ?? 'Tell me a tale about a fox.';
const MACHINE_BYTES = 200e6; // larger models would keep the virtual machine busy for many minutes
const browser = await chromium.launch({
  executablePath: process.env.OPML_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  const { items } = await (await fetch(`${BASE}/api/models`)).json();
  const page = await browser.newPage();
  page.setDefaultTimeout(600_000);
  page.on('dialog', (dialog) => dialog.accept()); // a large download is asked for
  await page.goto(BASE);
  await page.getByLabel('Your question').fill(question);
  await page.keyboard.press('Enter');
  await page.locator('.exchange:last-child .phase', { hasText: 'done' }).waitFor();
  const replay = page.locator('.verdict.good li', { hasText: 'Replay' });
  const machine = Number(items[0].weightsBytes) < MACHINE_BYTES;
  for (const round of machine ? ['guest', 'guest', 'machine', 'machine'] : ['guest', 'guest']) {
    if (round === 'machine') await page.getByLabel('every instruction in the virtual machine').check();
    await page.getByRole('button', { name: 'Verify in my browser' }).click();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    await replay.waitFor();
    console.log(`${items[0].name}, ${round}: ${(await replay.textContent()).replace(/\s+/g, ' ').replace(/: the program.*/, '')}`);
  }
} finally {
  await browser.close();
}
