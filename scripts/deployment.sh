# shellcheck shell=bash
# What the scripts that deploy share; sourced after common.sh, never run.
#
# What runs is written down in the state bucket, as values of Terraform variables: deployed/ENVIRONMENT.tfvars.json has
# the images by digest and the template of the job, deployed/ENVIRONMENT.previous.tfvars.json what ran before.

deployment_options() {
  cat <<'TEXT'
  --region REGION        region of everything (default us-central1)
  --version VERSION      tag of the image, or version of the template (default: the commit)
  --state-bucket BUCKET  bucket of Terraform's state (default PROJECT_ID-terraform-state)
  --dry-run              print every command, in order; run none
  --help                 print this
TEXT
}

TERRAFORM_FOLDER=terraform/environment

# Reads PROJECT_ID ENVIRONMENT and the options above; options that take a value and are named in EXTRA_OPTIONS end up
# in the variable of the same name in capitals.
parse_deployment() {
  REGION=us-central1
  VERSION=''
  STATE_BUCKET=''
  local positional=()
  while (($# > 0)); do
    case $1 in
      --help | -h) help && exit 0 ;;
      --dry-run) DRY_RUN=1 ;;
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
  : "${VERSION:=$(git rev-parse --short=12 HEAD)}"
  # A data folder per environment: values of one are never applied to the state of another.
  export TF_DATA_DIR=.terraform/$ENVIRONMENT
  DEPLOYED=gs://$STATE_BUCKET/deployed/$ENVIRONMENT.tfvars.json
  PREVIOUS=gs://$STATE_BUCKET/deployed/$ENVIRONMENT.previous.tfvars.json
  IMAGE_PREFIX=$REGION-docker.pkg.dev/$PROJECT_ID/$ENVIRONMENT-pipeline
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
}

# Copies an object that may not exist yet to a file; an empty JSON object where it does not.
read_values() {
  echo '{}' > "$2"
  if [[ -n ${DRY_RUN:-} ]]; then
    printf '+ gcloud storage cat %s > %s\n' "$1" "$2" >&2 # what is not there is empty
  elif gcloud storage objects describe "$1" > /dev/null 2>&1; then
    gcloud storage cat "$1" > "$2"
  fi
}

in_terraform() {
  run terraform "-chdir=$TERRAFORM_FOLDER" "$@"
}

terraform_init() {
  in_terraform init -input=false "-backend-config=$ENVIRONMENT.gcs.tfbackend" "-backend-config=bucket=$STATE_BUCKET"
}

# Sets VARIABLES to the options that give Terraform its values, later ones winning: the environment's, the settings of
# this installation (ENVIRONMENT.local.tfvars or ENVIRONMENT.local.tfvars.json), the file that is given, the script's own.
terraform_variables() {
  local settings
  VARIABLES=("-var-file=$ENVIRONMENT.tfvars")
  for settings in "$ENVIRONMENT.local.tfvars" "$ENVIRONMENT.local.tfvars.json"; do
    if [[ -f $TERRAFORM_FOLDER/$settings ]]; then
      VARIABLES+=("-var-file=$settings")
    fi
  done
  VARIABLES+=("-var-file=$1" -var "project_id=$PROJECT_ID" -var "region=$REGION" -var "state_bucket=$STATE_BUCKET")
}

# Applies the environment with what runs, changed by the JSON object that is given, and writes down what runs then.
#   deploy_values '{"images": {"table_manager": "…@sha256:…"}}'
deploy_values() {
  read_values "$DEPLOYED" "$WORK/current.json"
  node -e '
    const [file, change] = process.argv.slice(1);
    const current = JSON.parse(require("node:fs").readFileSync(file, "utf8"));
    const { images, ...rest } = JSON.parse(change);
    console.log(JSON.stringify({ ...current, ...rest, images: { ...current.images, ...images } }, null, 2));
  ' "$WORK/current.json" "$1" > "$WORK/next.json"
  terraform_init
  terraform_variables "$WORK/next.json"
  in_terraform apply -input=false -auto-approve "${VARIABLES[@]}"
  if [[ -n ${DRY_RUN:-} ]] || ! cmp --silent "$WORK/current.json" "$WORK/next.json"; then
    run gcloud storage cp "$WORK/current.json" "$PREVIOUS"
    run gcloud storage cp "$WORK/next.json" "$DEPLOYED"
  fi
}

# Builds docker/NAME.Dockerfile and pushes it, unless IMAGE names one that was pushed; leaves its name by digest in IMAGE.
push_image() {
  local tag=$IMAGE_PREFIX/$1:$VERSION
  if [[ -n ${IMAGE:-} ]]; then
    [[ $IMAGE =~ @sha256:[0-9a-f]{64}$ ]] || usage_error "\"$IMAGE\" does not name its bytes: …@sha256:…"
    return
  fi
  require docker 'See https://docs.docker.com/engine/install/'
  run gcloud auth configure-docker "$REGION-docker.pkg.dev" --quiet
  run docker build --platform linux/amd64 --file "docker/$1.Dockerfile" --tag "$tag" .
  run docker push "$tag"
  IMAGE=$IMAGE_PREFIX/$1@sha256:$(printf '0%.0s' {1..64})
  if [[ -z ${DRY_RUN:-} ]]; then
    IMAGE=$(gcloud artifacts docker images describe "$tag" --format='value(image_summary.fully_qualified_digest)')
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
