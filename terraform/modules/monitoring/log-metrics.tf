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
    setup_errors = {
      description = "Events that are held until somebody acts (a missing permission, a missing dataset), by code."
      filter      = "${local._table_manager_logs} AND jsonPayload.disposition=\"setup\""
      value       = null
      labels      = { code = "EXTRACT(jsonPayload.code)" }
    }
  }
}

resource "google_logging_metric" "metric" {
  for_each = local._log_metrics

  project          = var.project_id
  name             = "${var.prefix}/${each.key}"
  description      = each.value.description
  filter           = each.value.filter
  value_extractor  = each.value.value
  label_extractors = each.value.labels

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
