resource "google_cloud_scheduler_job" "job" {
  project          = var.project_id
  name             = var.name
  region           = var.location
  description      = var.description
  schedule         = var.schedule
  time_zone        = "Etc/UTC"
  paused           = var.paused
  attempt_deadline = "${var.deadline_seconds}s"

  http_target {
    http_method = "POST"
    uri         = "${var.service_uri}${var.path}"
    headers     = { "Content-Type" = "application/json" }
    body        = base64encode("{}")

    oidc_token {
      service_account_email = var.service_account
      audience              = var.service_uri
    }
  }

  retry_config {
    retry_count          = 3
    min_backoff_duration = "30s"
    max_backoff_duration = "300s"
  }

  # A job that may not call the service would fail until the binding is there.
  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}
