import { relative, sep } from 'node:path';
import { roomEdge } from './rooms.mjs';

/** ESLint rule: no import, type-only ones included, from a room into a later room or into a file beside the rooms. */
const noUpwardImport = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { upward: 'The room {{from}} may not import {{to}}: see tools/boundaries/rooms.mjs.' },
  },
  create(context) {
    const filePath = relative(context.cwd, context.filename).split(sep).join('/');
    const check = (source) => {
      if (typeof source?.value !== 'string') return;
      const edge = roomEdge(filePath, source.value);
      if (edge?.isUpward) context.report({ node: source, messageId: 'upward', data: edge });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
    };
  },
};

export default { rules: { 'no-upward-import': noUpwardImport } };
