import { build } from './build';
import { lasting } from './storage';

const KEY = 'opml.build';

/** Tells the tabs of this browser what the server's page is now. One that the browser brings back may be an old one of its own store. */
export function markNewest(): void {
  const [loaded] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (loaded?.type === 'back_forward' && lasting.getItem(KEY) !== null) return;
  try {
    lasting.setItem(KEY, build);
  } catch {
    // no room: each tab goes on as the newest
  }
}

/** Whether a tab that was opened later runs another page. What this one keeps would not be as that one reads it: it keeps nothing. */
export function outdated(): boolean {
  return (lasting.getItem(KEY) ?? build) !== build;
}

/** The same for what the reader does: they are led to the button that loads this page again. */
export function refused(): boolean {
  if (outdated()) document.querySelector<HTMLElement>('.outdated button')?.focus();
  return outdated();
}
