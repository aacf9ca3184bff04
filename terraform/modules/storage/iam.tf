locals {
  _grants = merge(flatten([
    for bucket, roles in var.bucket_iam : [
      for role, members in roles : {
        for member in members : "${bucket} ${role} ${member}" => { bucket = bucket, role = role, member = member }
      }
    ]
  ])...)
}

resource "google_storage_bucket_iam_member" "bucket" {
  for_each = local._grants

  bucket = google_storage_bucket.bucket[each.value.bucket].name
  role   = each.value.role
  member = each.value.member
}
