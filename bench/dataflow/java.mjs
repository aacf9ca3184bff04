import { fileURLToPath } from 'node:url';
import { missingJavaTools, runMaven } from '../../scripts/java-tools.mjs';

const PROJECT_FOLDER = fileURLToPath(new URL('../../dataflow', import.meta.url));

/**
 * Compile the job and its benchmarks, and give the classpath to run them with.
 *
 * Errors: throws with a sentence where there is no JDK 17 or no Maven.
 */
export function compileBenchmarks() {
  const missing = missingJavaTools();
  if (missing !== null) throw new Error(missing);
  const args = ['--batch-mode', '--quiet', '-Pbench', '-Dbench.program=echo', 'test-compile', 'exec:exec'];
  const { status, stdout, stderr } = runMaven(args, { cwd: PROJECT_FOLDER, encoding: 'utf8' });
  const classpath = /-classpath (\S+) org\.openjdk\.jmh\.Main/.exec(stdout)?.[1];
  if (status !== 0 || classpath === undefined) throw new Error(`mvn ${args.join(' ')}\n${stdout}${stderr}`);
  return classpath;
}

/** The version of a library on a classpath. */
export function versionOf(classpath, artifact) {
  return new RegExp(`/${artifact}-(\\d[^/:]*)\\.jar`).exec(classpath)?.[1] ?? 'unknown';
}
