#!/usr/bin/env bash
# Applies the infrastructure of an environment, with what runs already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/common.sh
source scripts/common.sh
# shellcheck source=scripts/deployment.sh
source scripts/deployment.sh

help() {
  cat <<'TEXT'
Usage: scripts/deploy-infrastructure.sh PROJECT_ID ENVIRONMENT [options]

Applies the environment with the images and the template that run already. The first time it makes topics, dataset,
buckets and the repository of images; services and job come with their images.

TEXT
  deployment_options
}

parse_deployment "$@"
require gcloud 'See https://cloud.google.com/sdk/docs/install'
require terraform 'See https://developer.hashicorp.com/terraform/install'

step 'Infrastructure'
deploy_values '{}'
