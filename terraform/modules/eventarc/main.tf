# Each trigger makes a push subscription of its own (ack deadline 10 s, retention 24 h, backoff 10 s to 600 s), whose name
# is in the outputs. Deleting a trigger deletes it, with the messages that were not delivered yet.
# Source: hashicorp/terraform-provider-google issues 17697 and 17701, read 2026-11-22.
resource "google_eventarc_trigger" "trigger" {
  for_each = var.triggers

  project         = var.project_id
  name            = each.key
  location        = var.location
  labels          = var.labels
  service_account = var.service_account
  deletion_policy = var.deletion_protection ? "PREVENT" : "DELETE"

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.pubsub.topic.v1.messagePublished"
  }

  transport {
    pubsub {
      topic = each.value
    }
  }

  destination {
    cloud_run_service {
      service = var.service
      region  = var.location
      path    = var.path
    }
  }

  # A trigger that may not call the service would be answered 403 for every message.
  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}
