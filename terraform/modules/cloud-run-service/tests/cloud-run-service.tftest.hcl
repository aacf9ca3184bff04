mock_provider "google" {}

variables {
  project_id      = "example-project"
  location        = "us-central1"
  name            = "prod-table-manager"
  description     = "Tables"
  image           = "us-central1-docker.pkg.dev/example-project/prod-pipeline/table-manager@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  service_account = "prod-table-manager@example-project.iam.gserviceaccount.com"
  environment     = { DATASET = "prod_events_dataset", LOG_LEVEL = "info" }
  invokers        = ["serviceAccount:prod-trigger@example-project.iam.gserviceaccount.com"]
}

run "scales_from_nothing_to_a_thousand" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.service.template[0].scaling[0].min_instance_count == 0 && google_cloud_run_v2_service.service.template[0].scaling[0].max_instance_count == 1000
    error_message = "Unless told otherwise a service scales from 0 to 1000 instances."
  }

  assert {
    condition     = google_cloud_run_v2_service.service.template[0].max_instance_request_concurrency == 80
    error_message = "Concurrency is set."
  }
}

run "no_public_access" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.service.ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY"
    error_message = "Unless told otherwise the internet does not reach the service."
  }

  assert {
    condition     = google_cloud_run_v2_service.service.invoker_iam_disabled == false
    error_message = "Cloud Run checks every caller."
  }

  assert {
    condition     = [for grant in google_cloud_run_v2_service_iam_member.invoker : "${grant.role} ${grant.member}"] == ["roles/run.invoker serviceAccount:prod-trigger@example-project.iam.gserviceaccount.com"]
    error_message = "Only the named members may call the service, and only call it."
  }
}

run "public_invokers_are_refused" {
  command = plan

  variables {
    invokers = ["allUsers"]
  }

  expect_failures = [var.invokers]
}

run "probes_ask_the_health_endpoints" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.service.template[0].containers[0].startup_probe[0].http_get[0].path == "/liveness" && google_cloud_run_v2_service.service.template[0].containers[0].liveness_probe[0].http_get[0].path == "/liveness"
    error_message = "A process that listens is started and alive."
  }

  assert {
    condition     = google_cloud_run_v2_service.service.template[0].containers[0].readiness_probe[0].http_get[0].path == "/readiness"
    error_message = "Traffic comes to instances that are ready."
  }
}

run "runs_as_its_own_account_on_a_digest" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.service.template[0].service_account == var.service_account && google_cloud_run_v2_service.service.template[0].containers[0].image == var.image
    error_message = "The service runs the tested image as its own account."
  }

  assert {
    condition     = { for setting in google_cloud_run_v2_service.service.template[0].containers[0].env : setting.name => setting.value } == { DATASET = "prod_events_dataset", LOG_LEVEL = "info" }
    error_message = "Settings arrive as environment variables."
  }
}

run "service_is_protected" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.service.deletion_protection
    error_message = "The service cannot be deleted by mistake."
  }
}

run "protection_can_be_lifted" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = google_cloud_run_v2_service.service.deletion_protection == false
    error_message = "Without protection the service can go."
  }
}

run "cpu_only_during_requests_unless_asked" {
  command = plan

  variables {
    resources = { cpu_always_on = true }
  }

  assert {
    condition     = google_cloud_run_v2_service.service.template[0].containers[0].resources[0].cpu_idle == false
    error_message = "cpu_always_on keeps the CPU between requests."
  }
}

run "images_by_tag_are_refused" {
  command = plan

  variables {
    image = "us-central1-docker.pkg.dev/example-project/prod-pipeline/table-manager:latest"
  }

  expect_failures = [var.image]
}

run "default_accounts_are_refused" {
  command = plan

  variables {
    service_account = "123456789012-compute@developer.gserviceaccount.com"
  }

  expect_failures = [var.service_account]
}

run "bad_values_are_refused" {
  command = plan

  variables {
    concurrency     = 0
    environment     = { PORT = "8080" }
    ingress         = "ALL"
    name            = "Table_Manager"
    scaling         = { max_instances = 2000 }
    timeout_seconds = 7200
  }

  expect_failures = [var.concurrency, var.environment, var.ingress, var.name, var.scaling, var.timeout_seconds]
}

run "identity_aware_proxy_is_off_unless_asked_for" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.service.iap_enabled == false
    error_message = "Services that other services call have no proxy for people in front."
  }
}

run "identity_aware_proxy_stands_in_front" {
  command = plan

  variables {
    iap = true
  }

  assert {
    condition     = google_cloud_run_v2_service.service.iap_enabled == true && google_cloud_run_v2_service.service.invoker_iam_disabled == false
    error_message = "The proxy checks people, and Cloud Run still checks the proxy."
  }
}
