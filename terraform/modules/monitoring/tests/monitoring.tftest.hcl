mock_provider "google" {}
mock_provider "time" {}

variables {
  project_id        = "example-project"
  prefix            = "prod"
  runbook_url       = "https://example.com/OPERATIONS.md"
  alert_emails      = ["oncall@example.com"]
  services          = ["prod-table-manager", "prod-event-generator"]
  table_manager     = "prod-table-manager"
  job_name          = "prod-events"
  dataset_id        = "prod_events_dataset"
  events_topic      = "backend-events-topic"
  dead_letter_topic = "backend-events-dead-letter"
  subscriptions     = ["backend-events-topic-sub", "backend-events-archive"]
}

run "every_danger_has_an_alert_with_a_runbook" {
  command = plan

  assert {
    condition = keys(output.alert_runbooks) == [
      "books-not-audited", "dead-letters", "job-lag", "notices-waiting", "oldest-unacked-message", "overflowing-values", "quarantined-events", "schema-setup-errors",
      "service-errors", "service-latency", "table-limits", "unaccounted-events",
    ]
    error_message = "Each danger has an alert."
  }

  assert {
    condition     = alltrue([for key, alert in google_monitoring_alert_policy.alert : alert.documentation[0].links[0].url == "https://example.com/OPERATIONS.md#${key}"])
    error_message = "Each alert links to its chapter."
  }

  assert {
    condition     = google_monitoring_alert_policy.books_not_audited.conditions[0].condition_absent[0].duration == "10800s"
    error_message = "Missing audits are noticed."
  }
}

run "one_unaccounted_event_is_enough" {
  command = plan

  assert {
    condition     = google_monitoring_alert_policy.alert["unaccounted-events"].conditions[0].condition_threshold[0].threshold_value == 0 && google_monitoring_alert_policy.alert["unaccounted-events"].conditions[0].condition_threshold[0].comparison == "COMPARISON_GT"
    error_message = "More than none is an alert."
  }

  assert {
    condition     = google_monitoring_alert_policy.alert["unaccounted-events"].severity == "CRITICAL"
    error_message = "A loss is critical."
  }

  assert {
    condition     = google_logging_metric.metric["unaccounted_events"].value_extractor == "EXTRACT(jsonPayload.unaccounted)" && google_logging_metric.metric["unaccounted_events"].metric_descriptor[0].value_type == "DISTRIBUTION"
    error_message = "The number comes from the audit's log line."
  }
}

run "dead_letters_are_told_apart_by_reason" {
  command = plan

  assert {
    condition     = [for condition in google_monitoring_alert_policy.alert["dead-letters"].conditions : one(condition.condition_threshold[0].aggregations[0].group_by_fields)] == ["metric.label.reason", "resource.label.topic_id"]
    error_message = "Dead letters are counted by reason, and all of them on their topic."
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.job_dead_letters["job"].conditions[0].condition_prometheus_query_language[0].query, "sum by (metric_name)") && strcontains(google_monitoring_alert_policy.job_dead_letters["job"].conditions[0].condition_prometheus_query_language[0].query, "APPEND_FAILED|APPEND_REJECTED|DUPLICATE_KEY")
    error_message = "The job's dead letters are counted by reason."
  }

  assert {
    condition     = google_logging_metric.metric["dead_letters"].label_extractors == tomap({ reason = "EXTRACT(jsonPayload.reason)" })
    error_message = "The reason is a label."
  }
}

run "a_reached_limit_on_tables_and_what_it_holds_back_are_noticed" {
  command = plan

  assert {
    condition     = [for condition in google_monitoring_alert_policy.alert["quarantined-events"].conditions : [condition.condition_threshold[0].aggregations[0].group_by_fields[0], condition.condition_threshold[0].threshold_value]] == [["metric.label.limit", 0], ["metric.label.reason", 0]]
    error_message = "One reached limit, or one quarantined event, is enough."
  }

  assert {
    condition     = strcontains(google_logging_metric.metric["quarantined_events"].filter, "event quarantined") && strcontains(google_logging_metric.metric["quarantined_events"].filter, "TABLE_GUARD")
    error_message = "In direct mode table-manager quarantines, in dataflow mode it leaves the event to the job: both count."
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.alert["quarantined-events"].conditions[1].condition_threshold[0].filter, "metric.labels.reason != \"AWAITING_APPROVAL\"")
    error_message = "An event that waits for a person to approve its type is no reason for an alert."
  }

  assert {
    condition     = google_logging_metric.metric["table_limit_warnings"].label_extractors == tomap({ limit = "EXTRACT(jsonPayload.limit)", percent = "EXTRACT(jsonPayload.percent)" }) && google_monitoring_alert_policy.alert["table-limits"].severity == "WARNING"
    error_message = "The use of a limit is a warning before it is reached."
  }
}

