data "google_project" "project" {
  project_id = var.project_id
}

# Services stay on when the environment goes: others in the project may need them.
resource "google_project_service" "service" {
  for_each = var.services

  project            = var.project_id
  service            = each.value
  disable_on_destroy = false
}

# Google makes these accounts on first use only, but a role can be granted only to one that exists.
resource "google_project_service_identity" "agent" {
  for_each = setintersection(var.services, ["eventarc.googleapis.com", "pubsub.googleapis.com"])
  provider = google-beta

  project = var.project_id
  service = google_project_service.service[each.value].service
}
