#!/usr/bin/env bash
# Deploys console to Cloud Run, behind Identity-Aware Proxy.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/deployment.sh
source scripts/deployment.sh

help() {
  cat <<'TEXT'
Usage: scripts/deploy-console.sh PROJECT_ID ENVIRONMENT [options]

Builds the image of console, pushes it, and applies the environment with it. It needs its account: set console = {} in the
settings of the foundation and run scripts/bootstrap.sh first. People open it through Identity-Aware Proxy.

  --image IMAGE          take this image (…@sha256:…), which is pushed already, and build none
TEXT
  deployment_options
}

EXTRA_OPTIONS='--image'
parse_deployment "$@"
require gcloud 'See https://cloud.google.com/sdk/docs/install'
require terraform 'See https://developer.hashicorp.com/terraform/install'

deploy_service console console
