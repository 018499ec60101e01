/** `url` with other query parameters; `undefined` removes one. */
export function changeQuery(url: string, parameters: Record<string, string | undefined>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) changed.searchParams.delete(name);
    else changed.searchParams.set(name, value);
  }
  return changed.href;
}

export function readParameter(url: string, name: string): string {
  return new URL(url).searchParams.get(name) ?? '';
}
