locals {
  _dataset_grants = merge([
    for role, members in var.dataset_iam : {
      for member in members : "${role} ${member}" => { role = role, member = member }
    }
  ]...)

  _archive_grants = merge([
    for role, members in var.archive_iam : {
      for member in members : "${role} ${member}" => { role = role, member = member }
    }
  ]...)

  _table_grants = merge(flatten([
    for table, roles in var.table_iam : [
      for role, members in roles : {
        for member in members : "${table} ${role} ${member}" => { table = table, role = role, member = member }
      }
    ]
  ])...)
}

resource "google_bigquery_dataset_iam_member" "archive" {
  for_each = local._archive_grants

  project    = var.project_id
  dataset_id = google_bigquery_dataset.archive.dataset_id
  role       = each.value.role
  member     = each.value.member
}

resource "google_bigquery_dataset_iam_member" "dataset" {
  for_each = local._dataset_grants

  project    = var.project_id
  dataset_id = google_bigquery_dataset.events.dataset_id
  role       = each.value.role
  member     = each.value.member
}

resource "google_bigquery_table_iam_member" "table" {
  for_each = local._table_grants

  project    = var.project_id
  dataset_id = google_bigquery_table.own[each.value.table].dataset_id
  table_id   = google_bigquery_table.own[each.value.table].table_id
  role       = each.value.role
  member     = each.value.member
}
