# shellcheck shell=bash
# What the scripts of this folder share; sourced, never run.

# Prints a failure that says what to do, and ends the script as a wrong call does.
usage_error() {
  printf '%s\nSee %s --help\n' "$1" "$0" >&2
  exit 2
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

step() {
  printf '\n== %s\n' "$1"
}

# Prints a command as it could be typed; runs it unless DRY_RUN is set.
run() {
  printf '+ %s\n' "$(printf '%q ' "$@")" >&2
  if [[ -z ${DRY_RUN:-} ]]; then
    "$@"
  fi
}

# Ends the script when a command is missing; with a second argument, says where to get it.
require() {
  if [[ -n ${DRY_RUN:-} ]] || command -v "$1" > /dev/null; then
    return
  fi
  fail "$1 is not installed.${2:+ $2}"
}

# A project id and the name of an environment, in the form that Google Cloud and Terraform take.
check_project() {
  [[ $1 =~ ^[a-z][a-z0-9-]{4,28}[a-z0-9]$ ]] || usage_error "\"$1\" is not the id of a Google Cloud project."
}

check_environment() {
  [[ $1 =~ ^[a-z][a-z0-9-]{1,9}$ ]] || usage_error "\"$1\" is not the name of an environment: lower-case letters, digits and dashes, two to ten."
}
