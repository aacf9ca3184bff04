import { spawnSync } from 'node:child_process';

const MINIMUM_JAVA = 17;

/** Runs Maven. On Windows it is `mvn.cmd`, which only cmd.exe starts; the arguments are the callers' own. */
export function runMaven(args, options) {
  return spawnSync('mvn', args, { ...options, shell: process.platform === 'win32' });
}

function versionIn({ error, stdout, stderr }, pattern) {
  return error === undefined ? (pattern.exec(`${stdout}${stderr}`)?.[1] ?? null) : null;
}

/** Returns a sentence that says what to install for the Java part, or null when nothing is missing. */
export function missingJavaTools() {
  const java = versionIn(spawnSync('javac', ['-version'], { encoding: 'utf8' }), /javac (\d+)/);
  if (java === null)
    return `no JDK was found. Install a JDK ${MINIMUM_JAVA} and put its bin folder on the PATH.`;
  if (Number(java) < MINIMUM_JAVA) return `the JDK found is version ${java}. Install a JDK ${MINIMUM_JAVA}.`;
  if (versionIn(runMaven(['--version'], { encoding: 'utf8' }), /Apache Maven (\S+)/) === null)
    return 'Maven was not found. Install Maven 3.8 or newer and put it on the PATH.';
  return null;
}
