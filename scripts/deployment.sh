# shellcheck shell=bash
# Functions of the scripts that deploy; sourced after common.sh, never run.
#
# Records of deployments are in the state bucket (scripts/deployment-record.mjs has their shape):
#   deployed/ENVIRONMENT.json           what should run; written before it is applied, so that a killed step continues
#   deployed/ENVIRONMENT.verified.json  what ran when health and the integration test last passed
#   deployed/ENVIRONMENT.previous.json  what was verified before that
#   deployed/ENVIRONMENT.foundation.tfvars.json  accounts, roles and people, from scripts/bootstrap.sh

TERRAFORM_FOLDER=terraform/environment

deployment_options() {
  cat <<'TEXT'
  --region REGION        region of everything (default us-central1)
  --version VERSION      tag of the image, or version of the template (default: the commit)
  --state-bucket BUCKET  bucket of the environment's state (default PROJECT_ID-terraform-state)
  --unlock               release a state lock that a killed run left behind; only if no other run is in progress
  --dry-run              print every command, in order; run none
  --help                 print this
TEXT
}

# Reads PROJECT_ID ENVIRONMENT and the options above. EXTRA_OPTIONS names further options that take a value; each value
# goes into the variable of the same name in capitals.
parse_deployment() {
  REGION=us-central1
  VERSION=''
  STATE_BUCKET=''
  UNLOCK=''
  local positional=()
  while (($# > 0)); do
    case $1 in
      --help | -h) help && exit 0 ;;
      --dry-run) DRY_RUN=1 ;;
      --unlock) UNLOCK=1 ;;
      --*)
        [[ " --region --version --state-bucket ${EXTRA_OPTIONS:-} " == *" $1 "* ]] || usage_error "There is no option $1."
        (($# > 1)) || usage_error "$1 wants a value."
        local name=${1#--}
        name=${name//-/_}
        printf -v "${name^^}" '%s' "$2"
        shift
        ;;
      *) positional+=("$1") ;;
    esac
    shift
  done
  ((${#positional[@]} == 2)) || usage_error "Name a project and an environment: $0 my-project prod"
  PROJECT_ID=${positional[0]}
  ENVIRONMENT=${positional[1]}
  check_project "$PROJECT_ID"
  check_environment "$ENVIRONMENT"
  [[ -f $TERRAFORM_FOLDER/$ENVIRONMENT.tfvars ]] ||
    usage_error "There is no environment $ENVIRONMENT: $TERRAFORM_FOLDER/$ENVIRONMENT.tfvars does not exist."
  : "${STATE_BUCKET:=$PROJECT_ID-terraform-state}"
  # shellcheck disable=SC2034 # bootstrap.sh uses it
  FOUNDATION_BUCKET=$PROJECT_ID-foundation-state
  COMMIT=$(git rev-parse HEAD)
  : "${VERSION:=${COMMIT:0:12}}"
  CURRENT=gs://$STATE_BUCKET/deployed/$ENVIRONMENT.json
  # shellcheck disable=SC2034 # rollback.sh, record-verified.sh and cleanup-environment.sh use them
  VERIFIED=gs://$STATE_BUCKET/deployed/$ENVIRONMENT.verified.json
  # shellcheck disable=SC2034
  PREVIOUS=gs://$STATE_BUCKET/deployed/$ENVIRONMENT.previous.json
  FOUNDATION=gs://$STATE_BUCKET/deployed/$ENVIRONMENT.foundation.tfvars.json
  IMAGE_PREFIX=$REGION-docker.pkg.dev/$PROJECT_ID/$ENVIRONMENT-pipeline
  # A data folder per environment: values of one are never applied to the state of another.
  export TF_DATA_DIR=.terraform/$ENVIRONMENT
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
}

record() {
  node scripts/deployment-record.mjs "$@"
}

# Copies an object to a file; an empty JSON object if it does not exist.
read_object() {
  echo '{}' > "$2"
  if [[ -n ${DRY_RUN:-} ]]; then
    printf '+ gcloud storage cat %s > %s\n' "$1" "$2" >&2
  elif gcloud storage objects describe "$1" > /dev/null 2>&1; then
    gcloud storage cat "$1" > "$2"
  fi
}

in_terraform() {
  run terraform "-chdir=$TERRAFORM_FOLDER" "$@"
}

# The lock of Cloud Storage's backend is an object beside the state; its generation is the lock's id.
unlock_state() {
  local lock=gs://$STATE_BUCKET/environments/$ENVIRONMENT/default.tflock generation=GENERATION
  if [[ -z ${DRY_RUN:-} ]]; then
    gcloud storage objects describe "$lock" > /dev/null 2>&1 || return 0
    generation=$(gcloud storage objects describe "$lock" --format='value(generation)')
  fi
  in_terraform force-unlock -force "$generation"
}

# Prepares Terraform for this environment: its backend, and services that an earlier run left tainted.
terraform_init() {
  in_terraform init -input=false -reconfigure "-backend-config=$ENVIRONMENT.gcs.tfbackend" "-backend-config=bucket=$STATE_BUCKET"
  if [[ -n $UNLOCK ]]; then
    unlock_state
  fi
  if [[ -n ${DRY_RUN:-} ]]; then
    return
  fi
  local address
  terraform "-chdir=$TERRAFORM_FOLDER" show -json > "$WORK/state.json"
  for address in $(record tainted < "$WORK/state.json"); do
    in_terraform untaint "$address"
  done
}

# Sets VARIABLES to the options that give Terraform its values, later ones winning: settings and values of a record, the
# foundation, the script's own.
terraform_variables() {
  local file
  VARIABLES=()
  mkdir -p "$WORK/values"
  while read -r file; do
    VARIABLES+=("-var-file=$file")
  done < <(record unpack "$1" "$WORK/values")
  read_object "$FOUNDATION" "$WORK/foundation.tfvars.json"
  if [[ -z ${DRY_RUN:-} && $(< "$WORK/foundation.tfvars.json") == '{}' ]]; then
    fail "$FOUNDATION does not exist. An owner of the project runs scripts/bootstrap.sh $PROJECT_ID $ENVIRONMENT first."
  fi
  VARIABLES+=("-var-file=$WORK/foundation.tfvars.json" -var "project_id=$PROJECT_ID" -var "region=$REGION")
}

# Applies a record, and writes it down before: a step that is killed half-way starts from it again.
apply_record() {
  terraform_variables "$1"
  run gcloud storage cp "$1" "$CURRENT"
  terraform_init
  in_terraform apply -input=false -auto-approve -lock-timeout=5m "${VARIABLES[@]}"
}

# Applies what should run, changed by a JSON object, with the settings of the work tree.
#   deploy_values '{"images": {"table_manager": "…@sha256:…"}}'
deploy_values() {
  read_object "$CURRENT" "$WORK/current.json"
  record next "$WORK/current.json" "$1" "$VERSION" "$COMMIT" "$TERRAFORM_FOLDER" "$ENVIRONMENT" > "$WORK/next.json"
  apply_record "$WORK/next.json"
}

# The digest of an image that was pushed, as NAME@sha256:…; nothing if there is none.
pushed_image() {
  gcloud artifacts docker images describe "$1" --format='value(image_summary.fully_qualified_digest)' 2> /dev/null || true
}

# Leaves docker/NAME.Dockerfile's image by digest in IMAGE: the one that IMAGE names, else the one pushed for this version,
# else a new one. Tags are immutable, and a second build has another digest, so what was pushed once is used again.
push_image() {
  local tag=$IMAGE_PREFIX/$1:$VERSION
  if [[ -n ${IMAGE:-} ]]; then
    [[ $IMAGE =~ @sha256:[0-9a-f]{64}$ ]] || usage_error "\"$IMAGE\" has no digest; write it as …@sha256:…."
    return
  fi
  if [[ -n ${DRY_RUN:-} ]]; then
    printf '+ gcloud artifacts docker images describe %s  # found: it is used, and the next three are left out\n' "$tag" >&2
    IMAGE=$IMAGE_PREFIX/$1@sha256:$(printf '0%.0s' {1..64})
  else
    IMAGE=$(pushed_image "$tag")
    [[ -z $IMAGE ]] || return 0
  fi
  require docker 'See https://docs.docker.com/engine/install/'
  run gcloud auth configure-docker "$REGION-docker.pkg.dev" --quiet
  run docker build --platform linux/amd64 --file "docker/$1.Dockerfile" --tag "$tag" .
  run docker push "$tag"
  if [[ -z ${DRY_RUN:-} ]]; then
    IMAGE=$(pushed_image "$tag")
    [[ -n $IMAGE ]] || fail "$tag was pushed and cannot be described; check the permission artifactregistry.dockerimages.get."
  fi
}

# Pushes the image of a service and applies the environment with it.
#   deploy_service table-manager table_manager
deploy_service() {
  step "Image of $1"
  push_image "$1"
  step "Deploying $IMAGE"
  deploy_values "{\"images\": {\"$2\": \"$IMAGE\"}}"
}
