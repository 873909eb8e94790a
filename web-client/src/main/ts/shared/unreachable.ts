/** What is wrong, and what to do, when nothing comes from our server. */
export function unreachable(): [what: string, advice: string] {
  return navigator.onLine ? ['The server does not answer', 'try again, or ask whoever runs it'] : ['This device is offline', 'connect it, and try again'];
}
