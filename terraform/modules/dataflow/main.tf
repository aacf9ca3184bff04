locals {
  # The template's file name as a label, so that a job says which template it runs: events-1.4.0.json → events-1_4_0.
  _template = replace(lower(trimsuffix(basename(var.template_path), ".json")), "/[^a-z0-9_-]/", "_")
}

# A change of the template's path or of a parameter updates the running job in place: the same name, its state kept.
# The provider does not see when a template is written again under its old path, so the path carries a version.
# Source: hashicorp/terraform-provider-google-beta, resource_dataflow_flex_template_job.go, read 2026-11-23.
resource "google_dataflow_flex_template_job" "job" {
  provider = google-beta

  project                 = var.project_id
  name                    = var.name
  region                  = var.region
  container_spec_gcs_path = var.template_path
  parameters              = var.parameters
  labels                  = merge(var.labels, { template = local._template })
  transform_name_mapping  = var.transform_name_mapping

  # A launch that Dataflow accepted and whose wait failed is not in the state: the next apply adopts the job.
  create_ignore_already_exists = true

  # Deleting the job lets it finish what it has taken from its subscriptions.
  on_delete                    = "drain"
  skip_wait_on_job_termination = false

  # A job on Streaming Engine scales by itself. The interface's autoscalingAlgorithm knows NONE and BASIC only.
  # Source: hashicorp/terraform-provider-google issue 17570 (Error 400 for THROUGHPUT_BASED), read 2026-11-29.
  enable_streaming_engine = true
  num_workers             = var.workers.initial
  max_workers             = var.workers.max
  machine_type            = var.workers.machine_type

  service_account_email = var.service_account
  network               = var.network
  subnetwork            = var.subnetwork
  ip_configuration      = var.public_ips ? "WORKER_IP_PUBLIC" : "WORKER_IP_PRIVATE"
  # New workers of a streaming job fetch the staged files months later, so nothing may delete them by age.
  # Source: github.com/apache/beam issues 18123 and 18209, read 2026-11-29.
  staging_location = "gs://${var.staging_bucket}/staging"
  temp_location    = "gs://${var.temp_bucket}/temp"

  additional_experiments = var.experiments
}
