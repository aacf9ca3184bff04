mock_provider "google" {}

variables {
  project_id         = "example-project"
  raw_events_table   = "example-project.prod_events_dataset._raw_events"
  dead_letters_table = "example-project.prod_events_dataset._dead_letters"
}

run "names_are_those_of_the_pipeline" {
  command = plan

  assert {
    condition = output.topic_names == {
      events      = "backend-events-topic"
      replay      = "backend-events-replay"
      dead_letter = "backend-events-dead-letter"
      notices     = "pipeline-notices"
    }
    error_message = "Topics carry the names that producers and the local cloud know, without environment prefix."
  }

  assert {
    condition = output.subscription_names == {
      events       = "backend-events-topic-sub"
      replay       = "backend-events-replay-sub"
      archive      = "backend-events-archive"
      dead_letters = "backend-events-dead-letter-archive"
    }
    error_message = "In dataflow mode there are four subscriptions, and none of files."
  }
}

run "archive_is_written_by_pubsub_with_metadata" {
  command = plan

  assert {
    condition     = google_pubsub_subscription.archive.bigquery_config[0].table == var.raw_events_table && google_pubsub_subscription.archive.bigquery_config[0].write_metadata
    error_message = "The archive holds every message with its id, publish time and attributes."
  }

  assert {
    condition     = google_pubsub_subscription.dead_letters.bigquery_config[0].table == var.dead_letters_table && google_pubsub_subscription.dead_letters.bigquery_config[0].write_metadata
    error_message = "Dead letters are written with their metadata."
  }

  assert {
    condition     = google_pubsub_subscription.archive.bigquery_config[0].drop_unknown_fields != true
    error_message = "The archive drops nothing."
  }
}

run "everything_is_protected_by_default" {
  command = plan

  assert {
    condition = alltrue(concat(
      [for topic in google_pubsub_topic.topic : topic.deletion_policy == "PREVENT"],
      [for subscription in google_pubsub_subscription.reader : subscription.deletion_policy == "PREVENT"],
      [google_pubsub_subscription.archive.deletion_policy == "PREVENT"],
      [google_pubsub_subscription.dead_letters.deletion_policy == "PREVENT"],
    ))
    error_message = "Topics and subscriptions hold messages: deleting one is refused."
  }
}

run "protection_can_be_lifted" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = google_pubsub_topic.topic["events"].deletion_policy == "DELETE" && google_pubsub_subscription.archive.deletion_policy == "DELETE"
    error_message = "Without protection topics and subscriptions can be deleted."
  }
}

run "subscriptions_never_expire" {
  command = plan

  assert {
    condition = alltrue(concat(
      [for subscription in google_pubsub_subscription.reader : subscription.expiration_policy[0].ttl == ""],
      [google_pubsub_subscription.archive.expiration_policy[0].ttl == ""],
      [google_pubsub_subscription.dead_letters.expiration_policy[0].ttl == ""],
    ))
    error_message = "A quiet month must not delete a subscription."
  }
}

run "what_dataflow_reads_keeps_a_week_and_has_no_policies" {
  command = plan

  assert {
    condition     = alltrue([for subscription in google_pubsub_subscription.reader : subscription.message_retention_duration == "604800s"])
    error_message = "A job that is down for days finds its messages again."
  }

  assert {
    condition     = alltrue([for subscription in google_pubsub_subscription.reader : length(subscription.dead_letter_policy) == 0 && length(subscription.retry_policy) == 0])
    error_message = "Dataflow supports neither retry policies nor dead-letter policies on what it reads."
  }
}

run "direct_mode_has_files_and_unread_subscriptions_forget" {
  command = plan

  variables {
    delivery_mode = "direct"
    files_bucket  = "example-project-prod-events"
  }

  assert {
    condition     = google_pubsub_subscription.files["files"].name == "backend-events-files" && google_pubsub_subscription.files["files"].cloud_storage_config[0].bucket == "example-project-prod-events"
    error_message = "In direct mode Pub/Sub writes the file copy."
  }

  assert {
    condition     = google_pubsub_subscription.files["files"].cloud_storage_config[0].avro_config[0].write_metadata
    error_message = "Files hold message ids, publish times and attributes."
  }

  assert {
    condition     = google_pubsub_subscription.files["files"].deletion_policy == "PREVENT"
    error_message = "The subscription of files is protected."
  }

  assert {
    condition     = alltrue([for subscription in google_pubsub_subscription.reader : subscription.message_retention_duration == "600s"])
    error_message = "What nobody reads is kept for ten minutes."
  }
}

