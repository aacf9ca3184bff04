locals {
  # What the dashboard shows, in rows of two charts: title, filter, aligner, reducer, group.
  _charts = concat([
    ["Events published per second", "resource.type = \"pubsub_topic\" AND resource.labels.topic_id = \"${var.events_topic}\" AND metric.type = \"pubsub.googleapis.com/topic/send_message_operation_count\"", "ALIGN_RATE", "REDUCE_SUM", "resource.label.topic_id"],
    ["Oldest unacked message (s)", "${local._subscriptions} AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\"", "ALIGN_MAX", "REDUCE_MAX", "resource.label.subscription_id"],
    ["Unaccounted events of an audit", local._log_metric["unaccounted_events"], "ALIGN_PERCENTILE_99", "REDUCE_MAX", "resource.label.service_name"],
    ["Audits", local._log_metric["audits"], "ALIGN_DELTA", "REDUCE_SUM", "resource.label.service_name"],
    ["Dead letters by reason", local._log_metric["dead_letters"], "ALIGN_DELTA", "REDUCE_SUM", "metric.label.reason"],
    ["Messages of the dead-letter topic", "resource.type = \"pubsub_topic\" AND resource.labels.topic_id = \"${var.dead_letter_topic}\" AND metric.type = \"pubsub.googleapis.com/topic/send_message_operation_count\"", "ALIGN_DELTA", "REDUCE_SUM", "resource.label.topic_id"],
    ["Quarantined events by reason", local._log_metric["quarantined_events"], "ALIGN_DELTA", "REDUCE_SUM", "metric.label.reason"],
    ["Warnings about limits on tables by limit", local._log_metric["table_limit_warnings"], "ALIGN_DELTA", "REDUCE_SUM", "metric.label.limit"],
    ["Minutes with overflow by table", local._log_metric["overflows"], "ALIGN_DELTA", "REDUCE_SUM", "metric.label.table"],
    ["Minutes with overflow by reason", local._log_metric["overflows"], "ALIGN_DELTA", "REDUCE_SUM", "metric.label.reason"],
    ["Setup errors by code", local._log_metric["setup_errors"], "ALIGN_DELTA", "REDUCE_SUM", "metric.label.code"],
    ["Bytes written to BigQuery per second", "resource.type = \"bigquery_dataset\" AND resource.labels.dataset_id = \"${var.dataset_id}\" AND metric.type = \"bigquery.googleapis.com/storage/uploaded_bytes\"", "ALIGN_RATE", "REDUCE_SUM", "metric.label.table"],
    ["Requests per second by answer", "${local._services} AND metric.type = \"run.googleapis.com/request_count\"", "ALIGN_RATE", "REDUCE_SUM", "metric.label.response_code_class"],
    ["Latency, 99th percentile (ms)", "${local._services} AND metric.type = \"run.googleapis.com/request_latencies\"", "ALIGN_PERCENTILE_99", "REDUCE_MAX", "resource.label.service_name"],
    ["Instances", "${local._services} AND metric.type = \"run.googleapis.com/container/instance_count\"", "ALIGN_MAX", "REDUCE_SUM", "resource.label.service_name"],
    ["Memory, 99th percentile", "${local._services} AND metric.type = \"run.googleapis.com/container/memory/utilizations\"", "ALIGN_PERCENTILE_99", "REDUCE_MAX", "resource.label.service_name"],
    ], var.job_name == null ? [] : [
    ["Lag of the job (s)", "${local._job} AND metric.type = \"dataflow.googleapis.com/job/system_lag\"", "ALIGN_MAX", "REDUCE_MAX", "resource.label.job_name"],
    ["Workers' virtual CPUs", "${local._job} AND metric.type = \"dataflow.googleapis.com/job/current_num_vcpus\"", "ALIGN_MAX", "REDUCE_SUM", "resource.label.job_name"],
    ["Outcomes of the job", "${local._job} AND metric.type = \"dataflow.googleapis.com/job/user_counter\"", "ALIGN_MAX", "REDUCE_MAX", "metric.label.metric_name"],
    ["Age of the job's watermark (s)", "${local._job} AND metric.type = \"dataflow.googleapis.com/job/data_watermark_age\"", "ALIGN_MAX", "REDUCE_MAX", "resource.label.job_name"],
  ])
}

resource "google_monitoring_dashboard" "pipeline" {
  project = var.project_id
  dashboard_json = jsonencode({
    displayName = "${var.prefix} events"
    mosaicLayout = {
      columns = 48
      tiles = [
        for index, chart in local._charts : {
          width  = 24
          height = 14
          xPos   = index % 2 * 24
          yPos   = floor(index / 2) * 14
          widget = {
            title = chart[0]
            xyChart = {
              dataSets = [{
                plotType = "LINE"
                timeSeriesQuery = {
                  timeSeriesFilter = {
                    filter = chart[1]
                    aggregation = {
                      alignmentPeriod    = "60s"
                      perSeriesAligner   = chart[2]
                      crossSeriesReducer = chart[3]
                      groupByFields      = [chart[4]]
                    }
                  }
                }
              }]
            }
          }
        }
      ]
    }
  })
}
