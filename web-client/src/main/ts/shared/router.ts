/** Path routes with the History API: every view has an address that can be shared. */

type Listener = (path: string) => void;
const listeners = new Set<Listener>();

export function route(): string {
  return location.pathname;
}

export function onRoute(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function go(path: string): void {
  history.pushState(null, '', path);
  changed();
}

/** Click handler for links of our own; leaves modified clicks to the browser. */
export function navigate(event: MouseEvent): void {
  const link = event.currentTarget as HTMLAnchorElement;
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(new URL(link.href).pathname);
}

function changed(): void {
  listeners.forEach((listener) => listener(location.pathname));
  scrollTo(0, 0);
  document.getElementById('content')?.focus({ preventScroll: true });
}

addEventListener('popstate', changed);
