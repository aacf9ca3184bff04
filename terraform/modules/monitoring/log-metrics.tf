locals {
  _table_manager_logs = join(" AND ", [
    "resource.type=\"cloud_run_revision\"",
    "resource.labels.service_name=\"${var.table_manager}\"",
  ])

  # What table-manager logs, as numbers. The fields are its structured logs' own.
  _log_metrics = {
    unaccounted_events = {
      description = "Messages that an audit found in the archive and nowhere else."
      filter      = "${local._table_manager_logs} AND jsonPayload.unaccounted>0"
      value       = "EXTRACT(jsonPayload.unaccounted)"
      labels      = {}
    }
    audits = {
      description = "Audits of the books that came to an end."
      filter      = "${local._table_manager_logs} AND jsonPayload.unaccounted>=0"
      value       = null
      labels      = {}
    }
    dead_letters = {
      description = "Messages that table-manager dead-lettered, by reason."
      filter      = "${local._table_manager_logs} AND jsonPayload.message=\"event dead-lettered\""
      value       = null
      labels      = { reason = "EXTRACT(jsonPayload.reason)" }
    }
    overflows = {
      description = "Minutes in which values of a table went to _overflow, by table and reason (direct mode)."
      filter      = "${local._table_manager_logs} AND jsonPayload.message=\"values overflowed\""
      value       = null
      labels      = { table = "EXTRACT(jsonPayload.table)", reason = "EXTRACT(jsonPayload.reason)" }
    }
    quarantined_events = {
      description = "Events whose type got no table because a limit on tables was reached or a contract wants an approval, by reason."
      filter      = "${local._table_manager_logs} AND (jsonPayload.message=\"event quarantined\" OR (jsonPayload.message=\"event left to the job\" AND jsonPayload.reason=\"TABLE_GUARD\"))"
      value       = null
      labels      = { reason = "EXTRACT(jsonPayload.reason)" }
    }
    table_limits_reached = {
      description = "Limits on tables that were reached: no table is created for an unknown type until an operator acts."
      filter      = "${local._table_manager_logs} AND jsonPayload.message=\"limit on tables reached: no table is created for an unknown type\""
      value       = null
      labels      = { limit = "EXTRACT(jsonPayload.limit)" }
    }
    table_limit_warnings = {
      description = "Limits on tables of which a half or more is used up, by limit and percent."
      filter      = "${local._table_manager_logs} AND jsonPayload.message=\"limit on tables is nearly used up\""
      value       = null
      labels      = { limit = "EXTRACT(jsonPayload.limit)", percent = "EXTRACT(jsonPayload.percent)" }
    }
    notices_waiting = {
      description = "Age in seconds of the oldest notice that Pub/Sub does not have, by each run that leaves one behind."
      filter      = "${local._table_manager_logs} AND jsonPayload.message=\"notices wait\""
      value       = "EXTRACT(jsonPayload.oldest_seconds)"
      labels      = {}
    }
    setup_errors = {
      description = "Events that are held until an operator acts (a missing permission, a missing dataset), by code."
      filter      = "${local._table_manager_logs} AND jsonPayload.disposition=\"setup\""
      value       = null
      labels      = { code = "EXTRACT(jsonPayload.code)" }
    }
  }

  # A percentile of a distribution is a point within a bucket, so an alert is exact only if a bucket begins at its threshold.
  # Of the default buckets each is twice as wide as the one before, and between 2,621 and 5,243 all values are in one: enough
  # to distinguish zero from more, as for unaccounted events. Here the 13th bucket begins at the threshold, and the last one ends at
  # 16 times the threshold; a metric may have 200.
  _buckets = {
    notices_waiting = { width = var.thresholds.notices_waiting_seconds / 12, count = 192 }
  }
}

# Alerts can name a metric of logs only minutes after it was created: 404 "Cannot find metric(s) that match type", which
# Google gives ten minutes.
# Source: github.com/hashicorp/terraform-provider-google/issues/11102 (comment of 2026-04-15), read 2026-11-29.
resource "time_sleep" "metrics" {
  create_duration = "${var.log_metrics_wait_seconds}s"
  triggers        = { metrics = join(",", sort([for metric in google_logging_metric.metric : metric.name])) }
}

# Cloud Run writes about 1 KB for every request; of table-manager's successful ones nothing reads it. Metrics, alerts and
# the service's own log stay as they are.
# Source: docs.cloud.google.com/run/docs/logging, read 2026-11-29.
resource "google_logging_project_exclusion" "requests" {
  project     = var.project_id
  name        = "${var.prefix}-table-manager-requests"
  description = "Request logs of deliveries that table-manager accepted."

  filter = join(" AND ", [
    local._table_manager_logs,
    "log_id(\"run.googleapis.com/requests\")",
    "httpRequest.status>=200",
    "httpRequest.status<300",
  ])
}

resource "google_logging_metric" "metric" {
  for_each = local._log_metrics

  project          = var.project_id
  name             = "${var.prefix}/${each.key}"
  description      = each.value.description
  filter           = each.value.filter
  value_extractor  = each.value.value
  label_extractors = each.value.labels

  dynamic "bucket_options" {
    for_each = [for key, buckets in local._buckets : buckets if key == each.key]

    content {
      linear_buckets {
        num_finite_buckets = bucket_options.value.count
        offset             = 0
        width              = bucket_options.value.width
      }
    }
  }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = each.value.value == null ? "INT64" : "DISTRIBUTION"
    unit        = "1"

    dynamic "labels" {
      for_each = each.value.labels

      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }
}
