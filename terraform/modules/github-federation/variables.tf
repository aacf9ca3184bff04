variable "deployer_roles" {
  description = "Roles of the deployer on the project: what Terraform needs to make what it manages. Primitive roles are refused."
  type        = set(string)
  default = [
    "roles/artifactregistry.admin",
    "roles/bigquery.dataOwner",
    "roles/bigquery.jobUser",
    "roles/cloudscheduler.admin",
    "roles/dataflow.developer",
    "roles/eventarc.admin",
    "roles/logging.configWriter",
    "roles/monitoring.editor",
    "roles/pubsub.admin",
    "roles/run.admin",
    "roles/storage.admin",
  ]
  nullable = false

  validation {
    condition = length(setintersection(var.deployer_roles, [
      "roles/owner", "roles/editor", "roles/viewer", "roles/iam.serviceAccountUser", "roles/iam.serviceAccountTokenCreator",
      "roles/iam.serviceAccountKeyAdmin", "roles/iam.serviceAccountAdmin", "roles/iam.roleAdmin", "roles/iam.securityAdmin",
      "roles/resourcemanager.projectIamAdmin", "roles/iam.workloadIdentityPoolAdmin",
    ])) == 0
    error_message = "The deployer may not be owner, editor or viewer, act as every account, make keys, or change accounts, roles and grants: with any of these it could give itself more."
  }
}

variable "owner_id" {
  description = "Number of the repository's owner at GitHub (`gh api users/OWNER --jq .id`)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^\\d+$", var.owner_id))
    error_message = "owner_id is the number of the owner, not the name: a name may change hands."
  }
}

variable "prefix" {
  description = "Environment, in front of the names of pool and deployer (`prod`)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,10}$", var.prefix))
    error_message = "The prefix is 2 to 11 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "project_id" {
  description = "Id of the Google Cloud project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id is 6 to 30 lower-case letters, digits and hyphens, and begins with a letter (it is not the project's number)."
  }
}

variable "protected_buckets" {
  description = "Buckets that the deployer must not reach, whatever its role on the project."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "refs" {
  description = "Branches and tags that may deploy, in full."
  type        = set(string)
  default     = ["refs/heads/main"]
  nullable    = false

  validation {
    condition     = length(var.refs) > 0 && alltrue([for ref in var.refs : can(regex("^refs/(heads|tags)/[A-Za-z0-9._/-]+$", ref))])
    error_message = "refs names at least one branch or tag in full (refs/heads/main), without wildcards and never a pull request."
  }
}

variable "release_tags" {
  description = "Let workflows on tags `v*` in as well: releases run on them."
  type        = bool
  default     = true
  nullable    = false
}

variable "repository" {
  description = "Repository that may deploy, as `owner/name`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository is written as owner/name."
  }
}

variable "state_bucket" {
  description = "Bucket of Terraform's state, which the deployer reads and writes; null grants nothing."
  type        = string
  default     = null
}
