# Workflows of this one repository become the deployer, without a key.
resource "google_service_account_iam_member" "workflow" {
  service_account_id = google_service_account.deployer.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.repository/${var.repository}"
}

resource "google_project_iam_member" "deployer" {
  #checkov:skip=CKV_GCP_49:the deployer makes the accounts of the environment; acting as them is granted account by account

  for_each = var.deployer_roles

  project = var.project_id
  role    = each.value
  member  = google_service_account.deployer.member
}

# The deployer grants the few roles that Terraform grants on the project, and no others: not even to itself.
resource "google_project_iam_member" "grants" {
  for_each = length(var.grantable_roles) > 0 ? { limited = var.grantable_roles } : {}

  project = var.project_id
  role    = "roles/resourcemanager.projectIamAdmin"
  member  = google_service_account.deployer.member

  condition {
    title       = "only the pipeline's roles"
    description = "Grants and revokes only roles that Terraform manages on the project."
    expression  = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([${join(", ", [for role in sort(tolist(each.value)) : "'${role}'"])}])"
  }
}

resource "google_storage_bucket_iam_member" "state" {
  for_each = var.state_bucket == null ? {} : { state = var.state_bucket }

  bucket = each.value
  role   = "roles/storage.objectUser"
  member = google_service_account.deployer.member
}
