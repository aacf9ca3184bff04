locals {
  _deletion_policy = var.deletion_protection ? "PREVENT" : "DELETE"

  _topics = {
    events      = var.names.topic
    replay      = var.names.replay_topic
    dead_letter = var.names.dead_letter_topic
    notices     = var.names.notices_topic
  }

  # These two have no reader in direct mode: they keep messages for ten minutes, the least that is allowed.
  _reader_retention = var.delivery_mode == "dataflow" ? "604800s" : "600s"
}

resource "google_pubsub_topic" "topic" {
  #checkov:skip=CKV_GCP_83:encrypted with keys that Google keeps; customer keys would be one more thing to lose

  for_each = local._topics

  project         = var.project_id
  name            = each.value
  labels          = var.labels
  deletion_policy = local._deletion_policy
}

# Read by the Dataflow job, which does not support retry policies and dead-letter policies on what it reads.
resource "google_pubsub_subscription" "reader" {
  for_each = {
    events = var.names.subscription
    replay = var.names.replay_subscription
  }

  project                    = var.project_id
  name                       = each.value
  topic                      = google_pubsub_topic.topic[each.key].id
  labels                     = var.labels
  ack_deadline_seconds       = 60
  message_retention_duration = local._reader_retention
  deletion_policy            = local._deletion_policy

  expiration_policy {
    ttl = ""
  }
}

# Each notice as it is: the body of the request is the CloudEvent. Other subscribers make subscriptions of their own.
resource "google_pubsub_subscription" "notices_webhook" {
  for_each = var.notices_webhook == null ? {} : { webhook = var.notices_webhook }

  project                    = var.project_id
  name                       = var.names.notices_webhook_subscription
  topic                      = google_pubsub_topic.topic["notices"].id
  labels                     = var.labels
  ack_deadline_seconds       = 60
  message_retention_duration = "604800s"
  deletion_policy            = local._deletion_policy

  # Source: cloud.google.com/pubsub/docs/subscription-message-filter, from memory: keys with a hyphen are quoted.
  filter = length(each.value.types) == 0 ? null : join(" OR ", [for type in each.value.types : "attributes.\"ce-type\" = \"${type}\""])

  push_config {
    push_endpoint = each.value.endpoint

    no_wrapper {
      write_metadata = true
    }

    dynamic "oidc_token" {
      for_each = each.value.service_account == null ? [] : [each.value.service_account]

      content {
        service_account_email = oidc_token.value
        audience              = each.value.endpoint
      }
    }
  }

  expiration_policy {
    ttl = ""
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
}
