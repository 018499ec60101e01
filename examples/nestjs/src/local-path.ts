/** Only a path of this site: `//evil.example`, `/\evil.example` and `https:…` lead elsewhere. */
export function toLocalPath(returnTo = '/'): string {
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(returnTo) ? returnTo : '/';
}
