/**
 * Characters of a line of stdout: those of the terminal, and without a limit for a file, another program, or with `--wide`.
 */
export function outputWidth(
  stream: { readonly isTTY?: boolean; readonly columns?: number } = process.stdout,
  argv: readonly string[] = process.argv,
): number {
  return stream.isTTY === true && !argv.includes('--wide') ? (stream.columns ?? 80) : Infinity;
}
