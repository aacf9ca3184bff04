locals {
  _deletion_policy = var.deletion_protection ? "PREVENT" : "DELETE"

  _topics = {
    events      = var.names.topic
    replay      = var.names.replay_topic
    dead_letter = var.names.dead_letter_topic
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
