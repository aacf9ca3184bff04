# A change of the template's path or of a parameter updates the running job in place: the same name, its state kept.
# The provider does not see when a template is written anew under its old path, so the path carries a version.
# Source: hashicorp/terraform-provider-google-beta, resource_dataflow_flex_template_job.go, read 2026-11-23.
resource "google_dataflow_flex_template_job" "job" {
  provider = google-beta

  project                 = var.project_id
  name                    = var.name
  region                  = var.region
  container_spec_gcs_path = var.template_path
  parameters              = var.parameters
  labels                  = var.labels
  transform_name_mapping  = var.transform_name_mapping

  # Deleting the job lets it finish what it has taken from its subscriptions.
  on_delete                    = "drain"
  skip_wait_on_job_termination = false

  enable_streaming_engine = true
  autoscaling_algorithm   = "THROUGHPUT_BASED"
  num_workers             = var.workers.initial
  max_workers             = var.workers.max
  machine_type            = var.workers.machine_type

  service_account_email = var.service_account
  network               = var.network
  subnetwork            = var.subnetwork
  ip_configuration      = var.public_ips ? "WORKER_IP_PUBLIC" : "WORKER_IP_PRIVATE"
  staging_location      = "gs://${var.temp_bucket}/staging"
  temp_location         = "gs://${var.temp_bucket}/temp"

  additional_experiments = var.experiments
}
