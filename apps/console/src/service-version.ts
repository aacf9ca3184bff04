import { readPackageVersion } from '@pipeline/platform';

/** Version of this app, for OpenAPI and the metrics. */
export const SERVICE_VERSION = readPackageVersion(new URL('../package.json', import.meta.url));
