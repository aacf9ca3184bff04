mock_provider "google" {}

variables {
  project_id      = "example-project"
  location        = "us-central1"
  service         = "prod-table-manager"
  service_uri     = "https://prod-table-manager-123456789012.us-central1.run.app"
  service_account = "prod-audit@example-project.iam.gserviceaccount.com"

  jobs = {
    prod-audit     = { description = "Checks the books every hour.", path = "/audit", schedule = "7 * * * *", body = "{}" }
    prod-promotion = { description = "Moves values.", path = "/promotions", schedule = "* * * * *", deadline_seconds = 300, retry_count = 0 }
  }
}

run "calls_each_path_by_its_own_schedule" {
  command = plan

  assert {
    condition = { for name, job in google_cloud_scheduler_job.job : name => "${job.schedule} ${job.time_zone} ${job.paused} ${job.attempt_deadline}" } == {
      prod-audit     = "7 * * * * Etc/UTC false 900s"
      prod-promotion = "* * * * * Etc/UTC false 300s"
    }
    error_message = "Schedules are in UTC, and calls that take long are not given up early."
  }

  assert {
    condition     = google_cloud_scheduler_job.job["prod-audit"].http_target[0].http_method == "POST" && google_cloud_scheduler_job.job["prod-audit"].http_target[0].uri == "https://prod-table-manager-123456789012.us-central1.run.app/audit"
    error_message = "It posts to the path of the service."
  }
}

run "a_call_without_a_body_says_nothing_about_one" {
  command = plan

  assert {
    condition     = google_cloud_scheduler_job.job["prod-audit"].http_target[0].body == base64encode("{}") && google_cloud_scheduler_job.job["prod-audit"].http_target[0].headers["Content-Type"] == "application/json"
    error_message = "A body is JSON, and its content type says so."
  }

  assert {
    condition     = google_cloud_scheduler_job.job["prod-promotion"].http_target[0].body == null && !contains(keys(google_cloud_scheduler_job.job["prod-promotion"].http_target[0].headers), "Content-Type")
    error_message = "A request that claims JSON and is empty would be refused."
  }
}

run "calls_with_a_token_of_its_own_account" {
  command = plan

  assert {
    condition     = alltrue([for job in google_cloud_scheduler_job.job : job.http_target[0].oidc_token[0].service_account_email == var.service_account && job.http_target[0].oidc_token[0].audience == var.service_uri])
    error_message = "Cloud Run checks the token of the job's account."
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.invoker.role == "roles/run.invoker" && google_cloud_run_v2_service_iam_member.invoker.member == "serviceAccount:${var.service_account}"
    error_message = "The account may call the service and nothing else."
  }
}

run "failed_calls_are_retried_as_often_as_asked" {
  command = plan

  assert {
    condition     = { for name, job in google_cloud_scheduler_job.job : name => job.retry_config[0].retry_count } == { prod-audit = 3, prod-promotion = 0 }
    error_message = "A failed audit is retried; the next minute makes up for a promotion."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    service_account = "nobody"
    jobs = {
      "1st" = { description = "Bad.", path = "audit", schedule = "hourly", deadline_seconds = 5, body = "{" }
    }
  }

  expect_failures = [var.jobs, var.service_account]
}
