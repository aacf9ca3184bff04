import { spawnSync } from 'node:child_process';

const MINIMUM_JAVA = 17;

function versionOf(command, args, pattern) {
  const { error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return error === undefined ? (pattern.exec(`${stdout}${stderr}`)?.[1] ?? null) : null;
}

/** Returns a sentence that says what to install for the Java part, or null when nothing is missing. */
export function missingJavaTools() {
  const java = versionOf('javac', ['-version'], /javac (\d+)/);
  if (java === null)
    return `no JDK was found. Install a JDK ${MINIMUM_JAVA} and put its bin folder on the PATH.`;
  if (Number(java) < MINIMUM_JAVA) return `the JDK found is version ${java}. Install a JDK ${MINIMUM_JAVA}.`;
  if (versionOf('mvn', ['--version'], /Apache Maven (\S+)/) === null)
    return 'Maven was not found. Install Maven 3.8 or newer and put it on the PATH.';
  return null;
}
