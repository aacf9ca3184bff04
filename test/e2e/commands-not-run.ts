/** Documented commands that the suite does not run, with the reason. Each must match a command that is documented. */
export const NOT_RUN: readonly { readonly command: RegExp; readonly reason: string }[] = [
  {
    command: /^npm (start|test)( +#|$)/,
    reason: 'runs until Ctrl-C, or everything: the suites npm-start and npm test themselves',
  },
  { command: /^npm start -- (?!--help)/, reason: 'starts another pipeline: the suite npm-start does' },
  {
    command: /^([A-Z0-9_]+=\S+ )*npm (test|run (jest|check|bench|lab|rehearse))\b/,
    reason: 'runs tests, checks or benchmarks',
  },
  {
    command: /^npm run local-cloud(?! -- --help)/,
    reason: 'runs until Ctrl-C: libs/local-cloud/src/main.int-spec.ts does',
  },
  { command: /^(GCP_PROJECT_ID=\S+ )?(npx nest|npm run nest)\b/, reason: 'runs until Ctrl-C' },
  { command: /^\(cd dataflow\b/, reason: 'needs a JDK' },
  { command: /^(pgrep|kill)\b/, reason: 'acts on other processes' },
  {
    command:
      /^(scripts\/|terraform|gcloud (auth|run|eventarc|dataflow|storage|pubsub topics describe)|export TF_|cp terraform)/,
    reason: 'needs Google Cloud: npm run rehearse runs the scripts',
  },
  {
    command: /^(gcloud pubsub (topics publish|subscriptions create)|bq ls)\b/,
    reason: 'as written it asks Google Cloud',
  },
  {
    command: /pipeline verify (--project|--local( |$)(?!--))/,
    reason: 'waits for file copies: the example with --patience runs',
  },
  {
    command: /pipeline retype\b/,
    reason: 'changes tables that other commands read',
  },
  {
    command: /pipeline (contracts|approve|reject)\b/,
    reason: 'writes files into the working directory and decides about tables: the suite contracts does',
  },
  {
    command: /pipeline audit --estimate/,
    reason: 'says what BigQuery would bill, which the local cloud does not know',
  },
  {
    command: /^(npm (pack|install)|npx local-cloud)\b/,
    reason: 'packs the local cloud, and installs it in another folder',
  },
];
