#!/usr/bin/env bash
# Everything: from an empty project to a pipeline that was tested end to end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/deployment.sh
source scripts/deployment.sh

help() {
  cat <<'TEXT'
Usage: scripts/deploy.sh PROJECT_ID ENVIRONMENT [options]

From an empty project to a tested pipeline: bootstrap, infrastructure, images, services, the job (prod), health of every
part, integration test. Each step is a script of its own; a step whose work is done changes nothing, and one that failed or
was killed continues when it is run again. scripts/rollback.sh returns to the last deployment that passed.

TEXT
  deployment_options
}

parse_deployment "$@"
OPTIONS=(--region "$REGION" --version "$VERSION" --state-bucket "$STATE_BUCKET" ${UNLOCK:+--unlock} ${DRY_RUN:+--dry-run})

script() {
  printf '\n# scripts/%s\n' "$1" >&2
  "scripts/$1" "$PROJECT_ID" "$ENVIRONMENT" "${@:2}"
}

# Succeeds if a job writes the rows. Settings of the installation may say otherwise than the environment, so Terraform is asked
# about what it applied.
has_job() {
  if [[ -n ${DRY_RUN:-} ]]; then
    grep -q '^delivery_mode *= "dataflow"' "$TERRAFORM_FOLDER/$ENVIRONMENT.tfvars"
  else
    [[ $(terraform "-chdir=$TERRAFORM_FOLDER" output -raw delivery_mode) == dataflow ]]
  fi
}

# Succeeds if the foundation has an account for the console.
has_console() {
  if [[ -n ${DRY_RUN:-} ]]; then
    grep -qs '^console *=' "terraform/foundation/$ENVIRONMENT.local.tfvars"
  else
    [[ $(terraform "-chdir=$TERRAFORM_FOLDER" output -raw has_console) == true ]]
  fi
}

script bootstrap.sh "${OPTIONS[@]}"
script deploy-infrastructure.sh "${OPTIONS[@]}"
script deploy-event-generator.sh "${OPTIONS[@]}"
script deploy-cloud-function.sh "${OPTIONS[@]}"
if has_console; then
  script deploy-console.sh "${OPTIONS[@]}"
fi
if has_job; then
  script deploy-dataflow.sh "${OPTIONS[@]}"
fi
script verify-deployment.sh "${OPTIONS[@]}"
script test-table-creation.sh ${DRY_RUN:+--dry-run}
script record-verified.sh "${OPTIONS[@]}"
