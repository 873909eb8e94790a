const NEAR_END = 200; // pixels; who is further up reads something else
const FREE = 8; // pixels above what is brought into view

/** A reader who has scrolled up is never moved. */
export function atEnd(): boolean {
  return innerHeight + scrollY >= document.body.scrollHeight - NEAR_END;
}

/** Pixels at the top of the window that are not for content: the header stays there where the window is large. */
export function above(): number {
  const header = document.querySelector('header')!;
  return FREE + (getComputedStyle(header).position === 'sticky' ? header.offsetHeight : 0);
}
