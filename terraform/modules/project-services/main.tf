locals {
  # Google grants these roles to its agents by itself, some time after the agent's first use. A grant of our own is there
  # before the first trigger is created.
  # Source: github.com/terraform-google-modules/terraform-docs-samples/pull/203 (Error 400 without it), read 2026-11-29.
  _agent_roles = { "eventarc.googleapis.com" = "roles/eventarc.serviceAgent" }
}

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

# A service that was just switched on refuses calls for a while.
resource "time_sleep" "services" {
  create_duration = "${var.wait_seconds}s"
  triggers        = { services = join(",", [for service in google_project_service.service : service.service]) }
}

# Google creates these accounts on first use only, but a role can be granted only to one that exists.
resource "google_project_service_identity" "agent" {
  for_each = setintersection(var.services, ["eventarc.googleapis.com", "iap.googleapis.com", "pubsub.googleapis.com"])
  provider = google-beta

  project = var.project_id
  service = google_project_service.service[each.value].service

  depends_on = [time_sleep.services]
}

resource "google_project_iam_member" "agent" {
  for_each = { for service, role in local._agent_roles : service => role if contains(var.services, service) }

  project = var.project_id
  role    = each.value
  member  = "serviceAccount:service-${data.google_project.project.number}@gcp-sa-eventarc.iam.gserviceaccount.com"

  depends_on = [google_project_service_identity.agent]
}
