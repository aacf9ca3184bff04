locals {
  _log_metric = {
    for key, metric in google_logging_metric.metric :
    key => "resource.type = \"cloud_run_revision\" AND metric.type = \"logging.googleapis.com/user/${metric.name}\""
  }
  _services      = "resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(${join(", ", [for name in sort(tolist(var.services)) : "\"${name}\""])})"
  _subscriptions = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = monitoring.regex.full_match(\"${join("|", concat(sort(tolist(var.subscriptions)), ["eventarc-.*"]))}\")"
  _job           = "resource.type = \"dataflow_job\" AND resource.labels.job_name = \"${coalesce(var.job_name, "none")}\""

  # Alerts by the anchor of their chapter in docs/OPERATIONS.md. A condition with a denominator is a ratio.
  _alerts = {
    unaccounted-events = {
      title    = "Events are unaccounted for"
      severity = "CRITICAL"
      summary  = "An audit found messages in the archive that are neither rows nor dead letters nor held."
      conditions = [{
        name      = "unaccounted events", filter = local._log_metric["unaccounted_events"],
        aligner   = "ALIGN_PERCENTILE_99", reducer = "REDUCE_MAX", group_by = [], period = 300, duration = 0,
        threshold = 0, denominator = null
      }]
    }
    oldest-unacked-message = {
      title    = "A subscription falls behind"
      severity = "ERROR"
      summary  = "The oldest unacknowledged message is too old. After the subscription's retention it is lost."
      conditions = [{
        name      = "oldest unacked message", filter = "${local._subscriptions} AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\"",
        aligner   = "ALIGN_MAX", reducer = "REDUCE_MAX", group_by = ["resource.label.subscription_id"], period = 60, duration = 300,
        threshold = var.thresholds.oldest_unacked_seconds, denominator = null
      }]
    }
    dead-letters = {
      title    = "Events are dead-lettered"
      severity = "WARNING"
      summary  = "Messages came that cannot be rows. Each has a reason and a way back: see the view dead_letters."
      conditions = [
        {
          name      = "dead letters by reason", filter = local._log_metric["dead_letters"],
          aligner   = "ALIGN_DELTA", reducer = "REDUCE_SUM", group_by = ["metric.label.reason"], period = 300, duration = 0,
          threshold = var.thresholds.dead_letters_in_5_minutes, denominator = null
        },
        {
          name      = "messages of the dead-letter topic", filter = "resource.type = \"pubsub_topic\" AND resource.labels.topic_id = \"${var.dead_letter_topic}\" AND metric.type = \"pubsub.googleapis.com/topic/send_message_operation_count\"",
          aligner   = "ALIGN_DELTA", reducer = "REDUCE_SUM", group_by = ["resource.label.topic_id"], period = 300, duration = 0,
          threshold = var.thresholds.dead_letters_in_5_minutes, denominator = null
        },
      ]
    }
    quarantined-events = {
      title    = "New event types get no table"
      severity = "ERROR"
      summary  = "A limit on tables was reached. Events of unknown types are kept in _quarantine until an operator acts; known types go on."
      conditions = [
        {
          name      = "limit on tables reached", filter = local._log_metric["table_limits_reached"],
          aligner   = "ALIGN_DELTA", reducer = "REDUCE_SUM", group_by = ["metric.label.limit"], period = 60, duration = 0,
          threshold = 0, denominator = null
        },
        {
          name      = "quarantined events by reason", filter = "${local._log_metric["quarantined_events"]} AND metric.labels.reason != \"AWAITING_APPROVAL\"",
          aligner   = "ALIGN_DELTA", reducer = "REDUCE_SUM", group_by = ["metric.label.reason"], period = 300, duration = 0,
          threshold = 0, denominator = null
        },
      ]
    }
    table-limits = {
      title    = "A limit on tables is nearly used up"
      severity = "WARNING"
      summary  = "Event types come faster than the limits on tables allow for. When one is reached, new types get no table."
      conditions = [{
        name      = "use of a limit on tables by percent", filter = local._log_metric["table_limit_warnings"],
        aligner   = "ALIGN_DELTA", reducer = "REDUCE_SUM", group_by = ["metric.label.limit", "metric.label.percent"], period = 60, duration = 0,
        threshold = 0, denominator = null
      }]
    }
    overflowing-values = {
      title    = "Values go to _overflow"
      severity = "WARNING"
      summary  = "Values do not fit their columns. Nothing is lost: each is exactly in its row's _overflow, with the reason."
      conditions = [{
        name      = "minutes with overflow by table and reason", filter = "${local._log_metric["overflows"]} AND metric.labels.reason != \"AWAITING_COLUMN\" AND metric.labels.reason != \"AWAITING_APPROVAL\"",
        aligner   = "ALIGN_DELTA", reducer = "REDUCE_SUM", group_by = ["metric.label.table", "metric.label.reason"], period = 300, duration = 0,
        threshold = 0, denominator = null
      }]
    }
    notices-waiting = {
      title    = "Notices are not published"
      severity = "WARNING"
      summary  = "Notices about schema changes, approvals and books wait for Pub/Sub. None is lost: the next run publishes them."
      conditions = [{
        name      = "age of the oldest notice that waits", filter = local._log_metric["notices_waiting"],
        aligner   = "ALIGN_PERCENTILE_99", reducer = "REDUCE_MAX", group_by = [], period = 600, duration = 0,
        threshold = var.thresholds.notices_waiting_seconds, denominator = null
      }]
    }
    schema-setup-errors = {
      title    = "Tables cannot be changed until an operator acts"
      severity = "CRITICAL"
      summary  = "A permission or a dataset is missing. Events are held, not lost, until their subscription's retention ends."
      conditions = [{
        name      = "setup errors by code", filter = local._log_metric["setup_errors"],
        aligner   = "ALIGN_DELTA", reducer = "REDUCE_SUM", group_by = ["metric.label.code"], period = 60, duration = 0,
        threshold = 0, denominator = null
      }]
    }
    job-lag = {
      title    = "The Dataflow job falls behind"
      severity = "ERROR"
      summary  = "Events wait too long in the job before they are rows."
      conditions = var.job_name == null ? [] : [
        {
          name      = "system lag", filter = "${local._job} AND metric.type = \"dataflow.googleapis.com/job/system_lag\"",
          aligner   = "ALIGN_MAX", reducer = "REDUCE_MAX", group_by = ["resource.label.job_name"], period = 60, duration = 300,
          threshold = var.thresholds.job_lag_seconds, denominator = null
        },
        {
          name      = "the job failed", filter = "${local._job} AND metric.type = \"dataflow.googleapis.com/job/is_failed\"",
          aligner   = "ALIGN_MAX", reducer = "REDUCE_MAX", group_by = ["resource.label.job_name"], period = 60, duration = 0,
          threshold = 0, denominator = null
        },
      ]
    }
    service-errors = {
      title    = "A service answers with errors"
      severity = "ERROR"
      summary  = "The share of 5xx answers is too high. A 503 of table-manager means not yet: Pub/Sub delivers again."
      conditions = [{
        name        = "share of 5xx answers", filter = "${local._services} AND metric.type = \"run.googleapis.com/request_count\" AND metric.labels.response_code_class = \"5xx\"",
        aligner     = "ALIGN_DELTA", reducer = "REDUCE_SUM", group_by = ["resource.label.service_name"], period = 300, duration = 600,
        threshold   = var.thresholds.error_ratio,
        denominator = "${local._services} AND metric.type = \"run.googleapis.com/request_count\""
      }]
    }
    service-latency = {
      title    = "A service answers slowly"
      severity = "WARNING"
      summary  = "One request of a hundred takes too long. Eventarc gives up after ten seconds and delivers again."
      conditions = [{
        name      = "99th percentile", filter = "${local._services} AND metric.type = \"run.googleapis.com/request_latencies\"",
        aligner   = "ALIGN_PERCENTILE_99", reducer = "REDUCE_MAX", group_by = ["resource.label.service_name"], period = 60, duration = 600,
        threshold = var.thresholds.latency_ms, denominator = null
      }]
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  for_each = var.alert_emails

  project      = var.project_id
  type         = "email"
  display_name = "${var.prefix} ${each.value}"
  labels       = { email_address = each.value }
}

resource "google_monitoring_alert_policy" "alert" {
  for_each = { for key, alert in local._alerts : key => alert if length(alert.conditions) > 0 }

  project               = var.project_id
  display_name          = "${var.prefix}: ${each.value.title}"
  severity              = each.value.severity
  combiner              = "OR"
  user_labels           = var.labels
  notification_channels = concat([for channel in google_monitoring_notification_channel.email : channel.name], tolist(var.notification_channels))

  dynamic "conditions" {
    for_each = each.value.conditions

    content {
      display_name = conditions.value.name

      condition_threshold {
        filter             = conditions.value.filter
        denominator_filter = conditions.value.denominator
        comparison         = "COMPARISON_GT"
        threshold_value    = conditions.value.threshold
        duration           = "${conditions.value.duration}s"

        aggregations {
          alignment_period     = "${conditions.value.period}s"
          per_series_aligner   = conditions.value.aligner
          cross_series_reducer = conditions.value.reducer
          group_by_fields      = conditions.value.group_by
        }

        dynamic "denominator_aggregations" {
          for_each = conditions.value.denominator == null ? [] : ["ratio"]

          content {
            alignment_period     = "${conditions.value.period}s"
            per_series_aligner   = conditions.value.aligner
            cross_series_reducer = conditions.value.reducer
            group_by_fields      = conditions.value.group_by
          }
        }
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  depends_on = [time_sleep.metrics]

  documentation {
    subject   = "${var.prefix}: ${each.value.title}"
    mime_type = "text/markdown"
    content   = "${each.value.summary}\n\n[What to do](${var.runbook_url}#${each.key})"

    links {
      display_name = "What to do"
      url          = "${var.runbook_url}#${each.key}"
    }
  }
}

# The job counts by reason as it goes; its counters never fall, so what counts is their growth.
resource "google_monitoring_alert_policy" "job_dead_letters" {
  for_each = var.job_name == null ? {} : { job = var.job_name }

  project               = var.project_id
  display_name          = "${var.prefix}: The job dead-letters events"
  severity              = "WARNING"
  combiner              = "OR"
  user_labels           = var.labels
  notification_channels = concat([for channel in google_monitoring_notification_channel.email : channel.name], tolist(var.notification_channels))

  conditions {
    display_name = "dead letters of the job by reason"

    condition_prometheus_query_language {
      duration            = "0s"
      evaluation_interval = "60s"
      # The counters exist only once the job has counted something.
      disable_metric_validation = true
      query = join("", [
        "sum by (metric_name) (delta(dataflow_googleapis_com:job_user_counter{monitored_resource=\"dataflow_job\",",
        "job_name=\"${each.value}\",metric_name=~\"${join("|", sort(tolist(var.dead_letter_reasons)))}\"}[5m])) ",
        "> ${var.thresholds.dead_letters_in_5_minutes}",
      ])
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    subject   = "${var.prefix}: The job dead-letters events"
    mime_type = "text/markdown"
    content   = "Messages came that cannot be rows. Each has a reason and a way back: see the view dead_letters.\n\n[What to do](${var.runbook_url}#dead-letters)"

    links {
      display_name = "What to do"
      url          = "${var.runbook_url}#dead-letters"
    }
  }
}

# No audit, no proof: nothing would say that events are lost.
resource "google_monitoring_alert_policy" "books_not_audited" {
  project               = var.project_id
  display_name          = "${var.prefix}: The books are not audited"
  severity              = "ERROR"
  combiner              = "OR"
  user_labels           = var.labels
  notification_channels = concat([for channel in google_monitoring_notification_channel.email : channel.name], tolist(var.notification_channels))

  conditions {
    display_name = "no audit in three hours"

    condition_absent {
      filter   = local._log_metric["audits"]
      duration = "10800s"

      aggregations {
        alignment_period     = "600s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  depends_on = [time_sleep.metrics]

  documentation {
    subject   = "${var.prefix}: The books are not audited"
    mime_type = "text/markdown"
    content   = "For three hours no audit came to an end, so nothing says whether events are lost.\n\n[What to do](${var.runbook_url}#books-not-audited)"

    links {
      display_name = "What to do"
      url          = "${var.runbook_url}#books-not-audited"
    }
  }
}
