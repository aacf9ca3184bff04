import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import boundaries from './tools/boundaries/boundaries.config.mjs';

/** typescript-eslint strict, the import boundaries, no cycles. Each rule has its reason beside it. */
const WEB = ['apps/console/web/**/*.{ts,tsx}'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/target/**', '.cache/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts', '**/*.tsx'] })),
  ...boundaries,
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        importX.createNodeResolver({
          conditionNames: ['source', 'import', 'node', 'default'],
          extensions: ['.ts', '.tsx', '.js'],
        }),
      ],
    },
    languageOptions: {
      parserOptions: { project: './tsconfig.spec.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // Numbers and booleans have one text; objects would print as [object Object].
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Nest's modules are classes with a decorator and nothing else.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      'import-x/no-cycle': 'error',
    },
  },
  {
    // The page is a project of its own: a browser's types, and no Node.
    files: WEB,
    languageOptions: {
      parserOptions: {
        project: './apps/console/web/tsconfig.lint.json',
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  {
    // Types of the catalogue follow from its words.
    files: ['apps/console/web/src/messages/*.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    // The classes describe answers for OpenAPI; the answers are plain objects of the same shape.
    files: ['apps/console/src/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  {
    // Folders join this list as their code is brought to the rules.
    files: [
      'apps/console/**/*.ts',
      'apps/table-manager/**/*.ts',
      'apps/event-generator/**/*.ts',
      'libs/platform/**/*.ts',
    ],
    rules: {
      // A body on a line of its own has braces; a chain has them everywhere or nowhere.
      curly: ['error', 'multi-line', 'consistent'],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'PropertyDefinition[accessibility="private"], MethodDefinition[accessibility="private"][kind!="constructor"]',
          message: 'Name private members with #; `private` is for parameters of constructors.',
        },
      ],
    },
  },
);
