#!/usr/bin/env bash
# Records that what runs was verified, so that a rollback returns to it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/deployment.sh
source scripts/deployment.sh

help() {
  cat <<'TEXT'
Usage: scripts/record-verified.sh PROJECT_ID ENVIRONMENT [options]

Records what runs as the deployment that scripts/rollback.sh returns to. Run it after scripts/verify-deployment.sh and
scripts/test-table-creation.sh passed; run twice, it changes nothing.

TEXT
  deployment_options
}

parse_deployment "$@"
require gcloud 'See https://cloud.google.com/sdk/docs/install'

step 'Recording what was verified'
read_object "$CURRENT" "$WORK/current.json"
read_object "$VERIFIED" "$WORK/verified.json"
if [[ -n ${DRY_RUN:-} ]] || ! cmp --silent "$WORK/current.json" "$WORK/verified.json"; then
  if [[ -n ${DRY_RUN:-} || $(< "$WORK/verified.json") != '{}' ]]; then
    run gcloud storage cp "$WORK/verified.json" "$PREVIOUS"
  fi
  run gcloud storage cp "$WORK/current.json" "$VERIFIED"
fi
