output "archive_dataset_id" {
  description = "Id of the archive's dataset, without project."
  value       = google_bigquery_dataset.archive.dataset_id

  depends_on = [google_bigquery_dataset_iam_member.archive]
}

output "dataset_id" {
  description = "Id of the dataset, without project."
  value       = google_bigquery_dataset.events.dataset_id

  depends_on = [google_bigquery_dataset_iam_member.dataset]
}

output "grants" {
  description = "Every grant that is made here, as `RESOURCE ROLE MEMBER`."
  value = concat(
    [for grant in concat(values(google_bigquery_dataset_iam_member.archive), values(google_bigquery_dataset_iam_member.dataset)) : "dataset ${grant.dataset_id} ${grant.role} ${grant.member}"],
    [for grant in google_bigquery_table_iam_member.table : "table ${grant.table_id} ${grant.role} ${grant.member}"],
  )
}

output "protected" {
  description = "Whether deleting what holds data is refused."
  value       = google_bigquery_dataset.events.deletion_policy == "PREVENT" && google_bigquery_dataset.archive.deletion_policy == "PREVENT" && alltrue([for table in google_bigquery_table.own : table.deletion_protection])
}

output "tables" {
  description = "The pipeline's own tables as `project.dataset.table`, by table id."
  value       = { for id, table in google_bigquery_table.own : id => "${var.project_id}.${table.dataset_id}.${table.table_id}" }

  # A native subscription can be made only when Pub/Sub may write to its table.
  depends_on = [google_bigquery_table_iam_member.table]
}
