mock_provider "google" {}

variables {
  project_id      = "example-project"
  location        = "us-central1"
  service         = "prod-table-manager"
  service_account = "prod-trigger@example-project.iam.gserviceaccount.com"
  triggers = {
    prod-table-manager        = "projects/example-project/topics/backend-events-topic"
    prod-table-manager-replay = "projects/example-project/topics/backend-events-replay"
  }
}

run "events_and_replay_go_to_the_service" {
  command = plan

  assert {
    condition     = tomap({ for name, trigger in google_eventarc_trigger.trigger : name => trigger.transport[0].pubsub[0].topic }) == var.triggers
    error_message = "There is a trigger for each topic."
  }

  assert {
    condition     = alltrue([for trigger in google_eventarc_trigger.trigger : trigger.destination[0].cloud_run_service[0].service == "prod-table-manager" && trigger.destination[0].cloud_run_service[0].path == "/"])
    error_message = "Events go to POST / of the service."
  }

  assert {
    condition     = alltrue([for trigger in google_eventarc_trigger.trigger : one(trigger.matching_criteria).value == "google.cloud.pubsub.topic.v1.messagePublished"])
    error_message = "Triggers deliver published messages."
  }
}

run "deliveries_are_retried" {
  command = plan

  assert {
    condition     = alltrue([for trigger in google_eventarc_trigger.trigger : length(trigger.retry_policy) == 0])
    error_message = "A retry policy of Eventarc means one attempt: a message that is not taken at once would be lost."
  }
}

run "trigger_account_may_only_invoke_this_service" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service_iam_member.invoker.role == "roles/run.invoker" && google_cloud_run_v2_service_iam_member.invoker.member == "serviceAccount:${var.service_account}" && google_cloud_run_v2_service_iam_member.invoker.name == "prod-table-manager"
    error_message = "The triggers' account may call the service and nothing else."
  }

  assert {
    condition     = alltrue([for trigger in google_eventarc_trigger.trigger : trigger.service_account == var.service_account])
    error_message = "Triggers call the service as their own account."
  }
}

run "triggers_are_protected" {
  command = plan

  assert {
    condition     = alltrue([for trigger in google_eventarc_trigger.trigger : trigger.deletion_policy == "PREVENT"])
    error_message = "A trigger holds messages: deleting it is refused."
  }
}

run "protection_can_be_lifted" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = alltrue([for trigger in google_eventarc_trigger.trigger : trigger.deletion_policy == "DELETE"])
    error_message = "Without protection triggers can go."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    path            = "events"
    service_account = "default"
    triggers        = { Trigger_1 = "backend-events-topic" }
  }

  expect_failures = [var.path, var.service_account, var.triggers]
}