run "notices_are_pushed_only_where_they_are_asked_for" {
  command = plan

  variables {
    notices_webhook = {
      endpoint        = "https://chat.example.com/hooks/pipeline"
      service_account = "notices@example-project.iam.gserviceaccount.com"
      types           = ["books.unbalanced", "approval.pending"]
    }
  }

  assert {
    condition     = google_pubsub_subscription.notices_webhook["webhook"].push_config[0].push_endpoint == "https://chat.example.com/hooks/pipeline" && length(google_pubsub_subscription.notices_webhook["webhook"].push_config[0].no_wrapper) == 1
    error_message = "The webhook gets the CloudEvent as the body of the request."
  }

  assert {
    condition     = google_pubsub_subscription.notices_webhook["webhook"].filter == "attributes.\"ce-type\" = \"approval.pending\" OR attributes.\"ce-type\" = \"books.unbalanced\""
    error_message = "Only the types that were asked for are pushed."
  }

  assert {
    condition     = google_pubsub_subscription.notices_webhook["webhook"].push_config[0].oidc_token[0].service_account_email == "notices@example-project.iam.gserviceaccount.com"
    error_message = "The webhook can verify the caller by a token."
  }

  assert {
    condition     = output.subscription_names["notices_webhook"] == "pipeline-notices-webhook" && output.protected
    error_message = "The subscription is one of the outputs and is protected."
  }
}

run "bad_webhooks_are_refused" {
  command = plan

  variables {
    notices_webhook = { endpoint = "http://chat.example.com", types = ["schema.change"] }
  }

  expect_failures = [var.notices_webhook]
}

run "direct_mode_without_a_bucket_is_refused" {
  command = plan

  variables {
    delivery_mode = "direct"
  }

  expect_failures = [google_pubsub_subscription.files]
}

run "members_are_granted_on_the_topic" {
  command = plan

  variables {
    topic_iam        = { dead_letter = { "roles/pubsub.publisher" = ["serviceAccount:job@example-project.iam.gserviceaccount.com"] } }
    subscription_iam = { events = { "roles/pubsub.subscriber" = ["serviceAccount:job@example-project.iam.gserviceaccount.com"] } }
  }

  assert {
    condition = [for grant in google_pubsub_topic_iam_member.topic : "${grant.topic} ${grant.role} ${grant.member}"] == [
      "backend-events-dead-letter roles/pubsub.publisher serviceAccount:job@example-project.iam.gserviceaccount.com",
    ]
    error_message = "Publishers are granted on the topic."
  }

  assert {
    condition = [for grant in google_pubsub_subscription_iam_member.reader : "${grant.subscription} ${grant.role} ${grant.member}"] == [
      "backend-events-topic-sub roles/pubsub.subscriber serviceAccount:job@example-project.iam.gserviceaccount.com",
    ]
    error_message = "Subscribers are granted on the subscription."
  }
}

run "public_topics_are_refused" {
  command = plan

  variables {
    topic_iam = { events = { "roles/pubsub.publisher" = ["allUsers"] } }
  }

  expect_failures = [var.topic_iam]
}

run "public_subscriptions_are_refused" {
  command = plan

  variables {
    subscription_iam = { events = { "roles/pubsub.subscriber" = ["allAuthenticatedUsers"] } }
  }

  expect_failures = [var.subscription_iam]
}

run "other_delivery_modes_are_refused" {
  command = plan

  variables {
    delivery_mode = "both"
  }

  expect_failures = [var.delivery_mode]
}

run "tables_without_a_project_are_refused" {
  command = plan

  variables {
    raw_events_table   = "_raw_events"
    dead_letters_table = "prod_events_dataset._dead_letters"
  }

  expect_failures = [var.raw_events_table, var.dead_letters_table]
}

run "bad_names_are_refused" {
  command = plan

  variables {
    names = { topic = "goog-events" }
  }

  expect_failures = [var.names]
}

run "bad_file_limits_are_refused" {
  command = plan

  variables {
    file_max_duration = "5s"
    file_max_bytes    = 10
  }

  expect_failures = [var.file_max_duration, var.file_max_bytes]
}
