// Makes the README's picture from the page itself: a question of the running server's model, its answer, verified here.
//   BASE=http://localhost:8080 node test/picture.mjs ../docs/answer.png
import { statSync } from 'node:fs';
import { launch } from './chromium.mjs';

const BASE = process.env.BASE ?? 'http://localhost:8080';
const [file] = process.argv.slice(2);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1100, height: 1240 }, colorScheme: 'light' });
  await page.goto(BASE);
  await page.getByLabel('Your question').fill('What is the capital of France?');
  await page.keyboard.press('Enter');
  await page.locator('.ladder li.now', { hasText: 'Challenge window' }).waitFor();
  await page.getByRole('button', { name: 'Verify in my browser' }).click();
  const download = page.getByRole('button', { name: /^Download/ });
  const verdict = page.locator('.verdict');
  await download.or(verdict).first().waitFor();
  if (await download.isVisible()) await download.click();
  await verdict.waitFor({ timeout: 600_000 });
  await page.evaluate(() => document.activeElement.blur());
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: file });
  console.log((await verdict.innerText()).split('\n')[0], `${statSync(file).size} bytes`);
} finally {
  await browser.close();
}
