resource "google_cloud_scheduler_job" "job" {
  for_each = var.jobs

  project          = var.project_id
  name             = each.key
  region           = var.location
  description      = each.value.description
  schedule         = each.value.schedule
  time_zone        = "Etc/UTC"
  paused           = each.value.paused
  attempt_deadline = "${each.value.deadline_seconds}s"

  http_target {
    http_method = "POST"
    uri         = "${var.service_uri}${each.value.path}"
    headers     = each.value.body == null ? {} : { "Content-Type" = "application/json" }
    body        = each.value.body == null ? null : base64encode(each.value.body)

    oidc_token {
      service_account_email = var.service_account
      audience              = var.service_uri
    }
  }

  retry_config {
    retry_count          = each.value.retry_count
    min_backoff_duration = "30s"
    max_backoff_duration = "300s"
  }

  # A job that may not call the service would fail until the binding is there.
  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}
