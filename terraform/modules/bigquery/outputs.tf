output "dataset_id" {
  description = "Id of the dataset, without project."
  value       = google_bigquery_dataset.events.dataset_id

  depends_on = [google_bigquery_dataset_iam_member.dataset]
}

output "tables" {
  description = "The pipeline's own tables as `project.dataset.table`, by table id."
  value       = { for id, table in google_bigquery_table.own : id => "${var.project_id}.${table.dataset_id}.${table.table_id}" }

  # A native subscription can be made only when Pub/Sub may write to its table.
  depends_on = [google_bigquery_table_iam_member.table]
}
