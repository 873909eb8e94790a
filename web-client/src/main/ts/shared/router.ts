/** Path routes with the History API: every view has an address that can be shared. */

type Listener = (path: string) => void;
const listeners = new Set<Listener>();
const heights = new Map<string, number>(); // how far down a view was when it was left
let cameBack = false; // by the browser's own buttons
const PATIENCE_MS = 1000; // for a view to be as long again as it was

export function route(): string {
  return location.pathname;
}

export function onRoute(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function go(path: string): void {
  heights.set(shown, scrollY);
  cameBack = false;
  history.pushState(null, '', path);
  changed();
  scrollTo(0, 0);
  // a part of a view is there when the view is
  if (location.hash) setTimeout(() => document.getElementById(location.hash.slice(1))?.scrollIntoView());
}

/** Whether the reader came to what is shown by going back or forward: they are put where they were. */
export function returned(): boolean {
  return cameBack;
}

/** Gives the view that is shown another address: nothing moves. */
export function rename(path: string): void {
  history.replaceState(null, '', path);
  tell();
}

/** Click handler for links of our own; leaves modified clicks to the browser. */
export function navigate(event: MouseEvent): void {
  const link = event.currentTarget as HTMLAnchorElement;
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const url = new URL(link.href);
  go(url.pathname + url.hash);
}

let shown = route();

function tell(): void {
  shown = route();
  listeners.forEach((listener) => listener(shown));
}

function changed(): void {
  tell();
  document.getElementById('content')?.focus({ preventScroll: true });
}

/** Back: to where the reader was, as soon as the view is long enough. */
function back(until: number, path: string, height: number): void {
  if (route() !== path) return;
  scrollTo(0, height);
  if (scrollY < height && performance.now() < until) requestAnimationFrame(() => back(until, path, height));
}

history.scrollRestoration = 'manual';
addEventListener('popstate', () => {
  heights.set(shown, scrollY);
  cameBack = true;
  changed();
  back(performance.now() + PATIENCE_MS, route(), heights.get(route()) ?? 0);
});
