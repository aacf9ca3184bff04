# Workflows of this one repository become the deployer, without a key.
resource "google_service_account_iam_member" "workflow" {
  service_account_id = google_service_account.deployer.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.repository/${var.repository}"
}

# The deployer manages resources of the environment. Accounts, custom roles and grants on the project are the owner's, so
# there is nothing with which it could give itself more.
resource "google_project_iam_member" "deployer" {
  for_each = setsubtract(var.deployer_roles, ["roles/storage.admin"])

  project = var.project_id
  role    = each.value
  member  = google_service_account.deployer.member
}

# Every bucket but those with the owner's state: a deployer that writes that state decides what the owner applies next.
resource "google_project_iam_member" "buckets" {
  for_each = setintersection(var.deployer_roles, ["roles/storage.admin"])

  project = var.project_id
  role    = each.value
  member  = google_service_account.deployer.member

  dynamic "condition" {
    for_each = length(var.protected_buckets) > 0 ? [sort(tolist(var.protected_buckets))] : []

    content {
      title       = "not the owner's buckets"
      description = "Every bucket but those that hold the owner's state."
      expression  = join(" && ", [for bucket in condition.value : "!resource.name.startsWith('projects/_/buckets/${bucket}')"])
    }
  }
}

resource "google_storage_bucket_iam_member" "state" {
  for_each = var.state_bucket == null ? {} : { state = var.state_bucket }

  bucket = each.value
  role   = "roles/storage.objectUser"
  member = google_service_account.deployer.member
}
