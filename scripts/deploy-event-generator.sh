#!/usr/bin/env bash
# Deploys event-generator to Cloud Run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/deployment.sh
source scripts/deployment.sh

help() {
  cat <<'TEXT'
Usage: scripts/deploy-event-generator.sh PROJECT_ID ENVIRONMENT [options]

Builds the image of event-generator, pushes it, and applies the environment with it. Cloud Run sends no request to a
revision before it is ready; scripts/rollback.sh goes back.

  --image IMAGE          take this image (…@sha256:…), which is pushed already, and build none
TEXT
  deployment_options
}

EXTRA_OPTIONS='--image'
parse_deployment "$@"
require gcloud 'See https://cloud.google.com/sdk/docs/install'
require terraform 'See https://developer.hashicorp.com/terraform/install'

deploy_service event-generator event_generator
