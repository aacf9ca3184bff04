#!/usr/bin/env bash
# Restores the last deployment that was verified.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/deployment.sh
source scripts/deployment.sh

help() {
  cat <<'TEXT'
Usage: scripts/rollback.sh PROJECT_ID ENVIRONMENT [options]

Applies the last deployment whose health and integration test passed, as a whole: services, template and settings. If that
is what runs, it applies the one verified before it. Tables stay as they are: columns are only ever added or widened, which
older versions understand. Terraform's own code is that of the work tree; check out the printed commit to restore it too.

TEXT
  deployment_options
}

parse_deployment "$@"
require gcloud 'See https://cloud.google.com/sdk/docs/install'
require terraform 'See https://developer.hashicorp.com/terraform/install'

step 'The last verified deployment'
read_object "$CURRENT" "$WORK/current.json"
read_object "$VERIFIED" "$WORK/verified.json"
read_object "$PREVIOUS" "$WORK/previous.json"
record target "$WORK/current.json" "$WORK/verified.json" "$WORK/previous.json" > "$WORK/target.json"
if [[ -n ${DRY_RUN:-} ]]; then
  echo '{}' > "$WORK/target.json"
elif [[ ! -s $WORK/target.json ]]; then
  fail "No other deployment of $ENVIRONMENT was verified, so there is nothing to go back to. Deploy with scripts/deploy.sh."
else
  printf 'version %s, commit %s\n' "$(record value "$WORK/target.json" version)" "$(record value "$WORK/target.json" commit)"
fi

step 'Restoring it'
apply_record "$WORK/target.json"
