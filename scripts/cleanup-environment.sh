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
waits in subscriptions. The job is drained first. Without --confirm it says what would go, and destroys nothing.
The bucket of Terraform's state and the switched-on services of the project stay.

  --confirm WORDS        PROJECT_ID/ENVIRONMENT, typed out
TEXT
  deployment_options
}

EXTRA_OPTIONS='--confirm'
CONFIRM=''
parse_deployment "$@"
require gcloud 'See https://cloud.google.com/sdk/docs/install'
require terraform 'See https://developer.hashicorp.com/terraform/install'

read_values "$DEPLOYED" "$WORK/current.json"
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
  in_terraform apply -input=false -auto-approve "${VARIABLES[@]}"
  step 'Destroying'
  in_terraform destroy -input=false -auto-approve "${VARIABLES[@]}"
  run gcloud storage rm --all-versions "$DEPLOYED" "$PREVIOUS"
fi
