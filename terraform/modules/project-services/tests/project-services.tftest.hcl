mock_provider "google" {
  mock_data "google_project" {
    defaults = {
      number = "123456789012"
    }
  }
}
mock_provider "google-beta" {}

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
