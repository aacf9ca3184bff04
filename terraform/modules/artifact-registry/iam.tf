locals {
  _grants = merge(
    { for member in var.readers : "reader ${member}" => { role = "roles/artifactregistry.reader", member = member } },
    { for member in var.writers : "writer ${member}" => { role = "roles/artifactregistry.writer", member = member } },
  )
}

resource "google_artifact_registry_repository_iam_member" "repository" {
  for_each = local._grants

  project    = var.project_id
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = each.value.role
  member     = each.value.member
}
