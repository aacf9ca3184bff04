locals {
  # CEL. The owner's id does not change hands when a name does; the branch keeps pull requests out.
  _condition = join(" && ", [
    "assertion.repository_owner_id == '${var.owner_id}'",
    "assertion.repository == '${var.repository}'",
    var.release_tags ? "(${local._branches} || ${local._tags})" : local._branches,
  ])

  _branches = "assertion.ref in [${join(", ", [for ref in sort(tolist(var.refs)) : "'${ref}'"])}]"

  # A release runs on its tag. The GitHub environment's protection decides who may push one.
  _tags = "(assertion.ref_type == 'tag' && assertion.ref.startsWith('refs/tags/v'))"
}

resource "google_iam_workload_identity_pool" "github" {
  project                   = var.project_id
  workload_identity_pool_id = "${var.prefix}-github"
  display_name              = "${var.prefix} GitHub Actions"
  description               = "Workflows of ${var.repository} on ${join(", ", sort(tolist(var.refs)))}."
}

resource "google_iam_workload_identity_pool_provider" "github" {
  #checkov:skip=CKV_GCP_125:owner id, repository and ref are all pinned, which is stricter than the one subject the scanner looks for

  project                            = var.project_id
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  display_name                       = "GitHub Actions"
  attribute_condition                = local._condition

  attribute_mapping = {
    "google.subject"       = "assertion.sub"
    "attribute.repository" = "assertion.repository"
    "attribute.ref"        = "assertion.ref"
  }

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account" "deployer" {
  project      = var.project_id
  account_id   = "${var.prefix}-deployer"
  display_name = "${var.prefix}-deployer"
  description  = "Deploys from ${var.repository}; has no keys."
}
