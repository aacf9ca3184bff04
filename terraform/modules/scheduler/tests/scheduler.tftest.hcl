mock_provider "google" {}

variables {
  project_id      = "example-project"
  location        = "us-central1"
  name            = "prod-audit"
  description     = "Checks the books every hour."
  service         = "prod-table-manager"
  service_uri     = "https://prod-table-manager-123456789012.us-central1.run.app"
  path            = "/audit"
  service_account = "prod-audit@example-project.iam.gserviceaccount.com"
}

run "audits_every_hour" {
  command = plan

  assert {
    condition     = google_cloud_scheduler_job.job.schedule == "7 * * * *" && google_cloud_scheduler_job.job.time_zone == "Etc/UTC" && google_cloud_scheduler_job.job.paused == false
    error_message = "Unless told otherwise the job runs once an hour."
  }

  assert {
    condition     = google_cloud_scheduler_job.job.http_target[0].http_method == "POST" && google_cloud_scheduler_job.job.http_target[0].uri == "https://prod-table-manager-123456789012.us-central1.run.app/audit"
    error_message = "It posts to the path of the service."
  }
}

run "calls_with_a_token_of_its_own_account" {
  command = plan

  assert {
    condition     = google_cloud_scheduler_job.job.http_target[0].oidc_token[0].service_account_email == var.service_account && google_cloud_scheduler_job.job.http_target[0].oidc_token[0].audience == var.service_uri
    error_message = "Cloud Run checks the token of the job's account."
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.invoker.role == "roles/run.invoker" && google_cloud_run_v2_service_iam_member.invoker.member == "serviceAccount:${var.service_account}"
    error_message = "The account may call the service and nothing else."
  }
}

run "failed_calls_are_tried_again" {
  command = plan

  assert {
    condition     = google_cloud_scheduler_job.job.retry_config[0].retry_count == 3
    error_message = "A failed audit is tried again."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    schedule         = "hourly"
    path             = "audit"
    deadline_seconds = 5
    service_account  = "nobody"
  }

  expect_failures = [var.schedule, var.path, var.deadline_seconds, var.service_account]
}
