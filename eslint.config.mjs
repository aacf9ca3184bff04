import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import boundaries from './tools/boundaries/boundaries.config.mjs';

/** typescript-eslint strict, the import boundaries, no cycles. Each rule has its reason beside it. */
export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/target/**', '.cache/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  ...boundaries,
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        importX.createNodeResolver({
          conditionNames: ['source', 'import', 'node', 'default'],
          extensions: ['.ts', '.js'],
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
    // Folders join this list as their code is brought to the rules.
    files: ['apps/table-manager/**/*.ts', 'apps/event-generator/**/*.ts', 'libs/platform/**/*.ts'],
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
