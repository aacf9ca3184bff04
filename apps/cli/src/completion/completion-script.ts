import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A command with what may follow it: subcommands and long options, with their descriptions. */
interface CompletionNode {
  /** Words from the program on, joined by a slash: `dead-letters/show`; empty for the program. */
  readonly path: string;
  readonly words: readonly { readonly name: string; readonly description: string }[];
  readonly children: readonly CompletionNode[];
}

/** Returns a script that completes the commands and options of a program, made of commander's own data. */
export function completionScript(shell: Shell, program: Command): string {
  const nodes = flatten(toNode(program, ''));
  switch (shell) {
    case 'bash':
      return bash(program.name(), nodes);
    case 'zsh':
      return zsh(program.name(), nodes);
    case 'fish':
      return fish(program.name(), nodes);
  }
}

function toNode(command: Command, path: string): CompletionNode {
  const prefix = path === '' ? '' : `${path}/`;
  const children = command.commands.map((child) => toNode(child, `${prefix}${child.name()}`));
  const options = command.options.flatMap(({ long, description }) =>
    long == null ? [] : [{ name: long, description }],
  );
  const commands = command.commands.map((child) => ({ name: child.name(), description: child.summary() }));
  return {
    path,
    words: [...commands, ...options, { name: '--help', description: 'display help' }],
    children,
  };
}

function flatten(node: CompletionNode): readonly CompletionNode[] {
  return [node, ...node.children.flatMap(flatten)];
}

/** The lines of a `case` that follows the words typed so far. */
function steps(nodes: readonly CompletionNode[], indent: string): string[] {
  return nodes
    .filter(({ path }) => path !== '')
    .map(({ path }) => {
      const at = path.lastIndexOf('/');
      return `${indent}'${path.slice(0, Math.max(at, 0))} ${path.slice(at + 1)}') node='${path}' ;;`;
    });
}

function bash(name: string, nodes: readonly CompletionNode[]): string {
  return [
    `# Completion of ${name} for bash: eval "$(${name} completion bash)"`,
    `_${name}_completion() {`,
    `  local node='' word current="\${COMP_WORDS[COMP_CWORD]}"`,
    `  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do`,
    '    case "$node $word" in',
    ...steps(nodes, '      '),
    '    esac',
    '  done',
    '  case "$node" in',
    ...nodes.map(
      ({ path, words }) =>
        `    '${path}') COMPREPLY=($(compgen -W '${words.map((word) => word.name).join(' ')}' -- "$current")) ;;`,
    ),
    '  esac',
    '}',
    `complete -o default -F _${name}_completion ${name}`,
  ].join('\n');
}

function zsh(name: string, nodes: readonly CompletionNode[]): string {
  return [
    `#compdef ${name}`,
    `# Completion of ${name} for zsh: eval "$(${name} completion zsh)"`,
    `_${name}_completion() {`,
    `  local node='' word`,
    '  for word in "${(@)words[2,CURRENT-1]}"; do',
    '    case "$node $word" in',
    ...steps(nodes, '      '),
    '    esac',
    '  done',
    '  case "$node" in',
    ...nodes.map(
      ({ path, words }) => `    '${path}') compadd -- ${words.map((word) => word.name).join(' ')} ;;`,
    ),
    '  esac',
    '  _files',
    '}',
    `compdef _${name}_completion ${name}`,
  ].join('\n');
}

function fish(name: string, nodes: readonly CompletionNode[]): string {
  const lines = nodes.flatMap(({ path, words }) => {
    const seen = path.split('/').map((word) => `__fish_seen_subcommand_from ${word}`);
    const when = path === '' ? '__fish_use_subcommand' : seen.join('; and ');
    return words.map(({ name: word, description }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      return `complete -c ${name} -n '${when}' ${what} -d '${text(description)}'`;
    });
  });
  return [`# Completion of ${name} for fish: ${name} completion fish | source`, ...lines].join('\n');
}

function text(description: string): string {
  return description.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`);
}
