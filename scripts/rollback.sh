#!/usr/bin/env bash
# Goes back to what ran before the last deployment.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/deployment.sh
source scripts/deployment.sh

help() {
  cat <<'TEXT'
Usage: scripts/rollback.sh PROJECT_ID ENVIRONMENT [options]

Applies the environment with the images and the template that ran before the last deployment. Run twice, it goes forward
again. Tables stay as they are: columns are only ever added or widened, which older versions understand.

TEXT
  deployment_options
}

parse_deployment "$@"
require gcloud 'See https://cloud.google.com/sdk/docs/install'
require terraform 'See https://developer.hashicorp.com/terraform/install'

step 'What ran before'
read_values "$PREVIOUS" "$WORK/previous.json"
if [[ -z ${DRY_RUN:-} && $(< "$WORK/previous.json") == '{}' ]]; then
  fail "Nothing ran before: $PREVIOUS is not there. Deploy with scripts/deploy.sh."
fi

step 'Going back'
deploy_values "$(< "$WORK/previous.json")"
