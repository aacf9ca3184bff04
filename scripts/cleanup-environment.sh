#!/usr/bin/env bash
# Destroys an environment with all its data.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/deployment.sh
source scripts/deployment.sh

help() {
  cat <<'TEXT'
Usage: scripts/cleanup-environment.sh PROJECT_ID ENVIRONMENT --confirm PROJECT_ID/ENVIRONMENT [options]

DESTROYS the environment with all its data: the tables of events with the dataset, the files with the buckets, what
waits in subscriptions. The job is drained first. Without --confirm it shows what would go, and destroys nothing.
The foundation stays (accounts, roles, network, federation, services), and so do the buckets of Terraform's states: the
environment can be deployed again at once.

  --confirm WORDS        PROJECT_ID/ENVIRONMENT, typed out
TEXT
  deployment_options
}

EXTRA_OPTIONS='--confirm'
CONFIRM=''
parse_deployment "$@"
require gcloud 'See https://cloud.google.com/sdk/docs/install'
require terraform 'See https://developer.hashicorp.com/terraform/install'

read_object "$CURRENT" "$WORK/current.json"
if [[ $(< "$WORK/current.json") == '{}' ]]; then
  # Nothing was recorded: the settings of the work tree.
  record next "$WORK/current.json" '{}' "$VERSION" "$COMMIT" "$TERRAFORM_FOLDER" "$ENVIRONMENT" > "$WORK/next.json"
  mv "$WORK/next.json" "$WORK/current.json"
fi
terraform_variables "$WORK/current.json"
VARIABLES+=(-var allow_destroy=true -var "confirm_destroy=$PROJECT_ID/$ENVIRONMENT")
terraform_init

if [[ $CONFIRM != "$PROJECT_ID/$ENVIRONMENT" ]]; then
  step 'What would be destroyed'
  in_terraform plan -input=false -destroy "${VARIABLES[@]}"
  [[ -n ${DRY_RUN:-} ]] || fail "Nothing was destroyed. To destroy it all: $0 $PROJECT_ID $ENVIRONMENT --confirm $PROJECT_ID/$ENVIRONMENT"
fi
if [[ $CONFIRM == "$PROJECT_ID/$ENVIRONMENT" || -n ${DRY_RUN:-} ]]; then
  step 'Lifting the protection'
  in_terraform apply -input=false -auto-approve -lock-timeout=5m "${VARIABLES[@]}"
  step 'Destroying'
  in_terraform destroy -input=false -auto-approve -lock-timeout=5m "${VARIABLES[@]}"
  step 'Forgetting what ran'
  for object in "$CURRENT" "$VERIFIED" "$PREVIOUS"; do
    if [[ -n ${DRY_RUN:-} ]] || gcloud storage objects describe "$object" > /dev/null 2>&1; then
      run gcloud storage rm "$object"
    fi
  done
fi