run "overflow_is_noticed_but_for_values_that_wait" {
  command = plan

  assert {
    condition     = strcontains(google_monitoring_alert_policy.alert["overflowing-values"].conditions[0].condition_threshold[0].filter, "metric.labels.reason != \"AWAITING_COLUMN\"")
    error_message = "A value that waits some seconds for its column is no reason for an alert."
  }

  assert {
    condition     = google_logging_metric.metric["overflows"].label_extractors == tomap({ table = "EXTRACT(jsonPayload.table)", reason = "EXTRACT(jsonPayload.reason)" })
    error_message = "Table and reason are labels."
  }
}

run "notices_that_wait_for_an_hour_are_noticed" {
  command = plan

  assert {
    condition     = google_monitoring_alert_policy.alert["notices-waiting"].conditions[0].condition_threshold[0].threshold_value == 3600
    error_message = "An hour is too long."
  }

  assert {
    condition     = google_logging_metric.metric["notices_waiting"].value_extractor == "EXTRACT(jsonPayload.oldest_seconds)" && strcontains(google_logging_metric.metric["notices_waiting"].filter, "jsonPayload.message=\"notices wait\"")
    error_message = "The age comes from the log line of each run."
  }

  assert {
    condition = google_logging_metric.metric["notices_waiting"].bucket_options[0].linear_buckets[0] == {
      num_finite_buckets = 192
      offset             = 0
      width              = 300
    }
    error_message = "A bucket begins at exactly an hour, and the last one far above it."
  }
}

run "another_age_of_notices_is_where_a_bucket_begins_too" {
  command = plan

  variables {
    thresholds = { notices_waiting_seconds = 5400 }
  }

  assert {
    condition     = google_logging_metric.metric["notices_waiting"].bucket_options[0].linear_buckets[0].width * 12 == google_monitoring_alert_policy.alert["notices-waiting"].conditions[0].condition_threshold[0].threshold_value
    error_message = "Bucket 13 begins at the threshold."
  }
}

run "subscriptions_of_eventarc_are_watched" {
  command = plan

  assert {
    condition     = strcontains(google_monitoring_alert_policy.alert["oldest-unacked-message"].conditions[0].condition_threshold[0].filter, "full_match(\"backend-events-archive|backend-events-topic-sub|eventarc-.*\")")
    error_message = "Named subscriptions and Eventarc's own are watched."
  }
}

run "errors_are_a_share" {
  command = plan

  assert {
    condition     = google_monitoring_alert_policy.alert["service-errors"].conditions[0].condition_threshold[0].denominator_filter != "" && google_monitoring_alert_policy.alert["service-errors"].conditions[0].condition_threshold[0].threshold_value == 0.05
    error_message = "Errors are measured against all requests."
  }
}

run "direct_mode_has_no_job_to_watch" {
  command = plan

  variables {
    job_name = null
  }

  assert {
    condition     = !contains(keys(google_monitoring_alert_policy.alert), "job-lag") && length(google_monitoring_alert_policy.job_dead_letters) == 0
    error_message = "Without a job there are no alerts about one."
  }
}

run "alerts_reach_somebody" {
  command = apply

  assert {
    condition     = alltrue([for alert in google_monitoring_alert_policy.alert : length(alert.notification_channels) == 1]) && length(google_monitoring_alert_policy.books_not_audited.notification_channels) == 1
    error_message = "Every alert is sent to every channel."
  }
}

run "dashboard_shows_everything" {
  command = plan

  assert {
    condition     = length(jsondecode(google_monitoring_dashboard.pipeline.dashboard_json).mosaicLayout.tiles) == 20
    error_message = "The dashboard shows topic, subscriptions, books, services and job."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    runbook_url  = "docs/OPERATIONS.md"
    alert_emails = ["oncall"]
    thresholds   = { error_ratio = 5 }
  }

  expect_failures = [var.runbook_url, var.alert_emails, var.thresholds]
}

run "alerts_wait_until_metrics_of_logs_are_known" {
  command = plan

  assert {
    condition     = time_sleep.metrics.create_duration == "600s"
    error_message = "An alert on a metric of logs that was just created is refused with 404."
  }
}

run "request_logs_of_accepted_deliveries_are_not_kept" {
  command = plan

  assert {
    condition     = strcontains(google_logging_project_exclusion.requests.filter, "resource.labels.service_name=\"prod-table-manager\"") && strcontains(google_logging_project_exclusion.requests.filter, "httpRequest.status<300") && strcontains(google_logging_project_exclusion.requests.filter, "log_id(\"run.googleapis.com/requests\")")
    error_message = "Only request logs of table-manager's successful requests are excluded: errors and the service's own log stay."
  }
}
