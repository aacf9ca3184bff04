#!/usr/bin/env bash
# Prepares a project: the buckets of Terraform's states, and the foundation that only an owner may apply.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/deployment.sh
source scripts/deployment.sh

help() {
  cat <<'TEXT'
Usage: scripts/bootstrap.sh PROJECT_ID ENVIRONMENT [options]

Run by an owner of the project: first, and again when people change or a release asks for it. Switches on services, creates
the buckets of Terraform's states (versioned, not public), and applies terraform/foundation: accounts, roles, grants on the
project, the workers' network and the GitHub federation. What exists already stays as it is.

TEXT
  deployment_options
}

# Creates a bucket unless it exists. A command that a killed run left undone is done now.
state_bucket() {
  if [[ -n ${DRY_RUN:-} ]] || ! gcloud storage buckets describe "gs://$1" > /dev/null 2>&1; then
    run gcloud storage buckets create "gs://$1" --project "$PROJECT_ID" --location "$REGION" \
      --uniform-bucket-level-access --public-access-prevention
  fi
  run gcloud storage buckets update "gs://$1" --versioning
}

parse_deployment "$@"
TERRAFORM_FOLDER=terraform/foundation
require gcloud 'See https://cloud.google.com/sdk/docs/install'
require terraform 'See https://developer.hashicorp.com/terraform/install'

step 'Services that Terraform needs'
run gcloud services enable cloudresourcemanager.googleapis.com serviceusage.googleapis.com iam.googleapis.com \
  storage.googleapis.com --project "$PROJECT_ID"

step "Buckets of Terraform's states"
state_bucket "$STATE_BUCKET"
state_bucket "$FOUNDATION_BUCKET"

step 'Foundation: services, accounts, roles, network, federation'
SETTINGS=("-var-file=$ENVIRONMENT.tfvars")
if [[ -f $TERRAFORM_FOLDER/$ENVIRONMENT.local.tfvars ]]; then
  SETTINGS+=("-var-file=$ENVIRONMENT.local.tfvars")
fi
in_terraform init -input=false -reconfigure "-backend-config=$ENVIRONMENT.gcs.tfbackend" "-backend-config=bucket=$FOUNDATION_BUCKET"
in_terraform apply -input=false -auto-approve -lock-timeout=5m "${SETTINGS[@]}" -var "project_id=$PROJECT_ID" \
  -var "region=$REGION" -var "state_bucket=$STATE_BUCKET" -var "foundation_bucket=$FOUNDATION_BUCKET"

step 'Handing it to the environment'
echo '{}' > "$WORK/foundation.tfvars.json"
if [[ -z ${DRY_RUN:-} ]]; then
  terraform "-chdir=$TERRAFORM_FOLDER" output -json foundation > "$WORK/output.json"
  printf '{"foundation": %s}\n' "$(< "$WORK/output.json")" > "$WORK/foundation.tfvars.json"
fi
run gcloud storage cp "$WORK/foundation.tfvars.json" "$FOUNDATION"
