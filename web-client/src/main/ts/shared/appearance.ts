/** Light or dark as the system says, unless the reader has chosen for this browser. */

const KEY = 'opml.appearance';

export type Appearance = 'system' | 'light' | 'dark';

export function appearance(): Appearance {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function setAppearance(wanted: Appearance): void {
  if (wanted === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, wanted);
  applyAppearance();
}

export function applyAppearance(): void {
  const wanted = appearance();
  document.documentElement.style.colorScheme = wanted === 'system' ? '' : wanted;
}
