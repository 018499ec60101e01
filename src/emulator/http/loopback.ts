/** Whether a hostname of a URL is an address of this machine. */
export function isLoopbackAddress(hostname: string): boolean {
  return hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Whether a hostname of a URL is an address of this machine, or a name that always means this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return isLoopbackAddress(hostname) || /^(?:.+\.)?localhost$/.test(hostname);
}
