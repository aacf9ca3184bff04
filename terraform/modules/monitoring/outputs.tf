output "alert_runbooks" {
  description = "Address of the chapter that says what to do, by alert."
  value = merge(
    { for key, alert in google_monitoring_alert_policy.alert : key => "${var.runbook_url}#${key}" },
    { books-not-audited = "${var.runbook_url}#books-not-audited" },
  )
}

output "dashboard_id" {
  description = "Full name of the dashboard."
  value       = google_monitoring_dashboard.pipeline.id
}
