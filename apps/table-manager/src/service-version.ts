import { readPackageVersion } from '@pipeline/platform';

/** Version of this app, for dead letters, the schema history and OpenAPI. */
export const SERVICE_VERSION = readPackageVersion(new URL('../package.json', import.meta.url));
