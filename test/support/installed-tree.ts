import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What an installation put into a project's `node_modules`. */
export interface InstalledTree {
  packages: string[];
  /** Packages that run a script when they are installed. */
  scripted: string[];
  /** The sum of all file sizes, which does not depend on the file system's blocks. */
  bytes: number;
}

export function readInstalledTree(project: string): InstalledTree {
  const modules = join(project, 'node_modules');
  const text = readFileSync(join(modules, '.package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Record<string, { hasInstallScript?: boolean }> };
  const paths = Object.keys(packages);
  return {
    packages: paths.map((path) => path.replace('node_modules/', '')),
    scripted: paths.filter((path) => packages[path]?.hasInstallScript),
    bytes: paths.reduce((sum, path) => sum + measure(join(project, path)), 0),
  };
}

/** A package's own files, in bytes. */
export function measure(path: string): number {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .map((entry) => join(path, entry.name))
    .reduce((sum, entry) => sum + (statSync(entry).isDirectory() ? measure(entry) : statSync(entry).size), 0);
}
