#!/usr/bin/env bash
# Prepares an empty project: the services that Terraform itself needs, and the bucket of its state.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/deployment.sh
source scripts/deployment.sh

help() {
  cat <<'TEXT'
Usage: scripts/bootstrap.sh PROJECT_ID ENVIRONMENT [options]

Once for a project, by somebody who owns it: switches on the services that Terraform itself needs, and makes the bucket
of its state (versioned, not public). What exists already stays as it is.

TEXT
  deployment_options
}

parse_deployment "$@"
require gcloud 'See https://cloud.google.com/sdk/docs/install'

step 'Services that Terraform needs'
run gcloud services enable cloudresourcemanager.googleapis.com serviceusage.googleapis.com --project "$PROJECT_ID"

step "Bucket of Terraform's state"
if [[ -n ${DRY_RUN:-} ]] || ! gcloud storage buckets describe "gs://$STATE_BUCKET" > /dev/null 2>&1; then
  run gcloud storage buckets create "gs://$STATE_BUCKET" --project "$PROJECT_ID" --location "$REGION" \
    --uniform-bucket-level-access --public-access-prevention
  run gcloud storage buckets update "gs://$STATE_BUCKET" --versioning
fi
