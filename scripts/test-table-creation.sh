#!/usr/bin/env bash
# Sends samples through a pipeline that runs, and checks tables, types, values, dead letter, files and books.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh

help() {
  cat <<'TEXT'
Usage: scripts/test-table-creation.sh PROJECT_ID ENVIRONMENT [options]
       scripts/test-table-creation.sh --local [options]

Publishes an event of each type, one with a new field and one that is no event; waits, with progress;
then checks tables, types, values, the dead letter, the file copy and the books. Ends with a table of what it found.

  --local             the local cloud: the one that PUBSUB_EMULATOR_HOST and BIGQUERY_EMULATOR_HOST name, or else one
                      that is started for the test and ended after it
  --patience SECONDS  how long to wait (default 900, with --local 90)
  --no-files          leave out the file copy, which comes last
  --json              print the result as JSON
  --dry-run           print the commands, run none
  --help              print this

Exit codes: 0 every check passed, 1 a check failed, 2 wrong arguments, 3 something is missing or not allowed,
4 a service failed.
TEXT
}

LOCAL=''
PATIENCE=''
OPTIONS=()
POSITIONAL=()
while (($# > 0)); do
  case $1 in
    --help | -h) help && exit 0 ;;
    --local) LOCAL=1 ;;
    --dry-run) DRY_RUN=1 ;;
    --patience)
      (($# > 1)) || usage_error '--patience wants a number of seconds.'
      PATIENCE=$2
      shift
      ;;
    --no-files | --json) OPTIONS+=("$1") ;;
    -*) usage_error "There is no option $1." ;;
    *) POSITIONAL+=("$1") ;;
  esac
  shift
done

PIPELINE=(node_modules/.bin/node apps/cli/dist/main.js)

verify() {
  run "${PIPELINE[@]}" verify "$@" ${OPTIONS[@]+"${OPTIONS[@]}"}
}

# Starts the pipeline on ports that the system gave, and ends it with this script.
start_pipeline() {
  local ports
  ports=$(node_modules/.bin/node -e '
    const { createServer } = require("node:net");
    const open = () => new Promise((resolve) => { const s = createServer().listen(0, "127.0.0.1", () => resolve(s)); });
    Promise.all(Array.from({ length: 8 }, open)).then((servers) => {
      console.log(servers.map((server) => server.address().port).join(" "));
      servers.forEach((server) => server.close());
    });')
  read -r PUBSUB_PORT BIGQUERY_PORT BIGQUERY_STORAGE_PORT STORAGE_PORT EVENTARC_PORT EVENT_GENERATOR_PORT TABLE_MANAGER_PORT CONSOLE_PORT <<< "$ports"
  export PUBSUB_PORT BIGQUERY_PORT BIGQUERY_STORAGE_PORT STORAGE_PORT EVENTARC_PORT EVENT_GENERATOR_PORT TABLE_MANAGER_PORT CONSOLE_PORT
  LOG=$(mktemp)
  "${PIPELINE[@]}" start --no-generate > "$LOG" 2>&1 &
  STARTED=$!
  trap 'kill -INT "$STARTED" 2> /dev/null || true; wait "$STARTED" 2> /dev/null || true; rm -f "$LOG"' EXIT
  until grep -q 'Ctrl-C stops everything' "$LOG"; do
    kill -0 "$STARTED" 2> /dev/null || fail "The pipeline did not start: $(cat "$LOG")"
    sleep 0.2
  done
}

if [[ -z ${DRY_RUN:-} ]]; then
  node scripts/ensure-ready.mjs
fi

if [[ -n $LOCAL ]]; then
  ((${#POSITIONAL[@]} == 0)) || usage_error '--local takes neither project nor environment.'
  if [[ -z ${PUBSUB_EMULATOR_HOST:-} && -z ${DRY_RUN:-} ]]; then
    start_pipeline
  fi
  verify --local --patience "${PATIENCE:-90}"
else
  ((${#POSITIONAL[@]} == 2)) || usage_error 'Name a project and an environment: scripts/test-table-creation.sh my-project prod'
  check_project "${POSITIONAL[0]}"
  check_environment "${POSITIONAL[1]}"
  verify --project "${POSITIONAL[0]}" --environment "${POSITIONAL[1]}" --patience "${PATIENCE:-900}"
fi
