/** Light or dark as the system says, unless the reader has chosen for this browser. */

import { lasting } from './storage';

const KEY = 'opml.appearance';

export type Appearance = 'system' | 'light' | 'dark';

export function appearance(): Appearance {
  const kept = lasting.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function setAppearance(wanted: Appearance): void {
  lasting.removeItem(KEY);
  apply(wanted);
  if (wanted !== 'system') lasting.setItem(KEY, wanted);
}

export function applyAppearance(): void {
  apply(appearance());
}

function apply(wanted: Appearance): void {
  document.documentElement.style.colorScheme = wanted === 'system' ? '' : wanted;
}
