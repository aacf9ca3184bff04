mock_provider "google" {
  mock_data "google_project" {
    defaults = {
      number = "123456789012"
    }
  }
}
mock_provider "google-beta" {}
mock_provider "time" {}

variables {
  project_id = "example-project"
  services   = ["bigquery.googleapis.com", "pubsub.googleapis.com"]
}

run "services_are_switched_on_and_stay_on" {
  command = plan

  assert {
    condition     = keys(google_project_service.service) == ["bigquery.googleapis.com", "pubsub.googleapis.com"]
    error_message = "Each service is switched on."
  }

  assert {
    condition     = alltrue([for service in google_project_service.service : service.disable_on_destroy == false])
    error_message = "Removing the environment must not switch off what others use."
  }
}

run "pubsub_has_its_agent_before_it_gets_roles" {
  command = plan

  assert {
    condition     = keys(google_project_service_identity.agent) == ["pubsub.googleapis.com"]
    error_message = "The agent is made before roles are granted to it."
  }

  assert {
    condition     = output.pubsub_agent == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    error_message = "The agent is known by the project's number."
  }
}

run "short_names_are_refused" {
  command = plan

  variables {
    services = ["pubsub"]
  }

  expect_failures = [var.services]
}

run "agents_wait_for_services_and_services_are_given_time" {
  command = plan

  assert {
    condition     = time_sleep.services.create_duration == "60s"
    error_message = "A service that was just switched on refuses calls for a while."
  }
}

run "eventarc_has_its_role_before_the_first_trigger" {
  command = plan

  variables {
    services = ["eventarc.googleapis.com"]
  }

  assert {
    condition     = google_project_iam_member.agent["eventarc.googleapis.com"].role == "roles/eventarc.serviceAgent" && google_project_iam_member.agent["eventarc.googleapis.com"].member == "serviceAccount:service-123456789012@gcp-sa-eventarc.iam.gserviceaccount.com"
    error_message = "The first trigger of a project is refused until Eventarc's agent has its role."
  }
}
