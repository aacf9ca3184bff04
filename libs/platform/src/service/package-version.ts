import { readFileSync } from 'node:fs';

/** Reads the version of a package.json; `unknown` if it has none. */
export function readPackageVersion(packageJson: URL): string {
  const manifest: unknown = JSON.parse(readFileSync(packageJson, 'utf8'));
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return hasVersion && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}
